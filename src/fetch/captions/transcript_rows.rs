//! The rows of a transcript with clocks: without Markdown, cut before each clock within them, and which
//! of them a page or a program has written around it.

use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;

use super::clocked::{BEGINNING, longest_run, pattern};
use super::names;
use super::times::clock;

/// What pages and programs say around a transcript; with dots, how it begins or ends.
const FRAME: &[&str] = &[
    "transcript",
    "search in video",
    "search transcript",
    "show transcript",
    "sync to video time",
    "follow along using the transcript.",
    "chapters",
    "attendees",
    "<begin subtitles>",
    "<end subtitles>",
    "transkript",
    "im video suchen",
    "transcription",
    "rechercher dans la vidéo",
    "transcripción",
    "transcribed by…",
    "sonix is the world…",
    "meeting ended after…",
    "this editable transcript was…",
    "this transcript was…",
    "transcription ended after…",
    "whisper_print_timings…",
    "…started transcription",
    "…stopped transcription",
    "…(auto-generated)",
    "…(automatisch erzeugt)",
    "…(générés automatiquement)",
    "…(generados automáticamente)",
    "…(generados de forma automática)",
    "…(geradas automaticamente)",
    "…(generati automaticamente)",
];

/// A clock in the midst of words.
static WITHIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"[\[(]CLOCK[\])]\s"));
/// A clock without brackets in the midst of words.
static BARE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|\s)(?<clock>CLOCK)\s"));
/// A row with fewer bare clocks speaks of times of day.
const MANY: usize = 4;

/// The rows of a text without their Markdown, cut before each clock within them.
pub(super) fn rows(text: &str) -> Vec<String> {
    let rows = text.lines().map(without_markdown);
    let rows = rows.filter(|row| row.contains(|letter| !matches!(letter, ' ' | '|' | '-' | ':')));
    rows.flat_map(|row| cut(&row)).collect()
}

/// A row as it reads where headings, points, bold words, tables and links are set.
fn without_markdown(row: &str) -> String {
    static LINK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\]\((?:https?:|#|/)[^()\s]*\)"));
    let row = row.trim();
    let heading = row.trim_start_matches('#');
    let row = if heading.starts_with(' ') {
        heading.trim()
    } else {
        row
    };
    let cells = row.strip_prefix('|').and_then(|row| row.strip_suffix('|'));
    let row = cells.map_or(row.to_owned(), |cells| {
        cells
            .split('|')
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(" ")
    });
    let row = LINK.replace_all(&row, "]").replace("**", "");
    let point = row
        .strip_prefix(['-', '*', '+', '•'])
        .filter(|rest| rest.starts_with(' '));
    let point = point.map(str::trim_start).filter(|rest| {
        rest.starts_with(|first: char| first.is_ascii_digit() || "[({".contains(first))
    });
    point.unwrap_or(row.trim()).to_owned()
}

/// Cuts a row before each clock in brackets, but for one behind the name of who speaks, and before
/// bare clocks where the whole panel was pasted as one row.
fn cut(row: &str) -> Vec<String> {
    let is_name = |before: &str| names::is_name(before.trim().trim_end_matches(':'));
    let places = WITHIN.find_iter(row).map(|clock| clock.start());
    let places = places.filter(|at| !is_name(&row[..*at]));
    let mut places: Vec<usize> = places.chain(bare_clocks(row)).collect();
    if places.first() != Some(&0) {
        places.insert(0, 0);
    }
    places.push(row.len());
    places
        .windows(2)
        .map(|part| row[part[0]..part[1]].trim().to_owned())
        .collect()
}

/// The places of the bare clocks of a row that begins with one and has many that run forward.
fn bare_clocks(row: &str) -> Vec<usize> {
    // Most rows begin with a word, and are looked at no further.
    if !row.starts_with(|first: char| first.is_ascii_digit()) {
        return Vec::new();
    }
    let clocks = BARE
        .captures_iter(row)
        .filter_map(|found| found.name("clock"));
    let clocks = clocks.filter_map(|found| Some((found.start(), clock(found.as_str())?)));
    let clocks: Vec<(usize, Duration)> = clocks.collect();
    let begins_so = clocks
        .first()
        .is_some_and(|(at, time)| *at == 0 && *time < BEGINNING);
    if !begins_so {
        return Vec::new();
    }
    let forward = longest_run(&clocks);
    let mut places: Vec<usize> = forward.into_iter().collect();
    places.sort_unstable();
    if places.len() < MANY {
        Vec::new()
    } else {
        places
    }
}

/// Whether a row is one that pages and programs write around a transcript.
pub(super) fn is_frame(row: &str) -> bool {
    let row = row.trim_matches(['*', '_']).to_lowercase();
    FRAME.iter().any(
        |frame| match (frame.strip_prefix('…'), frame.strip_suffix('…')) {
            (Some(end), _) => row.ends_with(end),
            (None, Some(beginning)) => row.starts_with(beginning),
            (None, None) => row == *frame,
        },
    )
}
