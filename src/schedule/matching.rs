//! Which session a video shows: by its title, and by its speakers where the title is not enough.
//!
//! Pure. A video that could show either of two sessions gets none, as a person sees at once what a
//! program guesses.

use crate::schedule::Session;
use crate::titles::pairs;

/// For each title of a video, which session it shows.
#[must_use]
pub fn matches(sessions: &[Session], titles: &[&str]) -> Vec<Option<usize>> {
    let mut matched: Vec<Option<usize>> = vec![None; titles.len()];
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
        assert_eq!(
            matches(&sessions, &titles),
            [Some(2), Some(3), Some(0), None, Some(1)]
        );
        assert_eq!(matches(&sessions, &[]), []);
        assert_eq!(matches(&[], &["Keynote"]), [None]);
    }
}
