//! Who speaks, where it stands in brackets before the words: `[Ben] Morning!`, `[SPEAKER_00]: Yes.`
//!
//! A name becomes `Ben:`, as others write it without brackets; the number of a voice is no name and
//! goes. `Speaker 1:` without brackets stays, since people write transcripts so. Brackets at the beginning also hold speech, so a name must be known: from a colon or a dash
//! beside it, or since it stands there again and again.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::talk::transcript::Cue;

/// A name in brackets that begins so many cues is one without any other sign.
const OFTEN: usize = 2;

static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?<dash>[-–—]\s?)?[\[(](?<name>\p{Lu}[\p{L}\p{N}.'’_-]*(?:\s[\p{L}\p{N}.'’_-]+){0,3})[\])]
        (?<colon>\s?:)?\s+(?<words>\S.*)$",
    )
    .expect("the pattern is valid")
});

/// Writes the labels of voices as captions without brackets have them.
pub(super) fn label(cues: Vec<Cue>) -> Vec<Cue> {
    let mut signs: HashMap<String, usize> = HashMap::new();
    for label in cues.iter().filter_map(|cue| LABEL.captures(&cue.text)) {
        let is_certain = label.name("dash").is_some() || label.name("colon").is_some();
        let signs = signs.entry(label["name"].to_owned()).or_default();
        *signs += if is_certain { OFTEN } else { 1 };
    }
    let is_known = |name: &str| signs.get(name).is_some_and(|signs| *signs >= OFTEN);
    let rewritten = cues.into_iter().map(|cue| {
        let text = LABEL
            .captures(&cue.text)
            .filter(|label| is_voice(&label["name"]) || is_known(&label["name"]))
            .map(|label| written(&label["name"], &label["words"]));
        let text = text.unwrap_or(cue.text);
        let bare = numbered(&text).map(str::to_owned);
        Cue {
            text: bare.unwrap_or(text),
            ..cue
        }
    });
    rewritten.collect()
}

fn written(name: &str, words: &str) -> String {
    if is_voice(name) {
        words.to_owned()
    } else {
        format!("{name}: {words}")
    }
}

/// The words behind the number of a voice as programs write it, `SPEAKER_00: Yes.` or
/// `<Speaker 1> Yes.`
fn numbered(text: &str) -> Option<&str> {
    let in_angles = || text.strip_prefix('<')?.split_once('>');
    let by_program = || {
        let label = text.split_once(':')?;
        label.0.contains('_').then_some(label)
    };
    let (name, words) = in_angles().or_else(by_program)?;
    let words = words.trim();
    (is_voice(name) && !words.is_empty()).then_some(words)
}

/// Whether a program has numbered the voices.
pub(super) fn is_voice(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let number = name
        .strip_prefix("speaker")
        .or_else(|| name.strip_prefix("spk"));
    number.is_some_and(|number| {
        let sign = number.trim_start_matches(['_', ' ', '-']);
        let is_letter = sign.len() == 1 && sign.len() < number.len() && sign.is_ascii();
        let is_number = sign.bytes().all(|byte| byte.is_ascii_digit());
        !sign.is_empty() && sign.len() < 4 && (is_number || is_letter)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(texts: &[&str]) -> Vec<String> {
        let cues = texts.iter().map(|text| Cue {
            span: None,
            text: (*text).to_owned(),
        });
        let labeled = label(cues.collect());
        labeled.into_iter().map(|cue| cue.text).collect()
    }

    #[test]
    fn labels_lose_their_brackets_and_numbers_go() {
        assert_eq!(
            said(&[
                "- [Ben] Morning!",
                "[SPEAKER_00]: Shall we?",
                "(Ben) Bye.",
                "[Dr. Ada Quill]: Yes.",
                "SPEAKER_01: So.",
                "<Speaker 2> No.",
                "Speaker B: Well."
            ]),
            [
                "Ben: Morning!",
                "Shall we?",
                "Ben: Bye.",
                "Dr. Ada Quill: Yes.",
                "So.",
                "No.",
                "Speaker B: Well."
            ]
        );
        assert_eq!(
            said(&["(Q) Why?", "(A) Because.", "(Q) But why?"]),
            ["Q: Why?", "(A) Because.", "Q: But why?"]
        );
    }

    #[test]
    fn speech_in_brackets_is_no_label() {
        for texts in [
            ["[The] compiler said no.", "(Well) it did."],
            ["[Ben]", "array [I] is"],
        ] {
            assert_eq!(said(&texts), texts);
        }
    }
}
