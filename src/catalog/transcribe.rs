//! The table `[transcribe]`: how it is written, and what it turns into.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;
use url::Url;

use crate::catalog::parse::{Problem, base_url, variable};
use crate::catalog::raw::Pause;

/// The endpoint that listens to recordings without captions.
#[derive(Debug, Clone)]
pub struct TranscribeSettings {
    /// Where it is; none means `OpenAI`'s own address.
    pub base_url: Option<Url>,
    /// The model's name.
    pub model: String,
    /// The environment variable that holds the key.
    pub api_key_env: Option<String>,
    /// What a minute costs, in US dollars.
    pub price_per_minute: Option<f64>,
    /// How long one recording may take.
    pub timeout: Duration,
    /// How many recordings may be listened to at once.
    pub concurrency: NonZeroUsize,
    /// The largest file that it takes, in millions of bytes.
    pub max_megabytes: NonZeroU32,
    /// The longest recording that is sent.
    pub max_minutes: Option<NonZeroU32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with a `model`")]
pub(super) struct RawTranscribe {
    base_url: Option<Spanned<String>>,
    model: String,
    api_key_env: Option<Spanned<String>>,
    price_per_minute: Option<Spanned<f64>>,
    #[serde(default = "ten_minutes")]
    timeout: Pause,
    #[serde(default = "one")]
    concurrency: NonZeroUsize,
    #[serde(default = "what_openai_takes")]
    max_megabytes: NonZeroU32,
    max_minutes: Option<NonZeroU32>,
}

fn ten_minutes() -> Pause {
    Pause(Duration::from_mins(10))
}

fn one() -> NonZeroUsize {
    NonZeroUsize::MIN
}

/// <https://platform.openai.com/docs/guides/speech-to-text>
fn what_openai_takes() -> NonZeroU32 {
    NonZeroU32::new(25).expect("25 is not 0")
}

pub(super) fn settings(raw: RawTranscribe) -> Result<TranscribeSettings, Problem> {
    Ok(TranscribeSettings {
        base_url: raw.base_url.as_ref().map(base_url).transpose()?,
        model: raw.model,
        api_key_env: raw.api_key_env.map(variable).transpose()?,
        price_per_minute: raw.price_per_minute.as_ref().map(price).transpose()?,
        timeout: raw.timeout.0,
        concurrency: raw.concurrency,
        max_megabytes: raw.max_megabytes,
        max_minutes: raw.max_minutes,
    })
}

fn price(price: &Spanned<f64>) -> Result<f64, Problem> {
    let dollars = *price.get_ref();
    if dollars.is_finite() && dollars >= 0.0 {
        return Ok(dollars);
    }
    let text = format!("`price_per_minute` is no price: {dollars}");
    Err(Problem::new(price.span(), text))
}
