//! The XML of pentabarf, which FOSDEM and `DebConf` publish and pretalx and frab export: days, rooms
//! and events.

use roxmltree::{Document, Node};

use crate::schedule::links::with_links;
use crate::schedule::plain::{plain_line, plain_text};
use crate::schedule::{
    Recording, Schedule, ScheduleError, Session, announcement, day, is_accepted, language, length,
};
use crate::xml;

/// Reads a schedule; other XML is none.
pub(super) fn read(text: &str) -> Result<Schedule, ScheduleError> {
    let schedule = xml::read(text, schedule).map_err(|source| ScheduleError::DamagedXml {
        line: source.pos().row,
        source,
    })?;
    schedule.ok_or(ScheduleError::Xml)
}

fn schedule(document: &Document<'_>) -> Option<Schedule> {
    if !document.root_element().has_tag_name("schedule") {
        return None;
    }
    let events = document
        .descendants()
        .filter(|node| node.has_tag_name("event"));
    let accepted =
        events.filter(|event| said(*event, "status").is_none_or(|state| is_accepted(&state)));
    let mut parts = document.root_element().children();
    let conference = parts.find(|node| node.has_tag_name("conference"));
    let title = conference.and_then(|conference| said(conference, "title"));
    let title = title.map(|title| plain_line(&title));
    Some(Schedule {
        sessions: accepted.map(session).collect(),
        title: title.filter(|title| !title.is_empty()),
        ..Schedule::default()
    })
}

fn session(event: Node<'_, '_>) -> Session {
    let line = |name: &str| {
        said(event, name)
            .map(|text| plain_line(&text))
            .filter(|text| !text.is_empty())
    };
    let paragraphs = |name: &str| {
        said(event, name)
            .map(|text| plain_text(&text))
            .filter(|text| !text.is_empty())
    };
    let is_person = |node: &Node| node.has_tag_name("person") || node.has_tag_name("speaker");
    let persons = event.descendants().filter(is_person);
    let links = event.descendants().filter(|node| node.has_tag_name("link"));
    let is_unrecorded = event
        .descendants()
        .any(|node| node.has_tag_name("optout") && node.text() == Some("true"));
    let session = Session {
        title: line("title").unwrap_or_default(),
        speakers: persons
            .filter_map(|person| Some(plain_line(person.text()?)))
            .filter(|name| !name.is_empty())
            .collect(),
        r#abstract: announcement(paragraphs("abstract"), paragraphs("description")),
        track: line("track"),
        language: line("language").and_then(|spoken| language(&spoken)),
        recording: if is_unrecorded {
            Recording::Possible
        } else {
            Recording::Expected
        },
        date: said(event, "date").and_then(|moment| day(&moment)),
        duration: said(event, "duration").and_then(|text| length(&text)),
        ..Session::default()
    };
    with_links(session, links.filter_map(|link| link.attribute("href")))
}

/// The text of a child.
fn said(event: Node<'_, '_>, name: &str) -> Option<String> {
    let child = event.children().find(|node| node.has_tag_name(name))?;
    let texts = child.descendants().filter(Node::is_text);
    Some(texts.filter_map(|text| text.text()).collect())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::schedule::tests::{check, problem};

    #[test]
    fn events_are_read_with_their_persons_and_links() {
        check(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<schedule><conference><title>Conf</title></conference>\
             <day index=\"1\"><room name=\"A\"><event id=\"1\"><start>09:00</start><room>A</room><title>Caches &amp; keys</title><subtitle/>\
             <track>Storage</track><type>devroom</type><language>en</language><abstract>&lt;p&gt;Keys.&lt;/p&gt;</abstract><description/>\
             <persons><person id=\"1\">Ada Quill</person><person id=\"2\">Ben Oak</person></persons>\
             <links><link href=\"https://example.org\">Slides</link><link href=\"https://youtu.be/AAAAAAAAA00\">Video</link></links></event>\
             <event id=\"2\"><title>Lunch</title></event>\
             <event id=\"3\"><title>Off the record</title><recording><license/><optout>true</optout></recording></event></room></day></schedule>",
            &expect![[r#"
                Caches & keys | Ada Quill; Ben Oak | Storage | en | Expected | "Keys." | AAAAAAAAA00
                Off the record |  |  |  | Possible | -
            "#]],
        );
    }

    #[test]
    fn other_xml_is_told() {
        expect!["this XML is no schedule"].assert_eq(&problem("<?xml version=\"1.0\"?><rss/>"));
        expect!["line 2: this XML is damaged"].assert_eq(&problem("<schedule>\n<day></week>"));
    }
}
