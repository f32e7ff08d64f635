//! A catalog that a command edits: comments, order and every line that is not meant stay as they are.
//!
//! A [`Draft`] is the catalog as a document of `toml_edit`. Saving it checks that a catalog has come
//! of it before anything is written, leaves the file as it was beside it as `.bak`, and writes it
//! whole or not at all; where nothing has changed, nothing is touched. What is edited is the
//! business of the commands.

use std::path::{Path, PathBuf};

use thiserror::Error;
use toml_edit::{Array, DocumentMut, InlineTable, Item, TomlError, Value};

use crate::catalog::{Catalog, CatalogError, Mistake, line_ends};
use crate::fs::{self, Existing, FileError};
use crate::limits;

/// A catalog under the pen.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    /// The catalog as it is named, by which its folder is known.
    path: PathBuf,
    /// The file itself, should that be a link: links stay links.
    file: PathBuf,
    /// What it says, without any edit.
    text: String,
    /// What would be written of that, without any edit.
    unedited: String,
    /// Whether there is a file that the edited one replaces.
    existing: Existing,
    /// What it is to say.
    pub document: DocumentMut,
}

/// Whether saving leaves the file as it was beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Backup {
    Written,
    Kept,
}

/// What saving came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Saved {
    /// The file says something new; what it said stands beside it as `.bak`.
    Changed,
    /// There was nothing to write.
    Unchanged,
}

/// A catalog that could not be edited.
#[derive(Debug, Error)]
pub(crate) enum EditError {
    /// It cannot be used as it is.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
    /// The edit would have broken it. This is a fault of ours.
    #[error("the catalog was not changed, because the result would not be a catalog")]
    Broken(#[source] CatalogError),
    /// Somebody else has changed it since it was read.
    #[error("`{}` has changed since it was read", .0.display())]
    Overtaken(PathBuf),
    /// Its talks are no list that lines could be added to.
    #[error(
        "the catalog writes its talks as tables `[[talks]]`; the program can only add lines to a list"
    )]
    TablesOfTalks,
    /// There is a catalog already where a new one was to be.
    #[error("`{}` exists already", .0.display())]
    Taken(PathBuf),
    /// It could not be read or written.
    #[error("the catalog was not changed")]
    File(#[source] FileError),
}

impl EditError {
    #[must_use]
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Catalog(error) => error.hint(),
            Self::Overtaken(_) => Some("run the command again".to_owned()),
            Self::TablesOfTalks => {
                Some("write them as `talks = [ … ]`, a table `{ id = … }` each".to_owned())
            }
            Self::Taken(_) => {
                Some("move it away, or name another file with `--catalog FILE`".to_owned())
            }
            Self::File(error) if error.is_denied() => Some(
                "check the permissions of the folder, or name a catalog elsewhere with `--catalog FILE`"
                    .to_owned(),
            ),
            Self::Broken(_) | Self::File(_) => None,
        }
    }
}

impl Draft {
    /// Takes up a catalog that can be used.
    pub(crate) fn load(path: &Path) -> Result<Self, EditError> {
        let file = fs::resolve_links(path).map_err(CatalogError::File)?;
        let text = fs::read_text_at_most(path, limits::CATALOG).map_err(CatalogError::File)?;
        Self::of(path, file, text, Existing::Replace)
    }

    /// Begins a catalog where there is none yet.
    pub(crate) fn new(path: &Path, text: &str) -> Result<Self, EditError> {
        Self::of(path, path.to_owned(), text.to_owned(), Existing::Keep)
    }

    fn of(path: &Path, file: PathBuf, text: String, existing: Existing) -> Result<Self, EditError> {
        Catalog::parse(path, &text)?;
        let document: Result<DocumentMut, _> = line_ends::normalize(&text).parse();
        let document = document.map_err(|error| invalid(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            text,
            unedited: document.to_string(),
            existing,
            document,
        })
    }

    /// The catalog as it has become.
    pub(crate) fn catalog(&self) -> Result<Catalog, EditError> {
        let text = self.document.to_string();
        Catalog::parse(&self.path, &text).map_err(EditError::Broken)
    }

    /// What the catalog says without any edit.
    #[must_use]
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What the file says once it is saved.
    #[must_use]
    pub(crate) fn edited_text(&self) -> String {
        line_ends::restore(&self.text, &self.document.to_string())
    }

    /// A piece of a catalog.
    pub(super) fn document_of(&self, text: &str) -> Result<DocumentMut, EditError> {
        let document = text.parse::<DocumentMut>();
        document.map_err(|error| EditError::Broken(invalid(&self.path, &error)))
    }

    /// A list of talks in the syntax of catalogs.
    pub(super) fn list(&self, text: &str) -> Result<Array, EditError> {
        let value = text
            .parse::<Value>()
            .map_err(|error| invalid(&self.path, &error));
        let list = value.map_err(EditError::Broken)?.as_array().cloned();
        Ok(list.unwrap_or_default())
    }

