//! `read_talk`: what is known of one talk, and what is said where its summary comes from.

use std::time::Duration;

use serde::Serialize;

use crate::catalog::nearest::nearest;
use crate::evidence::SpokenWords;
use crate::mcp::ListedConference;
use crate::mcp::arguments::{ReadArguments, given};
use crate::mcp::library::{Library, talks_of, transcript};
use crate::mcp::no_answer::NoAnswer;
use crate::mcp::view::{ListedTalk, PlaceView, TalkView};
use crate::render::escape::{line, without_controls};
use crate::talk::id::TalkId;
use crate::talk::transcript::{CaptionKind, Span, Transcript};
use crate::talk::{Talk, WrittenSentence, clock, parse_clock};

/// How many words a passage has, as far as cues part it so, and at most.
const PASSAGE_WORDS: usize = 180;
const LONGEST_PASSAGE: usize = 2 * PASSAGE_WORDS;

/// A talk.
#[derive(Debug, Serialize)]
pub(super) struct ReadTalk {
    talk: TalkView,
    /// The summary sentence by sentence, with what is said there.
    sentences: Vec<SentenceView>,
    /// What is said around the moment, or where the words are, that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    passage: Option<PassageView>,
    chapters: Vec<ChapterView>,
    description: String,
    transcript: Option<TranscriptView>,
    next: &'static str,
}

#[derive(Debug, Serialize)]
struct SentenceView {
    text: String,
    evidence: Option<PlaceView>,
    passage: Option<PassageView>,
}

/// What is said for a minute or so.
#[derive(Debug, Serialize)]
struct PassageView {
    from: String,
    until: String,
    url: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct ChapterView {
    time: String,
    title: String,
    url: String,
}

#[derive(Debug, Serialize)]
struct TranscriptView {
    kind: CaptionKind,
    words: usize,
}

/// Reads a talk.
pub(super) fn read(library: &Library, arguments: &ReadArguments) -> Result<ReadTalk, NoAnswer> {
    let conferences = library.conferences(given(arguments.conference.as_deref()))?;
    let listed = find(&conferences, &arguments.talk)?;
    let talk = &listed.talk.talk;
    let spoken = transcript(listed);
    let at = given(arguments.at.as_deref());
    let asked = match (at, given(arguments.words.as_deref())) {
        (None, None) => None,
        (at, words) => {
            let spoken = spoken.as_ref().ok_or_else(no_transcript)?;
            Some(match (at, words) {
                (Some(at), _) => moment(at, spoken)?,
                (None, words) => place(words.unwrap_or_default(), spoken)?,
            })
        }
    };
    let passage = |span: Span| passage(talk, spoken.as_ref()?, span);
    let sentences = listed.talk.places.iter().map(|sentence| {
        let evidence = sentence.evidence.as_ref();
        SentenceView {
            text: line(&sentence.text),
            evidence: evidence.map(|evidence| PlaceView::new(talk, evidence)),
            passage: evidence.and_then(|evidence| passage(evidence.span)),
        }
    });
    let chapters = talk.chapters.iter().map(|chapter| ChapterView {
        time: clock(chapter.start),
        title: line(&chapter.title),
        url: talk.url_at(chapter.start),
    });
    Ok(ReadTalk {
        talk: listed.view(),
        sentences: sentences.collect(),
        passage: asked.and_then(passage),
        chapters: chapters.collect(),
        description: without_controls(talk.description.trim()).into_owned(),
        transcript: talk.transcript.as_ref().map(|it| TranscriptView {
            kind: it.kind,
            words: it.words,
        }),
        next: "read_talk with `at` reads on from a moment, such as the `until` of a passage; with `words` it finds one",
    })
}

/// Finds a talk by its id or a link.
fn find<'a>(conferences: &[&'a ListedConference], named: &str) -> Result<ListedTalk<'a>, NoAnswer> {
    let talks = || {
        conferences
            .iter()
            .flat_map(|conference| talks_of(conference))
    };
    let named = named.trim();
    let id = TalkId::from_id_or_link(named).ok();
    let is_it = |listed: &ListedTalk<'_>| Some(&listed.talk.talk.id) == id.as_ref();
    if let Some(found) = talks().find(is_it) {
        return Ok(found);
    }
    let error = format!("there is no talk `{}`", line(named));
    let is_part = |listed: &ListedTalk<'_>| {
        let video = &listed.talk.talk.id.video;
        id.as_ref().is_some_and(|id| id.video == *video)
    };
    let parts: Vec<String> = talks().filter(is_part).map(describe).collect();
    if !parts.is_empty() {
        let next = "several talks are in this recording; name one by its id";
        return Err(NoAnswer::new(error, next).with_nearest(parts));
    }
    let next = "search_talks finds talks by `words`, and has their ids";
    let ids: Vec<String> = talks().map(|it| it.talk.talk.id.to_string()).collect();
    let names = talks().map(|it| it.talk.talk.title.as_str());
    let names: Vec<&str> = match &id {
        Some(_) => ids.iter().map(String::as_str).collect(),
        None => names.collect(),
    };
    let near = nearest(named, names.iter().copied());
    let near = near.and_then(|near| names.iter().position(|name| *name == near));
    let near = near.and_then(|at| talks().nth(at)).map(describe);
    Err(NoAnswer::new(error, next).with_nearest(near))
}

