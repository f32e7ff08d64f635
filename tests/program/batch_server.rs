//! Files and batches of an endpoint, held in memory, as `OpenAI`, Anthropic and Gemini have them.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use wiremock::matchers::path_regex;
use wiremock::{Mock, Request, Respond, ResponseTemplate};

use crate::project::{Project, said_body, shape_of, usual_object};

/// In which wire format an endpoint speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    OpenAi,
    Anthropic,
    Gemini,
}

/// What the endpoint holds.
#[derive(Clone)]
pub(crate) struct BatchServer {
    wire: Wire,
    held: Arc<Mutex<Held>>,
}

#[derive(Default)]
struct Held {
    /// The files by their numbers, each a list of lines.
    files: Vec<Vec<String>>,
    /// The batches by their numbers, as they are told of.
    batches: Vec<Value>,
    /// The file that each batch was made of.
    inputs: Vec<usize>,
    /// What is answered in place of the next requests to a path.
    faults: Vec<(String, Fault)>,
    /// The bodies of the requests that were sent alone.
    alone: Vec<Value>,
}

/// What goes wrong with a request.
#[derive(Clone)]
pub(crate) enum Fault {
    /// It is answered so, and nothing is done.
    Refused(ResponseTemplate),
    /// It is done, and the answer is lost.
    Lost,
}

impl Wire {
    /// The table of a catalog that names this project's endpoint in this wire format.
    pub(crate) fn llm_table(self, project: &Project) -> String {
        let table = project.llm_table();
        match self {
            Self::OpenAi => table,
            Self::Anthropic => table.replace("[llm]", "[llm]\nprovider = \"anthropic\""),
            Self::Gemini => table
                .replace("[llm]", "[llm]\nprovider = \"gemini\"")
                .replace("/v1\"", "/v1beta\""),
        }
    }

    /// What an order is sent to ends so.
    pub(crate) fn orders(self) -> &'static str {
        match self {
            Self::OpenAi => "POST /v1/batches",
            Self::Anthropic => "POST /v1/messages/batches",
            Self::Gemini => ":batchGenerateContent",
        }
    }

    /// The id of a batch by its number; a path that asks about the batch ends so.
    pub(crate) fn id(self, batch: usize) -> String {
        match self {
            Self::OpenAi => format!("batch-{batch}"),
            Self::Anthropic => format!("msgbatch_{batch}"),
            Self::Gemini => format!("batches/{batch}"),
        }
    }

    /// The body of the request in a line.
    pub(crate) fn body(self, line: &Value) -> &Value {
        match self {
            Self::OpenAi => &line["body"],
            Self::Anthropic => &line["params"],
            Self::Gemini => &line["request"],
        }
    }

    /// The id of the request in a line.
    pub(crate) fn key(self, line: &Value) -> &str {
        let key = match self {
            Self::OpenAi | Self::Anthropic => &line["custom_id"],
            Self::Gemini => &line["key"],
        };
        key.as_str().unwrap()
    }

    /// A reply in the model's own words.
    fn said(self, text: &str) -> Value {
        match self {
            Self::OpenAi => said_body(text),
            Self::Anthropic => json!({
                "type": "message", "role": "assistant", "stop_reason": "end_turn",
                "content": [{ "type": "text", "text": text }],
                "usage": { "input_tokens": 1000, "output_tokens": 50 },
            }),
            Self::Gemini => json!({
                "candidates": [{ "content": { "role": "model", "parts": [{ "text": text }] }, "finishReason": "STOP" }],
                "usageMetadata": { "promptTokenCount": 1000, "candidatesTokenCount": 50 },
            }),
        }
    }

    /// The usual reply to a request.
    fn usual(self, body: &Value) -> Value {
        // The words that tell the shape stand in the messages, whatever these are called.
        let shape = shape_of(&json!({ "messages": body }));
        self.said(&usual_object(shape).to_string())
    }

    /// The reply to a line, as the endpoint of the tests would give it.
    pub(crate) fn answer(self, line: &Value) -> Value {
        self.reply(line, &self.usual(self.body(line)))
    }

    /// A reply to a line with this body.
    pub(crate) fn reply(self, line: &Value, body: &Value) -> Value {
        match self {
            Self::OpenAi => json!({
                "id": "batch_req_1", "custom_id": line["custom_id"], "error": null,
                "response": { "status_code": 200, "request_id": "r", "body": body },
            }),
            Self::Anthropic => json!({
                "custom_id": line["custom_id"],
                "result": { "type": "succeeded", "message": body },
            }),
            Self::Gemini => json!({ "key": line["key"], "response": body }),
        }
    }

    /// A line that says why there is no reply.
    pub(crate) fn failure(self, line: &Value, why: &str) -> Value {
        match self {
            Self::OpenAi => json!({
                "custom_id": line["custom_id"], "response": null, "error": { "message": why },
            }),
            Self::Anthropic => json!({
                "custom_id": line["custom_id"],
                "result": { "type": "errored", "error": { "type": "error", "error": { "type": "invalid_request_error", "message": why } } },
            }),
            Self::Gemini => json!({ "key": line["key"], "error": { "code": 400, "message": why } }),
        }
    }
}

