//! `site`: the pages of many conferences, each in a folder of its own, and an index of them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use url::Url;

use crate::catalog::{Catalog, Entry};
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::setup::Setup;
use crate::cli::{catalogs, crawlers, final_report, page, preview, thumbnails};
use crate::fs::{self, Existing, FileError};
use crate::numbers::pluralize;
use crate::pipeline::Outcome;
use crate::render::Format;
use crate::render::page::{Header, Home};
use crate::render::pictures::Pictures;
use crate::render::similar::{ListedTalks, SimilarTalk, similar_across};
use crate::report::lines::Lines;
use crate::report::{Verbosity, say};
use crate::site::said::{self, SaidIndex};
use crate::site::{
    self, Gathering, Manifest, Removal, Searched, Searches, SiteConference, SiteHead,
};
use crate::talk::is_language;
use crate::work::Goal;

mod collections;
mod ownership;
mod words;

/// The folder of a site where nobody names another.
const SITE: &str = "site";
/// What the index is called by those above it and below it.
const INDEX: &str = "index.html";
/// The script that the index loads to search.
const SEARCH: &str = "search.js";
/// The feed of the newest talks.
const FEED: &str = "feed.xml";
/// The page that a server shows for an address that leads nowhere.
const NOT_FOUND: &str = "404.html";

/// The folders of a site that are no conference's.
const OWN_FOLDERS: [&str; 3] = [
    said::FOLDER,
    Gathering::Speakers.folder(),
    Gathering::Topics.folder(),
];

#[derive(Debug, Args)]
pub(super) struct SiteArgs {
    /// The conferences' catalogs or their folders, in the order of the index
    #[arg(required = true, value_name = "CATALOG")]
    catalogs: Vec<PathBuf>,
    /// The folder for the index, with a folder for each conference
    #[arg(long, value_name = "DIR", default_value = SITE)]
    output: PathBuf,
    /// Replace files that this program did not write, if they are in the page's place
    #[arg(long)]
    force: bool,
    /// The title of the index; without it, "Conferences" in its language
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// The language of the index and of the pages of speakers and topics (a tag, such as `de`); without it, that of all conferences, or English where they differ
    #[arg(long, value_name = "TAG", value_parser = language_tag)]
    language: Option<String>,
    /// A file that makes topics of the conferences' categories: lines such as `"Kubernetes" = "Cloud"`
    #[arg(long, value_name = "FILE")]
    topics: Option<PathBuf>,
    /// The address where you publish the site, for search engines, previews and a page for dead links
    #[arg(long, value_name = "URL", value_parser = site_address)]
    url: Option<Url>,
}

/// A conference that can be used, and the folder of its page.
struct OpenConference {
    catalog: PathBuf,
    setup: Setup,
    folder: String,
}

/// The language of an index, by its tag.
fn language_tag(text: &str) -> Result<String, String> {
    let is_tag = is_language(text.trim());
    let hint = "write its tag, such as `en`, `de` or `pt-BR`".to_owned();
    is_tag.then(|| text.trim().to_owned()).ok_or(hint)
}

