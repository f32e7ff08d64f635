//! What a talk lacks and why, what of it has been outrun, and what cannot be read.
//!
//! A summary that an organizer or an earlier page gave needs no transcript, so nobody is told that
//! there is none; and where a summary is missing, a missing category is no news.

use crate::cache::{CacheError, RememberedFailure};
use crate::check::{Finding, Kind};
use crate::fetch::failure::{Persistence, Reason};
use crate::report::causes;
use crate::talk::id::TalkId;
use crate::talk::{Freshness, Origin, SummarizedTalk};

/// Why something of a talk is not there, as far as anybody knows.
#[derive(Debug, Default)]
pub(crate) struct Reasons {
    /// What an earlier visit to the video has found out.
    pub video: Option<RememberedFailure>,
    /// What an earlier visit has found out about its captions.
    pub captions: Option<RememberedFailure>,
    /// Why its transcript cannot be used now.
    pub transcript: Option<String>,
    /// Why it has no summary.
    pub summary: Option<Lack>,
    /// Why it has no category.
    pub category: Option<Lack>,
}

/// Why a talk has no result of today's, though it may have an older one.
#[derive(Debug, Clone)]
pub(crate) enum Lack {
    /// The model's replies were of no use, because.
    SetAside(String),
    /// Anything else.
    Other(String),
}

impl Lack {
    fn why(&self) -> &str {
        let (Self::SetAside(why) | Self::Other(why)) = self;
        why
    }
}

/// Whether a talk is to have a category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CategoryUse {
    /// The conference has categories.
    ByCategory,
    /// It has none.
    Nowhere,
}

/// What is missing of a talk, with the reason and its date.
#[must_use]
pub(crate) fn missing(
    talk: &SummarizedTalk,
    reasons: &Reasons,
    filed: CategoryUse,
) -> Vec<Finding> {
    let missing =
        |what: &str, message: String| Finding::about(&talk.talk.id, Kind::Missing, what, message);
    let video = missing_video(talk, reasons).map(|why| missing("video", why));
    let transcript = match (&video, missing_transcript(talk, reasons)) {
        (None, Some(why)) => Some(missing("transcript", format!("no transcript: {why}"))),
        _ => None,
    };
    let said = talk.imported_failure.as_ref();
    let said = said.map(|said| Lack::Other(format!("the imported page says \"{said}\"")));
    let result = match (&talk.summary, &talk.category, filed) {
        (None, ..) => Some(("summary", said.or_else(|| reasons.summary.clone()))),
        (Some(_), None, CategoryUse::ByCategory) => Some(("category", reasons.category.clone())),
        _ => None,
    };
    let result = result.filter(|(_, lack)| !matches!(lack, Some(Lack::SetAside(_))));
    let result = result.map(|(what, lack)| {
        let why = lack
            .map(|lack| format!(": {}", lack.why()))
            .unwrap_or_default();
        missing(what, format!("no {what}{why}"))
    });
    video.into_iter().chain(transcript).chain(result).collect()
}

/// What of a talk a model was asked for in vain, and what stands in.
#[must_use]
pub(crate) fn set_aside(talk: &SummarizedTalk, reasons: &Reasons) -> Vec<Finding> {
    let summary = talk.summary.as_ref().map(|summary| match summary.origin {
        Origin::Excerpt => "the page shows an excerpt",
        _ => "the page shows an older one",
    });
    let category = talk
        .category
        .as_ref()
        .map(|_| "the page shows an older one");
    let results = [
        ("summary", &reasons.summary, summary),
        ("category", &reasons.category, category),
    ];
    let in_vain = results
        .into_iter()
        .filter_map(|(what, lack, stands_in)| match lack {
            Some(Lack::SetAside(why)) => {
                let stands_in = stands_in
                    .map(|words| format!("; {words}"))
                    .unwrap_or_default();
                let message = format!("no {what}: {why}{stands_in}");
                Some(Finding::about(&talk.talk.id, Kind::SetAside, what, message))
            }
            _ => None,
        });
    in_vain.collect()
}

