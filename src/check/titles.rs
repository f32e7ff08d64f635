//! Titles that were cut off, and titles that are none: capitals, file names, placeholders.
//!
//! `YouTube` takes a hundred characters, so uploaders cut, at the end or before the names of the
//! speakers. A title is called cut where its length leaves little doubt, or where the description
//! goes on with it; dots alone may be a matter of style. Without dots a title of full length is
//! called cut where it ends as no title does: in a bracket, at a comma, behind "of the".

use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use crate::check::{Finding, Kind, Source};
use crate::summarize::near_miss::is_ordinary_word;
use crate::summarize::sentences::sentences;
use crate::talk::{Talk, one_line};

/// Whose words a title is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Author {
    /// It came with the video.
    Uploader,
    /// It stands in the catalog.
    Organizer,
}

/// What is wrong with the title of a talk. What an organizer has written is not called odd.
#[must_use]
pub(crate) fn findings(talk: &Talk, author: Author) -> Vec<Finding> {
    let title = one_line(&talk.title);
    let odd = match author {
        Author::Uploader => odd(&title),
        Author::Organizer => None,
    };
    let odd = odd.map(|what| {
        let message = format!("the title \"{title}\" {what}");
        Finding::about(&talk.id, Kind::OddTitle, title.as_str(), message)
    });
    find_truncated(talk, &title)
        .into_iter()
        .chain(odd)
        .collect()
}

/// A title that was cut off, with the whole one if the description has it.
fn find_truncated(talk: &Talk, title: &str) -> Option<Finding> {
    let cut = CutTitle::of(title)?;
    let whole = whole_title(&cut, title, &talk.description);
    let is_sure = || cut.is_sure || (cut.is_within_word && ends_within_known_word(title, talk));
    if whole == Whole::IsThis || (whole == Whole::Unknown && !is_sure()) {
        return None;
    }
    let (suggestion, message) = match whole {
        Whole::Known(whole) => {
            let message =
                format!("the title \"{title}\" is cut off; the description has \"{whole}\"");
            (Some(whole), message)
        }
        _ => (None, format!("the title \"{title}\" is cut off")),
    };
    Some(Finding {
        source: suggestion.as_ref().map(|_| Source::Description),
        suggestion,
        ..Finding::about(&talk.id, Kind::TruncatedTitle, title, message)
    })
}

/// Where a title seems to be cut.
#[derive(Debug)]
struct CutTitle<'a> {
    /// What stands before.
    head: &'a str,
    /// Whether its length leaves little doubt.
    is_sure: bool,
    /// Whether only a word that goes on shows that there was more.
    is_within_word: bool,
}

impl<'a> CutTitle<'a> {
    fn of(title: &'a str) -> Option<Self> {
        static ELLIPSIS: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"(?:…|\.{2,})").expect("our own pattern compiles"));
        /// From here on a title with dots at its end, or before names, was hardly meant so.
        const LONG: usize = 85;
        /// What is cut to fit before other words fills nearly all of the room.
        const FULL: usize = 97;
        /// A hundred, or one less where the cut left a space.
        const NO_ROOM: std::ops::RangeInclusive<usize> = 99..=100;

        let length = title.chars().count();
        let is_cut = |found: &regex::Match<'_>| {
            let (head, tail) = (&title[..found.start()], &title[found.end()..]);
            let goes_on = tail.starts_with([' ', '-', '–']);
            !head.is_empty() && !head.ends_with(char::is_whitespace) && (tail.is_empty() || goes_on)
        };
        if let Some(found) = ELLIPSIS.find_iter(title).filter(is_cut).last() {
            let tail = &title[found.end()..];
            let is_like_cut = tail.is_empty() || is_names(tail);
            return Some(Self {
                head: &title[..found.start()],
                is_sure: length >= if is_like_cut { LONG } else { FULL },
                is_within_word: false,
            });
        }
        NO_ROOM.contains(&length).then_some(Self {
            head: title,
            is_sure: ends_as_no_title(title),
            is_within_word: true,
        })
    }
}

