//! What happens during a run, and who shows it.
//!
//! Work emits [`Event`]s and knows no terminal. [`bars::Bars`] draws them on one, [`lines::Lines`]
//! writes them as lines where there is none, and [`tally::Tally`] counts them for the report at
//! the end. Everything goes to standard error; standard output carries data only.

pub(crate) mod bars;
pub(crate) mod lines;
pub(crate) mod tally;

use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use console::{Term, measure_text_width};

use crate::llm::Billed;
use crate::llm::client::Destination;
use crate::llm::transcription::ReceivedTranscription;
use crate::printable::presentable;
use crate::talk::id::TalkId;
use crate::work::{How, Task};

/// Something that happened.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Event<'a> {
    /// A run begins.
    Began {
        /// With so many talks to work on.
        talks: usize,
        /// And these tasks for each of them.
        tasks: &'a [Task],
    },
    /// Somebody outside is asked.
    Asked { task: Task },
    /// The answer is there, or it is clear that there will be none.
    Answered {
        task: Task,
        /// The talk; none where it is about all of them.
        talk: Option<&'a TalkId>,
        /// What a model is paid for; none where nothing was sent to one.
        billed: Option<Billed>,
    },
    /// A model's reply was found in the cache.
    Recalled {
        /// What the model was paid for when it was asked.
        billed: Billed,
    },
    /// A talk is through with a task.
    Ended {
        task: Task,
        talk: &'a TalkId,
        /// How the result was come by.
        how: How,
        /// Why it is not what it should be.
        problem: Option<&'a dyn Error>,
    },
    /// A request waits before it is sent again.
    Waiting {
        /// The talk; none where it is about all of them.
        talk: Option<&'a TalkId>,
        why: &'a dyn Error,
        delay: Duration,
        /// Whether it is the first wait of the run.
        is_first: bool,
    },
    /// A caption file was read in an encoding that was guessed and may be wrong.
    EncodingGuessed { file: &'a str, encoding: &'a str },
    /// Another run is at work on the same, and this one waits for its reply.
    Locked {
        /// The talk; none where it is about all of them.
        talk: Option<&'a TalkId>,
    },
    /// Something is about to leave this machine for the first time.
    Sending {
        what: &'a str,
        /// Where it goes, and which secrets go along.
        to: &'a Destination<'a>,
    },
    /// yt-dlp works so far, and is so old that it will soon not.
    OldYtDlp {
        version: &'a str,
        /// Its age in days.
        days: i32,
    },
    /// The sound of a recording is about to be fetched and listened to.
    Transcribing { talk: &'a TalkId },
    /// That is over.
    Transcribed {
        /// What was listened to, if anything was.
        heard: Option<ReceivedTranscription>,
    },
    /// No further visit is made to `YouTube`.
    FetchingStopped {
        /// The server that is not asked any more; none where it is `YouTube`.
        from: Option<&'a str>,
        cause: &'a str,
        next_step: &'a str,
    },
    /// The user wants to stop; what is under way is finished.
    Stopping,
    /// All talks are through.
    Finished,
}

/// How far the rest of a long line is indented.
const HANG: usize = 2;
/// From here on a wait is worth a line.
const LONG_WAIT: Duration = Duration::from_secs(20);

/// Who hears of events. A run is carried by one thread, and so are its events.
pub(crate) trait Reporter: Debug {
    /// Hears of an event.
    fn report(&self, event: Event<'_>);
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verbosity {
    /// Only what went wrong, and what must be said.
    Quiet,
    /// What was done.
    Normal,
    /// Also what was found done, and every wait.
    Verbose,
}

/// What an event is in one line, if it is worth one.
fn line(event: Event<'_>, verbosity: Verbosity) -> Option<String> {
    let at_least = |wanted: Verbosity| verbosity >= wanted;
    match event {
        Event::Ended {
            task,
            talk,
            problem: Some(problem),
            ..
        } if at_least(Verbosity::Normal) => {
            Some(format!("{:<10} {talk}: {}", task.name(), causes(problem)))
        }
        Event::Waiting {
            talk,
            why,
            delay,
            is_first,
        } if is_worth_a_line(delay, is_first, verbosity) => Some(format!(
            "waiting {}{}: {}",
            format_wait(delay),
            talk.map(|talk| format!(" for {talk}")).unwrap_or_default(),
            causes(why)
        )),
        Event::Locked { talk: None } => {
            Some("another run asks for categories; waiting for its reply".to_owned())
        }
        Event::EncodingGuessed { file, encoding } => Some(format!(
            "the encoding of `{file}` was guessed ({encoding}); if its words look wrong, save the file as UTF-8"
        )),
        Event::Locked { talk: Some(talk) } => Some(format!(
            "another run works on {talk}; waiting for its replies"
        )),
        Event::Sending { what, to } => {
            let with = match &to.secrets[..] {
                [] => String::new(),
                secrets => format!(", with the key from {}", secrets.join(" and ")),
            };
            Some(format!("sending {what} to {}{with}", to.host))
        }
        Event::OldYtDlp { version, days } => Some(format!(
            "yt-dlp {version} is {days} days old, and YouTube changes often; get a current one with `proceedings doctor --install`"
        )),
        Event::FetchingStopped {
            from,
            cause,
            next_step,
        } => {
            let from = from.map(|host| format!(" from {host}"));
            let from = from.unwrap_or_default();
            Some(format!("fetching{from} stops: {cause}; {next_step}"))
        }
        Event::Stopping => Some(
            "stopping: open requests are finished and kept; press Ctrl-C again to leave at once"
                .to_owned(),
        ),
        _ => None,
    }
}

fn is_worth_a_line(delay: Duration, is_first: bool, verbosity: Verbosity) -> bool {
    let is_notable = is_first || delay >= LONG_WAIT;
    verbosity >= Verbosity::Verbose || (verbosity >= Verbosity::Normal && is_notable)
}

/// A wait in whole seconds.
fn format_wait(delay: Duration) -> impl Display {
    humantime::format_duration(Duration::from_secs(delay.as_secs().max(1)))
}

/// An error and its causes on one line.
#[must_use]
pub(crate) fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text.push_str(": ");
        text.push_str(&next.to_string());
        cause = next.source();
    }
    text
}

