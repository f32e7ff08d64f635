//! The syntax of `catalog.toml`: strict, with the line and the nearest known key in every error.
//!
//! The structs that mirror the file are in `raw.rs`; what they turn into is in `mod.rs`.

mod caption_files;
mod extra;

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path;

use globset::Glob;
use toml::Spanned;
use unicode_normalization::UnicodeNormalization;
use url::Url;

use crate::catalog::nearest::did_you_mean;
use crate::catalog::problem::Problem;
use crate::catalog::raw::{RawCatalog, RawCategory, RawEntry, RawFetch, RawLlm, RawTalk};
use crate::catalog::transcribe;
use crate::catalog::values::{base_url, require_text, variable};
use crate::catalog::{
    Catalog, CatalogError, Categories, Category, Entry, FetchSettings, Glossary, LlmSettings,
    credentials, fold,
};
use crate::llm::{Price, Tuning};
use crate::talk::id::{TalkId, VideoId};
use crate::talk::{UNCATEGORIZED, is_language};

/// Checks the text of a catalog that stands at `path`.
pub(super) fn catalog(path: &Path, text: &str) -> Result<Catalog, CatalogError> {
    // Texts of several lines mean the same wherever the catalog was checked out.
    let text = &text.replace("\r\n", "\n");
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
    let raw: RawCatalog = toml::from_str(text)
        .map_err(|error| translate_error(error.span().unwrap_or(0..0), error.message()))?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let categories = categories(raw.categories)?;
    let talks = entries(raw.talks, &categories)?;
    let language = raw.language.span();
    let language = language_tag(raw.language.get_ref()).map_err(|(text, hint)| Problem {
        span: language,
        text,
        hint,
    })?;
    Ok(Catalog {
        cache: folder.join(cache_folder(raw.cache)?),
        title: require_text("title", raw.title)?,
        intro: raw.intro,
        url: raw.url.as_ref().map(page_address).transpose()?,
        slug: raw.slug.map(slug).transpose()?,
        language,
        formats: raw.formats,
        output: folder.join(raw.output),
        thumbnails: raw.thumbnails,
        fetch: fetch_settings(raw.fetch, &folder, &talks)?,
        talks,
        categories,
        glossary: Glossary {
            terms: raw.glossary.terms,
            heard: raw.glossary.heard,
        },
        llm: raw.llm.map(|llm| llm_settings(llm, &folder)).transpose()?,
        transcribe: raw.transcribe.map(transcribe::settings).transpose()?,
        folder,
    })
}

