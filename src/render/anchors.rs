//! The anchors of headings, as GitHub makes them. Pure.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

/// What does not come into an anchor: all but letters, marks, digits, connectors, space and hyphen.
static LEFT_OUT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc} -]").expect("the pattern compiles")
});

/// The anchors of one page, each of them once. Headings are asked about in the page's order, every
/// one of them, since a heading that was there before changes the anchor of the next like it.
#[derive(Debug, Default)]
pub(super) struct Anchors(HashSet<String>);

impl Anchors {
    /// The anchor of the next heading.
    pub(super) fn of(&mut self, heading: &str) -> String {
        let slug = LEFT_OUT
            .replace_all(&heading.to_lowercase(), "")
            .replace(' ', "-");
        let numbered = (1..).map(|number| format!("{slug}-{number}"));
        let mut candidates = std::iter::once(slug.clone()).chain(numbered);
        let anchor = candidates.find(|anchor| self.0.insert(anchor.clone()));
        anchor.expect("one of endlessly many is free")
    }

    /// The anchor of the next heading, where something must lead to it: GitHub gives none to a
    /// heading of signs alone. No heading's own anchor has a `.` in it.
    pub(super) fn section(&mut self, heading: &str) -> String {
        match self.of(heading) {
            anchor if anchor.is_empty() => "page.section".to_owned(),
            anchor => anchor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_the_anchors_that_github_gives_them() {
        let mut anchors = Anchors::default();
        for (heading, anchor) in [
            ("Systems", "systems"),
            ("AI & ML: a tour", "ai--ml-a-tour"),
            ("C++ / Rust (2.0)", "c--rust-20"),
            ("snake_case - or not", "snake_case---or-not"),
            ("“Quotes” – and dashes…", "quotes--and-dashes"),
            ("Größe ÉTÉ", "größe-été"),
            ("Разговоры", "разговоры"),
            ("机器学习（入门）", "机器学习入门"),
            ("हिन्दी", "हिन्दी"),
            ("🚀 Launches", "-launches"),
            // The variation selector is a mark, and stays without its sign.
            ("⚠\u{fe0f} Careful", "\u{fe0f}-careful"),
            ("H₂O is x² in Ⅳ", "ho-is-x-in-ⅳ"),
            ("???", ""),
        ] {
            assert_eq!(anchors.of(heading), anchor, "{heading}");
        }
    }

    #[test]
    fn no_anchor_is_given_twice() {
        let mut anchors = Anchors::default();
        let headings = ["Day", "Day", "Day 1", "Day-1", "Day", "day", "!", "?"];
        let anchors = headings.map(|heading| anchors.of(heading));
        let wanted = [
            "day", "day-1", "day-1-1", "day-1-2", "day-2", "day-3", "", "-1",
        ];
        assert_eq!(anchors, wanted);
    }
}
