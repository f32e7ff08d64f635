//! A trial of the caption parsers on whole talks: what was said comes out word for word, in every
//! format and both as speech recognition and as people write it.
//!
//! The talks, and the stand-in for `YouTube` that writes them down as captions, are not part of
//! the project; where they or `python3` are absent, the trial says so and passes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a trial says why it was skipped")]

mod shared;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use proceedings::testing::{CaptionFormat, cues};

use crate::shared::shared;

/// Writes every talk as `ID.KIND.FORMAT`, and its lines as they were said as `ID.said`. Some talks
/// are written once more with lines that are said twice and three times over.
const WRITE: &str = r#"
import sys, dataclasses, pathlib
sys.path.insert(0, sys.argv[1])
import fake_youtube as fake
library = fake.Library(pathlib.Path(sys.argv[2]), fake.FailureBook())
out = pathlib.Path(sys.argv[3])

def write(name, track, lines):
    said = "\n".join(line.text for line in lines)
    (out / f"{name}.said").write_text(said, encoding="utf-8")
    for kind in ("automatic", "manual"):
        track = dataclasses.replace(track, automatic=kind == "automatic")
        for form in ("json3", "vtt", "srt", "srv1"):
            text = fake.CAPTION_FORMATS[form][0](track, lines)
            (out / f"{name}.{kind}.{form}").write_text(text, encoding="utf-8")

def repeated(lines):
    times = [3 if i % 40 == 0 else 2 if i % 6 == 0 else 1 for i in range(len(lines))]
    texts = [line.text for line, n in zip(lines, times) for _ in range(n)]
    return [fake.Line(i * 3000, 3000, text) for i, text in enumerate(texts)]

for number, video in enumerate(library.videos.values()):
    track = video.tracks[0]
    write(video.id, track, track.lines)
    if number % 5 == 0:
        write(f"{video.id}-repeated", track, repeated(track.lines))
"#;

/// The files of all talks by their names; `None` where they cannot be made.
fn written(stand_in: &Path, talks: &Path) -> Option<BTreeMap<String, Vec<u8>>> {
    let folder = tempfile::tempdir().unwrap();
    let mut python = Command::new("python3");
    python
        .args(["-B", "-c", WRITE])
        .args([stand_in, talks, folder.path()]);
    match python.status() {
        Ok(status) => assert!(status.success(), "the stand-in wrote nothing"),
        Err(error) => {
            eprintln!("skipped: no python3 ({error})");
            return None;
        }
    }
    let files = fs::read_dir(folder.path()).unwrap().map(|file| {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        (name, fs::read(file.path()).unwrap())
    });
    Some(files.collect())
}

#[test]
fn every_talk_comes_out_word_for_word_in_every_format() {
    let (Some(stand_in), Some(talks)) = (shared("fake-youtube"), shared("data/talks")) else {
        return;
    };
    let Some(files) = written(&stand_in, &talks) else {
        return;
    };
    let mut compared = 0;
    for (name, bytes) in &files {
        let (talk, form) = name.split_once('.').unwrap();
        let Some((_, extension)) = form.rsplit_once('.') else {
            continue;
        };
        let said = str::from_utf8(&files[&format!("{talk}.said")]).unwrap();
        let is_spoken = |word: &&str| !matches!(*word, "[Music]" | "[Applause]" | "[Laughter]");
        let said: Vec<&str> = said.split_whitespace().filter(is_spoken).collect();
        let format = CaptionFormat::from_extension(extension).unwrap();
        let cues = cues(format, bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let words: Vec<&str> = cues.iter().flat_map(|cue| cue.text.split(' ')).collect();
        if let Some(at) = (0..said.len().max(words.len())).find(|&at| said.get(at) != words.get(at))
        {
            let near = |words: &[&str]| {
                let words = words.iter().skip(at.saturating_sub(5)).take(12);
                words.copied().collect::<Vec<_>>().join(" ")
            };
            panic!(
                "{name}, word {at}: `{}` for `{}`",
                near(&words),
                near(&said)
            );
        }
        compared += 1;
    }
    assert!(compared >= 8 * 46, "{compared} files are too few");
}
