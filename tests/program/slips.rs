//! Slips on the command line: each is answered with where it is and what to do.

use std::net::TcpListener;

use crate::project::{Project, talks};

#[tokio::test]
async fn a_file_that_cannot_be_read_is_named_with_what_to_give() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put("folder/catalog.toml", "title = \"T\"");
    for (command, path, advice) in [
        (
            "import nope.md --into new",
            "cannot read `nope.md`",
            "hint: name a Markdown page of the earlier tool",
        ),
        (
            "--catalog nope.toml render",
            "cannot read `nope.toml`",
            "`proceedings init PLAYLIST-URL`",
        ),
        (
            "--catalog folder render",
            "cannot read `folder`",
            "hint: it is a folder; name the catalog in it with `--catalog folder",
        ),
        (
            "--catalog folder init rustyCache1",
            "cannot read `folder`",
            "hint: it is a folder;",
        ),
        (
            "--catalog new.toml init --ids nope.txt",
            "cannot read `nope.txt`",
            "hint: give the path of a file with a link or an id a line",
        ),
    ] {
        project.run(command).await.ended(2).says(path).says(advice);
    }
}

#[tokio::test]
async fn a_slip_in_a_file_of_ids_is_named_with_its_line() {
    let project = Project::with_talks(&[]).await;
    project.put("ids.txt", "rustyCache1\n\n# more\nkernelSche # cut\n");
    project
        .run("--catalog new.toml init --ids ids.txt")
        .await
        .ended(2)
        .says("error: ids.txt:4: `kernelSche` is neither a video id")
        .says("hint: a line holds one id or link");
    assert!(!project.path("new.toml").exists());
}

#[tokio::test]
async fn what_would_be_passed_over_without_a_word_is_said() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    for (command, complaint) in [
        (
            "fetch --redo summary",
            "error: `fetch` does not make the stage summary\nhint: `proceedings summarize --redo summary` does",
        ),
        (
            "summarize --redo category,metadata",
            "error: `summarize` does not make the stage metadata\nhint: `proceedings fetch --redo metadata` does",
        ),
        (
            "summarize --dry-run --redo transcript",
            "error: `summarize` does not make the stage transcript",
        ),
        ("build --limit none", "write a whole number above 0"),
    ] {
        project.run(command).await.ended(2).says(complaint);
    }
    project.catalog("[]", "");
    for command in ["build", "render", "build --dry-run", "status", "check"] {
        project
            .run(command)
            .await
            .ended(2)
            .says("error: there are no talks in catalog.toml")
            .says("hint: add them with `proceedings init PLAYLIST-URL`");
    }
    assert!(!project.path("page").exists());
}

#[tokio::test]
async fn strict_names_the_talks_that_it_refuses() {
    let ids = ["rustyCache1", "kernelSched"];
    let project = Project::with_talks(&ids).await;
    project.run("build").await.ended(0);
    let prompt = include_str!("../../prompts/summary.hbs").replace("Be concrete", "Be brief");
    project.put("prompts/summary.hbs", &prompt);
    project.run("build --only rustyCache1").await.ended(0);
    project
        .run("render --strict")
        .await
        .ended(1)
        .says("`--strict` refuses the stale results of 1 talk: kernelSched\n")
        .says("hint: `proceedings status` says why");
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.catalog(&talks(&["rustyCache1"]), "");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    project
        .run(&format!("review --port {port}"))
        .await
        .ended(1)
        .says(&format!("cannot listen on port {port} of 127.0.0.1"))
        .says("hint: choose another port");
}

#[tokio::test]
async fn all_mistakes_of_a_catalog_are_told_at_once() {
    let text = "title = \"T\"\ntalks = [\n  \"rustyCache1\"\n  \"kernelSched\",\n]\n[llm]\nmodell = \"m\"\n";
    let project = Project::with_catalog(text).await;
    project
        .run("build")
        .await
        .ended(2)
        .says("error: catalog.toml has 2 mistakes:\n  catalog.toml:3: a comma is missing after `\"rustyCache1\"`\n    → write `\"rustyCache1\",`\n  catalog.toml:7: unknown key `modell`\n    → did you mean `model`?\n");
    let report = project.run("doctor --offline").await.ended(3).stdout;
    for line in [
        "catalog.toml:3: a comma is missing",
        "→ write `\"rustyCache1\",`",
        "catalog.toml:7: unknown key `modell`",
        "→ did you mean `model`?",
    ] {
        assert!(report.contains(line), "{report}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn paths_begin_at_home_and_no_folder_is_called_so() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let home = project.path("home");
    let text = project.read("catalog.toml");
    project.put(
        "catalog.toml",
        &format!("output = \"~/page\"\ncache = \"~/cache\"\n{text}"),
    );
    project.put("home/tilde.toml", "");
    let run = |arguments: &str| {
        let mut command = project.command(arguments);
        command.env("HOME", &home).env("USERPROFILE", &home);
        project.ran(&command.output().unwrap())
    };
    run("build").ended(0);
    run("render --output=~/other --format=csv").ended(0);
    run("--catalog=~/tilde.toml render")
        .ended(2)
        .says("home/tilde.toml");
    run("render --output=~me/page")
        .ended(2)
        .says("`~me` is somebody's home")
        .says("write the whole path");
    assert!(home.join("page/index.html").exists());
    assert!(home.join("cache/rustyCache1").exists());
    assert!(home.join("other/page.csv").exists());
    assert!(!project.path("~").exists());
    assert!(!project.path("~me").exists());
}

#[tokio::test]
async fn a_prompt_or_template_that_is_not_used_is_named() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put("prompts/sumary.hbs", "");
    project.put("prompts/README.md", "");
    project.put("templates/page.hbs", "");
    let said = project.run("build").await.ended(0).stderr;
    let sentence = "`prompts/sumary.hbs` is not used; did you mean `summary.hbs`?";
    assert_eq!(said.matches(sentence).count(), 1, "{said}");
    assert!(said.contains("`templates/page.hbs` is not used"), "{said}");
    assert!(!said.contains("README"), "{said}");
    project.run("render").await.ended(0).says(sentence);
    let report = project.run("doctor --offline").await.stdout;
    assert!(report.contains(sentence), "{report}");
    let quiet = project.run("-q render").await.ended(0).stderr;
    assert!(!quiet.contains("sumary"), "{quiet}");
}

#[tokio::test]
async fn a_page_before_the_first_build_says_how_to_begin() {
    let project = Project::with_talks(&["rustyCache1", "kernelSched"]).await;
    project
        .run("render")
        .await
        .ended(1)
        .says("error: nothing is fetched yet")
        .says("hint: run `proceedings build`");
    assert!(!project.path("page").exists());

    project.run("build --only rustyCache1").await;
    project
        .run("render")
        .await
        .ended(3)
        .says("kernelSched  it is not cached, and this command does not fetch")
        .says("`proceedings fetch`");
}
