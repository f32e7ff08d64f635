//! The report as people read it: totals, the talks that want attention, why, and what it costs.
//!
//! Titles are untrusted: no control character of theirs reaches a terminal. Color only repeats
//! what the words say.

use std::fmt::Write;

use console::{Style, truncate_str};

use crate::cli::status::StatusReport;
use crate::cli::status::bills::Bill;
use crate::cli::terminal::{ListLength, sanitize, wrap};
use crate::cli::usage_report::format_tokens;
use crate::numbers::{pluralize, thousands};
use crate::status::{Group, Row, State, TalkStage, groups, totals};

/// So many talks stand for all that say the same.
const FEW: usize = 3;
/// A title that has less room than this is left out.
const NARROW: usize = 12;
const GAP: &str = "  ";
const INDENT: &str = "  ";
const HANG: &str = "    ";
/// Under the words of `summarize  12 requests`.
const UNDER_SUMS: &str = "             ";

/// The whole report, for a terminal of this width, or for a file.
pub(super) fn text(report: &StatusReport<'_>, width: Option<usize>) -> String {
    let mut text = String::new();
    write_heading(&mut text, report);
    write_sums(&mut text, report);
    write_talks(&mut text, report, width);
    write_reasons(&mut text, report, width);
    write_costs(&mut text, report, width);
    write_unlisted(&mut text, report, width);
    text
}

fn write_heading(text: &mut String, report: &StatusReport<'_>) {
    let is_hidden = |row: &&Row| row.cells[0].state == State::Hidden;
    let hidden = report.rows.iter().filter(is_hidden).count();
    let talks = pluralize(report.rows.len() - hidden, "talk");
    let hidden = match hidden {
        0 => String::new(),
        hidden => format!(", {} hidden", thousands(hidden)),
    };
    let title = bold(&sanitize(&report.setup.catalog.title));
    push_line(text, &format!("{title}: {talks}{hidden}"));
}

/// How many talks are in which state, a line a stage.
fn write_sums(text: &mut String, report: &StatusReport<'_>) {
    let sums: Vec<(TalkStage, Vec<(State, usize)>)> = report
        .stages
        .iter()
        .map(|stage| (*stage, totals(report.rows, *stage)))
        .collect();
    let is_shown = |state: &State| !matches!(state, State::Hidden | State::None);
    let occurs = |state: &State| {
        sums.iter()
            .any(|(_, sum)| sum.iter().any(|s| s.0 == *state))
    };
    let states: Vec<State> = State::ALL
        .into_iter()
        .filter(is_shown)
        .filter(occurs)
        .collect();
    if states.is_empty() {
        return;
    }
    let count = |sum: &[(State, usize)], state: State| {
        let count = sum.iter().find(|(of, _)| *of == state);
        count.map_or("-".to_owned(), |(_, count)| thousands(*count))
    };
    let width = |state: State| {
        let counts = sums.iter().map(|(_, sum)| count(sum, state).len());
        counts.max().unwrap_or(0).max(state.name().len())
    };
    push_line(text, "");
    let mut head = " ".repeat(widest_stage());
    for state in &states {
        write!(head, "{GAP}{:>width$}", state.name(), width = width(*state)).expect(WRITES);
    }
    push_line(text, &Style::new().dim().apply_to(head).to_string());
    for (stage, sum) in &sums {
        let mut row = format!("{:<1$}", stage.name(), widest_stage());
        for state in &states {
            let count = format!("{:>1$}", count(sum, *state), width(*state));
            let is_some = sum.iter().any(|(of, _)| of == state);
            let style = if is_some {
                style(*state)
            } else {
                Style::new().dim()
            };
            write!(row, "{GAP}{}", style.apply_to(count)).expect(WRITES);
        }
        push_line(text, &row);
    }
}

