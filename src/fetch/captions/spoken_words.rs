//! Lists of single words with their times, as services for speech recognition answer them.
//!
//! Words become lines that end with a sentence, or after so many words where there are no sentences.

use serde_json::{Map, Value};

use super::lines::{CaptionLine, CaptionPiece};
use super::segment_times::{Scale, Times};

/// What lists of words are called.
const LISTS: [&str; 5] = ["words", "word_segments", "items", "elements", "timestamps"];
/// What a word is called, the likeliest to be written well first.
const TEXTS: [&str; 5] = ["punctuated_word", "word", "text", "value", "content"];
/// What sets a word apart from others of its list.
const KINDS: [&str; 4] = ["word", "pronunciation", "punctuation", "punct"];
/// Of so many words a line is made where no sentence ends.
const LONGEST: usize = 20;

struct Word {
    times: Times,
    text: String,
    /// Whether it stands without a blank behind the word before it.
    is_glued: bool,
}

/// Whether a list of that name is one of words.
pub(super) fn is_word_list(name: &str, items: &[Value]) -> bool {
    let is_called_word = |item: &Value| {
        let kind = item.get("type").and_then(Value::as_str);
        item.get("word").is_some_and(Value::is_string)
            || kind.is_some_and(|kind| KINDS.contains(&kind))
    };
    let is_word = |item: &Value| word(item).is_some_and(|word| !word.text.trim().contains(' '));
    let mut first = items.iter().take(5).peekable();
    first.peek().is_some()
        && first.all(|item| is_called_word(item) || LISTS.contains(&name) && is_word(item))
        && items
            .iter()
            .any(|item| word(item).is_some_and(|word| word.times.is_known()))
}

/// Joins words to lines; their spelling is that of the whole text, where it has as many.
pub(super) fn lines(items: &[Value], whole: Option<&str>) -> Option<Vec<CaptionLine>> {
    let mut words: Vec<Word> = Vec::new();
    for word in items.iter().filter_map(word) {
        match words.last_mut() {
            Some(last) if word.is_glued => last.text.push_str(&word.text),
            _ if word.text.trim().is_empty() => {}
            _ => words.push(word),
        }
    }
    let spelled: Vec<&str> = whole.unwrap_or_default().split_whitespace().collect();
    if spelled.len() == words.len() {
        for (word, spelled) in words.iter_mut().zip(spelled) {
            spelled.clone_into(&mut word.text);
        }
    }
    let scale = Scale::of(words.iter().map(|word| &word.times));
    let mut lines: Vec<CaptionLine> = Vec::new();
    let mut is_over = true;
    for word in words {
        let (start, end) = word.times.span(scale);
        let ends_here = word
            .text
            .trim_end()
            .ends_with(['.', '?', '!', '…', '。', '？', '！']);
        let piece = |blank: &str| CaptionPiece {
            at: word.times.is_known().then_some(start),
            text: format!("{blank}{}", word.text.trim()),
        };
        match lines.last_mut() {
            Some(line) if !is_over => {
                line.pieces.push(piece(" "));
                line.end = end.or(line.end);
            }
            _ => lines.push(CaptionLine {
                start,
                end,
                pieces: vec![piece("")],
            }),
        }
        let count = lines.last().map_or(0, |line| line.pieces.len());
        is_over = ends_here || count >= LONGEST;
    }
    (!lines.is_empty()).then_some(lines)
}

/// A word of a list: an object, or the word with its start and end as a list of three.
fn word(item: &Value) -> Option<Word> {
    if let Value::Array(parts) = item {
        return Some(Word {
            text: parts.first()?.as_str()?.to_owned(),
            times: Times::between(parts.get(1)?, parts.get(2)?),
            is_glued: false,
        });
    }
    let object = item.as_object()?;
    let text = |object: &Map<String, Value>| {
        let mut texts = TEXTS.iter().filter_map(|name| object.get(*name)?.as_str());
        texts.next().map(str::to_owned)
    };
    let reading = || {
        object
            .get("alternatives")?
            .get(0)?
            .as_object()
            .and_then(text)
    };
    let kind = object.get("type").and_then(Value::as_str);
    Some(Word {
        text: text(object).or_else(reading)?,
        times: Times::of(object),
        is_glued: kind.is_some_and(|kind| kind.starts_with("punct")),
    })
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Segments, file, expected);
    }

    #[test]
    fn words_become_sentences() {
        let expected = expect![[r"
            1.00-1.60 Hello there.
            2.00-2.60 We begin.
        "]];
        for file in [
            r#"{"text": "x", "words": [{"word": "Hello", "start": 1, "end": 1.2}, {"word": "there.", "start": 1.3, "end": 1.6}, {"word": "We", "start": 2, "end": 2.2}, {"word": "begin.", "start": 2.3, "end": 2.6}]}"#,
            r#"{"text": "Hello there. We begin.", "words": [{"word": "Hello", "start": 1, "end": 1.2}, {"word": "there", "start": 1.3, "end": 1.6}, {"word": "We", "start": 2, "end": 2.2}, {"word": "begin", "start": 2.3, "end": 2.6}]}"#,
            r#"{"results": {"channels": [{"alternatives": [{"transcript": "x", "words": [{"word": "hello", "punctuated_word": "Hello", "start": 1, "end": 1.2}, {"word": "there", "punctuated_word": "there.", "start": 1.3, "end": 1.6}, {"word": "we", "punctuated_word": "We", "start": 2, "end": 2.2}, {"word": "begin", "punctuated_word": "begin.", "start": 2.3, "end": 2.6}]}]}]}}"#,
            r#"{"results": {"transcripts": [{"transcript": "x"}], "items": [{"type": "pronunciation", "start_time": "1.0", "end_time": "1.2", "alternatives": [{"content": "Hello"}]}, {"type": "pronunciation", "start_time": "1.3", "end_time": "1.6", "alternatives": [{"content": "there"}]}, {"type": "punctuation", "alternatives": [{"content": "."}]}, {"type": "pronunciation", "start_time": "2.0", "end_time": "2.2", "alternatives": [{"content": "We"}]}, {"type": "pronunciation", "start_time": "2.3", "end_time": "2.6", "alternatives": [{"content": "begin"}]}, {"type": "punctuation", "alternatives": [{"content": "."}]}]}}"#,
            r#"{"monologues": [{"speaker": 0, "elements": [{"type": "text", "value": "Hello", "ts": 1, "end_ts": 1.2}, {"type": "punct", "value": " "}, {"type": "text", "value": "there", "ts": 1.3, "end_ts": 1.6}, {"type": "punct", "value": "."}]}, {"elements": [{"type": "text", "value": "We", "ts": 2, "end_ts": 2.2}, {"type": "punct", "value": " "}, {"type": "text", "value": "begin", "ts": 2.3, "end_ts": 2.6}, {"type": "punct", "value": "."}]}]}"#,
        ] {
            check(file, &expected);
        }
    }

    #[test]
    fn a_list_without_sentences_is_cut_after_some_words() {
        let words: Vec<String> = (0..25)
            .map(|second| {
                format!(r#"{{"word": "w{second}", "start": {second}, "end": {second}.9}}"#)
            })
            .collect();
        let file = format!("[{}]", words.join(","));
        let cues = crate::fetch::captions::cues(CaptionFormat::Segments, file.as_bytes());
        assert_eq!(cues.unwrap().len(), 2);
    }
}
