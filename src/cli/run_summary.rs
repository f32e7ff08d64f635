//! `--summary FILE`: the report of a run as Markdown, as the summary of a step in CI is written.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

use crate::cli::ending::{Ending, Failure};
use crate::printable::presentable;
use crate::report::{causes, noted};

/// Does what a command does and adds its report to a file, which is opened before anything is done.
pub(super) fn summarize_to(
    path: Option<&Path>,
    command: &str,
    run: impl FnOnce() -> Result<Ending, Failure>,
) -> Result<Ending, Failure> {
    let Some(path) = path else {
        return run();
    };
    let unwritten = |error| {
        let hint = format!("name another file than {} as `--summary`", path.display());
        Failure::run(error, Some(hint))
    };
    // Whoever runs a step in CI reads all that its commands have added.
    let opened = OpenOptions::new().create(true).append(true).open(path);
    let mut file: File = opened.map_err(unwritten)?;
    let result = run();
    file.write_all(markdown(command, &result, &noted()).as_bytes())
        .map_err(unwritten)?;
    result
}

/// The report under a heading. It stands indented, so none of a stranger's words is Markdown.
fn markdown(command: &str, result: &Result<Ending, Failure>, report: &str) -> String {
    let ending = match result {
        Ok(Ending::Complete) => "complete",
        Ok(Ending::Incomplete) => "some talks lack something",
        Ok(Ending::Stopped) => "stopped",
        Err(_) => "failed",
    };
    let failure = result.as_ref().err().map(|failure| {
        let hint = failure.hint.iter().map(|hint| format!("\nhint: {hint}"));
        let hint: String = hint.collect();
        presentable(&format!("error: {}{hint}", causes(&*failure.error)))
    });
    let lines = report
        .lines()
        .chain(failure.iter().flat_map(|failure| failure.lines()));
    let lines: Vec<String> = lines.map(|line| format!("    {line}\n")).collect();
    let lines = lines.concat();
    format!("## `proceedings {command}`: {ending}\n\n{lines}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_strangers_are_no_markdown() {
        let report = "2 of 3 talks lack summary:\n  <b>x</b>\n# no heading\n";
        let error = Failure::run("the disk\nis full", Some("make room"));
        assert_eq!(
            markdown("build", &Err(error), report),
            "## `proceedings build`: failed\n\n    2 of 3 talks lack summary:\n      <b>x</b>\n    # no heading\n    error: the disk\n    is full\n    hint: make room\n\n"
        );
        assert_eq!(
            markdown("fetch", &Ok(Ending::Complete), ""),
            "## `proceedings fetch`: complete\n\n\n"
        );
    }
}
