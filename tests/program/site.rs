//! Many conferences on one site, made from their caches alone.

use std::fs;
use std::path::Path;

use crate::project::Project;

/// A catalog whose talks need neither a visit nor a model.
fn catalog(title: &str, talk: &str) -> String {
    format!(
        r#"
        title = "{title}"
        formats = ["markdown"]
        talks = [{{ id = "{talk}", title = "About {talk}", summary = "One. Two.", category = "Systems" }}]
        [[categories]]
        name = "Systems"
        "#
    )
}

async fn three() -> Project {
    let project = Project::with_catalog("").await;
    project.put("a/catalog.toml", &catalog("Example Conf", "firstOfAll1"));
    let second = catalog("Example Conf", "secondOfAll");
    project.put("b/catalog.toml", &format!("slug = \"second\"\n{second}"));
    project.put("c.toml", &catalog("Third & Last", "thirdOfAll1"));
    project
}

/// All files under a folder, by their paths from there.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            let within = self::files(&entry.path());
            files.extend(
                within
                    .into_iter()
                    .map(|(path, text)| (format!("{name}/{path}"), text)),
            );
        } else {
            files.push((name, fs::read_to_string(entry.path()).unwrap()));
        }
    }
    files.sort();
    files
}

#[tokio::test]
async fn each_conference_has_a_folder_and_the_index_leads_there() {
    let project = three().await;
    let ran = project
        .run("site a b/catalog.toml c.toml --title All")
        .await;
    ran.ended(0)
        .says("wrote site/index.html with 3 conferences");
    let made = files(&project.path("site"));
    let names: Vec<&str> = made.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        ".proceedings-site.json",
        "example-conf/index.html",
        "example-conf/page.md",
        "feed.xml",
        "index.html",
        "search.js",
        "second/index.html",
        "second/page.md",
        "third-last/index.html",
        "third-last/page.md",
    ];
    assert_eq!(names, expected);
    let index = project.read("site/index.html");
    for link in ["example-conf/", "second/", "third-last/"] {
        assert!(
            index.contains(&format!("href=\"{link}index.html\"")),
            "{link}"
        );
    }
    let page = project.read("site/second/index.html");
    assert!(page.contains("<a href=\"../index.html\" dir=\"auto\">All</a>"));
    assert!(page.contains("id=\"talk.secondOfAll\""));
    assert!(project.read("site/search.js").contains("talk.secondOfAll"));

    project
        .run("site a b c.toml --title All --output again")
        .await
        .ended(0);
    assert_eq!(files(&project.path("again")), made);
    project
        .run("--catalog a/catalog.toml render --format html")
        .await
        .ended(0);
    assert!(!project.read("a/page/index.html").contains("../index.html"));
}

#[tokio::test]
async fn talks_of_other_conferences_are_similar_too() {
    let project = Project::with_catalog("").await;
    for (folder, talk, title) in [
        ("a", "sourdough01", "Baking rye sourdough"),
        ("b", "sourdough02", "Rye sourdough of the Alps"),
    ] {
        let catalog = catalog(&format!("Conf {folder}"), talk);
        let catalog = catalog.replace(&format!("About {talk}"), title);
        project.put(&format!("{folder}/catalog.toml"), &catalog);
    }
    project.run("site a b").await.ended(0);
    let page = project.read("site/conf-a/index.html");
    let link = "<a href=\"../conf-b/index.html#talk.sourdough02\" dir=\"auto\">Rye sourdough of the Alps</a> <cite>Conf b</cite>";
    assert!(page.contains(link), "{page}");
    let search = project.read("site/search.js");
    assert!(
        search.contains("[\"../conf-a/index.html#talk.sourdough01\",\""),
        "{search}"
    );
    let made = files(&project.path("site"));
    project.run("site b a").await.ended(0);
    let again = files(&project.path("site"));
    for (name, text) in made.iter().filter(|(name, _)| name.starts_with("conf-")) {
        assert!(again.contains(&(name.clone(), text.clone())), "{name}");
    }

    // What another conference has no longer is gone from this page, too.
    let catalog = catalog("Conf b", "somethingElse");
    project.put(
        "b/catalog.toml",
        &catalog.replace("somethingElse", "other_talk_"),
    );
    project.run("site a b").await.ended(0);
    assert!(
        !project
            .read("site/conf-a/index.html")
            .contains("sourdough02")
    );
}

