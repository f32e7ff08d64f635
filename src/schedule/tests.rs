use expect_test::{Expect, expect};

use super::*;

/// Compares what a schedule gives, one session a line, with what is expected of it.
pub(super) fn check(schedule: &str, expected: &Expect) {
    let read = read(schedule.as_bytes()).unwrap().sessions;
    let lines = read.iter().map(|session| {
        let (track, language) = (session.track.as_deref(), session.language.as_deref());
        format!(
            "{} | {} | {} | {} | {:?} | {}{}\n",
            session.title,
            session.speakers.join("; "),
            track.unwrap_or_default(),
            language.unwrap_or_default(),
            session.recording,
            session
                .r#abstract
                .as_ref()
                .map_or("-".to_owned(), |text| format!("{text:?}")),
            session
                .video
                .as_ref()
                .map_or(String::new(), |video| format!(" | {video}")),
        )
    });
    expected.assert_eq(&lines.collect::<String>());
}

/// What is said about a file that is no schedule.
pub(super) fn problem(schedule: &str) -> String {
    read(schedule.as_bytes()).unwrap_err().to_string()
}

#[test]
fn files_of_other_kinds_are_told_apart() {
    let problems: Vec<String> = [
        "<!doctype html><title>Schedule</title>",
        "<?xml version=\"1.0\"?><feed/>",
        "PK\u{3}\u{4}\u{14}",
        "{ \"title\": \"Conf\"",
        "{ \"name\": \"package\", \"version\": \"1.0\" }",
        "[1, 2, 3]",
        "[]",
        "{ \"schedule\": { \"conference\": { \"days\": [] } } }",
    ]
    .map(problem)
    .into();
    expect![[r#"
        this is a web page
        this XML is no schedule
        this is the file of a spreadsheet program
        line 1: this is no valid JSON
        this JSON is no schedule of pretalx, frab, Sessionize, Sched or Indico
        this JSON is no schedule of pretalx, frab, Sessionize, Sched or Indico
        there are no sessions in this schedule
        there are no sessions in this schedule"#]]
    .assert_eq(&problems.join("\n"));
}

#[test]
fn days_and_lengths_are_read_and_nothing_else() {
    assert_eq!(
        day("2026-02-01T23:30:00+01:00").as_deref(),
        Some("2026-02-01")
    );
    assert_eq!(day("Saturday"), None);
    for (text, seconds) in [
        ("00:50", Some(3000)),
        ("01:05:30", Some(3900)),
        ("00:00", None),
        ("00:75", None),
        ("50", None),
    ] {
        assert_eq!(length(text), seconds, "{text}");
    }
}

#[test]
fn languages_are_read_as_people_write_them() {
    for (name, tag) in [
        ("en", Some("en")),
        ("de-informal", Some("de")),
        ("pt_BR", Some("pt")),
        ("deu", Some("de")),
        ("English", Some("en")),
        ("german", Some("de")),
        ("TBD", None),
        ("", None),
    ] {
        assert_eq!(language(name).as_deref(), tag, "{name}");
    }
}

/// The two talks that each of these files holds.
const SAME: [(&str, &str); 33] = [
    (
        "a field",
        r#"{"talks": [{"title": "Caches", "speakers": ["Ada Quill", "Ben Oak"], "youtube": "FIRST"}, {"title": "Tides", "speakers": ["Cleo Fir"], "youtube": "SECOND"}]}"#,
    ),
    (
        "a list of links",
        r#"{"talks": [{"title": "Caches", "speakers": ["Ada Quill", "Ben Oak"], "links": [{"name": "slides", "url": "https://x.example/a.pdf"}, {"name": "Video", "url": "FIRST"}]}, {"title": "Tides", "speakers": ["Cleo Fir"], "links": [{"name": "Video", "url": "SECOND"}]}]}"#,
    ),
    (
        "an object",
        r#"[{"title": "Caches", "speaker": "Ada Quill, Ben Oak", "video": {"provider": "youtube", "url": "FIRST"}}, {"title": "Tides", "speaker": "Cleo Fir", "video": {"provider": "youtube", "url": "SECOND"}}]"#,
    ),
    (
        "an id",
        r#"[{"title": "Caches", "speaker": "Ada Quill, Ben Oak", "youtubeId": "AAAAAAAAA00"}, {"title": "Tides", "speaker": "Cleo Fir", "youtubeId": "AAAAAAAAA01"}]"#,
    ),
    (
        "another link before it",
        r#"[{"title": "Caches", "speakers": ["Ada Quill", "Ben Oak"], "abstract": "https://youtu.be/BBBBBBBBB00", "live": "https://youtu.be/BBBBBBBBB01", "recording": "FIRST"}, {"title": "Tides", "speakers": ["Cleo Fir"], "recording": "SECOND"}]"#,
    ),
    (
        "an object a line",
        "{\"title\": \"Caches\", \"speakers\": [\"Ada Quill\", \"Ben Oak\"], \"video\": \"FIRST\"}\n{\"title\": \"Tides\", \"speakers\": [\"Cleo Fir\"], \"video\": \"SECOND\"}\n",
    ),
    (
        "resources",
        r#"{"data": [{"type": "talks", "id": "1", "attributes": {"title": "Caches", "video": "FIRST"}, "relationships": {"speakers": {"data": [{"type": "people", "id": "7"}, {"type": "people", "id": "8"}]}}}, {"type": "talks", "id": "2", "attributes": {"title": "Tides", "video": "SECOND"}, "relationships": {"speakers": {"data": [{"type": "people", "id": "9"}]}}}], "included": [{"type": "people", "id": "7", "attributes": {"name": "Ada Quill"}}, {"type": "people", "id": "8", "attributes": {"name": "Ben Oak"}}, {"type": "people", "id": "9", "attributes": {"name": "Cleo Fir"}}]}"#,
    ),
    (
        "linked data",
        r#"{"@context": "https://schema.org", "@type": "Event", "name": "TinyConf", "subEvent": [{"@type": "Event", "name": "Caches", "performer": [{"name": "Ada Quill"}, {"name": "Ben Oak"}], "recordedIn": {"@type": "VideoObject", "url": "FIRST"}}, {"@type": "Event", "name": "Tides", "performer": {"name": "Cleo Fir"}, "recordedIn": {"url": "SECOND"}}]}"#,
    ),
    (
        "names in objects",
        r#"{"schedule": [{"talk": {"name": "Caches"}, "presenters": [{"person": {"name": "Ada Quill"}}, {"person": {"name": "Ben Oak"}}], "videoUrl": "FIRST"}, {"talk": {"name": "Tides"}, "presenters": [{"person": {"name": "Cleo Fir"}}], "videoUrl": "SECOND"}]}"#,
    ),
    (
        "YAML of a site",
        "- title: Caches\n  speakers: [Ada Quill, Ben Oak]\n  recording:\n    youtube: FIRST\n- title: Tides\n  speakers: [Cleo Fir]\n  recording:\n    youtube: SECOND\n",
    ),
    (
        "YAML by names",
        "talks:\n  caches:\n    title: Caches\n    presenters: [Ada Quill, Ben Oak]\n    youtube: AAAAAAAAA00\n  tides:\n    title: Tides\n    presenters: [Cleo Fir]\n    youtube: AAAAAAAAA01\n",
    ),
    (
        "TOML",
        "[[talks]]\ntitle = \"Caches\"\nspeakers = [\"Ada Quill\", \"Ben Oak\"]\nvideo = \"FIRST\"\n\n[[talks]]\ntitle = \"Tides\"\nspeakers = [\"Cleo Fir\"]\nvideo = \"SECOND\"\n",
    ),
    (
        "a column of ids",
        "Title,Speakers,YouTube ID\nCaches,\"Ada Quill, Ben Oak\",AAAAAAAAA00\nTides,Cleo Fir,AAAAAAAAA01\n",
    ),
    (
        "a link among words",
        "Title,Speakers,Video\nCaches,\"Ada Quill, Ben Oak\",Watch: FIRST\nTides,Cleo Fir,Watch: SECOND\n",
    ),
    (
        "formulas",
        "Title,Speakers,Watch\nCaches,\"Ada Quill, Ben Oak\",\"=HYPERLINK(\"\"FIRST\"\", \"\"Watch\"\")\"\nTides,Cleo Fir,\"=HYPERLINK(\"\"SECOND\"\"; \"\"Watch\"\")\"\n",
    ),
    (
        "titles that are formulas",
        "Title,Speakers\n\"=HYPERLINK(\"\"FIRST\"\", \"\"Caches\"\")\",\"Ada Quill, Ben Oak\"\n\"=HYPERLINK(\"\"SECOND\"\", \"\"Tides\"\")\",Cleo Fir\n",
    ),
    (
        "names with slashes",
        "Title,Speakers,Video\nCaches,Ada Quill/Ben Oak,FIRST\nTides,Cleo Fir,SECOND\n",
    ),
    (
        "cells without a value",
        "Title,Speaker,Co-speaker,Video\nCaches,Ada Quill,Ben Oak,FIRST\nTides,Cleo Fir,nan,SECOND\n",
    ),
    (
        "what is not known yet",
        "Title,Speaker 1,Speaker 2,Video\nCaches,Ada Quill,Ben Oak,FIRST\nTides,Cleo Fir,N/A,SECOND\nTBA,TBD,-,\n",
    ),
    (
        "columns that are told again",
        "Title,Speakers,Video\nCaches,\"Ada Quill, Ben Oak\",FIRST\nTitle,Speakers,Video\nTides,Cleo Fir,SECOND\n",
    ),
    (
        "decisions",
        "Title,Speakers,Video,Decision\nCaches,\"Ada Quill, Ben Oak\",FIRST,Accept\nValues,Dan Elm,,Reject\nTides,Cleo Fir,SECOND,accept (oral)\nWaves,Eve Ash,,Withdrawn by author\n",
    ),
    (
        "tables of Markdown",
        "## Monday\n\n| Title | Speakers | Video |\n|---|---|---|\n| Caches | Ada Quill, Ben Oak | [watch](FIRST) |\n\n## Tuesday\n\n| Title | Speakers | Video |\n|---|---|---|\n| Tides | Cleo Fir | [watch](SECOND) |\n",
    ),
    (
        "a list of Markdown",
        "# TinyConf\n\n- [Caches](FIRST) - Ada Quill, Ben Oak\n- [Tides](SECOND) - Cleo Fir\n",
    ),
    (
        "a table a day",
        "<html><h2>Monday</h2><table><tr><th>Title<th>Speakers<th>Video</tr><tr><td>Caches<td>Ada Quill, Ben Oak<td><a href=\"FIRST\">watch</a></tr></table><h2>Tuesday</h2><table><tr><th>Title<th>Speakers<th>Video</tr><tr><td>Tides<td>Cleo Fir<td><a href=\"SECOND\">watch</a></tr></table></html>",
    ),
    (
        "cells over two rows",
        "<html><table><tr><th>Day<th>Title<th>Speakers<th>Video</tr><tr><td rowspan=2>Monday<td>Caches<td>Ada Quill, Ben Oak<td><a href=\"FIRST\">watch</a></tr><tr><td>Tides<td>Cleo Fir<td><a href=\"SECOND\">watch</a></tr></table></html>",
    ),
    (
        "a page for search engines",
        "<html><script type=\"application/ld+json\">[{\"@type\": \"Event\", \"name\": \"Caches\", \"performer\": [{\"name\": \"Ada Quill\"}, {\"name\": \"Ben Oak\"}], \"url\": \"FIRST\"}, {\"@type\": \"Event\", \"name\": \"Tides\", \"performer\": [{\"name\": \"Cleo Fir\"}], \"url\": \"SECOND\"}]</script></html>",
    ),
    (
        "a wiki",
        "{| class=\"wikitable\"\n! Title !! Speakers !! Video\n|-\n| Caches || Ada Quill, Ben Oak || [FIRST watch]\n|-\n| Tides || Cleo Fir || [SECOND watch]\n|}\n",
    ),
    (
        "ruled columns",
        "======  ===================  ===========================================\nTitle   Speakers             Video\n======  ===================  ===========================================\nCaches  Ada Quill, Ben Oak   FIRST\nTides   Cleo Fir             SECOND\n======  ===================  ===========================================\n",
    ),
    (
        "a calendar",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Caches\nDESCRIPTION:Speakers: Ada Quill\\, Ben Oak\\n\\nRecording: FIRST\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nSUMMARY:Tides\nDESCRIPTION:Speakers: Cleo Fir\\n\\nRecording: SECOND\nEND:VEVENT\nEND:VCALENDAR\n",
    ),
    (
        "a calendar with addresses",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Caches\nDESCRIPTION:Speakers: Ada Quill\\, Ben Oak\nURL:FIRST\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nSUMMARY:Tides\nDESCRIPTION:Speakers: Cleo Fir\nURL:SECOND\nEND:VEVENT\nEND:VCALENDAR\n",
    ),
    (
        "other names of columns",
        "Nr;Vortragstitel;Name der Referentin oder des Referenten;Link zur Aufzeichnung\n1;Caches;Ada Quill, Ben Oak;FIRST\n2;Tides;Cleo Fir;SECOND\n",
    ),
    (
        "a form",
        "Timestamp,Email Address,Talk Title:,Speaker(s) full name,Speaker bio,Link to video\n1/2/2026,a@x.example,Caches,\"Ada Quill, Ben Oak\",Writes.,FIRST\n1/2/2026,b@x.example,Tides,Cleo Fir,Reads.,SECOND\n",
    ),
    (
        "numbers of affiliations",
        "Title,Authors,Video\nCaches,\"Ada Quill [1], Ben Oak [2]\",FIRST\nTides,Cleo Fir [1],SECOND\n",
    ),
];

#[test]
fn the_same_talks_are_read_from_whatever_people_have() {
    let expected = "Caches | Ada Quill; Ben Oak | AAAAAAAAA00\nTides | Cleo Fir | AAAAAAAAA01\n";
    let told = |session: &Session| {
        let video = session.video.as_ref();
        let video = video.map_or(String::new(), ToString::to_string);
        format!(
            "{} | {} | {video}\n",
            session.title,
            session.speakers.join("; ")
        )
    };
    let mut wrong = Vec::new();
    for (name, file) in SAME {
        let file = file.replace("FIRST", "https://www.youtube.com/watch?v=AAAAAAAAA00");
        let file = file.replace("SECOND", "https://youtu.be/AAAAAAAAA01");
        let found = match read(file.as_bytes()) {
            Ok(schedule) => schedule.sessions.iter().map(told).collect(),
            Err(error) => error.to_string(),
        };
        if found != expected {
            wrong.push(format!("{name}:\n{found}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
