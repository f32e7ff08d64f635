//! What a run would take, added up: visits, requests, tokens.
//!
//! What is known is kept apart from what is guessed. Of a talk that is not fetched yet nobody
//! knows how much there is to read: that is guessed by its length, else by the mean of the talks
//! that are known, else not at all.

use std::collections::HashSet;

use crate::fetch::outlook::{Next, Outlook};
use crate::report::causes;
use crate::summarize::plan::{Estimate, Need, Plan};
use crate::talk::Talk;
use crate::talk::id::{TalkId, VideoId};

/// How many tokens are spoken in a minute where nobody knows better: about 150 words.
const TOKENS_A_MINUTE: f64 = 200.0;

/// What a run would take.
#[derive(Debug, Default, PartialEq)]
pub struct Forecast {
    /// How many videos are visited.
    pub visits: usize,
    /// The recordings that are transcribed.
    pub recordings: Recordings,
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
pub struct Recordings {
    /// How many.
    pub count: usize,
    /// Of how many the length is not known.
    pub without_length: usize,
    /// How long the others are together.
    pub seconds: u64,
}

/// What talks take of which it is not known how much there is to read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Guess {
    /// How many.
    pub talks: usize,
    /// About what they take, summaries and categories together.
    pub estimate: Estimate,
}

/// How much is said in the talks that are known.
#[derive(Debug, Default)]
struct Speech {
    talks: u64,
    tokens: u64,
    /// The tokens and seconds of the talks of known length.
    measured: (u64, u64),
}

impl Forecast {
    /// Adds up what talks would take.
    #[must_use]
    pub fn of<'a>(talks: impl Iterator<Item = (&'a Outlook, &'a Plan)> + Clone) -> Self {
        let speech = Speech::of(talks.clone().map(|(outlook, _)| &outlook.talk));
        let mut forecast = Self::default();
        let mut visited: HashSet<(&VideoId, Next)> = HashSet::new();
        for (outlook, plan) in talks {
            if visited.insert((&outlook.talk.id.video, outlook.next)) {
                forecast.add_visit(outlook);
            }
            forecast.add(&outlook.talk, plan, &speech);
        }
        forecast
    }

    /// All requests of which it is known what they take.
    #[must_use]
    pub fn known(&self) -> Estimate {
        let mut all = self.summaries;
        all.add(self.categories);
        all
    }

    /// How many talks are in no sum because they are not fetched yet.
    #[must_use]
    pub fn unfetched(&self) -> usize {
        self.guess.talks + self.unknown
    }

    fn add_visit(&mut self, outlook: &Outlook) {
        match outlook.next {
            Next::Visit => self.visits += 1,
            Next::Transcribe => {
                self.recordings.count += 1;
                match outlook.length {
                    Some(seconds) => self.recordings.seconds += seconds,
                    None => self.recordings.without_length += 1,
                }
            }
            Next::Nothing | Next::Read => {}
        }
    }

    fn add(&mut self, talk: &Talk, plan: &Plan, speech: &Speech) {
        for need in [&plan.summary.need, &plan.category.need] {
            if let Need::Hopeless(error) = need {
                self.hopeless.push((talk.id.clone(), causes(error)));
            }
        }
        match &plan.summary.need {
            Need::Model(estimate) => self.summaries.add(*estimate),
            Need::Words(bare) => {
                let Some(words) = speech.guess(talk) else {
                    self.unknown += 1;
                    return;
                };
                self.guess.talks += 1;
                self.guess.estimate.add(*bare);
                self.guess.estimate.usage.prompt_tokens += words;
                if let Need::Model(estimate) = plan.category.need {
                    self.guess.estimate.add(estimate);
                }
                return;
            }
            Need::Nothing | Need::Hopeless(_) => {}
        }
        if let Need::Model(estimate) = plan.category.need {
            self.categories.add(estimate);
        }
    }
}

impl Speech {
    /// What is said in whole recordings. Of parts only what the whole recording holds is known.
    fn of<'a>(talks: impl Iterator<Item = &'a Talk>) -> Self {
        let mut speech = Self::default();
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
