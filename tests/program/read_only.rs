//! A cache that can only be read, as in a container or on a share: what is there is shown, and
//! nothing is paid for that could not be kept.

use crate::mounts;
use crate::project::{Project, SUMMARY, talks};

const IDS: [&str; 2] = ["rustyCache1", "kernelSched"];

/// Runs every command given, on a cache that is read-only from then on, and says how each ended.
const STORY: &str = r#"
set -u
mount --bind cache cache && mount -o remount,ro,bind cache || exit 9
printf '%s\n' "$COMMANDS" | while read -r command; do
    "$PROCEEDINGS" -q $command >said 2>&1; echo "$command: $?"
    cat said >&2
done
"#;

/// What each command ended with, and what they said.
async fn on_read_only(project: &Project, commands: &[&str]) -> Option<(String, String)> {
    let commands = commands.join("\n");
    let ran = mounts::story(project, STORY, &[("COMMANDS", &commands)]).await?;
    let ran = ran.ended(0);
    Some((ran.stdout, ran.stderr))
}

#[tokio::test]
async fn what_needs_no_writing_is_done() {
    let project = Project::with_talks(&IDS).await;
    let talk = r#"["rustyCache1", { id = "kernelSched", title = "Schedulers" }]"#;
    project.catalog(talk, &project.llm_table());
    project.put("captions/kernelSched.txt", "Nobody waits. Everybody runs.");
    project.run("build").await.ended(0);
    let asked = project.requests().await.len();
    std::fs::remove_dir_all(project.path("page")).unwrap();
    // As after a checkout: the same words at another time.
    project.put("captions/kernelSched.txt", "Nobody waits. Everybody runs.");

    let commands = [
        "build",
        "build --offline",
        "render --strict",
        "status",
        "check --json --kind damaged",
        "cache verify",
        "cache prune --yes",
        "cache export conference.zip",
        "cache import conference.zip",
    ];
    let Some((ended, said)) = on_read_only(&project, &commands).await else {
        return;
    };
    let well: String = commands.map(|command| format!("{command}: 0\n")).concat();
    assert_eq!(ended, well, "{said}");
    assert!(project.read("page/page.md").contains(SUMMARY[0]));
    assert_eq!(project.requests().await.len(), asked);
}

#[tokio::test]
async fn what_could_not_be_kept_is_refused_before_it_is_paid_for() {
    let project = Project::with_talks(&IDS).await;
    project.run("build --only rustyCache1").await.ended(0);
    project.run("fetch").await.ended(0);
    let (asked, visits) = (project.requests().await.len(), project.visits());
    let cached = project.cached();

    let commands = ["build", "build --redo summary", "build --redo metadata"];
    let Some((ended, said)) = on_read_only(&project, &commands).await else {
        return;
    };
    let refused: String = commands.map(|command| format!("{command}: 1\n")).concat();
    assert_eq!(ended, refused, "{said}");
    assert_eq!(
        said.matches("Read-only file system").count() % 3,
        0,
        "{said}"
    );
    let hint = "hint: check the permissions of the cache folder and the space on its disk";
    assert_eq!(said.matches(hint).count(), 3, "{said}");
    assert_eq!(project.requests().await.len(), asked, "{said}");
    assert_eq!(project.visits(), visits, "{said}");
    assert_eq!(project.cached(), cached);

    // With a cache that can be written it goes on as if nothing had been.
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), asked + 2);
}

#[tokio::test]
async fn nothing_is_taken_or_removed() {
    let project = Project::with_talks(&IDS).await;
    project.run("build").await.ended(0);
    project.run("cache export all.zip").await.ended(0);
    project.catalog(&talks(&IDS[..1]), &project.llm_table());
    std::fs::remove_file(project.path("cache/rustyCache1/captions.json")).unwrap();
    let cached = project.cached();
    let commands = ["cache prune --yes", "cache import all.zip"];
    let Some((ended, said)) = on_read_only(&project, &commands).await else {
        return;
    };
    assert_eq!(
        ended, "cache prune --yes: 1\ncache import all.zip: 1\n",
        "{said}"
    );
    assert_eq!(project.cached(), cached);
}

/// Begins a review in a folder that can only be read.
const REVIEW: &str = r#"
set -u
mount --bind . . && cd "$PWD" && mount -o remount,ro,bind . || exit 9
"$PROCEEDINGS" review --edit 2>&1
echo "ended: $?"
"#;

#[tokio::test]
async fn a_review_that_could_not_be_saved_does_not_begin() {
    let project = Project::with_talks(&IDS).await;
    project.run("build").await.ended(0);
    let Some(ran) = mounts::story(&project, REVIEW, &[]).await else {
        return;
    };
    let said = ran.ended(0).stdout;
    assert!(said.contains("error: cannot write to `"), "{said}");
    assert!(said.contains("without `--edit`"), "{said}");
    assert!(said.ends_with("ended: 1\n"), "{said}");
}
