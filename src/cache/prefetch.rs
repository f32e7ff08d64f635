//! Talks' folders read ahead of the run that will ask for them, on a thread of their own: while the
//! run works on one talk, the disk brings the next ones, and what stands in their files is read.
//!
//! What is read ahead is a little older than the question. That is good enough to look at, and
//! whatever cannot be read is left for the run to find out.

use std::any::Any;
use std::cell::RefCell;
use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use serde::de::{DeserializeOwned, IgnoredAny};

use crate::cache::Snapshot;
use crate::cache::envelope::{CaptionsFile, FetchedFile, ReplyFile, parse};
use crate::cache::evidence::{self, EvidenceFile};
use crate::cache::file_name::{CAPTIONS, ReplyStatus};
use crate::fs;
use crate::talk::Metadata;
use crate::talk::id::VideoId;
use crate::work::Stage;

/// How many talks come at a time, so that no thread is woken for each.
const AT_A_TIME: usize = 16;
/// How many such batches wait for the run at most.
const BATCHES: usize = 4;
/// How many bytes a file has at most, as a rule.
const ROOM: usize = 1 << 16;

/// Reads folders before they are asked for.
#[derive(Debug)]
pub(super) struct Prefetch {
    batches: Receiver<Vec<Snapshot>>,
    next: VecDeque<Snapshot>,
}

/// A file that was read before anybody asked.
#[derive(Debug)]
pub(super) struct ReadAhead {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// What stands in it, for the first who asks, where that is what was expected.
    content: RefCell<Option<Content>>,
}

/// What stands in a file of ours, of whichever type.
type Content = Box<dyn Any + Send>;

/// Reads what stands in a file, unless it is damaged: whoever asks finds that out.
type Reader = fn(&Path, &[u8]) -> Option<Content>;

impl Prefetch {
    /// Begins to read what a cache has of videos, each once, in the order in which they will be
    /// asked for. Dropping this ends it.
    pub(super) fn start(cache: PathBuf, mut videos: Vec<VideoId>) -> Self {
        let mut seen = HashSet::new();
        videos.retain(|video| seen.insert(video.clone()));
        let (sender, batches) = sync_channel(BATCHES);
        thread::spawn(move || read(&cache, &videos, &sender));
        Self {
            batches,
            next: VecDeque::new(),
        }
    }

    /// The folder of a video, which is given once: who asks again wants to know what is there now.
    pub(super) fn take(&mut self, video: &VideoId) -> Option<Snapshot> {
        if self.next.is_empty() {
            self.next.extend(self.batches.recv().ok()?);
        }
        let place = self
            .next
            .iter()
            .position(|snapshot| snapshot.is_of(video))?;
        self.next.drain(..=place).next_back()
    }
}

fn read(cache: &Path, videos: &[VideoId], sender: &SyncSender<Vec<Snapshot>>) {
    let mut buffer = Vec::with_capacity(ROOM);
    for videos in videos.chunks(AT_A_TIME) {
        let snapshots = videos
            .iter()
            .filter_map(|video| Snapshot::open(cache.join(video.as_str())).ok());
        let batch = snapshots
            .map(|snapshot| snapshot.preload(&mut buffer))
            .collect();
        // Nobody listens any more once the run is over.
        if sender.send(batch).is_err() {
            return;
        }
    }
}

impl Snapshot {
    /// Reads what a run with nothing to do will ask for, by way of a buffer. What cannot be read is
    /// left to whoever asks for it.
    fn preload(mut self, buffer: &mut Vec<u8>) -> Self {
        let kept = self.files.iter();
        let kept = kept.filter(|file| file.status == ReplyStatus::Kept);
        let named = kept.filter_map(|file| Some((file.to_string(), reader_of(file.stage)?)));
        let captions = (CAPTIONS.to_owned(), read_as::<CaptionsFile> as Reader);
        let places = self.others.iter().filter(|name| evidence::is_name(name));
        let places = places.map(|name| (name.clone(), read_as::<EvidenceFile> as Reader));
        self.ahead = named
            .chain([captions])
            .chain(places)
            .filter_map(|(name, reader)| {
                let path = self.folder.join(&name);
                fs::read_into(&path, buffer).ok()?;
                Some(ReadAhead {
                    content: RefCell::new(reader(&path, buffer)),
                    bytes: buffer.clone(),
                    name,
                })
            })
            .collect();
        self
    }
}

impl ReadAhead {
    /// What stands in the file, if it is of this type and nobody has taken it yet.
    pub(super) fn take<T: 'static>(&self) -> Option<T> {
        let is_it = |content: &mut Content| content.is::<T>();
        let content = self.content.borrow_mut().take_if(is_it)?;
        content.downcast().ok().map(|content| *content)
    }
}

/// What reads a stage's files as a run with nothing to do asks for them, if it does.
fn reader_of(stage: Stage) -> Option<Reader> {
    match stage {
        Stage::Metadata => Some(read_as::<FetchedFile<Metadata>>),
        Stage::Summary | Stage::Category => Some(read_as::<ReplyFile<IgnoredAny>>),
        _ => None,
    }
}

fn read_as<T: DeserializeOwned + Send + 'static>(path: &Path, bytes: &[u8]) -> Option<Content> {
    let content: T = parse(path, bytes).ok()?;
    Some(Box::new(content))
}
