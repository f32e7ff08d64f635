//! Archives that others have made: they bring in what is wanted and was not here, say so, and take
//! the place of nothing.

use std::fs::{self, File};
use std::io::Write;

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::project::{Project, SUMMARY, completion};

const THEIRS: [&str; 2] = [
    "Strangers write sentences that nobody at this conference has ever asked a model for.",
    "Their archive is taken for what it is and changes nothing that was made here before.",
];

/// A conference of somebody else about the same talks, and the archive of its cache.
async fn stranger(ids: &[&str]) -> Project {
    let theirs = Project::with_talks(ids).await;
    let reply = json!({ "first_sentence": THEIRS[0], "second_sentence": THEIRS[1] });
    theirs.reply("summary", ids.iter().map(|_| completion(&reply)));
    theirs.run("build").await.ended(0);
    theirs.run("cache export theirs.zip").await.ended(0);
    theirs
}

fn hand_over(from: &Project, to: &Project) {
    fs::copy(from.path("theirs.zip"), to.path("theirs.zip")).unwrap();
}

#[tokio::test]
async fn what_was_made_here_stays_and_both_sides_are_shown() {
    let theirs = stranger(&["rustyCache1"]).await;
    let ours = Project::with_talks(&["rustyCache1"]).await;
    ours.run("build").await.ended(0);
    hand_over(&theirs, &ours);
    let page = ours.read("page/page.md");
    let of_stage = |stage: &str| {
        let names = fs::read_dir(ours.path("cache/rustyCache1")).unwrap();
        let names = names
            .flatten()
            .map(|file| file.file_name().into_string().unwrap());
        names.filter(|name| name.starts_with(stage)).count()
    };

    let listed = ours.run("cache import theirs.zip --list").await.ended(0);
    let lines: Vec<&str> = listed.stdout.lines().collect();
    assert_eq!(lines.len(), 6, "{}", listed.stdout);
    for line in lines.iter().filter(|line| line.contains("/summary-")) {
        let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
        assert!(line.contains(&format!("archive {today}")), "{line}");
        assert!(line.contains(&format!("here {today}")), "{line}");
        assert!(line.ends_with("what is here stays"), "{line}");
    }
    let taken = ours.run("cache import theirs.zip").await.ended(0);
    // Their category answers another question, which their summary is part of.
    taken
        .says("6 files in theirs.zip, ")
        .says("2 files taken, 2 known already")
        .says("2 files not taken, since what is here stays; `--list` shows both sides");
    assert_eq!(["metadata", "summary", "category"].map(of_stage), [1, 1, 2]);
    ours.run("render").await.ended(0);
    assert_eq!(ours.read("page/page.md"), page);
    assert!(page.contains(SUMMARY[0]));
}

#[tokio::test]
async fn what_came_is_marked_and_what_is_made_here_later_wins() {
    let theirs = stranger(&["rustyCache1", "kernelSched"]).await;
    let ours = Project::with_talks(&["rustyCache1"]).await;
    hand_over(&theirs, &ours);
    ours.run("cache import theirs.zip")
        .await
        .ended(0)
        .says("6 files taken, 0 known already")
        .says("6 files not taken, of talks that are not in the catalog; `--all-talks` takes them");
    let page = ours.run("render --format json --output -").await.ended(0);
    let page: Value = serde_json::from_str(&page.stdout).unwrap();
    assert_eq!(page["talks"][0]["summary"]["made"]["from_archive"], true);
    assert!(
        page["talks"][0]["summary"]["text"]
            .as_str()
            .unwrap()
            .contains(THEIRS[0])
    );

    let verified = ours.run("cache verify").await.ended(0).stdout;
    assert!(
        verified.contains("no request here made 2 replies, out of the archive `theirs.zip` on "),
        "{verified}"
    );
    let json = ours.run("cache verify --json").await.ended(0).stdout;
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["arrived"].as_array().unwrap().len(), 2);

    ours.run("build --redo summary").await.ended(0);
    let page = ours.run("render --format json --output -").await.ended(0);
    let page: Value = serde_json::from_str(&page.stdout).unwrap();
    assert_eq!(page["talks"][0]["summary"]["made"]["from_archive"], false);
    assert!(
        page["talks"][0]["summary"]["text"]
            .as_str()
            .unwrap()
            .contains(SUMMARY[0])
    );
    ours.run("cache import theirs.zip").await.ended(0);
    ours.run("render").await.ended(0);
    assert!(ours.read("page/page.md").contains(SUMMARY[0]));

    ours.run("cache import theirs.zip --all-talks")
        .await
        .ended(0)
        .says("6 files taken, ");
}

