//! What goes wrong costs its talk and no other, is named with a next step, and is not paid twice.

use std::fs;

use serde_json::json;
use wiremock::ResponseTemplate;

use crate::project::{Project, completion, said, said_body, talks, video};

#[tokio::test]
async fn a_talk_that_fails_does_not_stop_the_others() {
    let project = Project::with_talks(&["rustyCache1", "gonePrivate", "-cBplHNM4RA"]).await;
    project.put_video("gonePrivate", &json!({ "title": "x", "error": "private" }));
    let ran = project.run("build").await.ended(3);
    assert!(ran.stderr.contains("1 of 3 talks lacks summary or category:\n  gonePrivate  the video is private\n    next: correct the id"), "{}", ran.stderr);
    let page = project.read("page/page.md");
    assert!(
        page.contains("rustyCache1")
            && page.contains("gonePrivate")
            && !page.contains("is private")
    );

    // Who only looks on hears the same reason.
    let ran = project.run("render").await.ended(3);
    ran.says("gonePrivate  the video is private (found out on")
        .says("next: correct the id");

    // What is so for good is not asked again.
    let visits = project.visits();
    project
        .run("build")
        .await
        .ended(3)
        .says("the video is private (found out on");
    assert_eq!(project.visits(), visits);
    project.put_video("gonePrivate", &video("gonePrivate"));
    project
        .run("build --redo metadata --only gonePrivate")
        .await
        .ended(0);
}

#[tokio::test]
async fn captions_that_fail_do_not_cost_the_metadata() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let mut refused = video("rustyCache1");
    refused["captions_error"] = json!(404);
    project.put_video("rustyCache1", &refused);
    project
        .run("fetch")
        .await
        .ended(3)
        .says("YouTube refused the captions");
    assert_eq!(
        project.cached(),
        [
            "rustyCache1/failed-transcript.json",
            "rustyCache1/metadata-*.json"
        ]
    );
    project.put_video("rustyCache1", &video("rustyCache1"));
    project.run("fetch").await.ended(0);
    assert!(
        !project
            .cached()
            .contains(&"rustyCache1/failed-transcript.json".to_owned())
    );
}

#[tokio::test]
async fn blocks_stop_the_visits_and_the_rest_of_the_line_goes_on() {
    let ids = [
        "blockedTlk1",
        "blockedTlk2",
        "blockedTlk3",
        "blockedTlk4",
        "blockedTlk5",
        "blockedTlk6",
    ];
    let project = Project::with_talks(&ids).await;
    project.run("fetch --only blockedTlk1").await.ended(0);
    for id in &ids[1..] {
        project.put_video(id, &json!({ "title": "x", "error": "bot-check" }));
    }
    let ran = project.run("build").await.ended(3);
    let ran = ran.says("fetching stops: YouTube asks to confirm that you are not a bot");
    let lines: Vec<&str> = ran.stderr.lines().collect();
    let place = |words: &str| lines.iter().position(|line| line.contains(words)).unwrap();
    let unvisited = place("not visited, since fetching stopped");
    assert!(lines[unvisited].starts_with("  "), "{}", ran.stderr);
    let [.., cause, _, next] = lines[..] else {
        panic!("{}", ran.stderr)
    };
    assert!(
        cause.contains("not a bot"),
        "the cause comes last: {}",
        ran.stderr
    );
    assert!(next.contains("next: wait a few hours"), "{}", ran.stderr);
    assert!(
        lines.len() < 30,
        "no list of talks that nobody visited: {}",
        ran.stderr
    );
    assert!(project.visits() <= 1 + 4, "{} visits", project.visits());
    assert_eq!(project.requests().await.len(), 2);
}

