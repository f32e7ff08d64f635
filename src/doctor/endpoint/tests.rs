//! What is made of an endpoint's answers.

use expect_test::{Expect, expect};

use super::*;
use crate::llm::error::KeyFlaw;

fn address() -> Url {
    "http://me:secret@127.0.0.1:9/v1".parse().unwrap()
}

fn report(provider: ProviderKind, answer: &OfferResult, key: Key, believed: Option<u64>) -> String {
    let wanted = CheckedEndpoint {
        provider,
        address: &address(),
        model: "small",
        context_tokens: believed,
        key,
    };
    let checks = [
        endpoint_check(&wanted, answer),
        key_check(&wanted, Some(answer)),
        model_check(&wanted, answer),
    ];
    let line = |check: Check| {
        let mend = check
            .mend
            .map_or(String::new(), |mend| format!(" | {mend}"));
        format!("{:?}: {}{mend}\n", check.verdict, check.found)
    };
    checks.into_iter().map(line).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "it is called with literals")]
fn check(answer: OfferResult, key: Key, expected: Expect) {
    let report = report(ProviderKind::OpenAi, &answer, key, None);
    assert!(!report.contains("secret"), "{report}");
    expected.assert_eq(&report);
}

fn has(context_tokens: Option<u64>) -> Offer {
    Offer::Has { context_tokens }
}

fn variable() -> Key {
    Key::Variable("SOME_KEY".to_owned())
}