/// Whether the names of speakers are all that is here: "- M. Okafor & Ada van Berg".
fn is_names(tail: &str) -> bool {
    const JOINTS: [&str; 7] = ["&", "and", "de", "la", "da", "van", "von"];
    const MOST_WORDS: usize = 14;
    let tail = tail.trim_matches([' ', '-', '–', '|']);
    let mut words = tail.split_whitespace();
    let count = words.clone().count();
    (1..=MOST_WORDS).contains(&count)
        && words.all(|word| word.starts_with(char::is_uppercase) || JOINTS.contains(&word))
}

/// Whether a title breaks off: in a bracket or a quotation, at a comma, or behind a word that
/// another one must follow.
fn ends_as_no_title(title: &str) -> bool {
    const WANT_MORE: [&str; 20] = [
        "a", "an", "the", "and", "or", "of", "for", "to", "in", "on", "at", "with", "by", "from",
        "as", "into", "your", "our", "its", "their",
    ];
    let last = title.split_whitespace().next_back().unwrap_or_default();
    title.rfind('(') > title.rfind(')')
        || title.rfind('“') > title.rfind('”')
        || title.ends_with([',', ':', ';', '-', '–', '&', '|', '('])
        || WANT_MORE.contains(&last.to_lowercase().as_str())
}

/// Whether the last word breaks off: nobody uses it, and somebody uses one that goes on from it.
fn ends_within_known_word(title: &str, talk: &Talk) -> bool {
    /// Fewer letters more may be an ending.
    const FEWEST_MORE: usize = 3;
    let last = title.split_whitespace().next_back().unwrap_or_default();
    let last = last.trim_start_matches(|c: char| !c.is_alphanumeric());
    let folded = last.to_lowercase();
    let texts = talk.speakers.iter().chain([&talk.description]);
    let words: Vec<String> = texts
        .flat_map(|text| text.unicode_words())
        .map(str::to_lowercase)
        .collect();
    let goes_on = |word: &String| {
        let rest = word.strip_prefix(&folded);
        rest.is_some_and(|rest| rest.chars().count() >= FEWEST_MORE)
    };
    last.chars().count() > 1
        && last.chars().all(char::is_alphabetic)
        && !is_ordinary_word(&folded)
        && !words.contains(&folded)
        && words.iter().any(goes_on)
}

/// What a description knows of a title that seems to be cut.
#[derive(Debug, PartialEq, Eq)]
enum Whole {
    /// It has the title as it is.
    IsThis,
    /// It goes on where the title is cut.
    Known(String),
    Unknown,
}

/// Looks for a line of the description that goes on where the title is cut.
fn whole_title(cut: &CutTitle<'_>, title: &str, description: &str) -> Whole {
    const SHORTEST_HEAD: usize = 20;
    if cut.head.chars().count() < SHORTEST_HEAD {
        return Whole::Unknown;
    }
    let pattern = format!(r"(?i)(?:^|[^\p{{L}}\p{{N}}])({})", lenient(cut.head));
    let Ok(head) = Regex::new(&pattern) else {
        return Whole::Unknown;
    };
    let lines: Vec<String> = description.lines().map(one_line).collect();
    let folded = title.to_lowercase();
    let is_there_as_it_is = !cut.is_within_word
        && lines
            .iter()
            .any(|line| line.to_lowercase().contains(&folded));
    if is_there_as_it_is {
        return Whole::IsThis;
    }
    let whole = lines.iter().find_map(|line| {
        let found = head.captures(line)?.get(1)?;
        let rest = &line[found.end()..];
        let goes_on = if cut.is_within_word {
            rest.starts_with(char::is_alphanumeric)
        } else {
            !rest.starts_with(['…', '.']) && rest.contains(char::is_alphanumeric)
        };
        goes_on.then(|| with_rest(found.as_str(), rest)).flatten()
    });
    whole.map_or(Whole::Unknown, Whole::Known)
}

