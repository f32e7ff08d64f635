//! What was said in the talks of a conference, read for the search of the site.

use crate::cli::site::OpenConference;
use crate::cli::{page, talk_pages};
use crate::fs::FileError;
use crate::pipeline::Outcome;
use crate::render::page::Header;
use crate::render::talk_pages::{FOLDER, INDEX, talk_pages as pages_of_talks};
use crate::report::{causes, say};
use crate::site::said::{SaidIndex, SpokenTalk};

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
    if !setup.catalog.transcripts {
        return Ok(());
    }
    let private = talk_pages::private(&setup.catalog);
    for (place, page) in (0..).zip(pages_of_talks(header, &talks)) {
        let talk = &page.talk.talk;
        if private.contains(&talk.id) {
            continue;
        }
        match setup.decider(&[]).transcript(talk) {
            Ok(None) => {}
            Ok(Some(transcript)) => {
                let spoken = SpokenTalk {
                    page: format!("{folder}/{FOLDER}/{}/{INDEX}", page.folder),
                    title: &talk.title,
                    speakers: &talk.speakers,
                };
                index.add(place, &spoken, &transcript)?;
            }
            Err(error) => say(format_args!(
                "nobody finds what was said in {}: {}",
                talk.id,
                causes(&error)
            )),
        }
    }
    Ok(())
}
