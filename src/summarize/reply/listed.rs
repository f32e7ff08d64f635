//! Which listed category a model means that does not spell it as it is listed.
//!
//! Pure. What stands around a name may go: quotes, stars, a number, a full stop, letters that
//! nobody sees, the description, reasons below it. What is left has to be one listed name and no
//! other.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::catalog::{Categories, Category};
use crate::talk::one_line;

/// A number, a letter or a word for what follows, before a name.
static LEADING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^(?:(?:(?:the |best |chosen )*categor(?:y|ies)|best (?:fit|match)|answer)(?: name| \d{1,3})?",
        r#"(?:\s*(?:is|:|=|-)\s*| (?:["'*]))"#,
        r"|(?:i(?:'d| would| will)? )?(?:file|place|put|classify|categori[sz]e) (?:it|(?:this|the) talk) (?:as|under|into|in) (?:the category )?",
        r"|(?:the|this) talk (?:belongs|fits)(?: best)?(?: in| into| to| under)?(?: the)? (?:category )?",
        r"|(?:no\. ?)?\d{1,3}(?:[.):]\s*| - )|[a-z][.)]\s+)",
    ))
});

/// A name with the word for what it is.
static WITH_ITS_KIND: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:the )?(.+) category$"));

/// Where a name ends and the reasons for it begin.
static REASONS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)\n|,? (?:since|because|as it) |\. "));

/// Tags of a model's own.
static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"</?[a-z_]{1,20}>"));

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

/// Finds the one category that is meant.
pub(super) fn find_meant<'a>(categories: &'a Categories, said: &str) -> Option<&'a Category> {
    let named = categories.named(said);
    let named = named.or_else(|| find_in_line(categories, said));
    named.or_else(|| find_before_reasons(categories, said))
}

fn find_in_line<'a>(categories: &'a Categories, said: &str) -> Option<&'a Category> {
    let said = fold(said);
    let untagged = TAG.replace_all(&said, " ");
    let bare_said = bare(&untagged);
    let kind = WITH_ITS_KIND.captures(bare_said);
    let forms = [
        said.as_str(),
        bare_said,
        bare(without_leading(bare_said)),
        kind.and_then(|kind| kind.get(1))
            .map_or("", |name| bare(name.as_str())),
    ];
    let by_name = |form: &&str| only(categories, |category| is_called(category, form));
    let by_line = |form: &&str| only(categories, |category| is_line_of(category, form));
    let found = forms.iter().find_map(by_name);
    found.or_else(|| forms.iter().find_map(by_line))
}

/// A name in a line or clause of its own, with reasons behind it that speak of no other category.
fn find_before_reasons<'a>(categories: &'a Categories, said: &str) -> Option<&'a Category> {
    let said = said.trim();
    let border = REASONS.find(said)?;
    let category = find_in_line(categories, &said[..border.start()])?;
    let reasons = in_words(&said[border.end()..]);
    let mut others = categories
        .iter()
        .filter(|other| other.name != category.name);
    (!others.any(|other| reasons.contains(&in_words(&other.name)))).then_some(category)
}

/// The words of a text alone, each with a space before and after it.
fn in_words(text: &str) -> String {
    let folded = fold(text);
    format!(" {} ", words(&folded).collect::<Vec<_>>().join(" "))
}

/// The one category of which this is true.
fn only(categories: &Categories, is_meant: impl Fn(&Category) -> bool) -> Option<&Category> {
    let mut found = categories.iter().filter(|category| is_meant(category));
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

fn is_called(category: &Category, form: &str) -> bool {
    let name = fold(&category.name);
    !form.is_empty() && (name == form || bare(&name) == form)
}

/// Whether this is the name with the description, or with words of it.
fn is_line_of(category: &Category, form: &str) -> bool {
    let name = fold(&category.name);
    let Some(rest) = form.strip_prefix(&name) else {
        return false;
    };
    let rest = rest.trim_start_matches(['*', '"', '\'', '`', ' ']);
    let Some(rest) = rest.strip_prefix([':', '-', '(', '\u{2014}']) else {
        return false;
    };
    let description = fold(&category.description);
    let described: Vec<&str> = words(&description).collect();
    let mut said = words(rest).peekable();
    said.peek().is_some() && said.all(|word| described.contains(&word) || word == "and")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty())
}

/// A name without what is written around names; `C#` and `C++` are names.
fn bare(name: &str) -> &str {
    let name = name.trim_start_matches(|c: char| !c.is_alphanumeric());
    name.trim_end_matches(|c: char| !(c.is_alphanumeric() || matches!(c, '#' | '+')))
}

