//! Which caption track is taken, and how little is asked for it.

use serde_json::{Value, json};

use super::{AT_ONCE, Conference, track, video, video_with};
use crate::fake_youtube::Request;
use crate::project::talks;

/// The language, the kind and the first word of what was kept of a talk, how many captions were
/// asked for, and how many of these were translations.
fn taken(conference: &Conference, video: &str) -> (String, usize, usize) {
    let transcript = conference.transcript(video);
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let cue = text(&transcript["cues"][0]);
    let word = cue.split(' ').nth(2).unwrap_or_default();
    let (language, kind) = (text(&transcript["language"]), text(&transcript["kind"]));
    let requests = conference.youtube.requests();
    let of_video =
        |request: &&Request| request.kind == "captions" && request.video.as_deref() == Some(video);
    let is_translation = |request: &&Request| request.query.contains_key("tlang");
    let asked = requests.iter().filter(of_video);
    let translations = asked.clone().filter(is_translation).count();
    (
        format!("{language} {kind}: {word}"),
        asked.count(),
        translations,
    )
}

#[tokio::test]
async fn manual_captions_of_the_wanted_language_come_first() {
    let automatic = || track("en", "auto", &[(0.0, "heard by a machine")]);
    let manual = |language| track(language, "manual", &[(0.0, "written by a person")]);
    let german = || track("de", "manual", &[(0.0, "geschrieben von Hand")]);
    let table = [
        (
            "manualOnly1",
            json!([manual("en")]),
            "en manual: written",
            1,
        ),
        (
            "manualEngl1",
            json!([automatic(), german(), manual("en")]),
            "en manual: written",
            1,
        ),
        (
            "automaticEn",
            json!([automatic()]),
            "en automatic: heard",
            1,
        ),
        (
            "foreignHand",
            json!([german(), automatic()]),
            "en automatic: heard",
            1,
        ),
        (
            "americanEn1",
            json!([manual("en-US")]),
            "en-US manual: written",
            1,
        ),
        (
            "britishEng1",
            json!([manual("en-GB"), german()]),
            "en-GB manual: written",
            1,
        ),
        // yt-dlp gives the automatic ones the name that was asked for.
        (
            "britishEng2",
            json!([automatic(), manual("en-GB")]),
            "en-GB manual: written",
            2,
        ),
    ];
    let videos = table
        .clone()
        .map(|(id, captions, ..)| video_with(id, &captions));
    let Some(conference) = Conference::of(&videos).await else {
        return;
    };
    conference.run("fetch").await.ended(0);
    for (id, _, expected, most_requests) in table {
        let (taken, requests, _) = taken(&conference, id);
        assert_eq!(taken, expected, "{id}");
        assert!(requests <= most_requests, "{id}: {requests} requests");
        assert_eq!(conference.visits(id), 1, "{id}");
    }
}

#[tokio::test]
async fn a_talk_is_read_in_the_language_that_was_spoken() {
    let german = json!([track("de", "auto", &[(0.0, "guten Morgen und willkommen")])]);
    let ids = ["deutscher01", "deutscher02", "deutscher03", "deutscher04"];
    let mut videos = ids.map(|id| video_with(id, &german)).to_vec();
    videos.push(video("english0001"));
    let Some(conference) = Conference::of(&videos).await else {
        return;
    };
    conference.catalog(
        &talks(&[&ids[..], &["english0001"]].concat()),
        "",
        "concurrency = 1\n",
    );
    conference.run("fetch").await.ended(0);
    let mut translations = 0;
    for id in ids {
        let (taken, _, translated) = taken(&conference, id);
        assert_eq!(taken, "de automatic: guten");
        assert_eq!(conference.visits(id), 1, "{id}");
        translations += translated;
    }
    // Once is enough to learn that this conference is not spoken in the catalog's language.
    assert!(
        translations <= 1,
        "{translations} translations were asked for"
    );
    assert_eq!(
        taken(&conference, "english0001"),
        ("en automatic: good".to_owned(), 1, 0)
    );
}

#[tokio::test]
async fn the_language_of_a_talk_wins_over_that_of_the_conference() {
    let tracks = json!([
        track("de", "manual", &[(0.0, "geschrieben von Hand")]),
        track("en", "manual", &[(0.0, "written by a person")]),
    ]);
    let spoken = json!([track("de", "auto", &[(0.0, "guten Morgen und willkommen")])]);
    let videos = [
        video_with("germanOfTwo", &tracks),
        video_with("germanAlone", &spoken),
    ];
    let Some(conference) = Conference::of(&videos).await else {
        return;
    };
    let talks =
        r#"[{ id = "germanOfTwo", language = "de" }, { id = "germanAlone", language = "de" }]"#;
    conference.catalog(talks, "", AT_ONCE);
    conference.run("fetch").await.ended(0);
    assert_eq!(
        taken(&conference, "germanOfTwo"),
        ("de manual: geschrieben".to_owned(), 1, 0)
    );
    assert_eq!(
        taken(&conference, "germanAlone"),
        ("de automatic: guten".to_owned(), 1, 0)
    );
}

#[tokio::test]
async fn the_parts_of_a_recording_are_fetched_at_once() {
    let Some(conference) = Conference::of(&[video("dayLongVid1")]).await else {
        return;
    };
    let part = |start, end, title| {
        format!(
            "{{ id = \"dayLongVid1\", start = \"{start}\", end = \"{end}\", title = \"{title}\" }}"
        )
    };
    let parts = [
        part("0:00", "0:03", "The first"),
        part("0:04", "1:00", "The second"),
    ];
    conference.catalog(&format!("[{}]", parts.join(", ")), "", AT_ONCE);
    conference.run("fetch").await.ended(0);
    assert_eq!(conference.visits("dayLongVid1"), 1);
    assert_eq!(conference.caption_requests("dayLongVid1"), 1);
    assert_eq!(conference.kept("dayLongVid1"), ["metadata", "transcript"]);
    assert_eq!(
        conference.transcript("dayLongVid1")["cues"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[tokio::test]
async fn the_organizers_captions_spare_the_request_for_others() {
    let Some(conference) = Conference::of(&[video("ownCaptions")]).await else {
        return;
    };
    conference.project.put(
        "captions/ownCaptions.vtt",
        "WEBVTT\n\n00:00.000 --> 00:04.000\nthese words were checked by somebody\n",
    );
    conference.run("fetch").await.ended(0);
    assert_eq!(conference.visits("ownCaptions"), 1);
    assert_eq!(conference.caption_requests("ownCaptions"), 0);
    assert!(
        conference
            .transcript("ownCaptions")
            .to_string()
            .contains("checked by somebody")
    );
}
