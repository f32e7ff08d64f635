//! The syntax of `catalog.toml`: strict, with the line and the nearest known key in every error.
//!
//! The raw structs here mirror the file; what they turn into is in `mod.rs`.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use globset::GlobBuilder;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use url::Url;

use crate::catalog::{
    Catalog, CatalogError, Categories, Category, Entry, FetchSettings, Glossary, LlmSettings,
};
use crate::llm::{Price, ProviderKind};
use crate::render::Format;
use crate::talk::{TalkId, UNCATEGORIZED, VideoId, parse_clock};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCatalog {
    title: String,
    intro: Option<String>,
    #[serde(default = "english")]
    language: Spanned<String>,
    #[serde(default = "default_formats")]
    formats: Vec<Format>,
    #[serde(default = "default_output")]
    output: PathBuf,
    #[serde(default)]
    talks: Vec<Spanned<RawEntry>>,
    #[serde(default)]
    categories: Vec<Spanned<RawCategory>>,
    #[serde(default)]
    glossary: RawGlossary,
    llm: Option<RawLlm>,
    #[serde(default)]
    fetch: RawFetch,
}

/// A talk as an id or link alone, or as a table.
#[derive(Default)]
struct RawEntry(RawTalk);

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTalk {
    id: String,
    start: Option<Clock>,
    end: Option<Clock>,
    title: Option<String>,
    #[serde(default)]
    speakers: Vec<String>,
    category: Option<String>,
    summary: Option<String>,
    language: Option<String>,
    #[serde(default)]
    hide: bool,
}

/// A point in a recording, `1:02:30`.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Clock(u64);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCategory {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    titles: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawGlossary {
    terms: Vec<String>,
    heard: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLlm {
    #[serde(default)]
    provider: ProviderKind,
    base_url: Option<Spanned<String>>,
    model: String,
    api_key_env: Option<String>,
    #[serde(default = "llm_concurrency")]
    concurrency: NonZeroUsize,
    requests_per_minute: Option<NonZeroU32>,
    tokens_per_minute: Option<NonZeroU32>,
    context_tokens: Option<NonZeroU32>,
    #[serde(default = "llm_timeout")]
    timeout: Pause,
    price: Option<Price>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawFetch {
    captions: PathBuf,
    concurrency: NonZeroUsize,
    pause: Pause,
    timeout: Pause,
    yt_dlp: PathBuf,
    yt_dlp_args: Vec<String>,
}

/// A length of time, `1s`, `2m`, `500ms`.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Pause(Duration);

fn english() -> Spanned<String> {
    Spanned::new(0..0, "en".to_owned())
}

fn default_formats() -> Vec<Format> {
    vec![Format::Markdown, Format::Html]
}

fn default_output() -> PathBuf {
    PathBuf::from("page")
}

fn llm_concurrency() -> NonZeroUsize {
    NonZeroUsize::new(8).expect("8 is not 0")
}

fn llm_timeout() -> Pause {
    Pause(Duration::from_mins(2))
}

impl Default for RawFetch {
    fn default() -> Self {
        Self {
            captions: PathBuf::from("captions"),
            concurrency: NonZeroUsize::new(2).expect("2 is not 0"),
            pause: Pause(Duration::from_secs(1)),
            timeout: Pause(Duration::from_mins(3)),
            yt_dlp: PathBuf::from("yt-dlp"),
            yt_dlp_args: Vec::new(),
        }
    }
}

impl TryFrom<String> for Clock {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        parse_clock(&text)
            .map(Self)
            .ok_or_else(|| format!("`{text}` is no time such as \"1:02:30\""))
    }
}

impl TryFrom<String> for Pause {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parsed = humantime::parse_duration(&text);
        parsed
            .map(Self)
            .map_err(|_| format!("`{text}` is no length of time such as \"2m\" or \"500ms\""))
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
                let talk = RawTalk::deserialize(MapAccessDeserializer::new(map))?;
                if talk.id.is_empty() {
                    return Err(A::Error::custom("the talk has no `id`"));
                }
                Ok(RawEntry(talk))
            }
        }

        deserializer.deserialize_any(IdOrTable)
    }
}

/// A problem and the place in the text where it is.
struct Problem {
    span: Range<usize>,
    text: String,
    hint: Option<String>,
}

impl Problem {
    fn new(span: Range<usize>, text: String) -> Self {
        Self {
            span,
            text,
            hint: None,
        }
    }
}

/// Checks the text of a catalog that stands at `path`.
pub(super) fn catalog(path: &Path, text: &str) -> Result<Catalog, CatalogError> {
    read(path, text).map_err(|problem| CatalogError::Invalid {
        path: path.to_owned(),
        line: line_at(text, problem.span.start),
        problem: problem.text,
        hint: problem.hint,
    })
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    1 + before.matches('\n').count()
}

fn read(path: &Path, text: &str) -> Result<Catalog, Problem> {
    let raw: RawCatalog = toml::from_str(text).map_err(|error| Problem {
        span: error.span().unwrap_or(0..0),
        text: first_line(error.message()),
        hint: nearest_known(error.message()),
    })?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let categories = categories(raw.categories)?;
    let talks = entries(raw.talks, &categories)?;
    if raw.language.get_ref().trim().is_empty() {
        return Err(Problem::new(
            raw.language.span(),
            "`language` is empty".to_owned(),
        ));
    }
    Ok(Catalog {
        title: raw.title,
        intro: raw.intro,
        language: raw.language.into_inner(),
        formats: raw.formats,
        output: folder.join(raw.output),
        talks,
        categories,
        glossary: Glossary {
            terms: raw.glossary.terms,
            heard: raw.glossary.heard,
        },
        llm: raw.llm.map(llm_settings).transpose()?,
        fetch: fetch_settings(raw.fetch, &folder),
        folder,
    })
}

