//! What a review asks a model for: other summaries, with hints of the person who reads.
//!
//! A summary is asked for as `build` asks for one, through the same path, and its reply is kept. The
//! models are those that the catalog, and a second one, named when the review began. Of the second one
//! nothing else counts: talk, prompts and cache are those of the review.

use std::path::Path;

use crate::catalog::{Catalog, Entry, LlmSettings};
use crate::cli::arguments::Globals;
use crate::cli::ending::Failure;
use crate::cli::outside::{self, Payees};
use crate::cli::setup::Setup;
use crate::cli::usage_report::{self, Prices};
use crate::llm::client::Client;
use crate::numbers::pluralize;
use crate::report::lines::Lines;
use crate::report::tally::Tally;
use crate::report::{Reporter, Verbosity, causes, say};
use crate::requests::RequestError;
use crate::requests::budget::Budget;
use crate::review::{Consent, Rewrite, RewriteAnswer, Trouble};
use crate::summarize::estimate::EstimateRange;
use crate::summarize::{Decision, SummarizeError, Summarizer};
use crate::talk::{Talk, one_line};
use crate::work::Task;

/// The models that a review may ask, and what they may cost together.
#[derive(Debug)]
pub(super) struct Writer<'a> {
    globals: &'a Globals,
    models: Vec<Model<'a>>,
    budget: Option<Budget>,
}

/// A model, and what it was asked.
#[derive(Debug)]
struct Model<'a> {
    /// What the page calls it.
    name: String,
    llm: LlmSettings,
    client: Client,
    tally: Tally<'a>,
}

/// A second catalog, of which nothing but its model counts.
#[derive(Debug)]
pub(super) struct SecondCatalog<'a> {
    pub(super) path: &'a Path,
    pub(super) catalog: Catalog,
}

impl<'a> Writer<'a> {
    /// The model of the catalog, and that of a second one; `most` is what the whole review may cost,
    /// in US dollars.
    pub(super) fn open(
        globals: &'a Globals,
        catalog: &Catalog,
        second: Option<&SecondCatalog<'_>>,
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
        let payees = Payees {
            llm: Some(llm),
            transcribe: None,
        };
        let budget = outside::budget(payees, most)?;
        let mut models = vec![Model::open(globals, llm, llm.model.clone(), reporter)?];
        if let Some(second) = second {
            let llm = second.model(most)?;
            let name = if llm.model == models[0].name {
                format!("{} of {}", llm.model, second.path.display())
            } else {
                llm.model.clone()
            };
            models.push(Model::open(globals, llm, name, reporter)?);
        }
        Ok(Self {
            globals,
            models,
            budget,
        })
    }

    /// The names of the models.
    pub(super) fn names(&self) -> Vec<String> {
        self.models.iter().map(|model| model.name.clone()).collect()
    }

    /// Lets no new request start.
    pub(super) fn stop(&self) {
        for model in &self.models {
            model.client.stop();
        }
    }

    /// Says what was paid for.
    pub(super) fn report(&self) {
        if self.globals.verbosity == Verbosity::Quiet {
            return;
        }
        for model in &self.models {
            let asked = model.tally.asked(Task::Summarize);
            if asked.requests > 0 {
                let usage = usage_report::format_usage(asked, prices(&model.llm));
                say(format_args!("asked {}: {usage}", model.name));
            }
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
        let mut setup = Setup::open(self.globals).map_err(of_failure)?;
        self.ensure_same_model(&setup.catalog)?;
        let model = self.model(&rewrite.model)?;
        setup.catalog.llm = Some(model.llm.clone());
        setup.share(self.globals).map_err(of_failure)?;
        let talk = recall_talk(&setup, &rewrite.talk)?;
        let summarizer = Summarizer {
            decider: setup.decider(&[]),
            requests: Some(setup.requests(&model.client, self.budget.as_ref(), &model.tally)),
            reporter: &model.tally,
        };
        if rewrite.consent == Consent::Wanted {
            match summarizer.decider.rewrite(&talk, &hint) {
                Decision::Ask(conversation, _) => {
                    let ready = model.client.ready().await.map_err(RequestError::Llm);
                    ready.map_err(|error| of_error(&error.into()))?;
                    let range = summarizer.decider.estimate_of_rewrite(&conversation);
                    let range = range.map_err(|error| of_error(&error))?;
                    let cost = cost(range, prices(&model.llm));
                    return Ok(RewriteAnswer::Foreseen { cost });
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
        if now.map(place) == Some(place(&self.models[0].llm)) {
            return Ok(());
        }
        Err(trouble(
            "the catalog names another model than it did when this review began",
            "start the review again",
        ))
    }

    fn model(&self, name: &str) -> Result<&Model<'a>, Trouble> {
        let mut models = self.models.iter();
        let found = models.find(|model| model.name == name);
        found.ok_or_else(|| {
            let error = format!("this review asks no model `{name}`");
            trouble(&error, "load the page again")
        })
    }
}

impl<'a> Model<'a> {
    fn open(
        globals: &Globals,
        llm: &LlmSettings,
        name: String,
        reporter: &'a dyn Reporter,
    ) -> Result<Self, Failure> {
        let Some(client) = outside::client(globals, llm)? else {
            let error = SummarizeError::NotTrusted;
            let hint = error.hint();
            return Err(Failure::run(error, hint));
        };
        Ok(Self {
            name,
            llm: llm.clone(),
            client,
            tally: Tally::new(reporter),
        })
    }
}

impl SecondCatalog<'_> {
    /// Its model, which must have a price where there is a limit to the cost.
    fn model(&self, most: Option<f64>) -> Result<&LlmSettings, Failure> {
        let path = self.path.display();
        let Some(llm) = &self.catalog.llm else {
            let error = format!("`{path}` names no model that could be asked");
            let hint = "name an endpoint under [llm] there, or leave out `--second`";
            return Err(Failure::usage(error, Some(hint)));
        };
        if most.is_some() && llm.price.is_none() {
            let error =
                format!("`--max-cost` cannot be kept: `{path}` names no `price` under [llm]");
            let hint = "add `price = { input = …, output = … }`, in US dollars a million tokens";
            return Err(Failure::usage(error, Some(hint)));
        }
        Ok(llm)
    }
}

/// What the tokens of a model cost.
fn prices(llm: &LlmSettings) -> Prices {
    Prices {
        tokens: llm.price,
        minute: None,
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
fn cost(EstimateRange { about, most }: EstimateRange, prices: Prices) -> String {
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
