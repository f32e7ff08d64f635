//! What goes to standard output: data, and nothing else.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::ending::Failure;

/// Prints data; that its reader has had enough is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::run(error, None::<String>))
        }
        _ => Ok(()),
    }
}

/// A report as JSON, for scripts.
pub(super) fn json(report: &impl Serialize) -> String {
    serde_json::to_string_pretty(report).expect("our own types serialize") + "\n"
}
