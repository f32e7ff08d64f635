//! One video's folder in the cache, listed once and then read from.

use std::cell::OnceCell;
use std::convert::identity;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::cache::arrivals::{ARRIVALS, Arrivals};
use crate::cache::envelope::{
    CaptionSource, CaptionsFile, FetchedFile, RememberedFailure, ReplyFile, if_there, parse, read,
};
use crate::cache::file_name::{CAPTIONS, FileName, ReplyStatus, failure_name, qualified_name};
use crate::cache::prefetch::ReadAhead;
use crate::cache::{CacheError, CachedReply, Lookup, Request, reference_to};
use crate::fs;
use crate::talk::Metadata;
use crate::talk::id::{TalkId, VideoId};
use crate::talk::transcript::{Transcript, TranscriptRef};
use crate::work::Stage;

/// What the cache keeps of one video, as it was when the folder was listed.
#[derive(Debug)]
pub struct Snapshot {
    pub(super) folder: PathBuf,
    video: String,
    pub(super) files: Vec<FileName>,
    pub(super) others: Vec<String>,
    pub(super) ahead: Vec<ReadAhead>,
    /// What is known of files that came out of archives, once somebody asks.
    pub(super) arrivals: OnceCell<Arrivals>,
}

impl Snapshot {
    pub(super) fn open(folder: PathBuf) -> Result<Self, CacheError> {
        let video = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        let mut snapshot = Self {
            video,
            files: Vec::new(),
            others: Vec::new(),
            ahead: Vec::new(),
            arrivals: OnceCell::new(),
            folder,
        };
        for name in fs::names(&snapshot.folder)? {
            match FileName::parse(&name) {
                Some(file) => snapshot.files.push(file),
                None => snapshot.others.push(name),
            }
        }
        Ok(snapshot)
    }

    pub(super) fn is_of(&self, video: &VideoId) -> bool {
        self.video == video.as_str()
    }

    /// What `YouTube` said about the video when it was last visited.
    pub fn metadata(&self) -> Result<Option<Metadata>, CacheError> {
        self.newest_fetched(Stage::Metadata)
    }

    /// The same of the files that can be read, to be shown where another one is damaged.
    #[must_use]
    pub fn legible_metadata(&self) -> Option<Metadata> {
        let arrivals = self.arrivals().ok()?;
        newest(
            arrivals,
            self.fetched(Stage::Metadata).filter_map(Result::ok),
        )
    }

    /// Which transcript the video has, without reading it where that can be helped.
    pub fn transcript_ref(&self) -> Result<Option<TranscriptRef>, CacheError> {
        if let Some(captions) = self.captions()? {
            return Ok(Some(captions.transcript));
        }
        let newest: Option<Transcript> = self.newest_fetched(Stage::Transcript)?;
        Ok(newest.as_ref().map(reference_to))
    }

    /// The newest transcript that can be read, to be shown where it is damaged which one counts.
    #[must_use]
    pub fn legible_transcript_ref(&self) -> Option<TranscriptRef> {
        let transcripts = self.fetched(Stage::Transcript).filter_map(Result::ok);
        let arrivals = self.arrivals().ok()?;
        newest(arrivals, transcripts).as_ref().map(reference_to)
    }

    /// The organizer's file, or the link in the catalog, that the transcript was read from.
    pub fn caption_source(&self) -> Result<Option<(CaptionSource, TranscriptRef)>, CacheError> {
        let captions = self.captions()?;
        Ok(captions.and_then(|captions| {
            let file = captions.file.map(CaptionSource::File);
            let source = file.or_else(|| captions.link.map(CaptionSource::Link))?;
            Some((source, captions.transcript))
        }))
    }

    /// Whether the words of a transcript are there.
    #[must_use]
    pub fn has_transcript(&self, digest: &str) -> bool {
        let is_it = |file: &FileName| file.stage == Stage::Transcript && file.digest == digest;
        self.files.iter().any(is_it)
    }

    /// The words of a transcript; `None` where only what is known of it was kept.
    pub fn transcript(&self, digest: &str) -> Result<Option<Transcript>, CacheError> {
        let is_it = |file: &&FileName| file.stage == Stage::Transcript && file.digest == digest;
        let Some(file) = self.files.iter().find(is_it) else {
            return Ok(None);
        };
        let file: Option<FetchedFile<Transcript>> = if_there(self.read(&file.to_string()))?;
        Ok(file.map(|file| file.content))
    }

    /// Whether there is any reply of a stage, whatever it answers.
    #[must_use]
    pub fn has_replies(&self, stage: Stage) -> bool {
        self.files.iter().any(|file| file.stage == stage)
    }

