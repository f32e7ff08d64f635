//! The schedules of Sessionize, as its API endpoints give them in JSON (`sessionize.com/playbook/api`).
//!
//! "All data" is one object whose sessions name speakers and category items by their ids;
//! "Sessions" is a list of groups, and the grid a list of days with rooms, whose sessions carry
//! names. A session is in the track that its category item names, whatever the organizer calls that
//! category.

use std::collections::HashMap;

use serde_json::Value;

use crate::schedule::json::{line, list, paragraphs};
use crate::schedule::links::with_links;
use crate::schedule::{Recording, Session, is_accepted, language};

/// What organizers call the category that holds the tracks, the likeliest first.
const TRACKS: [&str; 6] = ["track", "topic", "stream", "theme", "area", "category"];
const LANGUAGES: [&str; 1] = ["language"];

/// Reads an export; none if this is something else.
pub(super) fn sessions(json: &Value) -> Option<Vec<Session>> {
    if let Some(sessions) = of_speakers(json) {
        return Some(sessions);
    }
    let groups = std::iter::once(json).chain(list(json));
    let rooms = list(json).iter().flat_map(|day| list(&day["rooms"]));
    let mut lists = groups
        .chain(rooms)
        .filter_map(|holder| holder["sessions"].as_array())
        .peekable();
    lists.peek()?;
    let names = Names::of(json);
    let sessions = lists
        .flatten()
        .filter(|session| session["status"].as_str().is_none_or(is_accepted));
    Some(sessions.map(|session| names.session(session)).collect())
}

/// Turns a list of speakers, each with sessions of theirs, into sessions with their speakers.
fn of_speakers(json: &Value) -> Option<Vec<Session>> {
    let speakers = list(json);
    let is_speaker =
        |item: &Value| line(&item["fullName"]).is_some() && item["sessions"].is_array();
    if speakers.is_empty() || !speakers.iter().all(is_speaker) {
        return None;
    }
    let mut sessions: Vec<Session> = Vec::new();
    for speaker in speakers {
        let Some(name) = line(&speaker["fullName"]) else {
            continue;
        };
        for title in list(&speaker["sessions"])
            .iter()
            .filter_map(|session| line(&session["name"]))
        {
            match sessions.iter_mut().find(|session| session.title == title) {
                Some(session) => session.speakers.push(name.clone()),
                None => sessions.push(Session {
                    title,
                    speakers: vec![name.clone()],
                    ..Session::default()
                }),
            }
        }
    }
    Some(sessions)
}

/// What ids stand for.
struct Names<'a> {
    speakers: HashMap<String, &'a Value>,
    /// The category and the name of each of its items.
    items: HashMap<String, (String, String)>,
}

impl<'a> Names<'a> {
    fn of(json: &'a Value) -> Self {
        let speakers = list(&json["speakers"]).iter();
        let items = list(&json["categories"]).iter().flat_map(|category| {
            let title = line(&category["title"]).unwrap_or_default();
            list(&category["items"]).iter().filter_map(move |item| {
                Some((
                    item["id"].to_string(),
                    (title.clone(), line(&item["name"])?),
                ))
            })
        });
        Self {
            speakers: speakers
                .map(|speaker| (speaker["id"].to_string(), speaker))
                .collect(),
            items: items.collect(),
        }
    }

    fn session(&self, session: &Value) -> Session {
        let categories = self.categories(session);
        let speakers = list(&session["speakers"]).iter();
        let recording = match session["isServiceSession"].as_bool() {
            Some(true) => Recording::Possible,
            _ => Recording::Expected,
        };
        let read = Session {
            title: line(&session["title"]).unwrap_or_default(),
            speakers: speakers
                .filter_map(|speaker| self.speaker(speaker))
                .collect(),
            r#abstract: paragraphs(&session["description"]),
            track: first_named(&categories, &TRACKS).map(str::to_owned),
            language: first_named(&categories, &LANGUAGES).and_then(language),
            recording,
            ..Session::default()
        };
        with_links(read, session["recordingUrl"].as_str().into_iter())
    }

