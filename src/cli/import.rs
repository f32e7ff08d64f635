//! `import`: pages made earlier become a catalog and a cache.

use std::collections::HashSet;
use std::path::PathBuf;

use clap::Args;

use crate::cache::{Cache, CacheError, Lookup, Owner, Reply, Request};
use crate::catalog::lines::NewTalk;
use crate::catalog::write::{ImportedCatalog, format_imported};
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::page;
use crate::fs::{self, Existing};
use crate::limits;
use crate::origin_page::{self, OriginPage, OriginTalk};
use crate::render::Format;
use crate::report::{Verbosity, say};
use crate::talk::id::{TalkId, VideoId};
use crate::talk::{Choice, UNCATEGORIZED};
use crate::work::Stage;

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Markdown pages of the earlier tool
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// The folder for catalog and cache; it must not hold a catalog yet
    #[arg(long, value_name = "DIR")]
    into: PathBuf,
}

/// Takes pages over. A video that stands twice is kept once and reported.
pub(super) fn import(globals: &Globals, arguments: &ImportArgs) -> Result<Ending, Failure> {
    let catalog = arguments.into.join("catalog.toml");
    if catalog.exists() {
        let error = format!("`{}` exists already", catalog.display());
        return Err(Failure::usage(error, Some("import into an empty folder")));
    }
    let pages = arguments.pages.iter().map(|path| {
        let page = fs::read_text_at_most(path, limits::SCHEDULE).map_err(|error| {
            let hint = "name a Markdown page of the earlier tool";
            Failure::usage(error, Some(hint))
        })?;
        origin_page::parse(&page).map_err(|error| {
            let error = format!("cannot import `{}`: {error}", path.display());
            Failure::run(
                error,
                Some("only Markdown pages of the earlier tool can be imported"),
            )
        })
    });
    let pages: Vec<OriginPage> = pages.collect::<Result<_, Failure>>()?;

    let (kept, twice) = deduplicate(&pages);
    let cache = Cache::new(arguments.into.join("cache"));
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(|error| Failure::run(error, None::<String>))?;
    for (category, talk) in &kept {
        runtime.block_on(keep(&cache, category, talk))?;
    }
    let text = format_imported(&imported_catalog(&pages, &kept));
    let written = fs::write(&catalog, text.as_bytes(), Existing::Keep);
    written.map_err(|error| Failure::run(error, None::<String>))?;

    if globals.verbosity > Verbosity::Quiet {
        say(format_args!(
            "added {} talks to {}",
            kept.len(),
            catalog.display()
        ));
    }
    if let ([path], true) = (&arguments.pages[..], twice.is_empty()) {
        let classic = page::render_format(&globals.of_catalog(&catalog), Format::Classic)?;
        let page = fs::read_text_at_most(path, limits::SCHEDULE)
            .map_err(|error| Failure::run(error, None::<String>))?;
        let page = origin_page::normalize(&page);
        if let Some(line) = first_difference(page.trim_end(), classic.trim_end()) {
            say(format_args!(
                "line {line}, and maybe more of the page, was changed by hand and will not come back"
            ));
        }
    }
    for video in &twice {
        say(format_args!(
            "`{video}` is listed more than once; its first place was kept"
        ));
    }
    if twice.is_empty() {
        Ok(Ending::Complete)
    } else {
        Ok(Ending::Incomplete)
    }
}

/// The first line, counted from 1, in which two texts differ.
fn first_difference(one: &str, other: &str) -> Option<usize> {
    let lines = one.split('\n').zip(other.split('\n'));
    let same = lines.take_while(|(line, other)| line == other).count();
    (one != other).then_some(same + 1)
}

/// The talks with their sections' names, each video once, and the videos that stand more often.
fn deduplicate(pages: &[OriginPage]) -> (Vec<(&str, &OriginTalk)>, Vec<&VideoId>) {
    let mut seen = HashSet::new();
    let (mut kept, mut twice) = (Vec::new(), Vec::new());
    for section in pages.iter().flat_map(|page| &page.sections) {
        for talk in &section.talks {
            if seen.insert(&talk.video) {
                kept.push((section.name.as_str(), talk));
            } else {
                twice.push(&talk.video);
            }
        }
    }
    (kept, twice)
}

fn imported_catalog(pages: &[OriginPage], kept: &[(&str, &OriginTalk)]) -> ImportedCatalog {
    let mut categories: Vec<String> = Vec::new();
    for (name, _) in kept {
        if *name != UNCATEGORIZED && !categories.iter().any(|known| known == name) {
            categories.push((*name).to_owned());
        }
    }
    let first = pages.first();
    ImportedCatalog {
        title: first.map(|page| page.title.clone()).unwrap_or_default(),
        intro: first.and_then(|page| page.intro.clone()),
        talks: kept
            .iter()
            .map(|(_, talk)| NewTalk {
                title: Some(talk.title.clone()).filter(|title| !title.trim().is_empty()),
                ..NewTalk::of(talk.video.clone())
            })
            .collect(),
        categories,
    }
}

/// Keeps summary and category as imported. Metadata is not kept, so that `fetch` still asks.
async fn keep(cache: &Cache, category: &str, talk: &OriginTalk) -> Result<(), CacheError> {
    let id = TalkId::whole(talk.video.clone());
    let choice = match category {
        UNCATEGORIZED => Choice::NoneFits,
        name => Choice::Category(name.to_owned()),
    };
    let category = (
        Stage::Category,
        Request::Import(category.to_owned()),
        Reply::ImportedCategory(choice),
    );
    let summary = talk.summary.clone();
    let summary = (
        Stage::Summary,
        Request::Import(summary.clone()),
        Reply::ImportedSummary(summary),
    );
    for (stage, request, reply) in [summary, category] {
        let is_empty = matches!(&reply, Reply::ImportedSummary(text) if text.is_empty());
        let is_kept = matches!(
            cache.snapshot(&talk.video)?.reply(&id, stage, &request)?,
            Lookup::Hit(_)
        );
        if !is_empty && !is_kept {
            cache
                .keep_reply(Owner::Talk(&id), stage, &request, reply)
                .await?;
        }
    }
    Ok(())
}