/// A line a talk, with its state at each stage.
fn write_talks(text: &mut String, report: &StatusReport<'_>, width: Option<usize>) {
    let shown = report.length.of(&report.listed);
    if shown.is_empty() {
        return;
    }
    let ids = shown.iter().map(|row| row.talk.to_string().len());
    let id_width = ids.max().unwrap_or(0).max("talk".len());
    let column = |stage: TalkStage| {
        let states = shown.iter().flat_map(|row| row.stages());
        let names = states
            .filter(|(at, _)| *at == stage)
            .map(|(_, cell)| cell.state.name().len());
        names.max().unwrap_or(0).max(stage.name().len())
    };
    let columns: Vec<(TalkStage, usize)> = report.stages.iter().map(|s| (*s, column(*s))).collect();
    let taken = id_width
        + columns
            .iter()
            .map(|(_, width)| width + GAP.len())
            .sum::<usize>();
    let room = width.map(|width| width.saturating_sub(taken + GAP.len()));
    let has_titles = room.is_none_or(|room| room >= NARROW);

    push_line(text, "");
    let mut head = format!("{:<id_width$}", "talk");
    for (stage, width) in &columns {
        write!(head, "{GAP}{:<width$}", stage.name()).expect(WRITES);
    }
    if has_titles {
        head.push_str(GAP);
        head.push_str("title");
    }
    push_line(text, &Style::new().dim().apply_to(head).to_string());
    for row in shown {
        let mut listed = format!("{:<id_width$}", row.talk.to_string());
        for (stage, width) in &columns {
            let cell = row.stages().find(|(at, _)| at == stage);
            let state = cell.map_or(State::None, |(_, cell)| cell.state);
            let name = format!("{:<width$}", state.name());
            write!(listed, "{GAP}{}", style(state).apply_to(name)).expect(WRITES);
        }
        if has_titles {
            let title = sanitize(&row.title);
            let title = room.map_or(title.clone(), |room| {
                truncate_str(&title, room, "…").into_owned()
            });
            listed.push_str(GAP);
            listed.push_str(&title);
        }
        push_line(text, &listed);
    }
    let more = report.listed.len() - shown.len();
    if more > 0 {
        let more = thousands(more);
        push_line(
            text,
            &format!("… and {more} more; `--state` and `--stage` list all of theirs"),
        );
    }
}

/// Why the listed talks are not as they should be, those together that say the same.
fn write_reasons(text: &mut String, report: &StatusReport<'_>, width: Option<usize>) {
    let cells = report.listed.iter().flat_map(|row| {
        let cells = row.stages();
        cells.map(|(stage, cell)| (&row.talk, stage, cell))
    });
    let cells = cells.filter(|(_, stage, _)| report.stages.contains(stage));
    let groups = groups(cells);
    if groups.is_empty() {
        return;
    }
    let shown = report.length.of(&groups);
    push_line(text, "");
    for group in shown {
        write_reason(text, group, width);
    }
    let more = groups.len() - shown.len();
    if more > 0 {
        let more = pluralize(more, "more reason");
        push_line(
            text,
            &format!("… and {more}; `--state` and `--stage` list all of theirs"),
        );
    }
}

fn write_reason(text: &mut String, group: &Group<'_>, width: Option<usize>) {
    let Group { stage, cell, talks } = group;
    let state = style(cell.state).apply_to(cell.state.name());
    let when = cell.at.map(|at| at.strftime(" (%Y-%m-%d)").to_string());
    let why = cell.why.as_deref().unwrap_or("it is not known why");
    let why = format!(
        "{} {state}: {}{}",
        stage.name(),
        sanitize(why),
        when.unwrap_or_default(),
    );
    write_paragraph(text, ("", HANG), &why, width);
    let ids: Vec<String> = talks.iter().take(FEW).map(ToString::to_string).collect();
    let more = match talks.len().saturating_sub(FEW) {
        0 => String::new(),
        more => format!(", and {} more", thousands(more)),
    };
    let count = pluralize(talks.len(), "talk");
    write_paragraph(
        text,
        (INDENT, HANG),
        &format!("{count}: {}{more}", ids.join(", ")),
        width,
    );
    if let Some(next) = &cell.next {
        let next = format!(
            "{} {}",
            Style::new().cyan().apply_to("next:"),
            sanitize(next)
        );
        write_paragraph(text, (INDENT, HANG), &next, width);
    }
}