#[tokio::test]
async fn a_bad_reply_gets_one_corrective_request() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let three = json!({ "first_sentence": "One thing is said here in full. And so is another thing.", "second_sentence": "A third sentence follows them both at the end." });
    project.reply("summary", [completion(&three)]);
    project.run("build").await.ended(0);
    let requests = project.requests().await;
    let conversation = requests[1]["messages"].as_array().unwrap();
    assert_eq!(conversation.len(), 4);
    assert_eq!(conversation[2]["content"], three.to_string());
    assert!(
        conversation[3]["content"]
            .as_str()
            .unwrap()
            .contains("has 2 sentences, and one is wanted")
    );

    // Both steps are kept, and replayed for nothing.
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 3);
}

#[tokio::test]
async fn what_a_filter_has_declined_is_not_asked_and_paid_for_again() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let mut filtered = said_body("");
    filtered["choices"][0]["finish_reason"] = json!("content_filter");
    project.reply(
        "summary",
        [ResponseTemplate::new(200).set_body_json(filtered)],
    );
    for _ in 0..2 {
        project
            .run("build")
            .await
            .ended(3)
            .says("the model declined to answer");
        assert_eq!(project.requests().await.len(), 1);
    }
}

#[tokio::test]
async fn two_bad_replies_are_set_aside_with_their_reason_and_not_paid_for_again() {
    let project = Project::with_talks(&["rustyCache1", "-cBplHNM4RA"]).await;
    let mut told = video("rustyCache1");
    told["description"] = json!(
        "Caches hold what was asked for before, so that nobody has to ask twice. Their keys are made of every input that there is, and their files survive a power cut."
    );
    project.put_video("rustyCache1", &told);
    project.catalog(&talks(&["rustyCache1"]), &project.llm_table());
    let boilerplate = || {
        said(
            "{\"first_sentence\": \"This talk is about a number of things.\", \"second_sentence\": \"The speaker explains them.\"}",
        )
    };
    project.reply("summary", [boilerplate(), boilerplate()]);
    project
        .run("build")
        .await
        .ended(3)
        .says("both replies of the model were set aside: a sentence begins with \"This talk is\"")
        .says("next: run `proceedings build --redo failed`")
        .says("Until then, the page shows an excerpt for 1 talk, marked as one.");
    let rejected = "rustyCache1/summary-*.rejected.json".to_owned();
    assert_eq!(
        project
            .cached()
            .iter()
            .filter(|name| **name == rejected)
            .count(),
        2
    );
    let page = project.read("page/page.md");
    assert!(!page.contains("This talk is about"));
    assert!(
        page.contains("Their keys are made of every input"),
        "{page}"
    );

    // Whoever looks later is told the same, and what they are told to do does something.
    let reason = "set aside in an earlier run: a sentence begins with \"This talk is\"";
    let asks_again = "`proceedings build --redo failed`";
    for command in ["build", "render"] {
        project
            .run(command)
            .await
            .ended(3)
            .says(reason)
            .says(asks_again);
        assert_eq!(project.read("page/page.md"), page, "{command}");
    }
    for command in ["status --all", "check"] {
        let said = project.run(command).await.stdout;
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in [reason, "the page shows an excerpt", asks_again] {
            assert!(
                said.contains(words),
                "{command}: `{words}` is not in {said}"
            );
        }
        assert!(!said.contains("is stale"), "{command}: {said}");
    }
    assert_eq!(project.requests().await.len(), 2);
    project.run("build --redo failed").await.ended(0);
    assert_eq!(project.requests().await.len(), 4);
    assert!(
        project
            .read("page/page.md")
            .contains("Caches that can be explained")
    );
    project.run("build --redo failed").await.ended(0);
    assert_eq!(project.requests().await.len(), 4, "nothing is left to ask");
}

