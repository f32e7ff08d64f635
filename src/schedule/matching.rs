//! Which session a video shows: by its title, and by its speakers where the title is not enough.
//!
//! Pure. A video that could show either of two sessions gets none, as a person sees at once what a
//! program guesses.

use std::collections::HashMap;

use crate::schedule::Session;
use crate::talk::id::TalkId;
use crate::titles::pairs;

/// For each talk, which session it shows: the one that links to it, else by the titles of both.
#[must_use]
pub(crate) fn matches(sessions: &[Session], talks: &[(&TalkId, &str)]) -> Vec<Option<usize>> {
    let linked = linked(sessions);
    // A link to a whole recording, which several share, says little.
    let only = |(id, _): &(&TalkId, &str)| match linked.get(*id).map(Vec::as_slice) {
        Some([session]) => Some(*session),
        _ => None,
    };
    let mut matched: Vec<Option<usize>> = talks.iter().map(only).collect();
    let titles: Vec<&str> = talks.iter().map(|(_, title)| *title).collect();
    // "Keynote" says nothing; "Ada Quill: Keynote" does.
    let title = |session: &Session| session.title.clone();
    let forms: [&dyn Fn(&Session) -> String; 2] = [&title, &Session::full_title];
    for form in forms {
        let free = |&session: &usize| !matched.contains(&Some(session));
        let sessions_left: Vec<usize> = (0..sessions.len()).filter(free).collect();
        let titles_left: Vec<usize> = (0..titles.len())
            .filter(|&title| matched[title].is_none())
            .collect();
        let names: Vec<String> = sessions_left
            .iter()
            .map(|&session| form(&sessions[session]))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let left: Vec<&str> = titles_left.iter().map(|&title| titles[title]).collect();
        for (name, pair) in pairs(&names, &left).into_iter().enumerate() {
            if let Some(pair) = pair {
                matched[titles_left[pair.index]] = Some(sessions_left[name]);
            }
        }
    }
    matched
}

/// The sessions that link to a talk, by its id.
fn linked(sessions: &[Session]) -> HashMap<TalkId, Vec<usize>> {
    let mut linked: HashMap<TalkId, Vec<usize>> = HashMap::new();
    for (place, session) in sessions.iter().enumerate() {
        let talks = [session.video.clone(), session.talk_elsewhere()];
        for talk in talks.into_iter().flatten() {
            linked.entry(talk).or_default().push(place);
        }
    }
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn videos_find_their_sessions_by_title_and_by_speaker() {
        let session = |title: &str, speakers: &[&str]| Session {
            title: title.to_owned(),
            speakers: speakers.iter().map(|name| (*name).to_owned()).collect(),
            ..Session::default()
        };
        let sessions = [
            session("Caches that explain themselves", &["Ada Quill"]),
            session("Keynote", &["Ben Oak"]),
            session("Keynote", &["Cleo Fir"]),
            session("Printing, revisited", &["Dan Elm"]),
            session("Never recorded", &["Eve Ash"]),
        ];
        let titles = [
            "Keynote - Cleo Fir | Example Conf 2026",
            "Dan Elm: Printing revisited | Example Conf 2026",
            "Caches that explain themselves - Ada Quill | Example Conf 2026",
            "Behind the scenes | Example Conf 2026",
            "Keynote - Ben Oak | Example Conf 2026",
        ];
        let id = TalkId::whole("AAAAAAAAA00".parse().unwrap());
        let talks: Vec<(&TalkId, &str)> = titles.iter().map(|title| (&id, *title)).collect();
        assert_eq!(
            matches(&sessions, &talks),
            [Some(2), Some(3), Some(0), None, Some(1)]
        );
        assert_eq!(matches(&sessions, &[]), []);
        assert_eq!(matches(&[], &[(&id, "Keynote")]), [None]);
    }

    #[test]
    fn links_pair_whatever_the_titles_say() {
        let ids = ["AAAAAAAAA00", "AAAAAAAAA01", "AAAAAAAAA02"];
        let ids = ids.map(|id| TalkId::whole(id.parse().unwrap()));
        let session = |title: &str, video: &TalkId| Session {
            title: title.to_owned(),
            video: Some(video.clone()),
            ..Session::default()
        };
        let sessions = [
            session("Lightning talks", &ids[1]),
            session("Lightning talks", &ids[0]),
            session("Tides", &ids[2]),
            session("Harbours", &ids[2]),
        ];
        let talks = [
            (&ids[0], "Lightning talks"),
            (&ids[1], ""),
            (&ids[2], "Harbours"),
        ];
        assert_eq!(matches(&sessions, &talks), [Some(1), Some(0), Some(3)]);
    }
}
