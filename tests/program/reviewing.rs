//! The review page as a browser speaks to it: who is let in, what is written into the catalog, and
//! that nothing of it is lost afterwards.

use reqwest::header::{CONTENT_TYPE, HOST, ORIGIN};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::project::{Project, SUMMARY, completion, talks, video};
use crate::review::{IDS, Review, talk};

const OWN: &str = "Keys are made of all that goes in, and nobody is surprised any more. Writes are whole or they did not happen.";

/// Whether a page has both sentences, which may have a time between them.
fn has_own(page: &str) -> bool {
    let (first, second) = OWN.split_once(" Writes").unwrap();
    page.contains(first) && page.contains(&format!("Writes{second}"))
}

#[tokio::test]
async fn only_the_page_that_was_opened_is_let_in() {
    let review = Review::of_three_talks("--edit").await;
    let catalog = review.catalog();

    let page = review.get("").send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
    assert!(policy.contains("frame-src https://www.youtube-nocookie.com;"));
    assert_eq!(page.headers()["referrer-policy"], "no-referrer");
    assert!(page.text().await.unwrap().contains("review.js"));

    let status = async |request: RequestBuilder| request.send().await.unwrap().status();
    let of = |path: &str| review.http.get(format!("{}{path}", review.origin()));
    let guess = "0".repeat(32);
    for path in [
        "/",
        "/conference",
        "/page.html",
        &format!("/{guess}/"),
        &format!("/{guess}/conference"),
    ] {
        assert_eq!(status(of(path)).await, StatusCode::NOT_FOUND, "{path}");
    }
    let rebound = review.get("conference").header(HOST, "conf.example");
    assert_eq!(status(rebound).await, StatusCode::FORBIDDEN);
    let foreign = review
        .get("conference")
        .header(ORIGIN, "http://conf.example");
    assert_eq!(status(foreign).await, StatusCode::FORBIDDEN);

    let revision = review.conference().await["revision"].clone();
    let hide = json!({ "talk": "rustyCache1", "edit": { "do": "hide" } });
    let body = json!({ "revision": revision, "change": hide });
    let address = format!("{}edit", review.address);
    let without_origin = review.http.post(&address).json(&body);
    assert_eq!(status(without_origin).await, StatusCode::FORBIDDEN);
    let form = review.http.post(&address).header(ORIGIN, review.origin());
    let form = form
        .header(CONTENT_TYPE, "text/plain")
        .body(body.to_string());
    assert_eq!(status(form).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(review.catalog(), catalog);
}

#[tokio::test]
async fn nothing_is_changed_unless_it_is_asked_for() {
    let review = Review::of_three_talks("").await;
    let catalog = review.catalog();
    assert_eq!(review.conference().await["is_editable"], false);
    let hide = json!({ "talk": "rustyCache1", "edit": { "do": "hide" } });
    let fix = json!({ "heard": "Caches", "name": "Kashes" });
    for (path, change) in [("edit", hide), ("name", fix), ("undo", Value::Null)] {
        let (status, answer) = review.change(path, change).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(answer["hint"], "start it again with `--edit`");
    }
    assert_eq!(review.catalog(), catalog);
}

#[tokio::test]
async fn a_correction_keeps_every_comment_and_survives_every_build() {
    let review = Review::of_three_talks("--edit").await;
    let before = review.catalog();
    review
        .edit(
            "rustyCache1",
            json!({ "do": "summary", "text": format!(" {OWN}\n") }),
        )
        .await;
    review
        .edit(
            "rustyCache1",
            json!({ "do": "category", "name": "people & pages" }),
        )
        .await;
    let speakers = json!(["A. Name", " ", "B. \"Bee\"\tName"]);
    review
        .edit(
            "-cBplHNM4RA",
            json!({ "do": "about", "title": "A <b>New</b> Title", "speakers": speakers }),
        )
        .await;
    let answer = review.edit("_9xohmSa2G8", json!({ "do": "hide" })).await;
    assert_eq!(talk(&answer, "rustyCache1")["summary"]["is_own"], true);
    assert_eq!(talk(&answer, "_9xohmSa2G8")["state"], "hidden");

    let after = before
        .replace(
            "\"rustyCache1\", # the opening",
            &format!("{{ id = \"rustyCache1\", summary = \"{OWN}\", category = \"People & Pages\" }}, # the opening"),
        )
        .replace(
            r#"speakers = ["A. Name"] }"#,
            r#"speakers = ["A. Name", 'B. "Bee" Name'], title = "A <b>New</b> Title" }"#,
        )
        .replace("\"_9xohmSa2G8\"\n", "{ id = \"_9xohmSa2G8\", hide = true }\n");
    assert_eq!(review.catalog(), after);
    assert_eq!(review.project.read("catalog.toml.bak"), before);

    let preview = review.get("preview").send().await.unwrap();
    let policy = preview.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.starts_with("sandbox allow-scripts "), "{policy}");
    let preview = preview.text().await.unwrap();
    review.project.run("render").await.ended(0);
    assert_eq!(review.project.read("page/index.html"), preview);
    let page = review.project.read("page/page.md");
    assert!(
        has_own(&page) && page.contains("A &lt;b&gt;New&lt;/b&gt; Title"),
        "{page}"
    );
    assert!(!page.contains("_9xohmSa2G8"));

    review.project.run("build --redo summary").await.ended(0);
    assert!(has_own(&review.project.read("page/page.md")));
    assert_eq!(review.catalog(), after);
}

