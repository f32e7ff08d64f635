//! How much of what others send or write is taken in, and why so much.
//!
//! A file or a reply of a stranger may be without end, or small and unpack to whatever fills a
//! memory. Every reader of such things stops at one of these limits, all of which are far above what
//! honest ones have. `http.rs` and `fs.rs` are the readers.

/// What comes as the success of a model, on the wire and unpacked. The longest that is known, a
/// transcription of ten hours with all its segments, has about 9 MiB.
pub(crate) const REPLY: u64 = 16 << 20;

/// How much of a refusal is read: its beginning says why.
pub(crate) const REFUSAL: u64 = 1 << 20;

/// Places for values in one body. Each costs many times its bytes in memory; the transcription of
/// ten hours has about 300,000.
pub(crate) const VALUES: usize = 1 << 20;

/// Brackets within each other. No reply is nested deeper, and a reader that calls itself runs out of
/// stack.
pub(crate) const DEPTH: usize = 64;

/// The text of a reply, in bytes, where few tokens are asked for: thoughts may be longer than what
/// was asked for, since not every server keeps to it.
pub(crate) const TEXT: u64 = 256 << 10;

/// The text of a reply, in bytes a token that is asked for; usual tokens have four.
pub(crate) const TEXT_PER_TOKEN: u64 = 16;

/// A picture of a video; `YouTube`'s have less than a tenth of it.
pub(crate) const PICTURE: u64 = 2 << 20;

/// The logo of a conference, which each page carries in itself.
pub(crate) const LOGO: u64 = 128 << 10;

/// What yt-dlp prints. The listing of a channel with ten thousand videos has about 25 MiB.
pub(crate) const LISTING: u64 = 64 << 20;

/// What yt-dlp downloads in one visit, all files together. Ten hours of sound in the quality that is
/// asked for have about 250 MiB.
pub(crate) const DOWNLOADS: u64 = 1 << 30;

/// A caption file. Ten hours with a time for each word have about 8 MiB.
pub(crate) const CAPTIONS: u64 = 32 << 20;

/// A schedule, a page made earlier, or a list of ids. The schedule of the largest conferences has
/// about 5 MiB.
pub(crate) const SCHEDULE: u64 = 32 << 20;

/// A file of a cache that comes out of a shared store. The longest is a transcription with what was
/// asked, a little more than the reply.
#[cfg(feature = "cloud")]
pub(crate) const SHARED: u64 = 2 * REPLY;

/// A catalog: a thousand talks, each with its summary, have about 1 MiB.
pub(crate) const CATALOG: u64 = 16 << 20;

/// A template of a prompt or a page, a style or a script; the longest of ours has 15 KiB.
pub(crate) const TEMPLATE: u64 = 256 << 10;

/// A page or a prompt that a template makes. A page of 20,000 talks has about 45 MiB.
pub(crate) const RENDERED: u64 = 256 << 20;

/// Any other file. The longest that this program writes is a reply at its limit, laid out to be read.
pub(crate) const FILE: u64 = 256 << 20;

/// A size in words.
#[must_use]
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..=0xf_ffff => format!("{} KiB", bytes >> 10),
        _ => format!("{} MiB", bytes >> 20),
    }
}
