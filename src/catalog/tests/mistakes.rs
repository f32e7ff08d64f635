//! What organizers are told where they slip: the line, what is wrong there, and the hint.

use std::path::Path;

use expect_test::{Expect, expect};

use super::parse;
use crate::catalog::{Catalog, CatalogError};

/// What an organizer is told about a catalog: the line, what is wrong there, and the hint.
fn told(text: &str) -> String {
    match parse(text) {
        Ok(_) => "nothing".to_owned(),
        Err(CatalogError::Invalid { mistakes, .. }) => {
            let told = mistakes.iter().map(|mistake| match &mistake.hint {
                Some(hint) => format!("{}: {} | {hint}", mistake.line, mistake.problem),
                None => format!("{}: {}", mistake.line, mistake.problem),
            });
            told.collect::<Vec<_>>().join(" & ")
        }
        Err(error) => panic!("{error}"),
    }
}

/// Catalogs that cannot be used, and a line for each on why.
fn check(texts: &[&str], expected: &Expect) {
    let told: Vec<String> = texts.iter().map(|text| told(text)).collect();
    expected.assert_eq(&(told.join("\n") + "\n"));
}

/// The same, for what follows a title on line 1.
fn check_after_title(texts: &[&str], expected: &Expect) {
    let told = texts
        .iter()
        .map(|text| told(&format!("title = \"T\"\n{text}")) + "\n");
    expected.assert_eq(&told.collect::<String>());
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest_known_one() {
    check(
        &["titel = \"T\""],
        &expect![[r#"
            1: unknown key `titel` | did you mean `title`?
        "#]],
    );
    check_after_title(
        &[
            "\n[llm]\nmodel = \"m\"\nbase-url = \"http://x\"",
            "[llm]\nmodel = \"m\"\nprice = { imput = 1, output = 2 }",
            "[llm]\nmodel = \"m\"\n[llm.price]\ninput = 1\nouput = 2",
            "[fetch]\npause = \"1s\"\nyt-dlp = \"yt-dlp\"",
            "[[categories]]\nname = \"A\"\ntitle = [\"*\"]",
            "[glossary]\nterm = [\"A\"]",
            "[something]\nelse = 1",
            "[llm]\nmodel = \"m\"\noutput = \"docs\"",
            "[glossary]\nterms = []\ntalks = []",
            "model = \"m\"",
            "heard = { a = \"b\" }",
        ],
        &expect![[r#"
            5: unknown key `base-url` | did you mean `base_url`?
            4: unknown key `imput` | did you mean `input`?
            6: unknown key `ouput` | did you mean `output`?
            4: unknown key `yt-dlp` | did you mean `yt_dlp`?
            4: unknown key `title` | did you mean `titles`?
            3: unknown key `term` | did you mean `terms`?
            2: unknown key `something` | known here: title, intro, url, place, dates, website, logo, slug, language, formats, output, thumbnails, evidence, pages, transcripts, cache, talks, categories, glossary, llm, transcribe, fetch
            4: unknown key `output` | `output` is about the whole catalog: write it above the first line in square brackets
            4: unknown key `talks` | `talks` is about the whole catalog: write it above the first line in square brackets
            2: unknown key `model` | `model` belongs below `[llm]` or `[transcribe]`
            2: unknown key `heard` | `heard` belongs below `[glossary]`
        "#]],
    );
}

#[test]
fn a_glossary_that_is_no_table_is_shown_as_one() {
    check_after_title(
        &[
            "glossary = [\"Chainguard\"]",
            "[[glossary]]\nterms = [\"Chainguard\"]",
            "[glossary]\nheard = [\"a\", \"b\"]",
            "[glossary]\nheard = { \"Chainguard\" = [\"Chain yard\"] }",
        ],
        &expect![[r#"
            2: invalid type: string "Chainguard", expected a list in square brackets | write `[glossary]`, with one bracket on each side, and below it `terms = ["NAME"]`
            2: invalid type: table, expected a list in square brackets | write `[glossary]`, with one bracket on each side, and below it `terms = ["NAME"]`
            3: invalid type: list, expected a table | write `heard = { "as it was heard" = "as it is written" }`
            3: invalid type: list, expected a text in quotes | write one text in quotes, without square brackets
        "#]],
    );
}

#[test]
fn a_comma_within_a_number_is_told() {
    check_after_title(
        &["[llm]\nmodel = \"m\"\nprice = { input = 0,20, output = 1,25 }"],
        &expect![[r#"
            4: a number has a comma within it | write a point, as in `0.20`
        "#]],
    );
}

#[test]
fn an_unknown_key_of_a_talk_is_found_in_its_line() {
    check_after_title(
        &[
            "talks = [\n  \"jAtrviDGpwE\",\n  { id = \"-cBplHNM4RA\", titel = \"T\" },\n]",
            "talks = [\n  {\n    id = \"-cBplHNM4RA\",\n    speaker = [\"A\"],\n  },\n]",
            "[[talks]]\nid = \"jAtrviDGpwE\"\n[[talks]]\nid = \"-cBplHNM4RA\"\ncatgory = \"A\"",
        ],
        &expect![[r#"
            4: unknown key `titel` | did you mean `title`?
            5: unknown key `speaker` | did you mean `speakers`?
            6: unknown key `catgory` | did you mean `category`?
        "#]],
    );
}

#[test]
fn a_value_of_the_wrong_type_is_told_in_its_line() {
    check(
        &["title = 5"],
        &expect![[r#"
            1: invalid type: integer `5`, expected a text in quotes | write `title = "5"`
        "#]],
    );
    check_after_title(
        &[
            "formats = \"html\"",
            "talks = \"jAtrviDGpwE\"",
            "talks = [\n  \"jAtrviDGpwE\",\n  7,\n]",
            "talks = [\n  \"jAtrviDGpwE\",\n  { id = \"-cBplHNM4RA\", speakers = \"A\" },\n]",
            "talks = [{ id = \"-cBplHNM4RA\", hide = \"yes\" }]",
            "\n[llm]\nmodel = 3",
            "[llm]\nmodel = \"m\"\nprice = 0.15",
            "[llm]\nmodel = \"m\"\nprice = { input = 1 }",
            "categories = [\"A\", \"B\"]",
            "[categories]\nname = \"A\"",
            "llm = \"llama\"",
            "fetch = 2",
            "[glossary]\nheard = [\"A\"]",
            "[llm]\nmodel = \"m\"\ntimeout = 120",
        ],
        &expect![[r#"
            2: invalid type: string "html", expected a list in square brackets | write `formats = ["html"]`
            2: invalid type: string "jAtrviDGpwE", expected a list in square brackets | write `talks = ["jAtrviDGpwE"]`
            4: invalid type: integer `7`, expected a video id, a link, or a table with an `id`
            4: invalid type: string "A", expected a list in square brackets | write `speakers = ["A"]`
            2: invalid type: string "yes", expected `true` or `false` | write `hide = true`, without quotes
            4: invalid type: integer `3`, expected a text in quotes | write `model = "3"`
            4: invalid type: floating point `0.15`, expected a table with `input` and `output`
            4: the key `output` is missing | add `output = …`, in US dollars a million tokens
            2: invalid type: string "A", expected a table with a `name` | write `[[categories]]`, and `name = "A"` on the line below it & 2: invalid type: string "B", expected a table with a `name` | write `[[categories]]`, and `name = "B"` on the line below it
            2: invalid type: table, expected a list in square brackets | write `[[categories]]`, with two brackets on each side, above each of them
            2: invalid type: string "llama", expected a table with a `model`
            2: invalid type: integer `2`, expected a table
            3: invalid type: list, expected a table | write `heard = { "as it was heard" = "as it is written" }`
            4: invalid type: integer `120`, expected a length of time above zero in quotes such as "2m"
        "#]],
    );
}

#[test]
fn zero_at_once_is_refused() {
    check_after_title(
        &[
            "[fetch]\nconcurrency = 0",
            "[llm]\nmodel = \"m\"\nconcurrency = 0",
            "[llm]\nmodel = \"m\"\nprice = { input = 1, output = -0.1 }",
            "[llm]\nmodel = \"m\"\nrequests_per_minute = -1",
        ],
        &expect![[r#"
            3: invalid value: integer `0`, expected a whole number above 0
            4: invalid value: integer `0`, expected a whole number above 0
            4: `price` holds an amount below 0
            4: invalid value: integer `-1`, expected a whole number above 0
        "#]],
    );
}

#[test]
fn what_is_missing_is_named() {
    check(
        &["", "# a comment\n\nlanguage = \"en\"\n"],
        &expect![[r#"
            1: the key `title` is missing | add `title = "…"`
            1: the key `title` is missing | add `title = "…"`
        "#]],
    );
    check_after_title(
        &[
            "\n[llm]\nbase_url = \"http://x\"",
            "[[categories]]\ndescription = \"A\"",
            "talks = [\n  \"jAtrviDGpwE\",\n  { title = \"T\" },\n]",
            "talks = [\n  \"jAtrviDGpwE\",\n  { id = \"\" },\n]",
            "talks = [\n  \"jAtrviDGpwE\",\n  \"\",\n]",
            "language = \" \"",
            "talks = [{ id = \"jAtrviDGpwE\", language = \"klingon\" }]",
            "[fetch]\ntimeout = \"0s\"",
        ],
        &expect![[r#"
            3: the key `model` is missing | add a line such as `model = "gpt-5.4-nano"`, with the name of the model
            2: the key `name` is missing | add `name = "…"`
            4: the talk has no `id` | add `id = "…"`, or `video = "https://…"` where it is not on YouTube
            4: the talk has no `id` | add `id = "…"`, or `video = "https://…"` where it is not on YouTube
            4: the talk has no `id` | add `id = "…"`, or `video = "https://…"` where it is not on YouTube
            2: `` is no language | write its tag, such as `en`, `de` or `pt-BR`
            2: `klingon` is no language | write its tag, such as `en`, `de` or `pt-BR`
            3: invalid value: string "0s", expected a length of time above zero in quotes such as "2m"
        "#]],
    );
}

#[test]
fn an_unknown_word_is_told_with_the_known_ones() {
    check_after_title(
        &[
            "formats = [\"markdwn\"]",
            "formats = [\n  \"html\",\n  \"pdf\",\n]",
            "[llm]\nmodel = \"m\"\nprovider = \"open-ai\"",
        ],
        &expect![[r"
            2: unknown value `markdwn` | did you mean `markdown`?
            4: unknown value `pdf` | known here: markdown, html, classic, json, feed, csv
            4: unknown value `open-ai` | did you mean `openai`?
        "]],
    );
}

#[test]
fn a_malformed_id_is_quoted() {
    check_after_title(
        &[
            "talks = [\n  \"jAtrviDGpwE\",\n  \"jAtrviDGpw\",\n]",
            "talks = [{ id = \"https://vimeo.com/123456789\" }]",
        ],
        &expect![[r#"
            4: `jAtrviDGpw` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video
            2: `https://vimeo.com/123456789` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video | write a recording on another host as `{ video = "https://…", title = "…" }`
        "#]],
    );
}

#[test]
fn the_same_talk_twice_is_an_error_whatever_it_is_written_like() {
    check_after_title(
        &[
            "talks = [\n  \"jAtrviDGpwE\",\n  \"jAtrviDGpwE\",\n]",
            "talks = [\n  \"jAtrviDGpwE\",\n  \"-cBplHNM4RA\",\n  { id = \"https://youtu.be/jAtrviDGpwE?t=5\" },\n]",
            "talks = [\n  { id = \"jAtrviDGpwE\", start = \"1:00\" },\n  { id = \"jAtrviDGpwE\", start = \"60\", end = \"90\" },\n]",
        ],
        &expect![[r"
            4: the talk `jAtrviDGpwE` is listed twice | a part of a longer recording needs a `start` of its own
            5: the talk `jAtrviDGpwE` is listed twice | a part of a longer recording needs a `start` of its own
            4: the talk `jAtrviDGpwE@1:00` is listed twice | a part of a longer recording needs a `start` of its own
        "]],
    );
}

#[test]
fn times_that_cannot_be_are_refused() {
    let part = |times: &str| {
        format!("talks = [\n  \"jAtrviDGpwE\",\n  {{ id = \"E98Pv36f0YI\", {times} }},\n]")
    };
    check_after_title(
        &[
            &part("start = \"2:00\", end = \"1:00\""),
            &part("start = \"1:00\", end = \"60\""),
            &part("start = \"half past\""),
            &part("end = \"1:75\""),
            &part("start = 62"),
            &part("start = 01:02:30"),
        ],
        &expect![[r#"
            4: the talk `E98Pv36f0YI` ends before it starts
            4: the talk `E98Pv36f0YI` ends before it starts
            4: invalid value: string "half past", expected a time in quotes such as "1:02:30"
            4: invalid value: string "1:75", expected a time in quotes such as "1:02:30"
            4: invalid type: integer `62`, expected a time in quotes such as "1:02:30"
            4: invalid type: value without quotes, expected a time in quotes such as "1:02:30"
        "#]],
    );
}

#[test]
fn lengths_of_time_that_cannot_be_are_refused() {
    check_after_title(
        &[
            "[llm]\nmodel = \"m\"\ntimeout = \"soon\"",
            "[fetch]\npause = \"1\"",
        ],
        &expect![[r#"
            4: invalid value: string "soon", expected a length of time above zero in quotes such as "2m"
            3: invalid value: string "1", expected a length of time in quotes such as "2m" or "500ms"
        "#]],
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
        &[
            &talk("Perfomance"),
            &talk("Gardening"),
            &talk("Uncategorized"),
            "talks = [{ id = \"jAtrviDGpwE\", category = \"AI\" }]",
        ],
        &expect![[r"
            3: `Perfomance` is none of the categories | did you mean `Performance`?
            3: `Gardening` is none of the categories | list it as a table `[[categories]]`
            3: `Uncategorized` is none of the categories
            2: `AI` is none of the categories | list it as a table `[[categories]]`
        "]],
    );
}

#[test]
fn a_talk_has_up_to_two_other_categories() {
    let categories = "[[categories]]\nname = \"A\"\n[[categories]]\nname = \"Bees\"\n[[categories]]\nname = \"C\"\n[[categories]]\nname = \"D\"";
    let talk = |also: &str| {
        format!(
            "talks = [\n  {{ id = \"jAtrviDGpwE\", category = \"A\", also = {also} }},\n]\n{categories}"
        )
    };
    check_after_title(
        &[
            &talk(r#"["Beez"]"#),
            &talk(r#"["Bees", "a"]"#),
            &talk(r#"["C", "C"]"#),
            &talk(r#"["Bees", "C", "D"]"#),
        ],
        &expect![[r"
            3: `Beez` is none of the categories | did you mean `Bees`?
            3: the talk `jAtrviDGpwE` is in the category `A` twice | `also` lists other categories than `category`, each once
            3: the talk `jAtrviDGpwE` is in the category `C` twice | `also` lists other categories than `category`, each once
            3: the talk `jAtrviDGpwE` is in 3 more categories | `also` lists up to two
        "]],
    );
}

#[test]
fn the_list_of_categories_is_a_set_of_names() {
    let second =
        |name: &str| format!("[[categories]]\nname = \"AI\"\n\n[[categories]]\nname = \"{name}\"");
    check_after_title(
        &[
            &second("AI"),
            &second(" AI "),
            &second("Cafe\u{301}\"\n[[categories]]\nname = \"Caf\u{e9}"),
            &second("ai"),
            &second("Über\"\n[[categories]]\nname = \"ÜBER"),
            &second(""),
            &second("Uncategorized"),
        ],
        &expect![[r#"
            5: the category `AI` is listed twice
            5: the category `AI` is listed twice
            7: the category `Café` is listed twice
            5: the categories `AI` and `ai` differ in capital letters alone | keep one of the two, or rename one
            7: the categories `Über` and `ÜBER` differ in capital letters alone | keep one of the two, or rename one
            5: a category has no name
            5: `Uncategorized` is kept for talks that fit no category; it cannot be listed
        "#]],
    );
}

#[test]
fn a_malformed_pattern_is_quoted() {
    check_after_title(
        &[
            "[[categories]]\nname = \"AI\"\ntitles = [\"*ok*\", \"[Ab\"]",
            "[[categories]]\nname = \"AI\"\ntitles = [\"{A,b\"]",
        ],
        &expect![[r"
            4: malformed pattern `[Ab`: unclosed character class; missing ']'
            4: malformed pattern `{A,b`: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)
        "]],
    );
}

#[test]
fn what_names_something_is_not_left_empty() {
    check(
        &[
            "\ntitle = \"\"",
            "title = \" \\t\"",
            "title = \"\"\"\n\"\"\"",
        ],
        &expect![[r#"
            2: `title` is empty | give it a text, as in `title = "…"`
            1: `title` is empty | give it a text, as in `title = "…"`
            1: `title` is empty | give it a text, as in `title = "…"`
        "#]],
    );
    check_after_title(
        &[
            "[llm]\nmodel = \"\"",
            "[llm]\nprovider = \"ollama\"\nmodel = \" \"",
            "[transcribe]\nmodel = \"\"",
        ],
        &expect![[r#"
            3: `model` is empty | give it a text, as in `model = "…"`
            4: `model` is empty | give it a text, as in `model = "…"`
            3: `model` is empty | give it a text, as in `model = "…"`
        "#]],
    );
}

#[test]
fn an_address_that_is_none_is_quoted() {
    check_after_title(
        &[
            "[llm]\nmodel = \"m\"\nbase_url = \"localhost\"",
            "[llm]\nmodel = \"m\"\nbase_url = \"localhost:11434/v1\"",
            "[llm]\nmodel = \"m\"\nbase_url = \"ftp://example.org\"",
            "[llm]\nmodel = \"m\"\nbase_url = \"\"",
            "url = \"conf.example/2026\"",
            "slug = \"../etc\"",
        ],
        &expect![[r#"
            4: `base_url` is no http or https address: `localhost` | write all of it, such as `http://localhost:11434/v1`
            4: `base_url` is no http or https address: `localhost:11434/v1` | write all of it, such as `http://localhost:11434/v1`
            4: `base_url` is no http or https address: `ftp://example.org` | write all of it, such as `http://localhost:11434/v1`
            4: `base_url` is no http or https address: `` | write all of it, such as `http://localhost:11434/v1`
            2: `url` is no http or https address: `conf.example/2026` | write the whole address of a page, such as `https://conf.example/2026/`
            2: the slug `../etc` does not work on every disk and in every address | use up to 60 of a to z, 0 to 9 and `-`, such as `conf-2026`
        "#]],
    );
}

#[test]
fn a_key_in_the_place_of_its_variable_is_not_repeated() {
    check_after_title(
        &["[llm]\nmodel = \"m\"\napi_key_env = \"sk-secret\""],
        &expect![[r"
            4: `api_key_env` is no name of an environment variable | put the key into a variable, and the variable's name here
        "]],
    );
}

#[test]
fn a_key_in_a_header_is_not_repeated() {
    let header = |header: &str| format!("[llm]\nmodel = \"m\"\nheaders = {{ {header} }}");
    check_after_title(
        &[
            &header("Authorization = \"Bearer sk-secret\""),
            &header("api-key = \"sk-secret\""),
            &header("x-api-key = \"sk-5${\""),
            &header("X-Goog-Api-Key = \"\""),
            "[llm]\nmodel = \"m\"\n[llm.headers]\nHTTP-Referer = \"https://example.org\"\nx-auth-token = \"sk-secret\"",
        ],
        &expect![[r#"
            4: the header `Authorization` carries a key, and a key is not written into a catalog | put it into an environment variable, and `$` and the variable's name here
            4: the header `api-key` carries a key, and a key is not written into a catalog | put it into an environment variable, and `$` and the variable's name here
            4: the header `x-api-key` carries a key, and a key is not written into a catalog | put it into an environment variable, and `$` and the variable's name here
            4: the header `X-Goog-Api-Key` carries a key, and a key is not written into a catalog | put it into an environment variable, and `$` and the variable's name here
            6: the header `x-auth-token` carries a key, and a key is not written into a catalog | put it into an environment variable, and `$` and the variable's name here
        "#]],
    );
}

#[test]
fn a_key_in_an_address_is_not_repeated() {
    check_after_title(
        &[
            "[llm]\nmodel = \"m\"\nbase_url = \"https://somebody:sk-secret@h/v1\"",
            "[llm]\nmodel = \"m\"\nbase_url = \"https://h/v1beta?Key=sk-secret\"",
            "[llm]\nmodel = \"m\"\nbase_url = \"https://h/v1?api-version=2024-10-21\"",
        ],
        &expect![[r#"
            4: `base_url` holds a password or a key | put it into an environment variable, and that into `headers`
            4: `base_url` holds a password or a key | put it into an environment variable, and that into `headers`
            nothing
        "#]],
    );
}

#[test]
fn headers_that_no_request_can_have_are_refused() {
    let header = |header: &str| format!("[llm]\nmodel = \"m\"\nheaders = {{ {header} }}");
    check_after_title(
        &[
            &header("\"X Title\" = \"T\""),
            &header("\"\" = \"T\""),
            &header("X-Title = \"two\\nlines\""),
            &header("X-Title = 5"),
            "[llm]\nmodel = \"m\"\nheaders = [\"X-Title: T\"]",
        ],
        &expect![[r#"
            4: `X Title` is no name of a header
            4: `` is no name of a header
            4: the value of the header `X-Title` has a character that no header has
            4: invalid type: integer `5`, expected a text in quotes | write `X-Title = "5"`
            4: invalid type: list, expected a table
        "#]],
    );
}

#[test]
fn a_command_for_the_key_is_one_and_the_only_way() {
    check_after_title(
        &[
            "[llm]\nmodel = \"m\"\napi_key_env = \"KEY\"\napi_key_command = \"pass show key\"",
            "[llm]\nmodel = \"m\"\napi_key_command = \" \"",
            "[llm]\nmodel = \"m\"\napi_key_command = \"pass 'show\"",
        ],
        &expect![[r#"
            5: `api_key_env` and `api_key_command` are both given, and one is enough
            4: `api_key_command` is empty
            4: `api_key_command` has a quote that is not closed
        "#]],
    );
}

#[test]
fn a_syntax_error_is_told_in_its_line() {
    check(
        &["title = \"T\nlanguage = \"en\"\n"],
        &expect![[r#"
            1: a text is not closed on its line | write the same quote behind it as before it
        "#]],
    );
    check_after_title(
        &[
            "talks = [\n  \"jAtrviDGpwE\"\n  \"-cBplHNM4RA\"\n]",
            "talks = [\n  -cBplHNM4RA,\n]",
            "talks = [\n  \"jAtrviDGpwE\",\n",
            "[llm\nmodel = \"m\"",
            "language = \"en\"\nlanguage = \"de\"",
            "Just some words",
        ],
        &expect![[r#"
            3: a comma is missing after `"jAtrviDGpwE"` | write `"jAtrviDGpwE",`
            3: `-cBplHNM4RA` is a text without quotes | write "-cBplHNM4RA"
            3: a list is not closed | write `]` at its end
            2: the `[` on line 2 is not closed before line 3 | write `]` here, at its end
            3: `language` is given a second time; the first is on line 2 | delete one of the two
            2: there is no `=` on this line | write `key = value`, begin the line with `#` to make it a comment, or take it out
        "#]],
    );
}

#[test]
fn quotes_of_word_processors_are_named() {
    check(
        &[
            "title = “Typo conf”",
            "title = \"Typo conf”\nlanguage = \"en\"",
            "title = „Typo conf“\nlanguage = ‘en’",
            "title = \"“Typo” conf\"\ntalks = [“jAtrviDGpwE”]",
            "title = \"A \"quoted\" word\"",
            "title = 'it's'",
        ],
        &expect![[r#"
            1: “Typo conf” is in curly quotes | write straight quotes: "Typo conf"
            1: a text is not closed on its line | write straight quotes, `"`, before it and behind it
            1: „Typo conf“ is in curly quotes | write straight quotes: "Typo conf" & 2: ‘en’ is in curly quotes | write straight quotes: "en"
            2: “jAtrviDGpwE” is in curly quotes | write straight quotes: "jAtrviDGpwE"
            1: a text ends here, in the middle of the line | a quote within a text is written `\"`, or the text is put into quotes of the other kind
            1: a text ends here, in the middle of the line | a quote within a text is written `\"`, or the text is put into quotes of the other kind
        "#]],
    );
}

#[test]
fn a_missing_comma_is_told_in_the_line_that_lacks_it() {
    check_after_title(
        &[
            "talks = [\n  \"jAtrviDGpwE\"\n\n  # \"a comment\"\n  \"-cBplHNM4RA\",\n]",
            "talks = [\n  \"jAtrviDGpwE\" # one, two\n  \"-cBplHNM4RA\",\n]",
            "talks = [\n  { id = \"jAtrviDGpwE\" title = \"T\" },\n]",
            "talks = [\n  { id = \"jAtrviDGpwE\" }\n  { id = \"-cBplHNM4RA\" },\n]",
            "talks = [{ id = \"jAtrviDGpwE\", speakers = [\"A\" \"B\"] }]",
        ],
        &expect![[r#"
            3: a comma is missing after `"jAtrviDGpwE"` | write `"jAtrviDGpwE",`
            3: a comma is missing after `"jAtrviDGpwE"` | write `"jAtrviDGpwE",`
            3: a comma is missing after `"jAtrviDGpwE"` | write `"jAtrviDGpwE",`
            3: a comma is missing after `}` | write `},`
            2: a comma is missing after `"A"` | write `"A",`
        "#]],
    );
}

#[test]
fn a_list_that_is_not_closed_hides_nothing_behind_it() {
    check_after_title(
        &[
            "talks = [\n  \"jAtrviDGpwE\",\n\n[llm]\nmodell = \"m\"",
            "talks = [\n  \"jAtrviDGpwE\"\nlanguage = \"klingon\"\n[glossary]\nterms = [\n  \"A\"\n[llm]\nmodel = \"m\"\nprovider = \"open-ai\"",
            "talks = [\n  \"jAtrviDGpwE\",\n\n[[categories]]\nname = \"A\"",
        ],
        &expect![[r#"
            3: the `[` on line 2 is not closed before line 5 | write `]` here, at its end & 6: unknown key `modell` | did you mean `model`?
            3: the `[` on line 2 is not closed before line 4 | write `]` here, at its end & 4: `klingon` is no language | write its tag, such as `en`, `de` or `pt-BR` & 7: the `[` on line 6 is not closed before line 8 | write `]` here, at its end & 10: unknown value `open-ai` | did you mean `openai`?
            3: the `[` on line 2 is not closed before line 5 | write `]` here, at its end
        "#]],
    );
}

#[test]
fn a_second_table_or_key_of_a_name_is_told_with_the_first() {
    check_after_title(
        &[
            "[llm]\nmodel = \"m\"\n\n[fetch]\npause = \"1s\"\n\n[llm] # again\nmodel = \"n\"\nprice = 5",
            "[categories]\nname = \"A\"\n[categories]\nname = \"B\"",
            "[llm]\nmodel = \"m\"\nprovider = \"openai\"\nmodel = \"n\"",
            "talks = [\n  { id = \"jAtrviDGpwE\", title = \"A\", title = \"B\" },\n]\ntitle = \"U\"",
            "[[talks]]\nid = \"jAtrviDGpwE\"\ntitle = \"A\"\ntitle = \"B\"",
        ],
        &expect![[r#"
            8: a second table `[llm]`; the first is on line 2 | put the lines of both below the first, and take this one out & 10: invalid type: integer `5`, expected a table with `input` and `output`
            4: a second table `[categories]`; the first is on line 2 | write `[[categories]]`, with two brackets on each side, above each of them
            5: `model` is given a second time; the first is on line 3 | delete one of the two
            3: `title` is given twice | delete one of the two & 5: `title` is given a second time; the first is on line 1 | delete one of the two
            5: `title` is given a second time; the first is on line 4 | delete one of the two
        "#]],
    );
}

#[test]
fn words_without_quotes_and_slips_of_other_formats_are_put_right() {
    check_after_title(
        &[
            "talks = [{ id = \"jAtrviDGpwE\", hide = yes }]",
            "talks = [{ id = \"jAtrviDGpwE\", hide = True }]",
            "talks = [{ id = \"jAtrviDGpwE\", hide = \"no\" }]",
            "talks = [https://youtu.be/jAtrviDGpwE]",
            "output = ~/page",
            "output = \"C:\\Users\\me\"",
            "output = \"C:\\talks\"",
            "language: \"en\"",
            "language =",
            "[llm]\nmodel = \"m\"\nconcurrency = \"4\"",
            "slug = 2026",
        ],
        &expect![[r#"
            2: `yes` is a text without quotes | write `true`
            2: `True` is a text without quotes | write `true`
            2: invalid type: string "no", expected `true` or `false` | write `hide = false`, without quotes
            2: `https://youtu.be/jAtrviDGpwE` is a text without quotes | write "https://youtu.be/jAtrviDGpwE"
            2: `~/page` is a text without quotes | write "~/page"
            2: a `\` in a text has a meaning of its own | write it twice, as in "C:\\talks", or write `/`
            nothing
            2: there is no `=` on this line | write `=` in the place of `:`
            2: there is no value behind `=` | write one, or delete the line
            4: invalid type: string "4", expected a whole number above 0 | write `concurrency = 4`, without quotes
            2: invalid type: integer `2026`, expected a text in quotes | write `slug = "2026"`
        "#]],
    );
}

#[test]
fn a_list_of_videos_among_the_talks_is_for_init() {
    check_after_title(
        &[
            "talks = [\"https://www.youtube.com/playlist?list=PLtinyconf2024\"]",
            "talks = [\"PLtinyconf2024\", \"@tinyconf\"]",
        ],
        &expect![[r#"
            2: `https://www.youtube.com/playlist?list=PLtinyconf2024` is a playlist, and a talk is one video | take it out and run `proceedings init "https://www.youtube.com/playlist?list=PLtinyconf2024"`, which adds its videos
            2: `PLtinyconf2024` is a playlist, and a talk is one video | take it out and run `proceedings init "PLtinyconf2024"`, which adds its videos & 2: `@tinyconf` is a playlist, and a talk is one video | take it out and run `proceedings init "@tinyconf"`, which adds its videos
        "#]],
    );
}

#[test]
fn homes_of_others_are_not_looked_up() {
    check_after_title(
        &[
            "output = \"~me/page\"",
            "cache = \"~me/cache\"",
            "[fetch]\ncaptions = \"~me\"",
            "[fetch]\nyt_dlp = \"~me/bin/yt-dlp\"",
            "talks = [\"jAtrviDGpwE\"]\n[fetch.caption_files]\njAtrviDGpwE = \"~me/a.vtt\"",
            "[llm]\nmodel = \"m\"\napi_key_command = \"~me/key.sh\"",
        ],
        &expect![[r#"
            2: `~me` is somebody's home, and only your own, `~/`, is looked up | write the whole path, or `./~me` for something of that name
            2: `~me` is somebody's home, and only your own, `~/`, is looked up | write the whole path, or `./~me` for something of that name
            3: `~me` is somebody's home, and only your own, `~/`, is looked up | write the whole path, or `./~me` for something of that name
            3: `~me` is somebody's home, and only your own, `~/`, is looked up | write the whole path, or `./~me` for something of that name
            4: `~me` is somebody's home, and only your own, `~/`, is looked up | write the whole path, or `./~me` for something of that name
            4: `~me` is somebody's home, and only your own, `~/`, is looked up | write the whole path, or `./~me` for something of that name
        "#]],
    );
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = "titel = \"T\"\nlanguage = \"klingon\"\ntalks = [\n  \"jAtrviDGpwE\"\n  \"short\",\n  { id = \"-cBplHNM4RA\", hide = \"yes\", category = \"A\" },\n  { title = \"No id\" },\n  7,\n  \"-cBplHNM4RA\",\n]\n[categories]\nname = \"A\"\n[llm]\nmodel = 5\nconcurrency = 0\nprice = { input = 1 }\nbase_url = \"localhost\"\n[fetch]\npause = \"soon\"\n";
    let error = parse(text).unwrap_err();
    assert_eq!(error.hint(), None);
    expect![[r#"
        conf/catalog.toml has 14 mistakes:
          conf/catalog.toml:1: unknown key `titel`
            → did you mean `title`?
          conf/catalog.toml:2: `klingon` is no language
            → write its tag, such as `en`, `de` or `pt-BR`
          conf/catalog.toml:4: a comma is missing after `"jAtrviDGpwE"`
            → write `"jAtrviDGpwE",`
          conf/catalog.toml:5: `short` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video
          conf/catalog.toml:6: invalid type: string "yes", expected `true` or `false`
            → write `hide = true`, without quotes
          conf/catalog.toml:7: the talk has no `id`
            → add `id = "…"`, or `video = "https://…"` where it is not on YouTube
          conf/catalog.toml:8: invalid type: integer `7`, expected a video id, a link, or a table with an `id`
          conf/catalog.toml:9: the talk `-cBplHNM4RA` is listed twice
            → a part of a longer recording needs a `start` of its own
          conf/catalog.toml:11: invalid type: table, expected a list in square brackets
            → write `[[categories]]`, with two brackets on each side, above each of them
          conf/catalog.toml:14: invalid type: integer `5`, expected a text in quotes
            → write `model = "5"`
          conf/catalog.toml:15: invalid value: integer `0`, expected a whole number above 0
          conf/catalog.toml:16: the key `output` is missing
            → add `output = …`, in US dollars a million tokens
          conf/catalog.toml:17: `base_url` is no http or https address: `localhost`
            → write all of it, such as `http://localhost:11434/v1`
          conf/catalog.toml:19: invalid value: string "soon", expected a length of time in quotes such as "2m" or "500ms""#]].assert_eq(&error.to_string());
}

#[test]
fn what_may_stand_in_a_part_that_is_not_understood_is_not_called_missing() {
    check_after_title(
        &[
            "talks = [{ id = \"jAtrviDGpwE\", category = \"A\" }]\n[[categories]]\nname = “A”",
            "talks = [{ id = \"jAtrviDGpwE\", category = \"A\" }]\n[categories]\nname = \"A\"",
            "talks = [{ id = \"jAtrviDGpwE\", category = \"A\" }]\n[[categories]]\nname = \"A\"\ntags = 5",
            "[llm]\nmodell = \"m\"",
            "[llm]\nmodel: \"m\"",
            "talks = [7, \"-cBplHNM4RA\"]\n[fetch.caption_files]\njAtrviDGpwE = \"a.vtt\"",
        ],
        &expect![[r#"
            4: “A” is in curly quotes | write straight quotes: "A"
            3: invalid type: table, expected a list in square brackets | write `[[categories]]`, with two brackets on each side, above each of them
            5: unknown key `tags` | known here: name, description, about, titles
            3: unknown key `modell` | did you mean `model`?
            3: there is no `=` on this line | write `=` in the place of `:`
            2: invalid type: integer `7`, expected a video id, a link, or a table with an `id`
        "#]],
    );
}

#[test]
fn of_hundreds_of_mistakes_the_first_are_told() {
    let talks: Vec<String> = (0..300).map(|nth| format!("  \"no-{nth}\",\n")).collect();
    let talks = talks.concat();
    let told = parse(&format!("title = \"T\"\ntalks = [\n{talks}]")).unwrap_err();
    let told = told.to_string();
    assert!(
        told.starts_with("conf/catalog.toml has 300 mistakes:\n  conf/catalog.toml:3: `no-0` is")
    );
    assert!(told.ends_with("\n  and 280 more"), "{told}");
    assert_eq!(told.lines().count(), 22);
}

/// Whatever one key too many or too few does to a catalog, there is something to say about it, and
/// the program says it.
#[test]
fn every_slip_of_a_finger_is_either_harmless_or_told() {
    let slips = |text: &str, at: usize| {
        let (before, after) = text.split_at(at);
        let without = after
            .char_indices()
            .nth(1)
            .map_or("", |(next, _)| &after[next..]);
        let inserted = ["\"", "[", "]", "{", "=", "\n", "“", "\\"];
        let mut slips: Vec<String> = vec![format!("{before}{without}")];
        slips.extend(inserted.map(|slip| format!("{before}{slip}{after}")));
        slips
    };
    let text = super::EVERYTHING;
    let mut told = 0;
    for (at, _) in text.char_indices().step_by(31) {
        for slip in slips(text, at) {
            if let Err(error) = parse(&slip) {
                let CatalogError::Invalid { mistakes, .. } = error else {
                    panic!("{error}");
                };
                assert!(!mistakes.is_empty(), "{slip}");
                let lines = slip.lines().count() + 1;
                assert!(mistakes.iter().all(|mistake| mistake.line <= lines));
                told += 1;
            }
        }
    }
    assert!(told > 100, "{told}");
}

#[test]
fn an_error_names_the_file_and_the_line() {
    let error = parse("title = \"T\"\ntitel = \"T\"").unwrap_err();
    expect!["conf/catalog.toml:2: unknown key `titel`"].assert_eq(&error.to_string());
    let error = Catalog::load(Path::new("no/such/catalog.toml")).unwrap_err();
    expect!["cannot load the catalog | start one with `proceedings init PLAYLIST-URL`, or name yours with `--catalog FILE`"].assert_eq(&format!("{error} | {}", error.hint().unwrap()));
}

#[test]
fn line_ends_of_windows_do_not_shift_the_lines() {
    let text = "title = \"T\"\r\nlanguage = \"en\"\r\ntitel = \"T\"\r\n";
    check(
        &[text],
        &expect![[r#"
            3: unknown key `titel` | did you mean `title`?
        "#]],
    );
}

#[test]
fn the_table_of_caption_files_is_about_talks_and_caption_files() {
    let table = |line: &str| {
        format!(
            "talks = [\"jAtrviDGpwE\", \"-cBplHNM4RA\"]\n[fetch.caption_files]\n-cBplHNM4RA = \"b.srt\"\n{line}"
        )
    };
    check_after_title(
        &[
            &table("jAtrviDGpwe = \"a.vtt\""),
            &table("rustyCache1 = \"a.vtt\""),
            &table("jAtrviDGpw = \"a.vtt\""),
            &table("\"https://youtu.be/-cBplHNM4RA\" = \"a.vtt\""),
            &table("-cBplHNM4RA = \"a.vtt\""),
            &table("jAtrviDGpwE = \"a.docx\""),
            &table("jAtrviDGpwE = \"vtt\""),
            &table("jAtrviDGpwE = \"\""),
            &table("jAtrviDGpwE = [\"a.vtt\"]"),
            "[fetch]\ncaption_files = \"captions\"",
        ],
        &expect![[r#"
            5: `jAtrviDGpwe` is no talk of the catalog | did you mean `jAtrviDGpwE`?
            5: `rustyCache1` is no talk of the catalog | list it under `talks` too
            5: `jAtrviDGpw` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video
            5: the talk `-cBplHNM4RA` has two caption files
            5: `-cBplHNM4RA` is given a second time; the first is on line 4 | delete one of the two
            5: `a.docx` is no caption file | known here: .vtt, .srt, .json3, .srv1, .srv3, .srv2, .xml, .ttml, .dfxp, .itt, .sbv, .smi, .sami, .ass, .ssa, .sub, .json, .jsonl, .tsv, .csv, .lrc, .txt
            5: `vtt` is no caption file | known here: .vtt, .srt, .json3, .srv1, .srv3, .srv2, .xml, .ttml, .dfxp, .itt, .sbv, .smi, .sami, .ass, .ssa, .sub, .json, .jsonl, .tsv, .csv, .lrc, .txt
            5: `` is no caption file | known here: .vtt, .srt, .json3, .srv1, .srv3, .srv2, .xml, .ttml, .dfxp, .itt, .sbv, .smi, .sami, .ass, .ssa, .sub, .json, .jsonl, .tsv, .csv, .lrc, .txt
            5: invalid type: list, expected a text in quotes | write one text in quotes, without square brackets
            3: invalid type: string "captions", expected a table
        "#]],
    );
}

#[test]
fn a_cache_that_is_no_folder_is_refused() {
    check_after_title(
        &[
            "cache = \"\"",
            "cache = \"ftp://bucket/talks\"",
            "cache = \"s3:///talks\"",
        ],
        &expect![[r#"
            2: the cache `` is no folder and no store | name a folder, such as "cache" or "../cache", or a store, such as "s3://BUCKET/FOLDER"
            2: the cache `ftp://bucket/talks` is no folder and no store | name a folder, such as "cache" or "../cache", or a store, such as "s3://BUCKET/FOLDER"
            2: the cache `s3:///talks` is no folder and no store | name a folder, such as "cache" or "../cache", or a store, such as "s3://BUCKET/FOLDER"
        "#]],
    );
}

#[test]
fn a_recording_on_another_host_has_a_title_and_links_that_everybody_may_open() {
    check_after_title(
        &[
            "talks = [\n  \"jAtrviDGpwE\",\n  { video = \"https://media.example/talk.mp4\" },\n]",
            "talks = [{ video = \"media.example/talk.mp4\", title = \"T\" }]",
            "talks = [{ video = \"javascript://alert(1)\", title = \"T\" }]",
            "talks = [{ video = \"https://me:secret@media.example/talk.mp4\", title = \"T\" }]",
            "talks = [{ id = \"jAtrviDGpwE\", video = \"https://youtu.be/_9xohmSa2G8\" }]",
            "talks = [\"https://media.example/talk.mp4\"]",
            "talks = [{ title = \"T\" }]",
            "talks = [{ id = \"jAtrviDGpwE\", captions = \"file:///etc/passwd\" }]",
            "talks = [{ id = \"jAtrviDGpwE\", captions = \"https://me:secret@media.example/a.vtt\" }]",
            "talks = [{ id = \"jAtrviDGpwE\", date = \"1 February\" }]",
            "talks = [\n  { id = \"jAtrviDGpwE\", captions = \"https://media.example/a.vtt\", end = \"5:00\" },\n  { id = \"jAtrviDGpwE\", start = \"5:00\" },\n]",
            "talks = [\"jAtrviDGpwE\"]\n[fetch]\nprivate_hosts = [\"http://media.intranet.example/\"]",
            "talks = [\n  { video = \"https://media.example/a.mp4\", title = \"T\" },\n  { video = \"https://media.example/a.mp4\", title = \"T\" },\n]",
        ],
        &expect![[r#"
            4: the talk at https://media.example/talk.mp4 has no `title` | add one: only YouTube is asked for titles
            2: `video` is no http or https link: `media.example/talk.mp4` | write a whole link, such as `https://media.example/talk.mp4`
            2: `video` is no http or https link: `javascript://alert(1)` | write a whole link, such as `https://media.example/talk.mp4`
            2: the link in `video` holds a user name or a password | use a link that everybody may open; no password is sent
            2: `id` and `video` name two videos, `jAtrviDGpwE` and `_9xohmSa2G8`
            2: `https://media.example/talk.mp4` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video | write a recording on another host as `{ video = "https://…", title = "…" }`
            2: the talk has no `id` | add `id = "…"`, or `video = "https://…"` where it is not on YouTube
            2: `captions` is no http or https link: `file:///etc/passwd` | write a whole link, such as `https://media.example/talk.vtt`
            2: the link in `captions` holds a user name or a password | use a link that everybody may open; no password is sent
            2: invalid value: string "1 February", expected a day in quotes such as "2026-02-01"
            4: the parts of `jAtrviDGpwE` differ in `captions`
            4: `http://media.intranet.example/` is no name of a host | write it without `http://` and without a port, such as `media.intranet.example`
            4: the talk `dtxrz4muujx` is listed twice | a part of a longer recording needs a `start` of its own
        "#]],
    );
}
