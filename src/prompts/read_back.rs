//! Reads back what a prompt was filled with: which words of an earlier conversation were the
//! template's and which were the talk's.
//!
//! A template is rendered with marks in the place of its values; what lies between the marks are
//! its own words, and a conversation that has them in this order can have been made by it. Nothing
//! is stored beside a request for this, so it also works on what was asked long ago.

use std::collections::BTreeMap;

use crate::llm::Message;
use crate::prompts::{
    BOUNDARY, CATEGORY, CategoryLine, CategoryView, PromptError, Prompts, SUMMARY, SummaryView,
};

/// What encloses the name of a value; no talk has these characters, which Unicode leaves to
/// programs.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// A value of a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PromptValue {
    Conference,
    Language,
    Title,
    Speakers,
    Description,
    Date,
    Chapters,
    Terms,
    Transcript,
    Misheard,
    Summary,
    Categories,
}

/// The values of a conversation, as they stand in it.
pub(crate) type Values = BTreeMap<PromptValue, String>;

/// What the conversations of a template look like, whatever they are about.
#[derive(Debug)]
pub(crate) struct Patterns {
    /// Where the template stands: `prompts/summary.hbs`, or in this program.
    pub place: String,
    patterns: Vec<Pattern>,
}

/// Words of the template and places of values, in turn.
#[derive(Debug)]
struct Pattern {
    begins: String,
    then: Vec<(PromptValue, String)>,
}

impl Prompts {
    /// The patterns of `summary.hbs`.
    pub(crate) fn summary_patterns(&self) -> Result<Patterns, PromptError> {
        let subsets = || {
            subsets([
                PromptValue::Speakers,
                PromptValue::Description,
                PromptValue::Date,
                PromptValue::Chapters,
                PromptValue::Terms,
                PromptValue::Misheard,
            ])
        };
        let ways = [true, false].map(|quotes| subsets().map(move |there| (quotes, there)));
        let patterns = ways.into_iter().flatten().map(|(quotes, there)| {
            let mark = |value: PromptValue| mark_unless_absent(value, &there);
            let list = |value: PromptValue| -> Vec<String> {
                let item = Some(mark(value)).filter(|mark| !mark.is_empty());
                item.into_iter().collect()
            };
            let [speakers, chapters, terms] = [
                PromptValue::Speakers,
                PromptValue::Chapters,
                PromptValue::Terms,
            ]
            .map(list);
            let view = SummaryView {
                conference: &mark(PromptValue::Conference),
                language: &mark(PromptValue::Language),
                title: &mark(PromptValue::Title),
                speakers: &speakers,
                description: &mark(PromptValue::Description),
                date: &mark(PromptValue::Date),
                chapters: &chapters,
                terms: &terms,
                transcript: &mark(PromptValue::Transcript),
                misheard: &mark(PromptValue::Misheard),
                quotes,
            };
            Ok(pattern(&text(&self.conversation(SUMMARY, &view)?)))
        });
        self.patterns_of(SUMMARY, patterns)
    }

    /// The patterns of `category.hbs`.
    pub(crate) fn category_patterns(&self) -> Result<Patterns, PromptError> {
        let patterns = subsets([PromptValue::Description]).map(|there| {
            let mark = |value: PromptValue| mark_unless_absent(value, &there);
            let listed = mark(PromptValue::Categories);
            let view = CategoryView {
                title: &mark(PromptValue::Title),
                summary: &mark(PromptValue::Summary),
                description: &mark(PromptValue::Description),
                categories: vec![CategoryLine {
                    name: &listed,
                    description: &listed,
                }],
            };
            Ok(pattern(&text(&self.conversation(CATEGORY, &view)?)))
        });
        self.patterns_of(CATEGORY, patterns)
    }

    fn patterns_of(
        &self,
        name: &str,
        patterns: impl Iterator<Item = Result<Pattern, PromptError>>,
    ) -> Result<Patterns, PromptError> {
        let place = if self.own.contains(&name) {
            format!("prompts/{name}.hbs")
        } else {
            format!("the embedded prompt {name}.hbs")
        };
        let patterns = patterns.collect::<Result<_, _>>()?;
        Ok(Patterns { place, patterns })
    }
}

impl Patterns {
    /// The values that a conversation was made of; none where another template has made it.
    #[must_use]
    pub(crate) fn values(&self, opening: &[Message]) -> Option<Values> {
        let text = text(opening);
        self.patterns
            .iter()
            .find_map(|pattern| pattern.values(&text))
    }
}

impl Pattern {
    /// Each of the template's words is looked for after the one before it. If they are all there,
    /// the first places will do, since anything may stand between them.
    fn values(&self, text: &str) -> Option<Values> {
        let mut values = Values::new();
        let mut rest = text.strip_prefix(self.begins.as_str())?;
        let last = self.then.len().saturating_sub(1);
        for (at, (value, words)) in self.then.iter().enumerate() {
            let end = if at == last {
                rest.strip_suffix(words.as_str())?.len()
            } else {
                rest.find(words.as_str())?
            };
            let found = &rest[..end];
            if value.has_one_line() && found.contains('\n') {
                return None;
            }
            values.entry(*value).or_insert_with(|| found.to_owned());
            rest = &rest[end + words.len()..];
        }
        Some(values)
    }
}

impl PromptValue {
    const ALL: [Self; 12] = [
        Self::Conference,
        Self::Language,
        Self::Title,
        Self::Speakers,
        Self::Description,
        Self::Date,
        Self::Chapters,
        Self::Terms,
        Self::Transcript,
        Self::Misheard,
        Self::Summary,
        Self::Categories,
    ];

