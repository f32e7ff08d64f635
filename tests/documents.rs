//! What the repository shows to newcomers is true: the usage, the keys of a catalog, links, the
//! catalogs in it, and the floors of `ARCHITECTURE.md`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proceedings::testing::Catalog;
use regex::Regex;

#[test]
fn the_commands_page_shows_the_usage_as_it_is() {
    let help = Command::new(env!("CARGO_BIN_EXE_proceedings"))
        .arg("--help")
        .output()
        .expect("the program runs");
    let help = String::from_utf8(help.stdout).expect("the usage is UTF-8");
    let block = format!("```text\n{}\n```", help.trim_end());
    assert!(
        include_str!("../docs/commands.md").contains(&block),
        "the usage block of docs/commands.md should be:\n{block}"
    );
}

#[test]
fn the_catalogs_in_the_repository_can_be_used() {
    for (catalog, talks) in [
        ("catalog.toml", 10),
        ("examples/pytorch-conference-2024/catalog.toml", 88),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(catalog);
        let loaded = Catalog::load(&path).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(loaded.visible().count(), talks, "{catalog}");
    }
}

/// The tables of `docs/catalog.md`: the heading, and a catalog with an unknown key in such a table.
const TABLES: [(&str, &str); 8] = [
    ("## The conference", "unknown = 1"),
    ("## A talk", "talks = [{ unknown = 1 }]"),
    ("## A category", "[[categories]]\nunknown = 1"),
    ("## `[glossary]`", "[glossary]\nunknown = 1"),
    ("## `[llm]`", "[llm]\nunknown = 1"),
    ("### `price`", "[llm.price]\nunknown = 1"),
    ("## `[transcribe]`", "[transcribe]\nunknown = 1"),
    ("## `[fetch]`", "[fetch]\nunknown = 1"),
];

#[test]
fn every_key_of_the_catalog_has_its_line_in_the_reference() {
    let reference = include_str!("../docs/catalog.md");
    for (heading, table) in TABLES {
        let section = reference.split(&format!("{heading}\n")).nth(1);
        let section = section.unwrap_or_else(|| panic!("there is no `{heading}`"));
        let section = section.split("\n#").next().unwrap();
        let rows = section.lines().filter(|line| line.starts_with("| `"));
        let cells = rows.filter_map(|row| row.split('|').nth(1));
        let listed: BTreeSet<&str> = cells
            .flat_map(|cell| cell.split('`').skip(1).step_by(2))
            .collect();
        let known = known_keys(table);
        let known: BTreeSet<&str> = known.iter().map(String::as_str).collect();
        assert_eq!(listed, known, "{heading}");
    }
}

/// The keys that the program names where a catalog has an unknown one.
fn known_keys(table: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let catalog = folder.path().join("catalog.toml");
    fs::write(&catalog, format!("title = \"T\"\n{table}\n")).unwrap();
    let error = Catalog::load(&catalog).unwrap_err();
    // Of several mistakes, each has its hint beside it.
    let told = format!("{error}\n{}", error.hint().unwrap_or_default());
    let (_, keys) = told.split_once("known here: ").expect("a list of keys");
    let keys = keys.lines().next().unwrap();
    keys.split(", ").map(str::to_owned).collect()
}

#[test]
fn links_between_the_documents_lead_somewhere() {
    let link = Regex::new(r"\]\(([^)#:]+)[^):]*\)").unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pages = [root.to_owned(), root.join("docs")];
    let pages = pages
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path());
    for page in pages.filter(|path| path.extension().is_some_and(|ending| ending == "md")) {
        let text = fs::read_to_string(&page).unwrap();
        for target in link.captures_iter(&text) {
            let there = page.with_file_name(&target[1]).exists();
            assert!(there, "{}: {}", page.display(), &target[1]);
        }
    }
}

#[test]
fn imports_run_down_the_floors_that_the_architecture_names() {
    let plan = include_str!("../ARCHITECTURE.md");
    let plan = plan.split("Imports run down these floors").nth(1);
    let plan = plan.and_then(|plan| plan.split("\n\n").next());
    let mut floors = HashMap::new();
    for (floor, rooms) in plan.expect("the floors are named").split(" /").enumerate() {
        floors.extend(
            rooms
                .split('`')
                .skip(1)
                .step_by(2)
                .map(|room| (room, floor)),
        );
    }
    let floor = |room: &str| {
        floors
            .get(room)
            .unwrap_or_else(|| panic!("no floor has {room}"))
    };

    let import = Regex::new(r"\bcrate::([a-z_]+)").unwrap();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in files(&src) {
        let path = file.strip_prefix(&src).unwrap();
        let room = path.iter().next().unwrap().to_str().unwrap();
        let room = room.trim_end_matches(".rs");
        if ["lib", "main"].contains(&room) {
            continue;
        }
        let code = fs::read_to_string(&file).unwrap();
        for import in import.captures_iter(&code) {
            let below = &import[1];
            assert!(
                below == room || floor(below) > floor(room),
                "{} imports {below}, which is not below {room}",
                path.display()
            );
        }
    }
}

/// The Rust files in a folder and those below it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
    let below = folders.iter().flat_map(|folder| self::files(folder));
    let is_rust = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "rs");
    files.into_iter().filter(is_rust).chain(below).collect()
}
