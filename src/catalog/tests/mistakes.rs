//! What organizers are told where they slip: the line, what is wrong there, and the hint.

use std::path::Path;

use expect_test::{Expect, expect};

use super::parse;
use crate::catalog::{Catalog, CatalogError};

/// What an organizer is told about a catalog: the line, what is wrong there, and the hint.
fn told(text: &str) -> String {
    match parse(text) {
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
        &expect![[r"
        1: unknown field `titel` | did you mean `title`?
    "]],
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
        ],
        &expect![[r#"
            5: unknown field `base-url` | did you mean `base_url`?
            4: unknown field `imput` | did you mean `input`?
            6: unknown field `ouput` | did you mean `output`?
            4: unknown field `yt-dlp` | did you mean `yt_dlp`?
            4: unknown field `title` | did you mean `titles`?
            3: unknown field `term` | did you mean `terms`?
            2: unknown field `something` | known here: title, intro, url, slug, language, formats, output, thumbnails, cache, talks, categories, glossary, llm, transcribe, fetch
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
        &expect![[r"
            4: unknown field `titel` | did you mean `title`?
            5: unknown field `speaker` | did you mean `speakers`?
            6: unknown field `catgory` | did you mean `category`?
        "]],
    );
}

#[test]
fn a_value_of_the_wrong_type_is_told_in_its_line() {
    check(
        &["title = 5"],
        &expect![[r"
        1: invalid type: integer `5`, expected a text in quotes
    "]],
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
            2: invalid type: string "html", expected a list in square brackets
            2: invalid type: string "jAtrviDGpwE", expected a list in square brackets
            4: invalid type: integer `7`, expected a video id, a link, or a table with an `id`
            4: invalid type: string "A", expected a list in square brackets
            2: invalid type: string "yes", expected a boolean
            4: invalid type: integer `3`, expected a text in quotes
            4: invalid type: floating point `0.15`, expected a table with `input` and `output`
            4: missing field `output`
            2: invalid type: string "A", expected a table with a `name`
            2: invalid type: table, expected a list in square brackets
            2: invalid type: string "llama", expected a table with a `model`
            2: invalid type: integer `2`, expected a table
            3: invalid type: list, expected a table
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
            4: `price` holds an amount below nothing
            4: invalid value: integer `-1`, expected a whole number above 0
        "#]],
    );
}

#[test]
fn what_is_missing_is_named() {
    check(
        &["", "# a comment\n\nlanguage = \"en\"\n"],
        &expect![[r"
        1: missing field `title`
        1: missing field `title`
    "]],
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
            3: missing field `model`
            2: missing field `name`
            4: missing field `id`
            4: the talk has no `id`
            4: `` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video
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
        &expect![[r"
            4: `jAtrviDGpw` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video
            2: `https://vimeo.com/123456789` is neither a video id (eleven letters, digits, `-` or `_`) nor a link to a video
        "]],
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
fn the_list_of_categories_is_a_set_of_names() {
    let second =
        |name: &str| format!("[[categories]]\nname = \"AI\"\n\n[[categories]]\nname = \"{name}\"");
    check_after_title(
        &[
            &second("AI"),
            &second(" AI "),
            &second("Cafe\u{301}\"\n[[categories]]\nname = \"Caf\u{e9}"),
            &second(""),
            &second("Uncategorized"),
        ],
        &expect![[r#"
            5: the category `AI` is listed twice
            5: the category `AI` is listed twice
            7: the category `Café` is listed twice
            5: a category has no name
            5: `Uncategorized` is where talks stand that fit no category; it cannot be listed
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
        &expect![[r"
            4: `base_url` is no http or https address: `localhost` | write all of it, such as `http://localhost:11434/v1`
            4: `base_url` is no http or https address: `localhost:11434/v1` | write all of it, such as `http://localhost:11434/v1`
            4: `base_url` is no http or https address: `ftp://example.org` | write all of it, such as `http://localhost:11434/v1`
            4: `base_url` is no http or https address: `` | write all of it, such as `http://localhost:11434/v1`
            2: `url` is no http or https address: `conf.example/2026` | write where the page will be, such as `https://conf.example/2026/`
            2: the slug `../etc` is no name for every disk and address | use up to 60 of a to z, 0 to 9 and `-`, such as `conf-2026`
        "]],
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
            4: invalid type: integer `5`, expected a text in quotes
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
        1: invalid basic string, expected `"`
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
        &expect![[r"
            4: missing comma between array elements, expected `,`
            3: string values must be quoted, expected literal string
            3: unclosed array, expected `]`
            2: unclosed table, expected `]`
            3: duplicate key
            2: key with no value, expected `=`
        "]],
    );
}

#[test]
fn an_error_names_the_file_and_the_line() {
    let error = parse("title = \"T\"\ntitel = \"T\"").unwrap_err();
    expect!["conf/catalog.toml:2: unknown field `titel`"].assert_eq(&error.to_string());
    let error = Catalog::load(Path::new("no/such/catalog.toml")).unwrap_err();
    expect!["cannot load the catalog | start one with `proceedings init PLAYLIST-URL`, or name yours with `--catalog FILE`"].assert_eq(&format!("{error} | {}", error.hint().unwrap()));
}

#[test]
fn line_ends_of_windows_do_not_shift_the_lines() {
    let text = "title = \"T\"\r\nlanguage = \"en\"\r\ntitel = \"T\"\r\n";
    check(
        &[text],
        &expect![[r"
        3: unknown field `titel` | did you mean `title`?
    "]],
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
            5: duplicate key
            5: `a.docx` is no caption file | known here: .vtt, .srt, .json3, .srv1, .srv3, .srv2, .xml, .ttml, .dfxp, .sbv, .ass, .ssa, .json, .tsv, .txt
            5: `vtt` is no caption file | known here: .vtt, .srt, .json3, .srv1, .srv3, .srv2, .xml, .ttml, .dfxp, .sbv, .ass, .ssa, .json, .tsv, .txt
            5: `` is no caption file | known here: .vtt, .srt, .json3, .srv1, .srv3, .srv2, .xml, .ttml, .dfxp, .sbv, .ass, .ssa, .json, .tsv, .txt
            5: invalid type: list, expected a text in quotes
            3: invalid type: string "captions", expected a table
        "#]],
    );
}

#[test]
fn a_cache_that_is_no_folder_is_refused() {
    check_after_title(
        &["cache = \"\"", "cache = \"s3://bucket/talks\""],
        &expect![[r#"
            2: the cache `` is no folder | name a folder, such as "cache" or "../cache"
            2: the cache `s3://bucket/talks` is no folder | name a folder, such as "cache" or "../cache"
        "#]],
    );
}