/// A title up to where its line ends, or where an abstract follows on the same line.
fn with_rest(head: &str, rest: &str) -> Option<String> {
    const LONGEST: usize = 200;
    let mut end = 0;
    for sentence in sentences(rest) {
        end += rest[end..].find(sentence)? + sentence.len();
        if sentence.ends_with('.') {
            break;
        }
    }
    let whole = format!("{head}{}", &rest[..end]);
    let whole = whole.trim_end_matches(['.', ',', ';', ' ', '"', '”', '»']);
    (whole.chars().count() <= LONGEST).then(|| whole.to_owned())
}

/// A pattern for a text whose quotation marks and dashes may be written otherwise.
fn lenient(text: &str) -> String {
    let letters = text.chars().map(|c| match c {
        '\'' | '’' | '‘' => "['’‘]".to_owned(),
        '"' | '“' | '”' => "[\"“”]".to_owned(),
        '-' | '–' | '—' => "[-–—]".to_owned(),
        c => regex::escape(&c.to_string()),
    });
    letters.collect()
}

/// In what way a title is none that people would read.
fn odd(title: &str) -> Option<&'static str> {
    static FILE: LazyLock<Regex> = LazyLock::new(|| {
        let extension = r"\.(?:mp4|mov|mkv|avi|webm|m4v|mpe?g|mts|wmv|flv|mp3|wav|m4a)$";
        let camera = r"^(?:IMG|VID|MVI|DSC|PXL|GOPR|GMT)[-_]?\d{3,}\S*$";
        let underscores = r"^[\p{L}\p{N}-]+(?:_[\p{L}\p{N}-]+){2,}$";
        Regex::new(&format!("(?i){extension}|{camera}|{underscores}"))
            .expect("our own pattern compiles")
    });
    static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
        let words = r"(?i)^(?:tb[acd]|to be (?:announced|confirmed|defined)|untitled|unbenannt|sans titre|test|new recording|(?:screen|zoom) recording.*)$";
        Regex::new(words).expect("our own pattern compiles")
    });
    if FILE.is_match(title) {
        Some("is the name of a file")
    } else if PLACEHOLDER.is_match(title) {
        Some("stands in for one")
    } else if is_shouted(title) {
        Some("is in capitals")
    } else {
        None
    }
}

