//! What a run would take, added up: visits, requests, tokens.
//!
//! What is known is kept apart from what is guessed. Of a talk that is not fetched yet nobody
//! knows how much there is to read: that is guessed by its length, else by the mean of the talks
//! that are known, else not at all.

use std::collections::HashSet;

use crate::fetch::decision::{FetchDecision, Listening, Next};
use crate::report::causes;
use crate::status::decisions::Need;
use crate::summarize::SummarizeError;
use crate::summarize::estimate::Estimate;
use crate::talk::Talk;
use crate::talk::id::{TalkId, VideoId};

/// How many tokens are spoken in a minute where nobody knows better: about 150 words.
const TOKENS_A_MINUTE: f64 = 200.0;

/// What a run would take.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Forecast {
    /// How many videos are visited.
    pub visits: usize,
    /// How many videos get their captions by a link.
    pub downloads: usize,
    /// The recordings that are transcribed.
    pub recordings: Recordings,
    /// Those that are transcribed too where a visit finds no captions; in no sum.
    pub perhaps: Recordings,
    /// The requests for summaries of talks that are fetched.
    pub summaries: Estimate,
    /// The requests for their categories.
    pub categories: Estimate,
    /// What talks take of which it is not known how much there is to read; not in the sums above.
    pub guess: Guess,
    /// The talks of which that cannot even be guessed; in no sum.
    pub unknown: usize,
    /// The talks that lack something that no run can make, with the reason; in no sum.
    pub hopeless: Vec<(TalkId, String)>,
}

/// Recordings to be transcribed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Recordings {
    pub count: usize,
    /// Of how many the length is not known.
    pub without_length: usize,
    /// How long the others are together.
    pub seconds: u64,
}

/// What talks take of which it is not known how much there is to read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Guess {
    /// How many.
    pub talks: usize,
    /// About what they take, summaries and categories together.
    pub estimate: Estimate,
}

/// How much is said in the talks that are known.
#[derive(Debug, Default)]
pub(crate) struct Speech {
    talks: u64,
    tokens: u64,
    /// The tokens and seconds of the talks of known length.
    measured: (u64, u64),
}

impl Forecast {
    /// Begins with what is fetched of all talks.
    #[must_use]
    pub(crate) fn of_fetching(talks: &[FetchDecision]) -> Self {
        let mut forecast = Self::default();
        let mut videos: HashSet<&VideoId> = HashSet::new();
        for fetch in talks.iter().filter(|fetch| fetch.next != Next::Nothing) {
            if videos.insert(&fetch.talk.id.video) {
                forecast.visits += usize::from(fetch.next.visits());
                forecast.downloads += usize::from(fetch.next.downloads());
                match fetch.listening {
                    Listening::Yes => forecast.recordings.add(fetch.length),
                    Listening::WithoutCaptions => forecast.perhaps.add(fetch.length),
                    Listening::No => {}
                }
            }
        }
        forecast
    }

    /// All requests of which it is known what they take.
    #[must_use]
    pub(crate) fn known(&self) -> Estimate {
        let mut all = self.summaries;
        all.add(self.categories);
        all
    }

    /// How many talks are in no sum because they are not fetched yet.
    #[must_use]
    pub(crate) fn unfetched(&self) -> usize {
        self.guess.talks + self.unknown
    }

    /// Adds what a talk's summary and category take.
    pub(crate) fn add(&mut self, fetch: &FetchDecision, needs: [Need; 2], speech: &Speech) {
        let talk = &fetch.talk;
        for need in &needs {
            let why = match (need, fetch.damage()) {
                (Need::Impossible(SummarizeError::NotCached), Some(damage)) => causes(damage),
                (Need::Impossible(error), _) => causes(error),
                _ => continue,
            };
            self.hopeless.push((talk.id.clone(), why));
        }
        match needs {
            [Need::Words(bare), category] => match speech.guess(talk) {
                None => self.unknown += 1,
                Some(words) => {
                    self.guess.talks += 1;
                    self.guess.estimate.add(bare);
                    self.guess.estimate.usage.prompt_tokens += words;
                    if let Need::Requests(estimate) = category {
                        self.guess.estimate.add(estimate);
                    }
                }
            },
            [summary, category] => {
                if let Need::Requests(estimate) = summary {
                    self.summaries.add(estimate);
                }
                if let Need::Requests(estimate) = category {
                    self.categories.add(estimate);
                }
            }
        }
    }
}

impl Recordings {
    /// How long they are together as far as that is known, in minutes.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "no catalog has 2^52 seconds")]
    pub(crate) fn minutes(&self) -> f64 {
        self.seconds as f64 / 60.0
    }

    fn add(&mut self, length: Option<u64>) {
        self.count += 1;
        match length {
            Some(seconds) => self.seconds += seconds,
            None => self.without_length += 1,
        }
    }
}

impl Speech {
    /// What is said in whole recordings. Of parts only what the whole recording holds is known.
    #[must_use]
    pub(crate) fn of(talks: &[FetchDecision]) -> Self {
        let mut speech = Self::default();
        let talks = talks.iter().map(|fetch| &fetch.talk);
        for talk in talks.filter(|talk| talk.id.start.is_none()) {
            let tokens = talk.transcript.as_ref().map_or(0, |words| words.tokens);
            if tokens > 0 {
                speech.talks += 1;
                speech.tokens += tokens;
                if let Some(seconds) = talk.duration.filter(|seconds| *seconds > 0) {
                    speech.measured.0 += tokens;
                    speech.measured.1 += seconds;
                }
            }
        }
        speech
    }