#[tokio::test]
async fn a_site_that_knows_its_address_has_what_crawlers_and_lost_readers_look_for() {
    let project = three().await;
    let own = catalog("Third & Last", "thirdOfAll1");
    project.put(
        "c.toml",
        &format!("pages = true\nurl = \"https://third.example/\"\n{own}"),
    );
    project.put("site/robots.txt", "User-agent: *\nDisallow: /drafts/\n");
    let run = async || {
        let ran = project
            .run("site a c.toml --title All --url https://talks.example")
            .await;
        ran.ended(0)
    };
    run().await;
    let index = project.read("site/index.html");
    assert!(index.contains("<link rel=\"canonical\" href=\"https://talks.example/\">"));
    let page = project.read("site/example-conf/index.html");
    assert!(page.contains("<link rel=\"canonical\" href=\"https://talks.example/example-conf/\">"));
    let sitemap = project.read("site/third-last/sitemap.xml");
    assert!(
        sitemap.contains("<loc>https://third.example/talk/thirdOfAll1/</loc>"),
        "{sitemap}"
    );
    let not_found = project.read("site/404.html");
    assert!(not_found.contains("<form action=\"https://talks.example/\""));
    let llms = project.read("site/llms.txt");
    assert!(
        llms.contains("(https://talks.example/example-conf/page.md)"),
        "{llms}"
    );
    // Whoever has rules of their own keeps them.
    assert!(project.read("site/robots.txt").contains("/drafts/"));
    fs::remove_file(project.path("site/robots.txt")).unwrap();
    run().await;
    assert!(
        project
            .read("site/robots.txt")
            .contains("Sitemap: https://talks.example/sitemap.xml")
    );

    project.run("site a c.toml --title All").await.ended(0);
    for gone in [
        "404.html",
        "sitemap.xml",
        "robots.txt",
        "llms.txt",
        "example-conf/sitemap.xml",
    ] {
        assert!(!project.path(&format!("site/{gone}")).exists(), "{gone}");
    }
    assert!(project.path("site/third-last/sitemap.xml").exists());
    project
        .run("site a --url talks.example")
        .await
        .ended(2)
        .says("write a whole address");
}

#[tokio::test]
async fn a_page_keeps_its_folder_whatever_else_is_on_the_site() {
    let project = three().await;
    project.run("site a b c.toml").await.ended(0);
    let page = project.read("site/example-conf/index.html");
    project.run("site c.toml b a").await.ended(0);
    assert_eq!(project.read("site/example-conf/index.html"), page);

    project.put("b/catalog.toml", &catalog("Example Conf", "secondOfAll"));
    let ran = project.run("site a b").await.ended(2);
    let ran =
        ran.says("a/catalog.toml and b/catalog.toml would use the same folder `example-conf`");
    ran.says("slug = ");
    assert!(project.path("site/second/index.html").exists());
}

#[tokio::test]
async fn what_was_taken_out_leaves_the_site_and_nothing_of_others_does() {
    let project = three().await;
    project.run("site a b c.toml").await.ended(0);
    project.put("site/third-last/logo.svg", "<svg/>");
    project.put("site/mine/index.html", "mine");
    project.put("b/catalog.toml", "title = 1\n");
    project.run("site a b").await.ended(3);
    assert!(project.path("site/second/index.html").exists());
    assert!(project.path("site/third-last/index.html").exists());

    let ran = project.run("site a").await.ended(0);
    ran.says("removed site/second/index.html")
        .says("removed site/third-last/page.md");
    let left = files(&project.path("site"));
    let left: Vec<&str> = left.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        ".proceedings-site.json",
        "example-conf/index.html",
        "example-conf/page.md",
        "feed.xml",
        "index.html",
        "mine/index.html",
        "search.js",
        "third-last/logo.svg",
    ];
    assert_eq!(left, expected);
    assert!(!project.path("site/second").exists());

    project.run("site a c.toml").await.ended(0);
    project.put("site/third-last/index.html", "moved");
    let ran = project.run("site a").await.ended(0);
    ran.says("site/third-last/index.html stays, although no catalog makes it any more");
    assert_eq!(project.read("site/third-last/index.html"), "moved");
    let ran = project.run("site a c.toml").await.ended(1);
    ran.says("`site/third-last/index.html` was not written by this program");
    fs::remove_file(project.path("site/third-last/index.html")).unwrap();

    project.put("site/.proceedings-site.json", "{");
    let ran = project.run("site b c.toml").await.ended(3);
    ran.says("cannot be read, so all of them stay");
    project.run("site c.toml").await.ended(0);
    assert!(project.path("site/example-conf/index.html").exists());
}

