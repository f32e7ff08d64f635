use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::catalog::Catalog;

const FIRST: &str =
    "Node.js 22.1 starts three times faster once its caches are filled at build time.";
const SECOND: &str =
    "Measurements by Dr. J. R. Okafor show where the remaining 40 ms go, e.g. into DNS.";

const ENGLISH: Rules<'static> = Rules {
    language: "en",
    instructions: "You write the programme page of a conference, in two sentences.",
    terms: &[],
    strictness: Strictness::Today,
};

fn completion(text: &str) -> Completion {
    Completion {
        text: text.to_owned(),
        ..Completion::default()
    }
}

fn json(first: &str, second: &str) -> String {
    serde_json::json!({ "first_sentence": first, "second_sentence": second }).to_string()
}

#[test]
fn the_form_of_a_good_summary_does_not_matter() {
    let good = json(FIRST, SECOND);
    let comma = good.replace("\"}", "\",}");
    for text in [
        good.clone(),
        format!("Here it is:\n```json\n{good}\n```\nAnything else?"),
        format!("<think>maybe {{\"first_sentence\": 1}}</think>\n{good}"),
        comma,
        format!("{{\"summary\": \"{FIRST} {SECOND}\"}}"),
        format!("{{\"summary\": [\"{FIRST}\", \"{SECOND}\"]}}"),
        json(&format!("  {FIRST}\n"), SECOND),
    ] {
        let read = summary(&completion(&text), ENGLISH)
            .value()
            .unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(read.text(), format!("{FIRST} {SECOND}"));
    }
}

#[test]
fn every_fault_is_named() {
    let with = |first: &str| {
        summary(&completion(&json(first, SECOND)), ENGLISH)
            .value()
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        with("Caches are explained. They are fast, and they are not mysterious at all."),
        "\"Caches are explained. They are fast, …\" has 2 sentences, and one is wanted"
    );
    assert_eq!(
        with("Caches that can be explained are trusted by the whole team"),
        "\"Caches that can be explained are …\" does not end with a full stop"
    );
    assert_eq!(
        with("Caches are fast."),
        "\"Caches are fast.\" has 3 words, and 6 to 60 are wanted"
    );
    assert_eq!(
        with("This talk shows how a cache can be explained."),
        "no sentence may begin with \"This talk shows\"; begin with a person, a project or a method"
    );
    assert_eq!(
        with("In this video, the cache of a build system is explained."),
        "no sentence may begin with \"In this video,\"; begin with a person, a project or a method"
    );
    assert_eq!(
        with("Mira Okafor explains the cache that she built last year."),
        "it says \"she\"; write the name again, or \"they\""
    );
    assert_eq!(
        with("A cache is explained with **bold** claims about its keys."),
        "it contains \"**\"; plain text without markup and addresses is wanted"
    );
    assert_eq!(
        with("<script>alert(1)</script>Teams that work on caches learn a lot."),
        "it contains \"<script\"; plain text without markup and addresses is wanted"
    );
    assert_eq!(
        with("This talk is short. She explains it."),
        "\"This talk is short. She explains …\" has 2 sentences, and one is wanted; no sentence may begin with \"This talk is\"; begin with a person, a project or a method; it says \"She\"; write the name again, or \"they\""
    );
    assert_eq!(
        summary(&completion("I'm sorry."), ENGLISH).value(),
        Err(Fault::NotTheObject)
    );
    assert_eq!(
        summary(&completion(""), ENGLISH).value(),
        Err(Fault::NotTheObject)
    );
    assert_eq!(
        summary(
            &completion("{\"summary\": \"Only one sentence is in this summary here.\"}"),
            ENGLISH
        )
        .value(),
        Err(Fault::NotTwo(1))
    );
    let cut = Completion {
        finish: Finish::Length,
        ..completion(&json(FIRST, SECOND))
    };
    assert_eq!(summary(&cut, ENGLISH).as_asked, Err(Fault::CutOff));
    let declined = Completion {
        finish: Finish::Refused,
        ..completion("")
    };
    assert_eq!(summary(&declined, ENGLISH).value(), Err(Fault::Refused));
}

