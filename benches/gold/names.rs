//! The names of people in calls, as three recognizers heard them.
//!
//! Trusted are the people of a call, as a programme lists speakers. Where the words of the
//! reference and the words that were heard differ at a name, the name could be found. A report is
//! right where the name that it suggests was really said at most of its places. A reference marks
//! words that broke off, and a recognizer drops words: what was not heard at all cannot be found,
//! and is counted only in `name-recall-with-unheard`.

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::Path;

use proceedings::testing::{Talk, TalkId, TitleOrigin, Trusted, misheard};
use serde_json::Value;
use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::{print, share};

const RECOGNIZERS: [&str; 3] = ["amazon", "google", "speechmatics"];
const WORDS_AN_HOUR: f64 = 9_000.0;

pub(super) fn measure(folder: &Path) {
    let folder = folder.join("names");
    let ids = ids(&folder);
    if ids.is_empty() {
        eprintln!("skipped: no calls in {}", folder.display());
        return;
    }
    let mut all = Score::default();
    for recognizer in RECOGNIZERS {
        let mut score = Score::default();
        for id in &ids {
            let read = |ending: &str| fs::read_to_string(folder.join(format!("{id}.{ending}")));
            let files = (
                read("reference.txt"),
                read(&format!("{recognizer}.txt")),
                read("names.json"),
            );
            let (Ok(reference), Ok(heard), Ok(names)) = files else {
                eprintln!("skipped: a file of {id} and {recognizer}");
                continue;
            };
            score.add(&call(&reference, &heard, &people(&names)));
        }
        score.print(&format!("-{recognizer}"));
        all.add(&score);
    }
    all.print("");
}

fn ids(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    let mut ids: Vec<String> = names
        .filter_map(|name| Some(name.strip_suffix(".names.json")?.to_owned()))
        .collect();
    ids.sort();
    ids
}

/// The people as a programme lists them. A machine found them: words that broke off ("And-") and
/// words in lower case ("kinda") are nobody's name.
fn people(names: &str) -> Vec<String> {
    let names: Vec<Value> = serde_json::from_str(names).expect("the names are JSON");
    let people = names.iter().filter(|name| name["kind"] == "PERSON");
    let broke_off = |name: &str| name.ends_with('-') || name.contains("- ");
    let is_name = |name: &&str| !broke_off(name) && name.starts_with(char::is_uppercase);
    people
        .filter_map(|name| name["name"].as_str())
        .filter(is_name)
        .map(str::to_owned)
        .collect()
}

/// What came of one call, or of several.
#[derive(Default)]
struct Score {
    /// Mentions that were heard otherwise.
    misheard: usize,
    /// Those of them for which nothing was heard at all.
    unheard: usize,
    found: usize,
    reports: usize,
    false_alarms: usize,
    words: usize,
}

impl Score {
    fn add(&mut self, other: &Self) {
        self.misheard += other.misheard;
        self.unheard += other.unheard;
        self.found += other.found;
        self.reports += other.reports;
        self.false_alarms += other.false_alarms;
        self.words += other.words;
    }

    fn print(&self, of: &str) {
        let could_be_found = self.misheard - self.unheard;
        print(
            &format!("name-recall{of}"),
            share(self.found, could_be_found),
            could_be_found,
        );
        let hours = share(self.words, 1) / WORDS_AN_HOUR;
        print(
            &format!("names-false-an-hour{of}"),
            share(self.false_alarms, 1) / hours,
            self.reports,
        );
        if of.is_empty() {
            let with_unheard = share(self.found, self.misheard);
            print("name-recall-with-unheard", with_unheard, self.misheard);
        }
    }
}

fn call(reference: &str, heard: &str, people: &[String]) -> Score {
    let (said, heard_words) = (words(reference), words(heard));
    let differences = differences(&said, &heard_words);
    let mentions = mentions(&said, people);
    let mut score = Score {
        words: heard_words.len(),
        ..Score::default()
    };

    let mut reports: BTreeMap<(String, String), Vec<bool>> = BTreeMap::new();
    let mut suggested: Vec<(&Difference, Vec<String>)> = Vec::new();
    for (place, name) in detect(heard, people) {
        let name_words: Vec<String> = words(&name).into_iter().map(|word| word.folded).collect();
        let here = touched(&heard_words, &place);
        let is_here = |difference: &&Difference| meets(&difference.heard, &here);
        let mut was_said = false;
        for difference in differences.iter().filter(is_here) {
            let said = &said[difference.said.clone()];
            was_said |= said.iter().any(|word| name_words.contains(&word.folded));
            suggested.push((difference, name_words.clone()));
        }
        let heard_here = heard[place].to_lowercase();
        reports
            .entry((heard_here, name))
            .or_default()
            .push(was_said);
    }
    let is_false = |places: &&Vec<bool>| {
        2 * places.iter().filter(|&&was_said| was_said).count() < places.len()
    };
    score.reports = reports.len();
    score.false_alarms = reports.values().filter(is_false).count();

    for mention in mentions {
        let is_here = |difference: &&Difference| meets(&difference.said, &mention);
        let here: Vec<&Difference> = differences.iter().filter(is_here).collect();
        if here.is_empty() {
            continue;
        }
        score.misheard += 1;
        score.unheard += usize::from(here.iter().all(|place| place.heard.is_empty()));
        let is_found = suggested.iter().any(|(difference, name)| {
            let wrong = here.iter().any(|place| place.said == difference.said);
            let mut misheard = said[both(&mention, &difference.said)].iter();
            wrong && misheard.any(|word| name.contains(&word.folded))
        });
        score.found += usize::from(is_found);
    }
    score
}

