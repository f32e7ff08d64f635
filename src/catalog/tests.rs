//! Catalogs as organizers write them, and what they are told where they slip.

use expect_test::{Expect, expect};

use super::*;

fn parse(text: &str) -> Result<Catalog, CatalogError> {
    Catalog::parse(Path::new("conf/catalog.toml"), text)
}

/// What an organizer is told about a catalog: the line, what is wrong there, and the hint.
fn check(text: &str, expected: Expect) {
    let told = match parse(text) {
        Ok(_) => "nothing".to_owned(),
        Err(CatalogError::Invalid {
            line,
            problem,
            hint,
            ..
        }) => match hint {
            Some(hint) => format!("{line}: {problem} | {hint}"),
            None => format!("{line}: {problem}"),
        },
        Err(error) => panic!("{error}"),
    };
    expected.assert_eq(&told);
}

/// The same, for lines that follow a title on line 1.
fn check_after_title(lines: &str, expected: Expect) {
    check(&format!("title = \"T\"\n{lines}"), expected);
}

const EVERYTHING: &str = r#"
title = "Example Conf 2026"
intro = "Recordings of the day."
language = "de"
formats = ["markdown", "html", "classic"]
output = "public"
talks = [
  "jAtrviDGpwE",
  "https://www.youtube.com/watch?v=_9xohmSa2G8&t=3s",
  { id = "-cBplHNM4RA", speakers = ["A. Name", "B. Name"], category = "performance", summary = "S.", language = "fr", hide = true },
  { id = "E98Pv36f0YI", start = "1:02:30", end = "1:41:00", title = "One talk of a day-long recording" },
]

[[categories]]
name = "Performance"
description = "profiling, kernels"
titles = ["*benchmark*"]

[[categories]]
name = "AI & ML"

[glossary]
terms = ["Chainguard", "OPEA"]
heard = { "Chainyard" = "Chainguard" }

[llm]
provider = "openai"
base_url = "http://localhost:11434/v1"
model = "llama3.2"
api_key_env = "OPENAI_API_KEY"
concurrency = 4
requests_per_minute = 500
tokens_per_minute = 200_000
context_tokens = 128_000
timeout = "90s"
price = { input = 1, cached_input = 0.075, output = 0.60 }

[fetch]
captions = "subs"
concurrency = 3
pause = "500ms"
timeout = "1m 30s"
yt_dlp = "tools/yt-dlp"
yt_dlp_args = ["--cookies-from-browser", "firefox"]
"#;

#[test]
fn every_setting_is_read() {
    let catalog = parse(EVERYTHING).unwrap();
    assert_eq!(catalog.folder, Path::new("conf"));
    assert_eq!(catalog.title, "Example Conf 2026");
    assert_eq!(catalog.intro.as_deref(), Some("Recordings of the day."));
    assert_eq!(catalog.language, "de");
    assert_eq!(catalog.formats, Format::ALL);
    assert_eq!(catalog.output, Path::new("conf/public"));

    let categories: Vec<_> = catalog.categories.iter().collect();
    assert_eq!(categories.len(), 2);
    assert_eq!(categories[0].name, "Performance");
    assert_eq!(categories[0].description, "profiling, kernels");
    assert_eq!(categories[1].name, "AI & ML");
    assert_eq!(categories[1].description, "");

    let glossary = catalog.glossary;
    assert_eq!(glossary.terms, ["Chainguard", "OPEA"]);
    assert_eq!(glossary.heard["Chainyard"], "Chainguard");

    let llm = catalog.llm.unwrap();
    assert_eq!(llm.provider, ProviderKind::OpenAi);
    let base_url = llm.base_url.unwrap();
    assert_eq!(base_url.as_str(), "http://localhost:11434/v1");
    assert_eq!(llm.model, "llama3.2");
    assert_eq!(llm.api_key_env.as_deref(), Some("OPENAI_API_KEY"));
    assert_eq!(llm.concurrency.get(), 4);
    assert_eq!(llm.requests_per_minute, NonZeroU32::new(500));
    assert_eq!(llm.tokens_per_minute, NonZeroU32::new(200_000));
    assert_eq!(llm.context_tokens, NonZeroU32::new(128_000));
    assert_eq!(llm.timeout, Duration::from_secs(90));
    let price = Price {
        input: 1.0,
        cached_input: Some(0.075),
        output: 0.6,
    };
    assert_eq!(llm.price, Some(price));

    let fetch = catalog.fetch;
    assert_eq!(fetch.captions, Path::new("conf/subs"));
    assert_eq!(fetch.concurrency.get(), 3);
    assert_eq!(fetch.pause, Duration::from_millis(500));
    assert_eq!(fetch.timeout, Duration::from_secs(90));
    assert_eq!(fetch.yt_dlp, Path::new("conf/tools/yt-dlp"));
    assert_eq!(fetch.yt_dlp_args, ["--cookies-from-browser", "firefox"]);
}

