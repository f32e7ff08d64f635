//! Recordings and captions on other hosts than `YouTube`: fetched once by their links, with manners,
//! and nowhere else than a stranger's link may lead.

use std::time::Duration;

use serde_json::Value;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::project::{Project, video};

const WORDS: &str = "WEBVTT\n\n00:00:00.500 --> 00:00:04.000\nHello and welcome to a talk about caches.\n\n\
    00:00:05.000 --> 00:00:09.000\nThe key is made of every input that there is.\n";

fn captions() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(WORDS, "text/vtt")
}

async fn serve(server: &MockServer, at: &str, response: impl Respond + 'static) {
    let asked = Mock::given(method("GET")).and(path(at));
    asked.respond_with(response).mount(server).await;
}

/// Answers so the first times, and then with captions.
struct Later(ResponseTemplate, std::sync::atomic::AtomicUsize);

impl Respond for Later {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let left = self.1.load(std::sync::atomic::Ordering::SeqCst);
        if left == 0 {
            return captions();
        }
        self.1.store(left - 1, std::sync::atomic::Ordering::SeqCst);
        self.0.clone()
    }
}

/// The requests that a server got.
async fn asked(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

const TRUSTED: &str = "private_hosts = [\"127.0.0.1\"]";

/// A catalog of one talk on another host, without a yt-dlp.
fn catalog(project: &Project, talks: &str, fetch: &str) {
    let llm = project.llm_table();
    project.put(
        "catalog.toml",
        &format!(
            "title = \"Test Conf\"\nformats = [\"markdown\", \"html\", \"classic\", \"json\", \"feed\", \"csv\"]\n\
             talks = [{talks}]\n{llm}\n[fetch]\npause = \"0s\"\nretry_wait = \"20ms\"\nconcurrency = 1\n\
             yt_dlp = \"nowhere/yt-dlp\"\n{fetch}\n"
        ),
    );
}

fn talk(link: &str) -> String {
    format!(
        "{{ video = \"https://media.example/a.mp4\", captions = \"{link}\", title = \"Caches & keys\", \
         speakers = [\"Ada Quill\"], date = \"2026-02-01\", duration = \"0:50:00\" }}"
    )
}

/// The id of the talk.
const ID: &str = "dtxrz4muujx";

/// The link of captions that a server has.
fn link(server: &MockServer) -> String {
    format!("{}/a.vtt", server.uri())
}

/// A conference of one talk, and the server that answers so at the link of its captions.
async fn elsewhere(answer: impl Respond + 'static) -> (Project, MockServer) {
    let (project, server) = (Project::with_catalog("").await, MockServer::start().await);
    serve(&server, "/a.vtt", answer).await;
    catalog(&project, &talk(&link(&server)), TRUSTED);
    (project, server)
}

#[tokio::test]
async fn a_recording_elsewhere_gets_its_captions_once_and_every_page_leads_there() {
    let (project, server) = elsewhere(captions()).await;
    let foreseen = project.run("build --dry-run").await.ended(0).stdout;
    assert!(
        foreseen.contains("fetch      1 caption file by link\n"),
        "{foreseen}"
    );
    let status = project.run("status --json").await.stdout;
    let status: Value = serde_json::from_str(&status).unwrap();
    assert_eq!(status["build"]["downloads"], 1);
    assert_eq!(status["build"]["visits"], 0);

    project.run("build").await.ended(0);
    assert_eq!(asked(&server).await, 1);
    let requests = server.received_requests().await.unwrap();
    for header in ["authorization", "cookie", "referer"] {
        assert!(!requests[0].headers.contains_key(header), "{header}");
    }
    let sent = project.requests().await[0].to_string();
    assert!(sent.contains("The key is made of every input"), "{sent}");

    let page: Value = serde_json::from_str(&project.read("page/page.json")).unwrap();
    let talk = page.pointer("/talks/0").unwrap();
    assert_eq!(talk["video"], ID);
    assert_eq!(talk["url"], "https://media.example/a.mp4");
    assert_eq!(
        (talk["date"].as_str(), talk["duration"].as_u64()),
        (Some("2026-02-01"), Some(3000))
    );
    for file in [
        "index.html",
        "page.md",
        "classic.md",
        "feed.xml",
        "page.csv",
    ] {
        let page = project.read(&format!("page/{file}"));
        assert!(page.contains("https://media.example/a.mp4"), "{file}");
        // Its id is none of YouTube's, so neither a picture nor a player is asked for by it.
        for at_youtube in [
            format!("/vi/{ID}"),
            format!("v={ID}"),
            format!("data-video=\"{ID}"),
        ] {
            assert!(!page.contains(&at_youtube), "{file}: {at_youtube}");
        }
    }
    let source: Value =
        serde_json::from_str(&project.read(&format!("cache/{ID}/captions.json"))).unwrap();
    assert_eq!(source["link"], link(&server));

    let first = project.read("page/index.html");
    project.run("build").await.ended(0);
    project.run("--offline build").await.ended(0);
    assert_eq!(
        (asked(&server).await, project.requests().await.len()),
        (1, 1)
    );
    assert_eq!(project.read("page/index.html"), first);
    let foreseen = project.run("build --dry-run").await.stdout;
    assert!(
        foreseen.contains("fetch      0 visits to YouTube\n"),
        "{foreseen}"
    );
}

#[tokio::test]
async fn an_abstract_is_not_what_will_be_read_where_captions_are_to_come() {
    let (project, server) = elsewhere(captions()).await;
    let announced = "caches that everybody can explain ".repeat(20);
    let entry = talk(&link(&server));
    let entry = entry.replace(", date", &format!(", abstract = \"{announced}\", date"));
    catalog(&project, &entry, TRUSTED);
    let foreseen = project.run("build --dry-run").await.ended(0).stdout;
    let unread = "summarize  1 talk whose captions are not fetched";
    assert!(foreseen.contains(unread), "{foreseen}");
    let offline = project.run("--offline build --dry-run").await.stdout;
    assert!(!offline.contains(unread), "{offline}");
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 1);
}