#[tokio::test]
async fn a_page_that_was_taken_over_counts_before_a_strangers_reply() {
    let theirs = stranger(&["rustyCache1"]).await;
    let ours = Project::with_talks(&["rustyCache1"]).await;
    ours.run("build").await.ended(0);
    ours.run("import page/classic.md --into taken")
        .await
        .ended(0);
    let catalog = ours.read("taken/catalog.toml");
    ours.put(
        "taken/catalog.toml",
        &format!("{catalog}\n{}", ours.llm_table()),
    );
    hand_over(&theirs, &ours);
    let import = "--catalog taken/catalog.toml cache import theirs.zip";
    ours.run(import).await.ended(0);
    let render = "--catalog taken/catalog.toml render --format markdown --output -";
    let page = ours.run(render).await.stdout;
    assert!(
        page.contains(SUMMARY[0]) && !page.contains(THEIRS[0]),
        "{page}"
    );
}

#[tokio::test]
async fn an_archive_of_a_stranger_writes_what_it_may_and_nothing_else() {
    let ours = Project::with_talks(&["rustyCache1"]).await;
    ours.run("build").await.ended(0);
    let before = ours.cached();
    let summary = fs::read_dir(ours.path("cache/rustyCache1")).unwrap();
    let mut summary = summary.flatten().map(|file| file.path());
    let summary = summary.find(|file| file.to_string_lossy().contains("summary-"));
    let summary = summary.unwrap();
    let name = summary.file_name().unwrap().to_str().unwrap().to_owned();
    let mut forged: Value = serde_json::from_slice(&fs::read(&summary).unwrap()).unwrap();
    forged["made_at"] = json!("2098-01-01T00:00:00Z");
    let forged = serde_json::to_vec(&forged).unwrap();
    let mut archive = ZipWriter::new(File::create(ours.path("hostile.zip")).unwrap());
    let rejected = name.replace(".json", ".rejected.json");
    let repeat = name.replace(".json", ".99.json");
    for entry in [
        format!("rustyCache1/{name}"),
        format!("rustyCache1/{rejected}"),
        format!("rustyCache1/{repeat}"),
        "rustyCache1/arrivals.json".to_owned(),
        "../outside.json".to_owned(),
        "/tmp/outside.json".to_owned(),
        ".locks/writers".to_owned(),
        "\u{1b}]0;owned\u{7}.json".to_owned(),
    ] {
        archive
            .start_file(entry, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(&forged).unwrap();
    }
    archive
        .add_symlink(
            "rustyCache1/captions.json",
            "/etc/passwd",
            SimpleFileOptions::default(),
        )
        .unwrap();
    archive.finish().unwrap();
    for flag in ["--list", "", "--own", "--all-talks"] {
        let ran = ours
            .run(&format!("cache import hostile.zip {flag}"))
            .await
            .ended(3);
        assert!(!(ran.stderr + &ran.stdout).contains('\u{1b}'));
        assert_eq!(ours.cached(), before, "{flag}");
    }
    let ran = ours.run("cache import hostile.zip").await.ended(3);
    ran.says("0 files taken, 0 known already")
        .says("it is dated 2098-01-01, which is in the future")
        .says("not taken: ../outside.json: it is no file of a cache");
    ours.run("cache import hostile.zip --max-megabytes 0")
        .await
        .ended(1)
        .says("the limit is 0 B")
        .says("`--max-megabytes`");
    ours.run("build").await.ended(0);
    assert_eq!(ours.requests().await.len(), 2);
}
