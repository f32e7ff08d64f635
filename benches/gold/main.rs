//! How well places, names and categories are found, measured on benchmarks that others labelled: a
//! line of JSON a measure. `cargo bench --bench gold`.
//!
//! The folder is the one that `PROCEEDINGS_BENCHMARKS` names, else `../shared/data/benchmarks`. A
//! measure whose file is absent is skipped, and says so. Each subject has a file of its own.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench reports on them"
)]

mod categories;
mod doubts;
mod grounding;
mod names;

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::{Value, json};

fn main() {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/benchmarks");
    let folder = env::var_os("PROCEEDINGS_BENCHMARKS").map_or_else(beside, PathBuf::from);
    grounding::measure(&folder);
    names::measure(&folder);
    categories::measure(&folder);
    doubts::measure(&folder);
}

/// The lines of a file; says that a measure is skipped where the file is absent.
fn lines(file: &Path) -> Option<Vec<Value>> {
    let Ok(text) = fs::read_to_string(file) else {
        eprintln!("skipped: no {}", file.display());
        return None;
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    Some(
        lines
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect(),
    )
}

fn print(measure: &str, value: f64, of: usize) {
    let value = (value * 10_000.0).round() / 10_000.0;
    println!(
        "{}",
        json!({ "measure": measure, "value": value, "of": of })
    );
}

fn share(part: usize, all: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).expect("benchmarks are small"));
    number(part) / number(all.max(1))
}
