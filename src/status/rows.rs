//! What was found out about one talk becomes its row.

use crate::cache::RememberedFailure;
use crate::catalog::Entry;
use crate::fetch::FetchError;
use crate::fetch::decision::{FetchDecision, FetchState, Next};
use crate::fetch::failure::Reason;
use crate::prompts::read_back::PromptValue;
use crate::report::causes;
use crate::status::decisions::Decisions;
use crate::status::{Cell, Row, State};
use crate::summarize::changes::Change;
use crate::summarize::{Decision, SummarizeError};
use crate::talk::provenance::FiledBy;
use crate::talk::{Choice, Freshness, Origin, one_line};

/// What a run makes by itself.
const BUILD: &str = "`proceedings build` makes it";
const RENEW: &str = "`proceedings build` renews it";
/// What it makes once nothing stands in its way.
const MEND: &str = "restore the damaged file of the talk first; then run `proceedings build`";

/// What may stand in.
const OLDER: &str = "the page shows an older one";

/// What was found out about a talk.
#[derive(Debug)]
pub(crate) struct TalkFacts<'a> {
    /// What is decided about it.
    pub decisions: &'a Decisions<'a>,
    /// Why that is stale.
    pub changes: &'a Changes,
    /// Who has filed it.
    pub filed: CategorySource,
}

/// Why the results of a talk are stale.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub summary: Vec<Change>,
    pub category: Vec<Change>,
}

/// Who files a talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CategorySource {
    /// Nobody: the conference has no categories.
    Nowhere,
    /// The organizer, in the talk's entry.
    ByHand,
    /// The organizer, by a rule on titles.
    ByRule,
    /// A page made earlier.
    ByImport,
    ByModel,
    ByWords,
}

/// The row of a talk.
#[must_use]
pub(crate) fn row(seen: &TalkFacts<'_>) -> Row {
    let FetchDecision {
        talk,
        metadata,
        transcript,
        next,
        ..
    } = seen.decisions.fetch;
    let damage = seen.decisions.fetch.damage();
    let made = [summary(seen), category(seen)];
    let [summary, category] = made.map(|cell| match (cell.state, damage) {
        (State::Stale | State::Missing, Some(_)) => cell.then(Some(MEND)),
        _ => cell,
    });
    Row {
        talk: talk.id.clone(),
        title: one_line(&talk.title),
        cells: [
            fetched_cell(metadata, *next, "the catalog has its title"),
            fetched_cell(transcript, *next, "it is your own caption file"),
            summary,
            category,
        ],
    }
}

/// The row the catalog hides the talk.
#[must_use]
pub(crate) fn hidden_row(entry: &Entry) -> Row {
    let title = entry.title.clone();
    Row {
        talk: entry.id.clone(),
        title: title.unwrap_or_else(|| entry.id.to_string()),
        cells: [(); 4].map(|()| Cell::of(State::Hidden)),
    }
}

impl Cell {
    pub(super) fn of(state: State) -> Self {
        Self {
            state,
            changed: Vec::new(),
            why: None,
            at: None,
            next: None,
        }
    }

    fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    fn then(mut self, next: Option<impl Into<String>>) -> Self {
        self.next = next.map(Into::into);
        self
    }
}

