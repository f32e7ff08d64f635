//! Where in its recording a sentence of a summary is said.
//!
//! It is a place to look, and no proof: whoever wants to know reads or listens there. How a place
//! is found is not known here.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::talk::transcript::Span;

/// Where one sentence of a summary is said.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Evidence {
    /// What is said there, in the transcript's own words.
    pub quote: String,
    /// When it is said.
    #[serde(with = "seconds")]
    pub span: Span,
    /// How the place was found.
    pub found_by: FoundBy,
}

/// How the place of a sentence was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FoundBy {
    /// By a quote that came with the sentence and stands in the transcript.
    Quote,
    /// By the words of the sentence, and of what stands beside it.
    Words,
}

/// The places of the sentences of a summary, in their order; none where nothing was found.
pub type SummaryEvidence = Vec<Option<Evidence>>;

/// A sentence of a summary, and where it is said, if a place was found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PlacedSentence {
    /// The words, on one line.
    pub text: String,
    /// Where they are said.
    pub evidence: Option<Evidence>,
}

/// A span as its two ends, in seconds.
mod seconds {
    use serde::de::Error;
    use serde::{Deserializer, Serializer};

    use super::{Deserialize, Duration, Serialize, Span};

    #[derive(Serialize, Deserialize)]
    struct Ends {
        start: f64,
        end: f64,
    }

    pub(super) fn serialize<S: Serializer>(span: &Span, to: S) -> Result<S::Ok, S::Error> {
        let ends = Ends {
            start: span.start.as_secs_f64(),
            end: span.end.as_secs_f64(),
        };
        ends.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Span, D::Error> {
        let Ends { start, end } = Ends::deserialize(from)?;
        let duration = |seconds| Duration::try_from_secs_f64(seconds).map_err(D::Error::custom);
        Ok(Span {
            start: duration(start)?,
            end: duration(end)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_written_and_read_alike() {
        let evidence = Evidence {
            quote: "the queue was full".to_owned(),
            span: Span {
                start: Duration::from_millis(12_340),
                end: Duration::from_secs(15),
            },
            found_by: FoundBy::Quote,
        };
        let text = serde_json::to_string(&evidence).unwrap();
        assert_eq!(
            text,
            r#"{"quote":"the queue was full","span":{"start":12.34,"end":15.0},"found-by":"quote"}"#
        );
        assert_eq!(serde_json::from_str::<Evidence>(&text).unwrap(), evidence);
        let backwards = text.replace("12.34", "-1.0");
        assert!(serde_json::from_str::<Evidence>(&backwards).is_err());
    }
}
