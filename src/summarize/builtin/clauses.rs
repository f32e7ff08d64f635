//! Tells where a clause opens in English captions, which have neither stops nor capitals.
//!
//! A few dozen words say most of it: a subject and its verb open a clause, and a word before them
//! may join it to another. It is no grammar: a verb it does not know is no verb, and it refuses to
//! know where a sentence ends.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

use crate::summarize::builtin::tidy::{bare, is_listed};
use crate::talk::language::{fold, is_function_word};

/// A word of unpunctuated captions, the silence before it, and what it can be in English.
pub(super) struct SpokenWord<'a> {
    pub(super) text: &'a str,
    pub(super) roles: &'static [WordRole],
    pub(super) pause: Duration,
    /// Whether a filler was said before it.
    pub(super) hesitates: bool,
}

/// What a word can be in a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordRole {
    /// A subject and its verb in one.
    Clause,
    Subject,
    /// A subject only where a verb follows.
    Pointer,
    Determiner,
    Verb,
    Adverb,
    /// Opens a clause that needs another one.
    Subordinator,
    /// Joins clauses.
    Joint,
    /// Opens a thought where a clause follows.
    Marker,
    /// Takes a clause as its object.
    Reporter,
    /// Sets the scene for a clause.
    Scene,
    /// Goes on with what stands before it.
    Continuer,
    /// A function word that can end a clause nevertheless.
    Closer,
    /// A verb that needs a subject of its own.
    Finite,
    /// Joins the clause behind it to what was said.
    Link,
    /// A verb that has a subject unless a governor stands before it.
    Free,
    /// Stands before verbs without a subject of their own, and before things.
    Governor,
}

#[rustfmt::skip]
const ROLES: [(WordRole, &str); 17] = [
    (WordRole::Clause, "i'm i've i'll i'd we're we've we'll we'd you're you've you'll it's it'll they're \
        they've he's she's there's let's here's"),
    (WordRole::Subject, "i we they he she"),
    (WordRole::Pointer, "it you this that these those there"),
    (WordRole::Determiner, "the a an our my your his her their its each every no some many most another \
        this these one two three four five"),
    (WordRole::Verb, "am is are was were isn't aren't wasn't weren't has have had hasn't haven't do does \
        did don't doesn't didn't can can't cannot could couldn't will won't would wouldn't should must \
        might may means mean needs need wants want goes go went comes come came gets get got gives \
        gave makes make made takes take took says say said sees see saw knows know knew thinks think \
        thought works work runs run ran uses use keeps keep kept becomes became costs cost allows \
        allow looks look seems seem happens tells told found find wrote write sent send built build \
        put stands stops puts holds lets let own sets reads speaks ends starts helps shows brings \
        turns stays requires provides contains save leave ask count"),
    (WordRole::Adverb, "also now then just only really never always still usually often already \
        basically actually simply probably even not all both maybe currently"),
    (WordRole::Subordinator, "if when because since while after before once although though unless until \
        as whereas whenever"),
    (WordRole::Joint, "and but so"),
    (WordRole::Marker, "now also then finally today otherwise however anyway well okay ok alright yeah \
        yes suddenly"),
    (WordRole::Reporter, "think thinks thought know knows knew say says said see sees saw mean means hope \
        believe guess suppose assume claim wish feel feels found sure realize realized noticed show \
        shows imagine tell tells told learn learned suggest suggests prove proves remember ensure \
        like make makes let lets"),
    (WordRole::Scene, "in on at for from after last under"),
    (WordRole::Continuer, "of to than which who whose that or in on at for with from by into about as is \
        are was were has have be been being"),
    (WordRole::Closer, "again here it now right them there today together too us me him her this one well \
        either up down out off on so same all two others use need know want twice ever yet mine did \
        do go was you next more"),
    (WordRole::Finite, "is are was were isn't aren't wasn't weren't can could will would should has had does \
        did"),
    (WordRole::Link, "that which who whom whose what how where why whether than as like or because if when and \
        but so once while before after since until unless though although"),
    (WordRole::Free, "want wants need needs have mean means goes get gets gives takes says knows works runs \
        uses keeps becomes costs allows allow happens requires provides contains"),
    (WordRole::Governor, "to can could will would should might must may do does did don't didn't doesn't \
        can't cannot won't couldn't wouldn't shouldn't not let lets let's make makes help helps and or i'll \
        we'll you'll they'll it'll he'll she'll the a an of in on at for with from by my our your his her \
        their its just really actually is are was were be been"),
];