    /// Whether a line break in it means that something else is in it as well.
    fn has_one_line(self) -> bool {
        matches!(
            self,
            Self::Conference | Self::Language | Self::Title | Self::Date
        )
    }

    fn mark(self) -> String {
        format!("{OPEN}{self:?}{CLOSE}")
    }
}

/// The mark of a value, unless it is one that may be absent and is.
fn mark_unless_absent(value: PromptValue, there: &[(PromptValue, bool)]) -> String {
    let is_absent = there.contains(&(value, false));
    if is_absent {
        String::new()
    } else {
        value.mark()
    }
}

/// Every way in which some of these values may be there and others not. Those with the most come
/// first: where a value is absent, its neighbour's place would swallow it.
fn subsets<const N: usize>(
    values: [PromptValue; N],
) -> impl Iterator<Item = [(PromptValue, bool); N]> {
    let mut ways: Vec<usize> = (0..1 << N).collect();
    ways.sort_by_key(|way: &usize| std::cmp::Reverse(way.count_ones()));
    ways.into_iter().map(move |way| {
        let mut bit = 0;
        values.map(|value| {
            bit += 1;
            (value, way >> (bit - 1) & 1 == 1)
        })
    })
}

fn text(messages: &[Message]) -> String {
    let contents: Vec<&str> = messages.iter().map(|m| m.content.as_str()).collect();
    contents.join(BOUNDARY)
}

/// Takes a rendered template apart at its marks. What stands between two marks of a list is the
/// list's.
fn pattern(rendered: &str) -> Pattern {
    let mut pieces = rendered.split(OPEN);
    let mut pattern = Pattern {
        begins: pieces.next().unwrap_or_default().to_owned(),
        then: Vec::new(),
    };
    for piece in pieces {
        let (name, words) = piece.split_once(CLOSE).unwrap_or((piece, ""));
        let value = PromptValue::ALL
            .into_iter()
            .find(|v| format!("{v:?}") == name);
        let value = value.expect("every mark is one of ours");
        match pattern.then.last_mut() {
            Some((last, between)) if *last == value && value == PromptValue::Categories => {
                words.clone_into(between);
            }
            _ => pattern.then.push((value, words.to_owned())),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::prompts::Quotes;

    fn prompts() -> Prompts {
        Prompts::load(Path::new("no/such/folder"), &[], Quotes::Wanted).unwrap()
    }

    fn view<'a>() -> SummaryView<'a> {
        SummaryView {
            conference: "Test Conf",
            language: "English",
            title: "Caches",
            transcript: "[[transcript 3fa9c1d2e4b59a07]]",
            ..SummaryView::default()
        }
    }

    #[test]
    fn the_values_of_a_summarys_prompt_are_read_back() {
        let prompts = prompts();
        let patterns = prompts.summary_patterns().unwrap();
        let names = ["A. Name".to_owned(), "B. Name".to_owned()];
        let chapters = ["One".to_owned(), "Two".to_owned()];
        for full in [true, false] {
            let view = if full {
                SummaryView {
                    speakers: &names,
                    description: "What it does.\n\nAnd why.",
                    date: "2026-02-01",
                    chapters: &chapters,
                    terms: &names,
                    ..view()
                }
            } else {
                view()
            };
            let values = patterns.values(&prompts.summary(&view).unwrap()).unwrap();
            assert_eq!(values[&PromptValue::Conference], "Test Conf");
            assert_eq!(values[&PromptValue::Title], "Caches");
            assert_eq!(values[&PromptValue::Transcript], view.transcript);
            let optional = [
                (PromptValue::Speakers, "A. Name, B. Name"),
                (PromptValue::Description, view.description),
                (PromptValue::Date, view.date),
                (PromptValue::Chapters, "One; Two"),
                (PromptValue::Terms, "A. Name, B. Name"),
            ];
            for (value, text) in optional {
                let expected = full.then_some(text);
                assert_eq!(values.get(&value).map(String::as_str), expected);
            }
        }
    }

    #[test]
    fn the_values_of_a_categorys_prompt_are_read_back() {
        let prompts = prompts();
        let patterns = prompts.category_patterns().unwrap();
        let categories = [("Systems", "caches"), ("People", "")]
            .map(|(name, description)| CategoryLine { name, description });
        let view = CategoryView {
            title: "Caches",
            summary: "They help. They hurt.",
            description: "",
            categories: categories.into(),
        };
        let values = patterns.values(&prompts.category(&view).unwrap()).unwrap();
        assert_eq!(
            values[&PromptValue::Categories],
            "Systems: caches\n- People"
        );
        assert_eq!(values[&PromptValue::Summary], "They help. They hurt.");
        assert_eq!(values.get(&PromptValue::Description), None);
    }

    #[test]
    fn another_template_is_told_apart() {
        let prompts = prompts();
        let patterns = prompts.summary_patterns().unwrap();
        for (old, new) in [
            ("Be concrete", "Be brief"),
            ("Title: ", "The title: "),
            (
                "Conference: Test Conf",
                "Conference: Test Conf\nAudience: all",
            ),
        ] {
            let mut opening = prompts.summary(&view()).unwrap();
            for message in &mut opening {
                message.content = message.content.replace(old, new);
            }
            assert_eq!(patterns.values(&opening), None, "{new}");
        }
    }
}
