//! Counts as shares of each other.

/// Divides two counts; nothing divided by nothing is nothing.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of words and bytes stay far below 2^52"
)]
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