#[test]
fn a_summary_is_understood_in_other_forms_too() {
    let good = json(FIRST, SECOND);
    let two = |first: &str, second: &str| {
        let mut object = serde_json::Map::new();
        object.insert(first.into(), FIRST.into());
        object.insert(second.into(), SECOND.into());
        Value::from(object).to_string()
    };
    for text in [
        format!("{good}}}"),
        format!("{{{good}"),
        format!("{good}{good}"),
        format!("{{\"response\": {good}}}"),
        format!("{{\"response\": {}}}", Value::from(good.as_str())),
        format!("{{\"summary\": {good}}}"),
        format!("[{good}]"),
        good.replace("once its", "once\nits"),
        format!("Steps: {} \n{good} {{done}}", "{1} ".repeat(12)),
        format!("<thinking>{}</thinking>{good} {{}}", json("No.", "No.")),
        format!("<think>\nOkay {{so}}\n\n{good}"),
        format!(
            "<|channel|>analysis<|message|>{{maybe}}<|end|><|start|>assistant<|channel|>final<|message|>{good}}}"
        ),
        two("firstSentence", "secondSentence"),
        two("First Sentence", "Second Sentence"),
        two("1. first_sentence", "2. second_sentence"),
        two("sentence_1", "sentence_2"),
        format!("{{'first_sentence': \"{FIRST}\", 'second_sentence': \"{SECOND}\", 'ok': True}}"),
        format!("{{\"sentences\": [\"{FIRST}\", \"{SECOND}\"]}}"),
        format!("{FIRST} {SECOND}"),
        format!("Here is the summary:\n\n1. {FIRST}\n2. {SECOND}"),
    ] {
        let understood = summary(&completion(&text), ENGLISH);
        let read = understood.value();
        let read = read.unwrap_or_else(|fault| panic!("{text}: {fault}"));
        assert_eq!(read.text(), format!("{FIRST} {SECOND}"), "{text}");
    }
}

