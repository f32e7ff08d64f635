//! Words that speak to a language model: in a recording, a description, a title.
//!
//! They change nothing here, since what is untrusted is fenced in and replies are checked; but a
//! person should read what a model made of such a talk. A talk about such attacks says the same
//! words for good reasons, so each place is shown with its time, and only the first of a text:
//! this is something to look at, and no verdict.

mod orders;

use std::fmt::Write;
use std::ops::Range;
use std::time::Duration;

use crate::check::speech::orders::{normalize, places};
use crate::check::{Finding, Kind, Source};
use crate::talk::id::TalkId;
use crate::talk::transcript::Transcript;
use crate::talk::{Talk, clock, one_line};

/// Where the texts that came with a video speak to a model.
#[must_use]
pub(crate) fn in_texts(talk: &Talk) -> Vec<Finding> {
    let chapters: Vec<&str> = talk
        .chapters
        .iter()
        .map(|chapter| chapter.title.as_str())
        .collect();
    let texts = [
        (Source::Title, talk.title.clone()),
        (Source::Chapter, chapters.join("\n")),
        (Source::Description, talk.description.clone()),
    ];
    let found = texts.into_iter().filter_map(|(source, text)| {
        let text = normalize(&text);
        let places = places(&text);
        let first = places.first()?;
        Some(finding(
            &talk.id,
            source,
            &excerpt(&text, first),
            None,
            places.len(),
        ))
    });
    found.collect()
}

/// Where somebody speaks to a model in what was said.
#[must_use]
pub(crate) fn in_transcript(talk: &TalkId, transcript: &Transcript) -> Option<Finding> {
    let mut text = String::new();
    let mut starts = Vec::with_capacity(transcript.cues.len());
    for cue in &transcript.cues {
        starts.push((text.len(), cue.span.map(|span| span.start)));
        text.push_str(&normalize(&cue.text));
        text.push(' ');
    }
    let places = places(&text);
    let first = places.first()?;
    let cue = starts.partition_point(|(start, _)| *start <= first.start);
    let time = cue.checked_sub(1).and_then(|cue| starts[cue].1);
    let words = excerpt(&text, first);
    Some(finding(
        talk,
        Source::Transcript,
        &words,
        time,
        places.len(),
    ))
}

fn finding(
    talk: &TalkId,
    source: Source,
    words: &str,
    time: Option<Duration>,
    places: usize,
) -> Finding {
    let at = time
        .map(|time| format!("at {}, ", clock(time.as_secs())))
        .unwrap_or_default();
    let mut message = format!("{at}the {} says: \"{words}\"", source.name());
    match places {
        1 => {}
        2 => message.push_str(", and something like it once more"),
        more => write!(message, ", and the like in {} more places", more - 1)
            .expect("writing to a string does not fail"),
    }
    Finding {
        source: Some(source),
        ..Finding::about(talk, Kind::PromptInjection, words, message)
    }
}

/// The words at a place with a few around them, on one line and all of them to be seen.
fn excerpt(text: &str, place: &Range<usize>) -> String {
    const BEFORE: usize = 4;
    const AFTER: usize = 8;
    const LONGEST: usize = 200;
    let mut before: Vec<&str> = text[..place.start]
        .split_whitespace()
        .rev()
        .take(BEFORE)
        .collect();
    before.reverse();
    let after = text[place.end..].split_whitespace().take(AFTER);
    let words: Vec<&str> = before
        .into_iter()
        .chain([&text[place.clone()]])
        .chain(after)
        .collect();
    one_line(&words.join(" "))
        .chars()
        .take(LONGEST)
        .map(visible)
        .collect()
}

/// Letters that nobody sees, as those that they hide.
fn visible(c: char) -> char {
    const HIDDEN: u32 = 0xe0000;
    match c {
        '\u{e0020}'..='\u{e007e}' => char::from_u32(u32::from(c) - HIDDEN).unwrap_or(c),
        c => c,
    }
}

#[cfg(test)]
mod tests;
