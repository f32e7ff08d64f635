//! Catalogs of strangers that lead outside their folder, with paths and over links: nothing is read and
//! nothing is written there until somebody has said that it may be; and every command goes on without.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures::future::join_all;

use crate::project::{Project, Ran};

use self::walk::files;

/// Words of somebody who has not made the catalog.
const PRIVATE: &str = "the diary of a beekeeper says that the honey is under the floor";
const TALK: &str = "rustyCache1";
const NOT_TRUSTED: &str = "is not trusted on this machine, so the run goes on without";

/// How a catalog leads outside: lines of its own, links with their targets, and what it is said to want.
struct Way {
    top: &'static str,
    fetch: &'static str,
    links: &'static [(&'static str, &'static str)],
    wants: &'static str,
}

const READS: &str = "read files in the folder `[folder]/private";
const PROMPT: &str = "the diary of a beekeeper says that the honey is under the floor\n--- user ---\n{{transcript}}\n";
const LOGO: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
const FOOTER: &str = "<p>the diary of a beekeeper says that the honey is under the floor</p>";

const WAYS: [Way; 13] = [
    way("logo = \"../private/logo.svg\"", "", &[], READS),
    way("", "captions = \"../private\"", &[], READS),
    way("", "captions = \"[folder]/private\"", &[], READS),
    way("", "captions = \"./../private\"", &[], READS),
    way(
        "",
        "caption_files.rustyCache1 = \"[folder]/private/rustyCache1.txt\"",
        &[],
        READS,
    ),
    way("", "", &[("captions", "../private")], READS),
    way(
        "",
        "",
        &[("captions/rustyCache1.txt", "../../private/rustyCache1.txt")],
        READS,
    ),
    way("", "", &[("prompts", "../private")], READS),
    way(
        "",
        "",
        &[("prompts/summary.hbs", "../../private/summary.hbs")],
        READS,
    ),
    way("", "", &[("templates/html", "../../private")], READS),
    way(
        "",
        "",
        &[("templates/html/footer.hbs", "../../../private/footer.hbs")],
        READS,
    ),
    way(
        "output = \"../private\"",
        "",
        &[],
        "write its page into the folder `[folder]/private`",
    ),
    way(
        "cache = \"../private\"",
        "",
        &[("page", "../private")],
        "keep its cache in the folder `[folder]/private`",
    ),
];

const fn way(
    top: &'static str,
    fetch: &'static str,
    links: &'static [(&'static str, &'static str)],
    wants: &'static str,
) -> Way {
    Way {
        top,
        fetch,
        links,
        wants,
    }
}

/// A stranger's catalog in a folder of its own, beside somebody's private things.
async fn stranger(
    Way {
        top, fetch, links, ..
    }: &Way,
) -> Project {
    let project = Project::with_talks(&[TALK]).await;
    project.put("private/rustyCache1.txt", &format!("{PRIVATE}. "));
    project.put("private/summary.hbs", PROMPT);
    project.put("private/footer.hbs", FOOTER);
    project.put("private/logo.svg", LOGO);
    let folder = project.path("");
    let folder = folder.to_str().unwrap().trim_end_matches('/');
    let fetch = fetch.replace("[folder]", folder);
    let catalog = format!(
        "title = \"T\"\nformats = [\"html\"]\ntalks = [{{ id = \"{TALK}\", title = \"Bees\" }}]\n{top}\n{}[fetch]\npause = \"0s\"\n{fetch}\n",
        project.llm_table()
    );
    project.put("conf/catalog.toml", &catalog);
    for (from, to) in *links {
        let from = project.path("conf").join(from);
        fs::create_dir_all(from.parent().unwrap()).unwrap();
        symlink(to, from).unwrap();
    }
    project
}

/// Whether a text has something in it that was read outside.
fn is_private(text: &str) -> bool {
    text.contains("beekeeper") || text.contains(&BASE64_STANDARD.encode(LOGO))
}

async fn run(project: &Project, arguments: &str) -> Ran {
    let mut command = project.command(arguments);
    command.env_remove("PROCEEDINGS_TRUST");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    project.ran(&output.await.unwrap())
}

