//! The closing report: what is missing and why, and what to do next. What was done is in `usage_report.rs`.

use crate::catalog::Catalog;
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::page::WrittenPages;
use crate::cli::usage_report;
use crate::fetch::FetchError;
use crate::fetch::local::folder::CaptionFolder;
use crate::fetch::local::passed_over::{self, WHOSE};
use crate::numbers::{first_few, pluralize};
use crate::pipeline::{Outcome, Postponed};
use crate::report::tally::Tally;
use crate::report::{Verbosity, causes, say};
use crate::talk::id::TalkId;
use crate::talk::{Choice, Origin};
use crate::work::{Goal, How, Task, Work};

/// Writes the report and says how the command ended. That is about the talks which a run was asked
/// for; the others, which its page shows too, are counted. Without a tally nothing was run, and all
/// talks are asked for.
pub(super) fn report(
    globals: &Globals,
    catalog: &Catalog,
    outcomes: &[Outcome],
    tally: Option<&Tally<'_>>,
    goal: Goal,
    pages: &WrittenPages,
) -> Ending {
    let is_quiet = globals.verbosity == Verbosity::Quiet;
    let (selected, others): (Vec<&Outcome>, Vec<&Outcome>) = outcomes
        .iter()
        .partition(|outcome| tally.is_none() || outcome.work.makes());
    if let Some(tally) = tally {
        usage_report::report_work(globals, catalog, tally, goal);
    }
    let lacking: Vec<&Outcome> = selected
        .iter()
        .copied()
        .filter(|outcome| lacks(outcome, catalog, goal))
        .collect();
    let stopped = selected
        .iter()
        .filter(|outcome| outcome.was_stopped())
        .count();
    let (over_budget, failed): (Vec<&Outcome>, Vec<&Outcome>) = lacking
        .iter()
        .copied()
        .filter(|outcome| !outcome.was_stopped())
        .partition(|outcome| outcome.over_budget().is_some());
    let (in_batch, failed): (Vec<&Outcome>, Vec<&Outcome>) = failed
        .into_iter()
        .partition(|outcome| outcome.in_batch().is_some());
    if !is_quiet {
        if tally.is_some() {
            report_not_selected(catalog, selected.len(), &others, goal);
        }
        if goal != Goal::Fetch {
            let whole = outcomes
                .iter()
                .filter(|outcome| !lacks(outcome, catalog, goal));
            report_unfetched(whole);
            report_remarks(globals, outcomes);
            report_advice(catalog, outcomes, tally);
        }
        if tally.is_some() && goal != Goal::Summarize {
            report_unclaimed_captions(catalog);
        }
        for page in &pages.lines {
            say(format_args!("{page}"));
        }
        if let Some(page) = &pages.to_open {
            let page = page.display();
            say(format_args!("Open {page} in a browser to read the page."));
        }
    }
    // What is to be done comes last, where it is not scrolled away.
    report_postponed(&over_budget, selected.len(), Outcome::over_budget);
    report_postponed(&in_batch, selected.len(), Outcome::in_batch);
    if stopped > 0 {
        say(format_args!(
            "{stopped} of {} talks are not finished; run the same command again to go on",
            selected.len()
        ));
    }
    report_problems(&failed, selected.len(), goal);
    report_excerpts_meanwhile(&failed);
    if lacking.is_empty() {
        Ending::Complete
    } else {
        Ending::Incomplete
    }
}

/// Says how many talks the run passed over, and what is known of them.
fn report_not_selected(catalog: &Catalog, selected: usize, others: &[&Outcome], goal: Goal) {
    let talks = catalog.visible().count();
    if talks == selected {
        return;
    }
    let is_lacking = |outcome: &&&Outcome| lacks(outcome, catalog, goal);
    let lack = match others.iter().filter(is_lacking).count() {
        0 => String::new(),
        1 => "; 1 of them lacks summary or category".to_owned(),
        count => format!("; {count} of them lack summary or category"),
    };
    let passed_over = talks - selected;
    say(format_args!(
        "not selected {passed_over} of {talks} talks{lack}"
    ));
}

/// Says which talks are left of a run that was to do everything again: the same command would
/// begin anew.
pub(super) fn explain_resuming(outcomes: &[Outcome]) {
    let left = outcomes.iter().filter(|outcome| outcome.was_stopped());
    let ids: Vec<String> = left
        .map(|outcome| outcome.talk.talk.id.to_string())
        .collect();
    if !ids.is_empty() {
        say(format_args!(
            "with `--redo`, add `--only={}`: the rest is done, and nothing is paid for again",
            ids.join(",")
        ));
    }
}

/// Whether a talk lacks what the command makes.
pub(super) fn lacks(outcome: &Outcome, catalog: &Catalog, goal: Goal) -> bool {
    let has_category = catalog.categories.is_empty() || outcome.talk.category.is_some();
    match goal {
        Goal::Fetch => outcome.fetch.is_some(),
        Goal::ClassicPage if outcome.talk.imported_failure.is_some() => !has_category,
        Goal::Summarize | Goal::Page | Goal::ClassicPage => {
            let is_whole = outcome.talk.summary.is_some() && has_category;
            !is_whole || outcome.is_damaged() || outcome.falls_short()
        }
    }
}

