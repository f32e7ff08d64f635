//! The editor: it holds the conference, answers the page's questions one after the other, and is
//! the only one that writes.
//!
//! A change goes into the catalog first and is shown as the catalog then says. It is made only to
//! what the page has seen: where an editor or another tab was quicker, the catalog is read again,
//! nothing is written, and the page is told. Each change can be undone, which gives the catalog
//! back the bytes that it had; what somebody else has written since is never undone.

use std::borrow::Cow;
use std::error::Error;
use std::path::{Path, PathBuf};

use serde::Serialize;
use tokio::sync::mpsc;
use toml_edit::Array;

use crate::catalog::Entry;
use crate::catalog::edit::{self, Draft, Saved};
use crate::check::{Finding, about_transcript, misheard};
use crate::fs;
use crate::numbers::pluralize;
use crate::render::Format;
use crate::render::similar::with_similar;
use crate::report::causes;
use crate::review::change::{NameFix, UndoStep};
use crate::review::questions::{
    PageAnswer, PendingQuestion, Question, SummaryDraft, SummaryDrafts, TalkEdit, VersionedChange,
};
use crate::review::split::{Split, SplitTitle, find_splits};
use crate::review::view::{
    self, CleanTalksView, ComparisonView, ConferenceView, MeasureView, NameView, ParagraphView,
    ReviewState, SplitsView, TranscriptView,
};
use crate::review::{Access, Conference, Refusal, ReviewedTalk, Trouble, approval, measure};
use crate::summarize::misheard::used_names;
use crate::summarize::near_miss::Trusted;
use crate::summarize::sentences::{sentences, words};
use crate::talk::SummarizedTalk;
use crate::talk::paragraphs::paragraphs;
use crate::talk::transcript::Transcript;
use crate::thumbnails;

/// What holds the conference. `R` reads it from its catalog and its cache, and is given what was
/// read before, of which most is as it was.
#[derive(Debug)]
pub(crate) struct Editor<R> {
    path: PathBuf,
    access: Access,
    read: R,
    conference: Conference,
    /// What the catalog said when it was read.
    text: String,
    /// Names what was read: the catalog, and the words of all talks.
    revision: String,
    /// What can be undone, the latest last.
    steps: Vec<UndoStep>,
    /// Whether the catalog as it was before the first change stands beside it.
    has_backup: bool,
}

impl<R: Fn(Option<&Conference>) -> Result<Conference, Trouble>> Editor<R> {
    /// Reads the conference whose catalog is at `path`.
    pub(crate) fn open(path: PathBuf, access: Access, read: R) -> Result<Self, Trouble> {
        let text = text_of(&path)?;
        let conference = read(None)?;
        Ok(Self {
            revision: approval::of_all(&text, &conference.talks),
            path,
            access,
            read,
            conference,
            text,
            steps: Vec::new(),
            has_backup: false,
        })
    }

    /// How many changes were made and not undone.
    pub(crate) fn changes(&self) -> usize {
        self.steps.len()
    }

    /// Answers questions until nobody is left who asks.
    pub(super) async fn answer_all(&mut self, mut questions: mpsc::Receiver<PendingQuestion>) {
        while let Some(PendingQuestion { question, answer }) = questions.recv().await {
            // Who has closed the page does not wait for the answer.
            drop(answer.send(self.answer(question)));
        }
    }

    fn answer(&mut self, question: Question) -> Result<PageAnswer, Refusal> {
        match question {
            Question::Conference => {
                self.read_again()?;
                Ok(self.show())
            }
            Question::Transcript(talk) => self.transcript(&talk),
            Question::Measure(words) => self.measure(&words),
            Question::Compare(words) => self.compare(&words),
            Question::Preview(fix) => {
                let corrected = fix.validate()?.correct(&self.conference);
                Ok(json(&NameView::new(corrected)))
            }
            Question::Edit(seen) => self.edit(seen),
            Question::FixName(seen) => self.fix_name(seen),
            Question::ListClean => {
                let clean = self.clean_talks().into_iter();
                let talks = clean.map(|(_, reviewed)| &reviewed.talk.talk);
                Ok(json(&CleanTalksView::new(talks)))
            }
            Question::ApproveClean(seen) => self.approve_clean(&seen.revision),
            Question::ListSplits => Ok(json(&SplitsView::new(&self.conference, &self.splits()))),
            Question::SplitTitles(seen) => self.split_titles(seen),
            Question::Undo(seen) => self.undo(&seen.revision),
            Question::Page => self.page(),
            Question::Picture(src) => self.picture(&src),
        }
    }