/// What the detector reports of a call: each place, and the name that it suggests there.
fn detect(heard: &str, people: &[String]) -> Vec<(Range<usize>, String)> {
    let talk = Talk {
        id: TalkId::whole("a1B2c3D4e5F".parse().expect("it has eleven characters")),
        recording: None,
        end: None,
        title: String::new(),
        title_origin: TitleOrigin::YouTube,
        speakers: people.to_vec(),
        description: String::new(),
        date: None,
        duration: None,
        language: Some("en".to_owned()),
        chapters: Vec::new(),
        transcript: None,
    };
    let found = misheard(heard, &Trusted::default().and_talk(&talk)).into_iter();
    found
        .flat_map(|found| {
            let name = found.suggestion.name;
            let places = found.places.into_iter();
            places.map(move |place| (place, name.clone()))
        })
        .collect()
}

/// A word and where it stands, in bytes.
struct Word {
    folded: String,
    written: String,
    range: Range<usize>,
}

fn words(text: &str) -> Vec<Word> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    let mut words = Vec::new();
    for piece in text.split(|c| !is_part(c)) {
        let at = piece.as_ptr() as usize - text.as_ptr() as usize;
        let written = ["'s", "’s"]
            .iter()
            .find_map(|ending| piece.strip_suffix(ending))
            .unwrap_or(piece);
        let letters = written.chars().filter(|c| c.is_alphanumeric());
        let folded: String = letters.flat_map(char::to_lowercase).collect();
        if !folded.is_empty() {
            words.push(Word {
                folded,
                written: written.to_owned(),
                range: at..at + piece.len(),
            });
        }
    }
    words
}

/// Where the names of people stand in the reference, the longest first.
fn mentions(said: &[Word], people: &[String]) -> Vec<Range<usize>> {
    let written = |text: &str| -> Vec<String> {
        let words = words(text).into_iter();
        words.map(|word| word.written).collect()
    };
    let mut names: Vec<Vec<String>> = people.iter().map(|name| written(name)).collect();
    names.retain(|name| !name.is_empty());
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut mentions = Vec::new();
    let mut at = 0;
    while at < said.len() {
        let is_here = |name: &&Vec<String>| {
            let here = said[at..].iter().map(|word| &word.written);
            said.len() - at >= name.len() && here.zip(*name).all(|(word, name)| word == name)
        };
        let length = names.iter().find(is_here).map_or(0, Vec::len);
        if length > 0 {
            mentions.push(at..at + length);
        }
        at += length.max(1);
    }
    mentions
}

/// A place where other words were heard than were said.
struct Difference {
    said: Range<usize>,
    heard: Range<usize>,
}

fn differences(said: &[Word], heard: &[Word]) -> Vec<Difference> {
    let folded =
        |words: &[Word]| -> Vec<String> { words.iter().map(|word| word.folded.clone()).collect() };
    let steps = capture_diff_slices(Algorithm::Myers, &folded(said), &folded(heard));
    let mut differences: Vec<Difference> = Vec::new();
    for step in steps {
        if matches!(step, DiffOp::Equal { .. }) {
            continue;
        }
        let (said, heard) = (step.old_range(), step.new_range());
        match differences.last_mut() {
            Some(last) if last.said.end == said.start && last.heard.end == heard.start => {
                last.said.end = said.end;
                last.heard.end = heard.end;
            }
            _ => differences.push(Difference { said, heard }),
        }
    }
    differences
}

/// The words that a place in the text touches.
fn touched(words: &[Word], place: &Range<usize>) -> Range<usize> {
    let first = words.partition_point(|word| word.range.end <= place.start);
    let end = words.partition_point(|word| word.range.start < place.end);
    first..end.max(first)
}

/// What two ranges that meet have in common.
fn both(a: &Range<usize>, b: &Range<usize>) -> Range<usize> {
    let start = a.start.max(b.start);
    start..a.end.min(b.end).max(start)
}

fn meets(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}
