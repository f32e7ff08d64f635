//! Catalogs of strangers: they start nothing, send no secret and write nothing outside until somebody
//! has said that they may; and everything goes on without.

use std::fs;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use futures::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::fake_yt_dlp::{Fake, fake, pids};
use crate::project::{Project, Ran, talks};
use crate::review::Review;
use crate::yt_dlp;

const SECRET: &str = "verysecret";
const TALK: &str = "rustyCache1";
const NOT_TRUSTED: &str = "catalog.toml is not trusted on this machine, so the run goes on without";

/// The program as somebody starts it who trusts nobody yet. The yt-dlp on the PATH is the real one,
/// which answers from files, as its user has set it up.
fn distrusting(project: &Project, arguments: &str) -> Command {
    let plugins = project.path("settings/yt-dlp/plugins");
    if !plugins.exists() {
        fs::create_dir_all(plugins.parent().unwrap()).unwrap();
        let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
        symlink(fixtures, plugins).unwrap();
    }
    let program = yt_dlp::yt_dlp();
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", program.parent().unwrap().display());
    let mut command = project.command(arguments);
    command
        .env_remove("PROCEEDINGS_TRUST")
        .env("XDG_CONFIG_HOME", project.path("settings"))
        .env("STRANGERS_WISH", SECRET)
        .env("PATH", path);
    command
}

async fn run(project: &Project, mut command: Command) -> Ran {
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    project.ran(&output.await.unwrap())
}

/// A catalog that wants everything at once.
async fn everything_hostile() -> Project {
    let project = Project::with_talks(&[TALK]).await;
    fs::create_dir(project.path("tools-of-stranger")).unwrap();
    let program = fake(&project.path("tools-of-stranger"), Fake::Old);
    let arguments = [
        "--exec",
        "pre_process:touch owned",
        "--config-locations",
        "evil.conf",
        "--plugin-dirs",
        "evil",
        "--cookies",
        "owned-cookies",
        "-o",
        "owned-output",
        "--write-info-json",
    ];
    let fetch = Project::fetch_table(&program, &arguments.map(str::to_owned));
    let llm = format!(
        "{}headers = {{ x-wish = \"$STRANGERS_WISH\" }}\n\
         api_key_command = \"sh -c 'touch owned-by-key-command; echo key'\"\n",
        project.llm_table()
    );
    let transcribe = format!(
        "{}api_key_env = \"STRANGERS_WISH\"\n",
        project.transcribe_table()
    );
    let head = format!(
        "title = \"T\"\nformats = [\"html\"]\ntalks = {}\n",
        talks(&[TALK])
    );
    project.put("catalog.toml", &format!("{head}{llm}{transcribe}{fetch}"));
    project.put("evil.conf", "--exec \"pre_process:touch owned-by-conf\"\n");
    project.put("evil/x/yt_dlp_plugins/extractor/evil.py", EVIL_PLUGIN);
    project
}

const EVIL_PLUGIN: &str = "open('owned-by-plugin', 'w').close()\n";

/// What was left behind by something that must not be started.
fn owned(project: &Project) -> Vec<String> {
    let names = fs::read_dir(project.path("")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.starts_with("owned")).collect()
}

async fn assert_nothing_was_had(project: &Project, what: &str) {
    assert_eq!(owned(project), [""; 0], "{what}");
    let tools = project.path("tools-of-stranger");
    assert_eq!(pids(&tools), [0; 0], "{what}");
    assert_eq!(project.headers().await.len(), 0, "{what}");
}

#[tokio::test]
async fn a_catalog_that_wants_everything_gets_nothing_and_every_command_comes_to_its_end() {
    let project = everything_hostile().await;
    for (arguments, code) in [
        ("--offline doctor", 0),
        ("doctor", 0),
        ("status", 0),
        ("build --dry-run", 0),
        // The talk has no summary, since the model is not asked.
        ("build", 3),
        ("fetch", 0),
        ("status", 0),
        ("check", 3),
        ("render", 3),
        ("summarize", 3),
        ("diff catalog.toml catalog.toml", 3),
        ("site . --output out", 3),
        ("init aaaaaaaaaaa", 0),
    ] {
        let ran = run(&project, distrusting(&project, arguments)).await;
        let ran = ran.ended(code).says(NOT_TRUSTED).says("--trust");
        assert_nothing_was_had(&project, arguments).await;
        assert!(!ran.stderr.contains(SECRET) && !ran.stdout.contains(SECRET));
        for wish in [
            "tools-of-stranger/old` in the place of yt-dlp",
            "--exec 'pre_process:touch owned' --config-locations evil.conf",
            "run the command `sh -c 'touch owned-by-key-command; echo key'`",
            "the variable STRANGERS_WISH to [endpoint]/v1",
        ] {
            assert!(ran.stderr.contains(wish), "{arguments}: {}", ran.stderr);
        }
    }
    assert!(
        !project.trusted().exists(),
        "a no of nobody is not remembered"
    );
    // The user's own yt-dlp has brought what it could.
    assert!(
        project
            .cached()
            .contains(&format!("{TALK}/transcript-*.json"))
    );

    // Who says yes gets all of it.
    let ran = run(&project, distrusting(&project, "--trust build")).await;
    assert!(!ran.stderr.contains(NOT_TRUSTED));
    let headers = project.headers().await;
    assert!(headers.iter().any(|headers| headers["x-wish"] == SECRET));
    assert!(owned(&project).contains(&"owned-by-key-command".to_owned()));
}

