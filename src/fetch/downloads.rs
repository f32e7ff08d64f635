//! How captions come by a link: once, with more tries where the fault passes, and not at all where an
//! earlier run has found out that there is nothing at this link.
//!
//! The manners are those of visits to `YouTube`. A server that refuses one talk after the other is not
//! asked any more in this run, and the others are.

use url::Url;

use crate::cache::CaptionSource;
use crate::catalog::Entry;
use crate::fetch::caption_client::{CaptionClient, LinkFailure, host};
use crate::fetch::failure::{FetchFailure, Reason};
use crate::fetch::turns::Turn;
use crate::fetch::{FetchError, Fetcher};
use crate::report::Event;
use crate::talk::transcript::Transcript;
use crate::work::Work;

impl Fetcher<'_> {
    /// Fetches the captions of an entry and keeps them, unless another run is just doing so.
    pub(super) async fn download(&self, entry: &Entry, work: Work) -> Result<(), FetchError> {
        let offline = || FetchFailure::new(Reason::Offline);
        let client = self.caption_client().ok_or_else(offline)?;
        let link = entry.captions.as_ref().ok_or_else(offline)?;
        let turn = client.turns.wait_for_turn().await?;
        let lock = self.lock(&entry.id.video, &client.turns).await?;
        let _lock = lock.map_err(FetchError::NotKept)?;
        self.snapshot(&entry.id.video)?;
        if !self.decide(entry, work).next.downloads() {
            return Ok(());
        }
        if client.is_stopped(link) {
            return Err(FetchFailure::new(Reason::NotVisited).into());
        }
        let fetched = self.download_in_tries(client, turn, entry, link).await;
        let (video, source) = (&entry.id.video, CaptionSource::Link(link.to_string()));
        match fetched {
            Ok(transcript) => {
                client.note(link, None);
                let kept = self.cache.keep_transcript(video, &transcript, Some(source));
                kept.await.map(drop).map_err(FetchError::NotKept)
            }
            Err(failure) => Err(self.remember_link(client, entry, link, failure).await),
        }
    }

    async fn download_in_tries(
        &self,
        client: &CaptionClient,
        turn: Turn<'_>,
        entry: &Entry,
        link: &Url,
    ) -> Result<Transcript, FetchFailure> {
        let mut tries = self.tries(turn, entry);
        let language = self.wanted_language(entry);
        loop {
            self.report_asking();
            let fetched = client.fetch(&tries.turn, link, language).await;
            self.report_answer(entry);
            let LinkFailure { failure, wait } = match fetched {
                Ok(transcript) => return Ok(transcript),
                Err(failure) => failure,
            };
            self.wait_before_retry(&mut tries, failure, wait.unwrap_or_default())
                .await?;
        }
    }

    async fn remember_link(
        &self,
        client: &CaptionClient,
        entry: &Entry,
        link: &Url,
        failure: FetchFailure,
    ) -> FetchError {
        let reason = failure.reason;
        if reason == Reason::Stopped {
            return failure.into();
        }
        if client.note(link, Some(reason)) {
            self.reporter.report(Event::FetchingStopped {
                from: Some(&host(link)),
                cause: reason.cause(),
                next_step: reason.next_step(),
            });
        }
        let (video, link) = (&entry.id.video, link.as_str());
        let (reason, message) = (reason.name(), failure.to_string());
        let kept = self.cache.keep_failed_link(video, link, &reason, &message);
        match kept.await {
            Ok(()) => failure.into(),
            Err(error) => FetchError::NotKept(error),
        }
    }
}