/// The folder of the cache. What looks like the address of a store is refused, not made a folder.
fn cache_folder(raw: Option<Spanned<String>>) -> Result<String, Problem> {
    let Some(raw) = raw else {
        return Ok("cache".to_owned());
    };
    let is_folder = !raw.get_ref().trim().is_empty() && !raw.get_ref().contains("://");
    if is_folder {
        return Ok(raw.into_inner());
    }
    let text = format!("the cache `{}` is no folder", raw.get_ref());
    let hint = "name a folder, such as \"cache\" or \"../cache\"".to_owned();
    Err(Problem {
        hint: Some(hint),
        ..Problem::new(raw.span(), text)
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
    if raw
        .title
        .as_ref()
        .is_some_and(|title| title.trim().is_empty())
    {
        return Err((format!("the title of the talk `{video}` is empty"), None));
    }
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
                let nearest = did_you_mean(&name, known);
                let to_list = (name != UNCATEGORIZED)
                    .then(|| "list it as a table `[[categories]]`".to_owned());
                return Err((
                    format!("`{name}` is none of the categories"),
                    nearest.or(to_list),
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
        r#abstract: raw.r#abstract.map(|text| text.trim().to_owned()),
        language: raw.language.as_deref().map(language_tag).transpose()?,
        hide: raw.hide,
        approved: raw.approved,
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
        if !seen.insert(name.nfc().collect()) {
            return Err(Problem::new(
                span,
                format!("the category `{name}` is listed twice"),
            ));
        }
        let mut titles = Vec::with_capacity(raw.titles.len());
        for pattern in &raw.titles {
            // The glob folds the case of ASCII alone; titles are folded where they are matched.
            let glob = Glob::new(&fold(pattern.get_ref()));
            let glob = glob.map_err(|error| {
                let kind = error.kind();
                let text = format!("malformed pattern `{}`: {kind}", pattern.get_ref());
                Problem::new(pattern.span(), text)
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

fn llm_settings(raw: RawLlm, folder: &Path) -> Result<LlmSettings, Problem> {
    let base_url = raw.base_url.as_ref().map(base_url).transpose()?;
    let api_key_env = raw.api_key_env.map(variable).transpose()?;
    let api_key_command = raw.api_key_command.as_ref();
    let api_key_command = api_key_command
        .map(|line| credentials::key_command(line, api_key_env.as_ref(), folder))
        .transpose()?;
    Ok(LlmSettings {
        provider: raw.provider,
        base_url,
        model: require_text("model", raw.model)?,
        api_key_env,
        api_key_command,
        headers: credentials::headers(raw.headers)?,
        unencrypted_key: raw.unencrypted_key,
        is_withheld: false,
        concurrency: raw.concurrency,
        requests_per_minute: raw.requests_per_minute,
        tokens_per_minute: raw.tokens_per_minute,
        context_tokens: raw.context_tokens,
        max_tokens: raw.max_tokens,
        tuning: Tuning {
            effort: raw.effort,
            extra: raw
                .extra
                .map(extra::fields)
                .transpose()?
                .unwrap_or_default(),
        },
        timeout: raw.timeout.0,
        price: raw.price.as_ref().map(price).transpose()?,
    })
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
    let text = "`price` holds an amount below nothing".to_owned();
    Err(Problem::new(price.span(), text))
}

fn slug(raw: Spanned<String>) -> Result<String, Problem> {
    let text = raw.get_ref();
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if (1..=60).contains(&text.len()) && text.chars().all(is_plain) {
        return Ok(raw.into_inner());
    }
    Err(Problem {
        span: raw.span(),
        text: format!("the slug `{text}` is no name for every disk and address"),
        hint: Some("use up to 60 of a to z, 0 to 9 and `-`, such as `conf-2026`".to_owned()),
    })
}

fn page_address(text: &Spanned<String>) -> Result<Url, Problem> {
    let url = Url::parse(text.get_ref()).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| Problem {
        span: text.span(),
        text: format!("`url` is no http or https address: `{}`", text.get_ref()),
        hint: Some("write where the page will be, such as `https://conf.example/2026/`".to_owned()),
    })
}

fn fetch_settings(raw: RawFetch, folder: &Path, talks: &[Entry]) -> Result<FetchSettings, Problem> {
    Ok(FetchSettings {
        captions: folder.join(raw.captions),
        caption_files: caption_files::caption_files(raw.caption_files, talks)?,
        concurrency: raw.concurrency,
        pause: raw.pause.0,
        sleep_requests: raw.sleep_requests.0,
        sleep_subtitles: raw.sleep_subtitles.0,
        timeout: raw.timeout.0,
        retries: raw.retries,
        retry_wait: raw.retry_wait.0,
        recheck_after: raw.recheck_after.map(|age| age.0),
        yt_dlp: raw.yt_dlp.map(|yt_dlp| {
            let is_command = yt_dlp.components().count() == 1;
            if is_command {
                yt_dlp
            } else {
                folder.join(yt_dlp)
            }
        }),
        yt_dlp_args: raw.yt_dlp_args,
    })
}

/// Says what serde says to people who write catalogs; serde gives the unknown word and the known
/// ones in no other form than its message.
fn translate_error(span: Range<usize>, message: &str) -> Problem {
    let message = message.lines().next().unwrap_or_default();
    let (wrong, expected) = message.rsplit_once(", expected ").unwrap_or((message, ""));
    if wrong.starts_with("unknown field") || wrong.starts_with("unknown variant") {
        let given = wrong.split('`').nth(1).unwrap_or_default();
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        let nearest = did_you_mean(given, known.iter().copied());
        return Problem {
            span,
            text: wrong.replacen("unknown variant", "unknown value", 1),
            hint: nearest.or_else(|| Some(format!("known here: {}", known.join(", ")))),
        };
    }
    let wrong = wrong
        .replacen("invalid type: map", "invalid type: table", 1)
        .replacen("invalid type: sequence", "invalid type: list", 1);
    let text = match expected {
        "" => wrong,
        "a string" => format!("{wrong}, expected a text in quotes"),
        "a sequence" => format!("{wrong}, expected a list in square brackets"),
        "a map" => format!("{wrong}, expected a table"),
        "f64" => format!("{wrong}, expected a number"),
        _ if expected.starts_with("a nonzero") => {
            format!("{wrong}, expected a whole number above 0")
        }
        _ => format!("{wrong}, expected {expected}"),
    };
    Problem::new(span, text)
}