#[tokio::test]
async fn what_was_made_before_stays_on_the_page_without_trust() {
    let project = Project::with_talks(&[TALK]).await;
    let tables = format!("{}api_key_env = \"STRANGERS_WISH\"\n", project.llm_table());
    project.catalog(&talks(&[TALK]), &tables);
    run(&project, distrusting(&project, "--trust build"))
        .await
        .ended(0);
    let page = project.read("page/index.html");
    fs::remove_dir_all(project.path("page")).unwrap();
    fs::remove_dir_all(project.trusted()).unwrap();
    for arguments in ["render", "build", "render --strict"] {
        run(&project, distrusting(&project, arguments))
            .await
            .ended(0)
            .says(NOT_TRUSTED);
        assert_eq!(project.read("page/index.html"), page, "{arguments}");
    }
    let asked = project.requests().await.len();
    let ran = run(&project, distrusting(&project, "build --redo summary")).await;
    ran.ended(3)
        .says("the catalog is not trusted with its key")
        .says("--trust");
    let ran = run(
        &project,
        distrusting(&project, "build --redo summary --dry-run"),
    )
    .await;
    assert!(ran.ended(0).stdout.contains("in all     no requests"));
    for arguments in ["check --again", "categories suggest"] {
        run(&project, distrusting(&project, arguments))
            .await
            .says(NOT_TRUSTED);
    }
    assert_eq!(project.requests().await.len(), asked);
    assert_eq!(project.read("page/index.html"), page);
}

/// Arguments with which the real yt-dlp makes a file `owned…` in the folder.
fn attempts(folder: &Path) -> Vec<Vec<String>> {
    let owned = folder.join("owned").display().to_string();
    let attempts: [&[&str]; 11] = [
        &["--exec", "pre_process:touch owned"],
        &["--exec=pre_process:touch owned"],
        &["--config-locations", "evil.conf"],
        &["--config-loc=evil.conf"],
        &["--plugin-dirs", "evil"],
        &["--plugin-d", "evil"],
        &["--print-to-file", "pre_process:%(id)s", &owned],
        &[
            "--alias",
            "sneak",
            "--exec 'pre_process:touch owned'",
            "--sneak",
        ],
        &["--cookies", &owned],
        &["--write-info-json", "-vo", &owned],
        &[
            "--use-postprocessor",
            "Exec:exec_cmd=touch owned;when=pre_process",
        ],
    ];
    let owned_words = |attempt: &[&str]| attempt.iter().map(|&word| word.to_owned()).collect();
    attempts.into_iter().map(owned_words).collect()
}

#[tokio::test]
async fn no_argument_of_a_stranger_reaches_the_real_yt_dlp_and_each_would_do_harm() {
    let count = attempts(Path::new("")).len();
    let tried = (0..count).map(async |place| {
        let project = Project::with_talks(&[TALK]).await;
        project.put("evil.conf", "--exec \"pre_process:touch owned\"\n");
        project.put(
            "evil/x/yt_dlp_plugins/extractor/evil.py",
            "open('owned', 'w').close()\n",
        );
        let arguments = attempts(&project.path("")).swap_remove(place);
        let harmless = ["--sleep-requests", "0", "--xff", "never"].map(str::to_owned);
        let arguments = [arguments, harmless.into()].concat();
        let fetch = Project::fetch_table(Path::new("yt-dlp"), &arguments);
        let head = format!("title = \"T\"\ntalks = {}\n", talks(&[TALK]));
        project.put("catalog.toml", &format!("{head}{fetch}"));
        for command in ["doctor", "fetch"] {
            let ran = run(&project, distrusting(&project, command)).await;
            ran.ended(0).says(NOT_TRUSTED);
            assert_eq!(owned(&project), [""; 0], "{arguments:?}");
        }
        let command = "--trust fetch --redo metadata";
        run(&project, distrusting(&project, command)).await;
        assert_ne!(owned(&project), [""; 0], "harmless: {arguments:?}");
    });
    join_all(tried).await;
}

