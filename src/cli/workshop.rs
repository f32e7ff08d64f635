//! What stands ready before a run, made from flags, environment and catalog.

use std::env;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::cache::Cache;
use crate::catalog::{Catalog, LlmSettings};
use crate::cli::{Failure, Globals};
use crate::fetch::yt_dlp::{YtDlp, YtDlpSettings};
use crate::llm::client::{ApiKey, Authorization, Client, ClientSettings};
use crate::prompts::Prompts;
use crate::render::Templates;

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
        let catalog = Catalog::load(&globals.catalog).map_err(|error| {
            let hint = error.hint();
            Failure::usage(error, hint)
        })?;
        let mend = "mend the template, or take it away to get the embedded one";
        let prompts = Prompts::load(&catalog.folder.join("prompts"));
        let prompts = prompts.map_err(|error| Failure::usage(error, Some(mend)))?;
        let templates = Templates::load(&catalog.folder.join("templates"));
        let templates = templates.map_err(|error| Failure::usage(error, Some(mend)))?;
        let folder = catalog.folder.join("cache");
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
}

/// yt-dlp with the catalog's manners, under our own supervision. Nothing is started yet.
pub(super) fn yt_dlp(catalog: &Catalog) -> Result<YtDlp, Failure> {
    let settings = &catalog.fetch;
    Ok(YtDlp::new(YtDlpSettings {
        supervisor: supervisor()?,
        yt_dlp: settings.yt_dlp.clone(),
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
    let own_address =
        || Url::parse(llm.provider.default_base_url()).expect("our own address is well-formed");
    let settings = ClientSettings {
        provider: llm.provider,
        base_url: llm.base_url.clone().unwrap_or_else(own_address),
        authorization: authorization(llm),
        concurrency: llm.concurrency,
        requests_per_minute: llm.requests_per_minute,
        tokens_per_minute: llm.tokens_per_minute,
        timeout: llm.timeout,
        first_wait: Duration::from_secs(1),
    };
    Client::new(settings).map_err(|error| Failure::run(error, None::<String>))
}

/// A named variable is read; without a name only the provider's own address wants a key.
fn authorization(llm: &LlmSettings) -> Authorization {
    let variable = match (&llm.api_key_env, &llm.base_url) {
        (Some(variable), _) => variable.as_str(),
        (None, Some(_)) => return Authorization::None,
        (None, None) => llm.provider.default_key_variable(),
    };
    match env::var(variable) {
        Ok(key) if !key.trim().is_empty() => Authorization::Key(ApiKey::new(&key)),
        _ => Authorization::Missing {
            variable: variable.to_owned(),
        },
    }
}
