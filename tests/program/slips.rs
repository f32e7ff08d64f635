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
            "hint: give the path of a page in the origin's format",
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
            "error: `fetch` makes no summary\nhint: `proceedings summarize --redo summary` does",
        ),
        (
            "summarize --redo category,metadata",
            "error: `summarize` makes no metadata\nhint: `proceedings fetch --redo metadata` does",
        ),
        (
            "summarize --dry-run --redo transcript",
            "error: `summarize` makes no transcript",
        ),
        ("build --limit none", "a whole number above 0 is wanted"),
    ] {
        project.run(command).await.ended(2).says(complaint);
    }
    project.catalog("[]", "");
    for command in ["build", "render"] {
        project
            .run(command)
            .await
            .ended(0)
            .says("there is nothing to show: the catalog lists no talks");
    }
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
    let project = Project::with_talks(&[]).await;
    project.catalog(&talks(&[]), "");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    project
        .run(&format!("review --port {port}"))
        .await
        .ended(1)
        .says(&format!("cannot listen on port {port} of 127.0.0.1"))
        .says("hint: choose another port");
}