#[tokio::test]
async fn harmless_arguments_are_passed_without_a_question() {
    let project = Project::with_talks(&[TALK]).await;
    let arguments = ["--sleep-requests", "0", "--proxy", "", "-R", "1"].map(str::to_owned);
    let fetch = Project::fetch_table(Path::new("yt-dlp"), &arguments);
    let head = format!("title = \"T\"\ntalks = {}\n", talks(&[TALK]));
    project.put("catalog.toml", &format!("{head}{fetch}"));
    for command in ["doctor --json", "fetch"] {
        let ran = run(&project, distrusting(&project, command)).await.ended(0);
        assert!(!ran.stderr.contains("trust"), "{}", ran.stderr);
    }
    let ran = run(&project, distrusting(&project, "doctor --json")).await;
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let verdict = |name: &str| {
        let mut checks = report["checks"].as_array().unwrap().iter();
        let check = checks.find(|check| check["name"] == name).unwrap();
        check["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        (verdict("trust"), verdict("yt-dlp-args")),
        ("fine".into(), "fine".into())
    );
}

/// Runs the program on a terminal on which somebody types this line.
async fn on_terminal(project: &Project, arguments: &str, typed: &str) -> Ran {
    const PTY: &str = "
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
os.write(terminal, sys.argv[1].encode() + b'\\n')
seen = b''
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    seen += piece
_, status = os.waitpid(pid, 0)
sys.stderr.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(status))
";
    let program = distrusting(project, arguments);
    let mut command = Command::new(yt_dlp::host_python());
    command.args(["-c", PTY, typed]).arg(program.get_program());
    command.args(program.get_args());
    command.current_dir(program.get_current_dir().unwrap());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    run(project, command).await
}