#[tokio::test]
async fn a_broken_conference_is_named_and_costs_itself_alone() {
    let project = three().await;
    project.put("b/catalog.toml", "title = 1\n");
    project.put(
        "c/catalog.toml",
        &catalog("Empty", "noSummary__").replace("summary", "abstract"),
    );
    let ran = project.run("site b a ./a c nowhere").await.ended(3);
    let ran = ran
        .says("./a/catalog.toml was named twice; it counts once")
        .says("b/catalog.toml:1:")
        .says("b/catalog.toml is left out of the site");
    let ran = ran
        .says("c/catalog.toml:\n1 of 1 talks lacks summary or category:\n")
        .says("\n  noSummary__  nothing is cached that could be shown\n    next: ");
    ran.says("there is no `nowhere`")
        .says("nowhere is left out of the site")
        .says("with 2 conferences");
    assert!(project.path("site/empty/index.html").exists());
    project
        .run("site b nowhere")
        .await
        .ended(2)
        .says("the program can use none of these catalogs");
    project.run("site").await.ended(2);
    let ran = project.run("site a --output c.toml").await.ended(1);
    assert!(!ran.stderr.contains("left out"), "{}", ran.stderr);
    assert_eq!(project.visits(), 0);
}

#[tokio::test]
async fn where_nothing_is_cached_a_talk_has_an_excerpt_that_is_not_kept() {
    let project = Project::with_catalog("").await;
    let talk = "talks = [{ id = \"rustyCache1\", title = \"Caches\" }]\n";
    let said = "Every cache needs an owner and a clock. A stale value is worse than a slow answer.";
    for (folder, llm) in [("plain", ""), ("written", "[llm]\nmodel = \"m\"\n")] {
        let catalog = format!("title = \"{folder}\"\n{talk}{llm}");
        project.put(&format!("{folder}/catalog.toml"), &catalog);
        project.put(&format!("{folder}/captions/rustyCache1.txt"), said);
    }
    for folder in ["plain", "written"] {
        let fetch = format!("--catalog {folder}/catalog.toml --offline fetch");
        project.run(&fetch).await.ended(0);
    }
    let ran = project.run("site plain").await.ended(0);
    let page = project.read("site/plain/index.html");
    assert!(page.contains("Every cache needs an owner"), "{page}");
    // Whoever wants summaries is told that they are still to come.
    let ran_again = project.run("site plain written").await.ended(3);
    ran_again.says("written/catalog.toml:\n1 of 1 talks lacks summary or category:");
    assert_eq!(project.read("site/plain/index.html"), page);
    assert!(project.read("site/written/index.html").contains("owner"));
    assert!(!ran.stderr.contains("lacks"), "{}", ran.stderr);
    let cached = project.cached();
    assert!(
        !cached.iter().any(|file| file.contains("summary")),
        "{cached:?}"
    );
}

#[tokio::test]
async fn the_index_speaks_the_language_of_its_pages_unless_another_one_is_named() {
    let project = Project::with_catalog("").await;
    let own = catalog("Beispiel 2026", "firstOfAll1");
    let own = own.replace("summary =", "speakers = [\"Zoë\"], summary =");
    project.put("a/catalog.toml", &format!("language = \"de\"\n{own}"));
    project.run("site a").await.ended(0);
    let index = project.read("site/index.html");
    assert!(index.contains("<html lang=\"de\">") && index.contains("<h1>Konferenzen</h1>"));
    let speakers = "<a href=\"people/index.html\">1 vortragende Person</a>";
    assert!(index.contains(speakers), "{index}");
    let speaker = project.read("site/people/zoe/index.html");
    assert!(speaker.contains("<html lang=\"de\">") && speaker.contains("<li>1 Vortrag</li>"));
    assert!(
        project
            .read("site/beispiel-2026/index.html")
            .contains(">Konferenzen</a>")
    );

    project
        .run("site a --language fr --url https://talks.example")
        .await
        .ended(0);
    assert!(
        project
            .read("site/index.html")
            .contains("<html lang=\"fr\">")
    );
    assert!(
        project
            .read("site/404.html")
            .contains("Cette page n’existe pas")
    );
    assert!(project.path("site/preview.png").exists());
    let speakers = project.read("site/people/index.html");
    assert!(
        speakers.contains("<h1>Personnes à l’affiche</h1>"),
        "{speakers}"
    );
    let llms = project.read("site/llms.txt");
    assert!(llms.contains("> Enregistrements de conférences"), "{llms}");
    project.put("b/catalog.toml", &catalog("Other 2026", "secondOfAl1"));
    project.run("site a b").await.ended(0);
    let speaker = project.read("site/people/zoe/index.html");
    assert!(speaker.contains("<html lang=\"en\">") && speaker.contains("<li>1 talk</li>"));
    assert!(speaker.contains("<section class=\"found\" lang=\"de\">"));
    project.run("site a --language ???").await.ended(2);
}

