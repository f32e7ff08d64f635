//! Cuts a long transcript into parts that fit a model: at pauses, and with a little overlap.
//!
//! Pure. Nothing is left out: every cue is in at least one part, and no part is larger than it may
//! be. Sizes are estimated tokens.

use std::ops::Range;
use std::time::Duration;

use unicode_segmentation::UnicodeSegmentation;

use crate::llm::estimated_tokens;
use crate::talk::transcript::Cue;

/// Cues as they can be parted: one that is longer than this share of a part is cut into sentences,
/// and a sentence that is still longer into words.
const LARGEST_SHARE: u64 = 8;
/// A part repeats the end of the one before it, up to this share of its size.
const OVERLAP_SHARE: u64 = 20;
/// A part ends at the longest pause within this last share of it.
const SEARCH_SHARE: u64 = 4;

/// The texts of the parts, each of at most `most` tokens.
pub(super) fn parts(cues: &[Cue], most: u64) -> Vec<String> {
    let most = most.max(64);
    let cues = split_large(cues, most / LARGEST_SHARE);
    let sizes: Vec<u64> = cues.iter().map(|cue| size(&cue.text)).collect();
    let total: u64 = sizes.iter().sum();
    let overlap = most / OVERLAP_SHARE;
    // Parts of about the same size: a short last one would weigh as much as the others.
    let count = total.div_ceil(most - overlap).max(1);
    let wanted = (total / count + overlap + most / LARGEST_SHARE).min(most);

    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut end = 0;
    while end < cues.len() {
        let start = overlap_start(&sizes, end, overlap);
        let limit = fitting_end(&sizes, start, wanted).max(end + 1);
        end = if limit == cues.len() {
            limit
        } else {
            let earliest = fitting_end(&sizes, start, wanted - wanted / SEARCH_SHARE);
            longest_pause(&cues, earliest.max(end + 1)..limit + 1)
        };
        ranges.push(start..end);
    }
    let text = |range: Range<usize>| -> String {
        let lines: Vec<&str> = cues[range].iter().map(|cue| cue.text.as_str()).collect();
        lines.join("\n")
    };
    ranges.into_iter().map(text).collect()
}

/// Texts put together in their order, as many as fit into `most` tokens each.
pub(super) fn gather(texts: &[String], most: u64) -> Vec<String> {
    let mut groups: Vec<String> = Vec::new();
    for text in texts {
        match groups.last_mut() {
            Some(group) if size(group) + size(text) <= most => {
                group.push_str("\n\n");
                group.push_str(text);
            }
            _ => groups.push(text.clone()),
        }
    }
    groups
}

/// The beginning of a text, of at most `most` tokens: whole sentences, or words where the first
/// sentence is longer than that.
pub(super) fn beginning(text: &str, most: u64) -> &str {
    if size(text) <= most {
        return text;
    }
    let sentences = fitting_length(text.split_sentence_bounds(), most);
    let length = match sentences {
        0 => fitting_length(text.split_word_bounds(), most),
        length => length,
    };
    text[..length].trim_end()
}

/// How many bytes the first pieces have that fit into `most` tokens together.
fn fitting_length<'t>(pieces: impl Iterator<Item = &'t str>, most: u64) -> usize {
    let mut sum = 0;
    let fits = |piece: &&str| {
        sum += size(piece);
        sum <= most
    };
    pieces.take_while(fits).map(str::len).sum()
}

fn size(text: &str) -> u64 {
    estimated_tokens(text) + 1
}

/// The cues with those cut that are larger than `most`; only a whole cue's times are known.
fn split_large(cues: &[Cue], most: u64) -> Vec<Cue> {
    let mut small = Vec::with_capacity(cues.len());
    for cue in cues {
        if size(&cue.text) <= most {
            small.push(cue.clone());
            continue;
        }
        for sentence in cue.text.split_sentence_bounds() {
            let mut piece = String::new();
            for word in sentence.split_word_bounds() {
                for chunk in chunks(word, most) {
                    if !piece.is_empty() && size(&piece) + size(chunk) > most {
                        small.push(timeless(&piece));
                        piece.clear();
                    }
                    piece.push_str(chunk);
                }
            }
            small.push(timeless(&piece));
        }
    }
    small.retain(|cue| !cue.text.is_empty());
    small
}

/// A word, or the pieces of one that is no word of any language.
fn chunks(word: &str, most: u64) -> Vec<&str> {
    if size(word) <= most {
        return vec![word];
    }
    let longest = usize::try_from(most / 2).unwrap_or(usize::MAX).max(1);
    let mut chunks = Vec::new();
    let mut rest = word;
    while let Some((cut, _)) = rest.char_indices().nth(longest) {
        let (chunk, after) = rest.split_at(cut);
        chunks.push(chunk);
        rest = after;
    }
    chunks.push(rest);
    chunks
}

