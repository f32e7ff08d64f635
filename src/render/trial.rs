//! A page with which templates are tried before anything is paid for.

use std::time::Duration;

use crate::render::logo::Logo;
use crate::render::page::{Header, Home};
use crate::render::pictures::Pictures;
use crate::render::similar::{OtherPage, SimilarTalk};
use crate::render::talk_pages::TalkFolders;
use crate::talk::evidence::{Evidence, FoundBy, PlacedSentence};
use crate::talk::id::{TalkId, VideoId};
use crate::talk::provenance::{FiledBy, TitleOrigin};
use crate::talk::transcript::{CaptionKind, Cue, Span, Transcript};
use crate::talk::{Chapter, Choice, Filing, Freshness, Origin, SummarizedTalk, Summary, Talk};

/// A page on which everything is known that can be known.
pub(crate) fn trial() -> (Header, [SummarizedTalk; 2]) {
    let text = || "text".to_owned();
    let video: VideoId = "-----------".parse().expect("eleven dashes are an id");
    let talk = Talk {
        id: TalkId {
            video: video.clone(),
            start: Some(0),
        },
        recording: None,
        end: Some(60),
        title: text(),
        title_origin: TitleOrigin::YouTube,
        speakers: vec![text()],
        description: text(),
        date: Some(text()),
        duration: Some(60),
        language: Some(text()),
        chapters: vec![Chapter {
            start: 0,
            title: text(),
        }],
        transcript: None,
    };
    let summary = Summary {
        text: text(),
        sentences: Vec::new(),
        origin: Origin::Excerpt,
        provenance: None,
        freshness: Freshness::Current,
    };
    let places = vec![
        PlacedSentence {
            text: text(),
            evidence: Some(Evidence {
                quote: text(),
                span: Span {
                    start: Duration::from_millis(12_340),
                    end: Duration::from_secs(15),
                },
                found_by: FoundBy::Quote,
            }),
        },
        PlacedSentence {
            text: text(),
            evidence: None,
        },
    ];
    let similar = SimilarTalk {
        id: TalkId::whole(video.clone()),
        title: text(),
        speakers: vec![text()],
        url: text(),
        elsewhere: Some(OtherPage {
            title: text(),
            href: text(),
        }),
        words: vec![text()],
    };
    let header = Header {
        title: text(),
        intro: Some(text()),
        language: text(),
        categories: vec![(text(), text())],
        pictures: Pictures::Linked,
        url: "https://conf.example".parse().ok(),
        home: Some(Home {
            title: text(),
            href: text(),
            searched_folder: Some(text()),
        }),
        has_feed: true,
        place: Some(text()),
        dates: Some(text()),
        website: "https://conf.example".parse().ok(),
        logo: Some(Logo::trial()),
        similar: Some(vec![vec![similar]]),
        talk_pages: Some(TalkFolders::default()),
    };
    let category = Some(Filing {
        choice: Choice::Category(text()),
        filed_by: FiledBy::Words,
        provenance: None,
        freshness: Freshness::Current,
    });
    let talk = SummarizedTalk {
        talk,
        summary: Some(summary),
        places,
        imported_failure: None,
        category,
        also: vec!["another".to_owned()],
    };
    let mut other = talk.clone();
    other.talk.language = Some("de".to_owned());
    other.category = None;
    (header, [talk, other])
}

/// A talk of which nothing is known but its title.
pub(super) fn bare(talk: &SummarizedTalk) -> SummarizedTalk {
    SummarizedTalk {
        talk: Talk {
            speakers: Vec::new(),
            description: String::new(),
            date: None,
            duration: None,
            language: None,
            chapters: Vec::new(),
            ..talk.talk.clone()
        },
        summary: None,
        places: Vec::new(),
        imported_failure: None,
        category: None,
        also: Vec::new(),
    }
}

/// What was said in a talk, with times and without.
pub(super) fn trial_transcript() -> Transcript {
    let cue = |span| Cue {
        span,
        text: "text ".repeat(200),
    };
    let span = Span {
        start: Duration::from_secs(12),
        end: Duration::from_secs(15),
    };
    Transcript {
        language: Some("de".to_owned()),
        kind: CaptionKind::Automatic,
        cues: vec![cue(Some(span)), cue(None)],
    }
}
