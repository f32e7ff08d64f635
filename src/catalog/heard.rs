//! What a draft's glossary learns: that a word which was heard is a name.
//!
//! Comments and order stay as they are. `terms` is left alone: it stands in every prompt, so a term
//! more would have every talk summarized anew, while `heard` puts right what is there already.

use toml_edit::{InlineTable, Item, Table, Value, value};

use crate::catalog::edit::{Draft, set_inline};

impl Draft {
    /// Lists what was heard, and the name that was said.
    pub(crate) fn set_heard(&mut self, heard: &str, name: &str) {
        let glossary = self.document.entry("glossary");
        let heard_names = match glossary.or_insert_with(|| Table::new().into()) {
            Item::Table(table) => table.entry("heard"),
            Item::Value(Value::InlineTable(table)) => {
                if !table.contains_key("heard") {
                    set_inline(table, "heard", InlineTable::new().into());
                }
                let names = table.get_mut("heard").and_then(Value::as_inline_table_mut);
                if let Some(names) = names {
                    set_inline(names, heard, name.into());
                }
                return;
            }
            _ => return,
        };
        match heard_names.or_insert_with(|| value(InlineTable::new())) {
            Item::Value(Value::InlineTable(names)) => set_inline(names, heard, name.into()),
            Item::Table(names) => {
                names.insert(heard, value(name));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalog::Catalog;

    /// What becomes of a catalog that learns of a name.
    fn learned(text: &str) -> String {
        let path = Path::new("catalog.toml");
        let mut draft = Draft::new(path, text).unwrap();
        draft.set_heard("Chain yard", "Chainguard");
        let edited = draft.document.to_string();
        let catalog = Catalog::parse(path, &edited).unwrap();
        assert_eq!(catalog.glossary.heard["Chain yard"], "Chainguard");
        edited
    }

    #[test]
    fn a_name_is_added_whichever_way_the_glossary_is_written() {
        let entry = "\"Chain yard\" = \"Chainguard\"";
        for (before, after) in [
            ("", format!("\n[glossary]\nheard = {{ {entry} }}\n")),
            (
                "[glossary] # names\nterms = [\"A\"] # one\n",
                format!("[glossary] # names\nterms = [\"A\"] # one\nheard = {{ {entry} }}\n"),
            ),
            (
                "[glossary]\nheard = { \"B\" = \"C\" } # heard\n[fetch]\n",
                format!("[glossary]\nheard = {{ \"B\" = \"C\", {entry} }} # heard\n[fetch]\n"),
            ),
            (
                "[glossary.heard]\nB = \"C\" # b\n# end\n",
                format!("[glossary.heard]\nB = \"C\" # b\n{entry}\n# end\n"),
            ),
            (
                "glossary.heard.B = \"C\" # b\n",
                format!("glossary.heard.B = \"C\" # b\nglossary.heard.{entry}\n"),
            ),
            (
                "glossary.terms = [\"A\"]\n",
                format!("glossary.terms = [\"A\"]\nglossary.heard = {{ {entry} }}\n"),
            ),
            (
                "glossary = { terms = [\"A\"] }\n",
                format!("glossary = {{ terms = [\"A\"], heard = {{ {entry} }} }}\n"),
            ),
        ] {
            let head = "title = \"T\" # t\n";
            assert_eq!(
                learned(&format!("{head}{before}")),
                format!("{head}{after}")
            );
        }
    }

    #[test]
    fn a_name_that_is_listed_is_put_right() {
        let text = "title = \"T\"\n[glossary]\nheard = { 'Chain yard' = 'Chain' } # c\n";
        assert_eq!(learned(text), text.replace("'Chain' ", "\"Chainguard\" "));
    }
}
