//! The conferences that are asked about, read again from time to time.
//!
//! A build may run beside, so what was read a minute ago is read again with the next question. The
//! words of the transcripts are read when somebody first searches, and again only when the talks are
//! others.

use std::cell::OnceCell;
use std::time::{Duration, Instant};

use crate::alike::TalkText;
use crate::alike::weights::ReadTalks;
use crate::catalog::nearest::nearest;
use crate::mcp::ListedConference;
use crate::mcp::no_answer::NoAnswer;
use crate::mcp::view::ListedTalk;
use crate::render::escape::line;
use crate::site;
use crate::talk::transcript::Transcript;

/// How long what was read is used.
const FRESH: Duration = Duration::from_mins(1);
/// The transcripts of more talks take longer to read than anybody waits for an answer: then what is
/// written about the talks is searched alone.
const MOST_TRANSCRIPTS: usize = 1_000;

/// The conferences, and what is searched in them.
pub(crate) struct Library {
    read: Box<dyn Fn() -> Vec<ListedConference>>,
    conferences: Vec<ListedConference>,
    read_at: Instant,
    words: OnceCell<ReadTalks>,
}

impl Library {
    /// A library of these conferences, and of what `read` gives later: those that can be used then.
    pub(crate) fn new(
        conferences: Vec<ListedConference>,
        read: impl Fn() -> Vec<ListedConference> + 'static,
    ) -> Self {
        Self {
            read: Box::new(read),
            conferences,
            read_at: Instant::now(),
            words: OnceCell::new(),
        }
    }

    /// Reads the conferences again, unless that was done lately.
    pub(super) fn refresh(&mut self, now: Instant) {
        if now.duration_since(self.read_at) < FRESH {
            return;
        }
        let conferences = (self.read)();
        let talks = conferences.iter().flat_map(|it| &it.talks);
        if !talks.eq(self.conferences.iter().flat_map(|it| &it.talks)) {
            self.words = OnceCell::new();
        }
        self.conferences = conferences;
        self.read_at = now;
    }

    /// The conferences that are meant: all, or the one of this title or folder.
    pub(super) fn conferences(
        &self,
        named: Option<&str>,
    ) -> Result<Vec<&ListedConference>, NoAnswer> {
        if self.conferences.is_empty() {
            return Err(NoAnswer::new(
                "no conference can be read at the moment",
                "run `proceedings status` with the catalog; it says what is wrong",
            ));
        }
        let Some(name) = named else {
            return Ok(self.conferences.iter().collect());
        };
        let is_meant = |conference: &&ListedConference| {
            let catalog = &conference.catalog;
            line(&catalog.title).to_lowercase() == line(name).to_lowercase()
                || site::folder(&catalog.title, catalog.slug.as_deref()) == name
        };
        let meant: Vec<&ListedConference> = self.conferences.iter().filter(is_meant).collect();
        if !meant.is_empty() {
            return Ok(meant);
        }
        let titles = || self.conferences.iter().map(|it| it.catalog.title.as_str());
        let near = nearest(name, titles()).map(line);
        let all: Vec<String> = titles().map(|title| format!("`{}`", line(title))).collect();
        let error = format!("there is no conference `{}`", line(name));
        let next = format!("leave `conference` out, or name one of {}", all.join(", "));
        Err(NoAnswer::new(error, next).with_nearest(near))
    }

    /// All talks of all conferences.
    pub(super) fn talks(&self) -> impl Iterator<Item = ListedTalk<'_>> {
        self.conferences.iter().flat_map(talks_of)
    }

    /// The words of all talks, in their order.
    pub(super) fn words(&self) -> &ReadTalks {
        self.words.get_or_init(|| {
            let with_transcripts = self.searches_transcripts();
            let mut read = ReadTalks::default();
            for talk in self.talks() {
                read_talk(&mut read, talk, with_transcripts);
            }
            read
        })
    }

    /// Whether what is said in the talks is searched, and not only what is written about them.
    pub(super) fn searches_transcripts(&self) -> bool {
        self.talks().count() <= MOST_TRANSCRIPTS
    }
}

/// The talks of a conference.
pub(super) fn talks_of(conference: &ListedConference) -> impl Iterator<Item = ListedTalk<'_>> {
    let talks = conference.talks.iter();
    talks.map(move |talk| ListedTalk { conference, talk })
}

/// What was said in a talk; none where nobody knows, or where it cannot be read, which `check` tells.
pub(super) fn transcript(listed: ListedTalk<'_>) -> Option<Transcript> {
    let words = listed.conference.cache.words_of(&listed.talk.talk);
    words.ok().flatten()
}

/// Reads what is searched of a talk. What is written about it counts like its title: a transcript has
/// many words in passing.
fn read_talk(read: &mut ReadTalks, listed: ListedTalk<'_>, with_transcript: bool) {
    let talk = &listed.talk.talk;
    let summary = listed.talk.summary.as_ref();
    let mut title = format!("{}\n{}", talk.title, talk.speakers.join("\n"));
    if let Some(summary) = summary {
        title = format!("{title}\n{}", summary.text);
    }
    let chapters = talk.chapters.iter().map(|chapter| chapter.title.as_str());
    let mut text: Vec<&str> = chapters.chain([talk.description.as_str()]).collect();
    let spoken = with_transcript.then(|| transcript(listed)).flatten();
    let spoken = spoken.map(|transcript| transcript.text());
    text.extend(spoken.as_deref());
    read.read(TalkText {
        title: &title,
        text: &text.join("\n"),
    });
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;
    use crate::cache::Cache;
    use crate::catalog::Catalog;
    use crate::render::trial;

    /// A conference of the trial's talks, so many of them.
    fn conference(talks: usize) -> ListedConference {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.toml");
        std::fs::write(&path, "title = \"Trial\"\ntalks = [\"jAtrviDGpwE\"]\n").unwrap();
        ListedConference {
            catalog: Catalog::load(&path).unwrap(),
            cache: Cache::new(folder.path().join("cache")),
            talks: trial().1.into_iter().take(talks).collect(),
        }
    }

    #[test]
    fn what_was_read_a_minute_ago_is_read_again_with_the_next_question() {
        let reads = Rc::new(Cell::new(0));
        let counted = Rc::clone(&reads);
        let read = move || {
            counted.set(counted.get() + 1);
            vec![conference(counted.get().min(2))]
        };
        let mut library = Library::new(vec![conference(1)], read);
        let start = library.read_at;
        let at = |seconds| start + Duration::from_secs(seconds);
        for (seconds, expected) in [
            (1, (0, 1)),
            (59, (0, 1)),
            (60, (1, 1)),
            (90, (1, 1)),
            (120, (2, 2)),
        ] {
            library.refresh(at(seconds));
            let seen = (reads.get(), library.words().len());
            assert_eq!(seen, expected, "{seconds}");
        }
    }

    #[test]
    fn a_conference_is_known_by_its_title_and_by_its_folder() {
        let library = Library::new(vec![conference(1)], Vec::new);
        for name in ["Trial", " TRIAL ", "trial"] {
            assert_eq!(library.conferences(Some(name)).unwrap().len(), 1, "{name}");
        }
        let no_answer = library.conferences(Some("Trail")).unwrap_err();
        let expected = NoAnswer::new(
            "there is no conference `Trail`",
            "leave `conference` out, or name one of `Trial`",
        );
        assert_eq!(no_answer, expected.with_nearest(["Trial".to_owned()]));
        let library = Library::new(Vec::new(), Vec::new);
        assert!(library.conferences(None).is_err());
    }
}