#[tokio::test]
async fn it_is_asked_once_on_a_terminal_and_again_after_a_change() {
    const QUESTION: &str = "Do you allow this?";
    let project = Project::with_talks(&[TALK]).await;
    let wants = |command: &str| {
        let llm = format!("{}api_key_command = \"{command}\"\n", project.llm_table());
        project.catalog(&talks(&[TALK]), &llm);
        let catalog = project.read("catalog.toml");
        let (before_fetch, _) = catalog.split_once("[fetch]").unwrap();
        project.put("catalog.toml", before_fetch);
    };
    let once = "--offline build";
    wants("show \\u001b[2Jkey");
    let ran = on_terminal(&project, once, "n")
        .await
        .says(QUESTION)
        .says(NOT_TRUSTED);
    assert!(
        ran.stderr.contains("run the command `show "),
        "{}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("\u{1b}[2Jkey"), "{}", ran.stderr);
    // The no is remembered, and is said.
    let ran = on_terminal(&project, once, "y").await.says(NOT_TRUSTED);
    assert!(!ran.stderr.contains(QUESTION), "{}", ran.stderr);

    wants("show other");
    on_terminal(&project, once, "y")
        .await
        .says(QUESTION)
        .says("show other");
    for arguments in [once, "status"] {
        let ran = on_terminal(&project, arguments, "").await;
        assert!(!ran.stderr.contains("trust"), "{}", ran.stderr);
    }
    wants("show third");
    // Those who only look do not ask, and where nobody is, nobody is asked.
    let ran = on_terminal(&project, "status", "y").await.says(NOT_TRUSTED);
    assert!(!ran.stderr.contains(QUESTION), "{}", ran.stderr);
    run(&project, distrusting(&project, once))
        .await
        .says(NOT_TRUSTED);
    on_terminal(&project, once, "")
        .await
        .says(QUESTION)
        .says(NOT_TRUSTED);

    // Another catalog beside it is not meant.
    wants("show other");
    fs::copy(project.path("catalog.toml"), project.path("b.toml")).unwrap();
    let ran = run(&project, distrusting(&project, once)).await;
    assert!(!ran.stderr.contains("trust"), "{}", ran.stderr);
    let ran = run(
        &project,
        distrusting(&project, "--offline build --catalog b.toml"),
    )
    .await;
    ran.says("b.toml is not trusted");
}

#[tokio::test]
async fn what_somebody_puts_on_the_command_line_of_init_is_their_own() {
    let project = Project::with_catalog("").await;
    fs::remove_file(project.path("catalog.toml")).unwrap();
    let program = yt_dlp::yt_dlp();
    let init = format!(
        "init {TALK} --yt-dlp {} --yt-dlp-arg=--exec --yt-dlp-arg=true",
        program.display()
    );
    run(&project, distrusting(&project, &init)).await.ended(0);
    let ran = run(&project, distrusting(&project, "status"))
        .await
        .ended(0);
    assert!(!ran.stderr.contains("trust"), "{}", ran.stderr);
}

#[tokio::test]
async fn neither_yt_dlp_nor_the_command_for_the_key_gets_our_keys() {
    let project = Project::with_talks(&[TALK]).await;
    let key_command = "api_key_command = \"sh -c 'env > env-of-command; echo key'\"\n";
    let transcribe = format!("{}api_key_env = \"OUR_EARS\"\n", project.transcribe_table());
    project.catalog(
        &talks(&[TALK]),
        &format!("{}{key_command}{transcribe}", project.llm_table()),
    );
    let with_exec = "yt_dlp_args = [\"--exec\", \"pre_process:env > env-of-yt-dlp\", ";
    let catalog = project
        .read("catalog.toml")
        .replace("yt_dlp_args = [", with_exec);
    project.put("catalog.toml", &catalog);
    let mut command = project.command("build");
    for name in ["OPENAI_API_KEY", "GITHUB_TOKEN", "OUR_EARS", "VAULT_TOKEN"] {
        command.env(name, SECRET);
    }
    run(&project, command).await.ended(0);
    let of_yt_dlp = project.read("env-of-yt-dlp");
    assert!(of_yt_dlp.contains("PROCEEDINGS_FIXTURES="), "{of_yt_dlp}");
    assert!(!of_yt_dlp.contains(SECRET), "{of_yt_dlp}");
    // A password manager may need a secret of its own.
    let of_command = project.read("env-of-command");
    assert!(of_command.contains("VAULT_TOKEN="), "{of_command}");
    assert!(!of_command.contains("OPENAI_API_KEY="), "{of_command}");
}

#[tokio::test]
async fn a_key_is_not_sent_unencrypted_to_another_machine() {
    let project = Project::with_talks(&[TALK]).await;
    let llm =
        "[llm]\nmodel = \"m\"\nbase_url = \"http://192.0.2.1:9/v1\"\napi_key_env = \"OUR_KEY\"\n";
    project.catalog(&talks(&[TALK]), llm);
    let with_key = |arguments: &str| {
        let mut command = project.command(arguments);
        command.env("OUR_KEY", SECRET);
        run(&project, command)
    };
    let ran = with_key("build").await.ended(1);
    let ran =
        ran.says("the key would go to `http://192.0.2.1:9/v1` unencrypted, so nothing is sent");
    assert!(!ran.stderr.contains(SECRET), "{}", ran.stderr);
    let ran = with_key("doctor").await.ended(3);
    assert!(
        ran.stdout.contains("unencrypted, so nothing is sent"),
        "{}",
        ran.stdout
    );
}

/// What a review has said until now, once it is ended.
fn end(mut review: Review) -> String {
    review.child.kill().unwrap();
    let mut said = String::new();
    let stderr = review.child.stderr.as_mut().unwrap();
    stderr.read_to_string(&mut said).unwrap();
    said
}

#[tokio::test]
async fn the_preview_is_made_with_templates_of_a_stranger_only_where_they_are_trusted() {
    const OWN: &str = "<p>an own footer</p>";
    for (arguments, is_own) in [("review", false), ("--trust review", true)] {
        let project = Project::with_talks(&[TALK]).await;
        project.run("build").await.ended(0);
        let catalog = project.read("catalog.toml");
        let (tables, _) = catalog.split_once("[fetch]").unwrap();
        project.put("catalog.toml", tables);
        project.put("templates/html/footer.hbs", OWN);
        let command = distrusting(&project, arguments);
        let review = Review::started(project, command).await;
        for _ in 0..2 {
            let page = review.get("preview").send().await.unwrap();
            assert_eq!(page.status(), StatusCode::OK);
            let page = page.text().await.unwrap();
            assert_eq!(page.contains(OWN), is_own, "{arguments}");
            review.conference().await;
        }
        let kept = review.project.trusted().exists();
        let said = end(review);
        let count = said.matches("with page templates of its own").count();
        assert_eq!((count, kept), (usize::from(!is_own), is_own), "{said}");
    }
}

#[tokio::test]
async fn a_review_of_a_strangers_catalog_starts_nothing_and_says_once_what_is_left_out() {
    let project = everything_hostile().await;
    let command = distrusting(&project, "review --edit");
    let review = Review::started(project, command).await;
    review.conference().await;
    review.edit(TALK, json!({ "do": "hide" })).await;
    let page = review.get("preview").send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    assert_nothing_was_had(&review.project, "review").await;
    let said = end(review);
    assert_eq!(said.matches(NOT_TRUSTED).count(), 1, "{said}");
}
