//! A conference in a temporary folder, with a `YouTube` of files and an endpoint of its own.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use tempfile::TempDir;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::yt_dlp;

/// What the endpoint says about every talk, unless a test wants something else.
pub(crate) const SUMMARY: [&str; 2] = [
    "Caches that can be explained are trusted by the people who have to live with them.",
    "Keys made of every input and writes that survive a power cut turn out to be enough.",
];

/// The categories of every project.
pub(crate) const CATEGORIES: &str = r#"
[[categories]]
name = "Systems"
description = "caches, schedulers, storage"
[[categories]]
name = "People & Pages"
description = "readers, reviews, accessibility"
titles = ["*panel*"]
"#;

/// A conference in a temporary folder.
pub(crate) struct Project {
    folder: TempDir,
    /// What the program keeps for its user is nowhere near the catalog.
    user: TempDir,
    llm: Llm,
}

/// The endpoint.
struct Llm {
    server: MockServer,
    script: Arc<Mutex<Script>>,
}

/// What the endpoint does.
#[derive(Default)]
struct Script {
    /// Replies to the requests for a shape, first come first served; then the usual reply.
    replies: HashMap<String, Vec<ResponseTemplate>>,
    delay: Duration,
}

/// What a run of the program left behind.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Project {
    /// A conference whose talks are on the `YouTube` of files, with captions and an endpoint.
    pub(crate) async fn with_talks(ids: &[&str]) -> Self {
        let project = Self::with_catalog("").await;
        for id in ids {
            project.put_video(id, &video(id));
        }
        project.catalog(&talks(ids), &project.llm_table());
        project
    }

    /// A conference with a catalog of the test's own.
    pub(crate) async fn with_catalog(catalog: &str) -> Self {
        let folder = TempDir::new().unwrap();
        for needed in ["youtube/videos", "youtube/playlists", "temporary"] {
            fs::create_dir_all(folder.path().join(needed)).unwrap();
        }
        let script = Arc::new(Mutex::new(Script::default()));
        let server = MockServer::start().await;
        let replies = Replies(Arc::clone(&script));
        let chat = Mock::given(method("POST")).and(path("/v1/chat/completions"));
        chat.respond_with(replies).mount(&server).await;
        let ears = Mock::given(method("POST")).and(path("/v1/audio/transcriptions"));
        let heard = Transcriptions(Arc::clone(&script));
        ears.respond_with(heard).mount(&server).await;
        let project = Self {
            folder,
            user: TempDir::new().unwrap(),
            llm: Llm { server, script },
        };
        project.put("catalog.toml", catalog);
        project
    }

    /// Writes the catalog anew: its talks, and more tables.
    pub(crate) fn catalog(&self, talks: &str, tables: &str) {
        let fetch = Self::fetch_table(&yt_dlp::yt_dlp(), &yt_dlp::fixture_args());
        let head = "title = \"Test Conf\"\nformats = [\"markdown\", \"html\", \"classic\"]\n";
        self.put(
            "catalog.toml",
            &format!("{head}talks = {talks}\n{CATEGORIES}\n{tables}\n{fetch}"),
        );
    }

    /// The table that names this project's endpoint.
    pub(crate) fn llm_table(&self) -> String {
        let address = self.llm.server.uri();
        format!(
            "[llm]\nbase_url = \"{address}/v1\"\nmodel = \"small\"\nprice = {{ input = 1.0, output = 2.0 }}\n"
        )
    }

    /// The table that names this project's endpoint for recordings without captions.
    pub(crate) fn transcribe_table(&self) -> String {
        let address = self.llm.server.uri();
        format!("[transcribe]\nbase_url = \"{address}/v1\"\nmodel = \"whisper-1\"\n")
    }

    /// The table that names a yt-dlp.
    pub(crate) fn fetch_table(yt_dlp: &Path, arguments: &[String]) -> String {
        let mut table = format!(
            "[fetch]\npause = \"0s\"\nyt_dlp = {}\nyt_dlp_args = [",
            quoted(yt_dlp.to_str().unwrap())
        );
        for argument in arguments {
            write!(table, "{}, ", quoted(argument)).unwrap();
        }
        table.push_str("]\n");
        table
    }

    /// Has the endpoint list these models.
    pub(crate) async fn lists(&self, models: &[&str]) {
        let models: Vec<Value> = models.iter().map(|model| json!({ "id": model })).collect();
        let list = ResponseTemplate::new(200).set_body_json(json!({ "data": models }));
        self.answers_questions(list).await;
    }

    /// Has the endpoint answer so when it is asked for its models.
    pub(crate) async fn answers_questions(&self, answer: ResponseTemplate) {
        let question = Mock::given(method("GET")).and(path("/v1/models"));
        question.respond_with(answer).mount(&self.llm.server).await;
    }

    /// Has the endpoint do something more.
    pub(crate) async fn mount(&self, mock: Mock) {
        mock.mount(&self.llm.server).await;
    }

    /// Puts a file into the folder.
    pub(crate) fn put(&self, name: &str, content: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Puts a video onto the `YouTube` of files.
    pub(crate) fn put_video(&self, id: &str, video: &Value) {
        self.put(&format!("youtube/videos/{id}.json"), &video.to_string());
    }

    /// The folder in which the program remembers what its user trusts.
    pub(crate) fn trusted(&self) -> PathBuf {
        self.user.path().join("proceedings/trusted")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file as text, as far as it is text.
    pub(crate) fn read(&self, name: &str) -> String {
        let bytes = fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The files of the cache, sorted, with digests replaced by `*`.
    pub(crate) fn cached(&self) -> Vec<String> {
        let mut names = Vec::new();
        let talks = fs::read_dir(self.path("cache"))
            .into_iter()
            .flatten()
            .flatten();
        for talk in talks.filter(|talk| talk.file_name() != ".locks") {
            for file in fs::read_dir(talk.path()).unwrap().flatten() {
                let (talk, file) = (talk.file_name(), file.file_name());
                names.push(format!(
                    "{}/{}",
                    talk.to_str().unwrap(),
                    without_digest(file.to_str().unwrap())
                ));
            }
        }
        names.sort();
        names
    }

    /// Runs the program with these arguments, in the project's folder.
    pub(crate) async fn run(&self, arguments: &str) -> Ran {
        let mut command = self.command(arguments);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        self.ran(&output)
    }

    /// The program, ready to start.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proceedings"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.folder.path())
            .env("PROCEEDINGS_FIXTURES", self.path("youtube"))
            .env("PROCEEDINGS_FIXTURE_LOG", self.path("visits"))
            .env("TMPDIR", self.path("temporary"))
            .env("TMP", self.path("temporary"))
            .env("PROCEEDINGS_TOOLS", self.path("tools"))
            .env("XDG_DATA_HOME", self.user.path())
            .env("APPDATA", self.user.path())
            // The catalogs of the tests are their own, but for those of strangers.
            .env("PROCEEDINGS_TRUST", "all")
            .env("NO_PROXY", "")
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .stdin(Stdio::null());
        command
    }

    /// What a finished run left behind, with this machine's paths and ports taken out.
    pub(crate) fn ran(&self, output: &Output) -> Ran {
        let redacted = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes)
                .replace(self.folder.path().to_str().unwrap(), "[folder]");
            text.replace(&self.llm.server.uri(), "[endpoint]")
        };
        Ran {
            code: output.status.code().unwrap_or(-1),
            stdout: redacted(&output.stdout),
            // Paths are written in one way, whatever the system.
            stderr: redacted(&output.stderr).replace(MAIN_SEPARATOR, "/"),
        }
    }

    /// How often a page of `YouTube` was visited.
    pub(crate) fn visits(&self) -> usize {
        let log = fs::read_to_string(self.path("visits")).unwrap_or_default();
        log.lines()
            .filter(|line| line.starts_with("video "))
            .count()
    }

    /// The bodies of the requests for words that the endpoint got.
    pub(crate) async fn requests(&self) -> Vec<Value> {
        let received = self.received("/chat/completions").await;
        received
            .iter()
            .map(|request| request.body_json().unwrap())
            .collect()
    }

    /// The headers of the requests that the endpoint got.
    pub(crate) async fn headers(&self) -> Vec<HeaderMap> {
        let received = self.llm.server.received_requests().await.unwrap();
        received
            .into_iter()
            .map(|request| request.headers)
            .collect()
    }

    /// The forms with recordings that the endpoint got.
    pub(crate) async fn uploads(&self) -> Vec<String> {
        let received = self.received("/audio/transcriptions").await;
        let texts = received
            .iter()
            .map(|request| String::from_utf8_lossy(&request.body).into_owned());
        texts.collect()
    }

    async fn received(&self, path: &str) -> Vec<Request> {
        let mut received = self.llm.server.received_requests().await.unwrap();
        received.retain(|request| request.url.path().ends_with(path));
        received
    }

    /// Queues replies to the next requests for `summary`, `notes`, `category`, `categories`,
    /// `support` or `transcription`.
    pub(crate) fn reply(&self, shape: &str, replies: impl IntoIterator<Item = ResponseTemplate>) {
        let mut script = self.llm.script.lock().unwrap();
        script
            .replies
            .entry(shape.to_owned())
            .or_default()
            .extend(replies);
    }

    /// Drops the replies that are still queued.
    pub(crate) fn forget_replies(&self) {
        self.llm.script.lock().unwrap().replies.clear();
    }

    /// Makes the endpoint slow.
    pub(crate) fn delay(&self, delay: Duration) {
        self.llm.script.lock().unwrap().delay = delay;
    }
}

