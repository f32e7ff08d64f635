//! What becomes of a file of an archive, decided by what is here of the same owner.
//!
//! Pure. Nothing of others takes the place of what was made here; among what came out of archives,
//! the newer counts.

use jiff::Timestamp;

use crate::cache::CacheError;
use crate::cache::contents::{Contents, ExaminedFile, FileFlaw, FileKind};
use crate::cache::file_name::{FileName, ReplyStatus};
use crate::cache::import::{Fate, ListedFile, Makers};
use crate::work::Stage;

/// What is here of the owner of a file that would come in.
pub(super) struct Side<'a> {
    pub(super) here: &'a [ExaminedFile],
    pub(super) owner: &'a str,
    pub(super) makers: Makers,
}

impl<'a> Side<'a> {
    /// What becomes of a file, and when that was made which it is compared with.
    pub(super) fn fate(
        &self,
        entry: &ListedFile,
        arriving: &Contents,
    ) -> (Fate, Option<Timestamp>) {
        let is_it = |file: &ExaminedFile| file.path.file_name() == Some(entry.file.as_ref());
        let in_place = self.here.iter().find(|file| is_it(file));
        let kind = &entry.kind;
        match kind {
            // Another machine may fare better.
            FileKind::Failure => (Fate::Stays, None),
            FileKind::Thumbnail if in_place.is_some() => (Fate::Known, None),
            FileKind::Thumbnail => (Fate::New, None),
            _ if !kind.is_reply() && in_place.is_some_and(is_of_later_version) => {
                (Fate::Stays, None)
            }
            FileKind::Evidence => fate_of_evidence(in_place),
            FileKind::Captions => self.fate_of_pointer(arriving),
            FileKind::Result(name) if !kind.is_reply() => self.fate_of_fetched(name, arriving),
            FileKind::Result(name) => self.fate_of_reply(name, arriving),
        }
    }

    fn fate_of_pointer(&self, arriving: &Contents) -> (Fate, Option<Timestamp>) {
        let pointers = self
            .sound()
            .filter(|(file, _)| file.kind == FileKind::Captions);
        let Some((file, here)) = pointers.max_by_key(|(_, here)| here.made_at) else {
            // Who has words of his own without a pointer has the newest of them in use.
            let own = self
                .fetched(Stage::Transcript)
                .filter(|(file, _)| self.is_ours(file))
                .max_by_key(|(_, here)| here.made_at);
            return match own {
                Some((_, own)) if own.transcript != arriving.transcript => {
                    (Fate::Stays, Some(own.made_at))
                }
                own => (Fate::New, own.map(|(_, here)| here.made_at)),
            };
        };
        let has_words = || {
            let mut transcripts = self.fetched(Stage::Transcript);
            transcripts.any(|(_, here)| here.transcript == arriving.transcript)
        };
        let fate = if here.made_at == arriving.made_at && here.transcript == arriving.transcript {
            Fate::Known
        } else if !self.is_ours(file) && arriving.made_at > here.made_at && has_words() {
            Fate::Newer
        } else {
            Fate::Stays
        };
        (fate, Some(here.made_at))
    }

    fn fate_of_fetched(&self, name: &FileName, arriving: &Contents) -> (Fate, Option<Timestamp>) {
        let same = self
            .fetched(name.stage)
            .find(|(file, _)| is_named(file, name));
        if let Some((file, here)) = same {
            // The same content, which is as old as the last visit that found it.
            let is_later = !self.is_ours(file) && arriving.made_at > here.made_at;
            let fate = if is_later { Fate::Newer } else { Fate::Known };
            return (fate, Some(here.made_at));
        }
        if name.stage == Stage::Transcript {
            let mut pointers = self
                .sound()
                .filter(|(file, _)| file.kind == FileKind::Captions);
            if let Some((_, pointer)) = pointers.find(|(file, _)| self.is_ours(file)) {
                // The words that ours speaks of may have been left out of a commit.
                let is_wanted = pointer.transcript == arriving.transcript;
                let fate = if is_wanted { Fate::New } else { Fate::Stays };
                return (fate, Some(pointer.made_at));
            }
        }
        let own = self
            .fetched(name.stage)
            .filter(|(file, _)| self.is_ours(file));
        if let Some(own) = own.map(|(_, here)| here.made_at).max() {
            return (Fate::Stays, Some(own));
        }
        let newest = self.fetched(name.stage).map(|(_, here)| here.made_at).max();
        let fate = match newest {
            Some(here) if name.stage == Stage::Metadata && arriving.made_at > here => Fate::Newer,
            _ => Fate::New,
        };
        (fate, newest)
    }