#[tokio::test]
async fn what_was_set_aside_alone_is_asked_for_again_and_a_stopped_run_goes_on() {
    let ids = ["rustyCache1", "-cBplHNM4RA", "kernelSched"];
    let project = Project::with_talks(&ids).await;
    let bad = |count: usize| (0..count).map(|_| said("No."));
    project.reply("summary", bad(2));
    project.run("build --only rustyCache1").await.ended(3);
    project.run("build").await.ended(3).says("1 of 3 talks");
    let paid = project.requests().await.len();
    assert_eq!(paid, 2 + 4);
    // It goes wrong once more: the same correction is asked for again as well.
    project.reply("summary", bad(2));
    project.run("build --redo failed").await.ended(3);
    project.run("build").await.ended(3);
    assert_eq!(project.requests().await.len(), paid + 2);
    project.run("build --redo failed").await.ended(0);
    assert_eq!(project.requests().await.len(), paid + 2 + 2);
}

#[tokio::test]
async fn only_listed_categories_are_published() {
    let project = Project::with_talks(&["rustyCache1", "-cBplHNM4RA", "_9xohmSa2G8"]).await;
    let category =
        |name: &str, none: bool| completion(&json!({ "category": name, "none_fits": none }));
    let catalog = |id| project.catalog(&talks(&[id]), &project.llm_table());
    catalog("rustyCache1");
    project.reply(
        "category",
        [category("Musings", false), category("SYSTEMS", false)],
    );
    project.run("build").await.ended(0);
    assert!(project.read("page/page.md").contains("## Systems"));

    catalog("-cBplHNM4RA");
    project.reply("category", [category("Systems", true)]);
    project
        .run("build")
        .await
        .ended(0)
        .says("1 talk is in no category, because none fits: -cBplHNM4RA");
    assert!(project.read("page/page.md").contains("## Uncategorized"));

    catalog("_9xohmSa2G8");
    project.reply(
        "category",
        [category("Musings", false), category("Odds and Ends", false)],
    );
    project
        .run("build")
        .await
        .ended(3)
        .says("the model named \"Odds and Ends\", which is not one of your categories");
}

#[tokio::test]
async fn a_missing_key_is_found_out_before_anybody_is_visited() {
    let project = Project::with_talks(&["rustyCache1", "-cBplHNM4RA"]).await;
    let tables = format!("{}api_key_env = \"TEST_KEY\"\n", project.llm_table());
    project.catalog(&talks(&["rustyCache1", "-cBplHNM4RA"]), &tables);
    for value in [None, Some(" ")] {
        let mut command = project.command("build");
        command
            .env_remove("TEST_KEY")
            .envs(value.map(|value| ("TEST_KEY", value)));
        let ran = project.ran(&command.output().unwrap()).ended(1);
        let ran = ran
            .says("the environment variable `TEST_KEY` is not set or is empty")
            .says("hint: set it with `export TEST_KEY=…`");
        assert_eq!(project.visits(), 0, "{}", ran.stderr);
        assert!(
            !ran.stderr.contains("request"),
            "nothing was sent: {}",
            ran.stderr
        );
    }
    // Who only fetches, and who has everything, needs no key.
    project.run("fetch").await.ended(0);
    let ran = project.run("summarize").await.ended(1);
    assert!(
        !ran.stderr.contains("request"),
        "nothing was sent: {}",
        ran.stderr
    );
    let mut command = project.command("build");
    command.env("TEST_KEY", "sk-verysecret");
    project.ran(&command.output().unwrap()).ended(0);
    project.run("build").await.ended(0);
}

#[tokio::test]
async fn the_same_answer_three_times_in_a_row_ends_the_run() {
    let ids = [
        "rustyCache1",
        "-cBplHNM4RA",
        "_9xohmSa2G8",
        "kernelSched",
        "fifthTalk01",
    ];
    let project = Project::with_talks(&ids).await;
    let tables = format!("{}concurrency = 1\n", project.llm_table());
    project.catalog(&talks(&ids), &tables);
    project.run("fetch").await.ended(0);
    let forbidden = || {
        let body = json!({ "error": { "message": "Requests from this network are blocked" } });
        ResponseTemplate::new(403).set_body_json(body)
    };
    project.reply("summary", (0..9).map(|_| forbidden()));
    project
        .run("build")
        .await
        .ended(1)
        .says("3 talks in a row got the same answer")
        .says("forbids the request (status 403): Requests from this network are blocked")
        .says("hint: check `base_url`");
    assert_eq!(project.requests().await.len(), 3);
    // What a filter says is about one talk, and the next may fare better.
    project.forget_replies();
    let flagged = json!({ "error": { "message": "Your input was flagged" } });
    let flagged = || ResponseTemplate::new(403).set_body_json(&flagged);
    project.reply("summary", (0..5).map(|_| flagged()));
    project.run("build").await.ended(3);
    assert_eq!(project.requests().await.len(), 3 + 5);
}

