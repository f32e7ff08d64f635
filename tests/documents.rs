//! What the repository shows to newcomers is true: the README's usage, and the catalogs in it.

use std::path::Path;
use std::process::Command;

use proceedings::catalog::Catalog;

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