fn without_leading(name: &str) -> &str {
    let leading = LEADING.find(name);
    leading.map_or(name, |leading| &name[leading.end()..])
}

/// A name as all of its spellings have it in common.
fn fold(name: &str) -> String {
    let name = html_escape::decode_html_entities(name);
    let letters = name.nfkc().filter(|c| !is_unseen(*c)).map(|c| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}' | '\u{2019}' | '\u{201b}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
        c => c,
    });
    let name: String = letters.flat_map(char::to_lowercase).collect();
    one_line(&name).replace(" & ", " and ").nfc().collect()
}

/// Letters that nobody sees: joiners, marks of direction, variants, controls.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
        || (c.is_control() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::catalog::Catalog;

    fn categories() -> Categories {
        let listed = r##"
            title = "T"
            talks = ["rustyCache1"]
            [[categories]]
            name = "Performance"
            description = "profiling, latency, kernels"
            [[categories]]
            name = "Web & Accessibility"
            description = "pages, headings"
            [[categories]]
            name = "Performance Art"
            [[categories]]
            name = "C"
            [[categories]]
            name = "C#"
            [[categories]]
            name = "Node.js"
            [[categories]]
            name = "Developers’ Tools – Builds"
        "##;
        Catalog::parse(Path::new("catalog.toml"), listed)
            .unwrap()
            .categories
    }

    #[test]
    fn what_stands_around_a_name_does_not_matter() {
        let categories = categories();
        for (said, name) in [
            ("Performance", "Performance"),
            ("performance.", "Performance"),
            ("\"Performance\"", "Performance"),
            ("“Performance”", "Performance"),
            ("'Performance'.", "Performance"),
            ("**Performance**", "Performance"),
            ("**Performance**.", "Performance"),
            ("`Performance`", "Performance"),
            ("[Performance]", "Performance"),
            (" performance \n", "Performance"),
            ("Performance\u{a0}", "Performance"),
            ("Perfor\u{ad}mance\u{200b}", "Performance"),
            ("\u{feff}Performance", "Performance"),
            ("1. Performance", "Performance"),
            ("2) Performance", "Performance"),
            ("#1: Performance", "Performance"),
            ("- Performance", "Performance"),
            ("Category: Performance", "Performance"),
            ("**Category:** Performance", "Performance"),
            ("The category is \"Performance\".", "Performance"),
            ("Performance: profiling, latency, kernels", "Performance"),
            ("**Performance**: profiling, latency", "Performance"),
            ("Performance (latency)", "Performance"),
            ("Performance — profiling and latency", "Performance"),
            ("## Performance", "Performance"),
            ("<category>Performance</category>", "Performance"),
            ("✅ Performance!", "Performance"),
            ("A. Performance", "Performance"),
            ("3 - Performance", "Performance"),
            ("No. 3: Performance", "Performance"),
            ("Category 3: Performance", "Performance"),
            ("Category \"Performance\"", "Performance"),
            ("Best fit: Performance", "Performance"),
            ("The Performance category", "Performance"),
            ("This talk fits best under **Performance**.", "Performance"),
            ("Performance\n\nThe talk measures caches.", "Performance"),
            ("- Performance — profiling, latency, kernels", "Performance"),
            ("Web and Accessibility", "Web & Accessibility"),
            ("Web &amp; Accessibility", "Web & Accessibility"),
            ("Performance Art.", "Performance Art"),
            ("C.", "C"),
            ("C#.", "C#"),
            ("Node.js.", "Node.js"),
            ("Developers' Tools - Builds", "Developers’ Tools – Builds"),
        ] {
            let found = find_meant(&categories, said).map(|category| category.name.as_str());
            assert_eq!(found, Some(name), "{said}");
        }
    }

    #[test]
    fn what_names_no_listed_category_is_none() {
        let categories = categories();
        for said in [
            "",
            ".",
            "1",
            "Perf",
            "Performances",
            "Not Performance",
            "Performance or Web & Accessibility",
            "Performance, Web & Accessibility",
            "Performance: it does not fit",
            "Performance - no",
            "profiling",
            "Web",
            "None",
            "C++",
            "The category is not Performance.",
            "The talk does not belong to Performance.",
            "Performance\nOr rather Node.js.",
            "Not the Performance category",
        ] {
            let found = find_meant(&categories, said).map(|category| category.name.as_str());
            assert_eq!(found, None, "{said}");
        }
    }
}