#[tokio::test]
async fn words_that_are_there_already_do_not_become_the_organizers() {
    let review = Review::of_three_talks("--edit").await;
    let before = review.catalog();
    review
        .edit(
            "rustyCache1",
            json!({ "do": "summary", "text": SUMMARY.join(" ") }),
        )
        .await;
    assert_eq!(review.catalog(), before);

    review
        .edit("rustyCache1", json!({ "do": "summary", "text": OWN }))
        .await;
    let answer = review
        .edit("rustyCache1", json!({ "do": "summary", "text": "" }))
        .await;
    let summary = &talk(&answer, "rustyCache1")["summary"];
    assert_eq!(summary["text"], SUMMARY.join(" "));
    assert_eq!(summary["origin"], "by a model, from the transcript");
}

#[tokio::test]
async fn undo_gives_the_catalog_its_bytes_back_step_by_step() {
    let review = Review::of_three_talks("--edit").await;
    // Line ends and the mark that some editors leave are bytes too.
    let odd = format!("\u{feff}{}", review.catalog().replace('\n', "\r\n"));
    review.project.put("catalog.toml", &odd);
    let mut texts = vec![odd];
    for edit in [
        json!({ "do": "approve" }),
        json!({ "do": "summary", "text": OWN }),
        json!({ "do": "category", "name": "Systems" }),
        json!({ "do": "hide" }),
        json!({ "do": "show" }),
    ] {
        review.edit("rustyCache1", edit).await;
        texts.push(review.catalog());
    }
    review
        .change("name", json!({ "heard": "Caches", "name": "Kashes" }))
        .await;
    while let Some(text) = texts.pop() {
        let (status, answer) = review.change("undo", Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        assert_eq!(review.catalog(), text);
    }
    let (status, answer) = review.change("undo", Value::Null).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(answer["error"], "there is nothing to undo");
}

#[tokio::test]
async fn talks_without_findings_are_approved_together_and_undone_in_one_step() {
    let project = Project::with_talks(&IDS).await;
    let misheard = "The images of Chainyard hold what a program needs and nothing else.";
    let summary = json!({ "first_sentence": misheard, "second_sentence": SUMMARY[1] });
    project.reply("summary", [completion(&summary)]);
    let one_by_one = "concurrency = 1\n[glossary]\nterms = [\"Chainguard\"]\n";
    let all = project.llm_table() + one_by_one;
    let own =
        format!(r#"["rustyCache1", "-cBplHNM4RA", {{ id = "_9xohmSa2G8", summary = "{OWN}" }}]"#);
    project.catalog(&own, &all);
    project.run("build").await.ended(0);
    let review = Review::of(project, "--edit").await;
    let before = review.catalog();

    let clean: Value = review
        .get("approve/preview")
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let clean: Vec<&str> = clean["talks"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|talk| talk["id"].as_str())
        .collect();
    let (status, answer) = review.change("approve", Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let doubted: Vec<&str> = answer["talks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|talk| talk["state"] == "unreviewed")
        .filter_map(|talk| talk["id"].as_str())
        .collect();
    assert_eq!((clean.len(), doubted.len()), (2, 1), "{answer}");
    assert!(!clean.contains(&doubted[0]));
    assert_eq!(answer["undo"]["what"], "approval of 2 talks");

    let (status, answer) = review.change("approve", Value::Null).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    let (status, _) = review.change("undo", Value::Null).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(review.catalog(), before);
}

#[tokio::test]
async fn what_an_editor_has_written_meanwhile_is_read_and_never_overwritten() {
    let review = Review::of_three_talks("--edit").await;
    let answer = review.edit("rustyCache1", json!({ "do": "hide" })).await;
    let edited = review.catalog().replace("Test Conf", "Best Conf");
    review.project.put("catalog.toml", &edited);

    let hide = json!({ "talk": "-cBplHNM4RA", "edit": { "do": "hide" } });
    for (path, change) in [("edit", hide.clone()), ("undo", Value::Null)] {
        let seen = json!({ "revision": answer["revision"], "change": change });
        let (status, refusal) = review.sent(path, &seen).await;
        assert_eq!(status, StatusCode::CONFLICT, "{refusal}");
        assert_eq!(review.catalog(), edited);
    }
    let conference = review.conference().await;
    assert_eq!(conference["title"], "Best Conf");
    assert_eq!(conference["undo"], Value::Null);

    // A file that is half written says what is wrong with it, and is left alone.
    review.project.put(
        "catalog.toml",
        &edited.replace("title = \"Best Conf\"", "title = \"Best"),
    );
    let response = review.get("conference").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let trouble: Value = response.json().await.unwrap();
    assert!(
        trouble["error"]
            .as_str()
            .unwrap()
            .contains("catalog.toml:1:"),
        "{trouble}"
    );

    review.project.put("catalog.toml", &edited);
    let (status, _) = review.change("edit", hide).await;
    assert_eq!(status, StatusCode::OK);
    assert!(review.catalog().contains("Best Conf"));
}

#[tokio::test]
async fn a_name_is_put_right_everywhere_and_shows_first_where() {
    let project = Project::with_talks(&IDS[..2]).await;
    let misheard = "The images of Chainyard hold what a program needs and nothing else.";
    let summary = json!({ "first_sentence": misheard, "second_sentence": SUMMARY[1] });
    project.reply("summary", [completion(&summary)]);
    let own = "Chainyard is what we say. We say it of our own accord.";
    let talks = format!(r#"["rustyCache1", {{ id = "-cBplHNM4RA", summary = "{own}" }}]"#);
    project.catalog(
        &talks,
        &format!(
            "{}[glossary] # ours\nterms = [\"Arm\"]\n",
            project.llm_table()
        ),
    );
    project.run("build").await.ended(0);

    let review = Review::of(project, "--edit").await;
    let fix = json!({ "heard": "Chainyard", "name": "Chainguard" });
    let (status, preview) = review.sent("name/preview", &fix).await;
    assert_eq!(status, StatusCode::OK);
    let summaries = preview["summaries"].as_array().unwrap();
    assert_eq!(summaries.len(), 2);
    assert!(
        summaries[0]["after"]
            .as_str()
            .unwrap()
            .starts_with("The images of Chainguard")
    );

    let (status, answer) = review.change("name", fix).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    for id in &IDS[..2] {
        let text = talk(&answer, id)["summary"]["text"].to_string();
        assert!(
            text.contains("Chainguard") && !text.contains("Chainyard"),
            "{text}"
        );
    }
    let catalog = review.catalog();
    let glossary = "[glossary] # ours\nterms = [\"Arm\"]\nheard = { Chainyard = \"Chainguard\" }\n";
    assert!(catalog.contains(glossary), "{catalog}");
    // Only what is generated is put right by the glossary, so nothing is paid for again.
    let paid = review.project.requests().await.len();
    review
        .project
        .run("summarize --only rustyCache1")
        .await
        .ended(0);
    assert_eq!(
        review.project.requests().await.len(),
        paid + 1,
        "the talk is filed again, and not summarized"
    );

    for fix in [
        json!({ "heard": " ", "name": "x" }),
        json!({ "heard": "x", "name": "x" }),
    ] {
        let (status, _) = review.change("name", fix).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn an_approval_lapses_when_what_was_approved_changes() {
    let review = Review::of_three_talks("--edit").await;
    let answer = review.edit("rustyCache1", json!({ "do": "approve" })).await;
    assert_eq!(talk(&answer, "rustyCache1")["state"], "approved");
    assert_eq!(talk(&answer, "-cBplHNM4RA")["state"], "unreviewed");
    let catalog = review.catalog();

    let other = json!({ "first_sentence": SUMMARY[1], "second_sentence": SUMMARY[0] });
    review.project.reply("summary", [completion(&other)]);
    review
        .project
        .run("build --redo summary --only rustyCache1")
        .await
        .ended(0);
    assert_eq!(review.catalog(), catalog);
    let changed = review.conference().await;
    assert_eq!(talk(&changed, "rustyCache1")["state"], "lapsed");
    // A tab that still shows the old words cannot approve the new ones.
    let approve = json!({ "talk": "rustyCache1", "edit": { "do": "approve" } });
    let seen = json!({ "revision": answer["revision"], "change": approve });
    assert_eq!(review.sent("edit", &seen).await.0, StatusCode::CONFLICT);

    let answer = review.edit("rustyCache1", json!({ "do": "approve" })).await;
    assert_eq!(talk(&answer, "rustyCache1")["state"], "approved");
    let answer = review
        .edit("rustyCache1", json!({ "do": "withdraw" }))
        .await;
    assert_eq!(talk(&answer, "rustyCache1")["state"], "unreviewed");
}

#[tokio::test]
async fn what_is_no_summary_is_saved_only_when_it_is_meant() {
    let review = Review::of_three_talks("--edit").await;
    let slip = json!({ "do": "summary", "text": "x" });
    let refusal = review.refused("rustyCache1", slip).await;
    assert!(refusal.contains("exactly two are needed"), "{refusal}");
    assert!(refusal.contains("save it as it is"), "{refusal}");

    let meant = json!({ "do": "summary", "text": "x", "form": "waived" });
    let answer = review.edit("rustyCache1", meant).await;
    assert_eq!(talk(&answer, "rustyCache1")["summary"]["text"], "x");
    let unchanged = json!({ "do": "summary", "text": " x " });
    review.edit("rustyCache1", unchanged).await;
}

#[tokio::test]
async fn a_talk_without_a_summary_cannot_be_approved() {
    let project = Project::with_catalog("title = \"Test Conf\"\ntalks = [\"noSummary__\"]\n").await;
    let review = Review::of(project, "--edit").await;
    let approve = json!({ "do": "approve" });
    let refusal = review.refused("noSummary__", approve.clone()).await;
    assert!(
        refusal.contains("no summary") && refusal.contains("write one"),
        "{refusal}"
    );
    let summary = json!({ "do": "summary", "text": OWN });
    review.edit("noSummary__", summary).await;
    review.edit("noSummary__", approve).await;
}

#[tokio::test]
async fn the_preview_shows_the_pictures_that_the_page_brings_along() {
    let project = Project::with_talks(&IDS[..1]).await;
    let catalog = project.read("catalog.toml");
    project.put(
        "catalog.toml",
        &format!("thumbnails = \"local\"\n{catalog}"),
    );
    // The digest of whose picture it is, and how it was made.
    let digest = "91c3803d478ae303";
    project.put(
        &format!("cache/rustyCache1/thumbnail-{digest}.webp"),
        "picture",
    );
    let name = format!("rustyCache1-{digest}.webp");
    let review = Review::of(project, "").await;
    let preview = review.get("preview").send().await.unwrap();
    let policy = preview.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.contains("img-src 'self'"), "{policy}");
    let page = preview.text().await.unwrap();
    assert!(
        page.contains(&format!("src=\"thumbnails/{name}\"")),
        "{page}"
    );

    let picture = review
        .get(&format!("thumbnails/{name}"))
        .send()
        .await
        .unwrap();
    assert_eq!(picture.headers()["content-type"], "image/webp");
    // The preview is in a sandbox, so it has another origin than its pictures.
    assert_eq!(
        picture.headers()["cross-origin-resource-policy"],
        "cross-origin"
    );
    assert_eq!(picture.text().await.unwrap(), "picture");
    for other in ["logo.webp", "..%2F..%2Fcatalog.toml"] {
        let answer = review.get(&format!("thumbnails/{other}")).send().await;
        assert_eq!(answer.unwrap().status(), StatusCode::NOT_FOUND, "{other}");
    }
}

#[tokio::test]
async fn words_are_measured_and_transcripts_have_times() {
    let review = Review::of_three_talks("").await;
    let measured = async |text: &str| {
        let words = json!({ "talk": "rustyCache1", "text": text });
        review.sent("measure", &words).await.1
    };
    let good = measured(&SUMMARY.join(" ")).await;
    assert_eq!(good, json!({ "words": [16, 17], "findings": [] }));
    let bad = measured("This talk is 🚀. And that").await;
    assert_eq!(bad["findings"][0]["kind"], "form");
    assert!(bad["findings"].as_array().unwrap().len() > 2, "{bad}");

    let transcript = review.get("transcript/rustyCache1").send().await.unwrap();
    let transcript: Value = transcript.json().await.unwrap();
    let first = &transcript["paragraphs"][0];
    assert_eq!(
        (&first["start"], &first["time"]),
        (&json!(0), &json!("0:00"))
    );
    assert!(
        first["text"]
            .as_str()
            .unwrap()
            .starts_with("hello and welcome")
    );
    let unknown = review.get("transcript/nobodyKnows").send().await.unwrap();
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_review_needs_a_catalog_and_a_port() {
    let project = Project::with_catalog("titel = 1").await;
    project.run("review").await.ended(2).says("titel");
    project.catalog(&talks(&IDS[..1]), "");
    project.put_video(IDS[0], &video(IDS[0]));
    let review = Review::of(project, "").await;
    let port = review.origin().rsplit(':').next().unwrap().to_owned();
    let taken = review.project.run(&format!("review --port {port}")).await;
    taken.ended(1).says("--port");
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_a_review_well() {
    use std::io::Read;
    use std::process::Command;

    let mut review = Review::of_three_talks("--edit").await;
    review.edit("rustyCache1", json!({ "do": "approve" })).await;
    let id = review.child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let mut stderr = review.child.stderr.take().unwrap();
    let said = tokio::task::spawn_blocking(move || {
        let mut said = String::new();
        stderr.read_to_string(&mut said).unwrap();
        said
    });
    let said = said.await.unwrap();
    assert!(said.contains("press Ctrl-C to finish"), "{said}");
    assert!(said.contains("1 change in catalog.toml"), "{said}");
    assert_eq!(said.lines().count(), 2, "{said}");
    assert_eq!(review.child.wait().unwrap().code(), Some(0));
}

/// Everybody on a machine sees what programs were started with.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_browser_is_started_with_a_page_that_only_the_user_can_read() {
    use std::io::{BufRead, BufReader};
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::process::{Command, Stdio};
    use std::time::Duration;

    let project = Project::with_talks(&IDS[..1]).await;
    project.run("build").await.ended(0);
    let browser = project.path("browser");
    let stand_in = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/fakes/browser");
    symlink(stand_in, &browser).unwrap();
    let mut command = project.command("review --open");
    command.env("BROWSER", &browser).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let mut address = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut address).unwrap();
    let address = address.trim();
    for _ in 0..2_000 {
        if project.path("started-with").exists() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let started_with = project.read("started-with");
    let token = address.trim_end_matches('/').rsplit('/').next().unwrap();
    assert_eq!(token.len(), 32, "{address}");
    assert!(!started_with.contains(token), "{started_with}");
    assert!(started_with.starts_with("file:///"), "{started_with}");
    assert!(project.read("opened").contains(&format!("url={address}\"")));
    let mode = std::fs::metadata(project.path("opened")).unwrap();
    assert_eq!(mode.permissions().mode() & 0o777, 0o600);
    let page = started_with.trim().trim_start_matches("file://").to_owned();
    assert!(std::path::Path::new(&page).exists());

    let pid = child.id().to_string();
    Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(!std::path::Path::new(&page).exists(), "{page} is left");
}

#[tokio::test]
async fn no_body_is_waited_for_or_taken_without_end() {
    let review = Review::of_three_talks("--edit").await;
    let catalog = review.catalog();
    let large = json!({ "revision": "x".repeat(300 << 10), "change": null });
    let refused = review.post("edit", &large).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(review.catalog(), catalog);
    // And it goes on.
    assert_eq!(
        review.get("").send().await.unwrap().status(),
        StatusCode::OK
    );
}
