//! A summary in plain words, where a server keeps no schema: two clean sentences and nothing else.
//!
//! Pure. Words that a model says about itself, its task or what it was given are no summary, so a
//! refusal in two sentences is none. Where these words are not known in a language, nothing is read.

use crate::summarize::labels::label;
use crate::summarize::sentences::{ends_as_sentence, sentences};
use crate::talk::one_line;

/// By language: words that nobody needs to say what a talk is about, and that models say of themselves.
const TELLING: &[(&str, &str)] = &[
    (
        "en",
        "i, i've, i'd, i'll, me, my, myself, you, your, apologize, apologise, apologies, unfortunately, unable, summary, summaries, summarize, summarise, sentence, sentences, sure, certainly, okay, not possible, not enough, no information, not provided, was provided, were provided, insufficient",
    ),
    (
        "de",
        "ich, mir, mich, mein, meine, ihnen, bitte, leider, entschuldigung, transkript, zusammenfassung, zusammenfassen, satz, sätze, gerne, hier ist, nicht möglich",
    ),
    (
        "fr",
        "je, j'ai, moi, vous, votre, désolé, désolée, veuillez, malheureusement, transcription, résumé, résumer, phrase, phrases, voici, pas possible, impossible",
    ),
    (
        "es",
        "yo, lo siento, puedo, usted, por favor, lamentablemente, transcripción, resumen, resumir, oración, oraciones, frase, frases, aquí está, no es posible",
    ),
    (
        "it",
        "io, mi dispiace, posso, per favore, purtroppo, trascrizione, riassunto, riassumere, frase, frasi, ecco, non è possibile",
    ),
    (
        "pt",
        "eu, posso, desculpe, por favor, infelizmente, transcrição, resumo, resumir, frase, frases, aqui está, não é possível",
    ),
    (
        "nl",
        "ik, mij, helaas, alstublieft, samenvatting, samenvatten, zin, zinnen, hier is, niet mogelijk",
    ),
];

/// Refusals are often English whatever was asked for.
const EVERYWHERE: &str = "i'm, i can't, i cannot, i am, sorry, please, transcript, as an ai, language model, here is, here are, here's";

/// The two sentences that a reply consists of.
pub(super) fn pair(words: &str, language: &str) -> Option<[String; 2]> {
    let mut lines: Vec<&str> = words
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    // "Here is the summary:" and a heading say what follows.
    if lines.len() > 1
        && (lines[0].ends_with(':') || lines[0].starts_with("# ") || lines[0].starts_with("## "))
    {
        lines.remove(0);
    }
    let lines: Vec<String> = lines.into_iter().map(strip_label).collect();
    let pair: Vec<String> = match lines.as_slice() {
        [line] => sentences(line).into_iter().map(str::to_owned).collect(),
        [first, second] => [first, second]
            .into_iter()
            .filter(|l| is_one(l))
            .cloned()
            .collect(),
        _ => return None,
    };
    let pair = <[String; 2]>::try_from(pair).ok()?;
    let is_clean = pair.iter().all(|sentence| ends_as_sentence(sentence));
    (is_clean && is_about_a_talk(&pair.join(" "), language)).then_some(pair)
}

/// Whether nobody talks here about themselves or the task; not where the language is not known.
pub(super) fn is_about_a_talk(text: &str, language: &str) -> bool {
    speaks_of_itself(text, language) == Some(false)
}

fn strip_label(line: &str) -> String {
    let label = label(line).map_or(0, str::len);
    let line = one_line(&line[label..]);
    let is_quote = |c: char| matches!(c, '"' | '“' | '”');
    let is_quoted = line.starts_with(is_quote) && line.ends_with(is_quote);
    if is_quoted {
        line.trim_matches(is_quote).to_owned()
    } else {
        line
    }
}

fn is_one(line: &str) -> bool {
    sentences(line).len() == 1
}