    /// Why a stage had no result when it was last tried.
    pub fn failure(&self, stage: Stage) -> Result<Option<RememberedFailure>, CacheError> {
        let about = |failure: &RememberedFailure| failure.talk == self.video;
        self.one(&failure_name(stage), about)
    }

    /// The latest reply to exactly this request that was not set aside.
    pub fn reply(
        &self,
        talk: &TalkId,
        stage: Stage,
        request: &Request,
    ) -> Result<Lookup, CacheError> {
        self.reply_for(&talk.to_string(), stage, request)
    }

    /// The same for an owner that need not be a talk.
    pub(super) fn reply_for(
        &self,
        owner: &str,
        stage: Stage,
        request: &Request,
    ) -> Result<Lookup, CacheError> {
        let digest = request.digest_for(owner, stage);
        let latest = |snapshot: &Self| snapshot.latest(owner, stage, &digest, request);
        match latest(self) {
            // Another run has just set it aside.
            Err(CacheError::File(error)) if error.is_not_found() => {
                latest(&Self::open(self.folder.clone())?)
            }
            lookup => lookup,
        }
    }

    fn latest(
        &self,
        owner: &str,
        stage: Stage,
        digest: &str,
        request: &Request,
    ) -> Result<Lookup, CacheError> {
        let of_request = self
            .files
            .iter()
            .filter(|file| file.stage == stage && file.digest == digest);
        let mut of_request: Vec<&FileName> = of_request.collect();
        if of_request.len() > 1 {
            let arrivals = self.arrivals()?;
            of_request.sort_by_cached_key(|file| {
                let is_usable = file.status == ReplyStatus::Kept;
                (is_usable, self.is_made_here(arrivals, file), file.number)
            });
        }
        let Some(&latest) = of_request.last() else {
            return Ok(Lookup::Miss);
        };
        if latest.status == ReplyStatus::Rejected {
            return Ok(Lookup::Rejected);
        }
        // The file is named by the request, which need not be read again.
        let reply = self.read_reply(owner, latest, |_: IgnoredAny| request.clone())?;
        Ok(reply.map_or(Lookup::Miss, |reply| Lookup::Hit(Box::new(reply))))
    }

    /// The latest reply to exactly this request that was set aside, as far as it can be read: it is
    /// looked at only to say why.
    #[must_use]
    pub fn set_aside(&self, talk: &TalkId, stage: Stage, request: &Request) -> Option<CachedReply> {
        let owner = talk.to_string();
        let digest = request.digest_for(&owner, stage);
        let rejected = self.rejected(stage).filter(|file| file.digest == digest);
        let latest = rejected.max_by_key(|file| file.number)?;
        let read = self.read_reply(&owner, latest, |_: IgnoredAny| request.clone());
        read.ok().flatten()
    }

    /// All replies of a stage that were set aside, as far as they can be read.
    #[must_use]
    pub fn all_set_aside(&self, talk: &TalkId, stage: Stage) -> Vec<CachedReply> {
        let owner = talk.to_string();
        let read = |file| self.read_reply(&owner, file, identity).ok().flatten();
        self.rejected(stage).filter_map(read).collect()
    }

    /// Whether any reply of a stage was set aside.
    #[must_use]
    pub fn has_set_aside(&self, stage: Stage) -> bool {
        self.rejected(stage).next().is_some()
    }

    fn rejected(&self, stage: Stage) -> impl Iterator<Item = &FileName> {
        let is_it =
            move |file: &&FileName| (file.stage, file.status) == (stage, ReplyStatus::Rejected);
        self.files.iter().filter(is_it)
    }

    /// All replies of a stage that were not set aside: those that were made here before those that
    /// came out of archives, and of each the latest first. A damaged one is passed over where a later
    /// reply to the same request replaces it.
    pub fn replies(&self, talk: &TalkId, stage: Stage) -> Result<Vec<CachedReply>, CacheError> {
        let owner = talk.to_string();
        let mut replies: Vec<CachedReply> = Vec::new();
        let mut damaged = Vec::new();
        for file in &self.files {
            if file.stage == stage && file.status == ReplyStatus::Kept {
                match self.read_reply(&owner, file, identity) {
                    // Another run has just set it aside.
                    Err(CacheError::File(error)) if error.is_not_found() => {}
                    Err(error @ CacheError::Damaged { .. }) => damaged.push((file, error)),
                    reply => replies.extend(reply?),
                }
            }
        }
        let is_missed = |file: &FileName| !replies.iter().any(|reply| reply.name.replaces(file));
        if let Some((_, error)) = damaged.into_iter().find(|(file, _)| is_missed(file)) {
            return Err(error);
        }
        let rank = |reply: &CachedReply| (!reply.from_archive, reply.made_at);
        replies.sort_by(|a, b| (rank(b), &b.path).cmp(&(rank(a), &a.path)));
        Ok(replies)
    }

