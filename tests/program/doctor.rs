//! `doctor`: what is missing or old is found, named and not shown too much of; `--install` gets
//! what is current.

use std::path::Path;

use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::project::{Project, Ran, talks};
use crate::yt_dlp;

/// The check of a name in a report in JSON.
fn check(ran: &Ran, name: &str) -> Value {
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let checks = report["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == name);
    check
        .unwrap_or_else(|| panic!("no {name} in {report:#}"))
        .clone()
}

/// What a check has found.
fn found(ran: &Ran, name: &str) -> String {
    check(ran, name)["found"].as_str().unwrap().to_owned()
}

#[track_caller]
fn assert_check(ran: &Ran, name: &str, verdict: &str, says: &str) {
    let check = check(ran, name);
    assert_eq!(check["verdict"], verdict, "{check:#}");
    let found = found(ran, name);
    assert!(found.contains(says), "`{says}` is not in: {found}");
    let needs_mending = ["advice", "broken"].contains(&verdict);
    assert_eq!(check["mend"].is_string(), needs_mending, "{check:#}");
}

#[tokio::test]
async fn where_nothing_is_wrong_nothing_is_broken() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.lists(&["large", "small"]).await;
    let ran = project.run("doctor --json").await.ended(0);
    for name in [
        "catalog",
        "prompts",
        "templates",
        "cache",
        "output",
        "captions",
        "yt-dlp-args",
    ] {
        assert_check(&ran, name, "fine", "");
    }
    assert_check(&ran, "endpoint", "fine", "[endpoint]/v1 answers");
    assert_check(&ran, "api-key", "not-checked", "none is sent");
    assert_check(&ran, "model", "fine", "`small` is there");
    assert!(found(&ran, "yt-dlp").contains(" old: "));
    assert_eq!((project.visits(), project.requests().await.len()), (0, 0));
    assert!(project.cached().is_empty());

    let ran = project.run("doctor").await.ended(0);
    assert!(
        ran.stdout.contains("✓ fine         catalog      Test Conf"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.ends_with("advice\n") && ran.stderr.is_empty(),
        "{}",
        ran.stderr
    );
}

#[tokio::test]
async fn without_a_catalog_the_tools_are_looked_at() {
    let project = Project::with_talks(&[]).await;
    let mut command = project.command("--catalog none.toml doctor --json");
    let empty = project.path("temporary");
    let ran = project
        .ran(&command.env("PATH", empty).output().unwrap())
        .ended(3);
    assert_check(&ran, "catalog", "advice", "there is no none.toml");
    assert_check(&ran, "yt-dlp", "broken", "there is none");
    let mend = check(&ran, "yt-dlp")["mend"].clone();
    assert_eq!(mend, "`proceedings doctor --install` gets a current one");
}

#[tokio::test]
async fn a_broken_catalog_is_a_finding_among_others() {
    let project = Project::with_catalog("title = \"T\"\ntalk = []\n").await;
    project.put("prompts/summary.hbs", "{{#if");
    project.put("cache", "a file");
    let ran = project.run("doctor --json").await.ended(3);
    assert_check(
        &ran,
        "catalog",
        "broken",
        "catalog.toml:2: unknown key `talk`",
    );
    assert_eq!(check(&ran, "catalog")["mend"], "did you mean `talks`?");
    let prompt = Path::new("prompts").join("summary.hbs");
    assert_check(&ran, "prompts", "broken", &prompt.to_string_lossy());
    assert_check(&ran, "templates", "fine", "");
    assert_check(&ran, "cache", "broken", "cache is no folder");
}

#[tokio::test]
async fn arguments_cookies_and_proxies_of_yt_dlp_are_looked_at() {
    let project = Project::with_talks(&[]).await;
    project.put("cookies.txt", "[]");
    let arguments = |more: &[&str]| {
        let more = more.iter().map(|&argument| argument.to_owned());
        let arguments: Vec<String> = yt_dlp::fixture_args().into_iter().chain(more).collect();
        let fetch = Project::fetch_table(&yt_dlp::yt_dlp(), &arguments);
        project.put("catalog.toml", &format!("title = \"T\"\n{fetch}"));
    };
    arguments(&[
        "--cookies",
        "cookies.txt",
        "--proxy=http://me:secret@127.0.0.1:9",
    ]);
    let ran = project.run("doctor --json").await.ended(3);
    assert_check(&ran, "yt-dlp-args", "fine", "yt-dlp takes them");
    assert_check(&ran, "cookies", "broken", "is no cookie file");
    assert_check(&ran, "proxy", "broken", "cannot reach http://127.0.0.1:9");
    assert!(!ran.stdout.contains("secret"), "{}", ran.stdout);
    assert_eq!(project.read("cookies.txt"), "[]");

    arguments(&["--no-such-option"]);
    let ran = project.run("doctor --json").await.ended(3);
    assert!(found(&ran, "yt-dlp").contains(" old: "));
    assert_check(
        &ran,
        "yt-dlp-args",
        "broken",
        "no such option: --no-such-option",
    );
    let words = project.run("doctor --quiet").await.ended(3).stdout;
    assert!(
        words.contains("✗ broken       yt-dlp-args") && !words.contains("fine"),
        "{words}"
    );
}

#[tokio::test]
async fn the_key_is_looked_for_and_never_shown() {
    let project = Project::with_talks(&[]).await;
    let table = format!("{}api_key_env = \"TEST_KEY\"\n", project.llm_table());
    project.catalog("[]", &table);
    project.lists(&["small"]).await;
    let mut command = project.command("doctor --json");
    let ran = project
        .ran(&command.env_remove("TEST_KEY").output().unwrap())
        .ended(3);
    assert_check(
        &ran,
        "api-key",
        "broken",
        "the variable TEST_KEY is not set",
    );
    assert_check(&ran, "model", "fine", "");
    for arguments in ["doctor --json", "doctor -v"] {
        let mut command = project.command(arguments);
        command.env("TEST_KEY", "sk-very-secret");
        let ran = project.ran(&command.output().unwrap()).ended(0);
        let all = ran.stdout + &ran.stderr;
        assert!(all.contains("the variable TEST_KEY is set"), "{all}");
        assert!(!all.contains("very-secret"), "{all}");
    }
}

#[tokio::test]
async fn a_model_that_the_endpoint_has_not_is_named_with_one_that_it_has() {
    let project = Project::with_talks(&[]).await;
    project.lists(&["smaller", "large"]).await;
    let ran = project.run("doctor --json").await.ended(3);
    assert_check(&ran, "endpoint", "fine", "answers");
    assert_check(&ran, "model", "broken", "`small` is not among the models");
    let mend = check(&ran, "model")["mend"].to_string();
    assert!(mend.contains("such as `smaller`"), "{mend}");
}

#[tokio::test]
async fn an_endpoint_that_is_down_or_rejects_the_key_is_found_out() {
    let project = Project::with_talks(&[]).await;
    let refusal = json!({ "error": { "message": "Incorrect API key provided: sk-very-secret" } });
    let rejected = ResponseTemplate::new(401).set_body_json(refusal);
    project.answers_questions(rejected).await;
    let ran = project.run("doctor --json").await.ended(3);
    assert_check(&ran, "api-key", "broken", "the endpoint needs one");
    assert!(!ran.stdout.contains("very-secret"), "{}", ran.stdout);

    project.catalog(
        "[]",
        "[llm]\nbase_url = \"http://127.0.0.1:9/v1\"\nmodel = \"x\"\n",
    );
    let ran = project.run("doctor --json").await.ended(3);
    assert_check(
        &ran,
        "endpoint",
        "broken",
        "http://127.0.0.1:9/v1 cannot be reached",
    );
    let ran = project.run("doctor --json --offline").await.ended(0);
    assert_check(&ran, "endpoint", "not-checked", "not asked: `--offline`");
    assert_check(&ran, "proxy", "not-checked", "not asked: `--offline`");
}

/// The whole way, with the real pip: nothing of it can be played.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_installed_is_current_and_used_and_outlives_an_interrupted_update() {
    let project = Project::with_talks(&[]).await;
    project.put(
        "catalog.toml",
        &format!("title = \"T\"\ntalks = {}\n", talks(&[])),
    );
    let ran = project.run("doctor --install --json").await;
    if ran.code == 1 && ran.stderr.contains("(from versions: none)") {
        eprintln!("skipped: pip reaches no index");
        return;
    }
    let ran = ran.ended(0).says("installing yt-dlp …");
    assert!(found(&ran, "yt-dlp").ends_with("(in this program's own folder)"));
    assert_check(&ran, "tools", "fine", "[folder]/tools");
    #[cfg(unix)]
    {
        let current = project.read("tools/current");
        let ran = on_unix::interrupted(&project, "doctor --install").await;
        ran.ended(130)
            .says("stopped; the tools that were installed before are unchanged");
        assert_eq!(project.read("tools/current"), current);
        let mut left = Vec::new();
        for entry in std::fs::read_dir(project.path("tools")).unwrap() {
            left.push(entry.unwrap().file_name().into_string().unwrap());
        }
        left.sort();
        assert_eq!(left, ["current", current.as_str(), "lock"]);
    }
    let offline = project.run("doctor --install --offline").await;
    offline.ended(2).says("`--install` needs a network");
}

