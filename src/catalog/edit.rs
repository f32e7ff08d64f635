//! A catalog that a command edits: comments, order and every line that is not meant stay as they are.
//!
//! A [`Draft`] is the catalog as a document of `toml_edit`. Saving it checks that a catalog has come
//! of it before anything is written, leaves the file as it was beside it as `.bak`, and writes it
//! whole or not at all; where nothing has changed, nothing is touched. What is edited is the
//! business of the commands.

use std::path::{Path, PathBuf};

use thiserror::Error;
use toml_edit::{DocumentMut, InlineTable, Item, Value};

use crate::catalog::{Catalog, CatalogError};
use crate::fs::{self, Existing, FileError};

/// What a file begins with that an editor on Windows has saved.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A catalog under the pen.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    /// What the file says.
    text: String,
    /// What it is to say.
    pub document: DocumentMut,
}

/// What saving came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// The file says something new; what it said stands beside it as `.bak`.
    Changed,
    /// There was nothing to write.
    Unchanged,
}

/// A catalog that could not be edited.
#[derive(Debug, Error)]
pub enum EditError {
    /// It cannot be used as it is.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The edit would have broken it. This is a fault of ours.
    #[error("the catalog was not changed, since the result would be no catalog")]
    Broken(#[source] CatalogError),
    /// Somebody else has changed it since it was read.
    #[error("`{}` has changed since it was read", .0.display())]
    Overtaken(PathBuf),
    /// It could not be read or written.
    #[error("the catalog was not changed")]
    File(#[source] FileError),
}

impl EditError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Catalog(error) => error.hint(),
            Self::Overtaken(_) => Some("run the command again".to_owned()),
            Self::Broken(_) | Self::File(_) => None,
        }
    }
}

impl Draft {
    /// Takes up a catalog that can be used.
    pub fn load(path: &Path) -> Result<Self, EditError> {
        // The file itself is replaced, not a link to it.
        let path = fs::without_links(path).map_err(CatalogError::File)?;
        let text = fs::read_to_string(&path).map_err(CatalogError::File)?;
        Catalog::parse(&path, &text)?;
        let document = text.trim_start_matches(BYTE_ORDER_MARK);
        let document = document.replace("\r\n", "\n").parse();
        let document = document.map_err(|error: toml_edit::TomlError| CatalogError::Invalid {
            path: path.clone(),
            line: 1,
            problem: error.message().to_owned(),
            hint: None,
        })?;
        Ok(Self {
            path,
            text,
            document,
        })
    }

    /// What the file says.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Sets a key of a talk, which is known by its place in the catalog. A talk that is no more than
    /// an id becomes a table; what stands around it stays.
    pub fn set(&mut self, talk: usize, key: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.document.get_mut("talks") {
            Some(Item::Value(Value::Array(talks))) => {
                if let Some(table) = talks.get_mut(talk).and_then(as_table) {
                    set_inline(table, key, value);
                }
            }
            Some(Item::ArrayOfTables(talks)) => {
                if let Some(table) = talks.get_mut(talk) {
                    table[key] = value.into();
                }
            }
            _ => {}
        }
    }

    /// Writes the file if the document has changed.
    pub fn save(self) -> Result<Saved, EditError> {
        let edited = with_line_ends_of(&self.text, &self.document.to_string());
        if edited == self.text {
            return Ok(Saved::Unchanged);
        }
        Catalog::parse(&self.path, &edited).map_err(EditError::Broken)?;
        if fs::read_to_string(&self.path).map_err(EditError::File)? != self.text {
            return Err(EditError::Overtaken(self.path));
        }
        for (path, text) in [(&backup(&self.path), &self.text), (&self.path, &edited)] {
            fs::write(path, text.as_bytes(), Existing::Replace).map_err(EditError::File)?;
        }
        Ok(Saved::Changed)
    }
}

/// The table of a talk, made of its id if need be.
fn as_table(entry: &mut Value) -> Option<&mut InlineTable> {
    if let Value::String(id) = entry {
        let mut table = InlineTable::from_iter([("id", id.value())]);
        *table.decor_mut() = id.decor().clone();
        *entry = Value::InlineTable(table);
    }
    entry.as_inline_table_mut()
}

/// What stood between the last value and the end of the table stands there afterwards.
fn set_inline(table: &mut InlineTable, key: &str, mut value: Value) {
    if let Some(there) = table.get_mut(key) {
        *value.decor_mut() = there.decor().clone();
        *there = value;
        return;
    }
    if !table.trailing_comma()
        && let Some((_, last)) = table.iter_mut().last()
        && let Some(end) = last.decor().suffix().cloned()
    {
        last.decor_mut().set_suffix("");
        value.decor_mut().set_prefix(" ");
        value.decor_mut().set_suffix(end);
    }
    table.insert(key, value);
}

/// `catalog.toml.bak` for `catalog.toml`.
fn backup(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".bak");
    name.into()
}