fn fetched_cell(state: &FetchState, next: Next, given: &str) -> Cell {
    let build = match next {
        Next::Nothing => None,
        Next::Read => Some("`proceedings build` reads it"),
        Next::Visit | Next::VisitAndDownload => Some("`proceedings build` visits the video"),
        Next::Download => Some("`proceedings build` fetches the captions"),
        Next::Transcribe => Some("`proceedings build` has the recording transcribed"),
    };
    match state {
        FetchState::There(None) => Cell::of(State::Cached),
        FetchState::There(Some(failure)) => {
            let why = format!("a later visit failed: {}", failure.message);
            let cell = Cell::of(State::Cached).because(why);
            with_date(cell, failure)
        }
        FetchState::Given => Cell::of(State::Written).because(given),
        FetchState::Unread { file } => Cell::of(State::Stale)
            .because(format!("the caption file `{file}` is new or has changed"))
            .then(build),
        FetchState::Withdrawn { file } => Cell::of(State::Missing)
            .because(format!("the caption file `{file}` is not there any more"))
            .then(build),
        FetchState::Outdated { link } => Cell::of(State::Stale)
            .because(format!("the catalog names other captions: {link}"))
            .then(build),
        FetchState::Lacking => Cell::of(State::Missing)
            .because("it was never fetched")
            .then(build),
        FetchState::Failed(failure) => {
            let cell = Cell::of(State::Failed).because(&failure.message);
            let cell = with_date(cell, failure);
            match next {
                Next::Transcribe => cell.then(build),
                _ => cell,
            }
        }
        FetchState::Unusable(error) => {
            let state = match error {
                FetchError::Cache(_) => State::Damaged,
                FetchError::NotTranscribed { .. } => State::SetAside,
                _ => State::Failed,
            };
            Cell::of(state).because(causes(error)).then(error.hint())
        }
    }
}

/// The date of a failure, and what its reason makes advisable.
fn with_date(cell: Cell, failure: &RememberedFailure) -> Cell {
    let reason = Reason::named(&failure.reason);
    Cell {
        at: Some(failure.at),
        ..cell.then(reason.map(Reason::next_step))
    }
}

fn summary(seen: &TalkFacts<'_>) -> Cell {
    let decision = &seen.decisions.summary;
    let waits_for_words = seen.decisions.waits_for_words();
    let freshness = decision.now().map(|summary| summary.freshness);
    match (decision, decision.now()) {
        (Decision::Nothing(Some(error), _), _) if !waits_for_words && is_impossible(error) => {
            let words = match decision.now().map(|summary| summary.origin) {
                Some(Origin::Excerpt) => "the page shows an excerpt",
                _ => OLDER,
            };
            let stands_in = freshness.map(|freshness| (freshness, words));
            hopeless_cell(error, stands_in, &seen.changes.summary)
        }
        (_, Some(_)) if freshness == Some(Freshness::Stale) => stale_cell(&seen.changes.summary),
        (_, Some(summary)) => match summary.origin {
            Origin::Organizer => Cell::of(State::Written),
            Origin::Import => Cell::of(State::Imported),
            Origin::Excerpt => Cell::of(State::BuiltIn),
            Origin::Transcript => Cell::of(State::Cached),
            Origin::Abstract => Cell::of(State::Cached).because("a model has read the abstract"),
        },
        (_, None) if waits_for_words => Cell::of(State::Missing)
            .because(match seen.decisions.fetch.transcript {
                FetchState::Failed(_) => "it needs the transcript, which could not be fetched",
                _ => "it needs the transcript",
            })
            .then(Some(BUILD)),
        (_, None) if !matches!(decision, Decision::Ask(..)) && has_failed_visit(seen) => {
            Cell::of(State::Missing).because("it needs what could not be fetched")
        }
        (_, None) => Cell::of(State::Missing)
            .because("it was never made")
            .then(Some(BUILD)),
    }
}

/// Whether a visit has failed, and it is known why.
fn has_failed_visit(seen: &TalkFacts<'_>) -> bool {
    let fetch = &seen.decisions.fetch;
    [&fetch.metadata, &fetch.transcript]
        .iter()
        .any(|state| matches!(state, FetchState::Failed(_)))
}

/// Whether no run can make it: that nothing is cached is no reason.
fn is_impossible(error: &SummarizeError) -> bool {
    !matches!(error, SummarizeError::NotCached)
}

