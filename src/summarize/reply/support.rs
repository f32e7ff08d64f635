//! What a model says of the sentences of a summary: whether each is supported, and what is not.

use serde::Deserialize;
use serde_json::Value;

use crate::llm::Completion;
use crate::summarize::fault::Fault;
use crate::summarize::reply::keys::{field, flag, text};
use crate::summarize::reply::{Understood, answers, best, ensure_finished, object};
use crate::talk::one_line;

#[derive(Deserialize)]
struct SupportReply {
    first_supported: bool,
    second_supported: bool,
    unsupported: Option<String>,
}

/// Reads whether each of two sentences is supported, and the words that are not.
#[must_use]
pub(crate) fn support(completion: &Completion) -> Understood<([bool; 2], String)> {
    Understood::new(completion, as_asked(completion), || {
        best(answers(completion, read).into_iter().map(Ok))
    })
}

fn as_asked(completion: &Completion) -> Result<([bool; 2], String), Fault> {
    ensure_finished(completion)?;
    let reply: SupportReply = object(&completion.text).ok_or(Fault::NotTheObject)?;
    let missing = reply.unsupported.unwrap_or_default();
    Ok((
        [reply.first_supported, reply.second_supported],
        one_line(&missing),
    ))
}

fn read(value: &Value) -> Option<([bool; 2], String)> {
    let object = value.as_object()?;
    let supported = |key: &str| flag(Some(field(object, &[key])?));
    let missing = field(object, &["unsupported", "missing"]).and_then(text);
    Some((
        [supported("firstsupported")?, supported("secondsupported")?],
        one_line(missing.unwrap_or_default()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_verdicts_are_needed() {
        let read = |text: &str| {
            let completion = Completion {
                text: text.to_owned(),
                ..Completion::default()
            };
            support(&completion).value()
        };
        for text in [
            r#"{"first_supported": true, "second_supported": false, "unsupported": "a year"}"#,
            r#"So: {"firstSupported": "yes", "secondSupported": "no", "missing": ["a  year"]}"#,
        ] {
            assert_eq!(
                read(text),
                Ok(([true, false], "a year".to_owned())),
                "{text}"
            );
        }
        assert!(read(r#"{"first_supported": true}"#).is_err());
        assert!(read("Both are supported.").is_err());
    }
}