/// Every talk that lacks something, by reason, with the next step once; those with a file that cannot be
/// read apart, since they may well have the rest.
pub(super) fn report_problems(lacking: &[&Outcome], talks: usize, goal: Goal) {
    let what = match goal {
        Goal::Fetch => "metadata or transcript",
        _ => "summary or category",
    };
    let (damaged, lacking): (Vec<&Outcome>, Vec<&Outcome>) =
        lacking.iter().partition(|outcome| outcome.is_damaged());
    report_by_reason(
        &damaged,
        talks,
        goal,
        ["has", "have"],
        "a file that cannot be read",
    );
    report_by_reason(&lacking, talks, goal, ["lacks", "lack"], what);
}

fn report_by_reason(
    lacking: &[&Outcome],
    talks: usize,
    goal: Goal,
    [one, more]: [&str; 2],
    what: &str,
) {
    if lacking.is_empty() {
        return;
    }
    let count = lacking.len();
    let verb = if count == 1 { one } else { more };
    say(format_args!("{count} of {talks} talks {verb} {what}:"));
    let mut problems: Vec<TalkProblem<'_>> = lacking
        .iter()
        .map(|outcome| {
            let fetch = outcome.fetch.as_ref();
            let (problem, next_step) = match goal {
                Goal::Fetch => (
                    fetch.map(|error| causes(error)),
                    fetch.and_then(FetchError::hint),
                ),
                _ => (outcome.problem().map(causes), outcome.hint()),
            };
            TalkProblem {
                talk: &outcome.talk.talk.id,
                problem: problem.unwrap_or_else(|| "nothing is cached".to_owned()),
                next_step: next_step.filter(|_| !fetch.is_some_and(FetchError::is_not_visited)),
                place: match fetch {
                    Some(error) if error.is_not_visited() => ReportPlace::First,
                    Some(error) if error.stops_visits() => ReportPlace::Last,
                    _ => ReportPlace::Between,
                },
            }
        })
        .collect();
    problems.sort_by_key(|problem| problem.place);
    report_with_next_steps(&problems, "  ");
}

/// The talks that a budget has kept from being made, or that a batch will bring; they have no other
/// fault, and are counted.
fn report_postponed(
    talks: &[&Outcome],
    selected: usize,
    why: impl Fn(&Outcome) -> Option<Postponed<'_>>,
) {
    let Some((problem, hint)) = talks.first().and_then(|talk| why(talk)) else {
        return;
    };
    let count = talks.len();
    say(format_args!(
        "{count} of {selected} talks are not finished: {problem}"
    ));
    if let Some(hint) = hint {
        say(format_args!("    next: {hint}"));
    }
}

/// That readers get something of talks whose replies were of no use.
fn report_excerpts_meanwhile(lacking: &[&Outcome]) {
    let excerpts = lacking
        .iter()
        .filter(|outcome| outcome.shows_excerpt_meanwhile());
    let excerpts = excerpts.count();
    if excerpts > 0 {
        say(format_args!(
            "Until then, the page shows an excerpt for {}, marked as one.",
            pluralize(excerpts, "talk")
        ));
    }
}

/// Talks that have all that the command makes, though something could not be fetched.
fn report_unfetched<'a>(whole: impl Iterator<Item = &'a Outcome>) {
    let problems = whole
        .filter(|outcome| !outcome.was_stopped())
        .filter_map(|outcome| {
            let error = outcome.fetch.as_ref()?;
            let used = match outcome.talk.summary.as_ref()?.origin {
                Origin::Organizer => "the `summary` of the catalog was used",
                Origin::Import => "the imported summary was used",
                Origin::Abstract => "its description was used",
                Origin::Excerpt if outcome.talk.talk.transcript.is_none() => {
                    "its description was used"
                }
                Origin::Excerpt | Origin::Transcript => "what was fetched earlier was used",
            };
            Some(TalkProblem {
                talk: &outcome.talk.talk.id,
                problem: format!("{}, so {used}", causes(error)),
                next_step: error.hint(),
                place: ReportPlace::Between,
            })
        });
    report_with_next_steps(&problems.collect::<Vec<_>>(), "");
}

/// What is wrong with a talk.
struct TalkProblem<'a> {
    talk: &'a TalkId,
    problem: String,
    next_step: Option<&'a str>,
    place: ReportPlace,
}

/// Where a problem stands in the report: what only follows from another one comes before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum ReportPlace {
    First,
    Between,
    Last,
}

