//! The known word that a slip is nearest to. Pure.

/// From here on two words are alike.
const ALIKE: f64 = 0.7;

/// Asks whether the nearest of the known words was meant, if any is near.
pub(crate) fn did_you_mean<'a>(
    given: &str,
    known: impl Iterator<Item = &'a str>,
) -> Option<String> {
    nearest(given, known).map(|nearest| format!("did you mean `{nearest}`?"))
}

/// The nearest of the known words, if any is near.
pub(crate) fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let similarity = |name: &str| strsim::jaro_winkler(&given.to_lowercase(), &name.to_lowercase());
    let nearest = known.max_by(|a, b| similarity(a).total_cmp(&similarity(b)))?;
    (similarity(nearest) >= ALIKE).then_some(nearest)
}
