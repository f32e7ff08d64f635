//! What a model says after it has thought, where a server leaves its thoughts in the text.
//!
//! Pure. Models mark thoughts in ways of their own. A thought that is never closed may hold the
//! answer all the same, at its very end; nothing else in a thought is an answer.

use std::sync::LazyLock;

use regex::Regex;

/// What ends a thought, or begins what comes after it.
static CLOSING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)</(?:\w+:|\w+_)?(?:think|thinking|thoughts?|reasoning|reflection|analysis)>|\[/(?:think|thinking)\]|◁/think▷|<\|end_of_thought\|>|<\|end_thinking\|>|<unused95>|<channel\|>|<\|channel\|>final[^{]{0,60}?<\|message\|>",
    )
});

/// What a text begins with that is a thought.
static OPENING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^(?:<\|start\|>assistant)?(?:<(?:\w+:|\w+_)?(?:think|thinking|thoughts?|reasoning|reflection|analysis)>|\[(?:think|thinking)\]|◁think▷|<\|begin_of_thought\|>|<\|start_thinking\|>|<unused94>|<\|channel>|<\|channel\|>(?:analysis|commentary))",
    )
});

/// Marks of a model's own around what it says, and the fences of Markdown.
static DRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)<\|[a-z_]{1,30}\|>|</?(?:s|answer|response|output|result|final|end_of_turn)>|```[a-z0-9]{0,10}",
    )
});

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoken<'a> {
    /// What is said, thoughts left out.
    Words(&'a str),
    /// A thought after which nothing is said.
    Thought(&'a str),
}

/// Tells what is said from what was thought.
pub(crate) fn split_thoughts(text: &str) -> Spoken<'_> {
    let said = match CLOSING.find_iter(text).last() {
        Some(mark) => text[mark.end()..].trim(),
        None => text.trim(),
    };
    // Elsewhere such a mark may be a word of the answer.
    let said = if OPENING.is_match(said) { "" } else { said };
    if strip_marks(said).is_empty() && !strip_marks(text).is_empty() {
        Spoken::Thought(text)
    } else {
        Spoken::Words(said)
    }
}

/// Marks around one part of an answer.
static PART: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)</?(?:summary|sentences?|sentence[ _-]?(?:[12]|one|two)|(?:first|second)[ _-]?sentence|category)>",
    )
});

/// A text without the marks around it and without fences; parts are lines.
pub(crate) fn strip_marks(text: &str) -> String {
    let parts = PART.replace_all(text, "\n");
    DRESS.replace_all(&parts, "").trim().to_owned()
}

/// Whether nothing but marks follows.
pub(crate) fn is_closing(rest: &str) -> bool {
    let rest = CLOSING.replace_all(rest, "");
    let rest = DRESS.replace_all(&rest, "");
    rest.chars()
        .all(|c| c.is_whitespace() || matches!(c, '}' | '`' | '.' | '"' | '\0'))
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_told_from_what_was_thought() {
        for (text, said) in [
            ("{A}", "{A}"),
            ("<think>\n{draft}\n</think>\n\n{A}", "{A}"),
            ("{draft}\n</think>\n{A}", "{A}"),
            ("<thinking>{draft}</thinking>{A}", "{A}"),
            ("<Thought>{draft}</Thought>{A}", "{A}"),
            ("<reasoning>{draft}</reasoning>{A}", "{A}"),
            ("[THINK]{draft}[/THINK]{A}", "{A}"),
            ("◁think▷{draft}◁/think▷{A}", "{A}"),
            ("<seed:think>{draft}</seed:think>{A}", "{A}"),
            ("<longcat_think>{draft}</longcat_think>{A}", "{A}"),
            (
                "<|channel|>analysis<|message|>{draft}<|end|><|start|>assistant<|channel|>final<|message|>{A}",
                "{A}",
            ),
            (
                "<|channel|>analysis<|message|>{draft}<|end|><|start|>assistant<|channel|>final <|constrain|>json<|message|>{A}<|return|>",
                "{A}<|return|>",
            ),
            ("<|channel>thought\n{draft}<channel|>{A}", "{A}"),
            ("<unused94>thought {draft}<unused95>{A}", "{A}"),
            (
                "<|START_THINKING|>{draft}<|END_THINKING|><|START_RESPONSE|>{A}<|END_RESPONSE|>",
                "<|START_RESPONSE|>{A}<|END_RESPONSE|>",
            ),
            // A talk may be about such marks.
            (
                "{\"a\": \"Why <think> is a mark.\"}",
                "{\"a\": \"Why <think> is a mark.\"}",
            ),
            ("<think></think>{A}", "{A}"),
            ("", ""),
        ] {
            assert_eq!(split_thoughts(text), Spoken::Words(said), "{text}");
        }
    }

    #[test]
    fn a_thought_without_words_after_it_is_a_thought() {
        for text in [
            "<think>\nOkay {so}\n\n{A}",
            "<think>{A}</think>",
            "<think>{A}</think>\n```\n```",
            "<|channel|>analysis<|message|>{A}",
            "[THINK]{A}",
            "<|start|>assistant<|channel|>analysis<|message|>{A}",
        ] {
            assert_eq!(split_thoughts(text), Spoken::Thought(text), "{text}");
        }
    }

    #[test]
    fn only_marks_may_follow_what_closes_a_text() {
        for rest in [
            "",
            "\n",
            "\n```\n",
            "</think>",
            "}",
            "<|return|>",
            "<|END_RESPONSE|>",
            "</answer>\n",
        ] {
            assert!(is_closing(rest), "{rest}");
        }
        for rest in ["no", "\n```\nNo, better:", "{"] {
            assert!(!is_closing(rest), "{rest}");
        }
    }
}
