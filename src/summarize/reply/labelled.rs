//! Fields that a model writes without JSON: a line for each (`category: Performance`), or tags
//! around each (`<category>Performance</category>`), as models do that were taught to call tools so.
//! Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use crate::llm::thoughts::strip_marks;

static LINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r#"^[-*\s]*[*_`"']{0,3}([A-Za-z][\w -]{0,30}?)[*_`"']{0,3}\s*[:=]\s*(\S.*)$"#)
});

static OPENING_TAG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"<(?:parameter[ =]+(?:name=)?"?)?([A-Za-z_]\w{0,30})"?>"#));

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is valid")
}

/// The fields of a text that consists of nothing else, as an object of texts.
pub(super) fn fields(text: &str) -> Option<Value> {
    let fields = lines(&strip_marks(text)).unwrap_or_else(|| tags(text));
    (fields.len() > 1).then_some(Value::Object(fields))
}

/// The fields of lines, each of which is one.
fn lines(text: &str) -> Option<Map<String, Value>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let field = |line: &str| {
        let parts = LINE.captures(line)?;
        Some((parts[1].to_owned(), Value::from(bare(&parts[2]))))
    };
    lines.map(field).collect()
}

/// The innermost tags.
fn tags(text: &str) -> Map<String, Value> {
    let field = |tag: regex::Captures<'_>| {
        let after = &text[tag.get(0)?.end()..];
        let (value, rest) = after.split_once("</")?;
        let is_closed = rest.starts_with(&tag[1]) || rest.starts_with("parameter>");
        let is_innermost = is_closed && !value.contains('<');
        is_innermost.then(|| (tag[1].to_owned(), Value::from(value.trim())))
    };
    OPENING_TAG.captures_iter(text).filter_map(field).collect()
}

/// A value without quotes and stars around it.
fn bare(value: &str) -> &str {
    let value = value.trim().trim_end_matches(',').trim_matches('*').trim();
    let quoted = |mark: char| value.strip_prefix(mark)?.strip_suffix(mark);
    quoted('"').or_else(|| quoted('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_read_from_lines_and_from_tags() {
        let expected = json!({ "category": "Web", "none_fits": "false" });
        for text in [
            "category: Web\nnone_fits: false",
            "category: \"Web\",\n\nnone_fits: false",
            "**category**: Web\n**none_fits**: false",
            "- **category:** Web\n- **none_fits:** false",
            "```yaml\ncategory: 'Web'\nnone_fits: false\n```",
            "category = Web\nnone_fits = false",
            "<answer><category>Web</category><none_fits>false</none_fits></answer>",
            "<function=file>\n<parameter=category>\nWeb\n</parameter>\n<parameter=none_fits>false</parameter>\n</function>",
            "<parameter name=\"category\">Web</parameter><parameter name=\"none_fits\">false</parameter>",
        ] {
            assert_eq!(fields(text).as_ref(), Some(&expected), "{text}");
        }
    }

    #[test]
    fn what_is_more_or_less_than_fields_is_not_read() {
        for text in [
            "",
            "category: Web",
            "category: Web\nI am not sure.",
            "category: Web\nnone_fits:",
            "<category>Web</none_fits>",
            "See http://example.org.",
        ] {
            assert_eq!(fields(text), None, "{text}");
        }
    }
}
