//! Titles as a page prints them: without the conference's name, without the speakers, who are named
//! beside it, and without the kind of talk, which becomes a mark. Pure.
//!
//! What is stored stays as it is. A part goes only where it is all said elsewhere, and something
//! else is left.

/// A title and the kind of talk that stood in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DisplayTitle {
    pub(super) title: String,
    /// `Lightning Talk`, as the title spells it.
    pub(super) kind: Option<String>,
}

/// What is between the parts of a title.
const SEPARATORS: [&str; 4] = [" - ", " – ", " — ", " | "];

/// Kinds of talks, as titles begin or end with them; letters and digits alone, in small letters.
const KINDS: [&str; 17] = [
    "sponsoredsession",
    "sponsoredkeynote",
    "sponsoredtalk",
    "sponsoreddemo",
    "sponsoredlightningtalk",
    "lightningtalk",
    "projectlightningtalk",
    "keynote",
    "keynotepaneldiscussion",
    "paneldiscussion",
    "panel",
    "tutorial",
    "workshop",
    "poster",
    "demo",
    "firesidechat",
    "birdsofafeather",
];

/// Takes out of a title what is said elsewhere.
pub(super) fn display(title: &str, conference: &str, speakers: &[String]) -> DisplayTitle {
    let known = Known {
        conference: letters(conference),
        speakers: speakers.iter().map(|name| letters(name)).collect(),
    };
    let mut rest = title.trim();
    let mut kind = None;
    while let Some((part, shorter)) =
        without_end(rest, &known).or_else(|| without_start(rest, &known))
    {
        // What is left says something of its own.
        if shorter.is_empty()
            || letters(shorter).is_empty()
            || known.says(shorter)
            || is_kind(shorter)
        {
            break;
        }
        if is_kind(part) {
            kind = kind.or(Some(part.to_owned()));
        }
        rest = shorter;
    }
    DisplayTitle {
        title: rest.to_owned(),
        kind,
    }
}

/// What is said beside the title.
struct Known {
    conference: String,
    speakers: Vec<String>,
}

impl Known {
    /// Whether a part is the conference's name, or names speakers and nobody else.
    fn says(&self, part: &str) -> bool {
        let part_letters = letters(part);
        let is_conference = !part_letters.is_empty() && part_letters == self.conference;
        is_conference || names(part).all(|name| self.speaks(name))
    }

    /// Whether a part begins with a speaker: what comes after the name is where people work.
    fn begins_with_speaker(&self, part: &str) -> bool {
        names(part).next().is_some_and(|name| self.speaks(name))
    }

    fn speaks(&self, name: &str) -> bool {
        let name = letters(name);
        !name.is_empty() && self.speakers.contains(&name)
    }
}

/// The part at the end that is said elsewhere, the longest there is, and what is before it.
fn without_end<'a>(title: &'a str, known: &Known) -> Option<(&'a str, &'a str)> {
    let cuts = SEPARATORS
        .iter()
        .flat_map(|separator| title.match_indices(separator));
    let cuts =
        cuts.map(|(at, separator)| (title[at + separator.len()..].trim(), title[..at].trim()));
    let said = cuts
        .filter(|(part, _)| known.says(part) || known.begins_with_speaker(part) || is_kind(part));
    said.min_by_key(|(_, before)| before.len())
}

/// The part at the beginning that is said elsewhere, and what is after it.
fn without_start<'a>(title: &'a str, known: &Known) -> Option<(&'a str, &'a str)> {
    let separators = SEPARATORS.iter().chain(&[": "]);
    let cuts = separators.filter_map(|separator| title.split_once(separator));
    let cuts = cuts.map(|(part, after)| (part.trim(), after.trim()));
    let mut said = cuts.filter(|(part, _)| known.says(part) || is_kind(part));
    said.next()
}

fn is_kind(part: &str) -> bool {
    KINDS.contains(&letters(part).as_str())
}

/// The names that stand beside one another in a part.
fn names(part: &str) -> impl Iterator<Item = &str> {
    let signs = part.split([',', '&', ';', '/']);
    signs.flat_map(|name| name.split(" and ")).map(str::trim)
}

/// Letters and digits alone, in small letters.
fn letters(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_says_what_nothing_beside_it_says() {
        for (title, shown, kind) in [
            ("Caches - Ann Lee", "Caches", None),
            ("Caches - Ann Lee, Co-Founder & CEO, Acme", "Caches", None),
            ("Caches – Ann Lee & Bo Chen, Acme - Labs", "Caches", None),
            ("Ann Lee: Caches", "Caches", None),
            ("Ann Lee and Bo Chen - Caches", "Caches", None),
            ("Some Conf 2026 - Caches", "Caches", None),
            (
                "Caches that hold | Some Conf 2026",
                "Caches that hold",
                None,
            ),
            ("Ann Lee: Caches | Some Conf, 2026", "Caches", None),
            (
                "Lightning Talk: Caches - Ann Lee",
                "Caches",
                Some("Lightning Talk"),
            ),
            (
                "Sponsored Session: Caches: why - Bo Chen",
                "Caches: why",
                Some("Sponsored Session"),
            ),
            (
                "Caches | Project Lightning Talk",
                "Caches",
                Some("Project Lightning Talk"),
            ),
            // Nothing else would be left, or nobody says it elsewhere.
            ("Keynote: Ann Lee", "Keynote: Ann Lee", None),
            ("Some Conf 2026", "Some Conf 2026", None),
            ("Lightning Talk: ", "Lightning Talk:", None),
            ("Caches - Carla Diaz", "Caches - Carla Diaz", None),
            (
                "Caches: what Ann Lee found",
                "Caches: what Ann Lee found",
                None,
            ),
            ("Ann Lee, Acme: Caches", "Ann Lee, Acme: Caches", None),
            ("Why - and how - caches", "Why - and how - caches", None),
            ("", "", None),
        ] {
            let speakers = ["Ann Lee".to_owned(), "Bo Chen".to_owned()];
            let wanted = DisplayTitle {
                title: shown.to_owned(),
                kind: kind.map(str::to_owned),
            };
            assert_eq!(
                display(title, "Some Conf 2026", &speakers),
                wanted,
                "{title}"
            );
        }
        let nobody = display("Caches - ", "", &[]);
        assert_eq!(nobody.title, "Caches -");
    }
}
