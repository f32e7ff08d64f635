//! Calendars (RFC 5545), which most planning tools export: an event is a session. They say little:
//! a title, a description, and speakers only where these are listed as attendees.

use std::collections::BTreeSet;

use crate::schedule::links::link_in;
use crate::schedule::plain::{plain_line, plain_text};
use crate::schedule::speakers::speakers;
use crate::schedule::{Session, video};
use crate::talk::id::TalkId;

/// A line of a calendar: `NAME;PARAMETER="…":value`.
struct Property {
    name: String,
    parameters: String,
    value: String,
}

/// Whether a text is a calendar.
pub(super) fn is_calendar(text: &str) -> bool {
    text.get(..15)
        .is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:VCALENDAR"))
}

/// Reads the events of a calendar.
pub(super) fn sessions(text: &str) -> Vec<Session> {
    let is_pretalx = text
        .lines()
        .any(|line| line.starts_with("PRODID:") && line.contains("pretalx"));
    let mut events: Vec<Vec<Property>> = Vec::new();
    let mut event: Option<Vec<Property>> = None;
    for property in unfold(text).iter().filter_map(|line| property(line)) {
        let is_event = property.value.eq_ignore_ascii_case("VEVENT");
        match (property.name.as_str(), &mut event) {
            ("BEGIN", _) if is_event => event = Some(Vec::new()),
            ("END", _) if is_event => events.extend(event.take()),
            (_, Some(properties)) => properties.push(property),
            _ => {}
        }
    }
    let people = people(&events);
    let named = |session| {
        if is_pretalx { named(session) } else { session }
    };
    let sessions = events.iter().filter_map(|event| session(event, people));
    sessions.map(named).collect()
}

/// What speakers are listed as: attendees, or organizers where nobody attends and they differ from event
/// to event.
fn people(events: &[Vec<Property>]) -> &'static str {
    let all = |called: &'static str| {
        let properties = events.iter().flatten();
        properties
            .filter(move |property| property.name == called)
            .filter_map(name)
    };
    let organizers: BTreeSet<String> = all("ORGANIZER").collect();
    let differ = organizers.len() > 1 && organizers.len() * 2 > all("ORGANIZER").count();
    if differ && all("ATTENDEE").next().is_none() {
        "ORGANIZER"
    } else {
        "ATTENDEE"
    }
}

/// Long lines go on in the next one, behind a blank.
fn unfold(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(rest), Some(last)) => last.push_str(rest),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn property(line: &str) -> Option<Property> {
    let mut is_quoted = false;
    let colon = line.find(|letter: char| {
        is_quoted ^= letter == '"';
        letter == ':' && !is_quoted
    })?;
    let (name, parameters) = line[..colon]
        .split_once(';')
        .unwrap_or((&line[..colon], ""));
    Some(Property {
        name: name.to_ascii_uppercase(),
        parameters: parameters.to_owned(),
        value: line[colon + 1..].to_owned(),
    })
}

fn session(properties: &[Property], people: &'static str) -> Option<Session> {
    let all = |name: &'static str| {
        properties
            .iter()
            .filter(move |property| property.name == name)
    };
    let value = |name: &'static str| {
        all(name)
            .map(|property| unescaped(&property.value))
            .find(|value| !value.trim().is_empty())
    };
    if value("STATUS").is_some_and(|state| state.eq_ignore_ascii_case("CANCELLED")) {
        return None;
    }
    let mut links = all("URL").chain(all("ATTACH")).chain(all("CONFERENCE"));
    let track = all("CATEGORIES")
        .next()
        .map(|property| property.value.replace("\\,", "\u{1}"));
    let track = track.as_deref().and_then(|track| track.split(',').next());
    let attendees = all(people).filter_map(name);
    let attendees: Vec<String> = attendees.flat_map(|name| speakers(&name)).collect();
    let description = value("DESCRIPTION").map(|text| plain_text(&text));
    let description = description.unwrap_or_default();
    let (named, description) = if attendees.is_empty() {
        with_speakers(&description)
    } else {
        (attendees, description)
    };
    let on_youtube = links
        .find_map(|link| video(&link.value))
        .or_else(|| description.lines().find_map(recording));
    Some(Session {
        title: plain_line(&value("SUMMARY")?),
        speakers: named,
        r#abstract: Some(description).filter(|text| !text.is_empty()),
        track: track
            .map(|track| plain_line(&track.replace('\u{1}', ",")))
            .filter(|track| !track.is_empty()),
        video: on_youtube,
        ..Session::default()
    })
}

