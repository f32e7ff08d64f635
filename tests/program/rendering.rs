//! The page from the cache: stale results, strictness, printing, templates.

use expect_test::expect;
use serde_json::json;

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
        <p dir="auto">Caches that can be explained are trusted by the people who have to live with them. Keys made of every input and writes that survive a power cut turn out to be enough.</p>
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
async fn the_html_page_is_as_it_should_be() {
    let html = two_talks().await.read("page/index.html");
    let (_, body) = html.split_once("</head>").unwrap();
    expect![[r##"

        <body>
        <a class="skip" href="#page.talks">Skip to the talks</a>
        <header>
        <h1>Test Conf</h1>
        <p class="count">2 talks, about 11 minutes</p>
        </header>
        <nav aria-labelledby="page.contents">
        <h2 id="page.contents">Contents</h2>
        <ul>
        <li><a href="#systems">Systems <span>1</span></a></li>
        <li><a href="#uncategorized">Uncategorized <span>1</span></a></li>
        </ul>
        </nav>
        <main id="page.talks">
        <section aria-labelledby="systems">
        <h2 id="systems">Systems <span>1 video</span></h2>
        <p class="about">caches, schedulers, storage</p>
        <div class="cards">
        <article id="talk.rustyCache1">
        <a class="picture" href="https://www.youtube.com/watch?v=rustyCache1" tabindex="-1" aria-hidden="true"><img src="https://i.ytimg.com/vi/rustyCache1/hqdefault.jpg" width="480" height="360" loading="lazy" decoding="async" alt=""></a>
        <div class="words">
        <h3><a href="https://www.youtube.com/watch?v=rustyCache1">Caches &amp; &lt;Keys&gt;</a></h3>
        <p class="facts">2026-06-12 · 10:00</p>
        <p class="text">Caches that can be explained are trusted by the people who have to live with them. Keys made of every input and writes that survive a power cut turn out to be enough.</p>
        </div>
        </article>
        </div>
        </section>
        <section aria-labelledby="uncategorized">
        <h2 id="uncategorized">Uncategorized <span>1 video</span></h2>
        <div class="cards">
        <article id="talk.noCaptions1">
        <a class="picture" href="https://www.youtube.com/watch?v=noCaptions1" tabindex="-1" aria-hidden="true"><img src="https://i.ytimg.com/vi/noCaptions1/hqdefault.jpg" width="480" height="360" loading="lazy" decoding="async" alt=""></a>
        <div class="words">
        <h3><a href="https://www.youtube.com/watch?v=noCaptions1">Silent</a></h3>
        <p class="facts">1:00</p>
        <p class="missing">No summary yet.</p>
        </div>
        </article>
        </div>
        </section>
        </main>
        <footer>
        <p>Summaries were written by a language model from what was said.</p>
        </footer>
        </body>
        </html>
    "##]].assert_eq(body);
}
