//! A comparison as text: side by side where a terminal is wide enough, else one below the other.
//!
//! What differs is marked by color, or as `[-gone-]` and `{+new+}` where there is none. Titles and
//! summaries are untrusted: no control character of theirs reaches a terminal.

use std::fmt::Write;

use console::{Style, measure_text_width};

use crate::cli::terminal::{sanitize, wrap};
use crate::compare::page::{Heading, Setting};
use crate::compare::{Both, Comparison, DiffPiece, Different, KnownTalk, TalkVersion};

/// From here on two columns can be read.
const WIDE: usize = 100;
/// Longer lines cannot be read well.
const WIDEST_COLUMN: usize = 76;
const GAP: &str = "   ";
const SIDES: Both<&str> = ["A", "B"];

/// The whole comparison.
pub(super) fn text(heading: &Heading, comparison: &Comparison, width: Option<usize>) -> String {
    let mut text = String::new();
    push_line(&mut text, &bold(&sanitize(&heading.title)));
    for (side, catalog) in SIDES.iter().zip(&heading.catalogs) {
        push_line(&mut text, &format!("{}  {}", bold(side), sanitize(catalog)));
    }
    write_settings(&mut text, &heading.settings);
    if heading.settings.is_empty() {
        push_line(&mut text, "nothing differs in the settings");
    }
    for talk in &comparison.different {
        push_line(&mut text, "");
        write_different(&mut text, talk, width);
    }
    for (side, lacking) in SIDES.iter().zip(&comparison.lacking) {
        if !lacking.is_empty() {
            push_line(&mut text, "");
            push_line(
                &mut text,
                &bold(&format!("{side} has nothing for exactly its settings")),
            );
        }
        for lacking in lacking {
            let older = if lacking.has_older {
                ", an older one stands on the page"
            } else {
                ""
            };
            push_line(
                &mut text,
                &format!(
                    "{}  lacks its {}{older}",
                    format_talk(&lacking.talk),
                    lacking.what
                ),
            );
        }
    }
    for (side, alone) in SIDES.iter().zip(&comparison.alone) {
        if !alone.is_empty() {
            push_line(&mut text, "");
            push_line(&mut text, &bold(&format!("only in {side}")));
        }
        for talk in alone {
            push_line(&mut text, &format_talk(talk));
        }
    }
    push_line(&mut text, "");
    for sum in &heading.sums {
        push_line(&mut text, sum);
    }
    write_settings(&mut text, &heading.totals);
    text
}

fn write_settings(text: &mut String, settings: &[Setting]) {
    let names = settings.iter().map(|setting| setting.name.len());
    let width = names.max().unwrap_or(0);
    for Setting { name, values } in settings {
        for (at, (side, value)) in SIDES.iter().zip(values).enumerate() {
            let name = if at == 0 { name } else { "" };
            push_line(
                text,
                &format!("   {name:<width$}  {side}  {}", sanitize(value)),
            );
        }
    }
}

fn write_different(text: &mut String, talk: &Different, width: Option<usize>) {
    push_line(text, &bold(&format_talk(&talk.talk)));
    let sides = [0, 1].map(|side| paragraphs(talk, side));
    match width.filter(|width| *width >= WIDE) {
        Some(width) => write_columns(text, &sides, width),
        None => {
            for paragraph in sides.iter().flatten() {
                match width {
                    Some(width) => wrap(paragraph, width.max(20))
                        .iter()
                        .for_each(|wrapped| push_line(text, wrapped)),
                    None => push_line(text, paragraph),
                }
            }
        }
    }
}

/// What a side says about a talk, a line each, with what differs marked.
fn paragraphs(talk: &Different, side: usize) -> Vec<String> {
    let TalkVersion {
        summary,
        category,
        names,
        misheard,
    } = &talk.sides[side];
    let category = match category {
        Some(category) => DiffPiece {
            text: category.clone(),
            is_changed: talk.is_refiled,
        },
        None => DiffPiece {
            text: "no category".to_owned(),
            is_changed: false,
        },
    };
    let head = format!("{}  ({})", bold(SIDES[side]), mark(&[category], side));
    let names = (!names.is_empty()).then(|| format!("only here: {}", sanitize(&names.join(", "))));
    let misheard = misheard.iter().map(|misheard| {
        let (word, name) = (sanitize(&misheard.word), sanitize(&misheard.name));
        format!("misheard? {word}, where {name} may be meant")
    });
    [head, mark(summary, side)]
        .into_iter()
        .chain(names)
        .chain(misheard)
        .collect()
}

fn write_columns(text: &mut String, sides: &Both<Vec<String>>, width: usize) {
    let column = ((width - GAP.len()) / 2).min(WIDEST_COLUMN);
    let lines = |paragraphs: &Vec<String>| -> Vec<String> {
        let wrapped = paragraphs.iter().map(|paragraph| wrap(paragraph, column));
        wrapped.flatten().collect()
    };
    let [left, right] = sides.each_ref().map(lines);
    for at in 0..left.len().max(right.len()) {
        let [left, right] = [&left, &right].map(|lines| lines.get(at).map_or("", String::as_str));
        let padding = " ".repeat(column.saturating_sub(measure_text_width(left)));
        push_line(text, &format!("{left}{padding}{GAP}{right}"));
    }
}

/// A text with what differs marked, word by word, so that it can be wrapped afterwards.
fn mark(pieces: &[DiffPiece], side: usize) -> String {
    let (style, [open, close]) = match side {
        0 => (Style::new().yellow().underlined(), ["[-", "-]"]),
        _ => (Style::new().cyan().underlined(), ["{+", "+}"]),
    };
    let mut text = String::new();
    for piece in pieces {
        let words = sanitize(&piece.text);
        match (piece.is_changed, console::colors_enabled()) {
            (false, _) => text.push_str(&words),
            (true, false) => text.extend([open, &words, close]),
            (true, true) => {
                let words = words.split(' ');
                let styled: Vec<String> =
                    words.map(|word| style.apply_to(word).to_string()).collect();
                text.push_str(&styled.join(" "));
            }
        }
    }
    text
}

fn format_talk(talk: &KnownTalk) -> String {
    format!("{}  {}", talk.id, sanitize(&talk.title))
}

fn bold(text: &str) -> String {
    Style::new().bold().apply_to(text).to_string()
}

fn push_line(text: &mut String, line: &str) {
    writeln!(text, "{}", line.trim_end()).expect("writing to a string does not fail");
}
