//! Which words of two texts differ. Pure.
//!
//! A few words that happen to be the same between longer changes say nothing to a reader, so they
//! count as changed with their neighbours.

use std::mem;

use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use unicode_segmentation::UnicodeSegmentation;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct DiffPiece {
    /// As it stands there.
    pub text: String,
    /// Whether the other texts have something else in its place.
    pub is_changed: bool,
}

/// What stands in one place of both texts.
#[derive(Debug, Default)]
struct DiffRun {
    texts: [String; 2],
    is_changed: bool,
}

impl DiffRun {
    fn words(&self) -> usize {
        let words = |text: &String| text.unicode_words().count();
        self.texts.iter().map(words).max().unwrap_or(0)
    }
}

/// Cuts two texts into what is the same in both and what is not.
#[must_use]
pub(crate) fn compare_words(a: &str, b: &str) -> [Vec<DiffPiece>; 2] {
    let diff = TextDiff::from_unicode_words(a, b);
    let mut runs: Vec<DiffRun> = Vec::new();
    for change in diff.iter_all_changes() {
        let is_changed = change.tag() != ChangeTag::Equal;
        if runs.last().is_none_or(|run| run.is_changed != is_changed) {
            runs.push(DiffRun {
                is_changed,
                ..DiffRun::default()
            });
        }
        let run = runs.last_mut().expect("one was just pushed");
        let [in_a, in_b] = &mut run.texts;
        if change.tag() != ChangeTag::Insert {
            in_a.push_str(change.value());
        }
        if change.tag() != ChangeTag::Delete {
            in_b.push_str(change.value());
        }
    }
    while let Some(at) = island(&runs) {
        let absorbed: Vec<DiffRun> = runs.drain(at..at + 2).collect();
        let before = &mut runs[at - 1];
        for run in absorbed {
            for (text, more) in before.texts.iter_mut().zip(run.texts) {
                text.push_str(&more);
            }
        }
    }
    [0, 1].map(|side| pieces(&mut runs, side))
}

/// Cuts a text into what one of the others has, too, and what none has; and each of the others into
/// what the text has and what it has not.
#[must_use]
pub(crate) fn compare_with_others(
    text: &str,
    others: &[String],
) -> (Vec<DiffPiece>, Vec<Vec<DiffPiece>>) {
    let mut is_kept = vec![false; text.len()];
    let mut of_others = Vec::with_capacity(others.len());
    for other in others {
        let [of_text, of_other] = compare_words(text, other);
        of_others.push(of_other);
        let mut end = 0;
        for piece in of_text {
            let start = end;
            end += piece.text.len();
            if !piece.is_changed {
                is_kept[start..end].fill(true);
            }
        }
    }
    let mut pieces: Vec<DiffPiece> = Vec::new();
    for (at, letter) in text.char_indices() {
        let is_changed = !is_kept[at];
        match pieces.last_mut() {
            Some(last) if last.is_changed == is_changed => last.text.push(letter),
            _ => pieces.push(DiffPiece {
                text: letter.into(),
                is_changed,
            }),
        }
    }
    (pieces, of_others)
}

/// A run of the same words that is shorter than the changes around it.
fn island(runs: &[DiffRun]) -> Option<usize> {
    let is_island = |around: &[DiffRun]| {
        let [before, same, after] = around else {
            return false;
        };
        !same.is_changed && same.words() < before.words().min(after.words())
    };
    runs.windows(3).position(is_island).map(|at| at + 1)
}

/// One side of all runs. The spaces around a change are not part of it.
fn pieces(runs: &mut [DiffRun], side: usize) -> Vec<DiffPiece> {
    let mut pieces: Vec<DiffPiece> = Vec::new();
    for run in runs {
        let text = mem::take(&mut run.texts[side]);
        let bare = text.trim();
        let start = text.len() - text.trim_start().len();
        let (before, after) = (&text[..start], &text[start + bare.len()..]);
        for (text, is_changed) in [(before, false), (bare, run.is_changed), (after, false)] {
            match pieces.last_mut() {
                _ if text.is_empty() => {}
                Some(last) if last.is_changed == is_changed => last.text.push_str(text),
                _ => pieces.push(DiffPiece {
                    text: text.to_owned(),
                    is_changed,
                }),
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn marked(pieces: &[DiffPiece]) -> String {
        let marked = pieces.iter().map(|piece| {
            if piece.is_changed {
                format!("[{}]", piece.text)
            } else {
                piece.text.clone()
            }
        });
        marked.collect()
    }

    fn check(a: &str, b: &str, wanted: &Expect) {
        let marked = compare_words(a, b).map(|pieces| {
            let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
            (text, marked(&pieces))
        });
        assert_eq!([&marked[0].0, &marked[1].0], [a, b], "no word is lost");
        wanted.assert_eq(&format!("{}\n{}", marked[0].1, marked[1].1));
    }

    #[test]
    fn changed_words_are_told_from_their_punctuation() {
        check(
            "Caches can be trusted.",
            "Caches can be explained, always.",
            &expect![[r#"
                Caches can be [trusted].
                Caches can be [explained, always]."#]],
        );
        check(
            "Keys are made of inputs.",
            "Keys are carefully made of inputs.",
            &expect![[r#"
                Keys are made of inputs.
                Keys are [carefully] made of inputs."#]],
        );
        check(
            "Größe zählt 🎉.",
            "Größe zählt.",
            &expect![[r#"
                Größe zählt [🎉].
                Größe zählt."#]],
        );
    }

    #[test]
    fn a_lone_same_word_between_changes_is_no_comfort() {
        check(
            "The team explains the cache to new people.",
            "Every group shows the engine of old machines.",
            &expect![[r#"
                [The team explains the cache to new people].
                [Every group shows the engine of old machines]."#]],
        );
    }

    #[test]
    fn of_three_texts_the_first_is_marked_where_neither_of_the_others_agrees() {
        let others = [
            "Größe zählt, and caches can be explained.",
            "Größe zählt, but engines can be trusted.",
        ];
        let text = "Größe zählt, since caches will be trusted.";
        let (of_text, of_others) = compare_with_others(text, &others.map(str::to_owned));
        let all = [&of_text].into_iter().chain(&of_others);
        let all: Vec<String> = all.map(|pieces| marked(pieces)).collect();
        expect![[r#"
            Größe zählt, [since] caches [will] be trusted.
            Größe zählt, [and] caches [can] be [explained].
            Größe zählt, [but engines can] be trusted."#]]
        .assert_eq(&all.join("\n"));
    }

    #[test]
    fn what_is_the_same_or_empty_is_not_marked() {
        check(
            "Same.",
            "Same.",
            &expect![[r#"
            Same.
            Same."#]],
        );
        check(
            "",
            "New.",
            &expect![[r#"

            [New.]"#]],
        );
    }
}