impl BatchServer {
    /// Gives a project's endpoint files and batches as `OpenAI` has them.
    pub(crate) async fn at(project: &Project) -> Self {
        Self::speaking(Wire::OpenAi, project).await
    }

    /// The same in any wire format; in the others the endpoint answers what is sent alone, too.
    pub(crate) async fn speaking(wire: Wire, project: &Project) -> Self {
        let server = Self {
            wire,
            held: Arc::default(),
        };
        for at in [
            "/(files|batches)",
            "/v1/messages$",
            ":(g|batchG)enerateContent$",
        ] {
            let mock = Mock::given(path_regex(at));
            project.mount(mock.respond_with(server.clone())).await;
        }
        server
    }

    /// The next request whose method and path end so goes wrong.
    pub(crate) fn fault(&self, path: &str, fault: Fault) {
        let mut held = self.held.lock().unwrap();
        held.faults.push((path.to_owned(), fault));
    }

    /// How many batches were made.
    pub(crate) fn batches(&self) -> usize {
        self.held.lock().unwrap().batches.len()
    }

    /// The bodies of the requests that were sent alone, but in `OpenAI`'s format.
    pub(crate) fn alone(&self) -> Vec<Value> {
        self.held.lock().unwrap().alone.clone()
    }

    /// The lines that a batch was made of.
    pub(crate) fn lines(&self, batch: usize) -> Vec<Value> {
        let held = self.held.lock().unwrap();
        let lines = held.files[held.inputs[batch]].iter();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Changes what is told of a batch.
    pub(crate) fn tell(&self, batch: usize, told: &Value) {
        let mut held = self.held.lock().unwrap();
        for (name, value) in told.as_object().unwrap() {
            let is_of_operation = ["done", "error", "response"].contains(&name.as_str());
            let batch = &mut held.batches[batch];
            match self.wire {
                Wire::Gemini if !is_of_operation => batch["metadata"][name] = value.clone(),
                _ => batch[name] = value.clone(),
            }
        }
    }

    /// Keeps a file, and gives its id.
    pub(crate) fn keep(&self, lines: &[Value]) -> String {
        self.keep_text(lines.iter().map(Value::to_string).collect())
    }

    /// The same with lines that need be no JSON.
    pub(crate) fn keep_text(&self, lines: Vec<String>) -> String {
        let mut held = self.held.lock().unwrap();
        held.files.push(lines);
        file_id(self.wire, held.files.len() - 1)
    }

    /// Ends a batch with these lines.
    pub(crate) fn end(&self, batch: usize, lines: &[Value]) {
        let file = self.keep(lines);
        self.end_with(batch, &file);
    }

    /// Ends a batch with a file of lines.
    pub(crate) fn end_with(&self, batch: usize, file: &str) {
        let told = match self.wire {
            Wire::OpenAi => {
                json!({ "status": "completed", "output_file_id": file, "error_file_id": "" })
            }
            Wire::Anthropic => json!({
                "processing_status": "ended", "ended_at": "2026-08-20T18:37:24Z",
                "results_url": "https://elsewhere.example/results", "file": file,
            }),
            Wire::Gemini => {
                json!({ "state": "BATCH_STATE_SUCCEEDED", "output": { "responsesFile": file } })
            }
        };
        self.tell(batch, &told);
    }

    /// Ends a batch with the usual reply to each line.
    pub(crate) fn complete(&self, batch: usize) {
        let lines = self.lines(batch);
        let replies: Vec<Value> = lines.iter().map(|line| self.wire.answer(line)).collect();
        self.end(batch, &replies);
    }

    /// Has the endpoint make a batch that nobody here has ordered.
    pub(crate) fn make_of_others(&self, requests: usize) {
        let mut held = self.held.lock().unwrap();
        let line = |number| match self.wire {
            Wire::Gemini => json!({ "key": format!("other-{number}") }).to_string(),
            _ => json!({ "custom_id": format!("other-{number}") }).to_string(),
        };
        let lines = (0..requests).map(line).collect();
        held.files.push(lines);
        let input = held.files.len() - 1;
        held.make(self.wire, input, &json!({}));
    }
}

/// The reply to a line of `OpenAI`'s, as the endpoint of the tests would give it.
pub(crate) fn answer(line: &Value) -> Value {
    Wire::OpenAi.answer(line)
}

/// A reply to a line of `OpenAI`'s with this body.
pub(crate) fn reply(line: &Value, body: &Value) -> Value {
    Wire::OpenAi.reply(line, body)
}

fn file_id(wire: Wire, number: usize) -> String {
    match wire {
        Wire::Gemini => format!("files/{number}"),
        Wire::OpenAi | Wire::Anthropic => format!("file-{number}"),
    }
}

fn number(id: &str) -> usize {
    let number = id.rsplit(['-', '/', '_', '=']).next().unwrap();
    number.parse().unwrap()
}

impl Respond for BatchServer {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut held = self.held.lock().unwrap();
        let path = request.url.path().to_owned();
        let asked = format!("{} {path}", request.method);
        let mut faults = held.faults.iter();
        let fault = faults.position(|(ending, _)| asked.ends_with(ending));
        let fault = fault.map(|at| held.faults.remove(at).1);
        if let Some(Fault::Refused(answer)) = fault {
            return answer;
        }
        let done = match self.wire {
            Wire::OpenAi => held.as_openai(request, &path),
            Wire::Anthropic => held.as_anthropic(request, &path),
            Wire::Gemini => held.as_gemini(request, &path),
        };
        match fault {
            Some(Fault::Lost) => ResponseTemplate::new(502),
            _ => done,
        }
    }
}