/// Writes a line to standard error, without what would steer a terminal, and broken between words where
/// the terminal is narrower; that nobody listens any more is no reason to fail.
pub(crate) fn say(line: fmt::Arguments<'_>) {
    let line = presentable(&line.to_string());
    let folded = fold(&line, width(&Term::stderr()));
    drop(writeln!(io::stderr().lock(), "{folded}"));
    if let Some(note) = &mut *note() {
        note.push_str(&line);
        note.push('\n');
    }
}

/// From now on what is said is noted, too.
pub(crate) fn begin_to_note() {
    note().get_or_insert_default();
}

/// What was said since somebody began to note it; nobody notes it any more.
pub(crate) fn noted() -> String {
    note().take().unwrap_or_default()
}

fn note() -> MutexGuard<'static, Option<String>> {
    static NOTE: Mutex<Option<String>> = Mutex::new(None);
    NOTE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The same behind a label of our own, which may have a color.
pub(crate) fn say_labelled(label: impl Display, line: fmt::Arguments<'_>) {
    let line = format!("{label} {}", presentable(&line.to_string()));
    drop(writeln!(
        io::stderr().lock(),
        "{}",
        fold(&line, width(&Term::stderr()))
    ));
}

/// How many columns a terminal has; none where there is no terminal.
#[must_use]
pub(crate) fn width(terminal: &Term) -> Option<usize> {
    let (_, columns) = terminal.size_checked()?;
    Some(usize::from(columns)).filter(|columns| *columns > 0)
}

/// A line as lines that fit; those that go on are indented a little more. So are the lines that a
/// text has of its own: none of a stranger's words begins a line as if it were ours.
#[must_use]
pub(crate) fn fold(line: &str, width: Option<usize>) -> String {
    if line.contains('\n') {
        return indent_further_lines(line);
    }
    let fits = |width: &usize| measure_text_width(line) <= *width;
    let Some(width) = width.filter(|width| !fits(width)) else {
        return line.to_owned();
    };
    let indent = line.len() - line.trim_start_matches(' ').len();
    let indent = (indent + HANG).min(width / 2);
    let mut lines = wrap_after(line, width, width.saturating_sub(indent)).into_iter();
    let first = lines.next().unwrap_or_default();
    lines.fold(first, |text, line| format!("{text}\n{:indent$}{line}", ""))
}

fn indent_further_lines(text: &str) -> String {
    let mut lines = text.split('\n');
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |text, line| {
        let indent = match line {
            "" => 0,
            line if line.starts_with(' ') => 0,
            _ => HANG,
        };
        format!("{text}\n{:indent$}{line}", "")
    })
}

/// A text in lines that are no wider than this, the first one and the others, unless a word is.
#[must_use]
pub(crate) fn wrap_after(text: &str, first: usize, others: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut is_empty = true;
    for word in text.split(' ') {
        let width = if lines.len() == 1 { first } else { others };
        let last = lines.last_mut().expect("there is always a line");
        let together = measure_text_width(last) + 1 + measure_text_width(word);
        if is_empty {
            last.push_str(word);
        } else if together <= width || last.trim().is_empty() {
            last.extend([" ", word]);
        } else {
            lines.push(word.to_owned());
        }
        is_empty = false;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_others_begins_as_ours_do() {
        for width in [None, Some(20)] {
            assert_eq!(
                fold("yt-dlp said: no\nerror: pay here\n  → and here\n", width),
                "yt-dlp said: no\n  error: pay here\n  → and here\n"
            );
        }
        assert_eq!(fold("one two three", Some(8)), "one two\n  three");
    }
}