#[cfg(unix)]
mod on_unix {
    use std::env;
    use std::fs;
    use std::io::{BufRead, BufReader, Read};
    use std::os::unix::fs::symlink;
    use std::process::{Command, Stdio};

    use tempfile::TempDir;

    use super::*;
    use crate::fake_yt_dlp::{Fake, assert_none_left, fake};

    /// Runs the program until it says something, and then as if somebody pressed Ctrl-C.
    pub(super) async fn interrupted(project: &Project, arguments: &str) -> Ran {
        let mut command = project.command(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let ended = tokio::task::spawn_blocking(move || {
            let mut said = String::new();
            let mut stderr = BufReader::new(child.stderr.take().unwrap());
            stderr.read_line(&mut said).unwrap();
            let id = child.id().to_string();
            let killed = Command::new("kill").args(["-INT", &id]).status().unwrap();
            assert!(killed.success());
            stderr.read_to_string(&mut said).unwrap();
            (child.wait().unwrap(), said)
        });
        let (status, stderr) = ended.await.unwrap();
        Ran {
            code: status.code().unwrap_or(-1),
            stdout: String::new(),
            stderr,
        }
    }

    #[tokio::test]
    async fn an_old_yt_dlp_is_told_by_its_version() {
        let programs = TempDir::new().unwrap();
        let project = Project::with_talks(&[]).await;
        let fetch = Project::fetch_table(&fake(programs.path(), Fake::Old), &[]);
        project.put("catalog.toml", &format!("title = \"T\"\n{fetch}"));
        let ran = project.run("doctor --json").await.ended(3);
        assert_check(&ran, "yt-dlp", "broken", "2023.03.04, ");
        assert_check(&ran, "javascript", "advice", "too old to use one");
        assert_none_left(programs.path());
    }

    #[tokio::test]
    async fn the_catalogs_yt_dlp_comes_before_our_own_and_that_before_the_path() {
        let project = Project::with_talks(&[]).await;
        let old = |folder: &str| {
            let folder = project.path(folder);
            fs::create_dir_all(&folder).unwrap();
            symlink(fake(&folder, Fake::Old), folder.join("yt-dlp")).unwrap();
        };
        let yt_dlp = || {
            let inherited = env::var("PATH").unwrap();
            let path = format!("{}:{inherited}", project.path("path").display());
            let mut command = project.command("doctor --json");
            let ran = project.ran(&command.env("PATH", path).output().unwrap());
            found(&ran, "yt-dlp")
        };
        project.put("catalog.toml", "title = \"T\"\n");
        old("path");
        assert!(
            yt_dlp().contains("[folder]/path/yt-dlp (on the PATH)"),
            "{}",
            yt_dlp()
        );

        old("tools/environment-1/bin");
        project.put("tools/current", "environment-1");
        assert!(yt_dlp().contains("[folder]/path/yt-dlp"), "{}", yt_dlp());
        project.put("tools/environment-1/bin/python", "");
        let ours = "[folder]/tools/environment-1/bin/yt-dlp (in this program's own folder)";
        assert!(yt_dlp().contains(ours), "{}", yt_dlp());

        old("named");
        let fetch = Project::fetch_table(&project.path("named/yt-dlp"), &[]);
        project.put("catalog.toml", &format!("title = \"T\"\n{fetch}"));
        assert!(
            yt_dlp().contains("[folder]/named/yt-dlp (as named)"),
            "{}",
            yt_dlp()
        );
    }
}
