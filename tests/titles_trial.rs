//! A trial of the pairing of titles on the titles of real conferences.
//!
//! The file names are made up from them, as organizers name their files. The titles are not part
//! of the project; where they are absent, the trial says so and passes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "a trial says what it has measured")]

mod shared;

use std::collections::BTreeMap;
use std::fs;

use proceedings::testing::pairs;
use serde_json::Value;

use crate::shared::shared;

/// A talk of a real conference.
struct Talk {
    title: String,
    speakers: Vec<String>,
    event: String,
}

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

/// What came of the names of the files.
#[derive(Debug, Default)]
struct Tally {
    right: usize,
    wrong: usize,
    /// Names whose talk is there and that got none.
    missed: usize,
}

impl Tally {
    fn precision(&self) -> f64 {
        share(self.right, self.wrong)
    }

    fn recall(&self) -> f64 {
        share(self.right, self.missed + self.wrong)
    }
}

fn share(part: usize, rest: usize) -> f64 {
    let count = |number: usize| f64::from(u32::try_from(number).unwrap());
    count(part) / count((part + rest).max(1))
}

fn talks() -> Option<Vec<Talk>> {
    let mut talks = Vec::new();
    for name in ["pyvideo", "rubyevents"] {
        let path = shared(&format!("data/scale/videos/{name}.jsonl"))?;
        talks.extend(fs::read_to_string(path).unwrap().lines().map(talk));
    }
    Some(talks)
}

fn talk(line: &str) -> Talk {
    let talk: Value = serde_json::from_str(line).unwrap();
    let speakers = talk["speakers"].as_array().into_iter().flatten();
    Talk {
        title: talk["title"].as_str().unwrap().to_owned(),
        speakers: speakers
            .map(|name| name.as_str().unwrap().to_owned())
            .collect(),
        event: talk["event"].as_str().unwrap_or_default().to_owned(),
    }
}

/// A file's name for a talk, in one of many styles, with slips.
fn file_name(talk: &Talk, number: usize, dice: &mut Dice) -> String {
    let speaker = talk.speakers.first().map_or("", String::as_str);
    let (title, event) = (&talk.title, &talk.event);
    let name = match dice.roll(10) {
        0 => title.clone(),
        1 => format!("{title} - {speaker}"),
        2 => format!("{speaker} - {title}"),
        3 => format!("{speaker}: {title} | {event}"),
        4 => format!("{number:02}_{speaker}__{title}"),
        5 => format!("{event} - {number} - {title}"),
        6 => format!("[EN] {title} (final v2)"),
        7 => format!("{title}_subtitles_en"),
        8 => format!("{number:03}. {title}.en"),
        _ => format!(
            "{}-{title}",
            speaker.split(' ').next_back().unwrap_or_default()
        ),
    };
    let name = match dice.roll(6) {
        0 => name.replace(' ', "_"),
        1 => name.replace(' ', "-").to_lowercase(),
        2 => name.to_uppercase(),
        _ => name,
    };
    let name: String = name
        .chars()
        .filter(|letter| !"/\\:*?\"<>|'’".contains(*letter))
        .collect();
    let name = if dice.roll(5) == 0 {
        misspelled(&name, dice)
    } else {
        name
    };
    match dice.roll(3) {
        0 => name.chars().take(60).collect(),
        _ => name,
    }
}

/// Two letters change places, or one is left out.
fn misspelled(name: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = dice.roll(letters.len().max(2) - 1);
    if dice.roll(2) == 0 && at + 1 < letters.len() {
        letters.swap(at, at + 1);
    } else if at < letters.len() {
        letters.remove(at);
    }
    letters.into_iter().collect()
}

/// Pairs files with titles: of ten talks, one has no file, and so many are not in the catalog.
fn tally(
    talks: &[&Talk],
    title: fn(&Talk) -> String,
    absent: usize,
    dice: &mut Dice,
    tally: &mut Tally,
) {
    let (mut files, mut there): (Vec<(String, &str)>, Vec<&Talk>) = (Vec::new(), Vec::new());
    for (number, talk) in talks.iter().enumerate() {
        let (has_file, is_there) = match dice.roll(10) {
            0 => (false, true),
            rolled => (true, rolled > absent),
        };
        if has_file {
            files.push((file_name(talk, number, dice), &talk.title));
        }
        if is_there {
            there.push(talk);
        }
    }
    let titles: Vec<String> = there.iter().map(|talk| title(talk)).collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    for (pair, (_, meant)) in pairs(&names, &titles).into_iter().zip(&files) {
        let is_there = there.iter().any(|talk| talk.title == *meant);
        match pair {
            Some(pair) if there[pair.index].title == *meant => tally.right += 1,
            Some(_) => tally.wrong += 1,
            None if is_there => tally.missed += 1,
            None => {}
        }
    }
}

fn with_speakers(talk: &Talk) -> String {
    format!("{} {}", talk.title, talk.speakers.join(" "))
}

fn as_on_youtube(talk: &Talk) -> String {
    let Talk {
        title,
        speakers,
        event,
    } = talk;
    format!("{}: {title} | {event}", speakers.join(", "))
}

fn alone(talk: &Talk) -> String {
    talk.title.clone()
}

/// Fails where fewer pairs are right, or fewer of them are found, than when this was written.
#[track_caller]
fn check(found: &Tally, precision: f64, recall: f64) {
    let is_good = found.precision() >= precision && found.recall() >= recall;
    let (precision, recall) = (found.precision(), found.recall());
    let numbers = format!("{found:?}: precision {precision:.4}, recall {recall:.4}");
    eprintln!("{numbers}");
    assert!(is_good, "{numbers}");
}

const STYLES: [fn(&Talk) -> String; 3] = [alone, with_speakers, as_on_youtube];

#[test]
fn files_of_real_conferences_find_their_talks() {
    let Some(talks) = talks() else { return };
    let mut events: BTreeMap<&str, Vec<&Talk>> = BTreeMap::new();
    for talk in &talks {
        events.entry(&talk.event).or_default().push(talk);
    }
    // One file in ten belongs to no talk of the catalog; then every second one.
    for (absent, precision, recall) in [(1, 0.999, 0.95), (5, 0.995, 0.95)] {
        for title in STYLES {
            let (mut dice, mut found) = (Dice(1), Tally::default());
            for talks in events.values() {
                tally(talks, title, absent, &mut dice, &mut found);
            }
            check(&found, precision, recall);
        }
    }
}

#[test]
fn a_thousand_files_find_their_talks_among_a_thousand() {
    let Some(talks) = talks() else { return };
    let (mut dice, mut found) = (Dice(2), Tally::default());
    for first in 0..4 {
        let talks: Vec<&Talk> = talks.iter().skip(first).step_by(8).take(1000).collect();
        tally(&talks, alone, 1, &mut dice, &mut found);
    }
    check(&found, 0.999, 0.94);
}