impl Ran {
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }

    #[track_caller]
    pub(crate) fn says(self, words: &str) -> Self {
        assert!(
            self.stderr.contains(words),
            "`{words}` is not in:\n{}",
            self.stderr
        );
        self
    }
}

/// Answers from the script, else with two good sentences and the first category.
struct Replies(Arc<Mutex<Script>>);

impl Respond for Replies {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        let shape = shape_of(&body);
        let mut script = self.0.lock().unwrap();
        let queue = script.replies.entry(shape.to_owned()).or_default();
        let reply = if queue.is_empty() {
            usual(shape)
        } else {
            queue.remove(0)
        };
        reply.set_delay(script.delay)
    }
}

/// Answers from the script, else with what was said in a talk.
struct Transcriptions(Arc<Mutex<Script>>);

impl Respond for Transcriptions {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let mut script = self.0.lock().unwrap();
        let queue = script
            .replies
            .entry("transcription".to_owned())
            .or_default();
        let reply = if queue.is_empty() {
            transcription()
        } else {
            queue.remove(0)
        };
        reply.set_delay(script.delay)
    }
}

/// What a model heard in ten minutes.
pub(crate) fn transcription() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "task": "transcribe", "language": "english", "duration": 600.0,
        "text": "Hello and welcome. Today we look at ears. They hear what nobody has written down for others. And now to questions.",
        "segments": [
            { "start": 0.5, "end": 4.0, "text": " Hello and welcome.", "no_speech_prob": 0.01 },
            { "start": 4.0, "end": 9.5, "text": " Today we look at ears.", "no_speech_prob": 0.01 },
            { "start": 9.5, "end": 15.0, "text": " They hear what nobody has written down for others.", "no_speech_prob": 0.01 },
            { "start": 400.0, "end": 404.0, "text": " And now to questions.", "no_speech_prob": 0.01 },
        ],
    }))
}

