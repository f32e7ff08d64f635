//! The lines that a catalog gets for videos that it does not have yet.

use std::collections::{HashMap, HashSet};

use crate::catalog::Catalog;
use crate::catalog::edit::Draft;
use crate::catalog::lines::NewTalk;
use crate::cli::init::found::Found;
use crate::fetch::listing::{ListedVideo, NoTalk};
use crate::numbers::pluralize;
use crate::report::say;
use crate::schedule::Session;
use crate::talk::id::TalkId;

/// What is added.
#[derive(Debug, Default)]
pub(super) struct AddedTalks {
    /// The lines, talks and comments.
    pub(super) lines: Vec<NewTalk>,
    /// Why videos are comments, one reason a video.
    pub(super) left_out: Vec<NoTalk>,
    /// How many videos have been taken out by hand.
    taken_out: usize,
    /// How much of what was listed is no video.
    others: usize,
}

/// What is done about a video that is no talk of the catalog.
enum Disposition {
    Add,
    Note(NoTalk),
    TakenOut,
    /// It stands there as a comment already.
    Noted,
}

impl AddedTalks {
    /// What of the found videos is not in the catalog: not as a talk, not as a part of one, and not
    /// as a comment.
    pub(super) fn of(draft: &Draft, catalog: &Catalog, found: &Found) -> Self {
        let there: HashSet<_> = catalog.talks.iter().map(|entry| &entry.id.video).collect();
        let comments = draft.commented_out();
        let mut added = Self {
            others: found.others,
            ..Self::default()
        };
        for video in found
            .videos
            .iter()
            .filter(|video| !there.contains(&video.id))
        {
            let comment = comments
                .get(&video.id)
                .filter(|_| !found.is_given(&video.id));
            let left_out = match decide(video, comment.copied()) {
                Disposition::Add => None,
                Disposition::Note(reason) => Some(reason),
                Disposition::Noted => continue,
                Disposition::TakenOut => {
                    added.taken_out += 1;
                    continue;
                }
            };
            added.left_out.extend(left_out);
            let whole = NewTalk {
                remark: video.title.clone(),
                left_out: left_out.map(NoTalk::why),
                ..NewTalk::of(video.id.clone())
            };
            added.lines.extend(parts(whole, &found.parts(&video.id)));
        }
        added
    }

    /// Adds the sessions of a schedule whose recordings it links to. Where they are on a host of the
    /// conference's own, links to `YouTube` mostly lead to something else. What several sessions link to
    /// holds them all, and is no talk.
    pub(super) fn add_sessions(&mut self, draft: &Draft, catalog: &Catalog, sessions: &[Session]) {
        let is_elsewhere = sessions.iter().any(|session| session.media.is_some());
        let talk = |session: &Session| {
            if is_elsewhere {
                session.talk_elsewhere()
            } else {
                session.video.clone()
            }
        };
        let talks = sessions.iter().map(|session| (session, talk(session)));
        let talks: Vec<(&Session, Option<TalkId>)> = talks.collect();
        let mut linked: HashMap<&TalkId, usize> = HashMap::new();
        for id in talks.iter().filter_map(|(_, id)| id.as_ref()) {
            *linked.entry(id).or_default() += 1;
        }
        let there: HashSet<_> = catalog.talks.iter().map(|entry| &entry.id.video).collect();
        let comments = draft.commented_out();
        for (session, id) in &talks {
            let id = id.as_ref().filter(|id| linked.get(id) == Some(&1));
            let Some(TalkId { video, .. }) = id.filter(|id| !there.contains(&id.video)) else {
                continue;
            };
            if comments.contains_key(video) {
                self.taken_out += 1;
                continue;
            }
            self.lines.push(NewTalk {
                recording: session.media.clone(),
                captions: session.captions.clone(),
                title: Some(session.title.clone()),
                date: session.date.clone(),
                duration: session.duration,
                ..NewTalk::of(video.clone())
            });
        }
    }

    /// How many talks are among the lines.
    pub(super) fn talks(&self) -> usize {
        self.lines
            .iter()
            .filter(|line| line.left_out.is_none())
            .count()
    }

    pub(super) fn report(&self) {
        if !self.left_out.is_empty() {
            say(format_args!("added as comments: {}", self.reasons()));
        }
        if self.taken_out > 0 {
            let videos = pluralize(self.taken_out, "video");
            say(format_args!("{videos} commented out before and left so"));
        }
        if self.others > 0 {
            say(format_args!("{} of the list are no videos", self.others));
        }
    }

    /// `2 private, 1 short`.
    pub(super) fn reasons(&self) -> String {
        let mut counts: Vec<(NoTalk, usize)> = Vec::new();
        for &reason in &self.left_out {
            match counts.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, count)) => *count += 1,
                None => counts.push((reason, 1)),
            }
        }
        let counts = counts.iter().map(|(reason, number)| match reason {
            NoTalk::Short | NoTalk::Trailer => pluralize(*number, reason.name()),
            _ => format!("{number} {}", reason.name()),
        });
        counts.collect::<Vec<_>>().join(", ")
    }
}

/// A talk, or the parts of a recording that begin at several moments.
fn parts(whole: NewTalk, starts: &[u64]) -> Vec<NewTalk> {
    if starts.is_empty() {
        return vec![whole];
    }
    let ends = starts.iter().skip(1).copied().map(Some).chain([None]);
    let parts = starts.iter().zip(ends).map(|(&start, end)| NewTalk {
        id: TalkId {
            start: Some(start),
            ..whole.id.clone()
        },
        end,
        ..whole.clone()
    });
    parts.collect()
}

/// What stands in a comment may become a talk only where we put it there for a reason that passes:
/// all else was taken out by hand.
fn decide(video: &ListedVideo, comment: Option<&str>) -> Disposition {
    let may_return = |comment: &str| {
        NoTalk::PASSING
            .iter()
            .any(|reason| comment.ends_with(reason.why()))
    };
    match (comment, video.no_talk) {
        (None, None) => Disposition::Add,
        (None, Some(reason)) => Disposition::Note(reason),
        (Some(_), Some(_)) => Disposition::Noted,
        (Some(comment), None) if may_return(comment) => Disposition::Add,
        (Some(_), None) => Disposition::TakenOut,
    }
}