    /// Sets a key of a talk, which is known by its place in the catalog. A talk that is no more than
    /// an id becomes a table; what stands around it stays.
    pub(crate) fn set(&mut self, talk: usize, key: &str, value: impl Into<Value>) {
        let value = value.into();
        match self.document.get_mut("talks") {
            Some(Item::Value(Value::Array(talks))) => {
                if let Some(table) = talks.get_mut(talk).and_then(as_table) {
                    set_inline(table, key, value);
                }
            }
            Some(Item::ArrayOfTables(talks)) => {
                if let Some(table) = talks.get_mut(talk) {
                    match table.get_mut(key).and_then(Item::as_value_mut) {
                        Some(there) => replace(there, value),
                        None => table[key] = value.into(),
                    }
                }
            }
            _ => {}
        }
    }

    /// Takes a key away from a talk, which is known by its place in the catalog.
    pub(crate) fn unset(&mut self, talk: usize, key: &str) {
        match self.document.get_mut("talks") {
            Some(Item::Value(Value::Array(talks))) => {
                let table = talks.get_mut(talk).and_then(Value::as_inline_table_mut);
                if let Some(table) = table {
                    unset_inline(table, key);
                }
            }
            Some(Item::ArrayOfTables(talks)) => {
                if let Some(table) = talks.get_mut(talk) {
                    table.remove(key);
                }
            }
            _ => {}
        }
    }

    /// Writes the file if the document has changed, or if there is none yet.
    pub(crate) fn save(self) -> Result<Saved, EditError> {
        self.save_with_backup(Backup::Written)
    }

    /// The same for one of several edits in a row: what stood there before the first one is kept
    /// beside it already, and stays.
    pub(crate) fn save_again(self) -> Result<Saved, EditError> {
        self.save_with_backup(Backup::Kept)
    }

    fn save_with_backup(self, backup: Backup) -> Result<Saved, EditError> {
        if self.existing == Existing::Keep {
            return self.save_new();
        }
        if self.document.to_string() == self.unedited {
            return Ok(Saved::Unchanged);
        }
        let edited = self.edited_text();
        Catalog::parse(&self.path, &edited).map_err(EditError::Broken)?;
        if fs::read_to_string(&self.file).map_err(EditError::File)? != self.text {
            return Err(EditError::Overtaken(self.path));
        }
        let write = |path: &Path, text: &str| fs::write(path, text.as_bytes(), Existing::Replace);
        if backup == Backup::Written {
            write(&backup_path(&self.file), &self.text).map_err(EditError::File)?;
        }
        write(&self.file, &edited).map_err(EditError::File)?;
        Ok(Saved::Changed)
    }

    fn save_new(self) -> Result<Saved, EditError> {
        self.catalog()?;
        let text = self.document.to_string();
        let written = fs::write(&self.file, text.as_bytes(), self.existing);
        if written.map_err(EditError::File)? {
            Ok(Saved::Changed)
        } else {
            Err(EditError::Taken(self.path))
        }
    }
}

/// Tries whether a catalog can be saved: the new one and the one before are both written beside it.
pub(crate) fn try_saving(path: &Path) -> Result<(), EditError> {
    let file = fs::resolve_links(path).map_err(EditError::File)?;
    fs::try_writing(fs::folder_of(&file)).map_err(EditError::File)
}

/// Gives a catalog back the text that it had, if it still says what it was given.
pub(crate) fn undo(path: &Path, given: &str, had: &str) -> Result<(), EditError> {
    let file = fs::resolve_links(path).map_err(EditError::File)?;
    if fs::read_to_string(&file).map_err(EditError::File)? != given {
        return Err(EditError::Overtaken(path.to_owned()));
    }
    fs::write(&file, had.as_bytes(), Existing::Replace).map_err(EditError::File)?;
    Ok(())
}