#[test]
fn what_was_read_before_is_read_as_before() {
    let understood = summary(&completion(&json(FIRST, SECOND)), ENGLISH);
    assert!(understood.as_asked.is_ok());
    assert_eq!(understood.otherwise, None);
    // The fault is the one that earlier versions have named in a corrective request.
    let understood = summary(&completion(&format!("{}}}", json(FIRST, SECOND))), ENGLISH);
    assert_eq!(understood.as_asked, Err(Fault::NotTheObject));
    let read = category(&completion(r#"{"category": "Web."}"#), &categories());
    assert_eq!(read.as_asked, Err(Fault::UnknownCategory("Web.".into())));
}

#[test]
fn a_reply_of_full_length_counts_where_its_object_is_closed() {
    let with = |text: String| Completion {
        finish: Finish::Length,
        ..completion(&text)
    };
    let good = json(FIRST, SECOND);
    let closed = summary(&with(format!("{good}\n\n\n\n")), ENGLISH);
    assert!(closed.value().is_ok());
    for cut in [
        good[..good.len() - 1].to_owned(),
        format!("{FIRST} {SECOND}"),
    ] {
        assert_eq!(summary(&with(cut), ENGLISH).value(), Err(Fault::CutOff));
    }
}

#[test]
fn what_is_found_elsewhere_is_held_to_the_same_rules() {
    let long = "Caches are explained. They are fast, and they are not mysterious at all.";
    let other = Completion {
        thoughts: json(long, SECOND),
        ..Completion::default()
    };
    let understood = summary(&other, ENGLISH);
    assert_eq!(understood.as_asked, Err(Fault::NotTheObject));
    let fault = Fault::NotOneSentence(long.into(), 2);
    assert_eq!(understood.value(), Err(fault));
    let filtered = Completion {
        finish: Finish::Refused,
        thoughts: json(FIRST, SECOND),
        ..Completion::default()
    };
    assert_eq!(summary(&filtered, ENGLISH).value(), Err(Fault::Refused));
}

fn categories() -> Categories {
    let listed = r#"
        title = "T"
        talks = ["rustyCache1"]
        [[categories]]
        name = "Performance"
        description = "profiling, latency"
        [[categories]]
        name = "Web"
    "#;
    let catalog = Catalog::parse(Path::new("catalog.toml"), listed);
    catalog.unwrap().categories
}

#[test]
fn a_category_is_understood_in_every_form() {
    let performance = Choice::Category("Performance".into());
    for (text, expected) in [
        (
            r#"{"category": "performance", "none_fits": false}"#,
            Some(&performance),
        ),
        (
            r#"{"category": "Performance.", "none_fits": false}"#,
            Some(&performance),
        ),
        (r#"{"category": "**Performance**"}"#, Some(&performance)),
        (
            r#"{"category": ["Performance"], "none_fits": false}"#,
            Some(&performance),
        ),
        (
            r#"{"category": {"name": "Performance"}}"#,
            Some(&performance),
        ),
        (
            r#"{"Category": "Performance", "noneFits": "False"}"#,
            Some(&performance),
        ),
        (
            r#"{"category": "Performance", "none_fits": null}"#,
            Some(&performance),
        ),
        (
            r#"{"answer": {"category": "Performance"}}"#,
            Some(&performance),
        ),
        (r#"{"name": "Performance"}"#, Some(&performance)),
        (r#"{"answer": "Performance"}"#, Some(&performance)),
        (
            "I would file this talk under **Performance**, since it measures.",
            Some(&performance),
        ),
        ("Performance, because it measures what Web does.", None),
        ("Performance", Some(&performance)),
        ("**Performance**.", Some(&performance)),
        (
            "<think>Web?</think>Category: Performance",
            Some(&performance),
        ),
        (
            r#"{"category": null, "none_fits": true}"#,
            Some(&Choice::NoneFits),
        ),
        (
            r#"{"category": "Performance", "none_fits": true}"#,
            Some(&Choice::NoneFits),
        ),
        (
            r#"{"category": "", "none_fits": "true"}"#,
            Some(&Choice::NoneFits),
        ),
        (r#"{"category": null, "none_fits": false}"#, None),
        (r#"{"category": null}"#, None),
        (r#"{"category": ["Performance", "Web"]}"#, None),
        (
            r#"{"category": "Performance", "none_fits": "perhaps"}"#,
            None,
        ),
        (r#"{"category": "Speed", "none_fits": false}"#, None),
        (r#"{"category": "Performance or Web"}"#, None),
        ("Not Performance", None),
        ("Performance? No, Web.", None),
        ("<think>Performance", None),
        ("I would say Performance", None),
        ("", None),
    ] {
        let read = category(&completion(text), &categories()).value();
        assert_eq!(read.ok().as_ref(), expected, "{text}");
    }
}

#[test]
fn notes_are_read_in_every_form() {
    for (text, expected) in [
        (r#"{"notes": "caches"}"#, "caches"),
        (r#"{"notes": "caches"}}"#, "caches"),
        (r#"{"Notes": ["caches", "hashes"]}"#, "caches\nhashes"),
        ("<think>Hm.</think> caches", "caches"),
    ] {
        assert_eq!(notes(&completion(text)).as_deref(), Ok(expected), "{text}");
    }
    let called = Completion {
        arguments: vec![r#"{"notes": "caches"}"#.into()],
        ..Completion::default()
    };
    assert_eq!(notes(&called).as_deref(), Ok("caches"));
    assert_eq!(notes(&completion("")), Err(Fault::NotTheObject));
}

/// Pieces of replies, to be put together in whatever order.
fn pieces() -> impl Strategy<Value = String> {
    let good = json(FIRST, SECOND);
    let piece = prop::sample::select(vec![
        good.clone(),
        good[..good.len() / 2].to_owned(),
        FIRST.to_owned(),
        SECOND.to_owned(),
        "\"first_sentence\": ".into(),
        "\"second_sentence\": ".into(),
        "\"category\": ".into(),
        "\"none_fits\": ".into(),
        "Performance".into(),
        "\"Web\"".into(),
        "I'm sorry, but I cannot do that.".into(),
        "<think>".into(),
        "</think>".into(),
        "<|channel|>final<|message|>".into(),
        "```json\n".into(),
        "{".into(),
        "}".into(),
        "[".into(),
        "]".into(),
        "\"".into(),
        "'".into(),
        "\\".into(),
        ",".into(),
        ":".into(),
        "\n".into(),
        "null".into(),
        "True".into(),
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_is_read_that_is_not_said(text in pieces(), thoughts in pieces(), call in pieces()) {
        let completion = Completion {
            text,
            thoughts,
            arguments: vec![call],
            ..Completion::default()
        };
        let said = format!("{} {} {}", completion.text, completion.thoughts, completion.arguments[0]);
        if let Ok(pair) = summary(&completion, ENGLISH).value() {
            let [first, second] = pair.sentences;
            prop_assert!(said.contains(&first) && said.contains(&second), "{said}");
            prop_assert!(first.contains("Node.js") || second.contains("Node.js") || first.contains("Okafor"));
        }
        match category(&completion, &categories()).value() {
            Ok(Choice::Category(name)) => prop_assert!(said.contains(&name), "{said}"),
            Ok(Choice::NoneFits) => prop_assert!(said.contains("none_fits"), "{said}"),
            Err(_) => {}
        }
    }
}

#[test]
fn words_that_only_look_like_faults_pass() {
    for first in [
        "The talk-back channel of a conference gets a protocol of its own.",
        "The Sessions API of browsers is compared with three older ways.",
        "Theirs is the sheer number of hers-and-his jokes in naming things.",
    ] {
        let read = summary(&completion(&json(first, SECOND)), ENGLISH).value();
        let read = read.unwrap_or_else(|fault| panic!("{first}: {fault}"));
        assert_eq!(read.text(), format!("{first} {SECOND}"));
    }
}

#[test]
fn a_quote_is_never_a_fault() {
    let with = |first: &str, second: &str| {
        let (one, two) = (quoted(FIRST), quoted(SECOND));
        format!(
            "{{\"first_sentence\": {one}, \"first_quote\": {first}, \"second_sentence\": {two}, \"second_quote\": {second}"
        )
    };
    let cut = Completion {
        finish: Finish::Length,
        ..completion(&with(
            "\"so we tried\"",
            "\"and it worked and it worked and",
        ))
    };
    for (completion, quotes) in [
        (
            completion(&with("\"so we tried\"", "\"it worked\"}")),
            [Some("so we tried"), Some("it worked")],
        ),
        (completion(&with("7", "null}")), [None, None]),
        (
            completion(&with("\"he said \"no\" to it\"", "\"\"}")),
            [Some("he said \"no\" to it"), None],
        ),
        (completion(&json(FIRST, SECOND)), [None, None]),
        (
            cut,
            [Some("so we tried"), Some("and it worked and it worked and")],
        ),
    ] {
        let read = summary(&completion, ENGLISH).value();
        let read = read.unwrap_or_else(|fault| panic!("{}: {fault}", completion.text));
        let each: Vec<_> = read.each().collect();
        assert_eq!(each, [(FIRST, quotes[0]), (SECOND, quotes[1])]);
    }
    // Without its second sentence it is cut off all the same.
    let cut = Completion {
        finish: Finish::Length,
        ..completion(&format!(
            "{{\"first_sentence\": {}, \"first_quote\": \"so we tried and so we",
            quoted(FIRST)
        ))
    };
    assert_eq!(summary(&cut, ENGLISH).value(), Err(Fault::CutOff));
}

fn quoted(text: &str) -> String {
    serde_json::json!(text).to_string()
}

#[test]
fn a_reply_that_was_accepted_earlier_stays_so() {
    let text = json(
        "Caches are filled whenever we begin a build of the project.",
        SECOND,
    );
    let read = |strictness| {
        let rules = Rules {
            strictness,
            ..ENGLISH
        };
        summary(&completion(&text), rules).value()
    };
    assert_eq!(
        read(Strictness::Today),
        Err(Fault::FirstPerson("we".to_owned()))
    );
    assert!(read(Strictness::Earlier).is_ok());
}
