//! Each language has all messages, with the same words of others in them, and counts and days as
//! people write them.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::*;

/// The keys of the messages of a file, each with the words that are put in.
fn messages(file: &str) -> BTreeMap<String, BTreeSet<String>> {
    let word = Regex::new(r"\$([a-z-]+)").unwrap();
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
            name.clone_into(&mut key);
            assert!(!messages.contains_key(name), "`{name}` is there twice");
            messages.insert(key.clone(), BTreeSet::new());
        }
        let words = word.captures_iter(line).map(|found| found[1].to_owned());
        messages.entry(key.clone()).or_default().extend(words);
    }
    messages.remove("");
    messages
}

#[test]
fn each_language_has_all_messages_and_no_others() {
    let [(_, english), others @ ..] = FILES;
    let english = messages(english);
    assert!(english.len() > 150, "{}", english.len());
    for (tag, file) in others {
        let own = messages(file);
        let keys = |messages: &BTreeMap<String, _>| messages.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&own), keys(&english), "{tag}");
        for (key, words) in own {
            // A language may count where another one need not, and say a total in another way.
            let free = |word: &&String| !["count", "number", "talks"].contains(&word.as_str());
            let named =
                |words: &BTreeSet<String>| words.iter().filter(free).cloned().collect::<Vec<_>>();
            assert_eq!(named(&words), named(&english[&key]), "{tag}: {key}");
        }
    }
}

#[test]
fn no_message_is_markup() {
    for (tag, file) in FILES {
        for line in file
            .lines()
            .filter(|line| !line.starts_with('#') && !line.contains("->"))
        {
            assert!(!line.contains(['<', '>', '&']), "{tag}: {line}");
        }
    }
}

#[test]
fn counts_and_numbers_are_those_of_the_language() {
    for (tag, one, many, number) in [
        ("en-GB", "1 talk", "2,000 talks", "1,234,567"),
        ("de", "1 Vortrag", "2.000 Vorträge", "1.234.567"),
        (
            "fr",
            "1 conférence",
            "2\u{202f}000 conférences",
            "1\u{202f}234\u{202f}567",
        ),
        ("es", "1 charla", "2.000 charlas", "1.234.567"),
        ("pt-BR", "1 palestra", "2.000 palestras", "1.234.567"),
        ("ja", "講演1件", "講演2,000件", "1,234,567"),
        ("tlh", "1 talk", "2,000 talks", "1,234,567"),
    ] {
        let locale = Locale::of(tag);
        assert_eq!(locale.counted("talks", 1), one);
        assert_eq!(locale.counted("talks", 2000), many);
        assert_eq!(locale.number(1_234_567), number);
    }
}

#[test]
fn days_are_written_as_people_write_them() {
    let days = |tag: &str, first: &str, last: &str| {
        Locale::of(tag).days(first.parse().unwrap(), last.parse().unwrap())
    };
    for (tag, one, month, year, years) in [
        (
            "en",
            "18 September 2024",
            "18–20 September 2024",
            "30 September – 2 October 2024",
            "30 December 2024 – 2 January 2025",
        ),
        (
            "de",
            "18. September 2024",
            "18.–20. September 2024",
            "30. September – 2. Oktober 2024",
            "30. Dezember 2024 – 2. Januar 2025",
        ),
        (
            "fr",
            "18 septembre 2024",
            "18–20 septembre 2024",
            "30 septembre – 2 octobre 2024",
            "30 décembre 2024 – 2 janvier 2025",
        ),
        (
            "es",
            "18 de septiembre de 2024",
            "18–20 de septiembre de 2024",
            "30 de septiembre – 2 de octubre de 2024",
            "30 de diciembre de 2024 – 2 de enero de 2025",
        ),
        (
            "pt",
            "18 de setembro de 2024",
            "18–20 de setembro de 2024",
            "30 de setembro – 2 de outubro de 2024",
            "30 de dezembro de 2024 – 2 de janeiro de 2025",
        ),
        (
            "ja",
            "2024年9月18日",
            "2024年9月18日~20日",
            "2024年9月30日~10月2日",
            "2024年12月30日~2025年1月2日",
        ),
    ] {
        assert_eq!(days(tag, "2024-09-18", "2024-09-18"), one);
        assert_eq!(days(tag, "2024-09-18", "2024-09-20"), month);
        assert_eq!(days(tag, "2024-09-30", "2024-10-02"), year);
        assert_eq!(days(tag, "2024-12-30", "2025-01-02"), years);
    }
    assert_eq!(days("fr", "2024-09-01", "2024-09-01"), "1er septembre 2024");
}

#[test]
fn languages_have_their_names_in_each_language() {
    let german = |tag: &str| Locale::of(tag).language("de-CH").unwrap();
    let names = ["en", "de", "fr", "es", "pt", "ja"].map(german);
    assert_eq!(
        names,
        [
            "German",
            "Deutsch",
            "allemand",
            "alemán",
            "alemão",
            "ドイツ語"
        ]
    );
    assert_eq!(Locale::of("de").language("tlh"), None);
}

#[test]
fn a_script_gets_the_forms_between_which_it_chooses() {
    let messages = [
        ScriptMessage {
            key: "talks",
            words: &["number"],
        },
        ScriptMessage {
            key: "remove-filter",
            words: &["name"],
        },
    ];
    let forms = Locale::of("de").for_script(&messages);
    assert_eq!(forms["talks"], ["{number} Vortrag", "{number} Vorträge"]);
    assert_eq!(forms["remove-filter"], ["Filter {name} entfernen"]);
    assert_eq!(
        Locale::of("ja").for_script(&messages)["talks"],
        ["講演{number}件"; 2]
    );
}
