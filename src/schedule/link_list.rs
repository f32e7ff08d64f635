//! Lists of recordings as readmes have them: points of Markdown, each with a title that links to its
//! recording, and the speakers behind it. Pure.

use std::sync::LazyLock;

use regex::Regex;

use crate::schedule::plain::plain_line;
use crate::schedule::speakers::speakers;
use crate::schedule::{Session, video};

/// So many points make a list.
const LEAST: usize = 2;

/// Whether a text has such a list.
pub(super) fn is_list(text: &str) -> bool {
    sessions(text).len() >= LEAST
}

/// The recordings that a text lists.
pub(super) fn sessions(text: &str) -> Vec<Session> {
    static POINT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?m)^[ \t]*(?:[-*+]|[0-9]+[.)])[ \t]+(?:(.+?)(?:[ \t]+[-–—]|:)[ \t]+)?\[([^\]]+)\]\((\S+?)\)(?:[ \t]*(?:[-–—:]|\bby\b)[ \t]+(.+?))?[ \t]*$",
        )
        .expect("well-formed")
    });
    let points = POINT.captures_iter(text).filter_map(|point| {
        let named = point.get(4).or(point.get(1));
        Some(Session {
            title: plain_line(&point[2]),
            speakers: named.map_or_else(Vec::new, |names| speakers(names.as_str())),
            video: Some(video(&point[3])?),
            ..Session::default()
        })
    });
    points.collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::schedule::tests::check;

    #[test]
    fn names_are_before_or_behind_the_link() {
        check(
            "# Talks\n\n1. Ada Quill: [Caches](https://youtu.be/AAAAAAAAA00)\n2. [Tides](https://youtu.be/AAAAAAAAA01) by Cleo Fir and Ben Oak\n3. [Values](https://youtu.be/AAAAAAAAA02)\n- [Slides](https://x.example/a.pdf) - Ada Quill\n",
            &expect![[r#"
                Caches | Ada Quill |  |  | Expected | - | AAAAAAAAA00
                Tides | Cleo Fir; Ben Oak |  |  | Expected | - | AAAAAAAAA01
                Values |  |  |  | Expected | - | AAAAAAAAA02
            "#]],
        );
    }
}
