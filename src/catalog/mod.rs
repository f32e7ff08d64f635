//! `catalog.toml`: what describes a conference.
//!
//! A [`Catalog`] is right once it exists: every talk is there once, every category it names is
//! listed, every pattern compiles, every path is absolute or relative to the working folder. The
//! syntax is in `parse.rs`, writing catalogs is in `write.rs`. No flag, no environment variable
//! and no file but the catalog itself is read here; `~/` in a path is looked up.

mod additions;
mod credentials;
pub(crate) mod edit;
mod heard;
mod line_ends;
pub(crate) mod lines;
pub(crate) mod nearest;
mod other_terms;
mod parse;
pub(crate) mod presets;
mod problem;
mod raw;
pub(crate) mod transcribe;
mod values;
pub(crate) mod write;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::time::Duration;

use globset::GlobMatcher;
use serde::Deserialize;
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use url::Url;

pub(crate) use crate::catalog::credentials::{CommandLine, HeaderPiece, RequestHeader};
use crate::catalog::transcribe::TranscribeSettings;
use crate::fs::{self, FileError};
use crate::limits;
use crate::llm::{Price, ProviderKind, Tuning};
use crate::numbers::pluralize;
use crate::render::Format;
use crate::talk::id::{TalkId, VideoId};

/// A conference, as its organizer describes it.
#[derive(Debug)]
pub struct Catalog {
    /// Where `prompts/` and `templates/` are: the folder of the catalog.
    pub folder: PathBuf,
    /// Where its captions, prompts and templates may be: its own folder, and those that are trusted.
    pub readable: Vec<PathBuf>,
    /// The folder of the cache, which several catalogs may share.
    pub cache: PathBuf,
    /// The store behind that folder, which several machines share.
    pub store: Option<Url>,
    /// The conference's name.
    pub title: String,
    /// Markdown that stands under the title.
    pub intro: Option<String>,
    /// The address that the page will have.
    pub url: Option<Url>,
    /// Where the conference was.
    pub place: Option<String>,
    /// When it was, as the page says it.
    pub dates: Option<String>,
    /// The conference's own page.
    pub website: Option<Url>,
    /// The file of its logo.
    pub logo: Option<PathBuf>,
    /// The folder of the page among those of other conferences; without it, the title makes one.
    pub slug: Option<String>,
    /// The language of the summaries, and of the captions to prefer (BCP 47).
    pub language: String,
    /// The formats of the page.
    pub formats: Vec<Format>,
    /// The folder for the page.
    pub output: PathBuf,
    /// Where the page takes the talks' pictures from.
    pub thumbnails: Thumbnails,
    /// Whether models are asked for quotes, and the page shows where each sentence is said.
    pub evidence: bool,
    /// Whether each talk has a page of its own.
    pub pages: bool,
    /// Whether these pages show what was said.
    pub transcripts: bool,
    /// The talks in the organizer's order, hidden ones included.
    pub talks: Vec<Entry>,
    /// The closed set of categories.
    pub categories: Categories,
    /// Names as they are written at this conference.
    pub glossary: Glossary,
    /// The endpoint that writes; none means the built-in excerpts.
    pub llm: Option<LlmSettings>,
    /// The endpoint that listens; none means that talks without captions stay without a transcript.
    pub transcribe: Option<TranscribeSettings>,
    /// How recordings are fetched.
    pub fetch: FetchSettings,
}

/// One talk of the catalog. What is set here wins over what is fetched or generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// How the talk is known.
    pub id: TalkId,
    /// Where its recording is, if that is not `YouTube`. Such a talk has a title.
    pub recording: Option<Url>,
    /// Where its captions are, if they come by a link.
    pub captions: Option<Url>,
    /// Where it ends in the recording, in seconds.
    pub end: Option<u64>,
    /// Its title.
    pub title: Option<String>,
    /// When it was held or published, `2026-02-01`.
    pub date: Option<String>,
    /// How long it is, in seconds.
    pub duration: Option<u64>,
    /// Who speaks.
    pub speakers: Vec<String>,
    /// Its category, as the list of categories spells it.
    pub category: Option<String>,
    /// Up to two other categories that it belongs to as well, spelled as in the list.
    pub also: Vec<String>,
    /// Its summary, in the organizer's words.
    pub summary: Option<String>,
    /// What it was announced with; stands in the place of the video's description.
    pub r#abstract: Option<String>,
    /// The language that is spoken.
    pub language: Option<String>,
    /// Whether what was said in it may be published word for word.
    pub transcript: bool,
    /// Whether the talk stays off the page and out of the work.
    pub hide: bool,
    /// What of it a reviewer has approved, as the digest that `review` writes.
    pub approved: Option<String>,
}

