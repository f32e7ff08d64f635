//! Catalogs as organizers write them; what they are told where they slip is in `mistakes.rs`.

mod mistakes;

use expect_test::expect;

use super::*;

fn parse(text: &str) -> Result<Catalog, CatalogError> {
    Catalog::parse(Path::new("conf/catalog.toml"), text)
}

const EVERYTHING: &str = r#"
title = "Example Conf 2026"
intro = "Recordings of the day."
url = "https://conf.example/2026/"
slug = "conf-2026"
language = "de"
formats = ["markdown", "html", "classic", "json", "feed", "csv"]
output = "public"
thumbnails = "local"
talks = [
  "jAtrviDGpwE",
  "https://www.youtube.com/watch?v=_9xohmSa2G8&t=3s",
  { id = "-cBplHNM4RA", speakers = ["A. Name", "B. Name"], category = "performance", summary = "S.", abstract = "A.\n", language = "fr", hide = true },
  { id = "E98Pv36f0YI", start = "1:02:30", end = "1:41:00", title = "One talk of a day-long recording" },
]

[[categories]]
name = "Performance"
description = "profiling, kernels"
about = "Where the time goes."
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
headers = { "HTTP-Referer" = "https://example.org", "api-key" = "$AZURE_KEY" }
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

[fetch.caption_files]
-cBplHNM4RA = "2026/Keynote.SRT"
"https://youtu.be/jAtrviDGpwE?t=3" = "Caches – A. Name.vtt"
"#;

#[test]
fn every_setting_is_read() {
    let catalog = parse(EVERYTHING).unwrap();
    assert_eq!(catalog.folder, Path::new("conf"));
    assert_eq!(catalog.title, "Example Conf 2026");
    assert_eq!(catalog.intro.as_deref(), Some("Recordings of the day."));
    let url = catalog.url.unwrap();
    assert_eq!(url.as_str(), "https://conf.example/2026/");
    assert_eq!(catalog.slug.unwrap(), "conf-2026");
    assert_eq!(catalog.language, "de");
    assert_eq!(catalog.formats, Format::ALL);
    assert_eq!(catalog.output, Path::new("conf/public"));
    assert_eq!(catalog.thumbnails, Thumbnails::Local);

    let categories: Vec<_> = catalog.categories.iter().collect();
    assert_eq!(categories.len(), 2);
    assert_eq!(categories[0].name, "Performance");
    assert_eq!(categories[0].description, "profiling, kernels");
    assert_eq!(categories[0].about, "Where the time goes.");
    assert_eq!(categories[1].name, "AI & ML");
    assert_eq!(categories[1].description, "");
    assert_eq!(categories[1].about, "");

    let glossary = catalog.glossary;
    assert_eq!(glossary.terms, ["Chainguard", "OPEA"]);
    assert_eq!(glossary.heard["Chainyard"], "Chainguard");

    let llm = catalog.llm.unwrap();
    assert_eq!(llm.provider, ProviderKind::OpenAi);
    let base_url = llm.base_url.unwrap();
    assert_eq!(base_url.as_str(), "http://localhost:11434/v1");
    assert_eq!(llm.model, "llama3.2");
    assert_eq!(llm.api_key_env.as_deref(), Some("OPENAI_API_KEY"));
    assert_eq!(llm.api_key_command, None);
    let header = |name: &str, value| RequestHeader {
        name: name.parse().unwrap(),
        value: vec![value],
    };
    let headers = [
        header(
            "http-referer",
            HeaderPiece::Text("https://example.org".into()),
        ),
        header("api-key", HeaderPiece::Variable("AZURE_KEY".into())),
    ];
    assert_eq!(llm.headers, headers);
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
    let files = fetch.caption_files.iter();
    let files: Vec<_> = files
        .map(|(id, file)| (id.as_str(), file.as_str()))
        .collect();
    assert_eq!(
        files,
        [
            ("-cBplHNM4RA", "2026/Keynote.SRT"),
            ("jAtrviDGpwE", "Caches – A. Name.vtt"),
        ]
    );
    assert_eq!(fetch.concurrency.get(), 3);
    assert_eq!(fetch.pause, Duration::from_millis(500));
    assert_eq!(fetch.timeout, Duration::from_secs(90));
    assert_eq!(
        fetch.yt_dlp.as_deref(),
        Some(Path::new("conf/tools/yt-dlp"))
    );
    assert_eq!(fetch.yt_dlp_args, ["--cookies-from-browser", "firefox"]);
}

#[test]
fn every_path_may_begin_at_home() {
    let home = std::env::home_dir().unwrap();
    let text = "title = \"T\"\noutput = \"~/o\"\ncache = \"~/c\"\ntalks = [\"jAtrviDGpwE\"]\n\
        [llm]\nmodel = \"m\"\napi_key_command = \"~/key.sh ~/arg\"\n\
        [fetch]\ncaptions = \"~/s\"\nyt_dlp = \"~/bin/yt-dlp\"\ncaption_files.jAtrviDGpwE = \"~/a.vtt\"\n";
    let catalog = parse(text).unwrap();
    let at_home = |path: &str| home.join(path);
    assert_eq!(catalog.output, at_home("o"));
    assert_eq!(catalog.cache, at_home("c"));
    assert_eq!(catalog.fetch.captions, at_home("s"));
    assert_eq!(catalog.fetch.yt_dlp, Some(at_home("bin/yt-dlp")));
    let mut files = catalog.fetch.caption_files.values().map(Path::new);
    assert_eq!(files.next(), Some(&*at_home("a.vtt")));
    let command = catalog.llm.unwrap().api_key_command.unwrap();
    assert_eq!(command.program, at_home("key.sh"));
    assert_eq!(command.arguments, ["~/arg"]);
}

