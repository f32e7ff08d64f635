//! What goes to standard output: data, and nothing else.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use crate::cli::ending::Failure;
use crate::cli::terminal;
use crate::printable::{is_order, presentable, presentable_with_colors};
use crate::report::fold;

/// Prints data as it is, and on a terminal without what would steer it.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let shown = if io::stdout().is_terminal() {
        Cow::Owned(presentable(text))
    } else {
        Cow::Borrowed(text)
    };
    write(&shown)
}

/// Prints a report for people, in our own colors, its lines broken between words where the terminal
/// is narrower. No words of others in it steer a terminal, neither now nor when the file that it goes
/// into is looked at.
pub(super) fn print_report(text: &str) -> Result<(), Failure> {
    let width = terminal::width();
    let text = presentable_with_colors(text);
    let lines = text.lines().map(|line| fold(line, width) + "\n");
    write(&lines.collect::<String>())
}

/// Writes to standard output; that its reader has had enough is no failure.
fn write(text: &str) -> Result<(), Failure> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::run(error, None::<String>))
        }
        _ => Ok(()),
    }
}

/// A report as JSON, for scripts. What would steer a terminal is escaped, so that it says the same.
pub(super) fn json(report: &impl Serialize) -> String {
    let json = serde_json::to_string_pretty(report).expect("our own types serialize") + "\n";
    let is_raw = |c| is_order(c) && c != '\n';
    if !json.contains(is_raw) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if is_raw(c) {
            write!(escaped, "\\u{:04x}", u32::from(c)).expect("writing to a string does not fail");
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same_without_orders() {
        let text = "a\u{9b}2K\u{202e}b\u{7f}\u{1b}\n";
        let json = json(&[text]);
        assert!(!json.trim_end().contains(|c| is_order(c) && c != '\n'));
        assert_eq!(serde_json::from_str::<[String; 1]>(&json).unwrap(), [text]);
    }
}
