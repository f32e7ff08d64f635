//! The program's own words on pages, in the languages that pages have: a file of messages for each.
//!
//! Pure. Messages are Fluent's (projectfluent.org), which knows the plurals of a language. A page in a
//! language without a file has English words. What a talk or a catalog says is never in here.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use jiff::civil::Date;
use unic_langid::LanguageIdentifier;

use crate::numbers::{TimeUnit, rounded_length};

/// The languages and their messages; the first is for all others.
const FILES: [(&str, &str); 6] = [
    ("en", include_str!("en.ftl")),
    ("de", include_str!("de.ftl")),
    ("fr", include_str!("fr.ftl")),
    ("es", include_str!("es.ftl")),
    ("pt", include_str!("pt.ftl")),
    ("ja", include_str!("ja.ftl")),
];

/// A count of which no language says what it says of one.
const OTHER: u64 = 5;

static LOCALES: LazyLock<[Locale; FILES.len()]> =
    LazyLock::new(|| FILES.map(|(tag, messages)| Locale::new(tag, messages)));

/// A language in which the program has words.
pub(crate) struct Locale {
    tag: &'static str,
    bundle: FluentBundle<FluentResource>,
}

/// A message that a script shows, and the words that it puts in.
pub(crate) struct ScriptMessage {
    pub(crate) key: &'static str,
    pub(crate) words: &'static [&'static str],
}

/// How a message reads.
impl Locale {
    /// The words for pages in a language (BCP 47).
    #[must_use]
    pub(crate) fn of(language: &str) -> &'static Self {
        let primary = language.split('-').next().unwrap_or_default();
        let mut locales = LOCALES.iter();
        let own = locales.find(|locale| locale.tag.eq_ignore_ascii_case(primary));
        own.unwrap_or(&LOCALES[0])
    }

    fn new(tag: &'static str, messages: &str) -> Self {
        let language: LanguageIdentifier = tag.parse().expect("our own tags are tags");
        // Fluent knows no line ends of Windows in the middle of a message.
        let messages = FluentResource::try_new(messages.replace("\r\n", "\n"));
        let messages = messages.expect("our own messages are well-formed");
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Direction is the business of the page.
        bundle.set_use_isolating(false);
        bundle
            .add_resource(messages)
            .expect("no message has the name of another");
        Self { tag, bundle }
    }

    /// The language (BCP 47).
    #[must_use]
    pub(crate) fn tag(&self) -> &'static str {
        self.tag
    }

    /// A message with these words of others in it; none where there is no such message.
    #[must_use]
    pub(crate) fn find<'a>(
        &self,
        key: &str,
        words: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Option<String> {
        let mut arguments = FluentArgs::new();
        for (name, word) in words {
            arguments.set(name, word);
        }
        self.format(key, &arguments)
    }

    /// A message of ours without words of others.
    #[must_use]
    pub(crate) fn text(&self, key: &str) -> String {
        self.text_with(key, [])
    }

    /// A message of ours with words of others in it.
    #[must_use]
    pub(crate) fn text_with<'a>(
        &self,
        key: &str,
        words: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> String {
        let text = self.find(key, words);
        text.expect("each language has all messages")
    }

    /// A message about so many of something.
    #[must_use]
    pub(crate) fn counted(&self, key: &str, count: u64) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("count", count);
        arguments.set("number", self.number(count));
        let text = self.format(key, &arguments);
        text.expect("each language has all messages")
    }

    /// A number with its thousands apart.
    #[must_use]
    pub(crate) fn number(&self, count: u64) -> String {
        let digits = count.to_string();
        let separator = self.text("thousands-separator");
        let mut text = String::with_capacity(digits.len() * 2);
        for (place, digit) in digits.char_indices() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push_str(&separator);
            }
            text.push(digit);
        }
        text
    }

    /// A day, as people write it.
    #[must_use]
    pub(crate) fn day(&self, day: Date) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("day", day.day());
        arguments.set("month", self.month(day));
        arguments.set("year", day.year().to_string());
        let text = self.format("day", &arguments);
        text.expect("each language has all messages")
    }

    /// The days from one to another, which may be the same.
    #[must_use]
    pub(crate) fn days(&self, first: Date, last: Date) -> String {
        if first == last {
            return self.day(last);
        }
        if first.year() != last.year() {
            let (first, last) = (self.day(first), self.day(last));
            return self.text_with("days", [("first", &*first), ("last", &*last)]);
        }
        let key = if first.month() == last.month() {
            "days-of-month"
        } else {
            "days-of-year"
        };
        let (from, to) = (first.day().to_string(), last.day().to_string());
        let (first_month, month) = (self.month(first), self.month(last));
        let year = last.year().to_string();
        let words = [
            ("first", &*from),
            ("last", &*to),
            ("first-month", &*first_month),
            ("month", &*month),
            ("year", &*year),
        ];
        self.text_with(key, words)
    }

    fn month(&self, day: Date) -> String {
        self.text(&format!("month-{}", day.month()))
    }

    /// How a language (BCP 47) is called, where that is known.
    #[must_use]
    pub(crate) fn language(&self, tag: &str) -> Option<String> {
        let primary = tag.split('-').next().unwrap_or(tag).to_lowercase();
        self.find(&format!("language-{primary}"), [])
    }

    /// About how long something takes, in words: `3 hours`.
    #[must_use]
    pub(crate) fn length(&self, seconds: u64) -> String {
        match rounded_length(seconds) {
            (count, TimeUnit::Minutes) => self.counted("minutes", count),
            (count, TimeUnit::Hours) => self.counted("hours", count),
        }
    }

    /// The same as a number and what it counts.
    #[must_use]
    pub(crate) fn length_figure(&self, seconds: u64) -> (u64, String) {
        match rounded_length(seconds) {
            (count, TimeUnit::Minutes) => (count, self.counted("minutes-word", count)),
            (count, TimeUnit::Hours) => (count, self.counted("hours-word", count)),
        }
    }

    /// The messages of a script, by their keys. Words that the script puts in have their places in
    /// braces, such as `{title}`. Where something is counted, there are two forms: for what a language
    /// says of one, and for all others.
    #[must_use]
    pub(crate) fn for_script(
        &self,
        messages: &[ScriptMessage],
    ) -> BTreeMap<&'static str, Vec<String>> {
        let forms = |message: &ScriptMessage| {
            let form = |count: u64| {
                let mut arguments = FluentArgs::new();
                for word in message.words {
                    arguments.set(*word, format!("{{{word}}}"));
                }
                arguments.set("count", count);
                let text = self.format(message.key, &arguments);
                text.expect("each language has all messages")
            };
            if message.words.contains(&"number") {
                vec![form(1), form(OTHER)]
            } else {
                vec![form(OTHER)]
            }
        };
        let all = messages.iter().map(|message| (message.key, forms(message)));
        all.collect()
    }

    fn format(&self, key: &str, arguments: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        // A word that is not there stands with its name; a test sees to it that all are.
        let mut errors = Vec::new();
        let text = self
            .bundle
            .format_pattern(pattern, Some(arguments), &mut errors);
        Some(text.into_owned())
    }
}

#[cfg(test)]
mod tests;