    fn show(&self) -> PageAnswer {
        let undo = self.steps.last();
        json(&ConferenceView::new(
            &self.conference,
            &self.revision,
            &self.access,
            self.splits().iter().any(|(_, split)| split.is_proposed()),
            undo,
        ))
    }

    fn edit(
        &mut self,
        VersionedChange { revision, change }: VersionedChange<TalkEdit>,
    ) -> Result<PageAnswer, Refusal> {
        let mut draft = self.draft(&revision)?;
        let TalkEdit { talk, edit } = change;
        let (place, reviewed) = self.place_of(&talk)?;
        edit.write(&mut draft, place, reviewed, &self.conference.catalog)?;
        self.save(draft, edit.name().to_owned(), Some(talk))
    }

    fn fix_name(
        &mut self,
        VersionedChange { revision, change }: VersionedChange<NameFix>,
    ) -> Result<PageAnswer, Refusal> {
        let mut draft = self.draft(&revision)?;
        let fix = change.validate()?;
        fix.write(&mut draft, &self.conference);
        self.save(draft, format!("{} for {}", fix.name, fix.heard), None)
    }

    /// Approves all talks that are to be reviewed and about which nothing is found; one step undoes it.
    fn approve_clean(&mut self, revision: &str) -> Result<PageAnswer, Refusal> {
        let mut draft = self.draft(revision)?;
        let clean = self.clean_talks();
        for (place, reviewed) in &clean {
            draft.set(*place, "approved", approval::of_talk(&reviewed.talk));
        }
        let approved = pluralize(clean.len(), "talk");
        if clean.is_empty() {
            return Err(Refusal::NothingClean);
        }
        self.save(draft, format!("approval of {approved}"), None)
    }

    /// Gives the titles that were chosen to their talks, without the names of the speakers; one step undoes
    /// it. What has changed since it was proposed is not overwritten.
    fn split_titles(
        &mut self,
        VersionedChange { revision, change }: VersionedChange<Vec<String>>,
    ) -> Result<PageAnswer, Refusal> {
        let mut draft = self.draft(&revision)?;
        let mut count: usize = 0;
        for (place, split) in self.splits() {
            let id = self.conference.talks[place].talk.talk.id.to_string();
            if let Split::Proposed(SplitTitle {
                title, speakers, ..
            }) = split
                && change.contains(&id)
            {
                draft.set(place, "title", title);
                draft.set(place, "speakers", Array::from_iter(speakers));
                count += 1;
            }
        }
        if count == 0 {
            return Err(Refusal::NothingToSplit);
        }
        self.save(
            draft,
            format!("split of {}", pluralize(count, "title")),
            None,
        )
    }

    /// The titles that name their speakers, with the places of their talks in the catalog.
    fn splits(&self) -> Vec<(usize, Split)> {
        let Conference { catalog, talks, .. } = &self.conference;
        find_splits(&catalog.title, catalog.talks.iter().zip(talks))
    }

    /// The talks that are to be reviewed, have a summary, and about which nothing is found, with their
    /// places in the catalog.
    fn clean_talks(&self) -> Vec<(usize, &ReviewedTalk)> {
        let used = self.used_names();
        let entries = self.conference.catalog.talks.iter();
        let talks = entries.zip(&self.conference.talks).enumerate();
        let is_clean = |(_, (entry, reviewed)): &(usize, (&Entry, &ReviewedTalk))| {
            let is_to_review = matches!(
                view::state(entry, reviewed),
                ReviewState::Unreviewed | ReviewState::Lapsed
            );
            is_to_review
                && reviewed.talk.summary.is_some()
                && reviewed.about_results.is_empty()
                && reviewed.about_words.is_empty()
                && self.is_nothing_found_in_words(reviewed, &used)
        };
        let clean = talks.filter(is_clean);
        clean
            .map(|(place, (_, reviewed))| (place, reviewed))
            .collect()
    }