/// Where a page takes the talks' pictures from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Thumbnails {
    /// From `YouTube`, each time that somebody looks at the page.
    #[default]
    Linked,
    /// From files beside the page, which are fetched once.
    Local,
    /// From nowhere: the page has none.
    None,
}

/// A category: what talks are filed under.
#[derive(Debug)]
pub struct Category {
    /// Its name, as the page shows it.
    pub name: String,
    /// What belongs into it; models and the built-in summarizer go by this, and no reader sees it.
    pub description: String,
    /// What readers are told about it, and nobody goes by.
    pub about: String,
    titles: Vec<GlobMatcher>,
}

/// The categories in the organizer's order. No two have the same name.
#[derive(Debug, Default)]
pub struct Categories(Vec<Category>);

/// Names as they are written at this conference.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Glossary {
    /// The names.
    pub terms: Vec<String>,
    /// What speech recognition makes of a name, and the name.
    pub heard: BTreeMap<String, String>,
    /// The catalogs whose terms are trusted as names, too.
    pub from: Vec<PathBuf>,
    /// Their terms, once somebody has read them.
    pub other_terms: Vec<String>,
}

/// The endpoint that writes summaries and chooses categories.
#[derive(Debug, Clone)]
pub struct LlmSettings {
    /// The wire format it speaks.
    pub provider: ProviderKind,
    /// Where it is; none means the provider's own address.
    pub base_url: Option<Url>,
    /// The model's name.
    pub model: String,
    /// The environment variable that holds the key.
    pub api_key_env: Option<String>,
    /// The command that prints the key; not beside a variable.
    pub api_key_command: Option<CommandLine>,
    /// More headers for every request.
    pub headers: Vec<RequestHeader>,
    /// Whether a key may go to another machine over plain http.
    pub unencrypted_key: bool,
    /// Whether its key is not trusted on this machine, or a folder that the catalog leads to: then it
    /// is asked nothing.
    pub is_withheld: bool,
    /// How many requests may be under way at once.
    pub concurrency: NonZeroUsize,
    /// How many requests may start within a minute.
    pub requests_per_minute: Option<NonZeroU32>,
    /// How many prompt tokens may be sent within a minute.
    pub tokens_per_minute: Option<NonZeroU32>,
    /// How many tokens fit the model's context.
    pub context_tokens: Option<NonZeroU32>,
    /// The longest reply, in tokens; none means what a model needs that thinks little.
    pub max_tokens: Option<NonZeroU32>,
    /// What is asked of the model beyond what everybody asks.
    pub tuning: Tuning,
    /// How long one request may take.
    pub timeout: Duration,
    /// What the tokens cost.
    pub price: Option<Price>,
}

/// The extensions of caption files that are read; of two, the first here wins.
pub(crate) const CAPTION_EXTENSIONS: [&str; 22] = [
    "vtt", "srt", "json3", "srv1", "srv3", "srv2", "xml", "ttml", "dfxp", "itt", "sbv", "smi",
    "sami", "ass", "ssa", "sub", "json", "jsonl", "tsv", "csv", "lrc", "txt",
];

/// Whether a file has one of the extensions of caption files.
pub(crate) fn has_caption_extension(file: &str) -> bool {
    let extension = Path::new(file).extension().and_then(OsStr::to_str);
    let is_known = |extension: &str| {
        let mut known = CAPTION_EXTENSIONS.iter();
        known.any(|known| extension.eq_ignore_ascii_case(known))
    };
    extension.is_some_and(is_known)
}

/// How recordings are fetched.
#[derive(Debug, Clone)]
pub struct FetchSettings {
    /// The folder with the organizer's own caption files.
    pub captions: PathBuf,
    /// The files in it that are named otherwise than by their video's id.
    pub caption_files: BTreeMap<VideoId, String>,
    /// How many visits may be under way at once.
    pub concurrency: NonZeroUsize,
    /// How long to rest after a visit.
    pub pause: Duration,
    /// How long yt-dlp rests between the requests of one visit.
    pub sleep_requests: Duration,
    /// How long yt-dlp rests before it asks for captions.
    pub sleep_subtitles: Duration,
    /// How long one visit may take.
    pub timeout: Duration,
    /// How often what passes is tried again for one talk.
    pub retries: usize,
    /// How long to wait before the first of these tries; doubled each time.
    pub retry_wait: Duration,
    /// For how long it is believed that a video or its captions are not to be had; none means for
    /// ever.
    pub recheck_after: Option<Duration>,
    /// The yt-dlp to run: a command to be found on the path, or a path; none means whichever is
    /// found.
    pub yt_dlp: Option<PathBuf>,
    /// More arguments for yt-dlp.
    pub yt_dlp_args: Vec<String>,
    /// The hosts in the network of this machine that captions may come from by a link.
    pub private_hosts: Vec<String>,
}

