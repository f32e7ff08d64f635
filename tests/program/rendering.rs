//! The page from the cache: stale results, strictness, printing, templates.

use std::fs;

use expect_test::expect;
use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::project::{Project, SUMMARY, completion, talks, video};

#[tokio::test]
async fn an_edited_prompt_never_breaks_the_page() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    let prompt =
        include_str!("../../prompts/summary.hbs").replace("Be concrete", "Be very concrete");
    project.put("prompts/summary.hbs", &prompt);
    project
        .run("render")
        .await
        .ended(0)
        .says("1 result is stale");
    assert!(project.read("page/page.md").contains(SUMMARY[0]));
    project
        .run("render --strict")
        .await
        .ended(1)
        .says("`--strict` refuses");

    let newer = json!({ "first_sentence": SUMMARY[1], "second_sentence": SUMMARY[0] });
    project.reply("summary", [completion(&newer)]);
    project.run("build").await.ended(0);
    project.run("render --strict").await.ended(0);
    assert!(
        project
            .read("page/classic.md")
            .contains(&format!("{} {}", SUMMARY[1], SUMMARY[0]))
    );
}

#[tokio::test]
async fn new_categories_ask_only_the_small_request() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    let catalog = project
        .read("catalog.toml")
        .replace("caches, schedulers, storage", "what runs below");
    project.put("catalog.toml", &catalog);
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    assert_eq!(requests.len(), 3);
    assert!(requests[2].to_string().contains("none_fits"));
}

#[tokio::test]
async fn readers_see_what_is_about_a_category_and_models_what_describes_it() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let format = "formats = [\"markdown\", \"html\", \"json\", \"classic\"]";
    let catalog = project.read("catalog.toml");
    let catalog = catalog.replace("formats = [\"markdown\", \"html\", \"classic\"]", format);
    project.put("catalog.toml", &catalog);
    project.run("build").await.ended(0);
    let classic = project.read("page/classic.md");
    let description = "description = \"caches, schedulers, storage\"";
    let about = format!("{description}\nabout = \"For <everybody> who waits.\"");
    project.put("catalog.toml", &catalog.replace(description, &about));
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    assert_eq!(requests.len(), 2, "{requests:#?}");
    assert!(requests[1].to_string().contains("caches, schedulers"));

    let html = Html::parse_document(&project.read("page/index.html"));
    let about = Selector::parse(".about").unwrap();
    let shown = html.select(&about);
    let shown: Vec<String> = shown.map(|about| about.text().collect()).collect();
    assert_eq!(shown, ["For <everybody> who waits."]);
    let page: Value = serde_json::from_str(&project.read("page/page.json")).unwrap();
    assert_eq!(page["categories"][0]["about"], "For <everybody> who waits.");
    for file in ["page/index.html", "page/page.md", "page/page.json"] {
        assert!(!project.read(file).contains("schedulers"), "{file}");
    }
    assert_eq!(project.read("page/classic.md"), classic);
}

#[tokio::test]
async fn one_format_can_be_printed() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    let ran = project
        .run("render --format classic --output -")
        .await
        .ended(0);
    assert_eq!(ran.stdout, project.read("page/classic.md"));
    project
        .run("render --output -")
        .await
        .ended(2)
        .says("prints one format");
    project
        .run("render --format pdf")
        .await
        .ended(2)
        .says("pdf");
    project
        .run("render --format html --output elsewhere/site")
        .await
        .ended(0)
        .says("wrote elsewhere/site/index.html");
}

