//! The syntax of `catalog.toml`: strict, with the line and the nearest known key in every error.
//!
//! The structs that mirror the file are in `raw.rs`; what they turn into is in `mod.rs`.

mod caption_files;
mod document;
mod extra;
mod recording;
mod syntax;
mod types;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobMatcher};
use toml::Spanned;
use unicode_normalization::UnicodeNormalization;
use url::Url;

use crate::catalog::nearest::did_you_mean;
use crate::catalog::parse::recording::RecordingPlace;
use crate::catalog::problem::{Grounds, Problem, Problems};
use crate::catalog::raw::{RawCatalog, RawCategory, RawEntry, RawFetch, RawLlm, RawTalk};
use crate::catalog::transcribe;
use crate::catalog::values::{base_url, path, require_text, variable};
use crate::catalog::{
    Catalog, CatalogError, Categories, Category, Entry, FetchSettings, Glossary, LlmSettings,
    credentials, fold,
};
use crate::llm::{Price, Tuning};
use crate::store;
use crate::talk::id::{TalkId, VideoId};
use crate::talk::{UNCATEGORIZED, is_language};

/// Checks the text of a catalog that is at `path`.
pub(super) fn catalog(path: &Path, text: &str) -> Result<Catalog, CatalogError> {
    // Texts of several lines mean the same wherever the catalog was checked out.
    let text = &text.replace("\r\n", "\n");
    let folder = path.parent().unwrap_or(Path::new(""));
    let understood = document::read(text);
    let mut problems = Problems::from(understood.problems);
    let is_whole = understood.is_whole;
    let catalog = understood
        .catalog
        .map(|raw| check(raw, folder, &mut problems));
    let mut problems = problems.into_inner();
    if !is_whole {
        problems.retain(|problem| problem.grounds != Grounds::Absence);
    }
    match catalog {
        Some(catalog) if problems.is_empty() => Ok(catalog),
        _ => Err(CatalogError::Invalid {
            path: path.to_owned(),
            mistakes: document::in_order(&understood.text, problems),
        }),
    }
}

/// What the file says, checked. Where there are problems, what comes of it is of no use.
fn check(raw: RawCatalog, folder: &Path, problems: &mut Problems) -> Catalog {
    let categories = categories(raw.categories, problems);
    let talks = entries(raw.talks, &categories, problems);
    let (cache, store) = problems.note_or_default(cache(raw.cache));
    let language = raw.language.span();
    let language = language_tag(raw.language.get_ref()).map_err(|(text, hint)| Problem {
        hint,
        ..Problem::new(language, text)
    });
    let url = raw.url.as_ref().map(|url| web_address("url", url));
    let website = raw.website.as_ref().map(|url| web_address("website", url));
    Catalog {
        cache: folder.join(cache),
        store,
        title: problems.note_or_default(require_text("title", raw.title)),
        intro: raw.intro,
        url: problems.note_or_default(url.transpose()),
        place: raw.place,
        dates: raw.dates,
        website: problems.note_or_default(website.transpose()),
        logo: (raw.logo)
            .and_then(|logo| problems.note(path(logo)))
            .map(|logo| folder.join(logo)),
        slug: problems.note_or_default(raw.slug.map(slug).transpose()),
        language: problems.note_or_default(language),
        formats: raw.formats,
        output: folder.join(problems.note_or_default(path(raw.output))),
        thumbnails: raw.thumbnails,
        evidence: raw.evidence,
        pages: raw.pages,
        transcripts: raw.transcripts,
        fetch: fetch_settings(raw.fetch, folder, &talks, problems),
        talks,
        categories,
        glossary: Glossary {
            terms: raw.glossary.terms,
            heard: raw.glossary.heard,
            from: (raw.glossary.from.into_iter())
                .filter_map(|other| problems.note(path(other)))
                .map(|other| folder.join(other))
                .collect(),
            other_terms: Vec::new(),
        },
        llm: raw.llm.map(|llm| llm_settings(llm, folder, problems)),
        transcribe: raw
            .transcribe
            .map(|transcribe| transcribe::settings(transcribe, problems)),
        folder: folder.to_owned(),
        readable: vec![folder.to_owned()],
    }
}