    /// Whether the transcript tells of no fault. One that cannot be read does not say so.
    fn is_nothing_found_in_words(&self, reviewed: &ReviewedTalk, used: &Trusted) -> bool {
        match self.conference.cache.words_of(&reviewed.talk.talk) {
            Ok(Some(words)) => self.findings_in(reviewed, &words, used).is_empty(),
            Ok(None) => true,
            Err(_) => false,
        }
    }

    /// What only its transcript tells of a talk.
    fn findings_in(
        &self,
        reviewed: &ReviewedTalk,
        words: &Transcript,
        used: &Trusted,
    ) -> Vec<Finding> {
        let SummarizedTalk { talk, summary, .. } = &reviewed.talk;
        let catalog = &self.conference.catalog;
        let mut findings = misheard::findings(talk, words, used, &catalog.glossary);
        findings.extend(about_transcript(talk, summary.as_ref(), words, catalog));
        findings
    }

    /// What the conference calls things.
    fn used_names(&self) -> Trusted {
        let Conference { catalog, talks, .. } = &self.conference;
        let talks = talks.iter().map(|reviewed| &reviewed.talk.talk);
        used_names(catalog, talks)
    }

    /// The catalog to be changed, if all is still as the page has seen it.
    fn draft(&mut self, revision: &str) -> Result<Draft, Refusal> {
        if self.access == Access::ReadOnly {
            return Err(Refusal::ReadOnly);
        }
        let draft = Draft::load(&self.path)?;
        if draft.text() != self.text {
            self.read_again()?;
            return Err(Refusal::Overtaken);
        }
        if self.revision != revision {
            return Err(Refusal::Overtaken);
        }
        Ok(draft)
    }

    fn save(
        &mut self,
        draft: Draft,
        what: String,
        talk: Option<String>,
    ) -> Result<PageAnswer, Refusal> {
        let had = draft.text().to_owned();
        let given = draft.edited_text();
        let saved = if self.has_backup {
            draft.save_again()?
        } else {
            draft.save()?
        };
        if saved == Saved::Changed {
            self.has_backup = true;
            self.steps.push(UndoStep {
                what,
                talk,
                given,
                had,
            });
            self.read_all()?;
        }
        Ok(self.show())
    }

    fn undo(&mut self, revision: &str) -> Result<PageAnswer, Refusal> {
        drop(self.draft(revision)?);
        let step = self.steps.last().ok_or(Refusal::NothingToUndo)?;
        edit::undo(&self.path, &step.given, &step.had)?;
        self.steps.pop();
        self.read_all()?;
        Ok(self.show())
    }

    /// Reads everything anew. What somebody else has written since is not ours to undo.
    fn read_again(&mut self) -> Result<(), Trouble> {
        let read = self.text.clone();
        self.read_all()?;
        if self.text != read {
            self.steps.clear();
        }
        Ok(())
    }

    /// Should the catalog change in between, its text is the older of the two, so that the next
    /// change is refused rather than made to what nobody has seen.
    fn read_all(&mut self) -> Result<(), Trouble> {
        let text = text_of(&self.path)?;
        self.conference = (self.read)(Some(&self.conference))?;
        self.revision = approval::of_all(&text, &self.conference.talks);
        self.text = text;
        Ok(())
    }

    fn place_of(&self, id: &str) -> Result<(usize, &ReviewedTalk), Refusal> {
        let mut talks = self.conference.talks.iter().enumerate();
        let found = talks.find(|(_, reviewed)| reviewed.talk.talk.id.to_string() == id);
        found.ok_or_else(|| Refusal::UnknownTalk(id.to_owned()))
    }

