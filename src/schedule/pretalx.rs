//! The schedules of pretalx, and of frab, whose format pretalx exports too.
//!
//! The export `schedule.json` follows the schema at `c3voc.de/schedule/schema.json`: conference,
//! days, rooms, sessions. The API (`docs.pretalx.org/api`, the resources `submissions` and, earlier,
//! `talks`) gives a list, whole or in pages of `results`, whose texts may be in several languages
//! and whose speakers and tracks may be codes of a list beside it.

use serde_json::Value;

use crate::schedule::json::{self, line, list, paragraphs};
use crate::schedule::links::{self, with_links};
use crate::schedule::{Recording, Session, announcement, day, is_accepted, language, length};

/// Reads the export of a schedule; none if this is something else.
pub(super) fn of_schedule(json: &Value) -> Option<Vec<Session>> {
    let conference = [&json["schedule"]["conference"], &json["conference"]];
    let days = conference
        .into_iter()
        .find_map(|found| found["days"].as_array())?;
    let rooms = days.iter().filter_map(|day| day["rooms"].as_object());
    let events = rooms.flat_map(|rooms| rooms.values()).flat_map(list);
    Some(events.map(|event| session(event, json)).collect())
}

/// Reads a list of the API; none if this is something else.
pub(super) fn of_api(json: &Value) -> Option<Vec<Session>> {
    let lists = [json, &json["results"], &json["talks"], &json["submissions"]];
    let items = lists.into_iter().find_map(Value::as_array)?;
    let is_session = |item: &Value| line(&item["title"]).is_some();
    let is_pretalxs = |item: &Value| item["code"].is_string() || item["speakers"].is_array();
    let is_foreign = |item: &Value| item.get("_type").is_some();
    let is_known = |item: &Value| is_session(item) && is_pretalxs(item) && !is_foreign(item);
    if !items.is_empty() && !items.iter().any(is_known) {
        return None;
    }
    let accepted = items
        .iter()
        .filter(|item| item["state"].as_str().is_none_or(is_accepted));
    Some(accepted.map(|item| session(item, json)).collect())
}

/// One session; what it names by a code alone is looked up in `all`.
fn session(event: &Value, all: &Value) -> Session {
    let speakers = [&event["persons"], &event["speakers"]]
        .into_iter()
        .flat_map(list);
    let spoken = [&event["language"], &event["content_locale"]];
    let recording = match event["do_not_record"].as_bool() {
        Some(true) => Recording::Possible,
        _ => Recording::Expected,
    };
    let session = Session {
        title: line(&event["title"]).unwrap_or_default(),
        speakers: speakers.filter_map(|speaker| name(speaker, all)).collect(),
        r#abstract: announcement(
            paragraphs(&event["abstract"]),
            paragraphs(&event["description"]),
        ),
        track: track(&event["track"], all),
        language: spoken.into_iter().find_map(|tag| language(tag.as_str()?)),
        recording,
        date: event["date"].as_str().and_then(day),
        duration: event["duration"].as_str().and_then(length),
        ..Session::default()
    };
    let elsewhere = links::in_object(event);
    let elsewhere = elsewhere.iter().map(String::as_str);
    with_links(session, links(event).chain(elsewhere))
}

/// The links of a session.
fn links(event: &Value) -> impl Iterator<Item = &str> {
    let lists = [&event["links"], &event["resources"], &event["attachments"]];
    let links = lists.into_iter().flat_map(list);
    links.filter_map(|link| {
        [&link["url"], &link["resource"], link]
            .into_iter()
            .find_map(Value::as_str)
    })
}

/// The name of a speaker: an object, a name, or the code of a speaker in a list beside.
fn name(speaker: &Value, all: &Value) -> Option<String> {
    let named = |person: &Value| {
        let names = [
            &person["public_name"],
            &person["name"],
            &person["full_public_name"],
        ];
        names
            .into_iter()
            .find_map(line)
            .or_else(|| json::name(person))
    };
    if speaker.is_object() {
        return named(speaker);
    }
    let beside = list(&all["speakers"])
        .iter()
        .find(|known| known["code"] == *speaker);
    let is_code = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    beside
        .and_then(named)
        .or_else(|| line(speaker).filter(|name| !is_code(name)))
}

