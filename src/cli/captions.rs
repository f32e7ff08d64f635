//! `captions match`: proposes which caption file is which talk's, and puts what is confirmed into
//! the catalog.
//!
//! Files whose names say the talk's id need none of it. The proposals themselves are made in
//! `fetch/local/proposals.rs`; here they are shown, asked for and kept.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, BufRead, IsTerminal};
use std::path::Path;

use clap::{Args, Subcommand};
use toml_edit::{DocumentMut, Item, Table, Value};

use crate::cache::Cache;
use crate::catalog::edit::{Draft, EditError};
use crate::catalog::{Catalog, Entry};
use crate::cli::arguments::Globals;
use crate::cli::ending::{Ending, Failure};
use crate::cli::output::print;
use crate::cli::setup;
use crate::fetch::local::LocalError;
use crate::fetch::local::folder::CaptionFolder;
use crate::fetch::local::passed_over;
use crate::fetch::local::proposals::{FileProposal, Proposals, TitledTalk, proposals};
use crate::report::{Verbosity, causes, say};
use crate::talk::id::VideoId;
use crate::talk::one_line;

/// From here on, pressing Enter means yes.
const SURE: f64 = 0.9;

#[derive(Debug, Subcommand)]
pub(super) enum CaptionsCommand {
    /// Propose a talk for each caption file, by titles and speakers; on a terminal, ask about each
    /// one and write it into the catalog
    Match(MatchArgs),
}

#[derive(Debug, Args)]
pub(super) struct MatchArgs {
    /// Write the proposals into the catalog, also where there is no terminal to ask on
    #[arg(long)]
    write: bool,
    /// Write all proposals into the catalog without asking
    #[arg(long)]
    yes: bool,
}

/// What is known of the recordings of a catalog.
struct CatalogRecordings {
    titled: Vec<TitledTalk>,
    /// Those whose title nobody knows, of talks that are on the page.
    untitled: Vec<VideoId>,
}

/// Proposes talks for the files that are nobody's, and keeps what is confirmed.
pub(super) fn match_files(globals: &Globals, arguments: &MatchArgs) -> Result<Ending, Failure> {
    let catalog = setup::catalog(globals)?;
    let folder = CaptionFolder::new(&catalog);
    let videos: BTreeSet<&VideoId> = catalog.talks.iter().map(|entry| &entry.id.video).collect();
    let files = folder.unclaimed(&videos).map_err(unreadable)?;
    let is_quiet = globals.verbosity == Verbosity::Quiet;
    if files.is_empty() {
        if !is_quiet {
            let captions = &catalog.fetch.captions;
            say(format_args!("{}", passed_over::nothing_unclaimed(captions)));
        }
        return Ok(Ending::Complete);
    }
    let recordings = recordings(&catalog, &folder)?;
    let found = proposals(&files, &recordings.titled);
    if !is_quiet {
        report(&catalog, &found, &recordings);
    }

    let is_asked = !arguments.yes && io::stdin().is_terminal() && io::stderr().is_terminal();
    let chosen = if is_asked {
        confirm(found.proposed, io::stdin().lock())
            .map_err(|error| Failure::run(error, None::<String>))?
    } else {
        found.proposed
    };
    if chosen.is_empty() {
        return Ok(Ending::Complete);
    }
    let mut table = DocumentMut::new();
    enter(&mut table, &chosen, |one| {
        format!("{}, {}", percent(one.score), plain(&one.title))
    });
    print(&table.to_string())?;
    let is_kept = is_asked || arguments.write || arguments.yes;
    if is_kept {
        keep(&globals.catalog, &chosen).map_err(|error| {
            let hint = error.hint();
            Failure::run(error, hint)
        })?;
    }
    if !is_quiet {
        let (count, catalog) = (chosen.len(), globals.catalog.display());
        if is_kept {
            say(format_args!("kept in {catalog}: {count}"));
        } else {
            say(format_args!("`--write` keeps them in {catalog}"));
        }
    }
    Ok(Ending::Complete)
}

/// The recordings of a catalog. One of several talks goes by its own title.
fn recordings(catalog: &Catalog, folder: &CaptionFolder<'_>) -> Result<CatalogRecordings, Failure> {
    let cache = Cache::new(catalog.cache.clone());
    let mut by_video: HashMap<&VideoId, Vec<&Entry>> = HashMap::new();
    for entry in &catalog.talks {
        by_video.entry(&entry.id.video).or_default().push(entry);
    }
    let mut recordings = CatalogRecordings {
        titled: Vec::new(),
        untitled: Vec::new(),
    };
    for entry in &catalog.talks {
        let video = &entry.id.video;
        let Some(parts) = by_video.remove(video) else {
            continue;
        };
        let language = entry.language.as_deref().unwrap_or(&catalog.language);
        let has_file = folder.has(video, language).map_err(unreadable)?;
        let own_title = entry.title.clone().filter(|_| parts.len() == 1);
        match own_title.or_else(|| cached_title(&cache, video)) {
            Some(title) => recordings.titled.push(TitledTalk {
                video: video.clone(),
                title,
                speakers: parts
                    .iter()
                    .flat_map(|part| part.speakers.clone())
                    .collect(),
                language: language.to_owned(),
                has_file,
            }),
            None if has_file || parts.iter().all(|part| part.hide) => {}
            None => recordings.untitled.push(video.clone()),
        }
    }
    Ok(recordings)
}