    pub(super) fn highest_number(&self, stage: Stage, digest: &str) -> u32 {
        let same = self
            .files
            .iter()
            .filter(|file| file.stage == stage && file.digest == digest);
        same.map(|file| file.number).max().unwrap_or(0)
    }

    fn captions(&self) -> Result<Option<CaptionsFile>, CacheError> {
        self.one(CAPTIONS, |captions: &CaptionsFile| {
            captions.talk == self.video
        })
    }

    fn read_reply<R: DeserializeOwned + 'static>(
        &self,
        owner: &str,
        file: &FileName,
        request: impl FnOnce(R) -> Request,
    ) -> Result<Option<CachedReply>, CacheError> {
        let name = file.to_string();
        let read: ReplyFile<R> = self.read(&name)?;
        if read.talk != owner {
            return Ok(None);
        }
        Ok(Some(CachedReply {
            path: self.path(file),
            name: file.clone(),
            made_at: read.made_at,
            request: request(read.request),
            reply: read.reply,
            from_archive: self.arrivals()?.of(&name, read.made_at).is_some(),
        }))
    }

    /// What is known of files that came out of archives.
    fn arrivals(&self) -> Result<&Arrivals, CacheError> {
        if let Some(known) = self.arrivals.get() {
            return Ok(known);
        }
        let known = if self.others.iter().any(|other| other == ARRIVALS) {
            Arrivals::read(&self.folder)?
        } else {
            Arrivals::default()
        };
        Ok(self.arrivals.get_or_init(|| known))
    }

    /// Whether a file was made here. Of one that may have come out of an archive and cannot be read,
    /// nobody can tell.
    fn is_made_here(&self, arrivals: &Arrivals, file: &FileName) -> bool {
        #[derive(Deserialize)]
        struct MadeAt {
            made_at: Timestamp,
        }
        let name = file.to_string();
        let made_at = || read(&self.path(file)).map(|MadeAt { made_at }| made_at);
        !arrivals.has(&name) || made_at().is_ok_and(|at| arrivals.of(&name, at).is_none())
    }

    fn newest_fetched<T: DeserializeOwned + 'static>(
        &self,
        stage: Stage,
    ) -> Result<Option<T>, CacheError> {
        let files: Result<Vec<_>, _> = self.fetched(stage).collect();
        Ok(newest(self.arrivals()?, files?.into_iter()))
    }

    /// What was fetched of the video at a stage, as often as it was.
    fn fetched<T: DeserializeOwned + 'static>(
        &self,
        stage: Stage,
    ) -> impl Iterator<Item = Result<(String, FetchedFile<T>), CacheError>> {
        let names = self.files.iter().filter(move |file| file.stage == stage);
        let files = names.map(|name| {
            let name = name.to_string();
            let file = if_there(self.read(&name))?;
            Ok(file.map(|file: FetchedFile<T>| (name, file)))
        });
        let files = files.filter_map(Result::transpose);
        files.filter(|file| {
            let is_ours = |(_, file): &(String, FetchedFile<T>)| file.talk == self.video;
            file.as_ref().map_or(true, is_ours)
        })
    }

    /// A file of which the video has one, and which another video's may stand beside.
    fn one<T: DeserializeOwned + 'static>(
        &self,
        name: &str,
        is_ours: impl Fn(&T) -> bool,
    ) -> Result<Option<T>, CacheError> {
        let apart = qualified_name(name, &self.video);
        let names = [&*apart, name].into_iter();
        for name in names.filter(|name| self.others.iter().any(|other| other == name)) {
            if let Some(file) = if_there(self.read(name))?.filter(&is_ours) {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }

    pub(super) fn read<T: DeserializeOwned + 'static>(&self, name: &str) -> Result<T, CacheError> {
        let path = || self.folder.join(name);
        match self.ahead.iter().find(|file| file.name == name) {
            Some(file) => file.take().map_or_else(|| parse(&path(), &file.bytes), Ok),
            None => read(&path()),
        }
    }

    pub(super) fn path(&self, file: &FileName) -> PathBuf {
        let folder: &Path = &self.folder;
        folder.join(file.to_string())
    }
}

/// What is in the newest file of those that were made here, else in the newest of all.
fn newest<T>(
    arrivals: &Arrivals,
    files: impl Iterator<Item = (String, FetchedFile<T>)>,
) -> Option<T> {
    let newest = files.max_by_key(|(name, file)| {
        let is_made_here = arrivals.of(name, file.made_at).is_none();
        (is_made_here, file.made_at)
    });
    newest.map(|(_, file)| file.content)
}
