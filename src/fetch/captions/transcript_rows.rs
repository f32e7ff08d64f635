//! The rows of a transcript with clocks: without Markdown, cut before each clock within them, and which
//! of them a page or a program has written around it.

use std::sync::LazyLock;

use regex::Regex;

use super::clocked::pattern;
use super::names;

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
static WITHIN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[CLOCK\]\s"));
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

/// Cuts a row before each clock in square brackets, but for one behind the name of who speaks.
fn cut(row: &str) -> Vec<String> {
    let is_name = |before: &str| names::is_name(before.trim().trim_end_matches(':'));
    let places = WITHIN.find_iter(row).map(|clock| clock.start());
    let mut places: Vec<usize> = places.filter(|at| !is_name(&row[..*at])).collect();
    if places.first() != Some(&0) {
        places.insert(0, 0);
    }
    places.push(row.len());
    places
        .windows(2)
        .map(|part| row[part[0]..part[1]].trim().to_owned())
        .collect()
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
