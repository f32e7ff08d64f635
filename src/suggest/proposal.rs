//! What a model proposed, read: categories with the lines that belong into each.
//!
//! Lenient in form, like `reply.rs`; whether the list is a good one is the business of `rules.rs`.
//! Pure. Here lines are counted from 0, and in prompts and replies from 1.

use serde::Deserialize;
use serde_json::Value;

use crate::llm::{Completion, Field, FieldKind, ReplyShape};
use crate::summarize::fault::Fault;
use crate::summarize::reply::{Understood, answers, ensure_finished, field, object, text};
use crate::talk::one_line;

/// The field of the reply that holds the numbers.
pub(super) const KEY: &str = "talks";

/// A talk, or a category that was proposed for a part of the talks: a line of the prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PromptLine {
    /// Its title or name.
    pub title: String,
    /// Its summary or description.
    pub text: String,
    /// For how many talks it stands.
    pub talks: usize,
}

/// A category that is proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proposal {
    pub name: String,
    /// What belongs into it.
    pub description: String,
    /// The lines that are expected in it. No line is in two categories of a list.
    pub members: Vec<usize>,
}

/// The object that is asked for.
pub(super) fn shape() -> ReplyShape {
    let field = |name: &str, kind| Field {
        name: name.to_owned(),
        kind,
    };
    let category = vec![
        field("name", FieldKind::Text),
        field("description", FieldKind::Text),
        field(KEY, FieldKind::Numbers),
    ];
    ReplyShape {
        name: "categories".to_owned(),
        fields: vec![field("categories", FieldKind::Objects(category))],
    }
}

#[derive(Deserialize)]
struct ListReply {
    categories: Vec<ProposalReply>,
}

#[derive(Deserialize)]
struct ProposalReply {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    talks: Vec<Value>,
}

/// Reads a list of categories for so many lines.
#[must_use]
pub(crate) fn read(completion: &Completion, lines: usize) -> Understood<Vec<Proposal>> {
    let as_asked = ensure_finished(completion).and_then(|()| {
        let reply: Option<ListReply> = object(&completion.text);
        reply.ok_or(Fault::NotTheObject)
    });
    let as_asked = as_asked.map(|reply| proposals(reply.categories, lines));
    Understood::new(completion, as_asked, || {
        let list = answers(completion, read_list).into_iter().next()?;
        Some(Ok(proposals(list, lines)))
    })
}

/// The categories of a list under whatever keys, or of a list with nothing around it.
fn read_list(value: &Value) -> Option<Vec<ProposalReply>> {
    let list = match value {
        Value::Array(list) => list,
        value => field(value.as_object()?, &["categories"])?.as_array()?,
    };
    let list: Option<Vec<ProposalReply>> = list.iter().map(category).collect();
    list.filter(|list| !list.is_empty())
}

fn category(value: &Value) -> Option<ProposalReply> {
    let category = value.as_object()?;
    let description = field(category, &["description"]).and_then(text);
    let talks = field(category, &[KEY]).and_then(Value::as_array);
    Some(ProposalReply {
        name: text(field(category, &["name", "category"])?)?.to_owned(),
        description: description.unwrap_or_default().to_owned(),
        talks: talks.cloned().unwrap_or_default(),
    })
}

fn proposals(categories: Vec<ProposalReply>, lines: usize) -> Vec<Proposal> {
    let proposals = categories.into_iter().map(|category| {
        let members = category.talks.iter().filter_map(|talk| member(talk, lines));
        Proposal {
            name: one_line(&category.name),
            description: one_line(&category.description),
            members: members.collect(),
        }
    });
    let proposals = proposals.filter(|proposal| !proposal.name.is_empty());
    each_line_once(proposals.collect())
}

/// A number of the prompt as a line; what is no number of it is none.
fn member(number: &Value, lines: usize) -> Option<usize> {
    let number = match number {
        Value::String(text) => text
            .trim_matches(|c: char| !c.is_ascii_digit())
            .parse()
            .ok(),
        number => number
            .as_u64()
            .and_then(|number| usize::try_from(number).ok()),
    };
    number?.checked_sub(1).filter(|line| *line < lines)
}

/// A line that several categories claim is left to the one that claims the fewest: a wide category
/// takes what others would hold as well.
fn each_line_once(mut proposals: Vec<Proposal>) -> Vec<Proposal> {
    for proposal in &mut proposals {
        proposal.members.sort_unstable();
        proposal.members.dedup();
    }
    let claims: Vec<Vec<usize>> = proposals.iter().map(|p| p.members.clone()).collect();
    for (at, proposal) in proposals.iter_mut().enumerate() {
        proposal.members.retain(|line| {
            let claiming = claims.iter().enumerate();
            let claiming = claiming.filter(|(_, members)| members.contains(line));
            claiming
                .min_by_key(|(_, members)| members.len())
                .map(|(owner, _)| owner)
                == Some(at)
        });
    }
    proposals
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: &Expect) {
        let completion = Completion {
            text: text.to_owned(),
            ..Completion::default()
        };
        let read = match read(&completion, 5).value() {
            Ok(list) => {
                let line =
                    |p: &Proposal| format!("{} ({}) {:?}\n", p.name, p.description, p.members);
                list.iter().map(line).collect::<Vec<_>>().concat()
            }
            Err(fault) => fault.to_string(),
        };
        expected.assert_eq(&read);
    }

    #[test]
    fn the_form_of_a_list_does_not_matter() {
        let categories = r##"{"categories": [{"name": " Bees\n", "description": "hives,  honey", "talks": [1, 3]}, {"name": "Soil", "talks": ["2", "#5"]}]}"##;
        let expected = expect![[r#"
            Bees (hives, honey) [0, 2]
            Soil () [1, 4]
        "#]];
        check(categories, &expected);
        check(&format!("Here:\n```json\n{categories}\n```"), &expected);
        check(&format!("{categories}}}"), &expected);
        check(&format!("{{\"answer\": {categories}}}"), &expected);
        check(
            &categories.replace("name", "Name").replace("talks", "Talks"),
            &expected,
        );
        let list = &categories["{\"categories\": ".len()..categories.len() - 1];
        check(list, &expected);
    }

    #[test]
    fn numbers_that_the_prompt_does_not_have_are_passed_over() {
        check(
            r#"{"categories": [{"name": "Bees", "description": "b", "talks": [0, 6, -1, 2.5, "all", null, 2, 2]}, {"name": "", "talks": [1]}]}"#,
            &expect![[r#"
                Bees (b) [1]
            "#]],
        );
    }

    #[test]
    fn a_line_in_two_categories_stays_in_the_narrower_one() {
        check(
            r#"{"categories": [{"name": "All", "talks": [1, 2, 3, 4, 5]}, {"name": "Bees", "talks": [1, 3]}, {"name": "Wasps", "talks": [3, 5]}]}"#,
            &expect![[r#"
                All () [1, 3]
                Bees () [0, 2]
                Wasps () [4]
            "#]],
        );
    }

    #[test]
    fn what_is_no_list_of_categories_is_a_fault() {
        for text in ["Bees and soil.", r#"{"categories": "Bees"}"#, "[]", ""] {
            check(
                text,
                &expect!["it is not the JSON object that was asked for"],
            );
        }
    }
}
