//! The folder of a conference's page on a site, which depends on that conference alone: links to it
//! hold whatever else is on the site, and in whatever order. Pure.

use deunicode::deunicode;

/// The longest name of a folder.
const LONGEST: usize = 60;
/// What a conference is called whose name has no letter.
const NAMELESS: &str = "conference";
/// Names that Windows gives to devices; the others have digits: `com1`, `lpt1`.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The folder for a conference of this title, unless its organizer names another.
#[must_use]
pub(crate) fn folder(title: &str, slug: Option<&str>) -> String {
    let folder = slug.map_or_else(|| slug_of(title), str::to_owned);
    if is_device(&folder) {
        format!("{NAMELESS}-{folder}")
    } else {
        folder
    }
}

/// Lower case letters and digits with single `-` between them.
pub(super) fn slug_of(title: &str) -> String {
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
    fn folders_are_plain_on_every_disk() {
        let long = "a".repeat(59) + " b";
        for (title, expected) in [
            ("Example Conf 2026", "example-conf-2026"),
            ("EXAMPLE: Conf – 2026!", "example-conf-2026"),
            ("Übung & Größe", "ubung-grosse"),
            ("会议 2024", "hui-yi-2024"),
            ("../../etc", "etc"),
            ("!?", "conference"),
            ("", "conference"),
            ("Con", "conference-con"),
            ("LPT1", "conference-lpt1"),
            (&*long, &"a".repeat(59)),
        ] {
            assert_eq!(folder(title, None), expected, "{title}");
        }
    }

    #[test]
    fn the_organizers_own_name_wins() {
        assert_eq!(folder("Example Conf 2026", Some("conf-26")), "conf-26");
        assert_eq!(folder("Example Conf 2026", Some("nul")), "conference-nul");
    }
}
