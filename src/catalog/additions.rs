//! What a draft gets on top: talks after the last one, and categories where there are none.
//!
//! What stands there already is not judged and not moved; a line that is added is a line of its own.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;
use toml_edit::{Array, ArrayOfTables, Item, RawString, Table, Value, value};

use crate::catalog::edit::{Draft, EditError};
use crate::talk::id::VideoId;

impl Draft {
    /// Adds lines of talks and comments after the last of the talks.
    pub(crate) fn append(&mut self, lines: &str) -> Result<(), EditError> {
        let added = self.list(&format!("[\n{lines}]"))?;
        let talks = self.document.entry("talks");
        let talks = talks.or_insert_with(|| value(Array::new()));
        let Item::Value(Value::Array(talks)) = talks else {
            return Err(EditError::TablesOfTalks);
        };
        append(talks, &added);
        Ok(())
    }

    /// The comment that stands behind a talk on its line.
    #[must_use]
    pub(crate) fn remark(&self, talk: usize) -> Option<&str> {
        let talks = self.document.get("talks")?.as_array()?;
        let suffix = talks.get(talk)?.decor().suffix()?.as_str()?;
        let next = match talks.get(talk + 1) {
            Some(next) => next.decor().prefix(),
            None => Some(talks.trailing()),
        };
        let next = next.and_then(|next| next.as_str()).unwrap_or_default();
        let rests = [suffix, next].map(|text| text.split('\n').next().unwrap_or_default());
        let remark = rests
            .into_iter()
            .find_map(|rest| rest.trim().strip_prefix('#'));
        remark.map(str::trim)
    }

    /// Takes away the comment behind a talk, where it says no more than the talk itself.
    pub(crate) fn drop_remark(&mut self, talk: usize) {
        let Some(Item::Value(Value::Array(talks))) = self.document.get_mut("talks") else {
            return;
        };
        let without = |text: &str| text.find('\n').map(|end| text[end..].to_owned());
        match talks.get_mut(talk + 1) {
            Some(next) => {
                let prefix = next.decor().prefix().and_then(|prefix| prefix.as_str());
                let prefix = prefix.and_then(without).unwrap_or_default();
                next.decor_mut().set_prefix(prefix);
            }
            None => {
                let rest = talks.trailing().as_str().and_then(without);
                talks.set_trailing(rest.unwrap_or_default());
            }
        }
    }

    /// Takes away the lines among the talks that hold this comment and nothing else.
    pub(crate) fn drop_comment(&mut self, comment: &str) {
        let Some(Item::Value(Value::Array(talks))) = self.document.get_mut("talks") else {
            return;
        };
        // What stands before the first line break belongs to the line of the talk before.
        let without = |text: &str| {
            let lines = text.split('\n').enumerate();
            let lines = lines.filter(|(nth, line)| *nth == 0 || line.trim() != comment);
            let lines: Vec<&str> = lines.map(|(_, line)| line).collect();
            lines.join("\n")
        };
        for talk in talks.iter_mut() {
            let decor = talk.decor_mut();
            if let Some(text) = decor.prefix().and_then(RawString::as_str).map(without) {
                decor.set_prefix(text);
            }
            if let Some(text) = decor.suffix().and_then(RawString::as_str).map(without) {
                decor.set_suffix(text);
            }
        }
        if let Some(text) = talks.trailing().as_str().map(without) {
            talks.set_trailing(text);
        }
    }

    /// The videos that stand in lines that are comments, and the lines.
    #[must_use]
    pub(crate) fn commented_out(&self) -> HashMap<VideoId, &str> {
        static QUOTED: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r#"^\s*#.*?["']([^"']+)["']"#).expect("well-formed"));
        let lines = self.text().lines();
        let found = lines.filter_map(|line| {
            let named = QUOTED.captures(line)?.get(1)?.as_str();
            Some((VideoId::from_id_or_link(named).ok()?, line))
        });
        found.collect()
    }

    /// Adds a table `[llm]` behind all that is there.
    pub(crate) fn add_llm(&mut self, table: &str) -> Result<(), EditError> {
        let mut added = self.document_of(table)?;
        if let Some(Item::Table(mut table)) = added.remove("llm") {
            table.set_position(None);
            table.decor_mut().set_prefix("\n");
            self.document.insert("llm", Item::Table(table));
        }
        Ok(())
    }