#[tokio::test]
async fn a_rejected_key_ends_the_run_and_is_shown_nowhere() {
    let project = Project::with_talks(&["rustyCache1", "-cBplHNM4RA", "_9xohmSa2G8"]).await;
    let tables = format!("{}api_key_env = \"TEST_KEY\"\n", project.llm_table());
    project.catalog(
        &talks(&["rustyCache1", "-cBplHNM4RA", "_9xohmSa2G8"]),
        &tables,
    );
    project
        .run("build")
        .await
        .ended(1)
        .says("`TEST_KEY` is not set")
        .says("hint: set it with `export TEST_KEY=…` (in PowerShell: `$env:TEST_KEY = \"…\"`)");
    assert_eq!(project.requests().await.len(), 0);

    project.reply("summary", (0..9).map(|_| ResponseTemplate::new(401)));
    let mut command = project.command("-v build");
    command.env("TEST_KEY", "sk-verysecret");
    let ran = project
        .ran(&command.output().unwrap())
        .ended(1)
        .says("rejected the API key from");
    assert!(project.requests().await.len() <= 3);
    assert!(!ran.stderr.contains("verysecret") && !ran.stdout.contains("verysecret"));
    for file in project.cached() {
        assert!(!file.contains("summary"), "{file}");
    }
    // What was fetched is kept, and with the right key the run goes on.
    let visits = project.visits();
    project.forget_replies();
    let tables = project.llm_table();
    project.catalog(
        &talks(&["rustyCache1", "-cBplHNM4RA", "_9xohmSa2G8"]),
        &tables,
    );
    project.run("build").await.ended(0);
    assert!(project.visits() <= visits.max(3));
}

#[tokio::test]
async fn passing_faults_of_the_endpoint_are_tried_again() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let busy = |status| ResponseTemplate::new(status).insert_header("retry-after", "0");
    project.reply("summary", [busy(429), busy(503), busy(529)]);
    project.run("build").await.ended(0);
    assert_eq!(project.requests().await.len(), 5);
}

#[tokio::test]
async fn a_damaged_file_costs_its_talk_and_is_named() {
    let project = Project::with_talks(&["rustyCache1", "-cBplHNM4RA"]).await;
    project.run("build").await.ended(0);
    for file in fs::read_dir(project.path("cache/rustyCache1"))
        .unwrap()
        .flatten()
    {
        if file.file_name().to_str().unwrap().starts_with("summary-") {
            fs::write(file.path(), "{ \"version\": 1, \"talk\"").unwrap();
        }
    }
    let ran = project.run("build").await.ended(3).says("is damaged");
    assert!(
        ran.stderr.contains("1 of 2 talks lacks") && ran.stderr.contains("rustyCache1"),
        "{}",
        ran.stderr
    );
}

#[tokio::test]
async fn a_talk_whose_metadata_is_damaged_is_not_paid_for_again() {
    let project = Project::with_talks(&["rustyCache1", "-cBplHNM4RA"]).await;
    project.run("build").await.ended(0);
    let paid = project.requests().await.len();
    for file in fs::read_dir(project.path("cache/rustyCache1")).unwrap() {
        let path = file.unwrap().path();
        if path.to_str().unwrap().contains("metadata-") {
            fs::write(path, "").unwrap();
        }
    }
    project
        .run("build")
        .await
        .ended(3)
        .says("1 of 2 talks has a file that cannot be read:")
        .says("is damaged")
        .says("move the file away");
    assert_eq!(project.requests().await.len(), paid);
}