const COMMANDS: [&str; 10] = [
    "--offline doctor",
    "--offline build",
    "status",
    "check",
    "render",
    "--offline fetch",
    "captions match",
    "diff conf/catalog.toml conf/catalog.toml",
    "site conf --output out",
    "cache export all.zip --all",
];

#[tokio::test]
async fn nothing_is_read_or_written_outside_without_trust() {
    let tried = WAYS.iter().map(async |way| {
        let project = stranger(way).await;
        let before = files(&project.path("private"));
        let mut knows = false;
        for command in COMMANDS {
            let ran = run(&project, &format!("{command} --catalog conf/catalog.toml")).await;
            assert!([0, 1, 3].contains(&ran.code), "{command}: {}", ran.stderr);
            let ran = ran.says(NOT_TRUSTED).says(way.wants);
            knows |= is_private(&(ran.stdout + &ran.stderr));
            assert_eq!(files(&project.path("private")), before, "{command}");
        }
        assert!(!knows, "{}", way.wants);
        assert_eq!(project.requests().await.len(), 0);
        for made in ["conf", "out"] {
            for (name, content) in files(&project.path(made)) {
                let content = String::from_utf8_lossy(&content);
                assert!(!is_private(&content), "{name}");
            }
        }
    });
    join_all(tried).await;
}

#[tokio::test]
async fn a_folder_that_is_trusted_is_read_and_written_and_not_asked_about_again() {
    let tried = WAYS.iter().map(async |way| {
        let project = stranger(way).await;
        let before = files(&project.path("private"));
        let build = "--catalog conf/catalog.toml --offline build";
        let ran = run(&project, &format!("--trust {build}")).await;
        assert!(!ran.stderr.contains("trusted"), "{}", ran.stderr);
        let made = files(&project.path("conf"));
        let is_read = made
            .iter()
            .any(|(_, content)| is_private(&String::from_utf8_lossy(content)));
        let is_prompt = way
            .links
            .iter()
            .any(|(link, _)| link.starts_with("prompts"));
        let is_written = files(&project.path("private")) != before;
        assert!(is_read || is_written || is_prompt, "{:?}", way.links);
        let ran = run(&project, build).await;
        assert!(!ran.stderr.contains("trusted"), "{}", ran.stderr);
    });
    join_all(tried).await;
}

#[tokio::test]
async fn links_within_the_catalogs_folder_and_a_folder_on_the_command_line_need_no_trust() {
    let project = stranger(&way(
        "",
        "captions = \"./words/\"",
        &[
            ("words", "more/captions"),
            ("more/prompts/x", "../../more"),
            ("templates", "more"),
        ],
        "",
    ))
    .await;
    project.put("conf/more/captions/rustyCache1.txt", "all of it is our own");
    for command in [
        "--offline build",
        "render --output elsewhere",
        "--offline doctor",
    ] {
        let ran = run(&project, &format!("{command} --catalog conf/catalog.toml")).await;
        assert!(!ran.stderr.contains("trusted"), "{}", ran.stderr);
    }
    assert!(project.path("elsewhere/index.html").exists());
}

#[tokio::test]
async fn prompts_are_not_exported_over_a_link() {
    let project = stranger(&way("", "", &[("prompts", "../private")], "")).await;
    let before = files(&project.path("private"));
    let ran = run(&project, "prompts export --catalog conf/catalog.toml").await;
    ran.ended(1).says("it leads to");
    assert_eq!(files(&project.path("private")), before);
}

#[tokio::test]
async fn a_pipe_in_the_place_of_a_template_is_not_waited_for() {
    let project = stranger(&way("", "", &[], "")).await;
    for file in ["prompts/summary.hbs", "templates/page.html.hbs"] {
        let pipe = project.path("conf").join(file);
        fs::create_dir_all(pipe.parent().unwrap()).unwrap();
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let ran = run(&project, "--offline build --catalog conf/catalog.toml").await;
        ran.ended(2).says("it is no file");
        fs::remove_file(pipe).unwrap();
    }
}

mod walk {
    use super::{Path, fs};

    /// The files below a folder with their contents, and the links; links are not followed.
    pub(super) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            if kind.is_dir() {
                found.extend(files(&path));
            } else if kind.is_file() {
                found.push((path.display().to_string(), fs::read(&path).unwrap()));
            }
        }
        found.sort();
        found
    }
}
