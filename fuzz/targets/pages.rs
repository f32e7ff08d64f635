//! Any text as a page of the origin: no panic, and no more on it than was read.

use proceedings::testing::origin_page;

/// Reads the bytes as a page that is to be imported.
pub(crate) fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Some(talks) = origin_page(&text) else {
        return;
    };
    assert!(!talks.is_empty());
    let taken: usize = talks.iter().map(|(id, text)| id.len() + text.len()).sum();
    assert!(taken <= text.len(), "{taken} of {}", text.len());
}