#[test]
fn talks_are_ids_links_and_tables_in_the_organizers_order() {
    let catalog = parse(EVERYTHING).unwrap();
    let talk = |id: &str| Entry {
        id: TalkId::whole(id.parse().unwrap()),
        end: None,
        title: None,
        speakers: Vec::new(),
        category: None,
        summary: None,
        language: None,
        hide: false,
    };
    let hidden = Entry {
        speakers: vec!["A. Name".into(), "B. Name".into()],
        category: Some("Performance".into()),
        summary: Some("S.".into()),
        language: Some("fr".into()),
        hide: true,
        ..talk("-cBplHNM4RA")
    };
    let mut part = Entry {
        end: Some(6060),
        title: Some("One talk of a day-long recording".into()),
        ..talk("E98Pv36f0YI")
    };
    part.id.start = Some(3750);
    let expected = [talk("jAtrviDGpwE"), talk("_9xohmSa2G8"), hidden, part];
    assert_eq!(catalog.talks, expected);
    let visible: Vec<&str> = catalog.visible().map(|e| e.id.video.as_str()).collect();
    assert_eq!(visible, ["jAtrviDGpwE", "_9xohmSa2G8", "E98Pv36f0YI"]);
}

#[test]
fn talks_may_be_written_as_tables_of_their_own() {
    let catalog = parse("title = \"T\"\n[[talks]]\nid = \"-cBplHNM4RA\"\ntitle = \"One\"\n");
    assert_eq!(catalog.unwrap().talks[0].title.as_deref(), Some("One"));
}