#[tokio::test]
async fn a_doctor_misses_no_yt_dlp_where_nothing_is_on_youtube() {
    let project = Project::with_catalog("").await;
    let on_youtube = format!("{}, \"rustyCache1\"", talk("https://media.example/a.vtt"));
    for (talks, is_missed) in [
        (talk("https://media.example/a.vtt"), false),
        (on_youtube, true),
    ] {
        catalog(&project, &talks, "");
        let report = project.run("--offline doctor").await.stdout;
        let mut rows = report.lines().map(|row| row.split_whitespace().nth(2));
        assert_eq!(
            rows.any(|name| name == Some("yt-dlp")),
            is_missed,
            "{report}"
        );
    }
}

#[tokio::test]
async fn offline_nobody_is_asked_for_captions() {
    let project = Project::with_catalog("").await;
    let server = MockServer::start().await;
    catalog(&project, &talk(&link(&server)), TRUSTED);
    project
        .run("--offline fetch")
        .await
        .ended(3)
        .says("it is not cached, and this command does not fetch");
    assert_eq!(asked(&server).await, 0);
}

#[tokio::test]
async fn what_is_at_no_link_is_told_believed_and_looked_for_at_another_link() {
    let page = "<!doctype html><html><body>Sign in</body></html>";
    for (answer, said) in [
        (
            ResponseTemplate::new(404),
            "there is nothing at the link of the captions (HTTP 404)",
        ),
        (
            ResponseTemplate::new(410),
            "there is nothing at the link of the captions (HTTP 410)",
        ),
        (
            ResponseTemplate::new(200).set_body_raw(page, "text/html"),
            "there are no captions at the link (captions are not valid vtt (line 1): this is a web page)",
        ),
        (
            ResponseTemplate::new(200).set_body_string("WEBVTT\n"),
            "there are no captions at the link (captions hold no text)",
        ),
        (
            ResponseTemplate::new(200).set_body_bytes(vec![b'a'; 33 << 20]),
            "the file at the link of the captions is too large (more than 32 MiB)",
        ),
        (
            ResponseTemplate::new(302).insert_header("location", "file:///etc/passwd"),
            "the link of the captions leads to no file (a redirect to no web address)",
        ),
        (
            ResponseTemplate::new(302).insert_header("location", "/a.vtt"),
            "the link of the captions leads to no file (more than 5 redirects)",
        ),
    ] {
        let (project, server) = elsewhere(answer).await;
        serve(&server, "/b.vtt", captions()).await;
        project.run("fetch").await.ended(3).says(said);
        let once = asked(&server).await;
        project.run("fetch").await.ended(3).says("found out on");
        assert_eq!(asked(&server).await, once, "{said}");
        let foreseen = project.run("fetch --dry-run").await.stdout;
        assert!(foreseen.contains("0 visits"), "{foreseen}");
        project.run("fetch --redo transcript").await.ended(3);
        assert_eq!(asked(&server).await, 2 * once, "{said}");
        catalog(&project, &talk(&format!("{}/b.vtt", server.uri())), TRUSTED);
        project.run("fetch").await.ended(0);
    }
}

