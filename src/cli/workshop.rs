//! What stands ready before a run, made from flags, environment and catalog.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::cache::Cache;
use crate::catalog::transcribe::TranscribeSettings;
use crate::catalog::{Catalog, Entry, LlmSettings};
use crate::cli::arguments::Globals;
use crate::cli::ending::Failure;
use crate::cli::{credentials, tools};
use crate::fetch::Fetcher;
use crate::fetch::yt_dlp::{YtDlp, YtDlpSettings};
use crate::llm::ProviderKind;
use crate::llm::budget::Budget;
use crate::llm::client::transcription::TranscriptionClient;
use crate::llm::client::{Client, ClientSettings};
use crate::llm::key::ExtraHeaders;
use crate::pipeline::{Outcome, Pipeline};
use crate::prompts::Prompts;
use crate::render::Templates;
use crate::report::Reporter;
use crate::summarize::Summarizer;
use crate::work::{Stage, Work};

/// What stands ready before a run: everything that can be wrong about it has been looked at.
#[derive(Debug)]
pub(super) struct Workshop {
    pub(super) catalog: Catalog,
    pub(super) cache: Cache,
    pub(super) prompts: Prompts,
    pub(super) templates: Templates,
}

impl Workshop {
    pub(super) fn open(globals: &Globals) -> Result<Self, Failure> {
        let catalog = catalog(globals)?;
        let mend = "mend the template, or take it away to get the embedded one";
        let prompts = Prompts::load(&catalog.folder.join("prompts"));
        let prompts = prompts.map_err(|error| Failure::usage(error, Some(mend)))?;
        let templates = Templates::load(&catalog.folder.join("templates"));
        let templates = templates.map_err(|error| Failure::usage(error, Some(mend)))?;
        let folder = catalog.cache.clone();
        if folder.exists() && !folder.is_dir() {
            let error = format!("the cache `{}` is no folder", folder.display());
            return Err(Failure::run(error, Some("move the file away")));
        }
        let cache = Cache::new(folder);
        Ok(Self {
            catalog,
            cache,
            prompts,
            templates,
        })
    }

    /// Those who make what a talk lacks, with the cache alone to make it of.
    pub(super) fn asking_nobody<'a>(
        &'a self,
        redo: &'a [Stage],
        reporter: &'a dyn Reporter,
    ) -> (Fetcher<'a>, Summarizer<'a>) {
        let fetcher = Fetcher::new(&self.catalog, &self.cache, None, None, redo, reporter);
        let summarizer = Summarizer {
            catalog: &self.catalog,
            cache: &self.cache,
            prompts: &self.prompts,
            client: None,
            budget: None,
            redo,
            reporter,
        };
        (fetcher, summarizer)
    }

    /// These talks, as far as they are cached.
    pub(super) fn recalled(
        &self,
        entries: &[&Entry],
        reporter: &dyn Reporter,
    ) -> Result<Vec<Outcome>, Failure> {
        let (fetcher, summarizer) = self.asking_nobody(&[], reporter);
        let pipeline = Pipeline::new(fetcher, Some(summarizer), None, reporter);
        let outcomes = futures::executor::block_on(pipeline.run(entries, |_| Work::Recall));
        outcomes.map_err(Failure::from)
    }
}

/// The catalog, checked.
pub(super) fn catalog(globals: &Globals) -> Result<Catalog, Failure> {
    Catalog::load(&globals.catalog).map_err(|error| {
        let hint = error.hint();
        Failure::usage(error, hint)
    })
}

/// yt-dlp with the catalog's manners, under our own supervision. Nothing is started yet.
pub(super) fn yt_dlp(catalog: &Catalog) -> Result<YtDlp, Failure> {
    let settings = &catalog.fetch;
    Ok(YtDlp::new(YtDlpSettings {
        supervisor: supervisor()?,
        yt_dlp: tools::yt_dlp(settings.yt_dlp.as_deref()).program,
        arguments: settings.yt_dlp_args.clone(),
        concurrency: settings.concurrency.get(),
        pause: settings.pause,
        sleep_requests: settings.sleep_requests,
        sleep_subtitles: settings.sleep_subtitles,
        timeout: settings.timeout,
    }))
}

/// The program that supervises yt-dlp: this one.
pub(super) fn supervisor() -> Result<PathBuf, Failure> {
    env::current_exe()
        .map_err(|error| Failure::run(error, Some("start proceedings by its full path")))
}

pub(super) fn client(llm: &LlmSettings) -> Result<Client, Failure> {
    let (authorization, headers) = credentials::of(llm)?;
    let settings = ClientSettings {
        provider: llm.provider,
        base_url: address(llm.base_url.as_ref(), llm.provider),
        model: llm.model.clone(),
        authorization,
        headers,
        concurrency: llm.concurrency,
        requests_per_minute: llm.requests_per_minute,
        tokens_per_minute: llm.tokens_per_minute,
        context_tokens: llm.context_tokens,
        timeout: llm.timeout,
        first_wait: Duration::from_secs(1),
    };
    Client::new(settings).map_err(|error| Failure::run(error, None::<String>))
}

/// A limit to the cost of a run. It can be kept only where it is known what tokens cost.
pub(super) fn budget(llm: &LlmSettings, most: f64) -> Result<Budget, Failure> {
    let error = "`--max-cost` cannot be kept: the catalog names no `price` under [llm]";
    let hint = "add `price = { input = …, output = … }`, in US dollars a million tokens";
    let price = llm.price.ok_or_else(|| Failure::usage(error, Some(hint)))?;
    Ok(Budget::new(price, most))
}

/// The endpoint that listens. Transcriptions have one wire format, whoever writes the summaries.
pub(super) fn transcription_client(
    transcribe: &TranscribeSettings,
) -> Result<TranscriptionClient, Failure> {
    let provider = ProviderKind::OpenAi;
    let settings = ClientSettings {
        provider,
        base_url: address(transcribe.base_url.as_ref(), provider),
        model: transcribe.model.clone(),
        authorization: credentials::of_variable(
            transcribe.api_key_env.as_deref(),
            transcribe.base_url.as_ref(),
            provider,
        ),
        headers: ExtraHeaders::default(),
        concurrency: transcribe.concurrency,
        requests_per_minute: None,
        tokens_per_minute: None,
        context_tokens: None,
        timeout: transcribe.timeout,
        first_wait: Duration::from_secs(1),
    };
    TranscriptionClient::new(settings).map_err(|error| Failure::run(error, None::<String>))
}

/// The catalog's address, else the provider's own.
pub(super) fn address(base_url: Option<&Url>, provider: ProviderKind) -> Url {
    let own = || Url::parse(provider.default_base_url()).expect("our own address is well-formed");
    base_url.cloned().unwrap_or_else(own)
}