/// The folder of the cache, and the store behind it if an address is written in its place.
fn cache(raw: Option<Spanned<String>>) -> Result<(PathBuf, Option<Url>), Problem> {
    const FOLDER: &str = "cache";
    let Some(raw) = raw else {
        return Ok((PathBuf::from(FOLDER), None));
    };
    let text = raw.get_ref().trim();
    let is_folder = !text.is_empty() && !text.contains("://");
    if is_folder {
        return Ok((path(raw)?, None));
    }
    let is_store = |url: &Url| store::SCHEMES.contains(&url.scheme()) && url.has_host();
    if let Some(store) = text.parse().ok().filter(is_store) {
        return Ok((PathBuf::from(FOLDER), Some(store)));
    }
    let text = format!("the cache `{text}` is no folder and no store");
    let hint = "name a folder, such as \"cache\" or \"../cache\", or a store, such as \"s3://BUCKET/FOLDER\"";
    Err(Problem::new(raw.span(), text).with_hint(hint))
}

fn entries(
    raw: Vec<Spanned<RawEntry>>,
    categories: &Categories,
    problems: &mut Problems,
) -> Vec<Entry> {
    let mut seen: HashSet<TalkId> = HashSet::with_capacity(raw.len());
    let mut talks = Vec::with_capacity(raw.len());
    let mut recordings = HashMap::new();
    for spanned in raw {
        let span = spanned.span();
        let Some(entry) = entry(spanned.into_inner().0, &span, categories, problems) else {
            continue;
        };
        if !seen.insert(entry.id.clone()) {
            let text = format!("the talk `{}` is listed twice", entry.id);
            let hint = "a part of a longer recording needs a `start` of its own";
            problems.push(Problem::new(span.clone(), text).with_hint(hint));
        }
        if let Err(text) = recording::check_parts(&mut recordings, &entry) {
            problems.push(Problem::new(span, text));
        }
        talks.push(entry);
    }
    talks
}

fn entry(
    raw: RawTalk,
    span: &Range<usize>,
    categories: &Categories,
    problems: &mut Problems,
) -> Option<Entry> {
    let here = |text: String, hint: Option<String>| Problem {
        hint,
        ..Problem::new(span.clone(), text)
    };
    let place = recording::place(&raw).map_err(|(text, hint)| here(text, hint));
    let RecordingPlace {
        video,
        recording,
        captions,
    } = problems.note(place)?;
    let has_empty_title = |title: &String| title.trim().is_empty();
    if raw.title.as_ref().is_some_and(has_empty_title) {
        problems.push(here(
            format!("the title of the talk `{video}` is empty"),
            None,
        ));
    }
    let (start, end) = (raw.start.map(|clock| clock.0), raw.end.map(|clock| clock.0));
    let start = start.or(end.map(|_| 0));
    if start.zip(end).is_some_and(|(start, end)| start >= end) {
        problems.push(here(
            format!("the talk `{video}` ends before it starts"),
            None,
        ));
    }
    let listed = |name: &String| match categories.named(name) {
        Some(category) => Ok(category.name.clone()),
        None => {
            let known = categories.iter().map(|category| category.name.as_str());
            let nearest = did_you_mean(name, known);
            let to_list =
                (name != UNCATEGORIZED).then(|| "list it as a table `[[categories]]`".to_owned());
            let text = format!("`{name}` is none of the categories");
            Err(here(text, nearest.or(to_list)).by_absence())
        }
    };
    let category = problems.note_or_default(raw.category.as_ref().map(listed).transpose());
    let also = raw.also.iter().map(listed);
    let also: Vec<String> = also.filter_map(|name| problems.note(name)).collect();
    if let Some((text, hint)) = fault_of_others(&video, category.as_ref(), &also) {
        problems.push(here(text, Some(hint.to_owned())));
    }
    let language = raw.language.as_deref().map(language_tag).transpose();
    let language = language.map_err(|(text, hint)| here(text, hint));
    Some(Entry {
        id: TalkId { video, start },
        recording,
        captions,
        end,
        title: raw.title,
        date: raw.date.map(|day| day.0.to_string()),
        duration: raw.duration.map(|clock| clock.0),
        speakers: raw.speakers,
        category,
        also,
        summary: raw.summary,
        r#abstract: raw.r#abstract.map(|text| text.trim().to_owned()),
        language: problems.note_or_default(language),
        transcript: raw.transcript.unwrap_or(true),
        hide: raw.hide,
        approved: raw.approved,
    })
}

