//! Any bytes as a schedule, whatever planning tool it may come from: no panic, and sessions whose
//! titles and speakers are one line each.

use proceedings::testing::schedule;

/// Reads the bytes as a schedule.
pub(crate) fn check(bytes: &[u8]) {
    let Some(sessions) = schedule(bytes) else {
        return;
    };
    assert!(!sessions.is_empty());
    for (title, speakers) in &sessions {
        assert!(!title.trim().is_empty());
        for line in speakers.iter().chain([title]) {
            assert!(!line.contains(['\n', '\r']), "{line:?}");
        }
    }
}