/// The document knows neither a byte order mark nor the line ends of Windows, and it ends its last
/// line. Lines before and
/// after what was edited get back exactly what they had, and those between get what the file begins
/// with.
fn with_line_ends_of(original: &str, edited: &str) -> String {
    let (mark, original) = match original.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => (Some(BYTE_ORDER_MARK), rest),
        None => (None, original),
    };
    let edited = if original.ends_with('\n') {
        edited
    } else {
        edited.trim_end_matches('\n')
    };
    let old: Vec<&str> = original.split_inclusive('\n').collect();
    let new: Vec<&str> = edited.split_inclusive('\n').collect();
    let line_end = match old.first() {
        Some(line) if line.ends_with("\r\n") => "\r\n",
        _ => "\n",
    };
    let is_same = |(old, new): &(&&str, &&str)| old.replace("\r\n", "\n") == **new;
    let before = old.iter().zip(&new).take_while(is_same).count();
    let (old_rest, new_rest) = (&old[before..], &new[before..]);
    let pairs_from_the_end = old_rest.iter().rev().zip(new_rest.iter().rev());
    let after = pairs_from_the_end.take_while(is_same).count();

    let between: String = new_rest[..new_rest.len() - after].concat();
    let mut text: String = mark.into_iter().collect();
    text.push_str(&old[..before].concat());
    text.push_str(&between.replace('\n', line_end));
    text.push_str(&old_rest[old_rest.len() - after..].concat());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What becomes of a catalog in which the second talk is given a title.
    fn titled(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.toml");
        std::fs::write(&path, text).unwrap();
        let mut draft = Draft::load(&path).unwrap();
        draft.set(1, "title", "Bees");
        assert_eq!(draft.save().unwrap(), Saved::Changed);
        assert_eq!(fs::read_to_string(&backup(&path)).unwrap(), text);
        let edited = fs::read_to_string(&path).unwrap();
        assert_eq!(Catalog::parse(&path, &edited).unwrap().talks.len(), 3);
        edited
    }

    const TALKS: &str = "\
# The day.
title = \"Day\"   # of bees

[[categories]] # one
name=\"Hives\"

# An odd place for the endpoint.
[llm]
model = '''
small
one'''
";

    fn catalog(talks: &str) -> String {
        TALKS.replace(
            "\n[[categories]]",
            &format!("talks = {talks}\n\n[[categories]]"),
        )
    }

    #[test]
    fn every_byte_that_is_not_meant_stays() {
        let plain = (
            "\"kernelSched\"",
            "{ id = \"kernelSched\", title = \"Bees\" }",
        );
        let dense = (
            "{id=\"kernelSched\"}",
            "{id=\"kernelSched\", title = \"Bees\"}",
        );
        let again = (
            "{ title = '?' , id = \"kernelSched\" }",
            "{ title = \"Bees\" , id = \"kernelSched\" }",
        );
        for talks in [
            "[\"rustyCache1\", SECOND, 'deutschTalk']",
            "[ \"rustyCache1\" ,SECOND,'deutschTalk' ,] # on one line",
            "[\n  \"rustyCache1\",  # first\n\n  # A note.\n  SECOND, # Bees?\n  \"deutschTalk\"  # last\n]",
            "[\n  \"rustyCache1\",\n\tSECOND  # Bees?\n  , # odd\n  \"deutschTalk\",\n  # end\n]",
        ] {
            for (before, after) in [plain, dense, again] {
                let text = catalog(&talks.replace("SECOND", before));
                let check = |text: &str| assert_eq!(titled(text), text.replace(before, after));
                check(&text);
                check(text.trim_end());
                check(&text.replace("small\n", "small\r\n"));
                check(&format!("\u{feff}{}", text.replace('\n', "\r\n")));
            }
        }
    }

    #[test]
    fn talks_that_are_tables_of_their_own_are_edited_too() {
        let text = "title = \"T\"\n[[talks]]\nid = \"rustyCache1\"\n\n# B\n[[talks]]\nid = \"kernelSched\" # b\n\n[[talks]]\nid = \"deutschTalk\"\n";
        let edited = text.replace("# b\n", "# b\ntitle = \"Bees\"\n");
        assert_eq!(titled(text), edited);
    }

    #[test]
    fn what_has_not_changed_is_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.toml");
        let text = catalog("[]").replace('\n', "\r\n");
        std::fs::write(&path, &text).unwrap();
        let before = fs::size_and_time(&path).unwrap();
        let draft = Draft::load(&path).unwrap();
        assert_eq!(draft.save().unwrap(), Saved::Unchanged);
        assert_eq!(fs::size_and_time(&path).unwrap(), before);
        assert_eq!(fs::names(folder.path()).unwrap(), ["catalog.toml"]);
    }

    #[test]
    fn nothing_is_written_that_is_no_catalog_or_over_what_somebody_else_wrote() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.toml");
        std::fs::write(&path, "title = \"mine\"\n").unwrap();
        let mut draft = Draft::load(&path).unwrap();
        draft.document["talk"] = toml_edit::value(3);
        assert!(matches!(draft.save(), Err(EditError::Broken(_))));

        let mut draft = Draft::load(&path).unwrap();
        draft.document["title"] = toml_edit::value("ours");
        std::fs::write(&path, "title = \"theirs\"\n").unwrap();
        assert!(matches!(draft.save(), Err(EditError::Overtaken(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "title = \"theirs\"\n");

        std::fs::write(&path, "titel = \"theirs\"\n").unwrap();
        assert!(matches!(Draft::load(&path), Err(EditError::Catalog(_))));
        assert_eq!(fs::names(folder.path()).unwrap(), ["catalog.toml"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_private_file_private() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("real"), folder.path().join("link"));
        std::fs::write(&file, "title = \"mine\"\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        symlink("real", &link).unwrap();
        let mut draft = Draft::load(&link).unwrap();
        draft.document["title"] = toml_edit::value("ours");
        assert_eq!(draft.save().unwrap(), Saved::Changed);
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "title = \"ours\"\n");
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(
            fs::names(folder.path()).unwrap(),
            ["link", "real", "real.bak"]
        );
    }
}
