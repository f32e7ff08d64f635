//! Categories as the catalog lists them: tables `[[categories]]`, each below a comment that says
//! what is expected in it. Pure.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::numbers::pluralize;
use crate::suggest::proposal::{PromptLine, Proposal};

/// The key in the catalog.
pub(crate) const KEY: &str = "categories";
/// How many titles show what is expected in a category.
const TITLES: usize = 3;

/// The tables for categories whose members are these talks.
#[must_use]
pub(crate) fn tables(categories: &[Proposal], talks: &[PromptLine]) -> ArrayOfTables {
    categories
        .iter()
        .map(|category| table(category, talks))
        .collect()
}

/// The tables as a text of their own.
#[must_use]
pub(crate) fn text(categories: &[Proposal], talks: &[PromptLine]) -> String {
    let mut document = DocumentMut::new();
    document.insert(KEY, Item::ArrayOfTables(tables(categories, talks)));
    document.to_string().trim_start().to_owned()
}

fn table(category: &Proposal, talks: &[PromptLine]) -> Table {
    let members: Vec<&PromptLine> = category.members.iter().map(|talk| &talks[*talk]).collect();
    let count = pluralize(members.len(), "talk");
    let titles = members.iter().take(TITLES).map(|talk| {
        // A comment may hold any character but those that control terminals.
        let title: String = talk.title.chars().filter(|c| !c.is_control()).collect();
        format!("#   {title}\n")
    });
    let titles: Vec<String> = titles.collect();
    let comment = format!("\n# {count} expected, such as:\n{}", titles.concat());
    let mut table = Table::new();
    table.decor_mut().set_prefix(comment);
    table.insert("name", value(&category.name));
    table.insert("description", value(&category.description));
    table
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use expect_test::expect;

    use super::*;
    use crate::catalog::Catalog;

    #[test]
    fn tables_say_what_is_expected_and_are_a_catalog_whatever_was_proposed() {
        let talks = [
            "Bees\u{1b}[31m at night",
            "# Soil",
            "Queens",
            "Hives",
            "Worms",
        ];
        let talks = talks.map(|title| PromptLine {
            title: title.to_owned(),
            text: String::new(),
            talks: 1,
        });
        let proposal = |name: &str, description: &str, members: &[usize]| Proposal {
            name: name.to_owned(),
            description: description.to_owned(),
            members: members.to_vec(),
        };
        let categories = [
            proposal("Bees", "hives, \"honey\", \\ stings", &[0, 2, 3, 1]),
            proposal("Soil ''' \"\"\"", "[[talks]]", &[4]),
        ];
        let text = text(&categories, &talks);
        expect![[r##"
            # 4 talks expected, such as:
            #   Bees[31m at night
            #   Queens
            #   Hives
            [[categories]]
            name = "Bees"
            description = 'hives, "honey", \ stings'

            # 1 talk expected, such as:
            #   Worms
            [[categories]]
            name = "Soil ''' \"\"\""
            description = "[[talks]]"
        "##]]
        .assert_eq(&text);
        let catalog = format!("title = \"T\"\n{text}");
        let catalog = Catalog::parse(Path::new("catalog.toml"), &catalog).unwrap();
        assert!(catalog.categories.named("Soil ''' \"\"\"").is_some());
    }
}
