//! `catalog.toml` as it is written: the structs that mirror the file, and their defaults.
//!
//! What they turn into is in `mod.rs`, and `parse.rs` sees to it that it holds together.

use std::collections::BTreeMap;
use std::fmt;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::Date;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use toml::Spanned;

use crate::catalog::Thumbnails;
use crate::llm::{Effort, Price, ProviderKind};
use crate::render::Format;
use crate::talk::parse_clock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCatalog {
    pub(super) title: Spanned<String>,
    pub(super) intro: Option<String>,
    pub(super) url: Option<Spanned<String>>,
    pub(super) place: Option<String>,
    pub(super) dates: Option<String>,
    pub(super) website: Option<Spanned<String>>,
    pub(super) logo: Option<Spanned<PathBuf>>,
    pub(super) slug: Option<Spanned<String>>,
    #[serde(default = "english")]
    pub(super) language: Spanned<String>,
    #[serde(default = "default_formats")]
    pub(super) formats: Vec<Format>,
    #[serde(default = "default_output")]
    pub(super) output: Spanned<PathBuf>,
    #[serde(default)]
    pub(super) thumbnails: Thumbnails,
    #[serde(default = "yes")]
    pub(super) evidence: bool,
    #[serde(default)]
    pub(super) pages: bool,
    #[serde(default)]
    pub(super) transcripts: bool,
    pub(super) cache: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) talks: Vec<Spanned<RawEntry>>,
    #[serde(default)]
    pub(super) categories: Vec<Spanned<RawCategory>>,
    #[serde(default)]
    pub(super) glossary: RawGlossary,
    pub(super) llm: Option<RawLlm>,
    pub(super) transcribe: Option<RawTranscribe>,
    #[serde(default)]
    pub(super) fetch: RawFetch,
}

/// A talk as an id or link alone, or as a table.
#[derive(Default)]
pub(super) struct RawEntry(pub(super) RawTalk);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTalk {
    #[serde(default)]
    pub(super) id: String,
    pub(super) video: Option<String>,
    pub(super) captions: Option<String>,
    pub(super) start: Option<Clock>,
    pub(super) end: Option<Clock>,
    pub(super) title: Option<String>,
    pub(super) date: Option<Day>,
    pub(super) duration: Option<Clock>,
    #[serde(default)]
    pub(super) speakers: Vec<String>,
    pub(super) category: Option<String>,
    #[serde(default)]
    pub(super) also: Vec<String>,
    pub(super) summary: Option<String>,
    pub(super) r#abstract: Option<String>,
    pub(super) language: Option<String>,
    pub(super) transcript: Option<bool>,
    #[serde(default)]
    pub(super) hide: bool,
    pub(super) approved: Option<String>,
}

/// A point in a recording, or how long it is, `1:02:30`.
#[derive(Clone, Copy)]
pub(super) struct Clock(pub(super) u64);

/// A day, `2026-02-01`.
#[derive(Clone, Copy)]
pub(super) struct Day(pub(super) Date);

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with a `name`")]
pub(super) struct RawCategory {
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(default)]
    pub(super) about: String,
    #[serde(default)]
    pub(super) titles: Vec<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table")]