    fn speaker(&self, speaker: &Value) -> Option<String> {
        let known = self
            .speakers
            .get(&speaker.to_string())
            .copied()
            .unwrap_or(speaker);
        let full = [&known["fullName"], &known["name"]]
            .into_iter()
            .find_map(line);
        full.or_else(|| {
            let names = [&known["firstName"], &known["lastName"]]
                .into_iter()
                .filter_map(line);
            Some(names.collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty())
        })
    }

    /// The categories of a session and what it is in each of them.
    fn categories(&self, session: &Value) -> Vec<(String, String)> {
        let by_id = list(&session["categoryItems"]).iter();
        let by_id = by_id.filter_map(|id| self.items.get(&id.to_string()).cloned());
        let by_name = list(&session["categories"]).iter().flat_map(|category| {
            let name = line(&category["name"]).unwrap_or_default();
            let items = list(&category["categoryItems"]).iter();
            items.filter_map(move |item| Some((name.clone(), line(&item["name"])?)))
        });
        by_id.chain(by_name).collect()
    }
}

/// What a session is in the first of these categories that it is in.
fn first_named<'a>(categories: &'a [(String, String)], names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| {
        let is_it = |(category, _): &&(String, String)| category.to_lowercase().contains(name);
        categories.iter().find(is_it).map(|(_, item)| item.as_str())
    })
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use crate::schedule::tests::check;

    #[test]
    fn all_data_is_read_with_what_its_ids_stand_for() {
        let all = json!({
            "sessions": [
                { "id": "101", "title": "Caches", "description": "Keys.\r\n\r\nValues.", "startsAt": "2026-06-12T10:00:00",
                  "isServiceSession": false, "isPlenumSession": false, "speakers": ["a-1", "b-2"],
                  "categoryItems": [20, 11, 30], "roomId": 1, "status": "Accepted" },
                { "id": "102", "title": "Coffee break", "isServiceSession": true, "speakers": [], "categoryItems": [] },
                { "id": "103", "title": "Keynote: printing", "isServiceSession": true, "speakers": [], "categoryItems": [] },
                { "id": "104", "title": "Turned down", "status": "Declined", "speakers": [], "categoryItems": [] },
            ],
            "speakers": [
                { "id": "a-1", "firstName": "Ada", "lastName": "Quill", "fullName": "Ada Quill", "sessions": [101] },
                { "id": "b-2", "firstName": "Ben", "lastName": "Oak" },
            ],
            "categories": [
                { "id": 1, "title": "Level", "items": [{ "id": 11, "name": "Advanced" }] },
                { "id": 2, "title": "Conference Track", "items": [{ "id": 20, "name": "Storage" }] },
                { "id": 3, "title": "Language", "items": [{ "id": 30, "name": "German" }] },
            ],
            "rooms": [{ "id": 1, "name": "Hall" }], "questions": [],
        });
        check(
            &all.to_string(),
            &expect![[r#"
            Caches | Ada Quill; Ben Oak | Storage | de | Expected | "Keys.\n\nValues."
            Keynote: printing |  |  |  | Possible | -
        "#]],
        );
    }

    #[test]
    fn a_list_of_speakers_gives_the_sessions_of_all() {
        let speakers = json!([
            { "id": "a-1", "fullName": "Ada Quill", "sessions": [{ "id": 101, "name": "Caches" }] },
            { "id": "b-2", "fullName": "Ben Oak", "sessions": [{ "id": 101, "name": "Caches" }] },
        ]);
        check(
            &speakers.to_string(),
            &expect![[r#"
                Caches | Ada Quill; Ben Oak |  |  | Expected | -
            "#]],
        );
    }

    #[test]
    fn groups_and_the_grid_are_read_with_their_names() {
        let session = json!({
            "id": "101", "title": "Caches", "description": null, "isServiceSession": false,
            "speakers": [{ "id": "a-1", "name": "Ada Quill" }], "room": "Hall",
            "categories": [{ "id": 2, "name": "Track", "categoryItems": [{ "id": 20, "name": "Storage" }] }],
        });
        let expected = expect![[r#"
            Caches | Ada Quill | Storage |  | Expected | -
        "#]];
        check(
            &json!([{ "groupId": null, "groupName": "All", "sessions": [session] }]).to_string(),
            &expected,
        );
        let rooms = json!([{ "date": "2026-06-12T00:00:00", "rooms": [{ "id": 1, "sessions": [session] }] }]);
        check(&rooms.to_string(), &expected);
    }
}