    /// About how many tokens are said in a talk.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a guess"
    )]
    fn guess(&self, talk: &Talk) -> Option<u64> {
        let rate = match self.measured {
            (_, 0) => TOKENS_A_MINUTE / 60.0,
            (tokens, seconds) => tokens as f64 / seconds as f64,
        };
        match talk.duration {
            Some(seconds) => Some((seconds as f64 * rate) as u64),
            None => self.tokens.checked_div(self.talks),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::Usage;
    use crate::talk::transcript::{CaptionKind, TranscriptRef};

    fn estimate(prompt_tokens: u64) -> Estimate {
        Estimate {
            requests: 1,
            usage: Usage {
                prompt_tokens,
                ..Usage::default()
            },
        }
    }

    fn fetch(id: &str, next: Next, tokens: u64, duration: Option<u64>) -> FetchDecision {
        let transcript = TranscriptRef {
            digest: "3fa9c1d2e4b59a07".to_owned(),
            language: None,
            kind: CaptionKind::Automatic,
            words: 1,
            characters: 4,
            tokens,
        };
        let talk = Talk {
            duration,
            transcript: Some(transcript).filter(|_| tokens > 0),
            ..Talk::bare(TalkId::whole(id.parse().unwrap()), "Caches")
        };
        let mut fetch = FetchDecision::lacking(talk);
        (fetch.length, fetch.next) = (duration, next);
        fetch
    }

    fn known(id: &str, tokens: u64, duration: Option<u64>) -> (FetchDecision, [Need; 2]) {
        let needs = [
            Need::Requests(estimate(tokens + 100)),
            Need::Requests(estimate(10)),
        ];
        (fetch(id, Next::Nothing, tokens, duration), needs)
    }

    fn unfetched(id: &str, duration: Option<u64>) -> (FetchDecision, [Need; 2]) {
        let needs = [Need::Words(estimate(100)), Need::Requests(estimate(10))];
        (fetch(id, Next::Visit, 0, duration), needs)
    }

    fn forecast(talks: impl IntoIterator<Item = (FetchDecision, [Need; 2])>) -> Forecast {
        let (fetches, needs): (Vec<_>, Vec<_>) = talks.into_iter().unzip();
        let mut forecast = Forecast::of_fetching(&fetches);
        let speech = Speech::of(&fetches);
        for (fetch, needs) in fetches.iter().zip(needs) {
            forecast.add(fetch, needs, &speech);
        }
        forecast
    }

    #[test]
    fn what_is_not_fetched_is_in_no_sum() {
        let forecast = forecast([
            known("rustyCache1", 1_000, None),
            unfetched("kernelSched", None),
        ]);
        assert_eq!(forecast.visits, 1);
        assert_eq!(forecast.known().requests, 2);
        assert_eq!(forecast.known().usage.prompt_tokens, 1_110);
        assert_eq!(forecast.unfetched(), 1);
    }

    #[test]
    fn a_guess_goes_by_the_length_else_by_the_mean_else_there_is_none() {
        let guessed = |talks: Vec<(FetchDecision, [Need; 2])>| {
            let forecast = forecast(talks);
            let guess = forecast.guess.estimate.usage.prompt_tokens;
            (forecast.guess.talks, guess, forecast.unknown)
        };
        let frame = 110;
        // The talks that are known have 2 tokens a second.
        let fast = || known("rustyCache1", 1_000, Some(500));
        assert_eq!(
            guessed(vec![fast(), unfetched("kernelSched", Some(300))]),
            (1, frame + 600, 0)
        );
        assert_eq!(
            guessed(vec![fast(), unfetched("kernelSched", None)]),
            (1, frame + 1_000, 0)
        );
        assert_eq!(
            guessed(vec![unfetched("kernelSched", Some(600))]),
            (1, frame + 2_000, 0)
        );
        assert_eq!(guessed(vec![unfetched("kernelSched", None)]), (0, 0, 1));
    }

    #[test]
    fn what_cannot_be_made_is_in_no_sum() {
        let hopeless = [
            Need::Impossible(SummarizeError::NothingToRead),
            Need::Nothing,
        ];
        let forecast = forecast([(fetch("kernelSched", Next::Nothing, 0, None), hopeless)]);
        assert_eq!(forecast.known(), Estimate::default());
        assert_eq!(forecast.hopeless.len(), 1);
    }

    #[test]
    fn a_video_of_several_talks_is_visited_or_listened_to_once() {
        let parts = |next, listening, lengths: [Option<u64>; 2]| {
            forecast(lengths.map(|length| {
                let mut fetch = fetch("kernelSched", next, 0, length);
                fetch.listening = listening;
                (fetch, [Need::Nothing, Need::Nothing])
            }))
        };
        let visited = parts(Next::Visit, Listening::WithoutCaptions, [None; 2]);
        assert_eq!((visited.visits, visited.recordings.count), (1, 0));
        assert_eq!(visited.perhaps.count, 1);
        let heard = parts(Next::Transcribe, Listening::Yes, [Some(90), None]);
        assert_eq!(
            heard.recordings,
            Recordings {
                count: 1,
                without_length: 0,
                seconds: 90
            }
        );
    }
}
