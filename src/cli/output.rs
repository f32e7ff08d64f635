//! What goes to standard output: data, and nothing else.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::ending::Failure;
use crate::cli::terminal;
use crate::report::fold;

/// Prints data; that its reader has had enough is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::run(error, None::<String>))
        }
        _ => Ok(()),
    }
}

/// Prints a report for people, its lines broken between words where the terminal is narrower.
pub(super) fn print_report(text: &str) -> Result<(), Failure> {
    let width = terminal::width();
    let lines = text.lines().map(|line| fold(line, width) + "\n");
    print(&lines.collect::<String>())
}

/// A report as JSON, for scripts.
pub(super) fn json(report: &impl Serialize) -> String {
    serde_json::to_string_pretty(report).expect("our own types serialize") + "\n"
}