/// Whether somebody talks here about themselves or the task, not about a talk; none where the
/// language is not known.
fn speaks_of_itself(text: &str, language: &str) -> Option<bool> {
    let folded = text.to_lowercase().replace('’', "'");
    let split = folded.split(|c: char| !c.is_alphanumeric() && c != '\'');
    let words: Vec<&str> = split.filter(|word| !word.is_empty()).collect();
    let said = format!(" {} ", words.join(" "));
    let primary = language.split('-').next().unwrap_or(language);
    let is_meant = |(of, _): &&(&str, &str)| of.eq_ignore_ascii_case(primary);
    let (_, telling) = TELLING.iter().find(is_meant)?;
    let mut telling = telling.split(", ").chain(EVERYWHERE.split(", "));
    Some(telling.any(|words| said.contains(&format!(" {words} "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "Archives of talks are cached by a hash of all inputs.";
    const SECOND: &str = "Measurements over two weeks show that nothing is lost.";

    #[test]
    fn two_sentences_are_read_however_they_are_set() {
        for text in [
            format!("{FIRST} {SECOND}"),
            format!("{FIRST}\n{SECOND}"),
            format!("{FIRST}\n\n{SECOND}\n"),
            format!("Here is the summary:\n\n{FIRST} {SECOND}"),
            format!("## Summary\n\n{FIRST} {SECOND}"),
            format!("Summary: {FIRST} {SECOND}"),
            format!("**Summary:** {FIRST} {SECOND}"),
            format!("1. {FIRST}\n2. {SECOND}"),
            format!("- {FIRST}\n- {SECOND}"),
            format!("First sentence: {FIRST}\nSecond sentence: {SECOND}"),
            format!("**First sentence**: {FIRST}\n\n**Second sentence**: {SECOND}"),
            format!("\"{FIRST} {SECOND}\""),
        ] {
            let pair = pair(&text, "en");
            assert_eq!(pair, Some([FIRST.into(), SECOND.into()]), "{text}");
        }
    }

    #[test]
    fn what_is_not_two_clean_sentences_is_not_read() {
        for text in [
            FIRST.to_owned(),
            format!("{FIRST} {SECOND} {FIRST}"),
            format!("{FIRST}\n{SECOND}\n{FIRST}"),
            format!("Sure\n{FIRST} {SECOND}"),
            format!("{FIRST} {}", SECOND.trim_end_matches('.')),
            format!("Here is what it says: {FIRST} {SECOND}"),
            format!("{FIRST} I hope that this is what was wanted here."),
            "I'm sorry, but I cannot help with this request. It is against the rules that hold here.".into(),
            "The transcript does not say what the talk is about. More of it is needed here.".into(),
            "There is not enough material to work with here. It is hard to tell what was meant.".into(),
            String::new(),
        ] {
            assert_eq!(pair(&text, "en"), None, "{text}");
        }
    }

    #[test]
    fn refusals_are_known_in_the_languages_that_are_read() {
        for (language, text) in [
            (
                "de",
                "Ich kann diese Anfrage nicht bearbeiten. Das Thema ist dafür nicht geeignet.",
            ),
            (
                "fr",
                "Je ne peux pas répondre à cette demande. Le sujet ne convient pas ici.",
            ),
            (
                "es",
                "Lo siento, no puedo responder a esta petición. El tema no es adecuado aquí.",
            ),
            (
                "it",
                "Purtroppo la richiesta non è adatta. Il tema non va bene in questo caso.",
            ),
            (
                "pt",
                "Infelizmente o pedido não é adequado. O tema não serve neste caso.",
            ),
            (
                "nl",
                "Helaas is dit verzoek niet geschikt. Het onderwerp past hier niet.",
            ),
            (
                "fr",
                "Sorry, this cannot be done. It is against the rules of the house.",
            ),
        ] {
            assert_eq!(pair(text, language), None, "{text}");
        }
        let german = "Archive werden nach allen Eingaben benannt. Messungen zeigen, dass nichts verloren geht.";
        assert!(pair(german, "de-AT").is_some());
        // Nobody here knows how a refusal sounds in Klingon.
        assert_eq!(pair(german, "tlh"), None);
    }
}
