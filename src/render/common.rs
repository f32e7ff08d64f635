//! What most talks of a page have in common, so that it is said once above them: their days, and how
//! their summaries came about. Pure.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::locale::Locale;
use crate::talk::{self, Origin, SummarizedTalk};

/// No conference is longer, in days. Talks that were published over a longer time say when.
const LONGEST: i32 = 14;

/// `18–20 September 2024`: the days of all talks that have one, where they are those of one
/// conference.
pub(super) fn days(locale: &Locale, talks: &[&SummarizedTalk]) -> Option<String> {
    let dates = talks.iter().filter_map(|talk| talk.talk.date.as_deref());
    let days: Option<BTreeSet<Date>> = dates.map(|date| date.parse().ok()).collect();
    let days = days?;
    let (first, last) = (*days.first()?, *days.last()?);
    let is_short = (last - first).get_days() < LONGEST;
    is_short.then(|| locale.days(first, last))
}

/// How more than half of the summaries came about, where that is to be said at all.
pub(super) fn usual_origin(talks: &[&SummarizedTalk]) -> Option<Origin> {
    let origins: Vec<Origin> = talks.iter().copied().filter_map(origin).collect();
    let said = [
        Origin::Transcript,
        Origin::Abstract,
        Origin::Excerpt,
        Origin::Import,
    ];
    said.into_iter().find(|usual| {
        let alike = origins.iter().filter(|origin| *origin == usual).count();
        alike > 1 && alike * 2 > origins.len()
    })
}

/// The message about a summary beside its talk: none where it came about as most did.
pub(super) fn mark(talk: &SummarizedTalk, usual: Option<Origin>) -> Option<&'static str> {
    let origin = origin(talk)?;
    if usual == Some(origin) {
        return None;
    }
    source(origin).or(usual.map(|_| "from-organizers"))
}

/// The message about how a summary came about.
pub(super) fn source(origin: Origin) -> Option<&'static str> {
    match origin {
        Origin::Organizer => None,
        Origin::Transcript => Some("written"),
        Origin::Abstract => Some("written-from-abstract"),
        Origin::Excerpt => Some("excerpt"),
        Origin::Import => Some("imported"),
    }
}

/// The message about what is to be known of a summary.
pub(super) fn note(origin: Origin) -> Option<&'static str> {
    match origin {
        Origin::Excerpt => Some("excerpt"),
        Origin::Abstract => Some("note-from-abstract"),
        Origin::Organizer | Origin::Transcript | Origin::Import => None,
    }
}

/// The message that is said once above the talks.
pub(super) fn usual_source(origin: Origin) -> &'static str {
    match origin {
        Origin::Organizer => "summaries-from-organizers",
        Origin::Transcript => "summaries-written",
        Origin::Abstract => "summaries-from-abstracts",
        Origin::Excerpt => "summaries-excerpts",
        Origin::Import => "summaries-imported",
    }
}

fn origin(talk: &SummarizedTalk) -> Option<Origin> {
    Some(talk.summary.as_ref()?.origin)
}

/// How a language is called in another one, in English where that is not known.
pub(super) fn language_name(locale: &Locale, tag: &str) -> String {
    let name = locale.language(tag);
    name.unwrap_or_else(|| talk::language_name(tag).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::trial;

    /// Talks like one another but for what is said of them.
    fn talks<T>(said: &[T], say: impl Fn(&mut SummarizedTalk, &T)) -> Vec<SummarizedTalk> {
        let (_, [talk, _]) = trial();
        let say = |one: &T| {
            let mut talk = talk.clone();
            say(&mut talk, one);
            talk
        };
        said.iter().map(say).collect()
    }

    #[test]
    fn the_days_of_one_conference_are_said_once() {
        for (dates, said) in [
            (
                &["2024-09-18", "", "2024-09-20"][..],
                Some("18–20 September 2024"),
            ),
            (&["2024-09-18"], Some("18 September 2024")),
            (
                &["2024-10-02", "2024-09-30"],
                Some("30 September – 2 October 2024"),
            ),
            (
                &["2024-12-30", "2025-01-02"],
                Some("30 December 2024 – 2 January 2025"),
            ),
            (&["2024-09-18", "2024-10-18"], None),
            (&["2024-09-18", "in autumn"], None),
            (&["", ""], None),
        ] {
            let talks = talks(dates, |talk, date| {
                talk.talk.date = Some((*date).to_owned()).filter(|date| !date.is_empty());
            });
            let talks: Vec<_> = talks.iter().collect();
            assert_eq!(days(Locale::of("en"), &talks).as_deref(), said, "{dates:?}");
        }
    }

    #[test]
    fn what_most_summaries_are_is_said_once_and_the_others_are_marked() {
        use Origin::{Excerpt, Organizer, Transcript};
        let marks = |origins: &[Origin]| {
            let talks = talks(origins, |talk, origin| {
                talk.summary.as_mut().unwrap().origin = *origin;
            });
            let talks: Vec<_> = talks.iter().collect();
            let usual = usual_origin(&talks);
            let marks: Vec<_> = talks.iter().map(|talk| mark(talk, usual)).collect();
            (usual, marks)
        };
        assert_eq!(
            marks(&[Transcript, Excerpt, Transcript, Organizer, Transcript]),
            (
                Some(Transcript),
                vec![None, Some("excerpt"), None, Some("from-organizers"), None]
            )
        );
        assert_eq!(
            marks(&[Transcript, Organizer]),
            (None, vec![Some("written"), None])
        );
        assert_eq!(marks(&[Organizer, Organizer]), (None, vec![None, None]));
    }
}
