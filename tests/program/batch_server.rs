//! Files and batches of an endpoint, as `OpenAI` has them, held in memory.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, Request, Respond, ResponseTemplate};

use crate::project::{Project, said_body, shape_of, usual_object};

/// What the endpoint holds.
#[derive(Clone, Default)]
pub(crate) struct BatchServer(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    /// The files by their numbers, each a list of lines.
    files: Vec<Vec<String>>,
    /// The batches by their numbers, as they are told of.
    batches: Vec<Value>,
    /// What is answered in place of the next requests to a path.
    faults: Vec<(String, Fault)>,
}

/// What goes wrong with a request.
#[derive(Clone)]
pub(crate) enum Fault {
    /// It is answered so, and nothing is done.
    Refused(ResponseTemplate),
    /// It is done, and the answer is lost.
    Lost,
}

impl BatchServer {
    /// Gives a project's endpoint files and batches.
    pub(crate) async fn at(project: &Project) -> Self {
        let server = Self::default();
        for (verb, at) in [
            ("POST", "^/v1/files$"),
            ("GET", "^/v1/files/[^/]+/content$"),
            ("GET", "^/v1/files/[^/]+$"),
            ("GET", "^/v1/batches/[^/]+$"),
        ] {
            let mock = Mock::given(method(verb)).and(path_regex(at));
            project.mount(mock.respond_with(server.clone())).await;
        }
        for verb in ["POST", "GET"] {
            let mock = Mock::given(method(verb)).and(path("/v1/batches"));
            project.mount(mock.respond_with(server.clone())).await;
        }
        server
    }

    /// The next request whose path ends so goes wrong.
    pub(crate) fn fault(&self, path: &str, fault: Fault) {
        self.0.lock().unwrap().faults.push((path.to_owned(), fault));
    }

    /// How many batches were made.
    pub(crate) fn batches(&self) -> usize {
        self.0.lock().unwrap().batches.len()
    }

    /// The lines of the file that a batch was made of.
    pub(crate) fn lines(&self, batch: usize) -> Vec<Value> {
        let held = self.0.lock().unwrap();
        let input = held.batches[batch]["input_file_id"].as_str().unwrap();
        let lines = held.files[number(input)].iter();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Changes what is told of a batch.
    pub(crate) fn tell(&self, batch: usize, told: &Value) {
        let mut held = self.0.lock().unwrap();
        for (name, value) in told.as_object().unwrap() {
            held.batches[batch][name] = value.clone();
        }
    }

    /// Keeps a file, and gives its id.
    pub(crate) fn keep(&self, lines: &[Value]) -> String {
        let mut held = self.0.lock().unwrap();
        held.files
            .push(lines.iter().map(Value::to_string).collect());
        format!("file-{}", held.files.len() - 1)
    }

    /// Ends a batch with the usual reply to each line.
    pub(crate) fn complete(&self, batch: usize) {
        let replies: Vec<Value> = self.lines(batch).iter().map(answer).collect();
        let output = self.keep(&replies);
        self.tell(
            batch,
            &json!({ "status": "completed", "output_file_id": output, "error_file_id": "" }),
        );
    }
}

/// The reply to a line, as the endpoint of the tests would give it.
pub(crate) fn answer(line: &Value) -> Value {
    let object = usual_object(shape_of(&line["body"]));
    reply(line, &said_body(&object.to_string()))
}

/// A reply to a line with this body.
pub(crate) fn reply(line: &Value, body: &Value) -> Value {
    json!({
        "id": "batch_req_1", "custom_id": line["custom_id"], "error": null,
        "response": { "status_code": 200, "request_id": "r", "body": body },
    })
}

fn number(id: &str) -> usize {
    id.rsplit('-').next().unwrap().parse().unwrap()
}

impl Respond for BatchServer {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mut held = self.0.lock().unwrap();
        let path = request.url.path().to_owned();
        let fault = held
            .faults
            .iter()
            .position(|(ending, _)| path.ends_with(ending));
        let fault = fault.map(|at| held.faults.remove(at).1);
        if let Some(Fault::Refused(answer)) = fault {
            return answer;
        }
        let done = held.done(request, &path);
        match fault {
            Some(Fault::Lost) => ResponseTemplate::new(502),
            _ => done,
        }
    }
}

impl Held {
    fn done(&mut self, request: &Request, path: &str) -> ResponseTemplate {
        let json = |value: &Value| ResponseTemplate::new(200).set_body_json(value);
        let not_found = || {
            let error = json!({ "error": { "message": "No such object", "code": null } });
            ResponseTemplate::new(404).set_body_json(error)
        };
        let parts: Vec<&str> = path.split('/').skip(2).collect();
        match (request.method.as_str(), &parts[..]) {
            ("POST", ["files"]) => {
                let body = String::from_utf8(request.body.clone()).unwrap();
                let lines = body
                    .lines()
                    .filter(|line| line.starts_with("{\"custom_id\""));
                self.files.push(lines.map(str::to_owned).collect());
                json(
                    &json!({ "id": format!("file-{}", self.files.len() - 1), "status": "processed" }),
                )
            }
            ("POST", ["batches"]) => {
                let wanted: Value = request.body_json().unwrap();
                assert_eq!(wanted["endpoint"], "/v1/chat/completions");
                let batch = json!({
                    "id": format!("batch-{}", self.batches.len()), "status": "validating",
                    "input_file_id": wanted["input_file_id"], "output_file_id": null,
                    "error_file_id": null, "metadata": wanted["metadata"],
                    "request_counts": { "total": 0, "completed": 0, "failed": 0 },
                });
                self.batches.push(batch.clone());
                json(&batch)
            }
            ("GET", ["batches"]) => json(&json!({ "data": self.batches, "has_more": false })),
            ("GET", ["batches", id]) => {
                let batch = self.batches.iter().find(|batch| batch["id"] == *id);
                batch.map_or_else(not_found, json)
            }
            ("GET", ["files", id, "content"]) => match self.files.get(number(id)) {
                Some(lines) => ResponseTemplate::new(200).set_body_string(lines.join("\n")),
                None => not_found(),
            },
            _ => not_found(),
        }
    }
}
