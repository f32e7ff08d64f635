//! SAMI, which players of Windows and sites in Korea write: `<SYNC Start=1000><P Class=ENCC>`, in
//! milliseconds.
//!
//! Most of its tags have no end, so it is no XML, and only these two are looked for. A text is shown
//! until the next one of its class, which is a language; one of blanks only ends it.
//! Source: Microsoft, "Understanding SAMI 1.0".

use std::collections::HashMap;
use std::sync::LazyLock;
use std::time::Duration;

use regex::Regex;

use super::lines::{self, CaptionLine};
use super::{CaptionFormat, CaptionsError, markup};
use crate::talk::is_foreign;

static SYNC: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)<sync\b[^<>]*?\bstart\s*=\s*["']?(?<start>-?\d+)[^<>]*>"#));
static PARAGRAPH: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?i)<p\b(?:[^<>]*?\bclass\s*=\s*["']?(?<class>\w+))?[^<>]*>"#));
static CLASS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\.(?<class>\w+)\s*\{[^{}]*\blang\s*:\s*(?<language>[\w-]+)"));
/// What ends a text, and what is written about it.
static AROUND: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?is)</(?:p|sync|body|sami)\s*>|<!--.*?-->"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is valid")
}

/// A text of a class, which takes the place of the one before.
struct ClassText<'a> {
    start: Duration,
    class: String,
    text: &'a str,
}

/// Reads the lines in a language (BCP 47), else those of the class with the most text.
pub(super) fn lines(text: &str, language: Option<&str>) -> Result<Vec<CaptionLine>, CaptionsError> {
    let texts = texts(text);
    let Some(class) = class(text, &texts, language) else {
        return Err(CaptionsError::NotValid {
            format: CaptionFormat::Sami,
            line: 1,
            reason: "no <SYNC> gives a time".into(),
        });
    };
    let of_class = || texts.iter().filter(|shown| shown.class == class);
    let ends = of_class().skip(1).map(|next| Some(next.start));
    let lines = of_class().zip(ends.chain([None]));
    let lines = lines.map(|(shown, end)| CaptionLine {
        start: shown.start,
        end: end.filter(|end| *end >= shown.start),
        pieces: markup::pieces(&AROUND.replace_all(shown.text, "").replace('\n', " ")),
    });
    Ok(lines.collect())
}

fn texts(text: &str) -> Vec<ClassText<'_>> {
    let syncs: Vec<_> = SYNC.captures_iter(text).collect();
    let begins = |place: usize| {
        syncs
            .get(place)
            .map_or(text.len(), |sync| sync.get_match().start())
    };
    let mut texts = Vec::new();
    for (place, sync) in syncs.iter().enumerate() {
        // A time before the recording begins is its beginning.
        let milliseconds: f64 = sync["start"].parse().unwrap_or_default();
        let Some(start) = lines::time(milliseconds.max(0.0) / 1000.0) else {
            continue;
        };
        let shown = &text[sync.get_match().end()..begins(place + 1)];
        let tags: Vec<_> = PARAGRAPH.captures_iter(shown).collect();
        for (number, tag) in tags.iter().enumerate() {
            let next = tags.get(number + 1);
            let end = next.map_or(shown.len(), |next| next.get_match().start());
            let class = tag.name("class").map_or("", |class| class.as_str());
            texts.push(ClassText {
                start,
                class: class.to_ascii_lowercase(),
                text: &shown[tag.get_match().end()..end],
            });
        }
    }
    texts
}

/// The class of a language, which the style of the file names, or the one with the most text.
fn class(text: &str, texts: &[ClassText<'_>], language: Option<&str>) -> Option<String> {
    let is_wanted = |tag: &str| language.is_some_and(|language| !is_foreign(tag, language));
    let declared = CLASS
        .captures_iter(text)
        .find(|class| is_wanted(&class["language"]))
        .map(|class| class["class"].to_ascii_lowercase());
    let mut lengths: HashMap<&str, usize> = HashMap::new();
    for shown in texts {
        *lengths.entry(&shown.class).or_default() += shown.text.len();
    }
    let longest = || texts.iter().max_by_key(|shown| lengths[&*shown.class]);
    declared
        .filter(|class| lengths.contains_key(&**class))
        .or_else(|| longest().map(|shown| shown.class.clone()))
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use crate::fetch::captions::{CaptionFormat, read, tests};

    fn check(file: &str, expected: &Expect) {
        tests::check(CaptionFormat::Sami, file, expected);
    }

    #[test]
    fn texts_last_until_the_next_of_their_class() {
        check(
            "<SAMI>\n<HEAD><STYLE TYPE=\"text/css\">\n<!--\nP { margin: 1pt; }\n.ENCC { Name: English; lang: en-US; }\n--></STYLE></HEAD>\n<BODY>\n\
             <SYNC Start=1000><P Class=ENCC>We keep bees<br>on the roof.\n\
             <SYNC Start=\"3000\"><P Class=\"ENCC\">&nbsp;\n\
             <sync start=5000><p class=encc><font color=\"red\">They</font> like\nit.</p></sync>\n</BODY>\n</SAMI>\n",
            &expect![[r"
                1.00-3.00 We keep bees on the roof.
                5.00-5.90 They like it.
            "]],
        );
    }

    #[test]
    fn one_language_of_several_is_read() {
        let file = "<SAMI><HEAD><STYLE>.KRCC {Name:한국어; lang:ko-KR;} .ENCC {Name:English; lang:en-US;}</STYLE></HEAD><BODY>\
            <SYNC Start=0><P Class=KRCC>우리는 지붕에서 꿀벌을 많이 키웁니다.<P Class=ENCC>We keep bees.\
            <SYNC Start=2000><P Class=KRCC>&nbsp;<SYNC Start=2500><P Class=ENCC>They hum.</BODY></SAMI>";
        for (language, expected) in [
            ("en", "0.00-2.50 We keep bees.\n2.50-3.10 They hum.\n"),
            ("ko-KR", "0.00-2.00 우리는 지붕에서 꿀벌을 많이 키웁니다.\n"),
            ("de", "0.00-2.00 우리는 지붕에서 꿀벌을 많이 키웁니다.\n"),
        ] {
            let cues = read(CaptionFormat::Text, file.as_bytes(), Some(language)).unwrap();
            assert_eq!(tests::listing(&cues), expected, "{language}");
        }
    }

    #[test]
    fn a_file_without_times_is_not_valid() {
        check(
            "<SAMI><BODY>We keep bees.</BODY></SAMI>",
            &expect!["line 1: no <SYNC> gives a time"],
        );
    }
}