/// Why nobody can see a video, or nobody knows more of it than its id. One that is known from
/// earlier may be gone by now.
fn missing_video(talk: &SummarizedTalk, reasons: &Reasons) -> Option<String> {
    let is_unknown = talk.talk.title == talk.talk.id.to_string();
    let lasts = |failure: &RememberedFailure| {
        let reason = Reason::named(&failure.reason);
        reason.is_some_and(|reason| reason.persistence() == Persistence::Lasting)
    };
    match &reasons.video {
        Some(failure) if is_unknown || lasts(failure) => Some(with_date(failure)),
        None if is_unknown => {
            Some("the video was never fetched, so not even its title is known".to_owned())
        }
        _ => None,
    }
}

fn missing_transcript(talk: &SummarizedTalk, reasons: &Reasons) -> Option<String> {
    let origin = talk.summary.as_ref().map(|summary| summary.origin);
    let is_needed = !matches!(origin, Some(Origin::Organizer | Origin::Import));
    let why = reasons.transcript.clone();
    let why = why.or_else(|| reasons.captions.as_ref().map(with_date));
    let is_missing = talk.talk.transcript.is_none() && is_needed;
    is_missing.then(|| why.unwrap_or_else(|| "it was never fetched".to_owned()))
}

/// A file of the cache that could not be read.
#[must_use]
pub(crate) fn damaged(talk: &TalkId, error: &CacheError) -> Finding {
    Finding::about(talk, Kind::Damaged, error.to_string(), causes(error))
}

/// What of a talk belongs to what would have been asked earlier, and a build renews.
#[must_use]
pub(crate) fn stale(talk: &SummarizedTalk, reasons: &Reasons) -> Vec<Finding> {
    let is_in_vain = |lack: &Option<Lack>| matches!(lack, Some(Lack::SetAside(_)));
    let summary = talk.summary.as_ref().map(|summary| summary.freshness);
    let category = talk.category.as_ref().map(|filing| filing.freshness);
    let results = [
        (
            summary.filter(|_| !is_in_vain(&reasons.summary)),
            "summary",
            "prompt, model or transcript has changed since",
        ),
        (
            category.filter(|_| !is_in_vain(&reasons.category)),
            "category",
            "prompt, model, summary or list of categories has changed since",
        ),
    ];
    results
        .into_iter()
        .filter(|(freshness, ..)| *freshness == Some(Freshness::Stale))
        .map(|(_, what, why)| {
            Finding::about(
                &talk.talk.id,
                Kind::Stale,
                what,
                format!("the {what} is stale: {why}"),
            )
        })
        .collect()
}

