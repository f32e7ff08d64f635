//! Who outside this machine is asked in a run, made from flags, environment and catalog: yt-dlp, the
//! model that writes, the model that listens. And what they may cost.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::catalog::transcribe::TranscribeSettings;
use crate::catalog::{Catalog, LlmSettings};
use crate::cli::arguments::Globals;
use crate::cli::ending::Failure;
use crate::cli::{credentials, tools};
use crate::fetch::caption_client::CaptionClient;
use crate::fetch::yt_dlp::{YtDlp, YtDlpSettings, secrets};
use crate::http::public::PrivateHosts;
use crate::llm::ProviderKind;
use crate::llm::client::transcription::TranscriptionClient;
use crate::llm::client::{Client, ClientSettings};
use crate::llm::key::ExtraHeaders;
use crate::requests::budget::Budget;
use crate::trust::named_variables;
use crate::work::Goal;

/// Who is asked in a run: nobody where it is offline.
pub(super) struct Outside {
    /// Who visits `YouTube`, and who fetches captions by their links.
    pub(super) visitors: Option<(YtDlp, CaptionClient)>,
    /// The model that writes.
    pub(super) writer: Option<Client>,
    /// The model that listens.
    pub(super) listener: Option<TranscriptionClient>,
    /// What they may cost together.
    pub(super) budget: Option<Budget>,
}

impl Outside {
    /// Those that a run with this goal may ask. Nobody is asked yet.
    pub(super) fn open(
        globals: &Globals,
        catalog: &Catalog,
        goal: Goal,
        max_cost: Option<f64>,
    ) -> Result<Self, Failure> {
        let visitors = if !globals.offline && goal != Goal::Summarize {
            let captions = caption_client(catalog)?;
            Some((yt_dlp(catalog)?, captions))
        } else {
            None
        };
        let payees = Payees::of(catalog, globals, goal);
        let writer = payees.llm.map(|llm| client(globals, llm)).transpose()?;
        let budget = budget(payees, max_cost)?;
        let listener = payees.transcribe.map(transcription_client).transpose()?;
        Ok(Self {
            visitors,
            writer: writer.flatten(),
            listener,
            budget,
        })
    }
}

/// yt-dlp with the catalog's manners, under our own supervision. Nothing is started yet.
pub(super) fn yt_dlp(catalog: &Catalog) -> Result<YtDlp, Failure> {
    let settings = &catalog.fetch;
    Ok(YtDlp::new(YtDlpSettings {
        supervisor: supervisor()?,
        yt_dlp: tools::yt_dlp(settings.yt_dlp.as_deref()).program,
        arguments: settings.yt_dlp_args.clone(),
        hidden_variables: named_variables(catalog),
        secrets: secrets(&settings.yt_dlp_args, &proxy_variables()),
        concurrency: settings.concurrency.get(),
        pause: settings.pause,
        sleep_requests: settings.sleep_requests,
        sleep_subtitles: settings.sleep_subtitles,
        timeout: settings.timeout,
    }))
}

/// What asks for captions by their links, with the catalog's manners. Nobody is asked yet.
pub(super) fn caption_client(catalog: &Catalog) -> Result<CaptionClient, Failure> {
    let settings = &catalog.fetch;
    let proxies: Vec<String> = proxy_variables().into_iter().map(|(_, at)| at).collect();
    let private = PrivateHosts::new(&settings.private_hosts, &proxies);
    let manners = (settings.concurrency.get(), settings.pause);
    CaptionClient::new(manners, settings.timeout, private)
        .map_err(|error| Failure::run(error, None::<String>))
}

/// What the environment says of proxies: each variable with its value.
pub(super) fn proxy_variables() -> Vec<(String, String)> {
    let names = [
        "https_proxy",
        "HTTPS_PROXY",
        "http_proxy",
        "HTTP_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ];
    let set = names.map(|name| Some((name.to_owned(), env::var(name).ok()?)));
    set.into_iter().flatten().collect()
}

/// The program that supervises yt-dlp: this one.
pub(super) fn supervisor() -> Result<PathBuf, Failure> {
    env::current_exe()
        .map_err(|error| Failure::run(error, Some("start proceedings by its full path")))
}

/// The endpoint that writes, where it may be asked.
pub(super) fn client(globals: &Globals, llm: &LlmSettings) -> Result<Option<Client>, Failure> {
    if globals.offline || llm.is_withheld {
        return Ok(None);
    }
    let (authorization, headers) = credentials::read(llm)?;
    let settings = ClientSettings {
        provider: llm.provider,
        base_url: address(llm.base_url.as_ref(), llm.provider),
        model: llm.model.clone(),
        authorization,
        headers,
        unencrypted_key: llm.unencrypted_key,
        concurrency: llm.concurrency,
        requests_per_minute: llm.requests_per_minute,
        tokens_per_minute: llm.tokens_per_minute,
        context_tokens: llm.context_tokens,
        timeout: llm.timeout,
        first_wait: Duration::from_secs(1),
    };
    let client = Client::new(settings);
    client
        .map(Some)
        .map_err(|error| Failure::run(error, None::<String>))
}

/// Who is paid in a run.
#[derive(Debug, Clone, Copy)]
pub(super) struct Payees<'a> {
    /// The model that writes, where it is asked.
    pub(super) llm: Option<&'a LlmSettings>,
    /// The model that listens, where it is asked.
    pub(super) transcribe: Option<&'a TranscribeSettings>,
}

impl<'a> Payees<'a> {
    /// Those that a run with this goal may ask.
    pub(super) fn of(catalog: &'a Catalog, globals: &Globals, goal: Goal) -> Self {
        let (is_online, llm) = (!globals.offline, catalog.llm.as_ref());
        let transcribe = catalog.transcribe.as_ref();
        Self {
            llm: llm.filter(|llm| is_online && goal != Goal::Fetch && !llm.is_withheld),
            transcribe: transcribe.filter(|_| is_online && goal != Goal::Summarize),
        }
    }
}

/// A limit to the cost of a run, in US dollars. It can be kept only where it is known what everything
/// costs that may be paid for.
pub(super) fn budget(payees: Payees<'_>, most: Option<f64>) -> Result<Option<Budget>, Failure> {
    let Some(most) = most else {
        return Ok(None);
    };
    if payees.llm.is_some_and(|llm| llm.price.is_none()) {
        let error = "`--max-cost` cannot be kept: the catalog names no `price` under [llm]";
        let hint = "add `price = { input = …, output = … }`, in US dollars a million tokens";
        return Err(Failure::usage(error, Some(hint)));
    }
    let is_unpriced = |settings: &TranscribeSettings| settings.price_per_minute.is_none();
    if payees.transcribe.is_some_and(is_unpriced) {
        let error = "`--max-cost` cannot be kept: the catalog names no `price_per_minute` under [transcribe]";
        let hint = "add `price_per_minute = …`, in US dollars; 0 where it costs nothing";
        return Err(Failure::usage(error, Some(hint)));
    }
    Ok(Some(Budget::new(most)))
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
        authorization: credentials::authorization_from_variable(
            transcribe.api_key_env.as_deref(),
            transcribe.base_url.as_ref(),
            provider,
        ),
        headers: ExtraHeaders::default(),
        unencrypted_key: transcribe.unencrypted_key,
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