/// The address of a site: that of a folder, whether it ends in `/` or not.
fn site_address(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let mut url = url.ok_or("write a whole address, such as `https://talks.example/`")?;
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// Makes the site from the caches. Nobody outside is asked, and a conference that cannot be used
/// costs itself alone.
pub(super) fn site(globals: &Globals, arguments: &SiteArgs) -> Result<Ending, Failure> {
    let site = &arguments.output;
    let topics = collections::topics(arguments)?;
    let catalogs = catalogs::deduplicate(&arguments.catalogs);
    let opened = open_all(globals, &catalogs)?;
    let earlier = load_earlier(site)?;
    ownership::ensure_own(arguments, &opened, &earlier)?;
    // Where nothing can be written, no conference is to blame.
    earlier.save(site).map_err(not_written)?;

    let recalled = recall(opened);
    let languages = recalled.iter();
    let languages = languages.map(|(opened, _)| &*opened.setup.catalog.language);
    let usual_language = site::common_language(languages);
    let language = arguments.language.as_deref().unwrap_or(usual_language);
    let head = SiteHead::new(arguments.title.clone(), language);
    let mut written = Manifest::default();
    let (conferences, searched, mut ending) =
        write_conferences(globals, arguments, &head, recalled, &mut written)?;
    let gathered = collections::write(
        arguments,
        &head,
        &conferences,
        &topics,
        &earlier,
        &mut written,
    )?;
    let searches = Searches { searched, gathered };
    write_index(arguments, &head, &conferences, &searches, &mut written)?;

    if conferences.len() == catalogs.len() {
        clear(globals, site, &written, &earlier)?;
    } else {
        ending = Ending::Incomplete;
        // The page of a conference that is left out may be among it.
        written.add_earlier(earlier);
    }
    written.save(site).map_err(not_written)?;
    if globals.verbosity > Verbosity::Quiet {
        say(format_args!(
            "wrote {} with {}",
            site.join(INDEX).display(),
            pluralize(conferences.len(), "conference")
        ));
    }
    Ok(ending)
}

/// Opens the conferences that can be used, of which there must be one.
fn open_all(globals: &Globals, catalogs: &[PathBuf]) -> Result<Vec<OpenConference>, Failure> {
    let opened = catalogs.iter();
    let opened = opened
        .filter_map(|catalog| catalogs::ok_or_report(catalog, open(globals, catalog), "the site"));
    let opened: Vec<OpenConference> = opened.collect();
    ownership::ensure_distinct_folders(&opened)?;
    if opened.is_empty() {
        return Err(catalogs::none_can_be_used());
    }
    Ok(opened)
}

/// The list of what earlier runs have written.
fn load_earlier(site: &Path) -> Result<Manifest, Failure> {
    let earlier = Manifest::load(site).map_err(not_written)?;
    Ok(earlier.unwrap_or_else(|| {
        say(format_args!(
            "the list of earlier files cannot be read, so all of them stay"
        ));
        Manifest::default()
    }))
}

/// What the caches have of the conferences that can be used.
fn recall(opened: Vec<OpenConference>) -> Vec<(OpenConference, Vec<Outcome>)> {
    let recalled = opened.into_iter().filter_map(|opened| {
        let entries: Vec<&Entry> = opened.setup.catalog.visible().collect();
        let outcomes = (opened.setup).recall_or_excerpt(&entries, &Lines::new(Verbosity::Quiet));
        let mut outcomes = catalogs::ok_or_report(&opened.catalog, outcomes, "the site")?;
        page::withhold_words(&opened.setup.catalog, &mut outcomes);
        Some((opened, outcomes))
    });
    recalled.collect()
}

/// Makes the pages of the conferences, of which one must succeed, and the search in what was said.
fn write_conferences(
    globals: &Globals,
    arguments: &SiteArgs,
    head: &SiteHead,
    recalled: Vec<(OpenConference, Vec<Outcome>)>,
    written: &mut Manifest,
) -> Result<(Vec<SiteConference>, Searched, Ending), Failure> {
    let similar = similar_talks(&recalled);
    let mut conferences = Vec::new();
    let mut said = SaidIndex::new(&arguments.output);
    let mut ending = Ending::Complete;
    for ((opened, outcomes), similar) in recalled.into_iter().zip(similar) {
        let made = conference(
            globals, arguments, head, &opened, &outcomes, similar, written,
        );
        let Some((conference, header, whole)) =
            catalogs::ok_or_report(&opened.catalog, made, "the site")
        else {
            continue;
        };
        words::read(&mut said, &opened, &header, &outcomes).map_err(not_written)?;
        conferences.push(conference);
        if whole == Ending::Incomplete {
            ending = whole;
        }
    }
    if conferences.is_empty() {
        return Err(catalogs::none_can_be_used());
    }
    let searched = said.finish().map_err(not_written)?;
    Ok((conferences, searched, ending))
}

/// Writes the index and what is beside it.
fn write_index(
    arguments: &SiteArgs,
    head: &SiteHead,
    conferences: &[SiteConference],
    searches: &Searches,
    written: &mut Manifest,
) -> Result<(), Failure> {
    let site = &arguments.output;
    let address = arguments.url.as_ref();
    let not_made = |error| Failure::run(error, None::<String>);
    let index = site::index(head, address, conferences, searches).map_err(not_made)?;
    let mut files = vec![
        (SEARCH, site::write_script(conferences)),
        (FEED, site::feed(head, address, conferences)),
        (INDEX, index),
    ];
    let mut crawler_files = Vec::new();
    if let Some(address) = address {
        let page = site::not_found(head, address).map_err(not_made)?;
        files.push((NOT_FOUND, page));
        let picture = site::preview(head, conferences);
        if let Some(name) = preview::draw(&picture, site)? {
            written.add(site, name).map_err(not_written)?;
        }
        crawler_files = site::crawler_files(head, address, conferences);
    }
    for (name, text) in files {
        let place = site.join(name);
        fs::write(&place, text.as_bytes(), Existing::Replace).map_err(not_written)?;
        written.add(site, name.to_owned()).map_err(not_written)?;
    }
    for name in crawlers::write(&crawler_files, site)? {
        written.add(site, name).map_err(not_written)?;
    }
    Ok(())
}

/// The formats of a conference's page on a site, which is always there for browsers.
fn formats(setup: &Setup) -> Vec<Format> {
    let mut formats = setup.catalog.formats.clone();
    if !formats.contains(&Format::Html) {
        formats.push(Format::Html);
    }
    formats
}

fn not_written(error: FileError) -> Failure {
    Failure::run(error, Some("choose another folder with `--output`"))
}

fn open(globals: &Globals, catalog: &Path) -> Result<OpenConference, Failure> {
    catalogs::ensure_there(catalog)?;
    let setup = Setup::open(&globals.of_catalog(catalog))?;
    let Catalog { title, slug, .. } = &setup.catalog;
    Ok(OpenConference {
        folder: site::folder(title, slug.as_deref()),
        catalog: catalog.to_owned(),
        setup,
    })
}

/// The talks of all conferences that are like each talk of each conference, in whatever order they are
/// named.
fn similar_talks(recalled: &[(OpenConference, Vec<Outcome>)]) -> Vec<Vec<Vec<SimilarTalk>>> {
    let mut order: Vec<usize> = (0..recalled.len()).collect();
    order.sort_by_key(|at| &recalled[*at].0.folder);
    let listed = order.iter().map(|at| {
        let (opened, outcomes) = &recalled[*at];
        ListedTalks {
            title: &opened.setup.catalog.title,
            href: format!("../{}/{INDEX}", opened.folder),
            talks: page::talks(outcomes),
        }
    });
    let found = similar_across(&listed.collect::<Vec<_>>());
    let mut found: Vec<_> = order.into_iter().zip(found).collect();
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, similar)| similar).collect()
}

