//! Tells where a clause opens in English captions, which have neither stops nor capitals.
//!
//! A few dozen words say most of it: a subject and its verb open a clause, unless the words before
//! them still wait for one ("in four minutes it …", "if you ask we …") or take it as their object
//! ("we know it …"). It is no grammar: a verb it does not know is no verb, and what can be read
//! both ways is a doubt, so that a surer unit can be preferred.

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

use crate::summarize::builtin::tidy::{bare, is_listed};
use crate::summarize::language::{fold, is_function_word};

/// A word of unpunctuated captions, the silence before it, and what it can be in English.
pub(super) struct SpokenWord<'a> {
    pub(super) text: &'a str,
    pub(super) roles: &'static [WordRole],
    pub(super) pause: Duration,
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
}

#[rustfmt::skip]
const ROLES: [(WordRole, &str); 13] = [
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

/// How a place between two words parts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    None,
    /// Perhaps a clause, perhaps the end of one: "the reply we paid for".
    Doubtful,
    /// A clause behind "and", which may stay.
    Joined,
    Sure,
}

/// Reads one stretch of speech, and keeps what the clause so far has and waits for.
pub(super) struct Reader<'a> {
    words: &'a [SpokenWord<'a>],
    start: usize,
    has_verb: bool,
    waits_for_clause: bool,
}