/// A track: its name, an object that has one, or the number of a track in a list beside.
fn track(track: &Value, all: &Value) -> Option<String> {
    if track.is_number() {
        let beside = list(&all["tracks"])
            .iter()
            .find(|known| known["id"] == *track);
        return line(&beside?["name"]);
    }
    line(&track["name"]).or_else(|| line(track))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::schedule::tests::check;

    #[test]
    fn the_export_of_a_schedule_is_read() {
        let event = |title: &str| {
            json!({
                "title": title, "subtitle": "", "track": "Storage", "type": "Talk", "language": "de",
                "abstract": "Was **Schlüssel** sind.", "description": "", "do_not_record": false,
                "date": "2026-06-12T10:00:00+02:00", "start": "10:00", "duration": "00:30", "room": "Saal",
                "persons": [{ "id": 1, "public_name": "Jördis Özdemir", "name": "JO" }, { "name": "Ben Oak" }],
            })
        };
        let mut unrecorded = event("Was nicht aufgenommen wird");
        unrecorded["do_not_record"] = true.into();
        unrecorded["abstract"] = "Short.".into();
        unrecorded["description"] = "<p>And long.</p>".into();
        unrecorded["persons"] = json!([]);
        unrecorded["track"] = json!({ "en": "Quiet", "de": "Still" });
        let schedule = json!({
            "$schema": "https://c3voc.de/schedule/schema.json",
            "schedule": { "version": "1.0", "conference": { "title": "Tag", "days": [
                { "index": 1, "rooms": { "Saal": [event("Schlüssel & Werte"), event("Mittagspause")] } },
                { "index": 2, "rooms": { "Saal": [unrecorded], "Garten": [] } },
            ] } },
        });
        check(
            &schedule.to_string(),
            &expect![[r#"
            Schlüssel & Werte | Jördis Özdemir; Ben Oak | Storage | de | Expected | "Was Schlüssel sind."
            Was nicht aufgenommen wird |  | Quiet | de | Possible | "Short.\n\nAnd long."
        "#]],
        );
    }

    #[test]
    fn the_list_of_the_api_is_read_in_all_its_forms() {
        let page = json!({ "count": 3, "next": null, "results": [
            { "code": "ABC123", "title": "Caches", "speakers": [{ "code": "XYZ789", "name": "Ada Quill" }],
              "track": { "en": "Storage", "de": "Speicher" }, "abstract": { "de": "Über Caches." },
              "state": "confirmed", "content_locale": "en" },
            { "code": "DEF456", "title": "Turned down", "state": "rejected", "speakers": [] },
            { "code": "GHI012", "title": "Codes alone", "speakers": ["XYZ789", "Ben Oak"], "track": 4,
              "abstract": null, "description": "Long." },
        ] });
        check(
            &page.to_string(),
            &expect![[r#"
            Caches | Ada Quill | Storage | en | Expected | "Über Caches."
            Codes alone | Ben Oak |  |  | Expected | "Long."
        "#]],
        );

        let beside = json!({
            "talks": [{ "title": "Codes", "speakers": ["XYZ789"], "track": 4 }],
            "speakers": [{ "code": "XYZ789", "name": "Ada Quill" }],
            "tracks": [{ "id": 4, "name": { "en": "Storage" } }],
        });
        check(
            &beside.to_string(),
            &expect![[r#"
            Codes | Ada Quill | Storage |  | Expected | -
        "#]],
        );
        check(
            &json!([{ "title": "A list", "speakers": [], "track": { "id": 4, "name": "Storage" } }]).to_string(),
            &expect![[r#"
                A list |  | Storage |  | Expected | -
            "#]],
        );
    }
}
