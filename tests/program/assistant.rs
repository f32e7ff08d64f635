//! An assistant's program: it starts the server and speaks the protocol with it, a line a message.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::project::{Project, Ran};

pub(crate) struct Assistant<'a> {
    project: &'a Project,
    server: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    asked: u64,
}

/// What a tool gave, and whether it says that it could not.
pub(crate) struct Given {
    pub(crate) is_error: bool,
    pub(crate) answer: Value,
}

impl<'a> Assistant<'a> {
    /// Starts `proceedings mcp` and greets it.
    pub(crate) fn start(project: &'a Project, arguments: &str) -> Self {
        let mut command = project.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut server = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut assistant = Self {
            project,
            to: server.stdin.take().unwrap(),
            from: BufReader::new(server.stdout.take().unwrap()),
            server,
            asked: 0,
        };
        let greeted = assistant.ask(
            "initialize",
            &json!({
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": { "name": "test", "version": "1" },
            }),
        );
        assert_eq!(greeted["result"]["serverInfo"]["name"], "proceedings");
        let told = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        writeln!(assistant.to, "{told}").unwrap();
        assistant
    }

    /// Sends a request, and gives the message that answers it.
    pub(crate) fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        writeln!(self.to, "{request}").unwrap();
        let mut line = String::new();
        self.from.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line}"));
        assert_eq!(answer["id"], id, "{line}");
        answer
    }

    /// Calls a tool.
    pub(crate) fn call(&mut self, tool: &str, arguments: &Value) -> Given {
        let told = json!({ "name": tool, "arguments": arguments });
        let answer = &self.ask("tools/call", &told)["result"];
        let text = answer["content"][0]["text"].as_str().unwrap();
        assert_eq!(
            serde_json::from_str::<Value>(text).unwrap(),
            answer["structuredContent"]
        );
        Given {
            is_error: answer["isError"].as_bool().unwrap(),
            answer: answer["structuredContent"].clone(),
        }
    }

    /// Calls a tool that answers.
    pub(crate) fn learn(&mut self, tool: &str, arguments: &Value) -> Value {
        let given = self.call(tool, arguments);
        assert!(!given.is_error, "{}", given.answer);
        given.answer
    }

    /// Calls a tool that cannot answer.
    pub(crate) fn miss(&mut self, tool: &str, arguments: &Value) -> Value {
        let given = self.call(tool, arguments);
        assert!(given.is_error, "{}", given.answer);
        given.answer
    }

    /// Has no more questions.
    pub(crate) fn leave(self) -> Ran {
        drop(self.to);
        let mut ended = self.server.wait_with_output().unwrap();
        // Nothing comes that was not asked for.
        self.from
            .into_inner()
            .read_to_end(&mut ended.stdout)
            .unwrap();
        self.project.ran(&ended)
    }
}