fn timeless(text: &str) -> Cue {
    Cue {
        span: None,
        text: text.trim().to_owned(),
    }
}

/// Where a part begins that goes on at `end`: a little before it.
fn overlap_start(sizes: &[u64], end: usize, overlap: u64) -> usize {
    let mut start = end;
    let mut sum = 0;
    while start > 0 && sum + sizes[start - 1] <= overlap {
        start -= 1;
        sum += sizes[start];
    }
    start
}

/// The end of the longest run from `start` that has at most `most` tokens.
fn fitting_end(sizes: &[u64], start: usize, most: u64) -> usize {
    let mut sum = 0;
    let fits = |size: &&u64| {
        sum += **size;
        sum <= most
    };
    start + sizes[start..].iter().take_while(fits).count()
}

/// The end among these before which the speaker rests longest; without times, the last at which a
/// sentence ends.
fn longest_pause(cues: &[Cue], ends: Range<usize>) -> usize {
    let last = ends.end - 1;
    let pause = |end: usize| {
        let (before, after) = (cues[end - 1].span?, cues.get(end)?.span?);
        Some(after.start.saturating_sub(before.end))
    };
    let longest = ends
        .clone()
        .filter_map(|end| Some((pause(end)?, end)))
        .max()
        .filter(|(pause, _)| *pause > Duration::ZERO);
    let ends_sentence = |end: &usize| cues[end - 1].text.ends_with(['.', '!', '?', '。']);
    match longest {
        Some((_, end)) => end,
        None => ends.rev().find(ends_sentence).unwrap_or(last),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::talk::transcript::Span;

    fn cue(start: u64, text: &str) -> Cue {
        let span = Span {
            start: Duration::from_secs(start),
            end: Duration::from_secs(start + 4),
        };
        Cue {
            span: Some(span),
            text: text.to_owned(),
        }
    }

    #[test]
    fn what_fits_is_one_part() {
        let cues = [
            cue(0, "hello and welcome"),
            cue(4, "to a talk about caches"),
        ];
        assert_eq!(
            parts(&cues, 1000),
            ["hello and welcome\nto a talk about caches"]
        );
        assert!(parts(&[], 1000).is_empty());
    }

    #[test]
    fn the_beginning_of_a_text_has_whole_sentences_where_one_fits() {
        let text = "Keys are made of all inputs. A cache is asked first. Then the model is paid.";
        assert_eq!(beginning(text, 100), text);
        assert_eq!(beginning(text, 9), "Keys are made of all inputs.");
        assert_eq!(beginning(text, 5), "Keys");
        assert_eq!(beginning(text, 0), "");
    }

    #[test]
    fn a_part_ends_where_the_speaker_rests_and_the_next_repeats_a_little() {
        let mut cues: Vec<Cue> = (0..60)
            .map(|i| cue(i * 4, &format!("this is line number {i} of the whole talk")))
            .collect();
        // A rest of nine seconds, near the middle.
        for cue in &mut cues[28..] {
            let span = cue.span.as_mut().unwrap();
            span.start += Duration::from_secs(9);
            span.end += Duration::from_secs(9);
        }
        let parts = parts(&cues, 500);
        assert_eq!(parts.len(), 2);
        assert!(
            parts[0].ends_with("number 27 of the whole talk"),
            "{parts:#?}"
        );
        assert!(parts[1].starts_with("this is line number 26"), "{parts:#?}");
    }

    proptest! {
        #[test]
        fn nothing_is_left_out_and_nothing_is_too_large(
            texts in prop::collection::vec("[a-zé漢。. ]{0,300}", 0..40),
            most in 64u64..400,
        ) {
            let cues: Vec<Cue> = texts.iter().enumerate().map(|(i, text)| cue(i as u64 * 4, text.trim())).collect();
            let parts = parts(&cues, most);
            for part in &parts {
                prop_assert!(estimated_tokens(part) <= most);
            }
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            let whole: usize = texts.iter().map(|text| letters(text)).sum();
            let kept: usize = parts.iter().map(|part| letters(part)).sum();
            prop_assert!(kept >= whole);
        }

        #[test]
        fn what_is_gathered_is_all_there(texts in prop::collection::vec("[a-z ]{1,80}", 0..20), most in 20u64..200) {
            let gathered = gather(&texts, most);
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            let count = |texts: &[String]| texts.iter().map(|text| letters(text)).sum::<usize>();
            prop_assert_eq!(count(&texts), count(&gathered));
        }
    }
}