    /// Adds categories of these names before all other tables, with a comment above them.
    pub(crate) fn add_categories(&mut self, names: &[String], comment: &str) {
        let mut tables = ArrayOfTables::new();
        for (nth, name) in names.iter().enumerate() {
            let mut table = Table::new();
            table.insert("name", value(name));
            table.insert("description", value(""));
            // Nothing stands before the tables but the keys of the catalog itself.
            table.set_position(Some(0));
            let above = if nth == 0 { comment } else { "" };
            table.decor_mut().set_prefix(format!("\n{above}"));
            tables.push(table);
        }
        self.document
            .insert("categories", Item::ArrayOfTables(tables));
    }
}

/// Puts `added` behind the talks. Comments behind the last talk stay there, and the bracket stays
/// where it was if it has a line of its own.
fn append(talks: &mut Array, added: &Array) {
    let mut end = String::new();
    let has_open_end = !talks.trailing_comma() && !talks.is_empty();
    if let Some(last) = talks.iter_mut().last().filter(|_| has_open_end) {
        let suffix = last.decor().suffix().and_then(|suffix| suffix.as_str());
        suffix.unwrap_or_default().clone_into(&mut end);
        last.decor_mut().set_suffix("");
    }
    end.push_str(talks.trailing().as_str().unwrap_or_default());
    let (before, bracket) = end.rsplit_once('\n').unwrap_or((end.trim_end(), ""));

    // Both texts begin behind a line.
    let follows = |text: &str| format!("{before}{text}");
    let rest = added.trailing().as_str().unwrap_or_default();
    for (nth, talk) in added.iter().enumerate() {
        let mut talk = talk.clone();
        if nth == 0 {
            let prefix = talk.decor().prefix().and_then(|prefix| prefix.as_str());
            let prefix = follows(prefix.unwrap_or_default());
            talk.decor_mut().set_prefix(prefix);
        }
        talks.push_formatted(talk);
    }
    if added.is_empty() {
        talks.set_trailing(format!("{}{bracket}", follows(rest)));
    } else {
        talks.set_trailing_comma(true);
        talks.set_trailing(format!("{rest}{bracket}"));
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalog::Catalog;

    fn draft(text: &str) -> Draft {
        Draft::new(Path::new("catalog.toml"), text).unwrap()
    }

    fn appended(talks: &str, lines: &str) -> String {
        let mut draft = draft(&format!(
            "title = \"T\"\ntalks = {talks}\n\n[llm]\nmodel = \"m\"\n"
        ));
        draft.append(lines).unwrap();
        let text = draft.document.to_string();
        Catalog::parse(Path::new("catalog.toml"), &text).unwrap();
        text["title = \"T\"\ntalks = ".len()..].replace("\n\n[llm]\nmodel = \"m\"\n", "")
    }

    #[test]
    fn talks_are_added_as_lines_of_their_own_after_the_last_one() {
        let lines = "  \"kernelSched\",  # B\n# \"-cBplHNM4RA\",  # a short\n";
        for (talks, expected) in [
            ("[]", "[\nLINES]"),
            ("[\n]", "[\nLINES]"),
            ("[ # none yet\n]", "[ # none yet\nLINES]"),
            ("[\"rustyCache1\"]", "[\"rustyCache1\",\nLINES]"),
            ("[ \"rustyCache1\", ]", "[ \"rustyCache1\",\nLINES]"),
            ("[\n  \"rustyCache1\",\n]", "[\n  \"rustyCache1\",\nLINES]"),
            (
                "[\n  \"rustyCache1\",  # A\n\n  # B is late.\n  ]",
                "[\n  \"rustyCache1\",  # A\n\n  # B is late.\nLINES  ]",
            ),
            (
                "[\n  \"rustyCache1\"  # A\n]",
                "[\n  \"rustyCache1\",  # A\nLINES]",
            ),
            (
                "[\n  { id = \"rustyCache1\" } ]",
                "[\n  { id = \"rustyCache1\" },\nLINES]",
            ),
        ] {
            assert_eq!(
                appended(talks, lines),
                expected.replace("LINES", lines),
                "{talks}"
            );
        }
    }

    #[test]
    fn comments_alone_add_no_comma() {
        let lines = "# \"-cBplHNM4RA\",  # a short\n";
        for (talks, expected) in [
            ("[]", "[\nLINES]"),
            (
                "[\n  \"rustyCache1\"  # A\n]",
                "[\n  \"rustyCache1\"  # A\nLINES]",
            ),
            (
                "[\n  \"rustyCache1\",  # A\n]",
                "[\n  \"rustyCache1\",  # A\nLINES]",
            ),
            ("[\"rustyCache1\"]", "[\"rustyCache1\"\nLINES]"),
        ] {
            assert_eq!(
                appended(talks, lines),
                expected.replace("LINES", lines),
                "{talks}"
            );
        }
    }

    #[test]
    fn a_comment_is_dropped_where_it_has_a_line_of_its_own() {
        for (talks, expected) in [
            (
                "[\n  # gone\n  \"rustyCache1\",\n]",
                "[\n  \"rustyCache1\",\n]",
            ),
            (
                "[\n  \"rustyCache1\",\n# gone\n# stays\n]",
                "[\n  \"rustyCache1\",\n# stays\n]",
            ),
            (
                "[\n  \"rustyCache1\"\n  # gone\n]",
                "[\n  \"rustyCache1\"\n]",
            ),
            (
                "[\n  \"rustyCache1\", # gone\n]",
                "[\n  \"rustyCache1\", # gone\n]",
            ),
            ("[\n  # gone not\n]", "[\n  # gone not\n]"),
        ] {
            let mut draft = draft(&format!("title = \"T\"\ntalks = {talks}\n"));
            draft.drop_comment("# gone");
            let text = draft.document.to_string();
            assert_eq!(text, format!("title = \"T\"\ntalks = {expected}\n"));
        }
    }

    #[test]
    fn a_catalog_without_talks_gets_some() {
        let mut draft = draft("title = \"T\"\n\n# Who writes.\n[llm]\nmodel = \"m\"\n");
        draft.append("  \"kernelSched\",\n").unwrap();
        let expected = "title = \"T\"\ntalks = [\n  \"kernelSched\",\n]\n\n# Who writes.\n[llm]\nmodel = \"m\"\n";
        assert_eq!(draft.document.to_string(), expected);
    }

    #[test]
    fn talks_that_are_tables_of_their_own_get_none_in_lines() {
        let mut draft = draft("title = \"T\"\n[[talks]]\nid = \"kernelSched\"\n");
        assert!(matches!(
            draft.append("  \"rustyCache1\",\n"),
            Err(EditError::TablesOfTalks)
        ));
    }

    #[test]
    fn remarks_and_what_is_commented_out_are_read_back() {
        let draft = draft(
            "title = \"T\"\ntalks = [\n  \"rustyCache1\",  # A, \"quoted\"\n# \"-cBplHNM4RA\",  # B — a short\n  \
             { id = \"kernelSched\" } # C\n  , # { id = 'https://youtu.be/_9xohmSa2G8' }\n  # \"nothing\"\n  \"deutschTalk\" # D\n]\n",
        );
        let remarks: Vec<_> = (0..4).map(|talk| draft.remark(talk)).collect();
        assert_eq!(remarks, [Some("A, \"quoted\""), Some("C"), Some("D"), None]);
        let commented = draft.commented_out();
        let line = "# \"-cBplHNM4RA\",  # B — a short";
        assert_eq!(commented.get(&"-cBplHNM4RA".parse().unwrap()), Some(&line));
        assert_eq!(commented.len(), 1);
    }

    #[test]
    fn an_llm_comes_behind_everything() {
        let text = "title = \"T\"\n\n[[categories]]\nname = \"A\"\n\n[fetch] # f\npause = \"1s\"\n";
        let mut draft = draft(text);
        draft
            .add_llm("[llm] # key\nmodel = \"m\" # name\n")
            .unwrap();
        let expected = format!("{text}\n[llm] # key\nmodel = \"m\" # name\n");
        assert_eq!(draft.document.to_string(), expected);
    }

    #[test]
    fn categories_come_before_other_tables_and_comments_stay_with_theirs() {
        let text = "title = \"T\"\ntalks = [] # none\n\n# Who writes.\n[llm]\nmodel = \"m\"\n\n[fetch]\n# pause = \"1s\"\n";
        let mut draft = draft(text);
        draft.add_categories(&["A \"B\"".to_owned(), "C".to_owned()], "# Tracks.\n");
        let expected = text.replace(
            "\n# Who",
            "\n# Tracks.\n[[categories]]\nname = 'A \"B\"'\ndescription = \"\"\n\n[[categories]]\nname = \"C\"\ndescription = \"\"\n\n# Who",
        );
        assert_eq!(draft.document.to_string(), expected);
    }
}