    fn transcript(&self, id: &str) -> Result<PageAnswer, Refusal> {
        let (_, reviewed) = self.place_of(id)?;
        let talk = &reviewed.talk.talk;
        let (transcript, lack) = match self.conference.cache.words_of(talk) {
            Ok(Some(transcript)) => (Some(transcript), None),
            Ok(None) => (None, Some("there is no transcript".to_owned())),
            Err(error) => (None, Some(causes(&error))),
        };
        let findings = transcript
            .as_ref()
            .map(|words| self.findings_in(reviewed, words, &self.used_names()));
        let paragraphs = transcript.as_ref().map(paragraphs).unwrap_or_default();
        Ok(json(&TranscriptView {
            paragraphs: paragraphs
                .into_iter()
                .map(|paragraph| ParagraphView::new(talk, paragraph))
                .collect(),
            findings: findings.unwrap_or_default(),
            lack,
            description: talk.description.clone(),
        }))
    }

    /// Holds words to the rules that a model's summary is held to.
    fn measure(&self, SummaryDraft { talk, text }: &SummaryDraft) -> Result<PageAnswer, Refusal> {
        let (_, reviewed) = self.place_of(talk)?;
        Ok(json(&MeasureView {
            words: sentences(text).into_iter().map(words).collect(),
            findings: self.findings_about(reviewed, text),
        }))
    }

    /// Compares texts with the summary that is shown.
    fn compare(
        &self,
        SummaryDrafts { talk, texts }: &SummaryDrafts,
    ) -> Result<PageAnswer, Refusal> {
        let (_, reviewed) = self.place_of(talk)?;
        let shown = reviewed.talk.summary.as_ref();
        let findings = |text: &String| self.findings_about(reviewed, text);
        Ok(json(&ComparisonView::new(shown, texts, findings)))
    }

    /// What is wrong or doubtful about words that may become a talk's summary.
    fn findings_about(&self, reviewed: &ReviewedTalk, text: &str) -> Vec<Finding> {
        let talk = &reviewed.talk.talk;
        let catalog = &self.conference.catalog;
        let mut findings = measure::faults(talk, text, catalog);
        findings.extend(measure::doubtful_names(talk, text, catalog));
        findings
    }

    /// The page as `render` makes it.
    fn page(&self) -> Result<PageAnswer, Refusal> {
        let Conference {
            catalog,
            talks,
            templates,
            header,
            ..
        } = &self.conference;
        let talks = catalog.talks.iter().zip(talks);
        let visible = talks.filter(|(entry, _)| !entry.hide);
        let published = visible.map(|(entry, reviewed)| {
            let mut talk = Cow::Borrowed(&reviewed.talk);
            if !entry.transcript {
                talk.to_mut().withhold_words();
            }
            talk
        });
        let published: Vec<Cow<'_, SummarizedTalk>> = published.collect();
        let visible: Vec<&SummarizedTalk> = published.iter().map(|talk| &**talk).collect();
        let header = with_similar(header, &visible);
        let page = templates.render(Format::Html, &header, &visible);
        page.map(PageAnswer::Page).map_err(Refusal::NotRendered)
    }

    /// A picture that the page brings along, from where the cache has it.
    fn picture(&self, src: &str) -> Result<PageAnswer, Refusal> {
        let unknown = || Refusal::UnknownPicture(src.to_owned());
        let Conference { cache, header, .. } = &self.conference;
        let video = header.pictures.video_of(src).ok_or_else(unknown)?;
        let cached = thumbnails::find_cached(cache, video).map_err(|error| trouble(&error))?;
        let cached = cached.ok_or_else(unknown)?;
        let picture = fs::read(&cached.path).map_err(|error| trouble(&error))?;
        Ok(PageAnswer::Picture(picture))
    }
}

fn text_of(catalog: &Path) -> Result<String, Trouble> {
    fs::read_to_string(catalog).map_err(|error| trouble(&error))
}

fn trouble(error: &dyn Error) -> Trouble {
    Trouble {
        error: causes(error),
        hint: None,
    }
}

fn json(view: &impl Serialize) -> PageAnswer {
    PageAnswer::Json(serde_json::to_value(view).expect("our own types serialize"))
}