#[tokio::test]
async fn a_page_is_made_again_where_it_would_be_another_or_is_not_there_as_it_was_written() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project
        .run("build")
        .await
        .ended(0)
        .says("wrote page/page.md");
    let page = project.read("page/page.md");
    let up_to_date = "page/page.md is up to date";
    let wrote = "wrote page/page.md";
    for command in ["build", "render", "render --format markdown"] {
        project.run(command).await.ended(0).says(up_to_date);
    }
    assert_eq!(project.read("page/page.md"), page);

    let edited = page.replace("Systems", "Systemic");
    project.put("page/page.md", &edited);
    project.run("build").await.ended(0).says(wrote);
    assert_eq!(project.read("page/page.md"), page);
    fs::remove_file(project.path("page/page.md")).unwrap();
    project.run("render").await.ended(0).says(wrote);
    assert_eq!(project.read("page/page.md"), page);

    project.put("templates/page.md.hbs", "{{title}}\n");
    project.run("render").await.ended(0).says(wrote);
    assert_ne!(project.read("page/page.md"), page);
    fs::remove_file(project.path("templates/page.md.hbs")).unwrap();
    let catalog = project.read("catalog.toml");
    project.put(
        "catalog.toml",
        &format!("url = \"https://a.example\"\n{catalog}"),
    );
    let html = project.read("page/index.html");
    project
        .run("render")
        .await
        .ended(0)
        .says("wrote page/index.html");
    assert_ne!(project.read("page/index.html"), html);
    assert_eq!(project.read("page/page.md"), page);
}

#[tokio::test]
async fn a_template_of_the_organizer_wins_and_a_broken_one_is_named() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put(
        "templates/page.md.hbs",
        "{{#each sections}}{{name}}: {{count}}\n{{/each}}",
    );
    project.run("build").await.ended(0);
    assert_eq!(project.read("page/page.md"), "Systems: 1\n");
    project.put(
        "templates/page.md.hbs",
        "{{#each sections}}\n{{nmae}}{{/each}}",
    );
    project
        .run("render")
        .await
        .ended(2)
        .says("page.md.hbs")
        .says("line 2: there is no field `nmae`");
    project.put("templates/page.md.hbs", "{{#each sections}}");
    project
        .run("render")
        .await
        .ended(2)
        .says("templates/page.md.hbs");
    project.put("prompts/summary.hbs", "{{titel}}\n--- user ---\n");
    project.run("build").await.ended(2);
}

/// Two talks, one of them with nothing to summarize.
async fn two_talks() -> Project {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let mut talk = video("rustyCache1");
    talk["title"] = json!("Caches & <Keys>");
    project.put_video("rustyCache1", &talk);
    project.put_video("noCaptions1", &json!({ "title": "Silent", "duration": 60 }));
    project.catalog(
        &talks(&["rustyCache1", "noCaptions1"]),
        &project.llm_table(),
    );
    project.run("build").await.ended(3);
    project
}

