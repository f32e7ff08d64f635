//! Who asks the endpoint: headers from the environment, and the command that prints the key.

use std::fs;

use wiremock::ResponseTemplate;

use crate::project::{Project, talks};

#[tokio::test]
async fn headers_are_filled_from_the_environment_and_shown_nowhere() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let tables = format!(
        "{}headers = {{ api-key = \"$TEST_KEY\", X-Title = \"Test Conf\" }}\n",
        project.llm_table()
    );
    project.catalog(&talks(&["rustyCache1"]), &tables);
    let ran = project.run("build").await.ended(1);
    ran.says("`TEST_KEY` is not set")
        .says("hint: set it with `export TEST_KEY=…` (in PowerShell: `$env:TEST_KEY = \"…\"`)");
    assert_eq!(project.requests().await.len(), 0);

    let repeating = ResponseTemplate::new(500).set_body_string("your key is verysecret");
    project.reply("summary", [repeating.insert_header("retry-after", "0")]);
    let mut command = project.command("-v build");
    command.env("TEST_KEY", " verysecret\n");
    let ran = project.ran(&command.output().unwrap()).ended(0);
    assert!(ran.stderr.contains("your key is …"), "{}", ran.stderr);
    assert!(!ran.stderr.contains("verysecret") && !ran.stdout.contains("verysecret"));
    for headers in project.headers().await {
        assert_eq!(headers["api-key"], "verysecret");
        assert_eq!(headers["x-title"], "Test Conf");
        assert!(!headers.contains_key("authorization"));
    }
    for file in fs::read_dir(project.path("cache/rustyCache1")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("verysecret"), "{text}");
    }
}

#[tokio::test]
async fn the_command_for_the_key_is_run_only_when_something_is_asked() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let with_command = format!(
        "{}api_key_command = \"no-such-password-manager show key\"\n",
        project.llm_table()
    );
    let ids = talks(&["rustyCache1"]);
    project.catalog(&ids, &with_command);
    let ran = project.run("build").await.ended(1);
    ran.says("`no-such-password-manager` gave no API key")
        .says("hint: run the `api_key_command`");
    assert_eq!(project.requests().await.len(), 0);

    project.catalog(&ids, &project.llm_table());
    project.run("build").await.ended(0);
    project.catalog(&ids, &with_command);
    for arguments in ["render", "--offline build", "build"] {
        project.run(arguments).await.ended(0);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_command_for_the_key_is_run_once_a_run() {
    let project = Project::with_talks(&["rustyCache1", "-cBplHNM4RA"]).await;
    let tables = format!(
        "{}api_key_command = \"sh -c 'echo run >> runs; echo verysecret'\"\n",
        project.llm_table()
    );
    project.catalog(&talks(&["rustyCache1", "-cBplHNM4RA"]), &tables);
    project.run("build").await.ended(0);
    assert_eq!(project.read("runs"), "run\n");
    let headers = project.headers().await;
    // The look at the endpoint before the first visit, and four replies.
    assert_eq!(headers.len(), 5);
    for headers in headers {
        assert_eq!(headers["authorization"], "Bearer verysecret");
    }
}

#[tokio::test]
async fn a_key_that_is_written_into_the_catalog_is_refused_and_not_repeated() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let tables = format!(
        "{}headers = {{ api-key = \"verysecret\" }}\n",
        project.llm_table()
    );
    project.catalog(&talks(&["rustyCache1"]), &tables);
    let ran = project.run("build").await.ended(2);
    let ran = ran
        .says("the header `api-key` carries a key")
        .says("hint: put it into");
    assert!(!ran.stderr.contains("verysecret"), "{}", ran.stderr);
}
