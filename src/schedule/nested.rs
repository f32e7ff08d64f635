//! JSON of a conference's own: sessions are whatever has a title and speakers, wherever it lies.
//!
//! Speakers may be numbers or codes that lists elsewhere in the file give names to.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::schedule::json::{self, line, list};
use crate::schedule::{Schedule, csv};

const TITLES: [&str; 6] = [
    "title",
    "sessionTitle",
    "session_title",
    "talk_title",
    "talkTitle",
    "name",
];
const SPEAKERS: [&str; 14] = [
    "speakers",
    "speaker",
    "presenters",
    "presenter",
    "performer",
    "performers",
    "persons",
    "people",
    "authors",
    "speaker_ids",
    "speakerIds",
    "speakerNames",
    "speaker_names",
    "session_speakers",
];
/// Fields below which the title of a session is, beside its speakers.
const WITHIN: [&str; 5] = ["talk", "session", "submission", "proposal", "presentation"];
/// So deep sessions may lie.
const DEPTH: usize = 16;

/// Reads the sessions of a file; none if nothing in it looks like one.
pub(super) fn read(file: &Value) -> Option<Schedule> {
    let file = &flattened(file, DEPTH);
    let mut found = Found::default();
    found.look(file, "", DEPTH);
    let rows = found.sessions.iter().map(|session| found.row(session));
    let rows: Vec<Value> = rows.collect();
    let schedule = csv::of_objects(&Value::Array(rows))?;
    let has_titles = schedule
        .sessions
        .iter()
        .any(|session| !session.title.is_empty());
    has_titles.then_some(schedule)
}

/// A file in which each resource (JSON:API, `jsonapi.org/format`) is one object with its id, its
/// attributes and the ids of what it is related to.
fn flattened(value: &Value, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else {
        return Value::Null;
    };
    match value {
        Value::Array(items) => items.iter().map(|item| flattened(item, depth)).collect(),
        Value::Object(fields) => {
            let flat = |fields: &Map<String, Value>| -> Map<String, Value> {
                let fields = fields.iter();
                fields
                    .map(|(name, value)| (name.clone(), flattened(value, depth)))
                    .collect()
            };
            let Some(attributes) = fields
                .get("attributes")
                .and_then(Value::as_object)
                .filter(|_| fields.contains_key("type"))
            else {
                return Value::Object(flat(fields));
            };
            let mut resource = flat(attributes);
            resource.insert(
                "id".to_owned(),
                fields.get("id").cloned().unwrap_or_default(),
            );
            let related = fields.get("relationships").and_then(Value::as_object);
            for (name, related) in related.into_iter().flatten() {
                let ids = match &related["data"] {
                    Value::Array(several) => several.iter().map(|one| one["id"].clone()).collect(),
                    one => one["id"].clone(),
                };
                resource.entry(name).or_insert(ids);
            }
            Value::Object(resource)
        }
        other => other.clone(),
    }
}

/// The title of a session: its own, or that of what it holds.
fn title(session: &Map<String, Value>) -> Option<String> {
    let in_fields =
        |fields: &Map<String, Value>| TITLES.iter().find_map(|name| line(fields.get(*name)?));
    let within = || {
        WITHIN
            .iter()
            .find_map(|name| in_fields(session.get(*name)?.as_object()?))
    };
    in_fields(session).or_else(within)
}

#[derive(Default)]
struct Found<'a> {
    sessions: Vec<&'a Map<String, Value>>,
    /// The names of people by their numbers and codes.
    people: HashMap<String, String>,
}