/// What reads documents refuses nothing that what reads catalogs takes; should it, it says why.
fn invalid(path: &Path, error: &TomlError) -> CatalogError {
    CatalogError::Invalid {
        path: path.to_owned(),
        mistakes: vec![Mistake {
            line: 1,
            problem: error.message().to_owned(),
            hint: None,
        }],
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
fn unset_inline(table: &mut InlineTable, key: &str) {
    let is_last = table.iter().last().is_some_and(|(last, _)| last == key);
    let end = table
        .remove(key)
        .and_then(|value| value.decor().suffix().cloned());
    if is_last
        && !table.trailing_comma()
        && let Some((_, last)) = table.iter_mut().last()
    {
        last.decor_mut().set_suffix(end.unwrap_or_default());
    }
}

/// What stood between the last value and the end of the table stands there afterwards.
pub(super) fn set_inline(table: &mut InlineTable, key: &str, mut value: Value) {
    if let Some(there) = table.get_mut(key) {
        replace(there, value);
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

/// What stands around the old value stands around the new one.
fn replace(there: &mut Value, mut value: Value) {
    *value.decor_mut() = there.decor().clone();
    *there = value;
}

/// `catalog.toml.bak` for `catalog.toml`.
pub(crate) fn backup_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".bak");
    name.into()
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
        assert_eq!(fs::read_to_string(&backup_path(&path)).unwrap(), text);
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
        let text = "title = \"T\"\n[[talks]]\nid = \"rustyCache1\"\n\n# B\n[[talks]]\nid = \"kernelSched\" # b\ntitle = '?' # t\n\n[[talks]]\nid = \"deutschTalk\"\n";
        let edited = text.replace("'?'", "\"Bees\"");
        assert_eq!(titled(text), edited);
        let untitled = text.replace("title = '?' # t\n", "");
        let edited = untitled.replace("# b\n", "# b\ntitle = \"Bees\"\n");
        assert_eq!(titled(&untitled), edited);
    }

    #[test]
    fn odd_layouts_stay_too() {
        for text in [
            "title = \"T\"\n[llm.price]\ninput = 1\noutput = 2\n[fetch]\npause = \"1s\"\n[llm]\nmodel = \"m\"\n",
            "title = \"T\"\n[[categories]]\nname = \"A\"\n[fetch]\n[[categories]]\nname = \"B\"\n",
            "\n\n  title   =   'T'   \n\t# indented\n\n\n",
            "title = \"\"\"\nT\\\n  \"\"\"\n\"language\" = 'de' #\n",
        ] {
            let draft = Draft::new(Path::new("catalog.toml"), text).unwrap();
            assert_eq!(draft.document.to_string(), text);
        }
    }

    #[test]
    fn a_key_that_is_taken_away_leaves_everything_else() {
        for (before, after) in [
            (
                r#"{ id = "kernelSched", hide = true }"#,
                r#"{ id = "kernelSched" }"#,
            ),
            (
                r#"{hide = true, id = "kernelSched"}"#,
                r#"{ id = "kernelSched"}"#,
            ),
            (
                r#"{ id = "kernelSched", hide = true, title = "T" }"#,
                r#"{ id = "kernelSched", title = "T" }"#,
            ),
            (r#""kernelSched""#, r#""kernelSched""#),
        ] {
            let text = |talk: &str| catalog(&format!("[\n  \"rustyCache1\",\n  {talk}, # b\n]"));
            let mut draft = Draft::new(Path::new("catalog.toml"), &text(before)).unwrap();
            draft.unset(1, "hide");
            assert_eq!(draft.document.to_string(), text(after));
        }
        let tables =
            "title = \"T\"\n[[talks]]\nid = \"rustyCache1\"\nhide = true # not yet\n# end\n";
        let mut draft = Draft::new(Path::new("catalog.toml"), tables).unwrap();
        draft.unset(0, "hide");
        let shown = tables.replace("hide = true # not yet\n", "");
        assert_eq!(draft.document.to_string(), shown);
    }

    #[test]
    fn the_first_of_several_edits_is_the_one_that_keeps_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.toml");
        let texts = ["a", "b", "c"].map(|title| format!("title = \"{title}\"\n"));
        std::fs::write(&path, &texts[0]).unwrap();
        let save = [Draft::save, Draft::save_again];
        for (title, save) in ["b", "c"].into_iter().zip(save) {
            let mut draft = Draft::load(&path).unwrap();
            draft.document["title"] = toml_edit::value(title);
            assert_eq!(save(draft).unwrap(), Saved::Changed);
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), texts[2]);
        assert_eq!(fs::read_to_string(&backup_path(&path)).unwrap(), texts[0]);
        assert!(matches!(
            undo(&path, &texts[1], &texts[0]),
            Err(EditError::Overtaken(_))
        ));
        undo(&path, &texts[2], &texts[1]).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), texts[1]);
    }

    #[test]
    fn what_has_not_changed_is_not_written() {
        // The document puts dotted keys together, so it is not what tells whether there was an edit.
        let dotted = "title = \"T\"\nllm.model = \"m\"\nlanguage = \"de\"\nllm.concurrency = 2\n";
        let talks = catalog("[]").replace('\n', "\r\n");
        for text in [dotted, &talks] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("catalog.toml");
            std::fs::write(&path, text).unwrap();
            let before = fs::size_and_time(&path).unwrap();
            let draft = Draft::load(&path).unwrap();
            assert_eq!(draft.save().unwrap(), Saved::Unchanged);
            assert_eq!(fs::size_and_time(&path).unwrap(), before);
            assert_eq!(fs::names(folder.path()).unwrap(), ["catalog.toml"]);
        }
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
