//! What the repository shows to newcomers is true: the README's usage, the catalogs in it, and the
//! floors of `ARCHITECTURE.md`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proceedings::testing::Catalog;
use regex::Regex;

#[test]
fn the_readme_shows_the_usage_as_it_is() {
    let help = Command::new(env!("CARGO_BIN_EXE_proceedings"))
        .arg("--help")
        .output()
        .expect("the program runs");
    let help = String::from_utf8(help.stdout).expect("the usage is UTF-8");
    let block = format!("```text\n{}\n```", help.trim_end());
    assert!(
        include_str!("../README.md").contains(&block),
        "the README's usage block should be:\n{block}"
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