pub(super) struct RawGlossary {
    pub(super) terms: Vec<String>,
    pub(super) heard: BTreeMap<String, String>,
    pub(super) from: Vec<Spanned<PathBuf>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with a `model`")]
pub(super) struct RawLlm {
    #[serde(default)]
    pub(super) provider: ProviderKind,
    pub(super) base_url: Option<Spanned<String>>,
    pub(super) model: Spanned<String>,
    pub(super) api_key_env: Option<Spanned<String>>,
    pub(super) api_key_command: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) unencrypted_key: bool,
    #[serde(default = "llm_concurrency")]
    pub(super) concurrency: NonZeroUsize,
    pub(super) requests_per_minute: Option<NonZeroU32>,
    pub(super) tokens_per_minute: Option<NonZeroU32>,
    pub(super) context_tokens: Option<NonZeroU32>,
    pub(super) max_tokens: Option<NonZeroU32>,
    pub(super) effort: Option<Effort>,
    pub(super) extra: Option<Spanned<Map<String, Value>>>,
    #[serde(default = "llm_timeout")]
    pub(super) timeout: TimeLimit,
    pub(super) price: Option<Spanned<Price>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with a `model`")]
pub(super) struct RawTranscribe {
    pub(super) base_url: Option<Spanned<String>>,
    pub(super) model: Spanned<String>,
    pub(super) api_key_env: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) unencrypted_key: bool,
    pub(super) price_per_minute: Option<Spanned<f64>>,
    #[serde(default = "ten_minutes")]
    pub(super) timeout: Pause,
    #[serde(default = "one")]
    pub(super) concurrency: NonZeroUsize,
    #[serde(default = "openai_megabytes")]
    pub(super) max_megabytes: NonZeroU32,
    pub(super) max_minutes: Option<NonZeroU32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a table")]
pub(super) struct RawFetch {
    pub(super) captions: Spanned<PathBuf>,
    pub(super) caption_files: BTreeMap<Spanned<String>, Spanned<String>>,
    pub(super) concurrency: NonZeroUsize,
    pub(super) pause: Pause,
    pub(super) sleep_requests: Pause,
    pub(super) sleep_subtitles: Pause,
    pub(super) timeout: TimeLimit,
    pub(super) retries: usize,
    pub(super) retry_wait: Pause,
    pub(super) recheck_after: Option<Pause>,
    pub(super) yt_dlp: Option<Spanned<PathBuf>>,
    pub(super) yt_dlp_args: Vec<String>,
    pub(super) private_hosts: Vec<Spanned<String>>,
}

/// A length of time, `1s`, `2m`, `500ms`.
#[derive(Clone, Copy)]
pub(super) struct Pause(pub(super) Duration);

/// A length of time within which something must be done, so one above zero.
#[derive(Clone, Copy)]
pub(super) struct TimeLimit(pub(super) Duration);

/// Reads a text in quotes, and says what it should look like where it does not.
struct Quoted<T> {
    pub(super) expecting: &'static str,
    pub(super) parse: fn(&str) -> Option<T>,
}

fn english() -> Spanned<String> {
    Spanned::new(0..0, "en".to_owned())
}

fn yes() -> bool {
    true
}

fn default_formats() -> Vec<Format> {
    vec![Format::Markdown, Format::Html]
}

fn default_output() -> Spanned<PathBuf> {
    Spanned::new(0..0, PathBuf::from("page"))
}

fn llm_concurrency() -> NonZeroUsize {
    NonZeroUsize::new(8).expect("8 is not 0")
}

fn llm_timeout() -> TimeLimit {
    TimeLimit(Duration::from_mins(2))
}

fn ten_minutes() -> Pause {
    Pause(Duration::from_mins(10))
}

fn one() -> NonZeroUsize {
    NonZeroUsize::MIN
}

/// <https://platform.openai.com/docs/guides/speech-to-text>
fn openai_megabytes() -> NonZeroU32 {
    NonZeroU32::new(25).expect("25 is not 0")
}

impl Default for RawFetch {
    fn default() -> Self {
        Self {
            captions: Spanned::new(0..0, PathBuf::from("captions")),
            caption_files: BTreeMap::new(),
            concurrency: NonZeroUsize::new(2).expect("2 is not 0"),
            pause: Pause(Duration::from_secs(1)),
            sleep_requests: Pause(Duration::ZERO),
            sleep_subtitles: Pause(Duration::ZERO),
            timeout: TimeLimit(Duration::from_mins(3)),
            retries: 3,
            retry_wait: Pause(Duration::from_secs(5)),
            recheck_after: None,
            yt_dlp: None,
            yt_dlp_args: Vec::new(),
            private_hosts: Vec::new(),
        }
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Quoted {
            expecting: "a time in quotes such as \"1:02:30\"",
            parse: |text| parse_clock(text).map(Self),
        })
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Quoted {
            expecting: "a day in quotes such as \"2026-02-01\"",
            parse: |text| text.trim().parse().ok().map(Self),
        })
    }
}

impl<'de> Deserialize<'de> for Pause {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Quoted {
            expecting: "a length of time in quotes such as \"2m\" or \"500ms\"",
            parse: |text| humantime::parse_duration(text).ok().map(Self),
        })
    }
}

impl<'de> Deserialize<'de> for TimeLimit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Quoted {
            expecting: "a length of time above zero in quotes such as \"2m\"",
            parse: |text| {
                let limit = humantime::parse_duration(text).ok();
                limit.filter(|limit| !limit.is_zero()).map(Self)
            },
        })
    }
}

impl<'de, T> Visitor<'de> for Quoted<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expecting)
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        (self.parse)(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }

    /// Without quotes, `01:02:30` is a time of day to TOML, which comes as a map.
    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<T, A::Error> {
        Err(A::Error::invalid_type(
            Unexpected::Other("value without quotes"),
            &self,
        ))
    }
}

impl<'de> Deserialize<'de> for RawEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct IdOrTable;

        impl<'de> Visitor<'de> for IdOrTable {
            type Value = RawEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a video id, a link, or a table with an `id`")
            }

            fn visit_str<E: serde::de::Error>(self, id: &str) -> Result<RawEntry, E> {
                Ok(RawEntry(RawTalk {
                    id: id.to_owned(),
                    ..RawTalk::default()
                }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawEntry, A::Error> {
                RawTalk::deserialize(MapAccessDeserializer::new(map)).map(RawEntry)
            }
        }

        deserializer.deserialize_any(IdOrTable)
    }
}