impl<'a> Reader<'a> {
    /// Reads words from one of them on.
    pub(super) fn new(words: &'a [SpokenWord<'a>], start: usize) -> Self {
        Self {
            words,
            start,
            has_verb: false,
            waits_for_clause: false,
        }
    }

    /// Tells what opens at a word; the words have to be read in order.
    pub(super) fn opening(&mut self, at: usize) -> Opening {
        let found = if at > self.start {
            self.opening_behind(&self.words[at - 1], at)
        } else {
            Opening::None
        };
        let is_clause = matches!(found, Opening::Sure | Opening::Doubtful);
        let is_awaited = is_clause && self.waits_for_clause;
        self.waits_for_clause &= !is_awaited;
        let opening = match found {
            _ if is_awaited || !self.has_verb => Opening::None,
            found => found,
        };
        if opening == Opening::Sure {
            *self = Self::new(self.words, at);
        }
        self.note(at);
        opening
    }

    fn opening_behind(&self, before: &SpokenWord<'_>, at: usize) -> Opening {
        let word = &self.words[at];
        let is_within_clause = before.is(WordRole::Adverb) && !before.is(WordRole::Closer);
        if !before.can_end() || before.is(WordRole::Reporter) || is_within_clause {
            return Opening::None;
        }
        let determines = self.is(at + 1, WordRole::Determiner);
        let clause_follows = self.opens(self.skip_adverbs(at + 1));
        if word.is(WordRole::Joint) {
            let goes_on =
                self.is(at + 1, WordRole::Subordinator) || self.is(at + 1, WordRole::Scene);
            return match word.text {
                "so" if goes_on => Opening::Sure,
                _ if goes_on || clause_follows => Opening::Joined,
                "so" if determines => Opening::Doubtful,
                _ => Opening::None,
            };
        }
        let is_loud = determines && !word.is(WordRole::Adverb);
        let is_marked = word.is(WordRole::Marker) && (clause_follows || is_loud);
        let is_clause = self.opens(at) && word.text != "that" && !asks(self.words, at);
        if is_marked || word.text == "thank" || (is_clause && !self.may_be_relative(at)) {
            Opening::Sure
        } else if is_clause || self.may_open(at) {
            Opening::Doubtful
        } else {
            Opening::None
        }
    }

    /// Notes what a word means for the words behind it.
    fn note(&mut self, at: usize) {
        let start = self.start;
        let word = &self.words[at];
        let mut earlier = self.words[start..at].iter();
        let is_joined = at > start && self.is(at - 1, WordRole::Joint);
        let stands_in_front = is_joined
            || (at > start && is_listed(self.words[at - 1].text, "that because then now"))
            || earlier.all(|word| word.is(WordRole::Joint));
        self.waits_for_clause |= (word.is(WordRole::Scene) && is_joined)
            || (word.is(WordRole::Subordinator) && stands_in_front);
        self.has_verb |= word.is_verb() || self.opens(at);
    }

    /// Counts the clauses that open in a unit, without those behind a relative "that".
    pub(super) fn clauses(&self) -> usize {
        let is_relative = |at: usize| at > 0 && self.words[at].text == "that";
        (0..self.words.len())
            .filter(|&at| self.opens(at) && !is_relative(at))
            .count()
    }

    /// Whether a verb comes soon enough for a sentence.
    pub(super) fn has_early_verb(&self) -> bool {
        const EARLY: usize = 9;
        (0..self.words.len().min(EARLY)).any(|at| self.words[at].is_verb() || self.opens(at))
    }

    fn is(&self, at: usize, role: WordRole) -> bool {
        self.words.get(at).is_some_and(|word| word.is(role))
    }

    fn is_content(&self, at: usize) -> bool {
        let word = self.words.get(at);
        word.is_some_and(|word| !is_function_word(bare(word.text)))
    }

    fn ends_in_s(&self, at: usize) -> bool {
        self.is_content(at) && self.words[at].text.ends_with('s')
    }

    /// Whether a subject and its verb stand here.
    pub(super) fn opens(&self, at: usize) -> bool {
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

    /// Whether a clause may open here that cannot be told from the end of another.
    fn may_open(&self, at: usize) -> bool {
        let text = |at: usize| self.words.get(at).map_or("", |word| word.text);
        let next_is_verb = |after| self.words.get(at + after).is_some_and(SpokenWord::is_verb);
        match self.words[at].text {
            "that's" => true,
            "that" => text(at + 1) == "was",
            "this" => self.ends_in_s(at + 1),
            "you" => self.is_content(at + 1),
            _ => self.is(at, WordRole::Determiner) && self.is_content(at + 1) && next_is_verb(2),
        }
    }

    fn noun_phrase_has_verb(&self, at: usize) -> bool {
        const LONG: usize = 5;
        const ATTRIBUTES: &str =
            "first second third last next other only main same new most one here";
        let belongs = |at: usize| {
            let word = &self.words[at];
            let is_noun = self.is_content(at) || is_listed(word.text, ATTRIBUTES);
            is_noun && !word.is(WordRole::Verb) && !word.is_number()
        };
        let end = self.words.len().min(at + 1 + LONG);
        let nouns = (at + 1..end).take_while(|&at| belongs(at)).count();
        nouns > 0 && self.is(at + 1 + nouns, WordRole::Verb)
    }

    fn skip_adverbs(&self, at: usize) -> usize {
        const FEW: usize = 4;
        let is_passed = |at| self.is(at, WordRole::Adverb) || self.is(at, WordRole::Marker);
        at + (at..at + FEW).take_while(|&at| is_passed(at)).count()
    }

    /// Whether a person and a verb may belong to the noun before them: "the reply we paid for".
    fn may_be_relative(&self, at: usize) -> bool {
        const REACH: usize = 4;
        const DEFINITE: &str = "the all every any everything most only";
        let mut before = self.words[at.saturating_sub(REACH)..at].iter();
        let is_person = self.is(at, WordRole::Subject) || self.words[at].text == "you";
        is_person && before.any(|word| is_listed(word.text, DEFINITE))
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

    fn is_verb(&self) -> bool {
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
    use crate::summarize::{
        builtin::cuts::tests::cut_text,
        language::Language::{English, German},
    };

    #[test]
    fn clauses_open_with_a_subject_and_its_verb() {
        for (speech, expected) in [
            (
                "the queue was full of old jobs it was never emptied now we drop them",
                vec![
                    "the queue was full of old jobs",
                    "it was never emptied",
                    "now we drop them",
                ],
            ),
            (
                "the index is a flat file every reader can open it",
                vec!["the index is a flat file", "every reader can open it"],
            ),
            (
                "in two hours it filled the disk and the pager never rang",
                vec!["in two hours it filled the disk and the pager never rang"],
            ),
            (
                "if the disk is full you lose a write",
                vec!["if the disk is full you lose a write"],
            ),
            (
                "we know it is slow because of the lock that the writer holds",
                vec!["we know it is slow because of the lock that the writer holds"],
            ),
        ] {
            assert_eq!(cut_text(speech, English), expected);
        }
    }

    #[test]
    fn clauses_are_only_told_in_english() {
        let speech = "die warteschlange war voll wir leeren sie now we are done";
        assert_eq!(cut_text(speech, German), [speech]);
    }
}