/// The title that a visit has brought. What cannot be read is said, and costs its talk alone.
fn cached_title(cache: &Cache, video: &VideoId) -> Option<String> {
    let metadata = cache
        .snapshot(video)
        .and_then(|snapshot| snapshot.metadata());
    match metadata {
        Ok(metadata) => metadata
            .map(|metadata| metadata.title)
            .filter(|title| !title.trim().is_empty()),
        Err(error) => {
            say(format_args!("{video}: {}", causes(&error)));
            None
        }
    }
}

/// Says what is left without a counterpart.
fn report(catalog: &Catalog, found: &Proposals, recordings: &CatalogRecordings) {
    if !recordings.untitled.is_empty() {
        let ids: Vec<&str> = recordings.untitled.iter().map(VideoId::as_str).collect();
        say(format_args!(
            "first run `proceedings fetch`, or write the titles into the catalog; talks whose titles are not known: {}",
            ids.join(", ")
        ));
    }
    for spare in &found.spare {
        let (file, title, video) = (plain(&spare.file), plain(&spare.title), &spare.video);
        say(format_args!(
            "`{file}` matches {title} ({video}), which has captions already"
        ));
    }
    if !found.unmatched.is_empty() {
        say(format_args!(
            "these files match no title, or several; name them in the catalog yourself:"
        ));
        for file in &found.unmatched {
            say(format_args!("  {}", plain(file)));
        }
        let proposed: BTreeSet<&VideoId> = found.proposed.iter().map(|one| &one.video).collect();
        let visible: BTreeSet<&VideoId> = catalog.visible().map(|entry| &entry.id.video).collect();
        let is_left = |talk: &&TitledTalk| {
            !talk.has_file && visible.contains(&talk.video) && !proposed.contains(&talk.video)
        };
        let mut left = recordings.titled.iter().filter(is_left).peekable();
        if left.peek().is_some() {
            say(format_args!("talks without a caption file:"));
        }
        for talk in left {
            say(format_args!("  {}  {}", talk.video, plain(&talk.title)));
        }
    }
}

/// Asks for each proposal; what is confirmed before `q`, or before the answers end, counts.
fn confirm(
    proposals: Vec<FileProposal>,
    mut answers: impl BufRead,
) -> io::Result<Vec<FileProposal>> {
    let mut confirmed = Vec::new();
    for proposal in proposals {
        let is_sure = proposal.score >= SURE;
        let (file, title) = (plain(&proposal.file), plain(&proposal.title));
        let choice = if is_sure { "Y/n/q" } else { "y/N/q" };
        say(format_args!("`{file}`"));
        let (video, alike) = (&proposal.video, percent(proposal.score));
        say(format_args!(
            "  is {title} ({video}), {alike} alike? [{choice}]"
        ));
        loop {
            let mut answer = String::new();
            if answers.read_line(&mut answer)? == 0 {
                return Ok(confirmed);
            }
            match answer.trim().to_lowercase().as_str() {
                "" if is_sure => confirmed.push(proposal),
                "y" | "yes" => confirmed.push(proposal),
                "" | "n" | "no" => {}
                "q" | "quit" => return Ok(confirmed),
                _ => {
                    say(format_args!(
                        "y for yes, n for no, q to ask no more [{choice}]"
                    ));
                    continue;
                }
            }
            break;
        }
    }
    Ok(confirmed)
}

fn keep(catalog: &Path, proposals: &[FileProposal]) -> Result<(), EditError> {
    let mut draft = Draft::load(catalog)?;
    enter(&mut draft.document, proposals, |one| plain(&one.title));
    draft.save().map(drop)
}