impl<'a> Found<'a> {
    /// Looks through a value, which what holds it calls so.
    fn look(&mut self, value: &'a Value, called: &str, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else {
            return;
        };
        match value {
            Value::Array(items) => {
                for item in items {
                    self.look(item, called, depth);
                }
            }
            Value::Object(object) if is_session(object) => self.sessions.push(object),
            Value::Object(object) => {
                self.remember(value, called);
                for (name, value) in object {
                    self.look(value, name, depth);
                }
            }
            _ => {}
        }
    }

    fn remember(&mut self, person: &Value, called: &str) {
        let Some(name) = json::name(person) else {
            return;
        };
        for key in ["id", "code", "slug", "uid"] {
            if let Some(key) = key_of(&person[key]) {
                self.people.insert(key, name.clone());
            }
        }
        self.people.insert(called.to_owned(), name);
    }

    /// A session with one title and the names of its speakers.
    fn row(&self, session: &'a Map<String, Value>) -> Value {
        let mut row = session.clone();
        let title = title(session);
        let people = SPEAKERS.iter().find_map(|name| session.get(*name));
        let within = |people: &'a Value| {
            let lists = [&people["nodes"], &people["value"]];
            lists.into_iter().find(|list| list.is_array())
        };
        let people = people.map(|people| match within(people) {
            Some(Value::Array(nodes)) => nodes.iter().collect(),
            _ if people.is_array() => list(people).iter().collect(),
            _ => vec![people],
        });
        let names = people.unwrap_or_default().into_iter().filter_map(|person| {
            let known = key_of(person).and_then(|key| self.people.get(&key).cloned());
            known.or_else(|| json::name(person))
        });
        let names: Vec<Value> = names.map(Value::String).collect();
        for name in TITLES.iter().chain(&SPEAKERS) {
            row.remove(*name);
        }
        for text in [
            "content",
            "description",
            "abstract",
            "sessionAbstract",
            "sessionTrack",
        ] {
            if let Some(plain) = session.get(text).and_then(json::paragraphs) {
                row.insert(text.to_owned(), plain.into());
            }
        }
        row.insert("title".to_owned(), title.unwrap_or_default().into());
        row.insert("speakers".to_owned(), names.into());
        Value::Object(row)
    }
}

fn is_session(object: &Map<String, Value>) -> bool {
    let has_speakers = SPEAKERS.iter().any(|name| {
        let people = object.get(*name);
        people.is_some_and(|people| !people.is_null())
    });
    has_speakers && title(object).is_some() && !object.values().any(holds_sessions)
}

/// Whether this is a list of sessions, so that what holds it is none.
fn holds_sessions(value: &Value) -> bool {
    let items = list(value).iter().filter_map(Value::as_object);
    let mut items = items.filter(|item| {
        TITLES.iter().take(5).any(|name| item.contains_key(*name))
            && SPEAKERS.iter().any(|name| item.contains_key(*name))
    });
    items.next().is_some()
}

fn key_of(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::schedule::tests::check;

    #[test]
    fn sessions_are_found_wherever_they_lie() {
        let expected = expect![[r#"
            Caches | Ada Quill; Ben Oak | Storage |  | Expected | "Keys."
            Values | Cleo Fir |  |  | Expected | -
        "#]];
        for file in [
            r#"{"days": [{"talks": [{"title": "Caches", "speaker": "Ada Quill, Ben Oak", "track": "Storage", "abstract": "Keys."}]}, {"talks": [{"title": "Values", "speaker": "Cleo Fir"}]}]}"#,
            r#"{"a": {"title": "Caches", "speakers": ["Ada Quill", "Ben Oak"], "track": "Storage", "abstract": "Keys."}, "b": {"title": "Values", "speakers": ["Cleo Fir"]}}"#,
            r#"{"sessions": {"1": {"title": "Caches", "speakers": ["a", "b"], "track": "Storage", "description": "Keys."}, "2": {"title": "Values", "speakers": ["c"]}}, "speakers": {"a": {"name": "Ada Quill"}, "b": {"name": "Ben Oak"}, "c": {"name": "Cleo Fir"}}}"#,
            r#"{"events": [{"title": "Caches", "speaker_ids": [1, 2], "track": "Storage", "abstract": "Keys."}, {"title": "Values", "speaker_ids": [3]}], "speakers": [{"id": 1, "name": "Ada Quill"}, {"id": 2, "name": "Ben Oak"}, {"id": 3, "name": "Cleo Fir"}]}"#,
            r#"{"data": {"sessions": {"nodes": [{"title": "Caches", "speakers": {"nodes": [{"name": "Ada Quill"}, {"name": "Ben Oak"}]}, "track": {"name": "Storage"}, "abstract": "Keys."}, {"title": "Values", "speakers": {"nodes": [{"name": "Cleo Fir"}]}}]}}}"#,
            r#"{"notes": [{"content": {"title": {"value": "Caches"}, "authors": {"value": ["Ada Quill", "Ben Oak"]}, "track": {"value": "Storage"}, "abstract": {"value": "Keys."}}}, {"content": {"title": {"value": "Values"}, "authors": {"value": ["Cleo Fir"]}}}]}"#,
            r#"{"slots": [{"room": 1, "submission": {"title": "Caches", "speakers": [{"name": "Ada Quill"}, {"name": "Ben Oak"}], "track": {"name": "Storage"}, "abstract": "Keys."}}, {"submission": {"title": "Values", "speakers": [{"name": "Cleo Fir"}]}}]}"#,
        ] {
            check(file, &expected);
        }
    }
}