/// What is wrong with the categories that a talk has beside its own, and what to do about it.
fn fault_of_others(
    video: &VideoId,
    category: Option<&String>,
    also: &[String],
) -> Option<(String, &'static str)> {
    const MOST: usize = 2;
    let mut seen: HashSet<&String> = category.into_iter().collect();
    if let Some(twice) = also.iter().find(|name| !seen.insert(name)) {
        let text = format!("the talk `{video}` is in the category `{twice}` twice");
        return Some((
            text,
            "`also` lists other categories than `category`, each once",
        ));
    }
    (also.len() > MOST).then(|| {
        let text = format!("the talk `{video}` is in {} more categories", also.len());
        (text, "`also` lists up to two")
    })
}

/// A language tag, without the spaces around it.
fn language_tag(tag: &str) -> Result<String, (String, Option<String>)> {
    let tag = tag.trim();
    if is_language(tag) {
        return Ok(tag.to_owned());
    }
    let hint = "write its tag, such as `en`, `de` or `pt-BR`".to_owned();
    Err((format!("`{tag}` is no language"), Some(hint)))
}

fn categories(raw: Vec<Spanned<RawCategory>>, problems: &mut Problems) -> Categories {
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut list = Vec::with_capacity(raw.len());
    for spanned in raw {
        let span = spanned.span();
        let raw = spanned.into_inner();
        let name = raw.name.trim().to_owned();
        if let Err(problem) = category_name(&name, span, &seen) {
            problems.push(problem);
        }
        let titles = raw.titles.iter().map(title_pattern);
        let titles = titles.filter_map(|pattern| problems.note(pattern));
        let titles = titles.collect();
        seen.entry(fold(&name)).or_insert_with(|| name.clone());
        list.push(Category {
            name,
            description: raw.description,
            about: raw.about,
            titles,
        });
    }
    Categories(list)
}

/// Sees to it that a category has a name that no other has. `seen` holds the names before it, by
/// what all their spellings have in common.
fn category_name(
    name: &str,
    span: Range<usize>,
    seen: &HashMap<String, String>,
) -> Result<(), Problem> {
    if name.is_empty() {
        return Err(Problem::new(span, "a category has no name"));
    }
    if name == UNCATEGORIZED {
        let text = format!(
            "`{UNCATEGORIZED}` is kept for talks that fit no category; it cannot be listed"
        );
        return Err(Problem::new(span, text));
    }
    match seen.get(&fold(name)) {
        None => Ok(()),
        Some(other) if other.nfc().eq(name.nfc()) => {
            let text = format!("the category `{name}` is listed twice");
            Err(Problem::new(span, text))
        }
        Some(other) => {
            let text =
                format!("the categories `{other}` and `{name}` differ in capital letters alone");
            let hint = "keep one of the two, or rename one";
            Err(Problem::new(span, text).with_hint(hint))
        }
    }
}

fn title_pattern(pattern: &Spanned<String>) -> Result<GlobMatcher, Problem> {
    // The glob folds the case of ASCII alone; titles are folded where they are matched.
    let glob = Glob::new(&fold(pattern.get_ref()));
    let glob = glob.map_err(|error| {
        let kind = error.kind();
        let text = format!("malformed pattern `{}`: {kind}", pattern.get_ref());
        Problem::new(pattern.span(), text)
    })?;
    Ok(glob.compile_matcher())
}