/// Three words or more, and all of them in capitals; scripts without capitals shout otherwise.
fn is_shouted(title: &str) -> bool {
    const FEWEST_WORDS: usize = 3;
    let is_capital = |c: char| c.is_uppercase() || !c.is_alphabetic();
    let is_word = |word: &&str| word.chars().filter(|c| c.is_uppercase()).count() > 1;
    title.chars().all(is_capital)
        && title.split_whitespace().filter(is_word).count() >= FEWEST_WORDS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::id::TalkId;

    fn found(title: &str, description: &str, author: Author) -> Vec<String> {
        let talk = Talk {
            description: description.to_owned(),
            ..Talk::bare(TalkId::whole("-cBplHNM4RA".parse().unwrap()), title)
        };
        findings(&talk, author)
            .into_iter()
            .map(|finding| {
                format!(
                    "{}: {}",
                    finding.kind,
                    finding.suggestion.unwrap_or_default()
                )
            })
            .collect()
    }

    /// A title of exactly so many characters.
    fn filled(title: &str, length: usize) -> String {
        let filler = "Caches That Everybody in the Team Can Explain, Mend and Trust, Again and Again and Again, for Many Years";
        let room = length - title.chars().count();
        let filled: String = filler.chars().take(room).collect();
        assert_eq!(filled.len(), room, "the filler is long enough");
        filled + title
    }

    #[test]
    fn a_whole_title_is_found_in_the_description() {
        let whole =
            "Caches That Everybody Can Explain: Lessons from a Year of Being Woken at Night";
        for (title, description) in [
            (
                "Caches That Everybody Can Explain: Lessons from a Y…",
                format!("Hello!\n{whole}\nMore."),
            ),
            (
                "Caches That Everybody Can Explain: Lessons from...",
                format!("Session: \"{whole}\""),
            ),
            (
                "Caches that everybody can explain: lessons... - M. Okafor",
                whole.to_owned(),
            ),
            (
                "Caches That Everybody Can Explain: Lessons from...",
                format!("{whole}. An abstract follows."),
            ),
        ] {
            let wanted = [format!("truncated-title: {whole}")];
            assert_eq!(
                found(title, &description, Author::Uploader),
                wanted,
                "{title}"
            );
            assert_eq!(
                found(title, &description, Author::Organizer),
                wanted,
                "{title}"
            );
        }
    }

    #[test]
    fn a_title_cut_within_a_word_is_found_by_its_length_and_the_rest_of_the_word() {
        let title = filled(" with Kuber", 100);
        let whole = format!("{title}netes");
        let talk = format!("About it:\n{whole}");
        assert_eq!(
            found(&title, &talk, Author::Uploader),
            [format!("truncated-title: {whole}")]
        );
        assert!(found(&title, "Nothing about it.", Author::Uploader).is_empty());
        // What follows the whole title is no part of it.
        assert!(
            found(
                &title,
                &format!("{title} (recorded in June)"),
                Author::Uploader
            )
            .is_empty()
        );
    }

    #[test]
    fn a_last_word_that_others_go_on_from_was_cut() {
        let title = filled(" - Ada Berg, Mira Oka", 100);
        assert_eq!(
            found(&title, "By Mira Okafor and others.", Author::Uploader),
            ["truncated-title: "]
        );
        for description in ["Oka and Okafor.", "Nothing about it."] {
            assert!(found(&title, description, Author::Uploader).is_empty());
        }
    }

    #[test]
    fn a_full_length_leaves_little_doubt() {
        for title in [
            filled("...", 92),
            filled("…", 97),
            filled("... M. Okafor, A. B", 100),
            filled(" - Mira Okafor (University of", 100),
            filled("..", 98),
            filled("...- M. Okafor", 90),
            filled("... Ada Berg & M. Okafor", 88),
            filled(" Before and After the", 99),
            filled(" - Ada Berg, Mira Okafor,", 100),
        ] {
            assert_eq!(
                found(&title, "", Author::Uploader),
                ["truncated-title: "],
                "{title}"
            );
        }
    }

    #[test]
    fn dots_may_be_a_matter_of_style() {
        let long = filled(", Right, and...Ready for It? - Mira Okafor", 100);
        let spaced = filled(" Caches … and How You Can Help", 98);
        for (title, description) in [
            ("And then there were none...", ""),
            (
                "If they build it… they will cache",
                "If they build it… they will cache. A story.",
            ),
            (
                "Fast, faster... caches that everybody can use",
                "A talk about caches.",
            ),
            (
                "So you think your cache is fast and right…",
                "So you think your cache is fast and right… Think again.",
            ),
            (&long, ""),
            (&spaced, ""),
            (&filled("", 100), ""),
            (&filled("... and after that", 90), ""),
            (&filled(" - Ada Berg, Mira Okafor", 100), ""),
            (&filled(" (Okafor University)", 100), ""),
        ] {
            let found = found(title, description, Author::Uploader);
            assert!(found.is_empty(), "{title}: {found:?}");
        }
    }

    #[test]
    fn a_title_that_is_none_is_odd_unless_the_organizer_wrote_it() {
        for title in [
            "talk_final_v2.mp4",
            "Track 1 - Morning.MOV",
            "mira_okafor_caches_final",
            "IMG_20240912",
            "GMT20240912-120000_Recording",
            "TBA",
            "Untitled",
            "CACHES FOR EVERYBODY",
            "ÜBER CACHES & SCHLÜSSEL, TEIL 2",
        ] {
            assert_eq!(
                found(title, "", Author::Uploader),
                ["odd-title: "],
                "{title}"
            );
            assert!(found(title, "", Author::Organizer).is_empty(), "{title}");
        }
        for title in [
            "io_uring",
            "x86_64 for the Rest of Us",
            "__attribute__",
            "kernel_module.rs",
            "JSON API",
            "RFC 7159",
            "TRICK 2018 (FINAL)",
            "工業 4.0—CNC",
            "What Is in an .mp4 File?",
            "Test-Driven Caches",
            "-cBplHNM4RA",
        ] {
            assert!(found(title, "", Author::Uploader).is_empty(), "{title}");
        }
    }
}
