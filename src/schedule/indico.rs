//! The JSON of Indico (`/export/event/….json?detail=contributions`, and the timetable): whatever lies
//! below the answer and is a contribution is a session.

use serde_json::Value;

use crate::schedule::json::{line, list, name, paragraphs};
use crate::schedule::speakers::speakers;
use crate::schedule::{Session, language, video};

/// Who a contribution is by, the likeliest to speak first.
const PEOPLE: [&str; 4] = ["speakers", "presenters", "primaryauthors", "coauthors"];

/// Reads an answer; none if this is something else.
pub(super) fn sessions(json: &Value) -> Option<Vec<Session>> {
    let is_answer = json["_type"].as_str() == Some("HTTPAPIResult")
        || json["results"][0].get("_fossil").is_some();
    let mut sessions = Vec::new();
    if is_answer || json["count"].is_u64() {
        collect(&json["results"], &mut sessions);
    }
    (is_answer || !sessions.is_empty()).then_some(sessions)
}

fn collect(value: &Value, sessions: &mut Vec<Session>) {
    let is_contribution = [&value["_type"], &value["entryType"]]
        .into_iter()
        .any(|kind| {
            kind.as_str().is_some_and(|kind| {
                kind.ends_with("Contribution") || kind == "ContributionSchEntry"
            })
        });
    if is_contribution {
        sessions.push(session(value));
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, sessions)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, sessions)),
        _ => {}
    }
}

fn session(value: &Value) -> Session {
    let people = PEOPLE
        .iter()
        .map(|people| list(&value[*people]))
        .find(|people| !people.is_empty());
    let track = line(&value["track"]).or_else(|| line(&value["track"]["title"]));
    let track = track.or_else(|| line(&value["session"]));
    Session {
        title: line(&value["title"]).unwrap_or_default(),
        speakers: people
            .unwrap_or_default()
            .iter()
            .filter_map(name)
            .flat_map(|name| speakers(&name))
            .collect(),
        r#abstract: paragraphs(&value["description"]),
        track,
        language: value["language"].as_str().and_then(language),
        video: link(&value["folders"]).or_else(|| link(&value["material"])),
        ..Session::default()
    }
}

/// The first link to a video among the attachments.
fn link(value: &Value) -> Option<crate::talk::id::TalkId> {
    match value {
        Value::String(text) => video(text),
        Value::Array(items) => items.iter().find_map(link),
        Value::Object(fields) => fields.values().find_map(link),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::schedule::tests::check;

    #[test]
    fn contributions_are_read_wherever_they_lie() {
        let contribution = |title: &str| {
            json!({ "_type": "Contribution", "title": title, "description": "Keys.", "track": "Storage", "session": "Morning",
                "speakers": [{ "first_name": "Ada", "last_name": "Quill", "fullName": "Quill, Ada" }], "primaryauthors": [{ "fullName": "Oak, Ben" }],
                "folders": [{ "attachments": [{ "link_url": "https://youtu.be/AAAAAAAAA00" }] }] })
        };
        check(
            &json!({ "count": 1, "_type": "HTTPAPIResult", "results": [{ "_type": "Conference", "title": "Conf",
                "contributions": [contribution("Caches")],
                "sessions": [{ "_type": "Session", "title": "Morning", "contributions": [contribution("Keys")] }] }] })
            .to_string(),
            &expect![[r#"
                Caches | Ada Quill | Storage |  | Expected | "Keys." | AAAAAAAAA00
                Keys | Ada Quill | Storage |  | Expected | "Keys." | AAAAAAAAA00
            "#]],
        );
    }
}