fn llm_settings(raw: RawLlm, folder: &Path, problems: &mut Problems) -> LlmSettings {
    let base_url = raw.base_url.as_ref().map(base_url).transpose();
    let api_key_env = problems.note_or_default(raw.api_key_env.map(variable).transpose());
    let api_key_command = raw.api_key_command.as_ref();
    let api_key_command = api_key_command
        .map(|line| credentials::key_command(line, api_key_env.as_ref(), folder))
        .transpose();
    let extra = raw.extra.map(extra::fields).transpose();
    let price = raw.price.as_ref().map(price).transpose();
    LlmSettings {
        provider: raw.provider,
        base_url: problems.note_or_default(base_url),
        model: problems.note_or_default(require_text("model", raw.model)),
        api_key_env,
        api_key_command: problems.note_or_default(api_key_command),
        headers: credentials::headers(raw.headers, problems),
        unencrypted_key: raw.unencrypted_key,
        is_withheld: false,
        concurrency: raw.concurrency,
        requests_per_minute: raw.requests_per_minute,
        tokens_per_minute: raw.tokens_per_minute,
        context_tokens: raw.context_tokens,
        max_tokens: raw.max_tokens,
        tuning: Tuning {
            effort: raw.effort,
            extra: problems.note_or_default(extra).unwrap_or_default(),
        },
        timeout: raw.timeout.0,
        price: problems.note_or_default(price),
    }
}

/// A price below nothing would let `--max-cost` be passed without a word.
fn price(price: &Spanned<Price>) -> Result<Price, Problem> {
    let Price {
        input,
        cached_input,
        output,
    } = *price.get_ref();
    let is_price = |dollars: f64| dollars.is_finite() && dollars >= 0.0;
    if [input, output]
        .into_iter()
        .chain(cached_input)
        .all(is_price)
    {
        return Ok(*price.get_ref());
    }
    let text = "`price` holds an amount below 0";
    Err(Problem::new(price.span(), text))
}

fn slug(raw: Spanned<String>) -> Result<String, Problem> {
    let text = raw.get_ref();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if (1..=60).contains(&text.len()) && text.chars().all(is_plain) {
        return Ok(raw.into_inner());
    }
    let problem = format!("the slug `{text}` does not work on every disk and in every address");
    let hint = "use up to 60 of a to z, 0 to 9 and `-`, such as `conf-2026`";
    Err(Problem::new(raw.span(), problem).with_hint(hint))
}

fn web_address(key: &str, text: &Spanned<String>) -> Result<Url, Problem> {
    let url = Url::parse(text.get_ref()).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| {
        let problem = format!("`{key}` is no http or https address: `{}`", text.get_ref());
        let hint = "write the whole address of a page, such as `https://conf.example/2026/`";
        Problem::new(text.span(), problem).with_hint(hint)
    })
}

fn fetch_settings(
    raw: RawFetch,
    folder: &Path,
    talks: &[Entry],
    problems: &mut Problems,
) -> FetchSettings {
    let yt_dlp = problems.note_or_default(raw.yt_dlp.map(path).transpose());
    FetchSettings {
        captions: folder.join(problems.note_or_default(path(raw.captions))),
        caption_files: caption_files::caption_files(raw.caption_files, talks, problems),
        concurrency: raw.concurrency,
        pause: raw.pause.0,
        sleep_requests: raw.sleep_requests.0,
        sleep_subtitles: raw.sleep_subtitles.0,
        timeout: raw.timeout.0,
        retries: raw.retries,
        retry_wait: raw.retry_wait.0,
        recheck_after: raw.recheck_after.map(|age| age.0),
        yt_dlp: yt_dlp.map(|yt_dlp| {
            let is_command = yt_dlp.components().count() == 1;
            if is_command {
                yt_dlp
            } else {
                folder.join(yt_dlp)
            }
        }),
        yt_dlp_args: raw.yt_dlp_args,
        private_hosts: (raw.private_hosts.into_iter())
            .filter_map(|host| problems.note(recording::host(&host)))
            .collect(),
    }
}
