//! Where the answer stands: in the words, in what a tool was called with, or at the end of the
//! thoughts where nothing else was said. Pure.

use serde_json::Value;

use crate::llm::thoughts::{Spoken, is_closing, split_thoughts, strip_marks};
use crate::llm::{Completion, Finish};
use crate::summarize::reply::labelled;
use crate::summarize::reply::values::{LocatedValue, places, value};

/// The answers of a wanted shape, the likeliest first: those said before those given to tools. One
/// wrapper around an answer does not matter.
pub(crate) fn answers<T>(completion: &Completion, read: impl Fn(&Value) -> Option<T>) -> Vec<T> {
    let mut values = match split_thoughts(&completion.text) {
        Spoken::Words(words) => values_of(words, completion.finish),
        Spoken::Thought(thought) => closing_value(thought).into_iter().collect(),
    };
    let given = completion.arguments.iter();
    values.extend(given.flat_map(|arguments| values_of(arguments, completion.finish)));
    if completion.text.trim().is_empty() {
        values.extend(closing_value(&completion.thoughts));
    }
    values
        .iter()
        .filter_map(|value| read_within(value, &read))
        .collect()
}

/// The words that were said, where they are nothing but words.
pub(super) fn plain_words(completion: &Completion) -> Option<String> {
    let Spoken::Words(words) = split_thoughts(&completion.text) else {
        return None;
    };
    let words = strip_marks(words);
    (!words.is_empty() && !words.contains(['{', '}'])).then_some(words)
}

/// The fields that were said without JSON.
pub(super) fn labelled_fields(completion: &Completion) -> Option<Value> {
    match split_thoughts(&completion.text) {
        Spoken::Words(words) if !words.contains(['{', '}']) => labelled::fields(words),
        _ => None,
    }
}

fn values_of(text: &str, finish: Finish) -> Vec<Value> {
    let text = text.trim();
    // Some write their JSON into a JSON string.
    if let Some(Value::String(inner)) = value(text).filter(|_| text.contains('{')) {
        return values_of(&inner, finish);
    }
    let read = |text: &str| -> Vec<Value> {
        let places = places(text).into_iter();
        places.map(|place| place.value).collect()
    };
    let values = read(text);
    if !values.is_empty() {
        return values;
    }
    let in_other_form = [unescaped(text), with_braces(text, finish)];
    let read = in_other_form.iter().flatten().map(|text| read(text));
    read.into_iter()
        .find(|values| !values.is_empty())
        .unwrap_or_default()
}

/// JSON as it is written within a string, or within HTML.
fn unescaped(text: &str) -> Option<String> {
    if text.contains("\\\"") {
        serde_json::from_str(&format!("\"{text}\"")).ok()
    } else {
        let decoded = html_escape::decode_html_entities(text);
        (decoded != text).then(|| decoded.into_owned())
    }
}

/// JSON whose first brace a server had put there for the model to go on from, or whose last one it
/// took for the end; of what was cut off nothing is read.
fn with_braces(text: &str, finish: Finish) -> Option<String> {
    if text.starts_with('"') && text.ends_with('}') {
        Some(format!("{{{text}"))
    } else if text.starts_with('{') && text.ends_with('"') && finish == Finish::Done {
        Some(format!("{text}}}"))
    } else {
        None
    }
}

/// The value that a thought ends with: an idea in its midst is no answer.
fn closing_value(thought: &str) -> Option<Value> {
    let LocatedValue { range, value } = places(thought).pop()?;
    is_closing(&thought[range.end..]).then_some(value)
}

/// What a value says, or else what the one value says that it is wrapped around.
fn read_within<T>(outer: &Value, read: &impl Fn(&Value) -> Option<T>) -> Option<T> {
    if let Some(answer) = read(outer) {
        return Some(answer);
    }
    // A list of one call, as models write it that were taught to call tools.
    let outer = match outer {
        Value::Array(list) if list.len() == 1 => &list[0],
        outer => outer,
    };
    if let Some(answer) = read(outer) {
        return Some(answer);
    }
    let within: Vec<&Value> = match outer {
        Value::Object(fields) => fields.values().collect(),
        Value::String(_) => vec![outer],
        _ => Vec::new(),
    };
    let mut answers = within
        .into_iter()
        .filter_map(|inner| read_inner(inner, read));
    let only = answers.next()?;
    answers.next().is_none().then_some(only)
}