/// The recording that a line such as "Recording: https://…" leads to.
fn recording(line: &str) -> Option<TalkId> {
    let (called, link) = line.split_once(':')?;
    video(&link_in(link, &called.to_lowercase())?)
}

/// The speakers that the first or the last line of a description names as such, and the rest of it.
fn with_speakers(description: &str) -> (Vec<String>, String) {
    const WORDS: [&str; 9] = [
        "speaker",
        "speakers",
        "speaker(s)",
        "presenter",
        "presenters",
        "presented by",
        "referent",
        "referenten",
        "intervenants",
    ];
    let named = |line: &str| {
        let (word, names) = line.split_once(':')?;
        let is_word = WORDS.contains(&&*word.trim().to_lowercase());
        (is_word && !names.trim().is_empty()).then(|| speakers(names))
    };
    let lines: Vec<&str> = description.lines().collect();
    let first = || Some((named(lines.first()?)?, &lines[1..]));
    let last = || Some((named(lines.last()?)?, &lines[..lines.len() - 1]));
    match first().or_else(last) {
        Some((speakers, rest)) => (speakers, rest.join("\n").trim().to_owned()),
        None => (Vec::new(), description.to_owned()),
    }
}

/// The session whose title names its speakers behind a dash, as pretalx writes it; none are named
/// behind the last dash of a session without any.
fn named(session: Session) -> Session {
    let Some((title, names)) = session.title.rsplit_once(" -") else {
        return session;
    };
    Session {
        title: title.trim().to_owned(),
        speakers: speakers(names),
        ..session
    }
}

/// The name that an attendee is shown by.
fn name(attendee: &Property) -> Option<String> {
    let parameters = attendee.parameters.split(';');
    let (_, name) = parameters
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(key, _)| key.eq_ignore_ascii_case("CN"))?;
    let name = name.trim_matches('"');
    (!name.contains('@')).then(|| name.to_owned())
}

fn unescaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(other) => text.push(other),
                None => {}
            },
            letter => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::schedule::tests::{check, problem};

    #[test]
    fn speakers_in_titles_of_pretalx_are_told_from_the_title() {
        check(
            "BEGIN:VCALENDAR\nPRODID:-//pretalx//example//\nBEGIN:VEVENT\nSUMMARY:Caches - now - Ada Quill\\, Ben Oak\nEND:VEVENT\n\
             BEGIN:VEVENT\nSUMMARY:Keynote - \nEND:VEVENT\nEND:VCALENDAR\n",
            &expect![[r#"
                Caches - now | Ada Quill; Ben Oak |  |  | Expected | -
                Keynote |  |  |  | Expected | -
            "#]],
        );
    }

    #[test]
    fn events_of_calendars_are_read() {
        check(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART:20260510T090000Z\r\nSUMMARY;LANGUAGE=en:Caches\\, expl\r\n ained\r\n\
             DESCRIPTION:Keys.\\n\\nValues\\; both.\r\nCATEGORIES:STORAGE\\, DISKS,x\r\nATTENDEE;ROLE=CHAIR;CN=\"Ada Quill: ink\":invalid:nomail\r\n\
             URL:https://youtu.be/AAAAAAAAA00\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT\r\n\
             BEGIN:VEVENT\r\nSUMMARY:Turned down\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Lunch\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            &expect![[r#"
                Caches, explained | Ada Quill: ink | STORAGE, DISKS |  | Expected | "Keys.\n\nValues; both." | AAAAAAAAA00
            "#]],
        );
        expect!["there are no sessions in this schedule"]
            .assert_eq(&problem("BEGIN:VCALENDAR\nEND:VCALENDAR"));
    }

    #[test]
    fn speakers_are_named_in_descriptions_and_as_organizers() {
        check(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Caches\nDESCRIPTION:Speakers: Ada Quill\\, Ben Oak\\n\\nKeys.\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:Values\nDESCRIPTION:Keys: none.\\n\\nPresented by: Cleo Fir\nORGANIZER;CN=TinyConf:mailto:x@example.org\nEND:VEVENT\nEND:VCALENDAR\n",
            &expect![[r#"
                Caches | Ada Quill; Ben Oak |  |  | Expected | "Keys."
                Values | Cleo Fir |  |  | Expected | "Keys: none."
            "#]],
        );
        check(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Caches\nORGANIZER;CN=\"Ada Quill, Ben Oak\":mailto:x@example.org\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:Values\nORGANIZER;CN=Cleo Fir:mailto:x@example.org\nEND:VEVENT\nEND:VCALENDAR\n",
            &expect![[r#"
                Caches | Ada Quill; Ben Oak |  |  | Expected | -
                Values | Cleo Fir |  |  | Expected | -
            "#]],
        );
    }
}