#[test]
fn a_title_alone_is_a_catalog() {
    let catalog = Catalog::parse(Path::new("catalog.toml"), "title = \"T\"").unwrap();
    assert_eq!(catalog.folder, Path::new(""));
    assert_eq!(catalog.language, "en");
    assert_eq!(catalog.formats, [Format::Markdown, Format::Html]);
    assert_eq!(catalog.output, Path::new("page"));
    assert!(catalog.talks.is_empty() && catalog.categories.is_empty() && catalog.llm.is_none());
    assert_eq!(catalog.fetch.captions, Path::new("captions"));
    assert_eq!(catalog.fetch.concurrency.get(), 2);
    assert_eq!(catalog.fetch.yt_dlp, Path::new("yt-dlp"));
    let catalog = parse("title = \"T\"\n[llm]\nmodel = \"m\"").unwrap();
    let llm = catalog.llm.unwrap();
    assert_eq!(llm.concurrency.get(), 8);
    assert_eq!(llm.timeout, Duration::from_mins(2));
    assert_eq!((llm.base_url, llm.requests_per_minute), (None, None));
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_are_fine() {
    let text = format!("\u{feff}{}", EVERYTHING.replace('\n', "\r\n"));
    assert_eq!(parse(&text).unwrap().talks.len(), 4);
    let text = "title = \"T\"\r\nlanguage = \"en\"\r\ntitel = \"T\"\r\n";
    check(
        text,
        expect![
            "3: unknown field `titel`, expected one of `title`, `intro`, `language`, `formats`, `output`, `talks`, `categories`, `glossary`, `llm`, `fetch` | did you mean `title`?"
        ],
    );
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest_known_one() {
    check(
        "titel = \"T\"",
        expect![
            "1: unknown field `titel`, expected one of `title`, `intro`, `language`, `formats`, `output`, `talks`, `categories`, `glossary`, `llm`, `fetch` | did you mean `title`?"
        ],
    );
    check_after_title(
        "\n[llm]\nmodel = \"m\"\nbase-url = \"http://x\"",
        expect![
            "5: unknown field `base-url`, expected one of `provider`, `base_url`, `model`, `api_key_env`, `concurrency`, `requests_per_minute`, `tokens_per_minute`, `context_tokens`, `timeout`, `price` | did you mean `base_url`?"
        ],
    );
    check_after_title(
        "[llm]\nmodel = \"m\"\nprice = { imput = 1, output = 2 }",
        expect![
            "4: unknown field `imput`, expected one of `input`, `cached_input`, `output` | did you mean `input`?"
        ],
    );
    check_after_title(
        "[llm]\nmodel = \"m\"\n[llm.price]\ninput = 1\nouput = 2",
        expect![
            "6: unknown field `ouput`, expected one of `input`, `cached_input`, `output` | did you mean `output`?"
        ],
    );
    check_after_title(
        "[fetch]\npause = \"1s\"\nyt-dlp = \"yt-dlp\"",
        expect![
            "4: unknown field `yt-dlp`, expected one of `captions`, `concurrency`, `pause`, `timeout`, `yt_dlp`, `yt_dlp_args` | did you mean `yt_dlp`?"
        ],
    );
    check_after_title(
        "[[categories]]\nname = \"A\"\ntitle = [\"*\"]",
        expect![
            "4: unknown field `title`, expected one of `name`, `description`, `titles` | did you mean `titles`?"
        ],
    );
    check_after_title(
        "[glossary]\nterm = [\"A\"]",
        expect!["3: unknown field `term`, expected `terms` or `heard` | did you mean `terms`?"],
    );
    check_after_title(
        "[something]\nelse = 1",
        expect![
            "2: unknown field `something`, expected one of `title`, `intro`, `language`, `formats`, `output`, `talks`, `categories`, `glossary`, `llm`, `fetch`"
        ],
    );
}

#[test]
fn an_unknown_key_of_a_talk_is_found_in_its_line() {
    check_after_title(
        "talks = [\n  \"jAtrviDGpwE\",\n  { id = \"-cBplHNM4RA\", titel = \"T\" },\n]",
        expect![
            "4: unknown field `titel`, expected one of `id`, `start`, `end`, `title`, `speakers`, `category`, `summary`, `language`, `hide` | did you mean `title`?"
        ],
    );
    check_after_title(
        "talks = [\n  {\n    id = \"-cBplHNM4RA\",\n    speaker = [\"A\"],\n  },\n]",
        expect![
            "5: unknown field `speaker`, expected one of `id`, `start`, `end`, `title`, `speakers`, `category`, `summary`, `language`, `hide` | did you mean `speakers`?"
        ],
    );
    check_after_title(
        "[[talks]]\nid = \"jAtrviDGpwE\"\n[[talks]]\nid = \"-cBplHNM4RA\"\ncatgory = \"A\"",
        expect![
            "6: unknown field `catgory`, expected one of `id`, `start`, `end`, `title`, `speakers`, `category`, `summary`, `language`, `hide` | did you mean `category`?"
        ],
    );
}

#[test]
fn a_value_of_the_wrong_type_is_told_in_its_line() {
    check(
        "title = 5",
        expect!["1: invalid type: integer `5`, expected a string"],
    );
    check_after_title(
        "formats = \"html\"",
        expect![[r#"2: invalid type: string "html", expected a sequence"#]],
    );
    check_after_title(
        "talks = \"jAtrviDGpwE\"",
        expect![[r#"2: invalid type: string "jAtrviDGpwE", expected a sequence"#]],
    );
    check_after_title(
        "talks = [\n  \"jAtrviDGpwE\",\n  7,\n]",
        expect![
            "4: invalid type: integer `7`, expected a video id, a link, or a table with an `id`"
        ],
    );
    check_after_title(
        "talks = [\n  \"jAtrviDGpwE\",\n  { id = \"-cBplHNM4RA\", speakers = \"A\" },\n]",
        expect![[r#"4: invalid type: string "A", expected a sequence"#]],
    );
    check_after_title(
        "talks = [{ id = \"-cBplHNM4RA\", hide = \"yes\" }]",
        expect![[r#"2: invalid type: string "yes", expected a boolean"#]],
    );
    check_after_title(
        "\n[llm]\nmodel = 3",
        expect!["4: invalid type: integer `3`, expected a string"],
    );
    check_after_title(
        "[llm]\nmodel = \"m\"\nprice = 0.15",
        expect!["4: invalid type: floating point `0.15`, expected struct Price"],
    );
    check_after_title(
        "[llm]\nmodel = \"m\"\nprice = { input = 1 }",
        expect!["4: missing field `output`"],
    );
    check_after_title(
        "categories = [\"A\", \"B\"]",
        expect![[r#"2: invalid type: string "A", expected struct RawCategory"#]],
    );
    check_after_title(
        "[categories]\nname = \"A\"",
        expect!["2: invalid type: map, expected a sequence"],
    );
    check_after_title(
        "[llm]\nmodel = \"m\"\ntimeout = 120",
        expect!["4: invalid type: integer `120`, expected a string"],
    );
}

#[test]
fn zero_at_once_is_refused() {
    check_after_title(
        "[fetch]\nconcurrency = 0",
        expect!["3: invalid value: integer `0`, expected a nonzero usize"],
    );
    check_after_title(
        "[llm]\nmodel = \"m\"\nconcurrency = 0",
        expect!["4: invalid value: integer `0`, expected a nonzero usize"],
    );
    check_after_title(
        "[llm]\nmodel = \"m\"\nrequests_per_minute = -1",
        expect!["4: invalid value: integer `-1`, expected a nonzero u32"],
    );
}

#[test]
fn what_is_missing_is_named() {
    check("", expect!["1: missing field `title`"]);
    check(
        "# a comment\n\nlanguage = \"en\"\n",
        expect!["1: missing field `title`"],
    );
    check_after_title(
        "\n[llm]\nbase_url = \"http://x\"",
        expect!["3: missing field `model`"],
    );
    check_after_title(
        "[[categories]]\ndescription = \"A\"",
        expect!["2: missing field `name`"],
    );
    check_after_title(
        "talks = [\n  \"jAtrviDGpwE\",\n  { title = \"T\" },\n]",
        expect!["4: missing field `id`"],
    );
    check_after_title(
        "talks = [\n  \"jAtrviDGpwE\",\n  { id = \"\" },\n]",
        expect!["4: the talk has no `id`"],
    );
    check_after_title(
        "talks = [\n  \"jAtrviDGpwE\",\n  \"\",\n]",
        expect![
            "4: `` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video"
        ],
    );
    check_after_title("language = \" \"", expect!["2: `language` is empty"]);
}

#[test]
fn an_unknown_word_is_told_with_the_known_ones() {
    check_after_title(
        "formats = [\"markdwn\"]",
        expect![
            "2: unknown variant `markdwn`, expected one of `markdown`, `html`, `classic` | did you mean `markdown`?"
        ],
    );
    check_after_title(
        "formats = [\n  \"html\",\n  \"pdf\",\n]",
        expect!["4: unknown variant `pdf`, expected one of `markdown`, `html`, `classic`"],
    );
    check_after_title(
        "[llm]\nmodel = \"m\"\nprovider = \"open-ai\"",
        expect!["4: unknown variant `open-ai`, expected `openai` | did you mean `openai`?"],
    );
}

#[test]
fn a_malformed_id_is_quoted() {
    check_after_title(
        "talks = [\n  \"jAtrviDGpwE\",\n  \"jAtrviDGpw\",\n]",
        expect![
            "4: `jAtrviDGpw` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video"
        ],
    );
    check_after_title(
        "talks = [{ id = \"https://vimeo.com/123456789\" }]",
        expect![
            "2: `https://vimeo.com/123456789` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video"
        ],
    );
}

#[test]
fn the_same_talk_twice_is_an_error_whatever_it_is_written_like() {
    check_after_title(
        "talks = [\n  \"jAtrviDGpwE\",\n  \"jAtrviDGpwE\",\n]",
        expect![
            "4: the talk `jAtrviDGpwE` is listed twice | a part of a longer recording needs a `start` of its own"
        ],
    );
    check_after_title(
        "talks = [\n  \"jAtrviDGpwE\",\n  \"-cBplHNM4RA\",\n  { id = \"https://youtu.be/jAtrviDGpwE?t=5\" },\n]",
        expect![
            "5: the talk `jAtrviDGpwE` is listed twice | a part of a longer recording needs a `start` of its own"
        ],
    );
    check_after_title(
        "talks = [\n  { id = \"jAtrviDGpwE\", start = \"1:00\" },\n  { id = \"jAtrviDGpwE\", start = \"60\", end = \"90\" },\n]",
        expect![
            "4: the talk `jAtrviDGpwE@1:00` is listed twice | a part of a longer recording needs a `start` of its own"
        ],
    );
}

#[test]
fn a_video_and_its_parts_are_different_talks() {
    let talks = r#"title = "T"
        talks = [
          "jAtrviDGpwE",
          { id = "jAtrviDGpwE", start = "0:00", end = "1:00" },
          { id = "jAtrviDGpwE", start = "1:00" },
        ]"#;
    let catalog = parse(talks).unwrap();
    let ids: Vec<String> = catalog.talks.iter().map(|e| e.id.to_string()).collect();
    expect!["jAtrviDGpwE jAtrviDGpwE@0:00 jAtrviDGpwE@1:00"].assert_eq(&ids.join(" "));
}

#[test]
fn a_part_that_only_ends_begins_at_the_beginning() {
    let catalog = parse("title = \"T\"\ntalks = [{ id = \"jAtrviDGpwE\", end = \"1:00\" }]");
    assert_eq!(catalog.unwrap().talks[0].id.start, Some(0));
}

#[test]
fn times_that_cannot_be_are_refused() {
    let part = |times: &str| {
        format!("talks = [\n  \"jAtrviDGpwE\",\n  {{ id = \"E98Pv36f0YI\", {times} }},\n]")
    };
    check_after_title(
        &part("start = \"2:00\", end = \"1:00\""),
        expect!["4: the talk `E98Pv36f0YI` ends before it starts"],
    );
    check_after_title(
        &part("start = \"1:00\", end = \"60\""),
        expect!["4: the talk `E98Pv36f0YI` ends before it starts"],
    );
    check_after_title(
        &part("start = \"half past\""),
        expect![[r#"4: `half past` is no time such as "1:02:30""#]],
    );
    check_after_title(
        &part("end = \"1:75\""),
        expect![[r#"4: `1:75` is no time such as "1:02:30""#]],
    );
    check_after_title(
        &part("start = 62"),
        expect!["4: invalid type: integer `62`, expected a string"],
    );
    check_after_title(
        &part("start = 01:02:30"),
        expect!["4: invalid type: map, expected a string"],
    );
}

#[test]
fn lengths_of_time_that_cannot_be_are_refused() {
    check_after_title(
        "[llm]\nmodel = \"m\"\ntimeout = \"soon\"",
        expect![[r#"4: `soon` is no length of time such as "2m" or "500ms""#]],
    );
    check_after_title(
        "[fetch]\npause = \"1\"",
        expect![[r#"3: `1` is no length of time such as "2m" or "500ms""#]],
    );
}

#[test]
fn an_unknown_category_is_told_with_the_nearest() {
    let categories = "[[categories]]\nname = \"Performance\"\n[[categories]]\nname = \"AI\"";
    let talk = |category: &str| {
        format!(
            "talks = [\n  {{ id = \"jAtrviDGpwE\", category = \"{category}\" }},\n]\n{categories}"
        )
    };
    check_after_title(
        &talk("Perfomance"),
        expect!["3: `Perfomance` is none of the categories | did you mean `Performance`?"],
    );
    check_after_title(
        &talk("Gardening"),
        expect!["3: `Gardening` is none of the categories"],
    );
    check_after_title(
        &talk("Uncategorized"),
        expect!["3: `Uncategorized` is none of the categories"],
    );
    check_after_title(
        "talks = [{ id = \"jAtrviDGpwE\", category = \"AI\" }]",
        expect!["2: `AI` is none of the categories"],
    );
}

#[test]
fn the_list_of_categories_is_a_set_of_names() {
    let second =
        |name: &str| format!("[[categories]]\nname = \"AI\"\n\n[[categories]]\nname = \"{name}\"");
    check_after_title(
        &second("AI"),
        expect!["5: the category `AI` is listed twice"],
    );
    check_after_title(
        &second(" AI "),
        expect!["5: the category `AI` is listed twice"],
    );
    check_after_title(&second(""), expect!["5: a category has no name"]);
    check_after_title(
        &second("Uncategorized"),
        expect![
            "5: `Uncategorized` is where talks stand that fit no category; it cannot be listed"
        ],
    );
}

#[test]
fn a_malformed_pattern_is_quoted() {
    check_after_title(
        "[[categories]]\nname = \"AI\"\ntitles = [\"*ok*\", \"[Ab\"]",
        expect![
            "2: `titles` of `AI`: error parsing glob '[Ab': unclosed character class; missing ']'"
        ],
    );
    check_after_title(
        "[[categories]]\nname = \"AI\"\ntitles = [\"{A,b\"]",
        expect![
            "2: `titles` of `AI`: error parsing glob '{A,b': unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)"
        ],
    );
}

#[test]
fn an_address_that_is_none_is_quoted() {
    check_after_title(
        "[llm]\nmodel = \"m\"\nbase_url = \"localhost\"",
        expect!["4: `base_url` is no http or https address: `localhost`"],
    );
    check_after_title(
        "[llm]\nmodel = \"m\"\nbase_url = \"localhost:11434/v1\"",
        expect!["4: `base_url` is no http or https address: `localhost:11434/v1`"],
    );
    check_after_title(
        "[llm]\nmodel = \"m\"\nbase_url = \"ftp://example.org\"",
        expect!["4: `base_url` is no http or https address: `ftp://example.org`"],
    );
    check_after_title(
        "[llm]\nmodel = \"m\"\nbase_url = \"\"",
        expect!["4: `base_url` is no http or https address: ``"],
    );
}

#[test]
fn a_key_in_the_place_of_its_variable_is_not_repeated() {
    check_after_title(
        "[llm]\nmodel = \"m\"\napi_key_env = \"sk-secret\"",
        expect!["nothing"],
    );
}

#[test]
fn a_syntax_error_is_told_in_its_line() {
    check(
        "title = \"T\nlanguage = \"en\"\n",
        expect![[r#"1: invalid basic string, expected `"`"#]],
    );
    check_after_title(
        "talks = [\n  \"jAtrviDGpwE\"\n  \"-cBplHNM4RA\"\n]",
        expect!["4: missing comma between array elements, expected `,`"],
    );
    check_after_title(
        "talks = [\n  -cBplHNM4RA,\n]",
        expect!["3: string values must be quoted, expected literal string"],
    );
    check_after_title(
        "talks = [\n  \"jAtrviDGpwE\",\n",
        expect!["3: unclosed array, expected `]`"],
    );
    check_after_title(
        "[llm\nmodel = \"m\"",
        expect!["2: unclosed table, expected `]`"],
    );
    check_after_title(
        "language = \"en\"\nlanguage = \"de\"",
        expect!["3: duplicate key"],
    );
    check_after_title(
        "Just some words",
        expect!["2: key with no value, expected `=`"],
    );
}

#[test]
fn an_error_names_the_file_and_the_line() {
    let error = parse("title = \"T\"\ntitel = \"T\"").unwrap_err();
    expect!["conf/catalog.toml:2: unknown field `titel`, expected one of `title`, `intro`, `language`, `formats`, `output`, `talks`, `categories`, `glossary`, `llm`, `fetch`"].assert_eq(&error.to_string());
    let error = Catalog::load(Path::new("no/such/catalog.toml")).unwrap_err();
    expect!["cannot load the catalog | start one with `proceedings init PLAYLIST-URL`, or name yours with `--catalog FILE`"].assert_eq(&format!("{error} | {}", error.hint().unwrap()));
}

fn categories(toml: &str) -> Categories {
    parse(&format!("title = \"T\"\n{toml}")).unwrap().categories
}

#[test]
fn a_category_is_found_as_it_is_spelled_before_whatever_its_case() {
    let categories =
        categories("categories = [{ name = \"ai\" }, { name = \"AI\" }, { name = \"Über\" }]");
    let named = |name: &str| categories.named(name).map(|found| found.name.as_str());
    for (name, found) in [
        ("AI", Some("AI")),
        ("ai", Some("ai")),
        ("Ai", Some("ai")),
        (" AI\n", Some("AI")),
        ("ÜBER", Some("Über")),
        ("A I", None),
        ("", None),
    ] {
        assert_eq!(named(name), found, "{name}");
    }
}

#[test]
fn a_rule_on_the_title_takes_what_it_matches_whatever_its_case() {
    let categories = categories(
        r#"
        [[categories]]
        name = "Keynotes"
        titles = ["keynote:*"]
        [[categories]]
        name = "Performance"
        titles = ["*benchmark*", "*ÜBER*", "caf?"]
        [[categories]]
        name = "Everything with a slash"
        titles = ["*/*"]
        "#,
    );
    let by_title = |title: &str| categories.by_title(title).map(|found| found.name.as_str());
    for (title, found) in [
        ("Keynote: Welcome", Some("Keynotes")),
        ("The Keynote: Welcome", None),
        ("KEYNOTE: Benchmarks", Some("Keynotes")),
        ("A/B BenchMarking I/O", Some("Performance")),
        ("Everything über alles", Some("Performance")),
        ("Café", Some("Performance")),
        ("I/O", Some("Everything with a slash")),
        ("/leading", Some("Everything with a slash")),
        ("Nothing of the kind", None),
        ("", None),
    ] {
        assert_eq!(by_title(title), found, "{title}");
    }
}
