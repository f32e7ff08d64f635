//! The folders of a site: named after the conferences, each of them once, on every disk. Pure.

use std::collections::HashSet;

use deunicode::deunicode;

/// The longest name of a folder.
const LONGEST: usize = 60;
/// What a conference is called whose name has no letter.
const NAMELESS: &str = "conference";
/// Names that Windows gives to devices; the others have digits: `com1`, `lpt1`.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The folders that are taken.
#[derive(Debug, Default)]
pub struct Folders(HashSet<String>);

impl Folders {
    /// A folder for a conference of this title.
    pub fn named_after(&mut self, title: &str) -> String {
        let slug = slug(title);
        let mut folder = slug.clone();
        let mut number = 2;
        while is_device(&folder) || !self.0.insert(folder.clone()) {
            folder = format!("{slug}-{number}");
            number += 1;
        }
        folder
    }
}

/// Lower case letters and digits with single `-` between them.
fn slug(title: &str) -> String {
    let ascii = deunicode(title).to_lowercase();
    let words = ascii.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let mut slug = words.join("-");
    slug.truncate(LONGEST);
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { NAMELESS } else { slug }.to_owned()
}

fn is_device(name: &str) -> bool {
    let numbered = |name: &str| {
        let digit = name.strip_prefix("com").or(name.strip_prefix("lpt"));
        digit.is_some_and(|digit| digit.len() == 1 && digit.bytes().all(|b| b.is_ascii_digit()))
    };
    DEVICES.contains(&name) || numbered(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_plain_and_no_two_are_the_same() {
        let mut folders = Folders::default();
        let long = "a".repeat(59) + " b";
        for (title, folder) in [
            ("Example Conf 2026", "example-conf-2026"),
            ("EXAMPLE: Conf – 2026!", "example-conf-2026-2"),
            ("Übung & Größe", "ubung-grosse"),
            ("会议 2024", "hui-yi-2024"),
            ("../../etc", "etc"),
            ("!?", "conference"),
            ("", "conference-2"),
            ("Con", "con-2"),
            ("LPT1", "lpt1-2"),
            (&*long, &"a".repeat(59)),
        ] {
            assert_eq!(folders.named_after(title), folder, "{title}");
        }
    }
}
