//! The videos' pictures: `cache/<video id>/thumbnail-<digest>.webp`.
//!
//! A picture's name is the digest of whose it is and how it was made, so that a file says both: of
//! two ids that differ only in case each finds its own, and what is made otherwise today is a miss.
//! A picture costs nothing, so a newer one takes its place.

use std::path::PathBuf;

use crate::cache::envelope::{digest_of, read_if_there};
use crate::cache::file_name::{NO_THUMBNAIL, is_digest};
use crate::cache::{Cache, CacheError, RememberedFailure};
use crate::fs::{self, Existing};
use crate::talk::id::VideoId;

/// A picture that is in the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachedThumbnail {
    /// The file.
    pub path: PathBuf,
    /// What tells it from every other picture, whatever a disk makes of upper and lower case.
    pub digest: String,
}

impl Cache {
    /// The picture of a video that was made in this way.
    pub fn thumbnail(
        &self,
        video: &VideoId,
        making: &str,
    ) -> Result<Option<CachedThumbnail>, CacheError> {
        let thumbnail = self.picture(video, making);
        // A page takes it along to its readers, so it is to be a picture of this cache.
        if fs::confine(&thumbnail.path, std::slice::from_ref(&self.folder)).is_err() {
            return Ok(None);
        }
        let known = fs::size_and_time(&thumbnail.path)?;
        Ok(known.map(|_| thumbnail))
    }

    /// Keeps the picture of a video, in the place of an older one.
    pub async fn keep_thumbnail(
        &self,
        video: &VideoId,
        making: &str,
        picture: Vec<u8>,
    ) -> Result<(), CacheError> {
        let path = self.picture(video, making).path;
        self.write(path, picture, Existing::Replace).await?;
        Ok(fs::remove_if_there(
            &self.path_of_single(video, NO_THUMBNAIL)?,
        )?)
    }

    /// That a video had no picture when it was last asked for one.
    pub fn no_thumbnail(&self, video: &VideoId) -> Result<Option<RememberedFailure>, CacheError> {
        let place = self.path_of_single(video, NO_THUMBNAIL)?;
        let failure: Option<RememberedFailure> = read_if_there(&place)?;
        Ok(failure.filter(|failure| failure.talk == video.as_str()))
    }

    /// Remembers that a video has no picture.
    pub async fn keep_no_thumbnail(
        &self,
        video: &VideoId,
        reason: &str,
        message: &str,
    ) -> Result<(), CacheError> {
        self.remember(video, NO_THUMBNAIL, reason, message, None)
            .await
    }

    fn picture(&self, video: &VideoId, making: &str) -> CachedThumbnail {
        let digest = digest_of(&(video, making));
        let path = self.path(video, &format!("thumbnail-{digest}.webp"));
        CachedThumbnail { path, digest }
    }
}

/// Whether a file of this name is a picture.
pub(super) fn is_name(name: &str) -> bool {
    let digest = name.strip_prefix("thumbnail-");
    let digest = digest.and_then(|rest| rest.strip_suffix(".webp"));
    digest.is_some_and(is_digest)
}

/// Whether these are the bytes of a picture, and all of them: a WebP file says how long it is.
/// <https://developers.google.com/speed/webp/docs/riff_container>
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    match bytes {
        [b'R', b'I', b'F', b'F', a, b, c, d, rest @ ..] => {
            rest.starts_with(b"WEBP") && u32::from_le_bytes([*a, *b, *c, *d]) as usize == rest.len()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_picture_is_found_by_its_owner_and_its_making_alone() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let video: VideoId = "rustyCache1".parse().unwrap();
        let kept = cache.keep_no_thumbnail(&video, "not-there", "there is none");
        kept.await.unwrap();
        assert!(cache.no_thumbnail(&video).unwrap().is_some());
        for picture in [b"old".to_vec(), b"new".to_vec()] {
            cache
                .keep_thumbnail(&video, "small", picture)
                .await
                .unwrap();
        }
        assert_eq!(cache.no_thumbnail(&video).unwrap(), None);
        let cached = cache.thumbnail(&video, "small").unwrap().unwrap();
        assert_eq!(fs::read(&cached.path).unwrap(), b"new");
        assert_eq!(cache.thumbnail(&video, "large").unwrap(), None);

        // On a disk that does not tell upper from lower case, both share a folder.
        let other: VideoId = "rustycache1".parse().unwrap();
        let place = cache.picture(&other, "small");
        assert_ne!(place.digest, cached.digest);
        assert!(place.digest.bytes().all(|b| !b.is_ascii_uppercase()));
    }

    #[tokio::test]
    async fn pictures_do_not_disturb_what_else_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let video: VideoId = "rustyCache1".parse().unwrap();
        let kept = cache.keep_thumbnail(&video, "small", b"picture".to_vec());
        kept.await.unwrap();
        let snapshot = cache.snapshot(&video).unwrap();
        assert!(snapshot.metadata().unwrap().is_none());
        assert!(snapshot.transcript_ref().unwrap().is_none());
    }
}
