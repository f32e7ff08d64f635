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
            forecast.add(outlook, plan, &speech);
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

    fn add(&mut self, outlook: &Outlook, plan: &Plan, speech: &Speech) {
        let talk = &outlook.talk;
        let damage = outlook.damage();
        for need in [&plan.summary.need, &plan.category.need] {
            let why = match (need, damage) {
                (Need::Hopeless(error), _) => causes(error),
                (Need::Model(_) | Need::Words(_), Some(damage)) => causes(damage),
                _ => continue,
            };
            self.hopeless.push((talk.id.clone(), why));
        }
        if damage.is_some() {
            return;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::outlook::Standing;
    use crate::llm::Usage;
    use crate::summarize::SummarizeError;
    use crate::summarize::plan::Prospect;
    use crate::talk::provenance::TitleOrigin;
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

    fn outlook(id: &str, next: Next, tokens: u64, duration: Option<u64>) -> Outlook {
        let transcript = TranscriptRef {
            digest: "3fa9c1d2e4b59a07".to_owned(),
            language: None,
            kind: CaptionKind::Automatic,
            words: 1,
            characters: 4,
            tokens,
        };
        Outlook {
            talk: Talk {
                id: TalkId::whole(id.parse().unwrap()),
                end: None,
                title: "Caches".to_owned(),
                title_origin: TitleOrigin::YouTube,
                speakers: Vec::new(),
                description: String::new(),
                date: None,
                duration,
                language: None,
                chapters: Vec::new(),
                transcript: Some(transcript).filter(|_| tokens > 0),
            },
            metadata: Standing::Lacking,
            transcript: Standing::Lacking,
            length: duration,
            next,
        }
    }

    fn plan(summary: Need, category: Need) -> Plan {
        let now = None;
        Plan {
            summary: Prospect { now, need: summary },
            category: Prospect {
                now: None,
                need: category,
            },
        }
    }

    fn known(id: &str, tokens: u64, duration: Option<u64>) -> (Outlook, Plan) {
        let plan = plan(
            Need::Model(estimate(tokens + 100)),
            Need::Model(estimate(10)),
        );
        (outlook(id, Next::Nothing, tokens, duration), plan)
    }

    fn unfetched(id: &str, duration: Option<u64>) -> (Outlook, Plan) {
        let plan = plan(Need::Words(estimate(100)), Need::Model(estimate(10)));
        (outlook(id, Next::Visit, 0, duration), plan)
    }

    fn forecast(talks: &[(Outlook, Plan)]) -> Forecast {
        Forecast::of(talks.iter().map(|(outlook, plan)| (outlook, plan)))
    }

    #[test]
    fn what_is_not_fetched_is_in_no_sum() {
        let forecast = forecast(&[
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
        let guessed = |talks: &[(Outlook, Plan)]| {
            let forecast = forecast(talks);
            let guess = forecast.guess.estimate.usage.prompt_tokens;
            (forecast.guess.talks, guess, forecast.unknown)
        };
        let frame = 110;
        // The talks that are known have 2 tokens a second.
        let fast = || known("rustyCache1", 1_000, Some(500));
        assert_eq!(
            guessed(&[fast(), unfetched("kernelSched", Some(300))]),
            (1, frame + 600, 0)
        );
        assert_eq!(
            guessed(&[fast(), unfetched("kernelSched", None)]),
            (1, frame + 1_000, 0)
        );
        assert_eq!(
            guessed(&[unfetched("kernelSched", Some(600))]),
            (1, frame + 2_000, 0)
        );
        assert_eq!(guessed(&[unfetched("kernelSched", None)]), (0, 0, 1));
    }

    #[test]
    fn what_cannot_be_made_is_in_no_sum() {
        let hopeless = plan(Need::Hopeless(SummarizeError::NothingToRead), Need::Nothing);
        let forecast = forecast(&[(outlook("kernelSched", Next::Nothing, 0, None), hopeless)]);
        assert_eq!(forecast.known(), Estimate::default());
        assert_eq!(forecast.hopeless.len(), 1);
    }

    #[test]
    fn a_video_of_several_talks_is_visited_or_listened_to_once() {
        let nothing = || plan(Need::Nothing, Need::Nothing);
        let parts = [Next::Visit, Next::Visit]
            .map(|next| (outlook("kernelSched", next, 0, None), nothing()));
        assert_eq!(forecast(&parts).visits, 1);
        let heard = [Some(90), None].map(|length| {
            (
                outlook("kernelSched", Next::Transcribe, 0, length),
                nothing(),
            )
        });
        assert_eq!(
            forecast(&heard).recordings,
            Recordings {
                count: 1,
                without_length: 0,
                seconds: 90
            }
        );
    }
}
