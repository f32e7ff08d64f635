//! The JSON of Sched's API: a list of sessions, known by their `event_key`.

use serde_json::Value;

use crate::schedule::Session;
use crate::schedule::json::{list, name, paragraphs, text};
use crate::schedule::links::with_links;
use crate::schedule::plain::plain_line;
use crate::schedule::speakers::speakers;

const LINKS: [&str; 3] = ["video_url", "video_stream", "recording_url"];

/// Reads a list of sessions; none if this is something else.
pub(super) fn sessions(json: &Value) -> Option<Vec<Session>> {
    let items = list(json);
    let is_scheds = |item: &Value| item.get("event_key").is_some() && item.get("name").is_some();
    if items.is_empty() || !items.iter().all(is_scheds) {
        return None;
    }
    let active = items
        .iter()
        .filter(|item| item["active"].as_str() != Some("N"));
    Some(active.map(session).collect())
}

fn session(item: &Value) -> Session {
    let speakers = match &item["speakers"] {
        Value::String(names) => speakers(names),
        several => list(several).iter().filter_map(name).collect(),
    };
    let track = text(&item["event_type"]).and_then(|types| types.split(',').next());
    let session = Session {
        title: text(&item["name"]).map(plain_line).unwrap_or_default(),
        speakers,
        r#abstract: paragraphs(&item["description"]),
        track: track.map(plain_line).filter(|track| !track.is_empty()),
        ..Session::default()
    };
    with_links(
        session,
        LINKS.iter().filter_map(|link| item[*link].as_str()),
    )
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::schedule::tests::check;

    #[test]
    fn sessions_are_read_with_the_names_and_not_the_accounts_of_their_speakers() {
        check(
            &json!([
                { "event_key": "k1", "active": "Y", "name": "Caches", "event_type": "Storage, Disks", "description": "Keys in <b>bold</b>.",
                  "speakers": [{ "username": "aquill", "id": "77", "name": "Ada Quill", "company": "Ink" }], "id": "9f" },
                { "event_key": "k2", "name": "Keys", "speakers": "Ada Quill, Ben Oak", "video_stream": "https://youtu.be/AAAAAAAAA00" },
                { "event_key": "k3", "active": "N", "name": "Turned down" },
            ])
            .to_string(),
            &expect![[r#"
                Caches | Ada Quill | Storage |  | Expected | "Keys in bold."
                Keys | Ada Quill; Ben Oak |  |  | Expected | - | AAAAAAAAA00
            "#]],
        );
    }
}
