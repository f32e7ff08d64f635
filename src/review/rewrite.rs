//! Other summaries, which one model or two are asked for with hints of the person who reads.
//!
//! They are asked for beside the editor, which answers meanwhile, and one after the other. What is
//! under way is finished, whether the page still waits for it or not: it is paid for, and kept. How a
//! model is asked is the business of whoever opens the review.

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::review::questions::{PageAnswer, PendingQuestion};
use crate::review::{Refusal, Trouble};

/// A summary that a person wants otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rewrite {
    pub talk: String,
    /// What the person wants of it.
    pub hint: String,
    /// The model to ask, by the name that the page has been given.
    pub model: String,
    pub consent: Consent,
}

/// Whether the person has agreed to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Consent {
    /// What it costs is said first.
    Wanted,
    Given,
}

/// What the page gets.
#[derive(Debug, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub(crate) enum RewriteAnswer {
    /// A model is to be asked first.
    Foreseen {
        /// What it costs, in words.
        cost: String,
    },
    /// The summary.
    Written { text: String },
}

/// Answers until nobody is left who asks; `write` is none where no model may be asked.
pub(super) async fn answer_all<W>(
    write: Option<&W>,
    mut questions: mpsc::Receiver<PendingQuestion<Rewrite>>,
) where
    W: AsyncFn(Rewrite) -> Result<RewriteAnswer, Trouble>,
{
    while let Some(PendingQuestion { question, answer }) = questions.recv().await {
        // Nobody pays for what nobody waits for.
        if answer.is_closed() {
            continue;
        }
        let written = match write {
            Some(write) => write(question).await.map_err(Refusal::NoReply),
            None => Err(Refusal::AsksNobody),
        };
        let written = written.map(|written| {
            PageAnswer::Json(serde_json::to_value(written).expect("our own types serialize"))
        });
        drop(answer.send(written));
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::sync::oneshot;

    use super::*;

    fn asked() -> (
        PendingQuestion<Rewrite>,
        oneshot::Receiver<Result<PageAnswer, Refusal>>,
    ) {
        let (answer, answered) = oneshot::channel();
        let question = Rewrite {
            talk: "keys".to_owned(),
            hint: "Name the speaker.".to_owned(),
            model: "small".to_owned(),
            consent: Consent::Given,
        };
        (PendingQuestion { question, answer }, answered)
    }

    #[tokio::test]
    async fn what_is_under_way_is_finished_and_what_nobody_waits_for_is_not_begun() {
        let (questions, pending) = mpsc::channel(2);
        let (first, waiting) = asked();
        let (second, left) = asked();
        questions.send(first).await.unwrap();
        questions.send(second).await.unwrap();
        drop(questions);
        let waiting = Cell::new(Some(waiting));
        let left = Cell::new(Some(left));
        let finished = Cell::new(0);
        let write = async |_| {
            // The page is closed while the model is asked.
            drop((waiting.take(), left.take()));
            tokio::task::yield_now().await;
            finished.set(finished.get() + 1);
            Ok(RewriteAnswer::Written {
                text: String::new(),
            })
        };
        answer_all(Some(&write), pending).await;
        assert_eq!(finished.get(), 1);
    }
}