#[tokio::test]
async fn what_passes_is_tried_again_and_redirects_are_followed() {
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "1");
    for (answer, times, least) in [
        (ResponseTemplate::new(503), 2, 0),
        (busy, 1, 1000),
        (
            ResponseTemplate::new(302).insert_header("location", "/a.vtt"),
            3,
            0,
        ),
    ] {
        let (project, server) = elsewhere(Later(answer, times.into())).await;
        let began = std::time::Instant::now();
        project.run("fetch").await.ended(0);
        assert!(began.elapsed() >= Duration::from_millis(least));
        assert_eq!(asked(&server).await, times + 1);
    }
}

#[tokio::test]
async fn who_wants_us_to_wait_for_long_is_asked_at_another_time() {
    let busy = ResponseTemplate::new(429).insert_header("retry-after", "3600");
    let (project, server) = elsewhere(busy).await;
    project
        .run("fetch")
        .await
        .ended(3)
        .says("the server of the captions gets too many requests (HTTP 429)");
    assert_eq!(asked(&server).await, 1);
}

#[tokio::test]
async fn what_does_not_end_is_given_up() {
    let (project, server) = elsewhere(captions().set_delay(Duration::from_secs(20))).await;
    catalog(
        &project,
        &talk(&link(&server)),
        &format!("timeout = \"200ms\"\nretries = 1\n{TRUSTED}"),
    );
    project
        .run("fetch")
        .await
        .ended(3)
        .says("127.0.0.1: no answer in time");
    assert_eq!(asked(&server).await, 2);
}