#[test]
fn an_endpoint_that_has_the_model_is_fine() {
    check(
        Ok(has(None)),
        Key::NotWanted,
        expect![[r#"
        Fine: http://127.0.0.1:9/v1 answers
        NotChecked: none is sent
        Fine: `small` is there
    "#]],
    );
    check(
        Ok(has(Some(8192))),
        variable(),
        expect![[r#"
            Fine: http://127.0.0.1:9/v1 answers
            Fine: the variable SOME_KEY is set
            Fine: `small` is there; 8192 tokens fit
        "#]],
    );
    let command = Key::Command("pass".to_owned());
    check(
        Ok(has(None)),
        command,
        expect![[r#"
            Fine: http://127.0.0.1:9/v1 answers
            Fine: the command `pass` prints one
            Fine: `small` is there
        "#]],
    );
}

#[test]
fn what_the_catalog_believes_to_fit_must_fit() {
    for (fit, says) in [
        (8192, "8192 tokens fit `small`, and the catalog says 32000"),
        (32_768, "`small` is there; 32768 tokens fit"),
    ] {
        let answer = Ok(has(Some(fit)));
        let report = report(ProviderKind::OpenAi, &answer, Key::NotWanted, Some(32_000));
        assert!(report.contains(says), "{report}");
    }
}

#[test]
fn a_model_that_is_not_there_is_broken_and_one_of_which_nothing_is_said_is_not() {
    let others = vec!["big".to_owned(), "smaller".to_owned()];
    check(
        Ok(Offer::HasNot { others }),
        Key::NotWanted,
        expect![[r#"
            Fine: http://127.0.0.1:9/v1 answers
            NotChecked: none is sent
            Broken: `small` is not among the models that the endpoint lists | set `model` in the catalog to one of them, such as `smaller`
        "#]],
    );
    check(
        Ok(Offer::Unsaid),
        Key::NotWanted,
        expect![[r#"
            Advice: http://127.0.0.1:9/v1 answers, but does not list its models | if requests fail too, check `base_url` in the catalog: most addresses end in `/v1`
            NotChecked: none is sent
            NotChecked: `small`: the endpoint does not say whether it has it
        "#]],
    );
    let not_found = || LlmError::NotFound {
        address: "http://127.0.0.1:9/v1/models".to_owned(),
        message: "no such page".to_owned(),
    };
    check(
        Err(not_found()),
        Key::NotWanted,
        expect![[r#"
            Advice: http://127.0.0.1:9/v1 answers, but does not list its models | if requests fail too, check `base_url` in the catalog: most addresses end in `/v1`
            NotChecked: none is sent
            NotChecked: `small`: the endpoint does not say whether it has it
        "#]],
    );
    let by_name = report(
        ProviderKind::Gemini,
        &Err(not_found()),
        Key::NotWanted,
        None,
    );
    expect![[r#"
        Fine: http://127.0.0.1:9/v1 answers
        NotChecked: none is sent
        Broken: the endpoint knows no `small`: no such page | check `model` and `base_url` in the catalog
    "#]].assert_eq(&by_name);
    let not_pulled = LlmError::NotPulled {
        message: "model 'small' not found".to_owned(),
    };
    check(
        Err(not_pulled),
        Key::NotWanted,
        expect![[r#"
        Fine: http://127.0.0.1:9/v1 answers
        NotChecked: none is sent
        Broken: the endpoint does not have the model: model 'small' not found | get it with `ollama pull` and its name, or check `model` in catalog.toml
    "#]],
    );
}

#[test]
fn a_key_is_missing_rejected_or_good_for_less() {
    let rejected = |status| LlmError::Unauthorized {
        host: "api.openai.com".to_owned(),
        key: Some("the API key".to_owned()),
        status,
    };
    check(
        Err(rejected(401)),
        variable(),
        expect![[r#"
            Fine: http://127.0.0.1:9/v1 answers
            Broken: the variable SOME_KEY is set, and the endpoint rejects it (status 401) | get a valid key
            NotChecked: `small`: the endpoint does not say whether it has it
        "#]],
    );
    check(
        Err(rejected(403)),
        variable(),
        expect![[r#"
            Fine: http://127.0.0.1:9/v1 answers
            Advice: the variable SOME_KEY is set, but it may not ask for models (status 403) | if requests fail too, get a key with more rights
            NotChecked: `small`: the endpoint does not say whether it has it
        "#]],
    );
    let missing = Key::Missing("SOME_KEY".to_owned());
    check(
        Err(rejected(401)),
        missing,
        expect![[r#"
        Fine: http://127.0.0.1:9/v1 answers
        Broken: the variable SOME_KEY is not set | set it with `export SOME_KEY=…` (in PowerShell: `$env:SOME_KEY = "…"`), or name another variable in catalog.toml
        NotChecked: `small`: the endpoint does not say whether it has it
    "#]],
    );
    check(
        Err(rejected(401)),
        Key::NotWanted,
        expect![[r#"
        Fine: http://127.0.0.1:9/v1 answers
        Broken: the endpoint needs one, and the catalog names none | put the key into a variable, and name that variable as `api_key_env` in the catalog
        NotChecked: `small`: the endpoint does not say whether it has it
    "#]],
    );
}

#[test]
fn a_busy_endpoint_may_be_fine_a_little_later() {
    let busy = LlmError::Busy {
        status: 503,
        message: "loading".to_owned(),
        retry_after: None,
    };
    check(
        Err(busy),
        Key::NotWanted,
        expect![[r#"
        Advice: http://127.0.0.1:9/v1 is busy (status 503) | run `proceedings doctor` again a little later
        NotChecked: none is sent
        NotChecked: `small`: the endpoint does not say whether it has it
    "#]],
    );
}

#[test]
fn what_every_request_would_meet_is_broken_with_what_to_do() {
    let unknown = LlmError::UnknownPath {
        address: "http://127.0.0.1:9/".to_owned(),
        message: "Unexpected endpoint or method. (GET /models)".to_owned(),
    };
    check(
        Err(unknown),
        Key::NotWanted,
        expect![[r#"
        Broken: the server does not know the path `http://127.0.0.1:9/`: Unexpected endpoint or method. (GET /models) | check `base_url` in catalog.toml: most addresses end in `/v1`
        NotChecked: none is sent
        NotChecked: `small`: the endpoint does not say whether it has it
    "#]],
    );
    let elsewhere = LlmError::NotServedHere {
        message: "no".to_owned(),
    };
    check(
        Err(elsewhere),
        Key::NotWanted,
        expect![[r#"
        Broken: the endpoint does not serve this country or region: no | choose an endpoint that serves your country, in `base_url` of catalog.toml
        NotChecked: none is sent
        NotChecked: `small`: the endpoint does not say whether it has it
    "#]],
    );
    let page = LlmError::Page {
        address: "http://127.0.0.1:9/v1".to_owned(),
        page: "an HTML page titled 'Sign in'".to_owned(),
    };
    let moved = LlmError::Moved {
        address: "http://127.0.0.1:9/v1/models".to_owned(),
        place: "https://elsewhere.example/".to_owned(),
    };
    let forbidden = LlmError::Forbidden {
        address: "http://127.0.0.1:9/v1".to_owned(),
        message: "blocked".to_owned(),
    };
    for answer in [page, moved, forbidden] {
        let found = report(ProviderKind::OpenAi, &Err(answer), Key::NotWanted, None);
        assert!(
            found.starts_with("Broken: `http://127.0.0.1:9/v1"),
            "{found}"
        );
    }
    let no_model = LlmError::NoSuchModel {
        message: "The model `small` does not exist".to_owned(),
    };
    let found = report(ProviderKind::OpenAi, &Err(no_model), Key::NotWanted, None);
    assert!(
        found.contains("Broken: the endpoint does not serve the model"),
        "{found}"
    );
    let unusable = LlmError::KeyUnusable(KeyFlaw::LineBreak);
    check(
        Err(unusable),
        variable(),
        expect![[r#"
            NotChecked: http://127.0.0.1:9/v1 was not asked, because the key is missing
            Broken: the API key holds a line break, so it cannot be sent | put the key alone into its variable, on one line and without quotation marks
            NotChecked: `small`: the endpoint does not say whether it has it
        "#]],
    );
    let loading = LlmError::Loading {
        message: "Loading model".to_owned(),
        retry_after: None,
    };
    check(
        Err(loading),
        Key::NotWanted,
        expect![[r#"
        Advice: http://127.0.0.1:9/v1: the endpoint is still loading its model: Loading model | run `proceedings doctor` again a little later
        NotChecked: none is sent
        NotChecked: `small`: the endpoint does not say whether it has it
    "#]],
    );
}

#[test]
fn what_an_endpoint_calls_its_models_orders_no_terminal() {
    let others = vec!["sm\u{1b}[31mall".to_owned()];
    let report = report(
        ProviderKind::OpenAi,
        &Ok(Offer::HasNot { others }),
        Key::NotWanted,
        None,
    );
    assert!(report.contains("`sm\u{fffd}[31mall`"), "{report}");
}