fn success(value: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(value)
}

fn not_found() -> ResponseTemplate {
    let error = json!({ "error": { "message": "No such object", "code": null } });
    ResponseTemplate::new(404).set_body_json(error)
}

impl Held {
    fn as_openai(&mut self, request: &Request, path: &str) -> ResponseTemplate {
        let parts: Vec<&str> = path.split('/').skip(2).collect();
        match (request.method.as_str(), &parts[..]) {
            ("POST", ["files"]) => {
                let body = String::from_utf8(request.body.clone()).unwrap();
                let lines = body
                    .lines()
                    .filter(|line| line.starts_with("{\"custom_id\""));
                self.files.push(lines.map(str::to_owned).collect());
                let id = file_id(Wire::OpenAi, self.files.len() - 1);
                success(&json!({ "id": id, "status": "processed" }))
            }
            ("POST", ["batches"]) => {
                let wanted: Value = request.body_json().unwrap();
                assert_eq!(wanted["endpoint"], "/v1/chat/completions");
                let input = number(wanted["input_file_id"].as_str().unwrap());
                success(&self.make(Wire::OpenAi, input, &wanted))
            }
            ("GET", ["batches"]) => success(&json!({ "data": self.batches, "has_more": false })),
            ("GET", ["batches", id]) => self.batch("id", id),
            ("GET", ["files", id, "content"]) => self.file(id),
            _ => not_found(),
        }
    }

