//! What was said in the talks of a conference, read for the search of the site.

use crate::cli::setup::Setup;
use crate::cli::site::OpenConference;
use crate::cli::{page, talk_pages};
use crate::fs::FileError;
use crate::pipeline::Outcome;
use crate::render::page::Header;
use crate::render::talk_pages::{FOLDER, INDEX, talk_pages as pages_of_talks};
use crate::report::{causes, say};
use crate::site::said::{SaidIndex, SpokenTalk};
use crate::talk::Talk;
use crate::talk::transcript::Transcript;

/// Reads the words of each talk that has a page with its words. A transcript that cannot be read costs
/// its talk, which is named.
pub(super) fn read(
    index: &mut SaidIndex,
    opened: &OpenConference,
    header: &Header,
    outcomes: &[Outcome],
) -> Result<(), FileError> {
    let OpenConference { setup, folder, .. } = opened;
    let talks = page::talks(outcomes);
    index.begin(folder, &header.title, &header.language, talks.len());
    if !are_published(setup) {
        return Ok(());
    }
    let private = talk_pages::private(&setup.catalog);
    let pages = (0..).zip(pages_of_talks(header, &talks));
    let published = pages.filter(|(_, page)| !private.contains(&page.talk.talk.id));
    let spoken = published.filter_map(|(place, page)| {
        let talk = &page.talk.talk;
        let transcript = transcript(setup, talk)?;
        let page = format!("{folder}/{FOLDER}/{}/{INDEX}", page.folder);
        Some((SpokenTalk { place, page, talk }, transcript))
    });
    index.add(spoken)
}

/// Whether the words of a conference's talks are on their pages.
pub(super) fn are_published(setup: &Setup) -> bool {
    setup.catalog.pages && setup.catalog.transcripts
}

/// What was said in a talk. One that cannot be read is named.
fn transcript(setup: &Setup, talk: &Talk) -> Option<Transcript> {
    let transcript = setup.decider(&[]).transcript(talk);
    transcript.unwrap_or_else(|error| {
        say(format_args!(
            "nobody finds what was said in {}: {}",
            talk.id,
            causes(&error)
        ));
        None
    })
}
