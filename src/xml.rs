//! XML, as strict as its rules where a file keeps them, and mended where people's tools do not.
//!
//! What breaks off stays an error. Pure.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use roxmltree::{Document, Error};

/// So many undeclared prefixes are declared.
const PREFIXES: usize = 8;

/// Hands a document to `read`: the text as it is, or with what is commonly wrong put right.
///
/// # Errors
///
/// What is wrong with the text as it is, where it cannot be mended.
pub(crate) fn read<T>(text: &str, read: impl Fn(&Document<'_>) -> T) -> Result<T, Error> {
    // White space before the declaration is an error to XML and an accident to everyone else.
    let text = text.trim_start();
    let error = match Document::parse(text) {
        Ok(document) => return Ok(read(&document)),
        Err(error) => error,
    };
    let mut mended = mend(text);
    for _ in 0..PREFIXES {
        match Document::parse(&mended) {
            Ok(document) => return Ok(read(&document)),
            Err(Error::UnknownNamespace(prefix, _)) => {
                mended = declare(&mended, &prefix).ok_or(error.clone())?;
            }
            Err(_) => break,
        }
    }
    Err(error)
}

/// Takes out the type, and writes signs and line breaks as XML has them.
fn mend(text: &str) -> String {
    static DOCTYPE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<!doctype[^<>\[\]]*>"));
    static SIGN: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"&(?:(?<entity>#\d+|#x[0-9a-fA-F]+|\w+);)?"));
    static BREAK: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?i)<br\s*>"));
    let text = DOCTYPE.replace(text, "");
    let text = SIGN.replace_all(&text, |sign: &Captures<'_>| written(sign));
    let closes_breaks = text.contains("</br");
    if closes_breaks {
        text.into_owned()
    } else {
        BREAK.replace_all(&text, "<br/>").into_owned()
    }
}

/// An entity that XML knows stays, one of HTML becomes its letter, and a lone `&` is itself.
fn written(sign: &Captures<'_>) -> String {
    let whole = &sign[0];
    match sign.name("entity").map(|entity| entity.as_str()) {
        Some("amp" | "lt" | "gt" | "quot" | "apos") => whole.to_owned(),
        Some(number) if number.starts_with('#') => whole.to_owned(),
        Some(_) => match html_escape::decode_html_entities(whole) {
            letter if letter != whole => letter.into_owned(),
            _ => format!("&amp;{}", &whole[1..]),
        },
        None => "&amp;".to_owned(),
    }
}

/// Declares a prefix at the root.
fn declare(text: &str, prefix: &str) -> Option<String> {
    static ROOT: LazyLock<Regex> = LazyLock::new(|| pattern(r"<[A-Za-z_][\w:.-]*"));
    let root = ROOT.find(text)?;
    let (before, behind) = text.split_at(root.end());
    Some(format!("{before} xmlns:{prefix}=\"{prefix}\"{behind}"))
}

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(xml: &str) -> Result<String, Error> {
        read(xml, |document| {
            let texts = document.descendants().filter_map(|node| node.text());
            texts.collect()
        })
    }

    #[test]
    fn common_mistakes_are_mended() {
        for (xml, expected) in [
            ("<a>R&amp;D &#169;</a>", "R&D ©"),
            ("<a>R&D &copy; &nbsp;&what;</a>", "R&D © \u{a0}&what;"),
            ("\n<!DOCTYPE a SYSTEM \"a.dtd\"><a>so</a>", "so"),
            (
                "<a><b tts:color=\"red\">so</b> <ttm:c>we</ttm:c></a>",
                "so we",
            ),
            ("<a>two<br>rows</a>", "tworows"),
        ] {
            let read = text(xml).unwrap();
            assert!(read.contains(expected) || read == expected, "{xml}: {read}");
        }
    }

    #[test]
    fn what_breaks_off_is_an_error() {
        assert!(text("<a>R&D").is_err());
        assert!(text("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>").is_err());
    }
}
