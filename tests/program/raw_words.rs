//! Words of others on a terminal and in files: they steer no terminal, and no password stands in them.

use tempfile::TempDir;

use crate::fake_yt_dlp::{Fake, fake};
use crate::project::{Project, talks};

/// Whether a text has nothing in it that a terminal obeys, or that turns a line around.
#[track_caller]
fn assert_plain(what: &str, text: &str) {
    let is_order = |c: char| {
        (c.is_control() && !matches!(c, '\n' | '\t'))
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.contains(is_order), "{what}: {text:?}");
}

const IDS: [&str; 1] = ["rustyCache1"];

#[tokio::test]
async fn what_yt_dlp_says_steers_nothing_and_tells_no_password() {
    let programs = TempDir::new().unwrap();
    let project = Project::with_talks(&IDS).await;
    let arguments = [
        "--proxy=http://me:pass%2Fword1@127.0.0.1:9",
        "--geo-verification-proxy",
        "geo:hunter2222@127.0.0.1:9",
        "--video-password",
        "filmed-secret",
    ]
    .map(str::to_owned);
    let yt_dlp = fake(programs.path(), Fake::TellsAll);
    let fetch = Project::fetch_table(&yt_dlp, &arguments);
    let head = format!("title = \"T\"\ntalks = {}\n", talks(&IDS));
    project.put("catalog.toml", &format!("{head}{fetch}"));
    let mut command = project.command("fetch");
    command.env("HTTPS_PROXY", "envuser:envsecret@127.0.0.1:9");
    let ran = tokio::task::spawn_blocking(move || command.output().unwrap());
    let ran = project
        .ran(&ran.await.unwrap())
        .ended(3)
        .says("refused with");
    let failed = project.cached();
    let failed = failed.iter().find(|name| name.contains("failed-")).unwrap();
    let failed = project.read(&format!("cache/{failed}"));
    assert!(failed.contains("refused with"), "{failed}");
    let status = project.run("status").await;
    let doctor = project.run("doctor --offline").await;
    for (what, text) in [
        ("fetch", &ran.stderr),
        ("failed", &failed),
        ("status", &status.stdout),
        ("doctor", &doctor.stdout),
    ] {
        assert_plain(what, text);
        for secret in ["word1", "hunter2222", "filmed-secret", "envsecret"] {
            assert!(!text.contains(secret), "{what}: {text}");
        }
    }
}

#[tokio::test]
async fn what_a_catalog_says_in_its_mistakes_steers_nothing() {
    let orders = "\\u001b]0;owned\\u0007\\u202e\\u009b2J";
    let project = Project::with_catalog("").await;
    let llm = project.llm_table();
    for text in [
        format!("title = \"T\"\n\"{orders}\" = 1\ntalks = []\n"),
        format!("title = \"T\"\ntalks = [\"{orders}\"]\n"),
        format!("title = \"T\"\ntalks = []\nformats = [\"{orders}\"]\n"),
        format!("title = \"T\"\ntalks = [{{ id = \"rustyCache1\", category = \"{orders}\" }}]\n"),
        "title = \"\u{1b}]0;owned\u{7}\u{202e}\"\ntalks = [\n".to_owned(),
        format!("title = \"{orders}\"\ntalks = []\n{llm}api_key_env = \"A{orders}\"\n"),
        format!(
            "title = \"{orders}\"\ntalks = []\n[fetch]\nyt_dlp = \"no/{orders}\"\nyt_dlp_args = [\"{orders}\"]\n"
        ),
    ] {
        project.put("catalog.toml", &text);
        for command in [
            "status",
            "check",
            "doctor --offline",
            "build",
            "build --dry-run",
        ] {
            let ran = project.run(command).await;
            assert_plain(command, &ran.stderr);
            assert_plain(command, &ran.stdout);
        }
    }
}

#[tokio::test]
async fn names_of_files_steer_nothing() {
    let project = Project::with_talks(&IDS).await;
    let name = "\u{1b}]0;owned\u{7}\u{202e}";
    project.put(&format!("{name}/page.md"), "nothing");
    for arguments in [
        &["import", "page.md"][..],
        &["init", "--schedule", "page.md"],
        &["init", "--ids", "page.md"],
        &["cache", "import", "page.md"],
        &["status", "--catalog", "page.md"],
    ] {
        let mut command = project.command("");
        for argument in arguments {
            match *argument {
                "page.md" => command.arg(format!("{name}/page.md")),
                argument => command.arg(argument),
            };
        }
        if arguments[0] == "import" {
            command.args(["--into", name]);
        }
        let ran = tokio::task::spawn_blocking(move || command.output().unwrap());
        let ran = ran.await.unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        assert_ne!(ran.status.code(), Some(0), "{arguments:?}");
        assert_plain(&format!("{arguments:?}"), &said);
    }
}