/// Makes the page of one conference, and says whether its talks have all that is on it.
fn conference(
    globals: &Globals,
    arguments: &SiteArgs,
    head: &SiteHead,
    opened: &OpenConference,
    outcomes: &[Outcome],
    similar: Vec<Vec<SimilarTalk>>,
    written: &mut Manifest,
) -> Result<(SiteConference, Header, Ending), Failure> {
    let OpenConference {
        catalog,
        setup,
        folder,
    } = opened;
    let entries: Vec<&Entry> = setup.catalog.visible().collect();
    let output = arguments.output.join(folder);
    let mut header = page::header(setup, Some(&output))?;
    header.home = Some(Home {
        title: head.title.clone(),
        href: format!("../{INDEX}"),
        searched_folder: words::are_published(setup).then(|| folder.clone()),
    });
    let url = arguments.url.as_ref();
    header.url = header.url.or_else(|| url?.join(&format!("{folder}/")).ok());
    header.similar = Some(similar);
    let formats = formats(setup);
    let pages = page::write_with_header(&header, setup, outcomes, &formats, &output)?;
    let files = formats.iter().map(|format| format.file_name().to_owned());
    for file in files.chain(pages.beside) {
        let path = format!("{folder}/{file}");
        written.add(&arguments.output, path).map_err(not_written)?;
    }
    thumbnails::say_lacking(globals, setup, &entries)?;
    let whole = report(catalog, setup, outcomes);
    let talks = page::talks(outcomes);
    let conference = SiteConference::new(folder.clone(), &header, &formats, &talks);
    Ok((conference, header, whole))
}

/// Names the talks of a conference that lack something.
fn report(catalog: &Path, setup: &Setup, outcomes: &[Outcome]) -> Ending {
    let lacks = |outcome: &&Outcome| final_report::lacks(outcome, &setup.catalog, Goal::Page);
    let lacking: Vec<&Outcome> = outcomes.iter().filter(lacks).collect();
    if lacking.is_empty() {
        return Ending::Complete;
    }
    say(format_args!("{}:", catalog.display()));
    final_report::report_problems(&lacking, outcomes.len(), Goal::Page);
    Ending::Incomplete
}

/// Takes away what an earlier run has made and this one has not, with the pictures beside it.
fn clear(
    globals: &Globals,
    site: &Path,
    written: &Manifest,
    earlier: &Manifest,
) -> Result<(), Failure> {
    let Removal { removed, changed } = written.clear(site, earlier).map_err(not_written)?;
    let removed = removed.iter().map(|path| site.join(path));
    let removed: Vec<PathBuf> = removed.collect();
    let folders = removed.iter().flat_map(|path| path.ancestors().skip(1));
    let folders = folders.filter(|folder| *folder != site && folder.starts_with(site));
    let folders: BTreeSet<&Path> = folders.collect();
    // What is in a folder comes after it.
    for folder in folders.into_iter().rev() {
        thumbnails::remove_unused(&Pictures::Without, folder)?;
        fs::remove_if_empty(folder).map_err(not_written)?;
    }
    if globals.verbosity > Verbosity::Quiet {
        for path in removed {
            say(format_args!(
                "removed {}, which no catalog makes any more",
                path.display()
            ));
        }
        for path in changed {
            let path = site.join(path);
            say(format_args!(
                "{} stays, although no catalog makes it any more, because somebody has changed it",
                path.display()
            ));
        }
    }
    Ok(())
}