#[test]
fn talks_are_ids_links_and_tables_in_the_organizers_order() {
    let catalog = parse(EVERYTHING).unwrap();
    let talk = |id: &str| Entry {
        id: TalkId::whole(id.parse().unwrap()),
        recording: None,
        captions: None,
        end: None,
        title: None,
        date: None,
        duration: None,
        speakers: Vec::new(),
        category: None,
        also: Vec::new(),
        summary: None,
        r#abstract: None,
        language: None,
        transcript: true,
        hide: false,
        approved: None,
    };
    let hidden = Entry {
        speakers: vec!["A. Name".into(), "B. Name".into()],
        category: Some("Performance".into()),
        summary: Some("S.".into()),
        r#abstract: Some("A.".into()),
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
fn a_recording_may_be_on_another_host() {
    let catalog = parse(
        r#"
title = "T"
talks = [
  { video = "https://media.example/it's a talk.mp4", title = "One" },
  { id = "-cBplHNM4RA", video = "https://media.example/two", title = "Two" },
  { video = "https://youtu.be/_9xohmSa2G8" },
  { id = "jAtrviDGpwE", video = "https://www.youtube.com/watch?v=jAtrviDGpwE" },
  { video = "https://media.example/day.webm", start = "0:10", title = "Three" },
  { video = "https://media.example/day.webm", start = "1:00:00", title = "Four" },
]
"#,
    );
    let talks = catalog.unwrap().talks;
    let shown = talks.iter().map(|entry| {
        let link = entry.recording.as_ref().map_or("-", Url::as_str);
        format!("{} {link}\n", entry.id)
    });
    expect![[r#"
        poiicmpetzx https://media.example/it%27s%20a%20talk.mp4
        -cBplHNM4RA https://media.example/two
        _9xohmSa2G8 -
        jAtrviDGpwE -
        bkebu7rc32x@0:10 https://media.example/day.webm
        bkebu7rc32x@1:00:00 https://media.example/day.webm
    "#]]
    .assert_eq(&shown.collect::<String>());
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
    assert_eq!(catalog.fetch.yt_dlp, None);
    let catalog = parse("title = \"T\"\n[llm]\nmodel = \"m\"").unwrap();
    let llm = catalog.llm.unwrap();
    assert_eq!(llm.concurrency.get(), 8);
    assert_eq!(llm.timeout, Duration::from_mins(2));
    assert_eq!((llm.base_url, llm.requests_per_minute), (None, None));
}

#[test]
fn a_provider_is_named_by_its_word() {
    for (word, provider) in [
        ("openai", ProviderKind::OpenAi),
        ("anthropic", ProviderKind::Anthropic),
        ("gemini", ProviderKind::Gemini),
        ("ollama", ProviderKind::Ollama),
    ] {
        let text = format!("title = \"T\"\n[llm]\nmodel = \"m\"\nprovider = \"{word}\"");
        assert_eq!(parse(&text).unwrap().llm.unwrap().provider, provider);
        assert_eq!(provider.name(), word);
        assert!(Url::parse(provider.default_base_url()).is_ok());
    }
}

#[test]
fn the_command_for_the_key_is_split_as_in_a_shell() {
    let command = |line: &str| {
        let text = format!("title = \"T\"\n[llm]\nmodel = \"m\"\napi_key_command = {line:?}");
        parse(&text).unwrap().llm.unwrap().api_key_command.unwrap()
    };
    for (line, program, arguments) in [
        ("pass show openai", "pass", ["show", "openai"].as_slice()),
        (
            "op read 'op://a vault/key'",
            "op",
            &["read", "op://a vault/key"],
        ),
        ("./key.sh", "conf/key.sh", &[]),
        ("key '$HOME; rm *'", "key", &["$HOME; rm *"]),
    ] {
        let command = command(line);
        assert_eq!(command.program, Path::new(program));
        assert_eq!(command.arguments, arguments);
    }
}

#[test]
fn line_ends_of_windows_and_a_byte_order_mark_are_fine() {
    let text = format!("\u{feff}{}", EVERYTHING.replace('\n', "\r\n"));
    assert_eq!(parse(&text).unwrap().talks.len(), 4);
    let talk = "title = \"T\"\r\ntalks = [{ id = \"jAtrviDGpwE\", abstract = \"\"\"\r\nOne.\r\n\r\nTwo.\r\n\"\"\" }]\r\n";
    let talk = &parse(talk).unwrap().talks[0];
    assert_eq!(talk.r#abstract.as_deref(), Some("One.\n\nTwo."));
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

fn categories(toml: &str) -> Categories {
    parse(&format!("title = \"T\"\n{toml}")).unwrap().categories
}

#[test]
fn a_category_is_found_whatever_its_case() {
    let categories = categories("categories = [{ name = \"AI\" }, { name = \"Über\" }]");
    let named = |name: &str| categories.named(name).map(|found| found.name.as_str());
    for (name, found) in [
        ("AI", Some("AI")),
        ("ai", Some("AI")),
        (" AI\n", Some("AI")),
        ("ÜBER", Some("Über")),
        ("U\u{308}ber", Some("Über")),
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
        titles = ["*benchmark*", "*ÜBER*"]
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
        ("Everything u\u{308}ber alles", Some("Performance")),
        ("I/O", Some("Everything with a slash")),
        ("/leading", Some("Everything with a slash")),
        ("Nothing of the kind", None),
        ("", None),
    ] {
        assert_eq!(by_title(title), found, "{title}");
    }
}