/// A conference whose talk has published words.
fn spoken(title: &str, talk: &str) -> String {
    let catalog = catalog(title, talk);
    format!("pages = true\ntranscripts = true\n{catalog}")
}

#[tokio::test]
async fn what_was_said_is_searched_as_far_as_it_is_published() {
    let project = Project::with_catalog("").await;
    let captions = |words: &str| format!("WEBVTT\n\n00:00:05.000 --> 00:00:09.000\n{words}\n");
    project.put("a/catalog.toml", &catalog("First", "noWordsHere"));
    project.put("a/captions/noWordsHere.vtt", &captions("A quiet zebra."));
    project.put("b/catalog.toml", &spoken("Second", "theWordsOf1"));
    project.put("b/captions/theWordsOf1.vtt", &captions("A loud walrus."));
    for conference in ["a", "b"] {
        let fetch = format!("--catalog {conference}/catalog.toml --offline fetch");
        project.run(&fetch).await.ended(0);
    }
    project.run("site a b").await.ended(0);
    let talk = project.read("site/said/talks/second/0.js");
    assert!(
        talk.contains("\"second/talk/theWordsOf1/index.html\""),
        "{talk}"
    );
    assert!(talk.contains("[5,\"A loud walrus.\"]"), "{talk}");
    let words = project.read("site/said/words/0.js");
    assert!(
        words.contains("walrus ") && !words.contains("zebra"),
        "{words}"
    );
    assert!(project.read("site/index.html").contains("id=\"site.said\""));
    let made = files(&project.path("site"));
    project.run("site a b").await.ended(0);
    assert_eq!(files(&project.path("site")), made);

    // What a conference that is left out has said is gone, whatever else of it stays.
    project.put("b/catalog.toml", "title = 1\n");
    project.run("site a b").await.ended(3);
    assert!(!project.path("site/said").exists());
    assert!(project.path("site/second/index.html").exists());
    assert!(!project.read("site/index.html").contains("site.said"));
}

#[tokio::test]
async fn the_words_of_a_site_take_the_place_of_nothing_that_others_have_written() {
    let project = three().await;
    project.put("site/said/index.js", "mine()");
    let ran = project.run("site a").await.ended(1);
    ran.says("`site/said/index.js` was not written by this program");
    let own = format!("slug = \"said\"\n{}", catalog("Said", "firstOfAll1"));
    project.put("a/catalog.toml", &own);
    let ran = project.run("site a --output other").await.ended(2);
    ran.says("would use the folder `said`").says("slug = ");
}

#[tokio::test]
async fn speakers_and_topics_have_pages_over_all_conferences() {
    let project = three().await;
    for (file, title, talk) in [
        ("a/catalog.toml", "Example Conf 2025", "firstOfAll1"),
        ("c.toml", "Third & Last 2026", "thirdOfAll1"),
    ] {
        let catalog = catalog(title, talk);
        let named = catalog.replace("summary =", "speakers = [\"Zoë <b>\"], summary =");
        project.put(file, &named);
    }
    project.put(
        "topics.toml",
        "Systems = \"Machines\"\nPeople = \"Others\"\n",
    );
    let ran = project.run("site a c.toml --topics topics.toml").await;
    let ran = ran.ended(0);
    ran.says("no talk is in the category `people`, for which a topic is named");
    let index = project.read("site/index.html");
    assert!(
        index.contains("<a href=\"people/index.html\">1 speaker</a>"),
        "{index}"
    );
    assert!(index.contains("<a href=\"topics/index.html\">1 topic</a>"));
    for page in ["people/zoe-b/index.html", "topics/machines/index.html"] {
        let page = project.read(&format!("site/{page}"));
        let places = ["thirdOfAll1", "firstOfAll1"].map(|talk| page.find(talk).unwrap());
        assert!(places.is_sorted() && !page.contains("<b>"), "{page}");
        assert!(page.contains("href=\"../../third-last-2026/index.html#talk.thirdOfAll1\""));
    }

    project.put("site/people/zoe-b/index.html", "mine");
    let ran = project.run("site a c.toml").await.ended(1);
    ran.says("`site/people/zoe-b/index.html` was not written by this program");
    project.run("site a c.toml --force").await.ended(0);
    assert!(!project.path("site/topics").exists());
    project.put("topics.toml", "[a]\n");
    let ran = project.run("site a --topics topics.toml").await.ended(2);
    ran.says("`topics.toml` has no topics")
        .says("write a line for each category");
    project.run("site b").await.ended(0);
    assert!(!project.path("site/people").exists());
}