/// A catalog that cannot be used.
#[derive(Debug, Error)]
pub enum CatalogError {
    /// The file could not be read.
    #[error("cannot load the catalog")]
    File(#[source] FileError),
    /// The glossary names a catalog that is not there.
    #[error("there is no catalog `{}`, which the glossary takes terms from", .0.display())]
    NoGlossary(PathBuf),
    /// The glossary names a catalog that is not written in TOML.
    #[error("cannot read the terms in `{}`: {problem}", path.display())]
    Glossary {
        /// The other catalog.
        path: PathBuf,
        /// What is wrong there.
        problem: String,
    },
    /// The file can be read and says something that cannot be.
    #[error("{}", list_mistakes(path, mistakes))]
    Invalid {
        /// The catalog.
        path: PathBuf,
        /// What is wrong in it, from the first line to the last; never nothing.
        mistakes: Vec<Mistake>,
    },
}

/// What is wrong in one line of a catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// So many mistakes are told at once.
const MOST_TOLD: usize = 20;

/// One mistake in a line, for which there is a hint beside it, or several in lines with their hints.
fn list_mistakes(path: &Path, mistakes: &[Mistake]) -> String {
    let path = path.display();
    if let [Mistake { line, problem, .. }] = mistakes {
        return format!("{path}:{line}: {problem}");
    }
    let told = mistakes.iter().take(MOST_TOLD).map(|mistake| {
        let Mistake { line, problem, .. } = mistake;
        let hint = mistake.hint.as_ref();
        let hint = hint.map(|hint| format!("\n    → {hint}"));
        format!("\n  {path}:{line}: {problem}{}", hint.unwrap_or_default())
    });
    let told: String = told.collect();
    let count = pluralize(mistakes.len(), "mistake");
    match mistakes.len().saturating_sub(MOST_TOLD) {
        0 => format!("{path} has {count}:{told}"),
        more => format!("{path} has {count}:{told}\n  and {more} more"),
    }
}

impl CatalogError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::File(error) if error.is_not_found() => Some(
                "start one with `proceedings init PLAYLIST-URL`, or name yours with `--catalog FILE`"
                    .to_owned(),
            ),
            Self::File(error) => Some(match error.folder() {
                Some(folder) => {
                    let catalog = folder.join("catalog.toml");
                    format!("it is a folder; name the catalog in it with `--catalog {}`", catalog.display())
                }
                None => "save it as UTF-8 and check its permissions, or name another catalog with `--catalog FILE`".to_owned(),
            }),
            Self::NoGlossary(_) | Self::Glossary { .. } => {
                Some("correct it, or take it out of `from` under [glossary]".to_owned())
            }
            Self::Invalid { mistakes, .. } => match &mistakes[..] {
                [only] => only.hint.clone(),
                // Each has its own beside it.
                _ => None,
            },
        }
    }
}

impl Catalog {
    /// Reads and checks a catalog.
    pub fn load(path: &Path) -> Result<Self, CatalogError> {
        let text = fs::read_text_at_most(path, limits::CATALOG).map_err(CatalogError::File)?;
        Self::parse(path, &text)
    }

    /// Checks the text of a catalog that stands at `path`.
    pub fn parse(path: &Path, text: &str) -> Result<Self, CatalogError> {
        parse::catalog(path, text)
    }

    /// The talks that are not hidden, in the organizer's order.
    pub fn visible(&self) -> impl Iterator<Item = &Entry> {
        self.talks.iter().filter(|entry| !entry.hide)
    }
}

impl Category {
    /// Whether a rule of this category takes a talk whose title is folded so.
    fn takes(&self, folded: &str) -> bool {
        self.titles.iter().any(|pattern| pattern.is_match(folded))
    }
}

impl Categories {
    /// The categories in the organizer's order.
    pub fn iter(&self) -> impl Iterator<Item = &Category> {
        self.0.iter()
    }

    /// Whether the conference has no categories at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Finds a category by its name: as it is spelled, else whatever its case and however its
    /// accents are written.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Category> {
        let name = name.trim();
        let exact = self.0.iter().find(|category| category.name == name);
        exact.or_else(|| {
            let name = fold(name);
            self.0.iter().find(|category| fold(&category.name) == name)
        })
    }

    /// Finds the first category that claims a title by a rule.
    #[must_use]
    pub fn by_title(&self, title: &str) -> Option<&Category> {
        let title = fold(title);
        self.0.iter().find(|category| category.takes(&title))
    }
}

/// A text as all of the spellings of its letters have it in common: lower case, and each accent one
/// with its letter.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests;