fn read_inner<T>(inner: &Value, read: &impl Fn(&Value) -> Option<T>) -> Option<T> {
    match inner {
        Value::String(text) if text.contains('{') => read(&value(text.trim())?),
        Value::Array(list) if list.len() == 1 => read(&list[0]).or_else(|| read(inner)),
        inner => read(inner),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn numbers(completion: &Completion) -> Vec<i64> {
        answers(completion, |value| value.get("a")?.as_i64())
    }

    fn said(text: &str) -> Completion {
        Completion {
            text: text.to_owned(),
            ..Completion::default()
        }
    }

    #[test]
    fn an_answer_is_found_wherever_it_is_said() {
        for (text, expected) in [
            (r#"{"a":1}"#, vec![1]),
            (r#"{"a":1} or {"a":2}"#, vec![1, 2]),
            (r#"{"b":0} {"a":1}"#, vec![1]),
            (r#"{"answer":{"a":1}}"#, vec![1]),
            (r#"{"answer":{"a":1},"confidence":0.9}"#, vec![1]),
            (r#"{"answer":"{\"a\":1}"}"#, vec![1]),
            (r#""{\"a\":1}""#, vec![1]),
            (r#"[{"a":1}]"#, vec![1]),
            (r#"[TOOL_CALLS][{"name":"x","arguments":{"a":1}}]"#, vec![1]),
            (
                r#"<tool_call>{"name":"x","arguments":{"a":1}}</tool_call>"#,
                vec![1],
            ),
            (r#"{\"a\":1}"#, vec![1]),
            ("{&quot;a&quot;:1}", vec![1]),
            (r#""a":1}"#, vec![1]),
            (r#"{"a":1,"b":"c""#, vec![1]),
            (r#"{"answer":[{"a":1}]}"#, vec![1]),
            // Which one is meant is not said.
            (r#"[{"a":1},{"a":2}]"#, vec![]),
            (r#"{"one":{"a":1},"two":{"a":2}}"#, vec![]),
            // Two wrappers are more than a slip.
            (r#"{"x":{"y":{"a":1}}}"#, vec![]),
            ("<think>{\"a\":1}</think>{\"a\":2}", vec![2]),
            ("<think>{\"a\":1}</think>I cannot say.", vec![]),
            ("<think>{\"a\":1} it is, or not?", vec![]),
            ("<think>or {\"a\":1}? No: {\"a\":2}", vec![2]),
        ] {
            assert_eq!(numbers(&said(text)), expected, "{text}");
        }
    }

    #[test]
    fn what_was_cut_off_is_not_closed() {
        let mut cut = said(r#"{"a":1,"b":"c""#);
        cut.finish = Finish::Length;
        assert_eq!(numbers(&cut), [0_i64; 0]);
    }

    #[test]
    fn tools_and_thoughts_are_looked_at_after_the_words() {
        let mut completion = said("Calling it.");
        completion.arguments = vec![r#"{"a":1}"#.into()];
        completion.thoughts = r#"{"a":2}"#.into();
        assert_eq!(numbers(&completion), [1]);
        completion.arguments.clear();
        // Something was said, so the thoughts are no answer.
        assert_eq!(numbers(&completion), [0_i64; 0]);
        completion.text = " \n".into();
        assert_eq!(numbers(&completion), [2]);
        completion.thoughts = r#"Maybe {"a":2}, or rather not."#.into();
        assert_eq!(numbers(&completion), [0_i64; 0]);
    }

    #[test]
    fn words_with_braces_are_not_plain() {
        assert_eq!(
            plain_words(&said("<think>Hm.</think>\n```\nhi\n```")).as_deref(),
            Some("hi")
        );
        for text in ["{hi", "", "<think>hi", &json!({ "a": 1 }).to_string()] {
            assert_eq!(plain_words(&said(text)), None, "{text}");
        }
    }
}