fn entries(raw: Vec<Spanned<RawEntry>>, categories: &Categories) -> Result<Vec<Entry>, Problem> {
    let mut seen: HashSet<TalkId> = HashSet::with_capacity(raw.len());
    let mut talks = Vec::with_capacity(raw.len());
    for spanned in raw {
        let span = spanned.span();
        let entry = entry(spanned.into_inner().0, categories).map_err(|(text, hint)| Problem {
            span: span.clone(),
            text,
            hint,
        })?;
        if !seen.insert(entry.id.clone()) {
            let text = format!("the talk `{}` is listed twice", entry.id);
            let hint = "a part of a longer recording needs a `start` of its own".to_owned();
            return Err(Problem {
                span,
                text,
                hint: Some(hint),
            });
        }
        talks.push(entry);
    }
    Ok(talks)
}

fn entry(raw: RawTalk, categories: &Categories) -> Result<Entry, (String, Option<String>)> {
    let video = VideoId::from_id_or_link(&raw.id).map_err(|error| (error.to_string(), None))?;
    let (start, end) = (raw.start.map(|clock| clock.0), raw.end.map(|clock| clock.0));
    let start = start.or(end.map(|_| 0));
    if start.zip(end).is_some_and(|(start, end)| start >= end) {
        return Err((format!("the talk `{video}` ends before it starts"), None));
    }
    let category = match raw.category {
        None => None,
        Some(name) => match categories.named(&name) {
            Some(category) => Some(category.name.clone()),
            None => {
                let known = categories.iter().map(|category| category.name.as_str());
                return Err((
                    format!("`{name}` is none of the categories"),
                    did_you_mean(&name, known),
                ));
            }
        },
    };
    Ok(Entry {
        id: TalkId { video, start },
        end,
        title: raw.title,
        speakers: raw.speakers,
        category,
        summary: raw.summary,
        language: raw.language,
        hide: raw.hide,
    })
}

fn categories(raw: Vec<Spanned<RawCategory>>) -> Result<Categories, Problem> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut list = Vec::with_capacity(raw.len());
    for spanned in raw {
        let span = spanned.span();
        let raw = spanned.into_inner();
        let name = raw.name.trim().to_owned();
        if name.is_empty() {
            return Err(Problem::new(span, "a category has no name".to_owned()));
        }
        if name == UNCATEGORIZED {
            let text = format!(
                "`{UNCATEGORIZED}` is where talks stand that fit no category; it cannot be listed"
            );
            return Err(Problem::new(span, text));
        }
        if !seen.insert(name.clone()) {
            return Err(Problem::new(
                span,
                format!("the category `{name}` is listed twice"),
            ));
        }
        let mut titles = Vec::with_capacity(raw.titles.len());
        for pattern in &raw.titles {
            let glob = GlobBuilder::new(pattern).case_insensitive(true).build();
            let glob = glob.map_err(|error| {
                Problem::new(span.clone(), format!("`titles` of `{name}`: {error}"))
            })?;
            titles.push(glob.compile_matcher());
        }
        list.push(Category {
            name,
            description: raw.description,
            titles,
        });
    }
    Ok(Categories(list))
}

fn llm_settings(raw: RawLlm) -> Result<LlmSettings, Problem> {
    let base_url = match raw.base_url {
        None => None,
        Some(text) => {
            let span = text.span();
            let url = Url::parse(text.get_ref())
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https"));
            let wrong = || {
                Problem::new(
                    span,
                    format!(
                        "`base_url` is no http or https address: `{}`",
                        text.get_ref()
                    ),
                )
            };
            Some(url.ok_or_else(wrong)?)
        }
    };
    Ok(LlmSettings {
        provider: raw.provider,
        base_url,
        model: raw.model,
        api_key_env: raw.api_key_env,
        concurrency: raw.concurrency,
        requests_per_minute: raw.requests_per_minute,
        tokens_per_minute: raw.tokens_per_minute,
        context_tokens: raw.context_tokens,
        timeout: raw.timeout.0,
        price: raw.price,
    })
}

fn fetch_settings(raw: RawFetch, folder: &Path) -> FetchSettings {
    let is_command = raw.yt_dlp.components().count() == 1;
    FetchSettings {
        captions: folder.join(raw.captions),
        concurrency: raw.concurrency,
        pause: raw.pause.0,
        timeout: raw.timeout.0,
        yt_dlp: if is_command {
            raw.yt_dlp
        } else {
            folder.join(raw.yt_dlp)
        },
        yt_dlp_args: raw.yt_dlp_args,
    }
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

/// Takes the unknown key and the known ones out of serde's message and names the nearest; serde
/// gives them in no other form.
fn nearest_known(message: &str) -> Option<String> {
    let is_unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    let mut quoted = message.split('`').skip(1).step_by(2);
    let given = quoted.next().filter(|_| is_unknown)?;
    did_you_mean(given, quoted)
}

fn did_you_mean<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    const ALIKE: f64 = 0.7;
    let similarity = |name: &str| strsim::jaro_winkler(&given.to_lowercase(), &name.to_lowercase());
    let nearest = known.max_by(|a, b| similarity(a).total_cmp(&similarity(b)))?;
    (similarity(nearest) >= ALIKE).then(|| format!("did you mean `{nearest}`?"))
}
