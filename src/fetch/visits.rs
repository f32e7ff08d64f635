//! How a video is visited: once, with more tries where the fault passes, and not at all where an
//! earlier run has found out that there is nothing to be had.
//!
//! Everything is kept as it comes and every failure is remembered with its date. Where `YouTube`
//! blocks us, or nobody answers at all, the visits stop and the rest of the line goes on.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::cache::{CacheError, Owner, OwnerLock, RememberedFailure};
use crate::catalog::Entry;
use crate::fetch::failure::{FetchFailure, Persistence, Reason};
use crate::fetch::turns::{Turn, Turns};
use crate::fetch::yt_dlp::{Visit, YtDlp};
use crate::fetch::{FetchError, Fetcher};
use crate::report::Event;
use crate::talk::id::{TalkId, VideoId};
use crate::talk::transcript::Transcript;
use crate::work::{Stage, Task, Work};

/// The tries of one talk.
pub(super) struct Tries<'a> {
    pub turn: Turn<'a>,
    entry: &'a Entry,
    /// The waits before those that are still to come.
    delays: ExponentialBackoff,
}

impl Fetcher<'_> {
    /// What an earlier run has found out to be missing for good, and not too long ago.
    pub(super) fn check_remembered(&self, entry: &Entry) -> Result<(), FetchError> {
        let snapshot = self.snapshot(&entry.id.video)?;
        let longest = self.catalog.fetch.recheck_after;
        let is_believed = |at: Timestamp| {
            longest.is_none_or(|longest| {
                let age = Timestamp::now().duration_since(at);
                age < SignedDuration::try_from(longest).unwrap_or(SignedDuration::MAX)
            })
        };
        for stage in [Stage::Metadata, Stage::Transcript] {
            let failure = snapshot.failure(stage).map_err(FetchError::Cache)?;
            // What was not to be had by another link may be by this one.
            let link = entry.captions.as_ref().map(Url::as_str);
            let is_of_link = |failure: &RememberedFailure| failure.link.as_deref() == link;
            let failure = failure.filter(|failure| stage == Stage::Metadata || is_of_link(failure));
            let lasting = failure.and_then(|failure| {
                let reason = Reason::named(&failure.reason)?;
                let day = failure.at.strftime("%Y-%m-%d");
                let detail = Some(format!("found out on {day}"));
                let holds = reason.persistence() == Persistence::Lasting && is_believed(failure.at);
                holds.then_some(FetchFailure { reason, detail })
            });
            if let Some(failure) = lasting {
                return Err(failure.into());
            }
        }
        Ok(())
    }

    /// Visits a video and keeps what that brings, unless another run is just doing so.
    pub(super) async fn visit(&self, entry: &Entry, work: Work) -> Result<(), FetchError> {
        let video = &entry.id.video;
        let yt_dlp = self.yt_dlp().ok_or(FetchFailure::new(Reason::Offline))?;
        let turn = match yt_dlp.turns.wait_for_turn().await {
            Ok(turn) => turn,
            Err(stopped) => return Err(self.stop_if_pointless(stopped).into()),
        };
        // The lock is taken in turn: with ten thousand talks there are only so many open files.
        let lock = self.lock(video, &yt_dlp.turns).await;
        let lock = lock.map_err(|stopped| self.stop_if_pointless(stopped))?;
        let _lock = lock.map_err(FetchError::NotKept)?;
        self.snapshot(video)?;
        if !self.decide(entry, work).next.visits() {
            return Ok(());
        }
        self.visit_in_tries(yt_dlp, turn, entry).await
    }

    /// Waits for the lock of a video, unless the run stops meanwhile.
    pub(super) async fn lock(
        &self,
        video: &VideoId,
        turns: &Turns,
    ) -> Result<Result<OwnerLock<'_>, CacheError>, FetchFailure> {
        let whole = TalkId::whole(video.clone());
        let waiting = || self.reporter.report(Event::Locked { talk: Some(&whole) });
        let lock = self.cache.lock(Owner::Talk(&whole), waiting);
        turns.unless_stopped(lock).await
    }

    /// What passes is tried again: the whole visit, or, once the page is there, the captions alone.
    async fn visit_in_tries(
        &self,
        yt_dlp: &YtDlp,
        turn: Turn<'_>,
        entry: &Entry,
    ) -> Result<(), FetchError> {
        let video = &entry.id.video;
        let language = self.wanted_language(entry);
        let has_file = self.captions.find(video, language)?.is_some();
        let comes_with_page = !has_file && entry.captions.is_none();
        let wanted = Some(language).filter(|_| comes_with_page);
        let mut tries = self.tries(turn, entry);
        let mut visit = match self.visit_page(yt_dlp, &mut tries, wanted).await {
            Ok(visit) => visit,
            Err(failure) => {
                return Err(self
                    .remember_failure(yt_dlp, video, Stage::Metadata, failure)
                    .await);
            }
        };
        self.warn_of_old(yt_dlp).await;
        self.cache
            .keep_metadata(video, &visit.metadata)
            .await
            .map_err(FetchError::NotKept)?;
        let transcript = match visit.transcript.take() {
            None => return Ok(()),
            Some(Ok(transcript)) => Ok(transcript),
            Some(Err(failure)) => {
                self.retry_captions(yt_dlp, &mut tries, (&visit, language), failure)
                    .await
            }
        };
        match transcript {
            Ok(transcript) => {
                self.streak.set(0);
                let kept = self.cache.keep_transcript(video, &transcript, None).await;
                kept.map(drop).map_err(FetchError::NotKept)
            }
            Err(failure) => Err(self
                .remember_failure(yt_dlp, video, Stage::Transcript, failure)
                .await),
        }
    }

    /// The page of a video, in as many tries as it takes and may take.
    async fn visit_page(
        &self,
        yt_dlp: &YtDlp,
        tries: &mut Tries<'_>,
        language: Option<&str>,
    ) -> Result<Visit, FetchFailure> {
        let mut lesser = None;
        loop {
            self.report_asking();
            let video = &tries.entry.id.video;
            let visit = yt_dlp.visit(&tries.turn, video, language).await;
            self.report_answer(tries.entry);
            let failure = match visit {
                Err(failure) => failure,
                Ok(visit) => match visit.lacks.clone() {
                    None => return Ok(visit),
                    Some(failure) => {
                        lesser = Some(visit);
                        failure
                    }
                },
            };
            let waited = self.wait_before_retry(tries, failure, Duration::ZERO).await;
            if let Err(failure) = waited {
                // A page that lacks something is better than none.
                return lesser.ok_or(failure);
            }
        }
    }

    /// The captions that failed to come with a visit.
    async fn retry_captions(
        &self,
        yt_dlp: &YtDlp,
        tries: &mut Tries<'_>,
        (visit, language): (&Visit, &str),
        mut failure: FetchFailure,
    ) -> Result<Transcript, FetchFailure> {
        loop {
            self.wait_before_retry(tries, failure, Duration::ZERO)
                .await?;
            self.report_asking();
            let transcript = yt_dlp.fetch_captions(&tries.turn, visit, language).await;
            self.report_answer(tries.entry);
            match transcript {
                Ok(transcript) => return Ok(transcript),
                Err(next) => failure = next,
            }
        }
    }

    /// The tries of one talk, with jitter in the waits before them.
    pub(super) fn tries<'t>(&self, turn: Turn<'t>, entry: &'t Entry) -> Tries<'t> {
        let settings = &self.catalog.fetch;
        let delays = ExponentialBuilder::default()
            .with_min_delay(settings.retry_wait)
            .with_max_delay(self.longest_delay())
            .with_max_times(settings.retries)
            .with_jitter()
            .build();
        Tries {
            turn,
            entry,
            delays,
        }
    }

    /// The longest wait, whoever asks for more.
    fn longest_delay(&self) -> Duration {
        self.catalog.fetch.retry_wait.saturating_mul(60)
    }

    /// Waits before another try, at least as long as a server wants us to, or gives the failure back
    /// where there is to be none: who is to wait too long comes again another time. Where somebody
    /// says that we ask too much, everybody waits, and this talk asks first: its turn would go to one
    /// talk after the other, each refused in the same way.
    pub(super) async fn wait_before_retry(
        &self,
        tries: &mut Tries<'_>,
        failure: FetchFailure,
        least: Duration,
    ) -> Result<(), FetchFailure> {
        let may_help = failure.reason.may_pass() && least <= self.longest_delay();
        let Some(delay) = tries.delays.next().filter(|_| may_help) else {
            return Err(failure);
        };
        let delay = delay.max(least);
        self.report_waiting(tries.entry, &failure, delay);
        if failure.reason.is_block() {
            tries.turn.hold(delay).await
        } else {
            tries.turn.give_way(delay).await
        }
    }

    fn report_waiting(&self, entry: &Entry, why: &FetchFailure, delay: Duration) {
        self.reporter.report(Event::Waiting {
            talk: Some(&entry.id),
            why,
            delay,
            is_first: !self.has_waited.replace(true),
        });
    }

    pub(super) fn report_asking(&self) {
        self.reporter.report(Event::Asked { task: Task::Fetch });
    }

    pub(super) fn report_answer(&self, entry: &Entry) {
        self.reporter.report(Event::Answered {
            task: Task::Fetch,
            talk: Some(&entry.id),
            billed: None,
        });
    }

    /// Says once that yt-dlp is old: it is the commonest reason for what goes wrong next.
    async fn warn_of_old(&self, yt_dlp: &YtDlp) {
        if self.has_warned.replace(true) {
            return;
        }
        let today = today();
        let version = yt_dlp.version().await;
        if let Some(version) = version.filter(|version| version.is_old(today)) {
            self.reporter.report(Event::OldYtDlp {
                version: &version.to_string(),
                days: version.age(today),
            });
        }
    }

    async fn remember_failure(
        &self,
        yt_dlp: &YtDlp,
        video: &VideoId,
        stage: Stage,
        failure: FetchFailure,
    ) -> FetchError {
        let was_made = failure.reason != Reason::Stopped;
        let failure = self.stop_if_pointless(blame_age(yt_dlp, failure).await);
        if !was_made {
            return failure.into();
        }
        match self
            .cache
            .keep_failure(video, stage, &failure.reason.name(), &failure.to_string())
            .await
        {
            Ok(()) => failure.into(),
            Err(error) => FetchError::NotKept(error),
        }
    }

    /// Stops the stage where every further visit would fail or do harm. A visit that was not made
    /// because of that has no fault of its own.
    pub(super) fn stop_if_pointless(&self, failure: FetchFailure) -> FetchFailure {
        let reason = failure.reason;
        if reason == Reason::Stopped {
            let why = self.stopped_for.get().map(|_| Reason::NotVisited);
            return why.map_or(failure, FetchFailure::new);
        }
        let longest = reason.streak_to_stop();
        self.streak
            .set(longest.map_or(0, |_| self.streak.get() + 1));
        let is_streak = longest.is_some_and(|longest| self.streak.get() >= longest);
        let is_enough = is_streak || reason.is_hopeless();
        if is_enough && self.stopped_for.set(reason).is_ok() {
            let (cause, next_step) = (reason.cause(), reason.next_step());
            self.reporter.report(Event::FetchingStopped {
                from: None,
                cause,
                next_step,
            });
            self.yt_dlp()
                .into_iter()
                .for_each(|yt_dlp| yt_dlp.turns.stop());
        }
        failure
    }
}

/// Where nobody knows what is wrong and yt-dlp is old, that is the likeliest cause.
async fn blame_age(yt_dlp: &YtDlp, failure: FetchFailure) -> FetchFailure {
    let is_unclear = matches!(
        failure.reason,
        Reason::Other | Reason::YtDlpGarbage | Reason::YtDlpOption
    );
    if !is_unclear {
        return failure;
    }
    let today = today();
    match yt_dlp.version().await {
        Some(version) if version.is_old(today) => {
            let said = failure
                .detail
                .unwrap_or_else(|| failure.reason.cause().to_owned());
            let days = version.age(today);
            FetchFailure {
                reason: Reason::YtDlpOld,
                detail: Some(format!("{version} is {days} days old; {said}")),
            }
        }
        _ => failure,
    }
}

fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}