fn category(seen: &TalkFacts<'_>) -> Cell {
    match seen.filed {
        CategorySource::Nowhere => return Cell::of(State::None),
        CategorySource::ByHand => return Cell::of(State::Written),
        CategorySource::ByRule => {
            return Cell::of(State::Written).because("by a rule on its title");
        }
        CategorySource::ByImport | CategorySource::ByModel | CategorySource::ByWords => {}
    }
    let decision = &seen.decisions.category;
    let is_asked = matches!(decision, Decision::Ask(..));
    let has_summary = seen.decisions.summary.now().is_some();
    let now = seen.decisions.filing.as_ref();
    let freshness = now.map(|filing| filing.freshness);
    match (decision, now) {
        (Decision::Nothing(Some(error), _), _) if is_impossible(error) => {
            let stands_in = freshness.map(|freshness| (freshness, OLDER));
            hopeless_cell(error, stands_in, &seen.changes.category)
        }
        (_, Some(_)) if !seen.changes.category.is_empty() => stale_cell(&seen.changes.category),
        // Without a summary, or with one that is to be made anew, nobody knows what will be asked.
        (_, Some(_)) if is_asked => Cell {
            changed: vec![Change::Value(PromptValue::Summary).name()],
            ..Cell::of(State::Stale)
                .because("its summary is made again")
                .then(Some(RENEW))
        },
        (_, Some(_)) if !has_summary => Cell::of(State::Stale)
            .because("there is no summary to file it by; the page shows an older one"),
        (_, Some(_)) if freshness == Some(Freshness::Stale) => stale_cell(&[]),
        (_, Some(filing))
            if filing.filed_by == FiledBy::Words && seen.filed != CategorySource::ByWords =>
        {
            Cell::of(State::Stale).because("it needs the summary; until then, common words decide")
        }
        (_, Some(filing)) => {
            let cell = Cell::of(match seen.filed {
                CategorySource::ByImport => State::Imported,
                CategorySource::ByWords => State::BuiltIn,
                _ => State::Cached,
            });
            match filing.choice {
                Choice::NoneFits => cell.because("no listed category fits"),
                Choice::Category(_) => cell,
            }
        }
        (_, None) if !has_summary => Cell::of(State::Missing)
            .because("it needs the summary")
            .then(is_asked.then_some(BUILD)),
        (_, None) => Cell::of(State::Missing)
            .because("it was never made")
            .then(Some(BUILD)),
    }
}

fn stale_cell(changes: &[Change]) -> Cell {
    let said: Vec<String> = changes.iter().map(Change::to_string).collect();
    let why = (!said.is_empty()).then(|| said.join(", "));
    Cell {
        why,
        changed: changes.iter().map(Change::name).collect(),
        ..Cell::of(State::Stale).then(Some(RENEW))
    }
}

