//! Lists of talks as communities keep them in YAML: rubyevents' `videos.yml`, and their like.
//!
//! A talk may hold others, which are parts of its recording with cues at which they start.

use serde_json::Value;

use crate::schedule::json::{line, list, name, paragraphs};
use crate::schedule::links::{self, with_links};
use crate::schedule::{Recording, Session, announcement, language, video};
use crate::talk::id::TalkId;
use crate::talk::parse_clock;

/// Whether a text looks like a list in YAML, and not like a table.
pub(super) fn is_list(text: &str) -> bool {
    let mut lines = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let first = lines.next().unwrap_or_default();
    let is_item =
        |line: &str| line.starts_with("- ") && (line.contains(": ") || line.ends_with(':'));
    let is_key = |line: &str| {
        line.split_once(':').is_some_and(|(key, rest)| {
            !key.contains([' ', ',', ';', '\t']) && (rest.is_empty() || rest.starts_with(' '))
        })
    };
    first == "---"
        || is_item(first)
        || is_key(first)
            && lines
                .next()
                .is_some_and(|second| is_item(second.trim_start()) || is_key(second.trim_start()))
}

/// Reads a list; none if this is something else.
pub(super) fn sessions(yaml: &Value) -> Option<Vec<Session>> {
    let lists = [yaml, &yaml["talks"], &yaml["videos"], &yaml["sessions"]];
    let items = lists.into_iter().find_map(Value::as_array)?;
    let is_talk = |item: &Value| title(item).is_some();
    if !items.iter().any(is_talk) {
        return None;
    }
    Some(items.iter().flat_map(with_parts).collect())
}

fn with_parts(item: &Value) -> Vec<Session> {
    let whole = session(item);
    let parts = list(&item["talks"]).iter().map(|part| {
        let start = part["start_cue"].as_str().and_then(parse_clock);
        let of_whole = whole
            .video
            .as_ref()
            .zip(start)
            .map(|(whole, start)| TalkId {
                start: Some(start),
                ..whole.clone()
            });
        let read = session(part);
        Session {
            video: of_whole.or(read.video),
            track: read.track.or(whole.track.clone()),
            language: read.language.or(whole.language.clone()),
            recording: Recording::Possible,
            ..read
        }
    });
    let parts: Vec<Session> = parts.collect();
    std::iter::once(whole).chain(parts).collect()
}

/// A talk's title; `name` is one where speakers stand beside it.
fn title(item: &Value) -> Option<String> {
    let has_speakers = !item["speakers"].is_null() || !item["speaker"].is_null();
    line(&item["title"]).or_else(|| line(&item["name"]).filter(|_| has_speakers))
}

fn session(item: &Value) -> Session {
    let is_youtubes = item["video_provider"]
        .as_str()
        .is_none_or(|provider| provider == "youtube");
    let named = item["video_id"]
        .as_str()
        .or(item["video_url"].as_str())
        .or(item["video"].as_str());
    let speakers =
        [&item["speakers"], &item["speaker"]]
            .into_iter()
            .flat_map(|named| match named {
                Value::Array(several) => several.iter().filter_map(name).collect(),
                one => name(one).into_iter().collect::<Vec<String>>(),
            });
    let session = Session {
        title: title(item).unwrap_or_default(),
        speakers: speakers.collect(),
        r#abstract: announcement(
            paragraphs(&item["abstract"]),
            paragraphs(&item["description"]),
        ),
        track: line(&item["track"]),
        language: item["language"].as_str().and_then(language),
        recording: Recording::Expected,
        video: named.filter(|_| is_youtubes).and_then(|named| {
            let id = named.parse().ok().map(TalkId::whole);
            id.or_else(|| video(named))
        }),
        ..Session::default()
    };
    if session.video.is_some() || !is_youtubes {
        return session;
    }
    let links = links::in_object(item);
    with_links(session, links.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::is_list;
    use crate::schedule::tests::{check, problem};

    #[test]
    fn lists_of_talks_are_read_with_their_parts() {
        check(
            "---\n- title: \"Caches\"\n  raw_title: \"Caches - Ada Quill\"\n  track: \"Storage\"\n  language: \"en\"\n  speakers:\n    - Ada Quill\n    - Ben Oak\n\
             \x20 description: |-\n    Keys.\n  video_id: \"AAAAAAAAA00\"\n  video_provider: \"youtube\"\n\n\
             - title: \"Lightning Talks\"\n  video_id: \"AAAAAAAAA01\"\n  video_provider: \"youtube\"\n  talks:\n    - title: \"Tides\"\n      start_cue: \"00:01:10\"\n      speakers:\n        - Cleo Fir\n      video_provider: \"parent\"\n",
            &expect![[r#"
                Caches | Ada Quill; Ben Oak | Storage | en | Expected | "Keys." | AAAAAAAAA00
                Lightning Talks |  |  |  | Expected | - | AAAAAAAAA01
                Tides | Cleo Fir |  |  | Possible | - | AAAAAAAAA01@1:10
            "#]],
        );
    }

    #[test]
    fn talks_below_days_are_found() {
        let expected = expect![[r#"
            Caches | Ada Quill; Ben Oak |  |  | Expected | "Keys."
        "#]];
        for yaml in [
            "days:\n- date: 2026-05-10\n  talks:\n  - title: Caches\n    speaker: Ada Quill and Ben Oak\n    abstract: Keys.\n",
            "2026-05-10:\n  - title: Caches\n    speakers:\n      - name: Ada Quill\n      - name: Ben Oak\n    abstract: Keys.\n",
        ] {
            check(yaml, &expected);
        }
    }

    #[test]
    fn tables_and_other_yaml_are_told_apart() {
        assert!(is_list("# talks\n- title: a\n"));
        assert!(is_list("talks:\n  - title: a\n"));
        assert!(!is_list("Title,Speaker\nCaches: why,Ada\n"));
        assert!(!is_list("Title;When\nCaches: why;10:00\n"));
        expect!["this YAML is no list of talks"]
            .assert_eq(&problem("---\nname: conf\ncity: Ghent\n"));
        expect!["line 2: this is no valid YAML"].assert_eq(&problem("---\n- title: \"a\n"));
    }
}
