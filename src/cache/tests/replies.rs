//! Replies: found by their request, kept beside each other, set aside, never overwritten.

use futures::future;

use super::*;

#[tokio::test]
async fn a_reply_is_found_by_its_request_and_by_no_other() {
    let fixture = Fixture::new();
    let kept = fixture.keep(&request("a"), "reply to a").await;
    assert_eq!(words(&kept), "reply to a");
    assert_eq!(fixture.look_up(&request("a")), "reply to a");
    assert_eq!(fixture.look_up(&request("b")), "miss");
    let category = fixture
        .snapshot()
        .reply(&fixture.talk, Stage::Category, &request("a"));
    assert!(matches!(category, Ok(Lookup::Miss)));
}

#[tokio::test]
async fn a_repeat_stands_beside_the_first_reply_and_counts() {
    let fixture = Fixture::new();
    for number in 1..=11 {
        fixture
            .keep(&request("a"), &format!("reply {number}"))
            .await;
    }
    assert_eq!(fixture.look_up(&request("a")), "reply 11");
    assert_eq!(fixture.replies(&fixture.talk).len(), 11);
    let digest = request("a").digest(&fixture.talk, Stage::Summary);
    assert!(fixture.path(&format!("summary-{digest}.json")).exists());
    assert!(fixture.path(&format!("summary-{digest}.11.json")).exists());
}

#[tokio::test]
async fn replies_that_arrive_at_the_same_time_are_both_kept() {
    let fixture = Fixture::new();
    let (a, same) = (request("a"), request("a"));
    future::join(fixture.keep(&a, "one"), fixture.keep(&same, "other")).await;
    let mut replies = fixture.replies(&fixture.talk);
    replies.sort_unstable();
    assert_eq!(replies, ["one", "other"]);
}

#[tokio::test]
async fn a_reply_that_was_set_aside_is_no_hit_and_hides_no_earlier_one() {
    let fixture = Fixture::new();
    let a = request("a");
    fixture.keep(&a, "one").await;
    let two = fixture.keep(&a, "two").await;
    fixture.cache.reject(&two).unwrap();
    assert_eq!(fixture.look_up(&a), "one");
    assert_eq!(fixture.replies(&fixture.talk), ["one"]);
    let digest = a.digest(&fixture.talk, Stage::Summary);
    let aside = fixture.path(&format!("summary-{digest}.2.rejected.json"));
    assert!(fs::read_to_string(&aside).unwrap().contains("two"));

    fixture.keep(&a, "three").await;
    assert_eq!(fixture.look_up(&a), "three");
    assert!(fixture.path(&format!("summary-{digest}.3.json")).exists());
}

#[tokio::test]
async fn a_reply_set_aside_takes_the_place_of_no_other() {
    let fixture = Fixture::new();
    let a = request("a");
    let one = fixture.keep(&a, "one").await;
    fixture.cache.reject(&one).unwrap();
    // Another run listed the folder before the first reply was kept, and so took its number too.
    let digest = a.digest(&fixture.talk, Stage::Summary);
    let rejected = format!("summary-{digest}.rejected.json");
    let text = fs::read_to_string(&fixture.path(&rejected)).unwrap();
    fixture.write(
        &format!("summary-{digest}.json"),
        &text.replace("one", "other"),
    );
    assert_eq!(fixture.look_up(&a), "other");

    fixture.cache.reject(&one).unwrap();
    let second = format!("summary-{digest}.2.rejected.json");
    assert_eq!(fixture.names(), [second.as_str(), &rejected]);
    assert_eq!(fixture.look_up(&a), "rejected");
}

#[tokio::test]
async fn the_latest_reply_comes_first_whatever_its_name() {
    let fixture = Fixture::new();
    for (words, year) in [("b", 2024), ("c", 2026), ("a", 2023), ("d", 2025)] {
        let kept = fixture.keep(&request(words), words).await;
        set_made_at(&kept.path, &format!("{year}-01-01T00:00:00Z"));
    }
    assert_eq!(fixture.replies(&fixture.talk), ["c", "d", "b", "a"]);
}

#[tokio::test]
async fn a_video_and_a_part_of_it_have_replies_of_their_own() {
    let fixture = Fixture::new();
    let part = TalkId {
        start: Some(60),
        ..fixture.talk.clone()
    };
    fixture.keep(&request("a"), "of the video").await;
    let reply = Reply::Excerpt("of the part".into());
    let a = request("a");
    let kept = fixture
        .cache
        .keep_reply(Owner::Talk(&part), Stage::Summary, &a, reply);
    kept.await.unwrap();
    assert_eq!(fixture.replies(&fixture.talk), ["of the video"]);
    assert_eq!(fixture.replies(&part), ["of the part"]);
    assert_eq!(fixture.look_up(&request("a")), "of the video");
}
