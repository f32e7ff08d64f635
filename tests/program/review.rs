//! A review that is under way, as a browser speaks to it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use proceedings::testing::client;
use reqwest::header::ORIGIN;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::project::Project;

/// The talks of the conference that most reviews are about.
pub(crate) const IDS: [&str; 3] = ["rustyCache1", "-cBplHNM4RA", "_9xohmSa2G8"];

/// A review of a project. It ends when it is dropped.
pub(crate) struct Review {
    pub(crate) project: Project,
    pub(crate) child: Child,
    pub(crate) address: String,
    pub(crate) http: Client,
}

impl Review {
    /// A review of a conference that is built, with talks as a person would write them.
    pub(crate) async fn of_three_talks(arguments: &str) -> Self {
        let project = Project::with_talks(&IDS).await;
        let talks = r#"[
  "rustyCache1", # the opening
  # Recorded twice.
  { id = "-cBplHNM4RA", speakers = ["A. Name"] },
  "_9xohmSa2G8"
]"#;
        project.catalog(talks, &project.llm_table());
        project.run("build").await.ended(0);
        Self::of(project, arguments).await
    }

    pub(crate) async fn of(project: Project, arguments: &str) -> Self {
        let command = project.command(&format!("review {arguments}"));
        Self::started(project, command).await
    }

    /// A review that is started in a way of its own.
    pub(crate) async fn started(project: Project, mut command: Command) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let read = move || {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            line
        };
        let line = tokio::task::spawn_blocking(read).await.unwrap();
        assert!(line.starts_with("http://127.0.0.1:"), "{line}");
        Self {
            project,
            child,
            address: line.trim().to_owned(),
            http: client(Duration::from_mins(1)).no_proxy().build().unwrap(),
        }
    }

    pub(crate) fn catalog(&self) -> String {
        self.project.read("catalog.toml")
    }

    /// The address without the token: `http://127.0.0.1:4321`.
    pub(crate) fn origin(&self) -> String {
        let parts: Vec<&str> = self.address.split('/').collect();
        format!("http://{}", parts[2])
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(format!("{}{path}", self.address))
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        let request = self.http.post(format!("{}{path}", self.address));
        request.header(ORIGIN, self.origin()).json(body)
    }

    pub(crate) async fn conference(&self) -> Value {
        let response = self.get("conference").send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        response.json().await.unwrap()
    }

    /// Makes a change to what is shown now.
    pub(crate) async fn change(&self, path: &str, change: Value) -> (StatusCode, Value) {
        let revision = self.conference().await["revision"].clone();
        let body = json!({ "revision": revision, "change": change });
        self.sent(path, &body).await
    }

    pub(crate) async fn sent(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let response = self.post(path, body).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// Corrects a talk; that must be possible.
    pub(crate) async fn edit(&self, talk: &str, edit: Value) -> Value {
        let change = json!({ "talk": talk, "edit": edit });
        let (status, answer) = self.change("edit", change).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    }

    /// Tries to correct a talk, and gives the reason why that is not done.
    pub(crate) async fn refused(&self, talk: &str, edit: Value) -> String {
        let catalog = self.catalog();
        let change = json!({ "talk": talk, "edit": edit });
        let (status, answer) = self.change("edit", change).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(self.catalog(), catalog);
        format!("{}; {}", answer["error"], answer["hint"])
    }
}

impl Drop for Review {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A talk of a conference as the page gets it.
pub(crate) fn talk<'a>(conference: &'a Value, id: &str) -> &'a Value {
    let mut talks = conference["talks"].as_array().unwrap().iter();
    talks.find(|talk| talk["id"] == id).unwrap()
}