/// Problems with what to do about them: talks with the same problem together, and problems with the
/// same next step.
fn report_with_next_steps(problems: &[TalkProblem<'_>], indent: &str) {
    let mut steps: Vec<(Option<&str>, Vec<&TalkProblem<'_>>)> = Vec::new();
    for problem in problems {
        let step = problem.next_step;
        match steps.iter_mut().find(|(known, _)| *known == step) {
            Some((_, same)) => same.push(problem),
            None => steps.push((step, vec![problem])),
        }
    }
    for (step, mut problems) in steps {
        while let [first, ..] = problems[..] {
            let is_same = |other: &&TalkProblem<'_>| other.problem == first.problem;
            let (same, others): (Vec<_>, Vec<_>) = problems.into_iter().partition(is_same);
            let ids: Vec<String> = same.iter().map(|same| same.talk.to_string()).collect();
            match &ids[..] {
                [id] if indent.is_empty() => say(format_args!("{id}: {}", first.problem)),
                [id] => say(format_args!("{indent}{id}  {}", first.problem)),
                ids => {
                    let talks = pluralize(ids.len(), "talk");
                    say(format_args!("{indent}{talks}: {}", first.problem));
                    say(format_args!("{indent}  {}", ids.join(", ")));
                }
            }
            problems = others;
        }
        if let Some(step) = step {
            say(format_args!("    next: {step}"));
        }
    }
}

/// Refuses stale results, and names their talks as far as anybody reads on.
pub(super) fn refuse_stale(outcomes: &[Outcome]) -> Result<(), Failure> {
    let is_stale = |outcome: &&Outcome| outcome.talk.stale_results() > 0;
    let stale: Vec<&Outcome> = outcomes.iter().filter(is_stale).collect();
    if stale.is_empty() {
        return Ok(());
    }
    let names = stale.iter().map(|outcome| outcome.talk.talk.id.to_string());
    let error = format!(
        "`--strict` refuses the stale results of {}: {}",
        pluralize(stale.len(), "talk"),
        first_few(names)
    );
    let hint = "`proceedings status` says why, and `proceedings build` renews them";
    Err(Failure::run(error, Some(hint)))
}

/// What is no failure and still worth knowing.
fn report_remarks(globals: &Globals, outcomes: &[Outcome]) {
    // What this run has tried to renew in vain was named with what to do about it.
    let untried = outcomes
        .iter()
        .filter(|outcome| outcome.work == Work::Recall || globals.offline);
    // An excerpt in the place of replies that were set aside is not what a build would renew.
    let stale = untried.map(|outcome| {
        outcome.talk.stale_results() - usize::from(outcome.shows_excerpt_meanwhile())
    });
    let stale: usize = stale.sum();
    if stale > 0 {
        let (results, verb) = (pluralize(stale, "result"), is_or_are(stale));
        say(format_args!(
            "{results} {verb} stale, made with an older prompt, model, transcript or list of categories; `proceedings status` names them, and `proceedings build` renews them"
        ));
    }
    let fits_none: Vec<String> = outcomes
        .iter()
        .filter(|outcome| {
            outcome
                .talk
                .category
                .as_ref()
                .is_some_and(|filing| filing.choice == Choice::NoneFits)
        })
        .map(|outcome| outcome.talk.talk.id.to_string())
        .collect();
    if !fits_none.is_empty() {
        say(format_args!(
            "{} {} in no category, because none fits: {}",
            pluralize(fits_none.len(), "talk"),
            is_or_are(fits_none.len()),
            fits_none.join(", ")
        ));
    }
}

/// What would make a better page.
fn report_advice(catalog: &Catalog, outcomes: &[Outcome], tally: Option<&Tally<'_>>) {
    if outcomes.is_empty() {
        say(format_args!(
            "there is nothing to show: the catalog hides all its talks; `proceedings init` adds new ones"
        ));
        return;
    }
    if catalog.categories.is_empty() {
        say(format_args!(
            "the catalog lists no [[categories]], so the page has one section; `proceedings categories suggest` proposes some"
        ));
    }
    // Of excerpts it is said once, when they are made.
    if tally.is_none_or(|tally| tally.results(Task::Summarize, How::New) == 0) {
        return;
    }
    let excerpts = outcomes
        .iter()
        .filter_map(|outcome| outcome.talk.summary.as_ref())
        .filter(|summary| summary.origin == Origin::Excerpt)
        .count();
    if excerpts > 0 && catalog.llm.is_none() {
        say(format_args!(
            "the page shows excerpts for {}; add an [llm] to the catalog, and a model writes summaries (`proceedings init --llm openai`)",
            pluralize(excerpts, "talk"),
        ));
    }
}

/// Files of the organizer's that nothing is made of: nobody knows whose they are, or how to read
/// them.
fn report_unclaimed_captions(catalog: &Catalog) {
    let videos = catalog.talks.iter().map(|entry| &entry.id.video).collect();
    let folder = CaptionFolder::new(catalog);
    // A folder that cannot be read has been a problem of its talks already.
    let unclaimed = folder.unclaimed(&videos).unwrap_or_default();
    if !unclaimed.is_empty() {
        let files = passed_over::unclaimed(&unclaimed);
        say(format_args!("{files}; {WHOSE}"));
    }
    let unread = folder.unread().unwrap_or_default();
    if !unread.is_empty() {
        let captions = &catalog.fetch.captions;
        say(format_args!("{}", passed_over::unread(captions, unread)));
    }
}

fn is_or_are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}
