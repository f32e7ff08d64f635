//! Replies and files without end, or far larger than any honest one: each is a failure with its cause,
//! what was paid for is kept, and the rest of the run goes on.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::json;

use crate::project::{Project, completion, talks};

const IDS: [&str; 2] = ["rustyCache1", "kernelSched"];

/// An endpoint that answers every request without end, and how often it was asked.
fn endless_endpoint() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/v1", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let counted = Arc::clone(&counted);
            thread::spawn(move || {
                let mut request = vec![0; 64 << 10];
                let length = stream.read(&mut request).unwrap_or(0);
                if request[..length].starts_with(b"POST") {
                    counted.fetch_add(1, Ordering::SeqCst);
                }
                let head = b"HTTP/1.1 200 OK\r\n\r\n{\"choices\":[{\"message\":{\"content\":\"";
                drop(stream.write_all(head));
                let more = vec![b'a'; 64 << 10];
                while stream.write_all(&more).is_ok() {}
            });
        }
    });
    (address, asked)
}

#[tokio::test]
async fn a_reply_without_end_costs_its_talk_and_counts_against_the_budget() {
    let project = Project::with_talks(&IDS).await;
    let (address, asked) = endless_endpoint();
    let llm = format!(
        "[llm]\nbase_url = \"{address}\"\nmodel = \"small\"\nconcurrency = 1\nprice = {{ input = 1.0, output = 2.0 }}\n"
    );
    project.catalog(&talks(&IDS), &llm);
    let ran = project.run("build").await.ended(3);
    let ran = ran.says("the reply is larger than 16 MiB, so the rest was not read");
    // Once for each talk: what is too large now is so the next time.
    assert_eq!(asked.load(Ordering::SeqCst), 2, "{}", ran.stderr);
    assert!(!project.cached().iter().any(|name| name.contains("summary")));

    // The first one may have cost what it could, so there is nothing left for the second.
    let ran = project.run("build --max-cost 0.009").await.ended(3);
    assert_eq!(asked.load(Ordering::SeqCst), 3, "{}", ran.stderr);
}

#[tokio::test]
async fn a_reply_that_is_far_too_long_is_kept_and_not_asked_for_again() {
    let project = Project::with_talks(&IDS[..1]).await;
    let long = "and so on ".repeat(30_000);
    project.reply(
        "summary",
        [completion(
            &json!({ "first_sentence": long, "second_sentence": long }),
        )],
    );
    let ran = project.run("build").await.ended(3);
    ran.says("the reply is far longer than what was asked for");
    // The reply that was set aside, and the excerpt that the page shows meanwhile.
    let replies = || {
        project
            .cached()
            .into_iter()
            .filter(|name| name.contains("summary"))
            .count()
    };
    assert_eq!((project.requests().await.len(), replies()), (1, 2));
    project.run("build").await.ended(3);
    assert_eq!((project.requests().await.len(), replies()), (1, 2));
}

