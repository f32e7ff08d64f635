//! Requests for the tests of the wire formats.

use std::fmt::Write;

use serde_json::Value;

use crate::llm::dialect::Dialect;
use crate::llm::provider::{Body, Call, Provider, call};
use crate::llm::refusal::RefusalBody;
use crate::llm::{
    ChatRequest, Field, FieldKind, Message, Parameters, ProviderKind, ReplyShape, Role, Tuning,
};

/// A request with rules, a task and fields of every kind.
pub(super) fn request() -> ChatRequest {
    let message = |role, words: &str| Message {
        role,
        content: words.into(),
    };
    let field = |name: &str, kind| Field {
        name: name.into(),
        kind,
    };
    ChatRequest {
        provider: ProviderKind::OpenAi,
        model: "small".into(),
        parameters: Parameters {
            temperature: 0.0,
            max_tokens: 100,
        },
        messages: vec![
            message(Role::System, "Choose well."),
            message(Role::User, "Which one?"),
        ],
        shape: ReplyShape {
            name: "choice".into(),
            fields: vec![
                field("why", FieldKind::Text),
                field("category", FieldKind::OneOf(vec!["A".into(), "B".into()])),
                field("none_fits", FieldKind::Flag),
            ],
        },
        tuning: Tuning::default(),
    }
}

/// A call, as it goes out.
pub(super) fn show(call: &Call) -> String {
    let headers = call
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\n"));
    let headers: String = headers.collect();
    match &call.body {
        Body::Nothing => format!("GET {}\n{headers}", call.path),
        Body::Json(body) => format!("POST {}\n{headers}{body:#}\n", call.path),
    }
}

/// The bodies after one refusal and the next.
pub(super) fn steps(provider: &dyn Provider, refusals: &[&str]) -> String {
    steps_of(&request(), provider, refusals)
}

/// The same for a request of one's own.
pub(super) fn steps_of(
    request: &ChatRequest,
    provider: &dyn Provider,
    refusals: &[&str],
) -> String {
    let mut dialect = Dialect::FULL;
    let mut steps = String::new();
    for refusal in refusals {
        let sent = body(provider, request, &dialect);
        let next = dialect.after(&RefusalBody::new(refusal), provider.wire(), &sent, request);
        let Some((next, _)) = next else {
            steps.push_str("nothing is left to leave out\n");
            break;
        };
        dialect = next;
        let body = body(provider, request, &dialect);
        writeln!(steps, "{refusal}\n    {body}").unwrap();
    }
    steps
}

/// The body of a request in a dialect, as it goes out.
pub(super) fn body(provider: &dyn Provider, request: &ChatRequest, dialect: &Dialect) -> Value {
    match call(provider, request, dialect, 8_000).body {
        Body::Json(body) => body,
        Body::Nothing => panic!("a chat has a body"),
    }
}
