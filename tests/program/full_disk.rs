//! A disk that fills up while replies are paid for.

use crate::mounts;
use crate::project::{Project, talks};

const TALKS: [&str; 12] = [
    "diskTalk001",
    "diskTalk002",
    "diskTalk003",
    "diskTalk004",
    "diskTalk005",
    "diskTalk006",
    "diskTalk007",
    "diskTalk008",
    "diskTalk009",
    "diskTalk010",
    "diskTalk011",
    "diskTalk012",
];
/// How many requests are under way at once in these projects.
const AT_ONCE: usize = 4;
/// Room for a few more files of one page each.
const ROOM: &str = "20";

/// Fetches, builds on a disk that is nearly full, and builds again when there is room.
const STORY: &str = r#"
set -u
mkdir -p cache && mount -t tmpfs -o size=10m tmpfs cache
"$PROCEEDINGS" -q fetch || exit 9
used=$(df -k --output=used cache | tail -1)
mount -o remount,size=$((used + $ROOM))k cache
"$PROCEEDINGS" build; echo "full: $?"
echo "kept: $(ls cache/*/summary-* cache/*/category-* 2>/dev/null | wc -l)"
mount -o remount,size=10m cache
"$PROCEEDINGS" -q build; echo "roomy: $?"
echo "kept: $(ls cache/*/summary-* cache/*/category-* | wc -l)"
"$PROCEEDINGS" cache verify
"#;

#[tokio::test]
async fn at_most_what_was_under_way_is_lost() {
    let project = Project::with_talks(&TALKS).await;
    let table = format!("{}concurrency = {AT_ONCE}\n", project.llm_table());
    project.catalog(&talks(&TALKS), &table);
    let Some(ran) = mounts::story(&project, STORY, &[("ROOM", ROOM)]).await else {
        return;
    };
    let ran = ran.ended(0);
    let said = |what: &str| -> Vec<usize> {
        let lines = ran.stdout.lines();
        let numbers = lines.filter_map(|line| line.strip_prefix(what)?.trim().parse().ok());
        numbers.collect()
    };
    assert_eq!(
        (said("full:"), said("roomy:")),
        (vec![1], vec![0]),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("cannot write `cache/"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("the space on its disk"),
        "{}",
        ran.stderr
    );
    assert!(ran.stdout.ends_with("all are in order\n"), "{}", ran.stdout);

    let [first, all] = said("kept:")[..] else {
        panic!("{}", ran.stdout)
    };
    assert!(first < all, "the disk was never full");
    assert_eq!(all, 2 * TALKS.len());
    let paid = project.requests().await.len();
    assert!(paid - all <= AT_ONCE, "{paid} requests for {all} replies");
}
