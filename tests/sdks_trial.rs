//! A trial of the wire formats against the types of the providers' own SDKs: what is sent fits them,
//! and what they write is read.
//!
//! The SDKs are not part of the project; where one is not installed, the trial says so and passes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "shared/sdks.rs"]
mod sdks;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

const TALKS: [&str; 3] = ["sdktrial001", "sdktrial002", "sdktrial003"];

/// An endpoint that speaks one wire with an SDK's types.
struct Endpoint {
    python: Child,
    port: u16,
    faults: PathBuf,
}

impl Endpoint {
    /// Starts a script that is one; `None` where the SDK is not installed.
    fn start(script: &str, wire: &str, module: &str, folder: &Path) -> Option<Self> {
        let python = sdks::python_with(module)?;
        let faults = folder.join("faults");
        fs::write(&faults, "").unwrap();
        let mut python = Command::new(python)
            .arg("-B")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(script))
            .arg(wire)
            .arg(&faults)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = python.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        Some(Self {
            python,
            port: line.trim().parse().unwrap(),
            faults,
        })
    }

    /// What did not fit the types, each said once.
    fn faults(&self) -> Vec<String> {
        let faults = fs::read_to_string(&self.faults).unwrap();
        let mut faults: Vec<String> = faults.lines().map(str::to_owned).collect();
        faults.sort();
        faults.dedup();
        faults
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        self.python.kill().unwrap();
        self.python.wait().unwrap();
    }
}

/// Writes down a conference of three talks that an endpoint is asked about.
fn write_conference(folder: &Path, endpoint: &Endpoint, provider: &str) {
    let talks = TALKS.map(|id| format!("{{ id = \"{id}\", title = \"About {id}\" }}"));
    let base = match provider {
        "openai" => "/v1",
        _ => "",
    };
    let catalog = format!(
        "title = \"Trial\"\nformats = [\"markdown\"]\ntalks = [{}]\n\
         [[categories]]\nname = \"Performance\"\n[[categories]]\nname = \"Web\"\n\
         [llm]\nprovider = \"{provider}\"\nbase_url = \"http://127.0.0.1:{}{base}\"\nmodel = \"m\"\n",
        talks.join(", "),
        endpoint.port
    );
    fs::write(folder.join("catalog.toml"), catalog).unwrap();
    fs::create_dir(folder.join("captions")).unwrap();
    for id in TALKS {
        let words = format!("Talk {id} is about caches, and about archives of talks. ").repeat(9);
        fs::write(folder.join(format!("captions/{id}.txt")), words).unwrap();
    }
}

/// Runs the program in a folder; says how it has ended, and what it has said.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_proceedings"));
    for key in ["OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY"] {
        program.env(key, "none");
    }
    let ran = program
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    (ran.status.code().unwrap(), said)
}

/// Builds a page with an endpoint; says what did not fit the SDK's types.
fn build(wire: &str, module: &str, provider: &str) -> Option<Vec<String>> {
    let folder = TempDir::new().unwrap();
    let endpoint = Endpoint::start("tests/sdks/endpoint.py", wire, module, folder.path())?;
    write_conference(folder.path(), &endpoint, provider);
    let (code, said) = run(folder.path(), &["build"]);
    assert_eq!(code, 0, "{wire}: {said}");
    for step in ["summarize", "categorize"] {
        let all_at_once = format!("{step:<10} 3 new; 3 requests, 2,400 tokens in");
        assert!(said.contains(&all_at_once), "{wire}: {said}");
    }
    Some(endpoint.faults())
}

/// Has summaries made by a batch, of which the last request fails; says what did not fit the SDK's types.
fn collect(wire: &str, module: &str) -> Option<Vec<String>> {
    let folder = TempDir::new().unwrap();
    let endpoint = Endpoint::start("tests/sdks/batches.py", wire, module, folder.path())?;
    write_conference(folder.path(), &endpoint, wire);
    for (arguments, ends, says) in [
        (&["fetch"][..], 0, ""),
        (&["batch", "submit"], 0, ": 2 requests"),
        (&["batch", "status"], 0, "its replies can be fetched"),
        (&["batch", "collect"], 3, "2 lines: 1 new reply"),
        (&["build"], 0, ""),
    ] {
        let (code, said) = run(folder.path(), arguments);
        assert_eq!(
            code,
            ends,
            "{wire} {arguments:?}: {said} {:?}",
            endpoint.faults()
        );
        assert!(said.contains(says), "{wire} {arguments:?}: {said}");
    }
    Some(endpoint.faults())
}

#[test]
fn batches_of_openai() {
    if let Some(faults) = collect("openai", "openai") {
        assert_eq!(faults, [""; 0]);
    }
}

#[test]
fn batches_of_anthropic() {
    if let Some(faults) = collect("anthropic", "anthropic") {
        assert_eq!(faults, ["temperature is unknown"]);
    }
}

#[test]
fn batches_of_gemini() {
    if let Some(faults) = collect("gemini", "google.genai") {
        assert_eq!(faults, [""; 0]);
    }
}

#[test]
fn openai() {
    if let Some(faults) = build("openai", "openai", "openai") {
        assert_eq!(faults, [""; 0]);
    }
}

#[test]
fn anthropic() {
    if let Some(faults) = build("anthropic", "anthropic", "anthropic") {
        // Older models take it; newer ones say that they do not, and then it is left out.
        assert_eq!(faults, ["temperature is unknown"]);
    }
}

#[test]
fn gemini() {
    if let Some(faults) = build("gemini", "google.genai", "gemini") {
        assert_eq!(faults, [""; 0]);
    }
}

#[test]
fn mistral() {
    if let Some(faults) = build("mistral", "mistralai", "openai") {
        // Mistral has another name for it, and says so when it is asked: then it is left out.
        assert_eq!(faults, ["seed is unknown"]);
    }
}

#[test]
fn ollama() {
    if let Some(faults) = build("ollama", "ollama", "ollama") {
        // The server knows these, though its SDK does not.
        assert_eq!(faults, ["shift is unknown", "truncate is unknown"]);
    }
}
