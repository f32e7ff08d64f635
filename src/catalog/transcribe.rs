//! What the table `[transcribe]` turns into.

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use toml::Spanned;
use url::Url;

use crate::catalog::problem::{Problem, Problems};
use crate::catalog::raw::RawTranscribe;
use crate::catalog::values::{base_url, require_text, variable};

/// The endpoint that listens to recordings without captions.
#[derive(Debug, Clone)]
pub struct TranscribeSettings {
    /// Where it is; none means `OpenAI`'s own address.
    pub base_url: Option<Url>,
    /// The model's name.
    pub model: String,
    /// The environment variable that holds the key.
    pub api_key_env: Option<String>,
    /// Whether a key may go to another machine over plain http.
    pub unencrypted_key: bool,
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

pub(super) fn settings(raw: RawTranscribe, problems: &mut Problems) -> TranscribeSettings {
    let base_url = raw.base_url.as_ref().map(base_url).transpose();
    let price_per_minute = raw.price_per_minute.as_ref().map(price).transpose();
    TranscribeSettings {
        base_url: problems.note_or_default(base_url),
        model: problems.note_or_default(require_text("model", raw.model)),
        api_key_env: problems.note_or_default(raw.api_key_env.map(variable).transpose()),
        price_per_minute: problems.note_or_default(price_per_minute),
        unencrypted_key: raw.unencrypted_key,
        timeout: raw.timeout.0,
        concurrency: raw.concurrency,
        max_megabytes: raw.max_megabytes,
        max_minutes: raw.max_minutes,
    }
}

fn price(price: &Spanned<f64>) -> Result<f64, Problem> {
    let dollars = *price.get_ref();
    if dollars.is_finite() && dollars >= 0.0 {
        return Ok(dollars);
    }
    let text = format!("`price_per_minute` is no price: {dollars}");
    Err(Problem::new(price.span(), text))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use expect_test::expect;

    use super::*;
    use crate::catalog::Catalog;

    fn parse(table: &str) -> Result<TranscribeSettings, String> {
        let text = format!("title = \"T\"\n[transcribe]\n{table}");
        match Catalog::parse(Path::new("c"), &text) {
            Ok(catalog) => Ok(catalog.transcribe.unwrap()),
            Err(error) => Err(match error.hint() {
                Some(hint) => format!("{error} | {hint}"),
                None => error.to_string(),
            }),
        }
    }

    #[test]
    fn a_model_is_enough() {
        let settings = parse("model = \"whisper-1\"").unwrap();
        assert_eq!((settings.base_url, settings.api_key_env), (None, None));
        assert_eq!(
            (settings.price_per_minute, settings.max_minutes),
            (None, None)
        );
        assert_eq!(settings.timeout, Duration::from_mins(10));
        assert_eq!(
            (settings.concurrency.get(), settings.max_megabytes.get()),
            (1, 25)
        );
    }

    #[test]
    fn every_key_is_read() {
        let settings = parse(
            "base_url = \"http://localhost:8000/v1\"\nmodel = \"m\"\napi_key_env = \"KEY\"\n\
             price_per_minute = 0.006\ntimeout = \"1h\"\nconcurrency = 2\nmax_megabytes = 500\n\
             max_minutes = 90",
        );
        let settings = settings.unwrap();
        assert_eq!(settings.base_url.unwrap().path(), "/v1");
        assert_eq!(settings.api_key_env.as_deref(), Some("KEY"));
        assert_eq!(settings.price_per_minute, Some(0.006));
        assert_eq!(settings.timeout, Duration::from_hours(1));
        assert_eq!(
            (settings.concurrency.get(), settings.max_megabytes.get()),
            (2, 500)
        );
        assert_eq!(settings.max_minutes, NonZeroU32::new(90));
    }

    #[test]
    fn slips_are_told_with_their_line() {
        let told = [
            "",
            "model = \"m\"\nprice = 0.006",
            "model = \"m\"\nprice_per_minute = -1",
            "model = \"m\"\nprice_per_minute = nan",
            "model = \"m\"\nprice_per_minute = \"0.006\"",
            "model = \"m\"\nmax_megabytes = 0",
            "model = \"m\"\nbase_url = \"localhost\"",
            "model = \"m\"\napi_key_env = \"sk-secret\"",
        ]
        .map(|table| parse(table).unwrap_err() + "\n");
        expect![[r#"
            c:2: the key `model` is missing | add a line such as `model = "gpt-5.4-nano"`, with the name of the model
            c:4: unknown key `price` | did you mean `price_per_minute`?
            c:4: `price_per_minute` is no price: -1
            c:4: `price_per_minute` is no price: NaN
            c:4: invalid type: string "0.006", expected a number | write `price_per_minute = 0.006`, without quotes
            c:4: invalid value: integer `0`, expected a whole number above 0
            c:4: `base_url` is no http or https address: `localhost` | write all of it, such as `http://localhost:11434/v1`
            c:4: `api_key_env` is no name of an environment variable | put the key into a variable, and the variable's name here
        "#]].assert_eq(&told.concat());
    }
}