fn write_costs(text: &mut String, report: &StatusReport<'_>, width: Option<usize>) {
    push_line(text, "");
    push_line(text, &bold("What a build would take"));
    for said in report.build() {
        write_paragraph(text, (INDENT, UNDER_SUMS), &said, width);
    }
    push_line(text, "");
    push_line(text, &bold("What has been paid for"));
    let kept = report.kept;
    if kept.bills.is_empty() {
        push_line(text, "  nothing");
    }
    for (model, bill) in &kept.bills {
        write_paragraph(text, (INDENT, HANG), &format_bill(model, bill), width);
    }
    for unreadable in &kept.unreadable {
        let said = format!("not counted: {}", sanitize(unreadable));
        write_paragraph(text, (INDENT, HANG), &said, width);
    }
}

fn format_bill(model: &str, bill: &Bill) -> String {
    let requests = pluralize(bill.requests, "request");
    let model = sanitize(model);
    if bill.without_usage == bill.requests {
        return format!("{model}: {requests}, cost unknown");
    }
    let cost = match bill.dollars() {
        Some(dollars) => format!("${dollars:.4} at today's price"),
        None => "cost unknown".to_owned(),
    };
    if !bill.listened.is_zero() {
        let minutes = bill.minutes().ceil();
        return format!("{model}: {requests}, {minutes:.0} min listened to, {cost}");
    }
    let tokens = format_tokens(bill.usage);
    format!("{model}: {requests}, {tokens}, {cost}")
}

fn write_unlisted(text: &mut String, report: &StatusReport<'_>, width: Option<usize>) {
    let unlisted = &report.kept.unlisted;
    if unlisted.is_empty() {
        return;
    }
    let all: Vec<&str> = unlisted.iter().map(String::as_str).collect();
    let ids = ListLength::Short.of(&all);
    let more = match all.len() - ids.len() {
        0 => String::new(),
        more => format!(" and {} more", thousands(more)),
    };
    let talks = pluralize(unlisted.len(), "talk");
    let said = format!("{}{more}", ids.join(" "));
    push_line(text, "");
    push_line(
        text,
        &bold(&format!("In the cache and not in the catalog: {talks}")),
    );
    write_paragraph(text, (INDENT, INDENT), &said, width);
}

/// A paragraph in lines that fit, indented so: the first line, and all others.
fn write_paragraph(text: &mut String, indents: (&str, &str), words: &str, width: Option<usize>) {
    let (first, others) = indents;
    let room = width.map_or(usize::MAX, |width| {
        width.saturating_sub(others.len()).max(20)
    });
    for (place, wrapped) in wrap(words, room).iter().enumerate() {
        let indent = if place == 0 { first } else { others };
        push_line(text, &format!("{indent}{wrapped}"));
    }
}

fn widest_stage() -> usize {
    let names = TalkStage::ALL.map(|stage| stage.name().len());
    names.into_iter().max().unwrap_or(0)
}

fn style(state: State) -> Style {
    let style = Style::new();
    match state {
        State::Stale => style.yellow(),
        State::Missing | State::Failed | State::SetAside | State::Damaged => style.red(),
        State::Written | State::Imported | State::BuiltIn => style.cyan(),
        State::Cached => style.green(),
        State::Hidden | State::None => style.dim(),
    }
}

fn bold(text: &str) -> String {
    Style::new().bold().apply_to(text).to_string()
}

const WRITES: &str = "writing to a string does not fail";

fn push_line(text: &mut String, line: &str) {
    writeln!(text, "{}", line.trim_end()).expect(WRITES);
}