fn usual(shape: &str) -> ResponseTemplate {
    completion(&usual_object(shape))
}

/// What the endpoint says in a shape where no test wants something else.
pub(crate) fn usual_object(shape: &str) -> Value {
    match shape {
        "category" => json!({ "category": "Systems", "none_fits": false }),
        "support" => {
            json!({ "first_supported": true, "second_supported": true, "unsupported": "" })
        }
        "notes" => {
            json!({ "notes": "Keys are made of every input, and writes survive a power cut." })
        }
        _ => json!({ "first_sentence": SUMMARY[0], "second_sentence": SUMMARY[1] }),
    }
}

/// A completion that holds this object.
pub(crate) fn completion(object: &Value) -> ResponseTemplate {
    said(&object.to_string())
}

/// A completion in the model's own words.
pub(crate) fn said(text: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(said_body(text))
}

/// The body of a completion in the model's own words.
pub(crate) fn said_body(text: &str) -> Value {
    json!({
        "choices": [{ "message": { "role": "assistant", "content": text }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 1000, "completion_tokens": 50 },
    })
}

/// Which shape a request asks for.
pub(crate) fn shape_of(body: &Value) -> &'static str {
    let asked = body["messages"].to_string();
    if asked.contains("none_fits") {
        "category"
    } else if asked.contains("first_supported") {
        "support"
    } else if asked.contains("Propose the list of categories") {
        "categories"
    } else if asked.contains("Now write your notes") {
        "notes"
    } else {
        "summary"
    }
}

/// A video with a title, a description and spoken words of its own.
pub(crate) fn video(id: &str) -> Value {
    json!({
        "title": format!("How {id} was made & measured"),
        "description": format!("What {id} does, and why. Slides: https://slides.example/{id}"),
        "channel": "Test Conf",
        "upload_date": "2026-06-12",
        "duration": 600,
        "language": "en",
        "captions": [{ "language": "en", "kind": "automatic", "lines": [
            [0.5, 4.0, "hello and welcome so today we look at a cache"],
            [5.0, 4.0, "that everybody in the team can explain"],
            [11.0, 4.0, "the key is made of every input there is"],
        ] }],
    })
}

/// The `talks` of a catalog.
pub(crate) fn talks(ids: &[&str]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| quoted(id)).collect();
    format!("[{}]", ids.join(", "))
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// `summary-3fa9c1d2e4b59a07.2.json` as `summary-*.2.json`.
fn without_digest(name: &str) -> String {
    let is_digest =
        |part: &str| part.len() == 16 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let digest = name.split(['-', '.']).find(|part| is_digest(part));
    digest.map_or(name.to_owned(), |digest| name.replace(digest, "*"))
}
