//! What is kept: each result in a file of its own, whole or not at all.
//!
//! A reply is kept in the breath in which it arrives, beside every earlier one. What was fetched
//! takes the place of the same content, and a pointer or a failure of the one before it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::cache::envelope::{
    CaptionSource, CaptionsFile, FetchedFile, RememberedFailure, ReplyFile, VERSION, digest_of,
    is_of_later_version, to_pretty_json,
};
use crate::cache::file_name::{CAPTIONS, FileName, ReplyStatus, failure_name};
use crate::cache::{
    Cache, CacheError, CachedReply, Owner, Reply, Request, RequestKey, Snapshot, reference_to,
    run_blocking,
};
use crate::fs::{self, Existing, FileError};
use crate::talk::Metadata;
use crate::talk::id::VideoId;
use crate::talk::transcript::{Transcript, TranscriptRef};
use crate::work::Stage;

impl Cache {
    /// Keeps what `YouTube` says about a video.
    pub async fn keep_metadata(
        &self,
        video: &VideoId,
        metadata: &Metadata,
    ) -> Result<(), CacheError> {
        let digest = digest_of(metadata);
        self.keep_fetched(video, Stage::Metadata, &digest, metadata)
            .await?;
        self.forget_failure(video, Stage::Metadata)
    }

    /// Keeps what was said in a video, as the transcript that it has from now on; `source` is the
    /// organizer's file or link that it was read from.
    pub async fn keep_transcript(
        &self,
        video: &VideoId,
        transcript: &Transcript,
        source: Option<CaptionSource>,
    ) -> Result<TranscriptRef, CacheError> {
        let reference = reference_to(transcript);
        self.keep_fetched(video, Stage::Transcript, &reference.digest, transcript)
            .await?;
        self.point_to_transcript(video, reference.clone(), source)
            .await?;
        Ok(reference)
    }

    /// Says which transcript a video has.
    pub async fn point_to_transcript(
        &self,
        video: &VideoId,
        transcript: TranscriptRef,
        source: Option<CaptionSource>,
    ) -> Result<(), CacheError> {
        let talk = video.to_string();
        let (file, link) = match source {
            None => (None, None),
            Some(CaptionSource::File(stamp)) => (Some(stamp), None),
            Some(CaptionSource::Link(link)) => (None, Some(link)),
        };
        let file = CaptionsFile {
            version: VERSION,
            talk,
            made_at: now(),
            transcript,
            file,
            link,
        };
        let place = self.path_of_single(video, CAPTIONS)?;
        self.write(place, to_pretty_json(&file), Existing::Replace)
            .await?;
        self.forget_failure(video, Stage::Transcript)
    }

    /// Keeps a reply in the breath in which it arrives, beside every earlier one.
    pub async fn keep_reply(
        &self,
        owner: Owner<'_>,
        stage: Stage,
        request: &Request,
        reply: Reply,
    ) -> Result<CachedReply, CacheError> {
        self.keep_reply_of(None, owner, stage, request, reply).await
    }

    /// The same for a reply that came with a batch.
    pub(crate) async fn keep_batch_reply(
        &self,
        batch: &str,
        key: &RequestKey,
        request: &Request,
        reply: Reply,
    ) -> Result<CachedReply, CacheError> {
        let owner = Owner::Talk(&key.talk);
        self.keep_reply_of(Some(batch), owner, key.stage, request, reply)
            .await
    }

    async fn keep_reply_of(
        &self,
        batch: Option<&str>,
        owner: Owner<'_>,
        stage: Stage,
        request: &Request,
        reply: Reply,
    ) -> Result<CachedReply, CacheError> {
        let talk = owner.name();
        let digest = request.digest_for(&talk, stage);
        let folder = self.folder.join(owner.folder());
        let made_at = now();
        let file = ReplyFile {
            version: VERSION,
            talk: talk.into_owned(),
            stage,
            made_at,
            batch: batch.map(str::to_owned),
            request: request.clone(),
            reply,
        };
        let bytes = to_pretty_json(&file);
        let mut number = 1 + Snapshot::open(folder.clone())?.highest_number(stage, &digest);
        loop {
            let name = FileName {
                stage,
                digest: digest.clone(),
                number,
                status: ReplyStatus::Kept,
            };
            let path = folder.join(name.to_string());
            if self
                .write(path.clone(), bytes.clone(), Existing::Keep)
                .await?
            {
                return Ok(CachedReply {
                    path,
                    name,
                    made_at,
                    request: file.request,
                    reply: file.reply,
                    from_archive: false,
                });
            }
            number += 1;
        }
    }

