//! Lines in which a tool, a company or volunteers say that they have made the captions: no speech.
//!
//! Only one of the first and last cues that says nothing else is such a line, so whoever speaks
//! about subtitles is kept.

use std::sync::LazyLock;

use regex::Regex;

use super::patterns::pattern_of;
use crate::talk::transcript::Cue;

/// So many cues at each end may be such lines.
const ENDS: usize = 2;
/// None is longer, in bytes.
const LONGEST: usize = 160;

static CREDIT: LazyLock<Regex> = LazyLock::new(|| {
    let parts = [
        (
            "WORK",
            r"(?:subtitles?|subs|captions?|captioning|captioned|subtitled|transcripts?|transcription|transcribed)",
        ),
        (
            "MADE",
            r"(?:\s+(?:created|made|provided|produced|synced|corrected|and\s+\S+))*",
        ),
        (
            "ROLE",
            r"(?:transcriber|translator|reviewer|captioner|untertitel|traducteur|traductrice|relecteur|relectrice|traductor|revisor|переводчик|редактор)",
        ),
        (
            "TOOL",
            r"(?:kapwing|descript|clipchamp|capcut|veed|happy\s?scribe|turboscribe|otter|whisper)",
        ),
        ("NAME", r"\S+(?:\s+\S+){0,11}"),
    ];
    let pattern = r"(?xi)^[\[(*\s]*(?:
          WORK MADE\s+(?:by|from)\s+NAME
        | (?:created|made|generated|edited)\s+(?:with|using|by)\s+TOOL\b.*
        | ROLE\s*:\s*NAME
        | auto-?generated\s+transcript\.\s*edits\s+may\s+have\s+been\s+applied\s+for\s+clarity\.?
        | advertise\s+your\s+product\s+or\s+brand\s+here.*
        | untertitel(?:ung)?\s+(?:der|des|von|durch|im\s+auftrag)\s+NAME
        | sous-titr(?:age|es)\s+(?:(?:réalisés?\s+)?(?:par|de)|st['’]|société)\s*NAME
        | subtítulos\s+(?:realizados\s+)?por\s+NAME
        | legendas\s+(?:feitas\s+)?(?:pela|por)\s+NAME
        | sottotitoli\s+(?:creati\s+dalla|a\s+cura\s+di)\s+NAME
        | ondertitel(?:d|ing)\s+(?:ingediend\s+)?door\s+NAME
        | субтитры\s+(?:сделал|создавал|делал|подогнал)а?\s+NAME
        | copyright\s+\S+\s+\d{4}
        | \S+\s+preroll\s+music
        )[\])*\s]*$";
    pattern_of(pattern, &parts)
});

/// Leaves out the first and last cues that say who has made the captions.
pub(super) fn without_credits(cues: Vec<Cue>) -> Vec<Cue> {
    let last = cues.len().saturating_sub(ENDS);
    let cues = cues.into_iter().enumerate();
    let spoken = cues.filter(|(place, cue)| {
        let is_at_end = *place < ENDS || *place >= last;
        !(is_at_end && is_credit(&cue.text))
    });
    spoken.map(|(_, cue)| cue).collect()
}

/// Whether a text says who has made the captions, and nothing else. Captions in lower case have no
/// sign of where such a line ends, so theirs is none.
fn is_credit(text: &str) -> bool {
    let letter = text.chars().find(|letter| letter.is_alphanumeric());
    let begins_so = text.starts_with(['[', '(', '*']) || letter.is_some_and(char::is_uppercase);
    let has_address = || text.contains("http") || text.contains(".org") || text.contains(".de");
    text.len() <= LONGEST && (begins_so || has_address()) && CREDIT.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(texts: &[&str]) -> Vec<String> {
        let cue = |text: &&str| Cue {
            span: None,
            text: (*text).to_owned(),
        };
        let kept = without_credits(texts.iter().map(cue).collect());
        kept.into_iter().map(|cue| cue.text).collect()
    }

    #[test]
    fn who_made_the_captions_is_left_out_at_both_ends() {
        for credit in [
            "Subtitles by the Hive Volunteers",
            "Captions provided by Hive & Sons",
            "Transcribed by https://hive.example",
            "Created with Kapwing",
            "Transcriber: Ada Quill Reviewer: Ben Oak",
            "Untertitel von Ada Quill",
            "Untertitelung im Auftrag des Imkerbunds, 2031",
            "Sous-titrage Société des Abeilles",
            "Субтитры сделал Пчеловод",
            "Copyright HIVE 2031",
            "subtitles created by hive.org in the year 2031",
        ] {
            assert_eq!(
                kept(&[credit, "We keep bees."]),
                ["We keep bees."],
                "{credit}"
            );
            assert_eq!(
                kept(&["We keep bees.", credit]),
                ["We keep bees."],
                "{credit}"
            );
        }
    }

    #[test]
    fn speech_about_captions_is_kept() {
        for speech in [
            "captions by default are off",
            "Subtitles are made by people.",
            "created with rust and patience",
            "Translated by the compiler.",
            "So: subtitles by whom?",
            "Who transcribed it?",
        ] {
            assert_eq!(kept(&[speech, "We keep bees."]).len(), 2, "{speech}");
        }
        let within = ["One.", "Two.", "Captions by Hive", "Three.", "Four."];
        assert_eq!(kept(&within).len(), 5);
    }
}