#[tokio::test]
async fn a_server_that_refuses_one_after_the_other_is_asked_no_more_and_others_are() {
    let project = Project::with_catalog("").await;
    let (refusing, other) = (MockServer::start().await, MockServer::start().await);
    serve(&other, "/e.vtt", captions()).await;
    Mock::given(method("GET"))
        .respond_with(ResponseTemplate::new(403))
        .mount(&refusing)
        .await;
    // Another name of the same address is another server.
    let other = other.uri().replace("127.0.0.1", "localhost");
    let talk = |name: &str, server: &str| {
        format!(
            "{{ video = \"https://media.example/{name}.mp4\", captions = \"{server}/{name}.vtt\", title = \"{name}\" }}"
        )
    };
    let refused = ["a", "b", "c", "d", "f", "g"].map(|name| talk(name, &refusing.uri()));
    let talks = format!("{}, {}", refused.join(", "), talk("e", &other));
    catalog(
        &project,
        &talks,
        "private_hosts = [\"127.0.0.1\", \"localhost\"]",
    );
    project
        .run("fetch")
        .await
        .ended(3)
        .says("fetching from 127.0.0.1 stops: the server of the captions refuses them")
        .says("not visited, since fetching stopped");
    assert_eq!(asked(&refusing).await, 3);
    assert_eq!(
        project
            .cached()
            .iter()
            .filter(|file| file.ends_with("/captions.json"))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_strangers_link_leads_into_no_network_of_ours() {
    let project = Project::with_catalog("").await;
    let server = MockServer::start().await;
    serve(&server, "/a.vtt", captions()).await;
    let elsewhere = format!("{}/a.vtt", server.uri().replace("127.0.0.1", "localhost"));
    let away = ResponseTemplate::new(302).insert_header("location", elsewhere.as_str());
    serve(&server, "/away.vtt", away).await;
    let link = link(&server);
    let told = "the link of the captions leads into the network of this machine";
    for link in [
        &link,
        &elsewhere,
        "http://169.254.169.254/a.vtt",
        "http://[::ffff:7f00:1]/a.vtt",
    ] {
        catalog(&project, &talk(link), "");
        project
            .run("fetch")
            .await
            .ended(3)
            .says(told)
            .says("private_hosts");
    }
    assert_eq!(asked(&server).await, 0);

    catalog(&project, &talk(&link), TRUSTED);
    let mut distrusting = project.command("fetch");
    distrusting.env_remove("PROCEEDINGS_TRUST");
    let ran = tokio::task::spawn_blocking(move || distrusting.output().unwrap());
    project
        .ran(&ran.await.unwrap())
        .ended(3)
        .says("fetch captions from servers in your own network: 127.0.0.1")
        .says(told);
    assert_eq!(asked(&server).await, 0);

    catalog(
        &project,
        &talk(&format!("{}/away.vtt", server.uri())),
        TRUSTED,
    );
    project
        .run("fetch")
        .await
        .ended(3)
        .says(told)
        .says("localhost");
    assert_eq!(asked(&server).await, 1);
}

#[tokio::test]
async fn a_file_of_the_organizers_comes_before_the_link_and_the_link_after_it() {
    let (project, server) = elsewhere(captions()).await;
    let own = format!("captions/{ID}.vtt");
    project.put(&own, &WORDS.replace("caches", "beehives"));
    project.run("fetch").await.ended(0);
    assert_eq!(asked(&server).await, 0);
    std::fs::remove_file(project.path(&own)).unwrap();
    project.run("fetch").await.ended(0);
    assert_eq!(asked(&server).await, 1);
    catalog(
        &project,
        &talk(&link(&server)).replace("captions =", "language = \"en\", abstract ="),
        "",
    );
    project
        .run("fetch")
        .await
        .ended(3)
        .says("there is no file with its captions");
}

#[tokio::test]
async fn a_video_on_youtube_may_have_its_captions_by_link() {
    let project = Project::with_catalog("").await;
    let server = MockServer::start().await;
    serve(&server, "/a.de.vtt", captions()).await;
    project.put_video("rustyCache1", &video("rustyCache1"));
    let link = format!("{}/a.de.vtt", server.uri());
    project.catalog(
        &format!("[{{ id = \"rustyCache1\", captions = \"{link}\" }}]"),
        &project.llm_table(),
    );
    let text = project.read("catalog.toml");
    project.put(
        "catalog.toml",
        &text.replace("[fetch]\n", &format!("[fetch]\n{TRUSTED}\n")),
    );
    let foreseen = project.run("fetch --dry-run").await.stdout;
    assert_eq!(
        foreseen,
        "fetch      1 visit to YouTube, 1 caption file by link\n"
    );
    project.run("fetch").await.ended(0);
    assert_eq!((project.visits(), asked(&server).await), (1, 1));
    let captions = project.read("cache/rustyCache1/captions.json");
    assert!(
        captions.contains("\"language\": \"de\"") && captions.contains(&link),
        "{captions}"
    );
    project.run("fetch").await.ended(0);
    assert_eq!((project.visits(), asked(&server).await), (1, 1));
}

/// A schedule whose recordings are on a host of the conference's own.
fn schedule(server: &str, more: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<schedule><conference><title>Far Conf 2026</title></conference><day><room>\
         <event><date>2026-02-01T09:30:00+01:00</date><duration>00:50</duration><title>Caches &amp; keys</title><track>Storage</track>\
         <language>en</language><abstract>&lt;p&gt;Keys.&lt;/p&gt;</abstract><persons><person>Ada Quill</person></persons>\
         <links><link href=\"https://media.example/slides.pdf\">Slides</link><link href=\"{server}/a.av1.webm\">WebM</link>\
         <link href=\"{server}/a.mp4\">MP4</link><link href=\"{server}/a.vtt\">Captions</link></links></event>\
         <event><date>2026-02-01T10:30:00+01:00</date><duration>00:25</duration><title>Tides</title><track>Sea</track>\
         <links><link href=\"https://youtu.be/rustyCache1\">Video</link></links></event>\
         <event><title>Never recorded</title><track>Sea</track></event>{more}</room></day></schedule>"
    )
}

#[tokio::test]
async fn a_schedule_with_links_becomes_a_conference_with_one_command() {
    let project = Project::with_catalog("").await;
    std::fs::remove_file(project.path("catalog.toml")).unwrap();
    let server = MockServer::start().await;
    serve(&server, "/a.vtt", captions()).await;
    serve(&server, "/b.srt", captions()).await;
    let at = server.uri();
    project.put("schedule.xml", &schedule(&at, ""));
    project
        .run("init --schedule schedule.xml --llm ollama")
        .await
        .ended(0)
        .says("started catalog.toml with 1 talk")
        .says("no video for 2 sessions");
    let catalog = project.read("catalog.toml");
    assert!(
        catalog.starts_with("# The conference.") && catalog.contains("title = \"Far Conf 2026\"")
    );
    let entry = format!(
        "video = \"{at}/a.mp4\", captions = \"{at}/a.vtt\", title = \"Caches & keys\", date = \"2026-02-01\", duration = \"0:50:00\", speakers = [\"Ada Quill\"], category = \"Storage\""
    );
    assert!(catalog.contains(&entry), "{catalog}");
    assert!(!catalog.contains("rustyCache1"), "{catalog}");
    assert!(catalog.contains("# no video: Never recorded"), "{catalog}");

    let more = format!(
        "<event><title>Harbours</title><track>Sea</track><links><link href=\"{at}/b.mp4\"/><link href=\"{at}/b.srt\"/></links></event>"
    );
    project.put("schedule.xml", &schedule(&at, &more));
    project
        .run("init --schedule schedule.xml")
        .await
        .ended(0)
        .says("added 1 talk");
    project
        .run("init --schedule schedule.xml")
        .await
        .ended(0)
        .says("nothing new");

    let catalog = project.read("catalog.toml").replace(
        "[fetch]\n",
        &format!("[fetch]\npause = \"0s\"\n{TRUSTED}\n"),
    );
    let catalog = catalog.replace("provider = \"ollama\"", "provider = \"openai\"");
    let llm = project
        .llm_table()
        .replace("model = \"small\"\n", "")
        .replace("[llm]\n", "")
        .replace("price", "# price");
    project.put(
        "catalog.toml",
        &catalog.replace(
            "provider = \"openai\"\n",
            &format!("provider = \"openai\"\n{llm}"),
        ),
    );
    project.run("build").await.ended(0);
    assert_eq!((asked(&server).await, project.visits()), (2, 0));
    let page = project.read("page/page.md");
    assert!(
        page.contains(&format!("<a href=\"{at}/a.mp4\">")) && page.contains("Ada Quill"),
        "{page}"
    );
}

#[tokio::test]
async fn a_schedule_with_links_to_youtube_becomes_a_conference_too() {
    let project = Project::with_catalog("").await;
    std::fs::remove_file(project.path("catalog.toml")).unwrap();
    let schedule = "Title,Recording\nCaches,https://youtu.be/rustyCache1\n\
        Tides,https://youtu.be/kernelSched\nHarbours,https://youtu.be/kernelSched\n";
    project.put("schedule.csv", schedule);
    project
        .run("init --schedule schedule.csv")
        .await
        .ended(0)
        .says("started catalog.toml with 1 talk")
        .says("no video for 2 sessions");
    let catalog = project.read("catalog.toml");
    assert!(
        catalog.contains("  { id = \"rustyCache1\", title = \"Caches\" },"),
        "{catalog}"
    );
}

#[tokio::test]
async fn a_schedule_without_recordings_says_so() {
    let project = Project::with_catalog("").await;
    std::fs::remove_file(project.path("catalog.toml")).unwrap();
    project.put("schedule.csv", "Title,Speakers\nCaches,Ada Quill\n");
    project
        .run("init --schedule schedule.csv")
        .await
        .ended(2)
        .says("the schedule links to no recordings");
    assert!(!project.path("catalog.toml").exists());
}