    fn as_anthropic(&mut self, request: &Request, path: &str) -> ResponseTemplate {
        assert_eq!(request.headers["anthropic-version"], "2023-06-01");
        let parts: Vec<&str> = path.split('/').skip(2).collect();
        match (request.method.as_str(), &parts[..]) {
            ("POST", ["messages"]) => self.answer_alone(Wire::Anthropic, request),
            ("POST", ["messages", "batches"]) => {
                let wanted: Value = request.body_json().unwrap();
                let lines = wanted["requests"].as_array().unwrap().iter();
                self.files.push(lines.map(Value::to_string).collect());
                let input = self.files.len() - 1;
                success(&self.make(Wire::Anthropic, input, &wanted))
            }
            ("GET", ["messages", "batches"]) => {
                let newest_first: Vec<&Value> = self.batches.iter().rev().collect();
                success(&json!({ "data": newest_first, "has_more": false, "last_id": null }))
            }
            ("GET", ["messages", "batches", id]) => self.batch("id", id),
            ("GET", ["messages", "batches", id, "results"]) => {
                let file = self.batches[number(id)]["file"].as_str();
                let file = file.unwrap().to_owned();
                self.file(&file)
            }
            _ => not_found(),
        }
    }

    fn as_gemini(&mut self, request: &Request, path: &str) -> ResponseTemplate {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        match (request.method.as_str(), &parts[..]) {
            ("POST", ["v1beta", "models", "small:generateContent"]) => {
                self.answer_alone(Wire::Gemini, request)
            }
            ("POST", ["upload", "v1beta", "files"]) => match request.url.query() {
                None => {
                    assert_eq!(request.headers["x-goog-upload-command"], "start");
                    self.files.push(Vec::new());
                    let place = format!(
                        "https://elsewhere.example{path}?upload_id={}",
                        self.files.len() - 1
                    );
                    success(&json!({})).insert_header("X-Goog-Upload-URL", place)
                }
                Some(query) => {
                    let body = String::from_utf8(request.body.clone()).unwrap();
                    let input = number(query);
                    self.files[input] = body.lines().map(str::to_owned).collect();
                    let file = json!({ "name": file_id(Wire::Gemini, input), "state": "ACTIVE" });
                    success(&json!({ "file": file }))
                }
            },
            ("POST", ["v1beta", "models", "small:batchGenerateContent"]) => {
                let wanted: Value = request.body_json().unwrap();
                let input = &wanted["batch"]["inputConfig"]["fileName"];
                let input = number(input.as_str().unwrap());
                success(&self.make(Wire::Gemini, input, &wanted["batch"]))
            }
            ("GET", ["v1beta", "batches"]) => success(&json!({ "operations": self.batches })),
            ("GET", ["v1beta", "batches", id]) => self.batch("name", &format!("batches/{id}")),
            ("GET", ["v1beta", "files", file]) => match file.strip_suffix(":download") {
                Some(id) if request.url.query() == Some("alt=media") => self.file(id),
                _ => not_found(),
            },
            _ => not_found(),
        }
    }

    /// Makes a batch of a file, as it was ordered.
    fn make(&mut self, wire: Wire, input: usize, wanted: &Value) -> Value {
        let id = wire.id(self.batches.len());
        let requests = self.files[input].len();
        let batch = match wire {
            Wire::OpenAi => json!({
                "id": id, "status": "validating",
                "input_file_id": wanted["input_file_id"], "output_file_id": null,
                "error_file_id": null, "metadata": wanted["metadata"],
                "request_counts": { "total": 0, "completed": 0, "failed": 0 },
            }),
            Wire::Anthropic => json!({
                "id": id, "type": "message_batch", "processing_status": "in_progress",
                "request_counts": { "processing": requests, "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0 },
                "results_url": null, "archived_at": null, "cancel_initiated_at": null, "ended_at": null,
            }),
            Wire::Gemini => json!({
                "name": id, "metadata": {
                    "displayName": wanted["displayName"], "state": "BATCH_STATE_PENDING",
                    "batchStats": { "requestCount": requests.to_string() },
                },
            }),
        };
        self.inputs.push(input);
        self.batches.push(batch.clone());
        batch
    }

    fn answer_alone(&mut self, wire: Wire, request: &Request) -> ResponseTemplate {
        let body: Value = request.body_json().unwrap();
        let answer = success(&wire.usual(&body));
        self.alone.push(body);
        answer
    }

    fn batch(&self, name: &str, id: &str) -> ResponseTemplate {
        let batch = self.batches.iter().find(|batch| batch[name] == *id);
        batch.map_or_else(not_found, success)
    }

    fn file(&self, id: &str) -> ResponseTemplate {
        match self.files.get(number(id)) {
            Some(lines) => ResponseTemplate::new(200).set_body_string(lines.join("\n")),
            None => not_found(),
        }
    }
}
