//! Any bytes, in any of the caption formats: no panic, and cues that can be kept.
//!
//! The first byte chooses the format. What is checked is what `src/fetch/captions/damage.rs` checks.

use proceedings::testing::{CaptionFormat, Cue, cues};

const FORMATS: [CaptionFormat; 12] = [
    CaptionFormat::Json3,
    CaptionFormat::Vtt,
    CaptionFormat::Srt,
    CaptionFormat::Srv1,
    CaptionFormat::Text,
    CaptionFormat::TimedText,
    CaptionFormat::Ttml,
    CaptionFormat::Sbv,
    CaptionFormat::Ass,
    CaptionFormat::Segments,
    CaptionFormat::Tsv,
    CaptionFormat::MicroDvd,
];

/// Reads the bytes as captions.
pub(crate) fn check(bytes: &[u8]) {
    let Some((&choice, file)) = bytes.split_first() else {
        return;
    };
    let format = FORMATS[usize::from(choice) % FORMATS.len()];
    let Ok(cues) = cues(format, file) else {
        return;
    };
    assert!(!cues.is_empty());
    for cue in &cues {
        assert!(cue.text.split(' ').all(|word| !word.is_empty()));
        assert!(!cue.text.contains(char::is_control));
        assert!(Cue::try_from(String::from(cue.clone())).is_ok());
    }
    let times = cues.iter().filter_map(|cue| cue.span);
    let times: Vec<_> = times.flat_map(|span| [span.start, span.end]).collect();
    assert!(times.is_sorted(), "{times:?}");
}