static ROLES_OF: LazyLock<HashMap<&'static str, Vec<WordRole>>> = LazyLock::new(|| {
    let mut table: HashMap<_, Vec<_>> = HashMap::new();
    for (role, words) in ROLES {
        for word in words.split_whitespace() {
            table.entry(word).or_default().push(role);
        }
    }
    table
});

/// Lists what a word can be, whatever its case.
pub(super) fn roles(word: &str) -> &'static [WordRole] {
    ROLES_OF
        .get(fold(bare(word)).as_ref())
        .map_or(&[], Vec::as_slice)
}

/// Reads a stretch of speech for its clauses.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    words: &'a [SpokenWord<'a>],
}

impl<'a> Reader<'a> {
    pub(super) fn new(words: &'a [SpokenWord<'a>]) -> Self {
        Self { words }
    }

    /// Counts the clauses that open, without those behind a relative "that".
    pub(super) fn clauses(self) -> usize {
        let is_relative = |at: usize| at > 0 && self.words[at].text == "that";
        (0..self.words.len())
            .filter(|&at| self.opens(at) && !is_relative(at))
            .count()
    }

    /// Counts the clauses that open in the middle with nothing that joins them, as where captions
    /// have lost a stop.
    ///
    /// One belongs to a stretch that begins with its condition or scene: "if you ask we …".
    pub(super) fn unjoined_clauses(self) -> usize {
        const SETTINGS: [WordRole; 3] = [WordRole::Subordinator, WordRole::Scene, WordRole::Marker];
        let waits = SETTINGS.iter().any(|&role| self.is(0, role)) && !self.opens(0);
        let unjoined = (1..self.words.len())
            .filter(|&at| (self.opens(at) || self.inverts(at)) && !self.is_joined(at))
            .count();
        unjoined.saturating_sub(usize::from(waits))
    }

    /// Counts the verbs whose clause does not open anywhere: "here redis is of course".
    pub(super) fn spare_verbs(self) -> usize {
        let (mut spare, mut has_subject) = (0, false);
        for at in 0..self.words.len() {
            has_subject |= self.is(at, WordRole::Link) || self.opens(at);
            if self.words[at].is_verb() || self.is(at, WordRole::Clause) {
                spare += usize::from(self.is(at, WordRole::Finite) && !has_subject);
                has_subject = false;
            }
        }
        spare
    }

    /// Counts the verbs that have no word that joins their clauses.
    pub(super) fn unlinked_verbs(self) -> usize {
        let is_link =
            |word: &SpokenWord<'_>| word.is(WordRole::Link) || word.is(WordRole::Reporter);
        let verbs = (0..self.words.len())
            .filter(|&at| self.is_finite(at))
            .count();
        let links = self.words.iter().filter(|word| is_link(word)).count();
        verbs.saturating_sub(links + 1)
    }

    /// Whether a verb stands here that has a subject, as it does not behind "to" or "can".
    fn is_finite(self, at: usize) -> bool {
        let is_governed = at > 0 && self.is(at - 1, WordRole::Governor);
        let is_always = self.is(at, WordRole::Finite) || self.is(at, WordRole::Clause);
        is_always || (self.is(at, WordRole::Free) && !is_governed)
    }

    /// Whether it ends in a condition or reason that was not said any more, or without what follows
    /// from one: "the idea is that when the lock is held".
    pub(super) fn ends_in_a_condition(self) -> bool {
        // A verb may be one that nobody listed, so only a stump is told for certain.
        const STUMP: usize = 2;
        let is_condition = |word: &SpokenWord<'_>| {
            word.is(WordRole::Subordinator) && !word.is(WordRole::Continuer)
        };
        let Some(last) = self.words.iter().rposition(is_condition) else {
            return false;
        };
        let mut behind = last + 1..self.words.len();
        let clauses = behind.clone().filter(|&at| self.opens(at)).count();
        let is_stump = behind.len() <= STUMP && !behind.any(|at| self.opens(at));
        let leads = is_listed(self.words[last].text, "if when while once");
        let before = last.checked_sub(1).map_or("", |at| self.words[at].text);
        let goes_on = leads && is_listed(before, "that is basically and but so because");
        last > 0 && (is_stump || (goes_on && clauses < 2))
    }

    /// Whether a word before a clause joins it to what was said.
    fn is_joined(self, at: usize) -> bool {
        for word in self.words[..at].iter().rev() {
            if word.is(WordRole::Link) || word.is(WordRole::Reporter) {
                return true;
            }
            if !word.is(WordRole::Adverb) && !word.is(WordRole::Marker) {
                return !word.can_end()
                    || (word.is(WordRole::Determiner) && !word.is(WordRole::Closer));
            }
        }
        true
    }

    /// Whether a question opens in the middle: "are we …", "who here …".
    fn inverts(self, at: usize) -> bool {
        const AUXILIARIES: &str = "are is do does did can could would should will have has isn't aren't \
            don't doesn't didn't can't couldn't wouldn't shouldn't won't";
        const ASKED: &str = "you we they anyone anybody i it there";
        let (before, text, next) = (self.text(at - 1), self.text(at), self.text(at + 1));
        let asks_who = text == "who" && is_listed(next, "here of had");
        let turns = is_listed(text, AUXILIARIES) && is_listed(next, ASKED);
        asks_who || (turns && !before.is_empty() && self.words[at - 1].can_end())
    }

    fn text(self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |word| word.text)
    }

    /// Whether a verb comes soon enough for a sentence.
    pub(super) fn has_early_verb(self) -> bool {
        const EARLY: usize = 9;
        (0..self.words.len().min(EARLY)).any(|at| self.words[at].is_verb() || self.opens(at))
    }

    fn is(self, at: usize, role: WordRole) -> bool {
        self.words.get(at).is_some_and(|word| word.is(role))
    }

    fn is_content(self, at: usize) -> bool {
        let word = self.words.get(at);
        word.is_some_and(|word| !is_function_word(bare(word.text)))
    }

    fn ends_in_s(self, at: usize) -> bool {
        self.is_content(at) && self.words[at].text.ends_with('s')
    }

    /// Whether a subject and its verb stand here.
    pub(super) fn opens(self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else {
            return false;
        };
        let verb = self.skip_adverbs(at + 1);
        let has_verb = self.words.get(verb).is_some_and(SpokenWord::is_verb);
        let determines = word.is(WordRole::Determiner) || word.is_number();
        word.is(WordRole::Clause)
            || (word.is(WordRole::Pointer) && has_verb)
            || (word.is(WordRole::Subject) && (has_verb || self.is_content(verb)))
            || (word.text == "it" && self.ends_in_s(verb))
            || (determines && self.noun_phrase_has_verb(at))
            || asks(self.words, at)
    }

    fn noun_phrase_has_verb(self, at: usize) -> bool {
        const LONG: usize = 7;
        const ATTRIBUTES: &str =
            "first second third last next other only main same new most one here of";
        let belongs = |at: usize| {
            let (word, before) = (&self.words[at], &self.words[at - 1]);
            let is_noun = self.is_content(at) || is_listed(word.text, ATTRIBUTES);
            let is_of_another = word.is(WordRole::Determiner) && before.text == "of";
            let is_free_number = word.is_number() && !before.is(WordRole::Determiner);
            (is_noun || is_of_another) && !self.words[at].is_verb() && !is_free_number
        };
        let end = self.words.len().min(at + 1 + LONG);
        let nouns = (at + 1..end).take_while(|&at| belongs(at)).count();
        let verb = self.words.get(at + 1 + nouns);
        // "29 talks moved": what is counted seldom has a participle behind it.
        let is_counted = self.words[at].is_number();
        let is_verb =
            |verb: &SpokenWord<'_>| verb.is(WordRole::Verb) || (is_counted && verb.is_verb());
        nouns > 0 && verb.is_some_and(is_verb)
    }

    fn skip_adverbs(self, at: usize) -> usize {
        const FEW: usize = 4;
        let is_passed = |at| self.is(at, WordRole::Adverb) || self.is(at, WordRole::Marker);
        at + (at..at + FEW).take_while(|&at| is_passed(at)).count()
    }
}