    /// Sets a reply aside that failed the check: kept, and never used.
    pub fn reject(&self, reply: &CachedReply) -> Result<(), CacheError> {
        let mut name = FileName {
            status: ReplyStatus::Rejected,
            ..reply.name.clone()
        };
        let mut rejected = reply.path.with_file_name(name.to_string());
        self.last_snapshot.take();
        // Another run may have asked the same at the same time, and set its own reply aside.
        while fs::size_and_time(&rejected)?.is_some() {
            name.number += 1;
            rejected.set_file_name(name.to_string());
        }
        match fs::rename(&reply.path, &rejected) {
            // Another run has read the same reply and was quicker.
            Err(error) if error.is_not_found() => Ok(()),
            renamed => Ok(renamed?),
        }
    }

    /// Remembers why a stage of a video has no result.
    pub async fn keep_failure(
        &self,
        video: &VideoId,
        stage: Stage,
        reason: &str,
        message: &str,
    ) -> Result<(), CacheError> {
        self.remember(video, &failure_name(stage), reason, message, None)
            .await
    }

    /// Remembers why the captions at a link of the catalog could not be had.
    pub async fn keep_failed_link(
        &self,
        video: &VideoId,
        link: &str,
        reason: &str,
        message: &str,
    ) -> Result<(), CacheError> {
        let name = failure_name(Stage::Transcript);
        self.remember(video, &name, reason, message, Some(link))
            .await
    }

    pub(super) async fn remember(
        &self,
        video: &VideoId,
        name: &str,
        reason: &str,
        message: &str,
        link: Option<&str>,
    ) -> Result<(), CacheError> {
        let failure = RememberedFailure {
            talk: video.to_string(),
            at: now(),
            reason: reason.to_owned(),
            message: message.to_owned(),
            link: link.map(str::to_owned),
        };
        let place = self.path_of_single(video, name)?;
        self.write(place, to_pretty_json(&failure), Existing::Replace)
            .await?;
        Ok(())
    }

    fn forget_failure(&self, video: &VideoId, stage: Stage) -> Result<(), CacheError> {
        self.last_snapshot.take();
        let place = self.path_of_single(video, &failure_name(stage))?;
        Ok(fs::remove_if_there(&place)?)
    }

    async fn keep_fetched<T: Serialize>(
        &self,
        video: &VideoId,
        stage: Stage,
        digest: &str,
        content: T,
    ) -> Result<(), CacheError> {
        let name = FileName {
            stage,
            digest: digest.to_owned(),
            number: 1,
            status: ReplyStatus::Kept,
        };
        let talk = video.to_string();
        let file = FetchedFile {
            version: VERSION,
            talk,
            stage,
            made_at: now(),
            content,
        };
        // The same content again is as old as this visit: the newest file is the one that counts.
        self.write(
            self.path(video, &name.to_string()),
            to_pretty_json(&file),
            Existing::Replace,
        )
        .await?;
        Ok(())
    }

    pub(super) async fn write(
        &self,
        path: PathBuf,
        bytes: Vec<u8>,
        existing: Existing,
    ) -> Result<bool, CacheError> {
        self.join_writers().await?;
        let place = path.clone();
        let bytes = Arc::<[u8]>::from(bytes);
        let kept = Arc::clone(&bytes);
        let written = run_blocking(move || write_in_place(&place, &kept, existing)).await;
        self.last_snapshot.take();
        let is_written = written?;
        if is_written {
            self.put_kept(&path, &bytes, existing).await?;
        }
        Ok(is_written)
    }
}

fn now() -> Timestamp {
    Timestamp::now()
}

/// Puts a file into its place, unless what stands there is to be kept or was written by a later
/// version: that says as much as this one would, or more.
pub(super) fn write_in_place(
    path: &Path,
    bytes: &[u8],
    existing: Existing,
) -> Result<bool, FileError> {
    // A talk's folder that is a link could lead anywhere.
    if let Some(home) = path.parent()
        && fs::is_link(home)
    {
        let cache = home.parent().unwrap_or(home);
        fs::confine(path, &[cache.to_owned()])?;
    }
    if existing == Existing::Replace && is_of_later_version(path)? {
        return Ok(false);
    }
    fs::write(path, bytes, existing)
}
