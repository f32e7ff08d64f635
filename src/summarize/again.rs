//! A second opinion on categories, for the quality report.
//!
//! The same question would only be answered from the cache, or by a model that is asked for its
//! likeliest words and says them again. So it is put in another way that must not matter: the list
//! of categories stands in the opposite order, since what comes first is what models like best. A
//! choice that this changes hung on the order and not on the talk.
//!
//! That makes it a request of its own, so it is kept and paid for once. It has a stage of its own
//! too, so that it never takes the place of a talk's category.

use crate::llm::{ChatRequest, Completion};
use crate::summarize::model_stage::Question;
use crate::summarize::questions::Source;
use crate::summarize::{Made, SummarizeError, Summarizer, reply};
use crate::talk::{Choice, SummarizedTalk};
use crate::work::{How, Stage, Work};

impl Summarizer<'_> {
    /// Finds out or recalls where a talk is filed when a model is asked again.
    pub async fn second_opinion(&self, talk: &SummarizedTalk, work: Work) -> Made<Choice> {
        match self.asked_again(talk, Work::Recall).await {
            Ok(choice) => Made::found(choice, How::Cached),
            Err(SummarizeError::NotCached) if work == Work::Make => {
                match self.asked_again(talk, work).await {
                    Ok(choice) => Made::found(choice, How::New),
                    Err(error) => Made::failed(error),
                }
            }
            Err(error) => Made::failed(error),
        }
    }

    async fn asked_again(
        &self,
        talk: &SummarizedTalk,
        work: Work,
    ) -> Result<Choice, SummarizeError> {
        let (Some(llm), Some(summary)) = (&self.catalog.llm, &talk.summary) else {
            return Err(SummarizeError::NotCached);
        };
        let mut categories: Vec<_> = self.catalog.categories.iter().collect();
        categories.reverse();
        let chat = self.request_to_choose_among(&categories, &talk.talk, summary, llm)?;
        let question = Question {
            talk: &talk.talk,
            stage: Stage::Opinion,
            chat,
            source: Source::Abstract,
        };
        let check = |_: &ChatRequest, completion: &Completion| {
            reply::category(completion, &self.catalog.categories)
        };
        let (choice, _) = self.ask(question, work, check).await?;
        Ok(choice)
    }
}