#[tokio::test]
async fn the_markdown_page_is_as_it_should_be() {
    expect![[r##"
        # Test Conf

        2 talks, about 11 minutes.

        <a id="contents"></a>

        ## Contents

        - [Systems](#systems) (1 video)
        - [Uncategorized](#uncategorized) (1 video)

        <a id="systems"></a>

        ## Systems

        <table><tr>
        <td width="30%" valign="top"><a href="https://www.youtube.com/watch?v=rustyCache1"><img src="https://i.ytimg.com/vi/rustyCache1/hqdefault.jpg" width="200" alt="Caches &amp; &lt;Keys&gt;"></a></td>
        <td valign="top">
        <h3 dir="auto"><a href="https://www.youtube.com/watch?v=rustyCache1">Caches &amp; &lt;Keys&gt;</a></h3>
        <p dir="auto"><sub>2026-06-12 · 10:00</sub></p>
        <p dir="auto">Caches that can be explained are trusted by the people who have to live with them. <sub>(<a href="https://www.youtube.com/watch?v=rustyCache1&amp;t=0s">0:00</a>)</sub> Keys made of every input and writes that survive a power cut turn out to be enough.</p>
        <details><summary>Where it is said</summary><ul>
        <li dir="auto"><a href="https://www.youtube.com/watch?v=rustyCache1&amp;t=0s">0:00</a> <q>hello and welcome so today we look at a cache that everybody in the team can explain</q></li>
        </ul></details>
        <p align="right"><sub><a href="#contents">back to top</a></sub></p>
        </td>
        </tr></table>

        <a id="uncategorized"></a>

        ## Uncategorized

        <table><tr>
        <td width="30%" valign="top"><a href="https://www.youtube.com/watch?v=noCaptions1"><img src="https://i.ytimg.com/vi/noCaptions1/hqdefault.jpg" width="200" alt="Silent"></a></td>
        <td valign="top">
        <h3 dir="auto"><a href="https://www.youtube.com/watch?v=noCaptions1">Silent</a></h3>
        <p dir="auto"><sub>1:00</sub></p>
        <p align="right"><sub><a href="#contents">back to top</a></sub></p>
        </td>
        </tr></table>

        <sub>Summaries were written by a language model.</sub>
    "##]]
    .assert_eq(&two_talks().await.read("page/page.md"));
}

#[tokio::test]
async fn the_classic_page_is_as_the_origin_writes_it() {
    expect![[r#"
        # Test Conf

        <h2 id='table-of-contents'>Table of Contents</h2>

        - [Systems](#systems) (1 videos)
        - [Uncategorized](#uncategorized) (1 videos)



        <h2 id='systems'>Systems</h2>


        <table style='border: none; border-collapse: collapse; width: 100%;'><tr style='border: none;'>
        <td width='30%' style='border: none;'><a href='https://www.youtube.com/watch?v=rustyCache1'><img src='https://img.youtube.com/vi/rustyCache1/0.jpg' width='200'></a></td>
        <td valign='top' style='border: none;'>
        <h3><a href='https://www.youtube.com/watch?v=rustyCache1'>Caches & &lt;Keys&gt;</a></h3>
        Caches that can be explained are trusted by the people who have to live with them. Keys made of every input and writes that survive a power cut turn out to be enough.
        <div style='text-align: right; font-size: 0.8em;'><a href='#table-of-contents'>back to top</a></div>
        </td>
        </tr></table>

        <h2 id='uncategorized'>Uncategorized</h2>


        <table style='border: none; border-collapse: collapse; width: 100%;'><tr style='border: none;'>
        <td width='30%' style='border: none;'><a href='https://www.youtube.com/watch?v=noCaptions1'><img src='https://img.youtube.com/vi/noCaptions1/0.jpg' width='200'></a></td>
        <td valign='top' style='border: none;'>
        <h3><a href='https://www.youtube.com/watch?v=noCaptions1'>Silent</a></h3>

        <div style='text-align: right; font-size: 0.8em;'><a href='#table-of-contents'>back to top</a></div>
        </td>
        </tr></table>
    "#]].assert_eq(&two_talks().await.read("page/classic.md"));
}

#[tokio::test]
async fn a_part_of_the_html_page_can_be_replaced_alone() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.put(
        "templates/html/card.hbs",
        "<p>{{title}}, {{category}}</p>\n",
    );
    project.put("templates/html/style.css", "p { color: teal }");
    project.run("build").await.ended(0);
    let page = project.read("page/index.html");
    assert!(page.contains(
        "<div class=\"cards\">\n<p>How rustyCache1 was made &amp; measured, Systems</p>\n</div>"
    ));
    assert!(page.contains("p { color: teal }</style>"));
    assert!(page.contains("style-src 'sha256-"));

    project.put("templates/html/card.hbs", "<p>{{title}}\n{{sumary}}</p>");
    project
        .run("render")
        .await
        .ended(2)
        .says("html/card.hbs")
        .says("line 2: there is no field `sumary`");
    project.put("templates/html/card.hbs", "{{#if title}}");
    project
        .run("render")
        .await
        .ended(2)
        .says("templates/html/card.hbs");
}

#[tokio::test]
async fn a_page_links_the_feed_that_is_made_beside_it() {
    let project = two_talks().await;
    let link =
        r#"<link rel="alternate" type="application/atom+xml" title="Test Conf" href="feed.xml">"#;
    assert!(!project.read("page/index.html").contains("atom+xml"));
    project.run("render --format html,feed").await.ended(3);
    assert!(project.read("page/index.html").contains(link));

    let catalog = project
        .read("catalog.toml")
        .replace("\"classic\"", "\"feed\"");
    project.put("catalog.toml", &catalog);
    project.run("render --format html").await.ended(3);
    assert!(project.read("page/index.html").contains(link));
}

#[tokio::test]
async fn what_the_page_itself_says_is_in_its_language_or_else_in_english() {
    let project = two_talks().await;
    let catalog = project.read("catalog.toml");
    let render = async |language: &str| {
        let catalog = format!("language = \"{language}\"\n{catalog}");
        project.put("catalog.toml", &catalog);
        project.run("render --format html").await.ended(3);
        let page = project.read("page/index.html");
        assert!(page.contains(&format!("<html lang=\"{language}\">")));
        Html::parse_document(&page)
    };
    let said = |page: &Html, language: &str| -> Vec<String> {
        let own = Selector::parse(&format!("body [lang={language}]")).unwrap();
        page.select(&own)
            .map(|part| part.text().collect())
            .collect()
    };
    let german = render("de").await;
    let italian = render("it").await;
    let of_pages = [
        (
            said(&german, "de"),
            [
                "Inhalt",
                "Noch keine Zusammenfassung.",
                "12. Juni 2026",
                "Zu den Vorträgen",
            ],
        ),
        (
            said(&italian, "en"),
            [
                "Contents",
                "No summary yet.",
                "12 June 2026",
                "Skip to the talks",
            ],
        ),
    ];
    for (own, words) in of_pages {
        for words in words {
            assert!(own.iter().any(|part| part.contains(words)), "{words}");
        }
        for words in [SUMMARY[0], "caches, schedulers, storage"] {
            assert!(!own.iter().any(|part| part.contains(words)), "{words}");
        }
    }
}

#[tokio::test]
async fn the_html_page_is_as_it_should_be() {
    let html = two_talks().await.read("page/index.html");
    let (_, body) = html.split_once("</head>").unwrap();
    let (body, _) = body.split_once("<script").unwrap();
    expect![[r##"

        <body>
        <a class="skip" lang="en" href="#page.talks">Skip to the talks</a>
        <header class="masthead">
        <h1 dir="auto">Test Conf</h1>
        <ul class="figures" lang="en">
        <li>12 June 2026</li>
        <li><strong>2</strong> talks</li>
        <li><strong>11</strong> minutes</li>
        <li><strong>1</strong> category</li>
        </ul>
        <svg class="overview" aria-hidden="true" viewBox="0 0 2 1" preserveAspectRatio="none">
        <a href="#systems" tabindex="-1"><title>Systems: 1 talk</title><rect class="color-15" x="0" width="1" height="1"/></a>
        <a href="#uncategorized" tabindex="-1"><title>Uncategorized: 1 talk</title><rect class="color-0" x="1" width="1" height="1"/></a>
        </svg>
        </header>
        <div class="columns">
        <nav class="contents" aria-labelledby="page.contents">
        <h2 id="page.contents" lang="en">Contents</h2>
        <ul>
        <li><a class="color-15" href="#systems"><span class="name" dir="auto">Systems</span> <span class="count">1</span></a></li>
        <li><a class="color-0" href="#uncategorized"><span class="name" dir="auto">Uncategorized</span> <span class="count">1</span></a></li>
        </ul>
        </nav>
        <main id="page.talks" tabindex="-1" data-view="pictures">
        <div id="page.controls">
        <template>
        <form class="controls" lang="en" role="search" aria-label="Talks" autocomplete="off">
        <div class="find"><label class="hidden-text" for="page.q">Search</label><input id="page.q" name="q" type="search" placeholder="Search 2 talks" spellcheck="false" enterkeyhint="search" aria-keyshortcuts="/"><output for="page.q"></output><kbd aria-hidden="true">/</kbd></div>
        <button type="button" class="open" popovertarget="page.filter">Filter</button>
        <div class="field order"><label for="page.sort">Order</label><select id="page.sort" name="sort"><option value="">By category</option><option value="newest">Newest first</option><option value="oldest">Oldest first</option><option value="shortest">Shortest first</option><option value="longest">Longest first</option><option value="title">By title</option></select></div>
        <fieldset class="views"><legend>View</legend><label><input type="radio" name="view" value="titles"><span>Titles</span></label><label><input type="radio" name="view" value="summaries"><span>Summaries</span></label><label><input type="radio" name="view" value="pictures"><span>Pictures</span></label></fieldset>
        <div class="panel" id="page.filter" popover role="group" aria-label="Filter">
        <div class="field"><label for="page.category">Category</label><select id="page.category" name="category" lang="en"><option value="" lang="en">All</option></select></div>
        <div class="field"><label for="page.speaker">Speaker</label><input id="page.speaker" name="speaker" list="page.speakers" placeholder="A name" spellcheck="false"><datalist id="page.speakers"></datalist></div>
        <div class="field"><label for="page.language">Language</label><select id="page.language" name="language"><option value="">All</option></select></div>
        <div class="field"><label for="page.length">Length</label><select id="page.length" name="length"><option value="">Any</option></select></div>
        <button type="button" class="close" popovertarget="page.filter" popovertargetaction="hide">Close</button>
        </div>
        </form>
        <div class="outcome" lang="en" hidden><p class="none"></p><p class="offers"></p><p class="chips"></p></div>
        <section class="sorted" aria-labelledby="page.sorted" hidden><h2 id="page.sorted" lang="en"></h2><div class="cards"></div></section>
        <dialog class="consent" lang="en" aria-labelledby="page.consent">
        <h2 id="page.consent">Play this talk here?</h2>
        <p>The player comes from youtube-nocookie.com. Once it is loaded, YouTube sees your address and may store data in this browser.</p>
        <p><label><input type="checkbox"> Do not ask again in this browser</label></p>
        <p class="choices"><button type="button" class="play" autofocus>Play here</button> <a href="https://www.youtube.com/" target="_blank" rel="noopener">Watch on YouTube</a> <button type="button" class="cancel">Cancel</button></p>
        </dialog>
        <p class="withdraw" lang="en" hidden>Talks play here without asking, as you chose. <button type="button">Ask again</button></p>
        </template>
        </div>
        <section class="color-15" aria-labelledby="systems">
        <h2 id="systems" dir="auto">Systems <span class="count" lang="en">1 talk, 10 minutes</span></h2>
        <div class="cards">
        <article class="card color-15" id="talk.rustyCache1" data-video="rustyCache1" data-part="" data-seconds="600" data-date="2026-06-12">
        <a class="picture" href="https://www.youtube.com/watch?v=rustyCache1" tabindex="-1" aria-hidden="true" data-length="10:00"><img src="https://i.ytimg.com/vi/rustyCache1/hqdefault.jpg" width="480" height="360" loading="lazy" decoding="async" referrerpolicy="no-referrer" alt=""></a>
        <div class="words">
        <p class="category" dir="auto">Systems</p>
        <h3 dir="auto"><a href="https://www.youtube.com/watch?v=rustyCache1">Caches &amp; &lt;Keys&gt;</a></h3>
        <p class="facts"><span class="length">10:00</span><a class="source" lang="en" href="#page.sources">Written by a model</a><a class="anchor" lang="en" href="#talk.rustyCache1"><span>Link</span><span class="hidden-text"> to Caches &amp; &lt;Keys&gt;</span></a></p>
        <p class="text" dir="auto"><span class="sentence">Caches that can be explained are trusted by the people who have to live with them.</span>&nbsp;<a class="moment" href="https://www.youtube.com/watch?v=rustyCache1&amp;t=0s" lang="en" aria-label="Listen at 0:00" title="Listen at 0:00">0:00</a> <span class="sentence">Keys made of every input and writes that survive a power cut turn out to be enough.</span></p>
        <details>
        <summary lang="en">Where it is said</summary>
        <ol>
        <li><a href="https://www.youtube.com/watch?v=rustyCache1&amp;t=0s"><span>0:00</span> <q dir="auto">hello and welcome so today we look at a cache that everybody in the team can explain</q></a></li>
        </ol>
        </details>
        </div>
        </article>
        </div>
        </section>
        <section class="color-0" aria-labelledby="uncategorized">
        <h2 id="uncategorized" dir="auto">Uncategorized <span class="count" lang="en">1 talk, 1 minute</span></h2>
        <div class="cards">
        <article class="card color-0" id="talk.noCaptions1" data-video="noCaptions1" data-part="" data-seconds="60">
        <a class="picture" href="https://www.youtube.com/watch?v=noCaptions1" tabindex="-1" aria-hidden="true" data-length="1:00"><img src="https://i.ytimg.com/vi/noCaptions1/hqdefault.jpg" width="480" height="360" loading="lazy" decoding="async" referrerpolicy="no-referrer" alt=""></a>
        <div class="words">
        <p class="category" dir="auto">Uncategorized</p>
        <h3 dir="auto"><a href="https://www.youtube.com/watch?v=noCaptions1">Silent</a></h3>
        <p class="facts"><span class="length">1:00</span><a class="anchor" lang="en" href="#talk.noCaptions1"><span>Link</span><span class="hidden-text"> to Silent</span></a></p>
        <p class="missing" lang="en">No summary yet.</p>
        </div>
        </article>
        </div>
        </section>
        </main>
        </div>
        <footer lang="en">
        <div id="page.sources">
        <p>“Written by a model” says that a language model wrote the two sentences from what was said in the talk.</p>
        </div>
        </footer>
    "##]].assert_eq(body);
}

#[tokio::test]
async fn a_talk_leads_to_those_that_are_like_it() {
    let about = |id: &str, title: &str, summary: &str| {
        format!("{{ id = \"{id}\", title = \"{title}\", summary = \"{summary}\" }}")
    };
    let talks = [
        about(
            "sourdough01",
            "Baking with rye",
            "Sourdough wants patience. Flour matters.",
        ),
        about(
            "soldering01",
            "Irons",
            "Flux for every solder. Fumes are bad.",
        ),
        about(
            "sourdough02",
            "Rye of the Alps",
            "Flour from high valleys. Sourdough <i>lasts</i>.",
        ),
    ];
    let catalog = |formats: &str| {
        format!(
            "title = \"T\"\nformats = {formats}\ntalks = [{}]\n",
            talks.join(", ")
        )
    };
    let project = Project::with_catalog(&catalog(r#"["html", "json", "markdown"]"#)).await;
    project.run("render").await.ended(0);
    let page: Value = serde_json::from_str(&project.read("page/page.json")).unwrap();
    let of = |talk: usize| &page["talks"][talk]["similar"];
    assert_eq!(
        *of(0),
        json!([{
            "id": "sourdough02",
            "title": "Rye of the Alps",
            "url": "https://www.youtube.com/watch?v=sourdough02",
            "conference": null,
            "words": of(0)[0]["words"],
        }])
    );
    let mut words: Vec<&str> = of(0)[0]["words"]
        .as_array()
        .unwrap()
        .iter()
        .map(|word| word.as_str().unwrap())
        .collect();
    words.sort_unstable_by_key(|word| word.to_lowercase());
    assert_eq!(words, ["Flour", "rye", "Sourdough"]);
    assert_eq!(*of(1), json!([]));
    let html = Html::parse_document(&project.read("page/index.html"));
    let similar = Selector::parse(".similar a").unwrap();
    let links: Vec<_> = html
        .select(&similar)
        .map(|link| link.attr("href").unwrap())
        .collect();
    assert_eq!(links, ["#talk.sourdough02", "#talk.sourdough01"]);
    assert!(!project.read("page/page.md").contains("imilar"));
    let made = project.read("page/index.html");
    project.run("render").await.ended(0);
    assert_eq!(project.read("page/index.html"), made);
}

#[tokio::test]
async fn a_talk_may_belong_to_other_categories_too() {
    let catalog = |also: &str| {
        format!(
            r#"
            title = "T"
            formats = ["html", "json", "csv", "classic"]
            talks = [{{ id = "rustyCache1", title = "One", summary = "S. T.", category = "B"{also} }}]
            [[categories]]
            name = "A & <i>"
            [[categories]]
            name = "B"
            "#
        )
    };
    let project = Project::with_catalog(&catalog("")).await;
    project.run("render").await.ended(0);
    let classic = project.read("page/classic.md");
    project.put("catalog.toml", &catalog(r#", also = ["a & <I>"]"#));
    project.run("render").await.ended(0);
    let html = Html::parse_document(&project.read("page/index.html"));
    let texts = |selector: &str| -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        html.select(&selector)
            .map(|found| found.text().collect())
            .collect()
    };
    assert_eq!(texts(".also"), ["A & <i>"]);
    assert_eq!(texts("section .category"), ["B"]);
    let page: Value = serde_json::from_str(&project.read("page/page.json")).unwrap();
    assert_eq!(page["talks"][0]["also"], json!(["A & <i>"]));
    assert!(project.read("page/page.csv").contains(",A & <i>"));
    assert_eq!(project.read("page/classic.md"), classic);
}
