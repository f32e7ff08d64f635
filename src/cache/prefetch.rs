//! Talks' folders read ahead of the run that will ask for them, on a thread of their own: while the
//! run works on one talk, the disk brings the next ones, and what stands in their files is read.
//!
//! What is read ahead is a little older than the question. That is good enough to look at, and
//! whatever cannot be read is left for the run to find out.

use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::cache::Snapshot;
use crate::talk::id::VideoId;

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
