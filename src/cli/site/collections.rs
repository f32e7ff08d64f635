//! The pages of speakers and topics on a site.

use std::path::Path;

use crate::cli::ending::Failure;
use crate::cli::page;
use crate::cli::site::{SiteArgs, not_written};
use crate::fs;
use crate::render::recognize::is_marked;
use crate::report::say;
use crate::site::{self, Gathering, Manifest, SiteConference, SiteError, SiteHead, Topics};

/// Reads the topics from the file that the flag names; none without it.
pub(super) fn topics(arguments: &SiteArgs) -> Result<Topics, Failure> {
    let Some(path) = &arguments.topics else {
        return Ok(Topics::default());
    };
    let hint = "write a line for each category: `\"Category\" = \"Topic\"`";
    let text = fs::read_to_string(path).map_err(|error| Failure::usage(error, Some(hint)))?;
    Topics::parse(&text).map_err(|error| {
        let error = format!("`{}` has no topics: {error}", path.display());
        Failure::usage(error, Some(hint))
    })
}

/// Writes a page for each speaker and each topic, and the lists of them; says how many there are.
pub(super) fn write(
    arguments: &SiteArgs,
    head: &SiteHead,
    conferences: &[SiteConference],
    topics: &Topics,
    earlier: &Manifest,
    written: &mut Manifest,
) -> Result<Vec<(Gathering, usize)>, Failure> {
    for category in topics.unknown(conferences) {
        say(format_args!(
            "no talk is in the category `{category}`, for which a topic is named"
        ));
    }
    let not_made = |error: SiteError| Failure::run(error, None::<String>);
    let site = &arguments.output;
    let mut counts = Vec::new();
    for gathering in Gathering::ALL {
        let collections = site::gather(gathering, conferences, topics);
        counts.push((gathering, collections.len()));
        if collections.is_empty() {
            continue;
        }
        let (list, text) = site::write_list(head, gathering, &collections).map_err(not_made)?;
        put(arguments, earlier, &list, &text)?;
        written.add(site, list).map_err(not_written)?;
        for collection in &collections {
            let path = collection.path(gathering);
            let text = collection.write(head, gathering).map_err(not_made)?;
            put(arguments, earlier, &path, &text)?;
            written.add(site, path).map_err(not_written)?;
        }
    }
    Ok(counts)
}

/// Writes a page into the site, in the place of nothing that somebody else has written.
fn put(arguments: &SiteArgs, earlier: &Manifest, path: &str, text: &str) -> Result<(), Failure> {
    let site: &Path = &arguments.output;
    let place = site.join(path);
    fs::confine(&place, std::slice::from_ref(&arguments.output)).map_err(page::not_followed)?;
    if let Ok(there) = fs::read(&place) {
        if there == text.as_bytes() {
            return Ok(());
        }
        let is_ours = || is_marked(&String::from_utf8_lossy(&there));
        if !arguments.force && !earlier.is_as_written(site, path) && !is_ours() {
            return Err(page::not_ours(&place));
        }
    }
    fs::write_derived(&place, text.as_bytes()).map_err(not_written)
}