fn with_date(failure: &RememberedFailure) -> String {
    format!(
        "{}, found out on {}",
        failure.message,
        failure.at.strftime("%Y-%m-%d")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::provenance::FiledBy;
    use crate::talk::transcript::{CaptionKind, TranscriptRef};
    use crate::talk::{Choice, Filing, Summary, Talk};

    fn talk(title: &str, summary: Option<Origin>) -> SummarizedTalk {
        let talk = Talk::bare(TalkId::whole("-cBplHNM4RA".parse().unwrap()), title);
        let freshness = Freshness::Current;
        SummarizedTalk {
            talk,
            summary: summary.map(|origin| Summary {
                text: "Words.".to_owned(),
                sentences: Vec::new(),
                origin,
                provenance: None,
                freshness,
            }),
            places: Vec::new(),
            imported_failure: None,
            category: Some(Filing {
                choice: Choice::NoneFits,
                filed_by: FiledBy::Model,
                provenance: None,
                freshness,
            }),
            also: Vec::new(),
        }
    }

    fn remembered(reason: Reason, message: &str) -> RememberedFailure {
        RememberedFailure {
            talk: "-cBplHNM4RA".to_owned(),
            at: "2026-06-12T10:00:00Z".parse().unwrap(),
            reason: reason.name(),
            message: message.to_owned(),
            link: None,
        }
    }

    fn said(talk: &SummarizedTalk, reasons: &Reasons) -> Vec<String> {
        let findings = missing(talk, reasons, CategoryUse::ByCategory).into_iter();
        findings
            .map(|finding| format!("{} <- {}", finding.message, finding.text))
            .collect()
    }

    #[test]
    fn what_is_missing_has_its_reason_and_the_date() {
        let reasons = Reasons {
            captions: Some(remembered(Reason::NoCaptions, "the video has no captions")),
            summary: Some(Lack::Other("there is nothing to read".to_owned())),
            ..Reasons::default()
        };
        assert_eq!(
            said(&talk("Caches", None), &reasons),
            [
                "no transcript: the video has no captions, found out on 2026-06-12 <- transcript",
                "no summary: there is nothing to read <- summary",
            ]
        );
        assert_eq!(
            said(&talk("Caches", Some(Origin::Abstract)), &Reasons::default()),
            ["no transcript: it was never fetched <- transcript"]
        );
    }

    #[test]
    fn what_an_imported_page_says_in_the_place_of_a_summary_is_its_reason() {
        let mut failed = talk("Caches", None);
        failed.imported_failure = Some("It failed.".to_owned());
        let [.., summary] = &said(&failed, &Reasons::default())[..] else {
            panic!("no finding")
        };
        assert_eq!(
            summary,
            "no summary: the imported page says \"It failed.\" <- summary"
        );
    }

    #[test]
    fn what_nobody_needs_is_not_missed() {
        for origin in [Origin::Organizer, Origin::Import] {
            let talk = talk("Caches", Some(origin));
            assert!(said(&talk, &Reasons::default()).is_empty());
        }
        let mut whole = talk("Caches", Some(Origin::Transcript));
        whole.talk.transcript = Some(TranscriptRef {
            digest: "3fa9c1d2e4b59a07".to_owned(),
            language: None,
            kind: CaptionKind::Automatic,
            words: 1,
            characters: 4,
            tokens: 1,
        });
        assert!(said(&whole, &Reasons::default()).is_empty());
        whole.category = None;
        assert_eq!(
            said(&whole, &Reasons::default()),
            ["no category <- category"]
        );
        assert!(missing(&whole, &Reasons::default(), CategoryUse::Nowhere).is_empty());
    }

    #[test]
    fn a_video_that_cannot_be_seen_is_named_even_where_it_was_seen_before() {
        let private = Reasons {
            video: Some(remembered(Reason::Private, "the video is private")),
            ..Reasons::default()
        };
        let blocked = Reasons {
            video: Some(remembered(Reason::BotCheck, "YouTube asks for a proof")),
            ..Reasons::default()
        };
        let imported = talk("Caches", Some(Origin::Import));
        assert_eq!(
            said(&imported, &private),
            ["the video is private, found out on 2026-06-12 <- video"]
        );
        assert!(said(&imported, &blocked).is_empty());
        let unknown = talk("-cBplHNM4RA", Some(Origin::Organizer));
        assert_eq!(
            said(&unknown, &blocked),
            ["YouTube asks for a proof, found out on 2026-06-12 <- video"]
        );
        assert_eq!(
            said(&unknown, &Reasons::default()),
            ["the video was never fetched, so not even its title is known <- video"]
        );
    }

    #[test]
    fn stale_results_are_named_one_by_one() {
        let mut talk = talk("Caches", Some(Origin::Transcript));
        let none = Reasons::default();
        assert!(stale(&talk, &none).is_empty());
        talk.category.as_mut().unwrap().freshness = Freshness::Stale;
        let [category] = &stale(&talk, &none)[..] else {
            panic!("one finding")
        };
        assert_eq!(category.text, "category");
        talk.summary.as_mut().unwrap().freshness = Freshness::Stale;
        assert_eq!(stale(&talk, &none).len(), 2);
    }

    #[test]
    fn what_was_set_aside_is_told_with_its_reason_and_a_build_does_not_renew_it() {
        let why = || Some(Lack::SetAside("the replies were set aside".to_owned()));
        let reasons = Reasons {
            summary: why(),
            category: why(),
            ..Reasons::default()
        };
        let mut talk = talk("Caches", Some(Origin::Excerpt));
        talk.category = None;
        talk.summary.as_mut().unwrap().freshness = Freshness::Stale;
        let found = set_aside(&talk, &reasons).into_iter();
        let found: Vec<String> = found.map(|finding| finding.message).collect();
        assert_eq!(
            found,
            [
                "no summary: the replies were set aside; the page shows an excerpt",
                "no category: the replies were set aside",
            ]
        );
        assert!(stale(&talk, &reasons).is_empty());
        assert!(
            !said(&talk, &reasons)
                .iter()
                .any(|said| said.contains("summary"))
        );
    }
}