#[tokio::test]
async fn a_wrong_catalog_says_where_and_what() {
    let project = Project::with_catalog("title = \"T\"\ntalks = [\n  \"-cBplHNM4RA\",\n  { id = \"_9xohmSa2G8\", speaker = \"A\" },\n]\n").await;
    let ran = project
        .run("build")
        .await
        .ended(2)
        .says("catalog.toml:4: unknown key `speaker`");
    assert!(
        ran.stderr.contains("hint: did you mean `speakers`?"),
        "{}",
        ran.stderr
    );
    project
        .run("--catalog nowhere.toml build")
        .await
        .ended(2)
        .says("cannot read `nowhere.toml`")
        .says("hint: start one");
    project.run("bild").await.ended(2).says("build");
}

#[tokio::test]
async fn a_yt_dlp_that_is_not_there_is_named_once() {
    let project = Project::with_talks(&["rustyCache1", "-cBplHNM4RA"]).await;
    let catalog = project.read("catalog.toml");
    let (head, _) = catalog.split_once("[fetch]").unwrap();
    project.put(
        "catalog.toml",
        &format!("{head}[fetch]\nyt_dlp = \"./bin/none\"\nconcurrency = 1\n"),
    );
    let ran = project
        .run("build")
        .await
        .ended(3)
        .says("yt-dlp cannot be started")
        .says("proceedings doctor --install");
    assert_eq!(ran.stderr.matches("next:").count(), 1, "{}", ran.stderr);
}

/// Where nothing listens any more, what an earlier run made stands in and is called what it is.
#[tokio::test]
async fn an_endpoint_that_is_down_is_told_of_truly() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    project.run("build").await.ended(0);
    let gone = "[llm]\nbase_url = \"http://127.0.0.1:9/v1\"\nmodel = \"another\"\n";
    project.catalog(&talks(&["rustyCache1"]), gone);
    let ran = project.run("build").await.ended(1);
    let ran = ran
        .says("The page was not written. `proceedings render` makes it from the cache.")
        .says("hint: check `base_url`");
    assert!(
        !ran.stderr.contains("tokens in"),
        "none was sent: {}",
        ran.stderr
    );
    assert!(!ran.stderr.contains("wrote"), "{}", ran.stderr);
    project.run("render").await.ended(0).says("stale");
}

#[tokio::test]
async fn an_abstract_that_stands_in_for_captions_says_how_to_get_them() {
    let project = Project::with_talks(&["rustyCache1", "-cBplHNM4RA"]).await;
    let mut quiet = video("rustyCache1");
    quiet["captions"] = json!([]);
    quiet["description"] = json!("Every cache of ours began as a shortcut. ".repeat(12));
    project.put_video("rustyCache1", &quiet);
    let ran = project.run("build").await.ended(0);
    ran.says("rustyCache1: the video has no captions, so its description was used\n    next: put a caption file")
        .says("run with `--redo transcript`");
}

#[tokio::test]
async fn hostile_titles_and_replies_become_no_markup() {
    let project = Project::with_talks(&["rustyCache1"]).await;
    let evil = "</a></h3><script>alert(1)</script>[x](javascript:alert(2))\u{202e}";
    let mut talk = video("rustyCache1");
    talk["title"] = json!(evil);
    talk["chapters"] = json!([{ "start": 0, "title": evil }]);
    project.put_video("rustyCache1", &talk);
    project.run("build").await.ended(0);
    for page in ["page/page.md", "page/index.html", "page/classic.md"] {
        let page = project.read(page);
        assert!(
            !page.contains("<script>alert") && page.contains("&lt;script&gt;alert"),
            "{page}"
        );
        assert!(!page.contains("href=\"javascript"), "{page}");
    }
}