/// A talk as it is named to somebody who looks for it.
fn describe(listed: ListedTalk<'_>) -> String {
    let Talk { id, title, .. } = &listed.talk.talk;
    format!("{id}: {}", line(title))
}

fn no_transcript() -> NoAnswer {
    NoAnswer::new(
        "there is no transcript of this talk",
        "leave `at` and `words` out; the summary, the chapters and the description are there",
    )
}

/// The cue that is said at a moment, or before it.
fn moment(at: &str, spoken: &Transcript) -> Result<Span, NoAnswer> {
    let seconds = parse_clock(at.trim().trim_end_matches('s')).ok_or_else(|| {
        let error = format!("`{}` is no moment of a recording", line(at));
        NoAnswer::new(error, "write `12:34`, `1:02:30` or seconds")
    })?;
    let spans = || spoken.cues.iter().filter_map(|cue| cue.span);
    let Some(end) = spans().map(|span| span.end).max() else {
        let error = "the transcript of this talk has no times";
        return Err(NoAnswer::new(error, "leave `at` out"));
    };
    if Duration::from_secs(seconds) > end {
        let error = format!("nothing is said at {}", clock(seconds));
        let next = format!("the last words are at {}", clock(end.as_secs()));
        return Err(NoAnswer::new(error, next));
    }
    let moment = Duration::from_secs(seconds);
    let said = spans().take_while(|span| span.start <= moment).last();
    Ok(said.or_else(|| spans().next()).expect("a cue has times"))
}

/// Where words are said.
fn place(words: &str, spoken: &Transcript) -> Result<Span, NoAnswer> {
    let wanted = WrittenSentence {
        text: words.to_owned(),
        quote: None,
    };
    let found = SpokenWords::of(spoken).place(&wanted, "");
    found.map(|evidence| evidence.span).ok_or_else(|| {
        let error = format!("the talk has no passage for `{}`", line(words));
        let next = "use other words, in the language of the talk, or `at` with a moment";
        NoAnswer::new(error, next)
    })
}

/// What is said around a place; none where no time is known.
fn passage(talk: &Talk, spoken: &Transcript, place: Span) -> Option<PassageView> {
    let around = spoken.around(place, PASSAGE_WORDS);
    let from = around.cues.first()?.span?.start.as_secs();
    let until = around.cues.last()?.span?.end.as_secs();
    let text = line(&around.text());
    let words: Vec<&str> = text.split(' ').take(LONGEST_PASSAGE).collect();
    Some(PassageView {
        from: clock(from),
        until: clock(until),
        url: talk.url_at(from),
        text: words.join(" "),
    })
}
