//! `check --again`: whether talks stay where they are when a model files them a second time.
//! `check --evidence`: whether it finds their summaries in what was said.

use std::collections::HashMap;

use crate::catalog::Entry;
use crate::check::categories::unstable;
use crate::check::{Finding, doubted};
use crate::cli::arguments::Globals;
use crate::cli::check::asking::{Inquiry, ModelAnswers, ask};
use crate::cli::ending::{Ending, Failure};
use crate::cli::setup::Setup;
use crate::numbers::pluralize;
use crate::pipeline::{Outcome, Pipeline};
use crate::report::say;
use crate::summarize::support::pair;
use crate::talk::SummarizedTalk;
use crate::talk::id::TalkId;
use crate::work::Work;

/// What came of asking.
#[derive(Debug)]
pub(super) struct Opinions {
    findings: HashMap<TalkId, Vec<Finding>>,
    /// Whether everybody who was asked gave an answer.
    pub(super) ending: Ending,
}

impl Opinions {
    /// Nobody was asked.
    pub(super) fn none() -> Self {
        Self {
            findings: HashMap::new(),
            ending: Ending::Complete,
        }
    }

    fn of<T>(
        talks: &[&SummarizedTalk],
        answers: &ModelAnswers<T>,
        finding: impl Fn(&SummarizedTalk, &T) -> Vec<Finding>,
    ) -> Self {
        let found = answers.beside(talks).map(|(talk, answer)| {
            let id = talk.talk.id.clone();
            (id, finding(talk, answer))
        });
        Self {
            findings: found.filter(|(_, found)| !found.is_empty()).collect(),
            ending: answers.ending(),
        }
    }

    pub(super) fn about(&self, talk: &TalkId) -> Vec<Finding> {
        self.findings.get(talk).cloned().unwrap_or_default()
    }
}

/// Has every talk filed a second time that the organizer has not filed.
pub(super) fn again(
    globals: &Globals,
    setup: &Setup,
    max_cost: Option<f64>,
    entries: &[&Entry],
    outcomes: &[Outcome],
) -> Result<Opinions, Failure> {
    let decider = setup.decider(&[]);
    let is_open = |entry: &Entry, talk: &SummarizedTalk| {
        let is_decided = decider.decided_category(entry, &talk.talk).is_some();
        !is_decided && talk.summary.is_some() && talk.category.is_some()
    };
    let talks: Vec<&SummarizedTalk> = entries
        .iter()
        .zip(outcomes)
        .filter(|(entry, outcome)| is_open(entry, &outcome.talk))
        .map(|(_, outcome)| &outcome.talk)
        .collect();
    let inquiry = Inquiry {
        flag: "--again",
        max_cost,
    };
    let question =
        async |pipeline: &Pipeline<'_>, work: Work| pipeline.run_again(&talks, work).await;
    let answers = ask(globals, setup, inquiry, question)?;
    let opinions = Opinions::of(&talks, &answers, |talk, second| {
        let first = talk.category.as_ref().map(|filing| &filing.choice);
        let finding = first.and_then(|first| unstable(&talk.talk.id, first, second));
        finding.into_iter().collect()
    });
    let changed = opinions.findings.len();
    let (answered, unasked) = answers.answered();
    say(format_args!(
        "asked again, {changed} of {answered} talks change category{unasked}"
    ));
    Ok(opinions)
}

/// Has every summary that retells its talk compared with what is said around its places.
pub(super) fn evidence(
    globals: &Globals,
    setup: &Setup,
    max_cost: Option<f64>,
    outcomes: &[Outcome],
) -> Result<Opinions, Failure> {
    let can_be_compared = |talk: &&SummarizedTalk| {
        talk.talk.transcript.is_some() && talk.summary.as_ref().and_then(pair).is_some()
    };
    let talks = outcomes.iter().map(|outcome| &outcome.talk);
    let talks: Vec<&SummarizedTalk> = talks.filter(can_be_compared).collect();
    let inquiry = Inquiry {
        flag: "--evidence",
        max_cost,
    };
    let question =
        async |pipeline: &Pipeline<'_>, work: Work| pipeline.run_support(&talks, work).await;
    let answers = ask(globals, setup, inquiry, question)?;
    let opinions = Opinions::of(&talks, &answers, |talk, support| {
        let summary = talk.summary.as_ref();
        let about = |summary| doubted::findings(&talk.talk.id, summary, support);
        summary.map(about).unwrap_or_default()
    });
    let doubted = opinions.findings.len();
    let (answered, unasked) = answers.answered();
    let answered = pluralize(answered, "talk");
    say(format_args!(
        "the model was asked about the summaries of {answered} and doubts {doubted}{unasked}"
    ));
    Ok(opinions)
}