/// Puts files into the table `[fetch.caption_files]`, with comments where a table of its
/// own has room for them.
fn enter(
    document: &mut DocumentMut,
    proposals: &[FileProposal],
    comment: impl Fn(&FileProposal) -> String,
) {
    let mut fetch = Table::new();
    fetch.set_implicit(true);
    let fetch = document.entry("fetch").or_insert(Item::Table(fetch));
    let is_inline = fetch.is_inline_table();
    let fetch = fetch
        .as_table_like_mut()
        .expect("a catalog's `fetch` is a table");
    let files = fetch.entry("caption_files").or_insert(toml_edit::table());
    let is_inline = is_inline || files.is_inline_table();
    let files = files
        .as_table_like_mut()
        .expect("a catalog's `caption_files` is a table");
    for proposal in proposals {
        let mut value = Value::from(&proposal.file);
        if !is_inline {
            let comment = format!("  # {}", comment(proposal));
            value.decor_mut().set_suffix(comment);
        }
        // A file that is gone may be named there, under the id or a link.
        let is_it = |key: &&str| VideoId::from_id_or_link(key).as_ref() == Ok(&proposal.video);
        let key = files.iter().map(|(key, _)| key).find(is_it);
        let key = key.unwrap_or(proposal.video.as_str()).to_owned();
        files.insert(&key, value.into());
    }
}

fn percent(score: f64) -> String {
    format!("{:.0}%", score * 100.0)
}

/// A text on one line, fit for a terminal and for a comment.
fn plain(text: &str) -> String {
    one_line(&text.replace(char::is_control, " "))
}

fn unreadable(error: LocalError) -> Failure {
    let hint = error.hint();
    Failure::run(error, Some(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposal(file: &str, video: &str, score: f64) -> FileProposal {
        FileProposal {
            file: file.to_owned(),
            video: video.parse().unwrap(),
            title: "Hives\u{7}\n& bees".to_owned(),
            score,
        }
    }

    #[test]
    fn what_is_kept_reads_back_wherever_the_table_stands() {
        let proposals = [
            proposal("Hives – \"bees\".vtt", "-cBplHNM4RA", 1.0),
            proposal("b.srt", "rustyCache1", 0.8),
        ];
        let head = "title = \"T\" # the day\ntalks = [\"-cBplHNM4RA\", \"rustyCache1\", \"kernelSched\"]\n";
        for rest in [
            "",
            "# Nobody.\n",
            "[fetch]\npause = \"2s\" # slow\n\n[llm]\nmodel = \"m\"\n",
            "[fetch.caption_files]\nkernelSched = \"k.vtt\" # kernel\n\"youtu.be/rustyCache1\" = \"gone.vtt\"\n\n[glossary]\nterms = [\"x\"]\n",
            "fetch = { pause = \"2s\" }\n",
            "fetch = { caption_files = { kernelSched = \"k.vtt\" } }\n",
            "fetch.pause = \"2s\"\n",
            "fetch.caption_files.kernelSched = \"k.vtt\"\n",
            "[fetch]\ncaption_files.kernelSched = \"k.vtt\"\n",
            "[fetch]\ncaption_files = { kernelSched = \"k.vtt\" } # inline\n[llm]\nmodel = \"m\"\n",
        ] {
            let text = format!("{head}{rest}");
            let mut document: DocumentMut = text.parse().unwrap();
            enter(&mut document, &proposals, |one| plain(&one.title));
            let edited = document.to_string();
            let catalog = Catalog::parse(Path::new("catalog.toml"), &edited);
            let catalog = catalog.unwrap_or_else(|error| panic!("{error}:\n{edited}"));
            let files = &catalog.fetch.caption_files;
            assert_eq!(files[&proposals[0].video], proposals[0].file, "{edited}");
            assert_eq!(files[&proposals[1].video], "b.srt");
            assert_eq!(files.len(), 2 + usize::from(rest.contains("k.vtt")));
            for line in text.lines().filter(|line| line.contains('#')) {
                let comment = &line[line.find('#').unwrap()..];
                assert!(edited.contains(comment), "{comment} is gone:\n{edited}");
            }
        }
    }

    #[test]
    fn the_table_of_proposals_is_one_that_a_catalog_takes() {
        let mut table = DocumentMut::new();
        enter(
            &mut table,
            &[proposal("b.srt", "rustyCache1", 0.8)],
            |one| plain(&one.title),
        );
        assert_eq!(
            table.to_string(),
            "[fetch.caption_files]\nrustyCache1 = \"b.srt\"  # Hives & bees\n"
        );
    }

    #[test]
    fn enter_means_yes_only_where_it_is_sure() {
        let proposals = || {
            vec![
                proposal("a.vtt", "-cBplHNM4RA", 0.95),
                proposal("b.vtt", "rustyCache1", 0.8),
                proposal("c.vtt", "kernelSched", 0.8),
            ]
        };
        for (answers, expected) in [
            ("\n\n\n", "a.vtt"),
            ("", ""),
            ("n\ny\nYES\n", "b.vtt c.vtt"),
            ("y\nq\n", "a.vtt"),
            ("what\nn\n y \n", "b.vtt"),
        ] {
            let chosen = confirm(proposals(), answers.as_bytes()).unwrap();
            let chosen: Vec<&str> = chosen.iter().map(|one| one.file.as_str()).collect();
            assert_eq!(chosen.join(" "), expected, "{answers:?}");
        }
    }
}