/// Makes a file of so many bytes, without that many on the disk.
fn put_large(project: &Project, name: &str, size: u64) {
    let path = project.path(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    File::create(path).unwrap().set_len(size).unwrap();
}

#[tokio::test]
async fn files_that_are_larger_than_any_honest_one_are_named_and_not_read() {
    const MIB: u64 = 1 << 20;
    let project = Project::with_talks(&IDS).await;
    let talks = r#"["rustyCache1", { id = "kernelSched", title = "Schedulers" }]"#;
    project.catalog(talks, &project.llm_table());
    put_large(&project, "captions/kernelSched.vtt", 33 * MIB);
    let ran = project.run("build").await.ended(3);
    ran.says("kernelSched").says("larger than 32 MiB");

    put_large(&project, "schedule.json", 33 * MIB);
    let schedule = project
        .run("init --schedule schedule.json rustyCache1")
        .await;
    schedule
        .says("cannot read `schedule.json`")
        .says("larger than 32 MiB");
    put_large(&project, "page.md", 33 * MIB);
    let page = project.run("import page.md --into other").await.ended(2);
    page.says("larger than 32 MiB");
    put_large(&project, "ids.txt", 33 * MIB);
    project
        .run("init --ids ids.txt")
        .await
        .ended(2)
        .says("larger than 32 MiB");

    put_large(&project, "templates/page.html.hbs", MIB);
    project
        .run("render")
        .await
        .ended(2)
        .says("larger than 256 KiB");
    std::fs::remove_dir_all(project.path("templates")).unwrap();
    put_large(&project, "prompts/summary.hbs", MIB);
    project
        .run("build")
        .await
        .ended(2)
        .says("larger than 256 KiB");
    put_large(&project, "catalog.toml", 17 * MIB);
    project
        .run("status")
        .await
        .ended(2)
        .says("larger than 16 MiB");
}

#[tokio::test]
async fn a_template_that_calls_itself_is_an_error_with_its_line() {
    let project = Project::with_talks(&IDS[..1]).await;
    project.run("build").await.ended(0);
    let asked = project.requests().await.len();
    for (file, source) in [
        ("templates/page.html.hbs", "a\n{{> page.html}}"),
        ("templates/html/card.hbs", "{{> html/section}}"),
        (
            "templates/page.md.hbs",
            "{{#*inline \"a\"}}{{> a}}{{/inline}}{{> a}}",
        ),
        (
            "prompts/category.hbs",
            "a\n--- user ---\n{{#*inline \"b\"}}{{> b}}{{/inline}}{{> b}}",
        ),
    ] {
        project.put(file, source);
        let ran = project.run("build").await.ended(2);
        ran.says(file).says("is called from within itself");
        std::fs::remove_file(project.path(file)).unwrap();
    }
    assert_eq!(project.requests().await.len(), asked);
}

#[tokio::test]
async fn depth_without_end_ends_no_command() {
    let project = Project::with_talks(&IDS[..1]).await;
    let deep = 200_000;
    for (name, text) in [
        ("lists.json", "[".repeat(deep)),
        ("objects.json", "{\"a\":".repeat(deep)),
        (
            "elements.xml",
            "<schedule>".to_owned() + &"<a>".repeat(deep),
        ),
        ("lists.yaml", "talks:\n- ".to_owned() + &"[".repeat(deep)),
        (
            "blocks.yaml",
            "- title: a\n  ".to_owned() + &"- ".repeat(deep),
        ),
    ] {
        project.put(name, &text);
        let ran = project
            .run(&format!("init --schedule {name} rustyCache1"))
            .await;
        assert!(
            matches!(ran.code, 1 | 2),
            "{name}: {} {}",
            ran.code,
            ran.stderr
        );
    }
    for (name, text) in [
        (
            "deep.ttml",
            "<tt xmlns=\"http://www.w3.org/ns/ttml\"><body><div><p begin=\"0s\" end=\"1s\">"
                .to_owned()
                + &"<span>".repeat(deep)
                + "so"
                + &"</span>".repeat(deep)
                + "</p></div></body></tt>",
        ),
        (
            "deep.vtt",
            "WEBVTT\n\n00:00.000 --> 00:01.000\n".to_owned() + &"<c>".repeat(deep) + "so",
        ),
        ("deep.json3", "{\"events\":".to_owned() + &"[".repeat(deep)),
        (
            "deep.srv1",
            "<transcript><text start=\"0\">".to_owned()
                + &"<b>".repeat(deep)
                + "so"
                + &"</b>".repeat(deep)
                + "</text></transcript>",
        ),
    ] {
        let extension = name.rsplit('.').next().unwrap();
        project.put(&format!("captions/rustyCache1.{extension}"), &text);
        let ran = project.run("build").await;
        assert!(
            matches!(ran.code, 0 | 3),
            "{name}: {} {}",
            ran.code,
            ran.stderr
        );
        std::fs::remove_dir_all(project.path("captions")).unwrap();
    }
    for text in [
        "a = ".to_owned() + &"[".repeat(deep),
        "a = ".to_owned() + &"{a=".repeat(deep),
        "a.".repeat(deep) + "a = 1",
        format!("[{}a]", "a.".repeat(deep)),
        format!(
            "title = \"T\"\ntalks = []\n[[categories]]\nname = \"A\"\ntitles = [\"{}\"]",
            "{a,".repeat(deep)
        ),
        format!(
            "title = \"T\"\ntalks = []\n[[categories]]\nname = \"A\"\ntitles = [\"{}\"]",
            "[!".repeat(deep)
        ),
    ] {
        project.put("catalog.toml", &text);
        let ran = project.run("status").await;
        assert_eq!(ran.code, 2, "{}: {}", &text[..40], ran.stderr);
    }
}
