//! The ways in which names are said: whole, or a person's first name or surname alone.

use std::collections::HashSet;

use crate::sound::{Phonemes, fold};
use crate::summarize::near_miss::name::Name;
use crate::summarize::near_miss::trusted::{NameSource, Trusted, TrustedName};

/// Forms with fewer letters sound like too many words.
const FEWEST_LETTERS: usize = 3;

/// A way in which a name is said: as a whole, or a person's first name or surname alone.
pub(super) struct Form {
    pub name: TrustedName,
    pub compared: Name,
    pub sounds: Phonemes,
    pub words: usize,
    /// What stands before or after it where the whole name is said.
    pub rest: Rest,
}

pub(super) enum Rest {
    None,
    Before(HashSet<String>),
    After(HashSet<String>),
}

/// The forms of all trusted names, each once.
pub(super) fn forms(trusted: &Trusted) -> Vec<Form> {
    let mut forms = Vec::new();
    for name in trusted.names() {
        add(&mut forms, Form::of(name, &name.name, Rest::None));
        let person = name.name.trim().split_once(char::is_whitespace);
        if let (NameSource::Speakers, Some((first, surname))) = (name.source, person) {
            let surname = surname.trim_start();
            let before = Rest::Before([fold(first)].into());
            add(&mut forms, Form::of(name, surname, before));
            let next = surname.split(char::is_whitespace).next();
            let after = Rest::After(next.map(fold).into_iter().collect());
            add(&mut forms, Form::of(name, first, after));
        }
    }
    forms
}

/// Adds a form, unless there is one with these letters, which then is heard beside either rest.
fn add(forms: &mut Vec<Form>, form: Form) {
    if form.compared.letters().len() < FEWEST_LETTERS {
        return;
    }
    let same = |other: &&mut Form| other.compared.letters() == form.compared.letters();
    let Some(there) = forms.iter_mut().find(same) else {
        forms.push(form);
        return;
    };
    match (&mut there.rest, form.rest) {
        (Rest::Before(words), Rest::Before(more)) | (Rest::After(words), Rest::After(more)) => {
            words.extend(more);
        }
        (kept @ Rest::None, rest) => *kept = rest,
        _ => {}
    }
}

impl Form {
    /// A name, as far as it is said in this form.
    fn of(name: &TrustedName, text: &str, rest: Rest) -> Self {
        let parts = || {
            text.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’'))
                .filter(|part| !part.is_empty())
        };
        let mut sounds = Phonemes::default();
        for part in parts() {
            sounds.append(&Phonemes::of(part));
        }
        Self {
            name: TrustedName {
                name: text.to_owned(),
                source: name.source,
            },
            compared: Name::of(text),
            sounds,
            words: parts().count(),
            rest,
        }
    }
}

impl Rest {
    pub(super) fn is_before(&self, word: &str) -> bool {
        matches!(self, Self::Before(words) if words.contains(word))
    }

    pub(super) fn is_after(&self, word: &str) -> bool {
        matches!(self, Self::After(words) if words.contains(word))
    }
}