    fn fate_of_reply(&self, name: &FileName, arriving: &Contents) -> (Fate, Option<Timestamp>) {
        let same: Vec<(&FileName, &ExaminedFile, &Contents)> = self.replies(name).collect();
        let newest = |mut replies: Vec<Timestamp>| {
            replies.sort_unstable();
            replies.pop()
        };
        let all = same.iter().map(|(_, _, here)| here.made_at).collect();
        let Some(latest) = newest(all) else {
            return (Fate::New, None);
        };
        if same
            .iter()
            .any(|(_, _, here)| here.made_at == arriving.made_at)
        {
            return (Fate::Known, Some(arriving.made_at));
        }
        let is_usable = |name: &FileName| name.status == ReplyStatus::Kept;
        let stays = same.iter().filter(|(here, file, _)| {
            is_usable(here) && (self.is_ours(file) || !is_usable(name))
                || !is_usable(here) && !is_usable(name)
        });
        let stays = stays.map(|(_, _, here)| here.made_at).collect();
        if let Some(stays) = newest(stays) {
            return (Fate::Stays, Some(stays));
        }
        let usable = same.iter().filter(|(here, ..)| is_usable(here));
        let usable = usable.map(|(_, _, here)| here.made_at).collect();
        match newest(usable) {
            Some(usable) if usable >= arriving.made_at => (Fate::Stays, Some(usable)),
            _ if self.next_number(name).is_none() => (Fate::Stays, Some(latest)),
            usable => (usable.map_or(Fate::New, |_| Fate::Newer), Some(latest)),
        }
    }

    /// The name that a file gets here: a reply has the next number, whatever it had there.
    pub(super) fn next_name(&self, entry: &ListedFile) -> String {
        match &entry.kind {
            FileKind::Result(name) if entry.kind.is_reply() => {
                let number = self.next_number(name).unwrap_or(name.number);
                let name = FileName {
                    number,
                    ..name.clone()
                };
                name.to_string()
            }
            _ => entry.file.clone(),
        }
    }

    /// The number after those of all replies to the same request, whatever may be in them.
    fn next_number(&self, name: &FileName) -> Option<u32> {
        let numbers = self.here.iter().filter_map(|file| match &file.kind {
            FileKind::Result(here) if is_same_request(here, name) => Some(here.number),
            _ => None,
        });
        numbers.max().unwrap_or(0).checked_add(1)
    }

    /// What is here of the owner and can be read.
    fn sound(&self) -> impl Iterator<Item = (&'a ExaminedFile, &'a Contents)> {
        let files = self.here.iter();
        let sound = files.filter_map(|file| Some((file, file.contents.as_ref().ok()?)));
        sound.filter(|(_, here)| here.owner == self.owner)
    }

    fn fetched(&self, stage: Stage) -> impl Iterator<Item = (&'a ExaminedFile, &'a Contents)> {
        let is_it =
            move |kind: &FileKind| matches!(kind, FileKind::Result(name) if name.stage == stage);
        self.sound().filter(move |(file, _)| is_it(&file.kind))
    }

    fn replies(
        &self,
        to: &FileName,
    ) -> impl Iterator<Item = (&'a FileName, &'a ExaminedFile, &'a Contents)> {
        self.sound()
            .filter_map(move |(file, here)| match &file.kind {
                FileKind::Result(name) if is_same_request(name, to) => Some((name, file, here)),
                _ => None,
            })
    }

    /// Whether a file was made here, and nothing of others takes its place.
    fn is_ours(&self, file: &ExaminedFile) -> bool {
        self.makers == Makers::Others && file.arrival.is_none()
    }
}

/// What is here was found by the same, unless it cannot be read.
fn fate_of_evidence(in_place: Option<&ExaminedFile>) -> (Fate, Option<Timestamp>) {
    match in_place.map(|file| &file.contents) {
        Some(Ok(here)) => (Fate::Known, Some(here.made_at)),
        Some(Err(_)) | None => (Fate::New, None),
    }
}

fn is_same_request(a: &FileName, b: &FileName) -> bool {
    (a.stage, &a.digest) == (b.stage, &b.digest)
}

fn is_named(file: &ExaminedFile, name: &FileName) -> bool {
    matches!(&file.kind, FileKind::Result(here) if here == name)
}

fn is_of_later_version(file: &ExaminedFile) -> bool {
    let too_new = |flaw: &FileFlaw| matches!(flaw, FileFlaw::Unreadable(CacheError::TooNew { .. }));
    file.contents.as_ref().is_err_and(too_new)
}
