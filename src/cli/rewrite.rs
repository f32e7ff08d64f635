//! What a review asks a model for: other summaries, with hints of the person who reads.
//!
//! A summary is asked for as `build` asks for one, through the same path, and its reply is kept. The
//! model is the one that the catalog named when the review began.

use crate::catalog::{Catalog, Entry, LlmSettings};
use crate::cli::arguments::Globals;
use crate::cli::ending::Failure;
use crate::cli::outside::{self, Payees};
use crate::cli::setup::Setup;
use crate::cli::usage_report::{self, Prices};
use crate::llm::client::Client;
use crate::numbers::pluralize;
use crate::report::causes;
use crate::report::lines::Lines;
use crate::report::tally::Tally;
use crate::report::{Reporter, Verbosity};
use crate::requests::budget::Budget;
use crate::review::{Consent, Rewrite, RewriteAnswer, Trouble};
use crate::summarize::estimate::EstimateRange;
use crate::summarize::{Decision, SummarizeError, Summarizer};
use crate::talk::{Talk, one_line};
use crate::work::Task;

/// A model that a review may ask.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    globals: &'a Globals,
    llm: LlmSettings,
    client: Client,
    budget: Option<Budget>,
    tally: Tally<'a>,
}

impl<'a> Writer<'a> {
    /// The model of the catalog; `most` is what the whole review may cost, in US dollars.
    pub(super) fn open(
        globals: &'a Globals,
        catalog: &Catalog,
        most: Option<f64>,
        reporter: &'a dyn Reporter,
    ) -> Result<Self, Failure> {
        if globals.offline {
            let error = "`--ask` asks a model, and `--offline` asks nobody";
            return Err(Failure::usage(error, Some("leave one of them out")));
        }
        let Some(llm) = &catalog.llm else {
            let error = "the catalog names no model that could be asked";
            let hint = "name an endpoint under [llm] in the catalog, or leave out `--ask`";
            return Err(Failure::usage(error, Some(hint)));
        };
        let Some(client) = outside::client(globals, llm)? else {
            let error = SummarizeError::NotTrusted;
            let hint = error.hint();
            return Err(Failure::run(error, hint));
        };
        let payees = Payees {
            llm: Some(llm),
            transcribe: None,
        };
        Ok(Self {
            globals,
            llm: llm.clone(),
            client,
            budget: outside::budget(payees, most)?,
            tally: Tally::new(reporter),
        })
    }

    /// Lets no new request start.
    pub(super) fn stop(&self) {
        self.client.stop();
    }

    /// Says what was paid for.
    pub(super) fn report(&self, catalog: &Catalog) {
        if self.globals.verbosity > Verbosity::Quiet {
            usage_report::report_single_requests(&self.tally, Task::Summarize, catalog);
        }
    }

    /// Another summary of a talk, or what it would cost where nobody has agreed to that yet.
    pub(super) async fn write(&self, rewrite: &Rewrite) -> Result<RewriteAnswer, Trouble> {
        let hint = one_line(&rewrite.hint);
        if hint.is_empty() {
            return Err(trouble(
                "there is no hint",
                "write what the summary should say",
            ));
        }
        let setup = Setup::open(self.globals).map_err(of_failure)?;
        self.ensure_same_model(&setup.catalog)?;
        setup.share(self.globals).map_err(of_failure)?;
        let talk = recall_talk(&setup, &rewrite.talk)?;
        let summarizer = Summarizer {
            decider: setup.decider(&[]),
            requests: Some(setup.requests(&self.client, self.budget.as_ref(), &self.tally)),
            reporter: &self.tally,
        };
        if rewrite.consent == Consent::Wanted {
            match summarizer.decider.rewrite(&talk, &hint) {
                Decision::Ask(conversation, _) => {
                    let range = summarizer.decider.estimate_of_rewrite(&conversation);
                    let cost = cost(range.map_err(|error| of_error(&error))?, &setup.catalog);
                    let model = self.llm.model.clone();
                    return Ok(RewriteAnswer::Foreseen { model, cost });
                }
                Decision::Nothing(Some(error), _) => return Err(of_error(&error)),
                // What is kept already costs nothing.
                _ => {}
            }
        }
        let videos = [&talk.id.video];
        let written = setup
            .cache
            .sharing(videos, summarizer.rewrite(&talk, &hint));
        let written = written.await.map_err(|error| Trouble {
            error: causes(&error),
            hint: Some(error.hint().to_owned()),
        })?;
        match (written.value, written.problem) {
            (Some(summary), _) => Ok(RewriteAnswer::Written {
                text: one_line(&summary.text),
            }),
            (None, problem) => Err(of_error(&problem.unwrap_or(SummarizeError::NotCached))),
        }
    }

    fn ensure_same_model(&self, catalog: &Catalog) -> Result<(), Trouble> {
        let place = |llm: &LlmSettings| (llm.provider, llm.base_url.clone(), llm.model.clone());
        let now = catalog.llm.as_ref().filter(|llm| !llm.is_withheld);
        if now.map(place) == Some(place(&self.llm)) {
            return Ok(());
        }
        Err(trouble(
            "the catalog names another model than it did when this review began",
            "start the review again",
        ))
    }
}

/// A talk of the catalog with what is known of it.
fn recall_talk(setup: &Setup, id: &str) -> Result<Talk, Trouble> {
    let mut entries = setup.catalog.talks.iter();
    let entry: Option<&Entry> = entries.find(|entry| entry.id.to_string() == id);
    let entry = entry.ok_or_else(|| {
        let error = format!("`{id}` is not in the catalog");
        trouble(&error, "load the page again")
    })?;
    let quiet = Lines::new(Verbosity::Quiet);
    let outcomes = setup.recall(&[entry], &quiet).map_err(of_failure)?;
    let outcome = outcomes.into_iter().next().expect("each entry has one");
    Ok(outcome.talk.talk)
}

/// What it costs, in words: about, and at most.
fn cost(EstimateRange { about, most }: EstimateRange, catalog: &Catalog) -> String {
    let prices = Prices::of(catalog);
    let requests = pluralize(
        usize::try_from(about.requests).unwrap_or(usize::MAX),
        "request",
    );
    let tokens = usage_report::format_tokens(about.usage);
    match prices
        .dollars(Some(about.usage), None)
        .zip(prices.dollars(Some(most.usage), None))
    {
        Some((about, most)) => {
            format!(
                "{requests}, about {tokens}: about ${about:.4}, at most ${most:.4} if the reply has to be corrected"
            )
        }
        None => format!(
            "{requests}, about {tokens}: {}",
            prices.cost(Some(about.usage), None)
        ),
    }
}

fn trouble(error: &str, hint: &str) -> Trouble {
    Trouble {
        error: error.to_owned(),
        hint: Some(hint.to_owned()),
    }
}

fn of_failure(failure: Failure) -> Trouble {
    Trouble {
        error: causes(&*failure.error),
        hint: failure.hint,
    }
}

/// Why there is no summary. Where the replies were of no use, another hint is what helps.
fn of_error(error: &SummarizeError) -> Trouble {
    let hint = if error.is_rejection() {
        Some("ask again with another hint")
    } else {
        error.hint()
    };
    Trouble {
        error: causes(error),
        hint: hint.map(str::to_owned),
    }
}