/// Whether a question opens here.
pub(super) fn asks(words: &[SpokenWord<'_>], at: usize) -> bool {
    const AUXILIARIES: &str = "is are was were do does did has have can could would should will";
    let text = |at: usize| words.get(at).map_or("", |word| word.text);
    is_listed(text(at), "what why how where when") && is_listed(text(at + 1), AUXILIARIES)
}

impl SpokenWord<'_> {
    pub(super) fn is(&self, role: WordRole) -> bool {
        self.roles.contains(&role)
    }

    pub(super) fn is_verb(&self) -> bool {
        const SHORTEST_PAST: usize = 5;
        self.is(WordRole::Verb) || (self.text.len() >= SHORTEST_PAST && self.text.ends_with("ed"))
    }

    fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_digit())
    }

    /// Whether a clause can end here.
    pub(super) fn can_end(&self) -> bool {
        let goes_on = self.is(WordRole::Subordinator) || is_function_word(bare(self.text));
        self.is(WordRole::Closer) || !goes_on
    }
}

#[cfg(test)]
mod tests {
    use super::{Reader, SpokenWord, roles};

    fn words(text: &str) -> Vec<SpokenWord<'_>> {
        let word = |text| SpokenWord {
            text,
            roles: roles(text),
            pause: std::time::Duration::ZERO,
            hesitates: false,
        };
        text.split_whitespace().map(word).collect()
    }

    #[test]
    fn clauses_without_a_joint_are_counted() {
        for (speech, unjoined) in [
            (
                "we know it is slow because of the lock that the writer holds",
                0,
            ),
            ("if the disk is full you lose a write", 0),
            (
                "in two hours it filled the disk and the pager never rang",
                0,
            ),
            ("we fixed the queue it was never emptied", 1),
            ("let's talk about queues here's a short one", 1),
            ("the queue is full are we done", 1),
        ] {
            let words = words(speech);
            assert_eq!(Reader::new(&words).unjoined_clauses(), unjoined, "{speech}");
        }
    }

    #[test]
    fn verbs_without_a_subject_are_counted() {
        for (speech, spare) in [
            ("the queue is full and the disk is slow", 0),
            ("the number of the queues is small", 0),
            ("we look at queues now a long queue is slow", 0),
            ("we look at queues here redis is of course one", 1),
        ] {
            let words = words(speech);
            assert_eq!(Reader::new(&words).spare_verbs(), spare, "{speech}");
        }
    }

    #[test]
    fn verbs_without_a_link_are_counted() {
        for (speech, unlinked) in [
            ("the queue is full and the disk is slow", 0),
            ("we want to know why the queue is full", 0),
            ("the queue can have a lock that clients need", 0),
            ("the queue is full clients want a lock", 1),
        ] {
            let words = words(speech);
            assert_eq!(Reader::new(&words).unlinked_verbs(), unlinked, "{speech}");
        }
    }

    #[test]
    fn a_condition_wants_its_clause() {
        for (speech, ends) in [
            ("the idea is that when the lock is held", true),
            ("the idea is that when the lock is held we wait", false),
            ("we wait because the lock is held", false),
            ("we wait for the lock because of", true),
            ("because the lock is held we wait", false),
        ] {
            let words = words(speech);
            assert_eq!(Reader::new(&words).ends_in_a_condition(), ends, "{speech}");
        }
    }
}