/// What no run can make. Something else may stand in, which is said in these words.
fn hopeless_cell(
    error: &SummarizeError,
    stands_in: Option<(Freshness, &str)>,
    changes: &[Change],
) -> Cell {
    let why = causes(error);
    let hint = error.hint();
    let state = match error {
        error if error.is_rejection() => State::SetAside,
        error if error.unreadable().is_some() => State::Damaged,
        _ if matches!(stands_in, Some((Freshness::Stale, _))) => {
            let stale = stale_cell(changes);
            let why = match &stale.why {
                Some(changed) => format!("{changed}; and {why}"),
                None => why,
            };
            return stale.because(why).then(hint);
        }
        SummarizeError::NothingToRead => State::Missing,
        error if error.is_in_batch() => State::Missing,
        _ => State::Failed,
    };
    let stands_in = stands_in.map(|(_, words)| format!("; {words}"));
    let stands_in = stands_in.unwrap_or_default();
    Cell::of(state)
        .because(format!("{why}{stands_in}"))
        .then(hint)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::fetch::failure::FetchFailure;
    use crate::requests::RequestError;

    fn failure(reason: Reason) -> RememberedFailure {
        RememberedFailure {
            talk: "-cBplHNM4RA".to_owned(),
            at: "2026-06-12T10:00:00Z".parse().unwrap(),
            reason: reason.name(),
            message: reason.cause().to_owned(),
            link: None,
        }
    }

    fn check(cells: impl IntoIterator<Item = Cell>, expected: &Expect) {
        let mut text = String::new();
        for cell in cells {
            let words = [cell.why, cell.next].map(Option::unwrap_or_default);
            let words = words.map(|words| format!(" | {words}")).concat();
            let day = cell.at.map(|at| at.strftime(" (%Y-%m-%d)").to_string());
            let day = day.unwrap_or_default();
            writeln!(text, "{}{day}{words}", cell.state.name()).unwrap();
        }
        expected.assert_eq(&text);
    }

    #[test]
    fn what_is_fetched_is_said_with_what_a_build_does_about_it() {
        let file = || "talk.vtt".to_owned();
        let cell = |state, next| fetched_cell(&state, next, "it is yours");
        let offline = FetchError::from(FetchFailure::new(Reason::Offline));
        check(
            [
                cell(FetchState::There(None), Next::Nothing),
                cell(
                    FetchState::There(Some(failure(Reason::Private))),
                    Next::Nothing,
                ),
                cell(FetchState::Given, Next::Nothing),
                cell(FetchState::Unread { file: file() }, Next::Read),
                cell(FetchState::Withdrawn { file: file() }, Next::Visit),
                cell(FetchState::Lacking, Next::Visit),
                cell(
                    FetchState::Failed(failure(Reason::NoCaptions)),
                    Next::Transcribe,
                ),
                cell(FetchState::Failed(failure(Reason::Upcoming)), Next::Visit),
                cell(FetchState::Unusable(offline), Next::Nothing),
            ],
            &expect![[r#"
                cached |  | 
                cached (2026-06-12) | a later visit failed: the video is private | correct the id or set `hide = true`; once it can be seen, run with `--redo metadata`
                written | it is yours | 
                stale | the caption file `talk.vtt` is new or has changed | `proceedings build` reads it
                missing | the caption file `talk.vtt` is not there any more | `proceedings build` visits the video
                missing | it was never fetched | `proceedings build` visits the video
                failed (2026-06-12) | the video has no captions | `proceedings build` has the recording transcribed
                failed (2026-06-12) | the video has not started yet | run again when the recording is online
                failed | it is not cached, and this command does not fetch | run `proceedings fetch` where there is a network
            "#]],
        );
    }

    #[test]
    fn what_is_stale_says_why() {
        let was = "small".to_owned();
        let changes = [Change::Model { was }, Change::Value(PromptValue::Title)];
        check(
            [
                stale_cell(&changes),
                stale_cell(&[]),
                hopeless_cell(
                    &SummarizeError::TranscriptMissing,
                    Some((Freshness::Stale, OLDER)),
                    &changes,
                ),
            ],
            &expect![[r#"
                stale | the model was small, the talk's title changed | `proceedings build` renews it
                stale |  | `proceedings build` renews it
                stale | the model was small, the talk's title changed; and the transcript is not in the cache | run `proceedings fetch --redo transcript`
            "#]],
        );
        assert_eq!(stale_cell(&changes).changed, ["model", "title"]);
    }

    #[test]
    fn what_cannot_be_made_says_why() {
        check(
            [
                hopeless_cell(&RequestError::RejectedEarlier.into(), None, &[]),
                hopeless_cell(
                    &RequestError::RejectedEarlier.into(),
                    Some((Freshness::Stale, OLDER)),
                    &[],
                ),
                hopeless_cell(&SummarizeError::NothingToRead, None, &[]),
                hopeless_cell(&SummarizeError::NothingSaid, None, &[]),
            ],
            &expect![[r#"
                set-aside | the model's replies were set aside in an earlier run | run `proceedings build --redo failed`, which asks again only for what was set aside; or name a stronger model, or write the talk's `summary` or `category` into the catalog
                set-aside | the model's replies were set aside in an earlier run; the page shows an older one | run `proceedings build --redo failed`, which asks again only for what was set aside; or name a stronger model, or write the talk's `summary` or `category` into the catalog
                missing | the talk has no transcript and no abstract to summarize | put a caption file into the captions folder, or write the talk's `summary` into the catalog
                failed | there are no words between `start` and `end` of the talk | check `start` and `end` of the talk in the catalog
            "#]],
        );
    }
}
