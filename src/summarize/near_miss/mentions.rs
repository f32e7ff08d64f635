//! Names that one text mentions and another does not. Pure.
//!
//! A name is what people wrote as one about the talk, or what is written like one: with a capital
//! where no word needs it, or with letters that no ordinary word has. A name that the other text
//! uses in any case and place is mentioned there too.

use std::collections::HashSet;

use crate::sound::fold;
use crate::summarize::near_miss::english::is_ordinary_or_compound;
use crate::summarize::near_miss::trusted::Trusted;
use crate::summarize::near_miss::words::{KnownWords, Look, Word, WordJoint, words};
use crate::talk::language::Language;

/// The names that a text mentions and the other does not, each once, in the order of the text.
#[must_use]
pub(crate) fn names_only_here(text: &str, other: &str, trusted: &Trusted) -> Vec<String> {
    let others = KnownWords::of(&words(other));
    // Of German every noun would be a name; only of English it is known what is ordinary.
    let is_english = Language::of(text) == Some(Language::English);
    let listed: HashSet<&str> = trusted.names().map(|name| name.name.as_str()).collect();
    let is_name = |word: &Word<'_>| match word.look {
        Look::Name => true,
        Look::Capital if is_english && !word.opens => true,
        Look::Capital if is_english && !is_ordinary_or_compound(&fold(word.text)) => true,
        _ => listed.contains(word.text),
    };
    let words = words(text);
    let is_one_name =
        |a: &Word<'_>, b: &Word<'_>| is_name(a) && is_name(b) && b.link == Some(WordJoint::Space);
    let mut seen = HashSet::new();
    words
        .chunk_by(is_one_name)
        .filter(|name| is_name(&name[0]))
        .filter(|name| !name.iter().all(|word| others.has(&fold(word.text))))
        .map(|name| text[name[0].range.start..name[name.len() - 1].range.end].to_owned())
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Glossary;

    #[test]
    fn names_are_told_by_capitals_and_by_what_is_listed() {
        let glossary = Glossary {
            terms: vec!["ractor".to_owned()],
            ..Glossary::default()
        };
        let trusted = Trusted::of(&glossary);
        for (text, other, wanted) in [
            (
                "Requests in the cluster of Ada Lovelace run on vLLM and on Kubernetes.",
                "Requests of the cluster run on Kubernetes.",
                &["Ada Lovelace", "vLLM"][..],
            ),
            (
                "The workers of the program share nothing with a ractor.",
                "The workers of the program share nothing.",
                &["ractor"],
            ),
            (
                "It is shown that the model of Kubernetes holds.",
                "Kubernetes has a model that is shown to hold.",
                &[],
            ),
            (
                "Der Vortrag zeigt, wie ein Rechner mit dem Speicher und mit eBPF umgeht.",
                "Der Vortrag zeigt das nicht.",
                &["eBPF"],
            ),
            ("", "", &[]),
        ] {
            assert_eq!(names_only_here(text, other, &trusted), wanted, "{text}");
        }
    }
}
