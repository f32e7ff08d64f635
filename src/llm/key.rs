//! The key to an endpoint: where it comes from, and that nobody gets to see it.
//!
//! A key is given, or printed by a command, which is run when the first request is due and once a
//! run. What a command prints is never repeated, not even in an error.

use std::fmt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue};
use tokio::process::Command;
use tokio::sync::OnceCell;

use crate::llm::error::{KeyCommandError, KeyFlaw, LlmError};
use crate::llm::refusal::excerpt;

/// A key of so many letters is in no word by chance.
const LONG_KEY: usize = 12;

/// A key, never shown.
#[derive(Clone)]
pub(crate) struct ApiKey {
    key: String,
    /// The variable that it was read from, if it was.
    variable: Option<String>,
}

/// More headers for every request, and what in them is not to be seen.
#[derive(Debug, Clone, Default)]
pub(crate) struct ExtraHeaders {
    pub(super) map: HeaderMap,
    pub(super) secrets: Vec<ApiKey>,
}

/// Whether requests carry a key.
#[derive(Debug, Clone)]
pub(crate) enum Authorization {
    /// The endpoint wants none.
    None,
    /// Every request carries this one.
    Key(ApiKey),
    /// Every request carries the one that a command prints.
    Command(KeyCommand),
    /// Something is wanted, and the variable that is to hold it is not set.
    Missing { variable: String },
}

/// A command that prints a key, such as a password manager.
#[derive(Debug, Clone)]
pub(crate) struct KeyCommand {
    pub program: PathBuf,
    pub arguments: Vec<String>,
    /// The variables of the environment that it does not get.
    pub hidden_variables: Vec<String>,
    /// How long it may take; whoever is asked for a passphrase needs a while.
    pub limit: Duration,
}

/// The key of a run.
#[derive(Debug)]
pub(super) struct RunKey {
    authorization: Authorization,
    printed: OnceCell<Result<ApiKey, KeyCommandError>>,
}

impl ApiKey {
    /// A key; white space around it is dropped.
    #[must_use]
    pub(crate) fn new(key: &str) -> Self {
        Self {
            key: key.trim().to_owned(),
            variable: None,
        }
    }

    /// A key that a variable holds.
    #[must_use]
    pub(crate) fn of_variable(name: &str, key: &str) -> Self {
        Self {
            variable: Some(name.to_owned()),
            ..Self::new(key)
        }
    }

    /// Where it comes from, in words.
    pub(super) fn source(&self) -> Option<String> {
        let variable = self.variable.as_ref()?;
        Some(format!("the variable {variable}"))
    }

    /// The key itself.
    #[cfg(test)]
    pub(super) fn reveal(&self) -> &str {
        &self.key
    }

    /// The same text without the key, should it be in there. A short key is hidden where it stands
    /// alone: its letters are in words, too.
    pub(crate) fn redact_in(&self, text: &str) -> String {
        let key = self.key.as_str();
        if key.is_empty() {
            return text.to_owned();
        }
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let mut shown = String::with_capacity(text.len());
        let mut end = 0;
        for (at, _) in text.match_indices(key) {
            let (before, after) = (&text[..at], &text[at + key.len()..]);
            let is_alone = !before.ends_with(is_part) && !after.starts_with(is_part);
            if is_alone || key.len() >= LONG_KEY {
                shown.push_str(&text[end..at]);
                shown.push('…');
                end = at + key.len();
            }
        }
        shown.push_str(&text[end..]);
        shown
    }

    /// The value of a header that carries the key after a scheme.
    pub(super) fn header(&self, scheme: &str) -> Result<HeaderValue, LlmError> {
        let flaw = if self.key.contains(['\n', '\r']) {
            KeyFlaw::LineBreak
        } else {
            KeyFlaw::Character
        };
        let value = HeaderValue::from_str(&format!("{scheme}{}", self.key)).ok();
        // Other letters could be sent; they come from a text program, which has put them there.
        let value = value.filter(|_| self.key.is_ascii());
        let mut value = value.ok_or(LlmError::KeyUnusable(flaw))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

impl ExtraHeaders {
    /// Adds a header; `secrets` are those parts of its text that nobody is to see.
    pub(crate) fn add(
        &mut self,
        name: &HeaderName,
        text: &str,
        secrets: Vec<ApiKey>,
    ) -> Result<(), InvalidHeaderValue> {
        let mut value = HeaderValue::from_str(text)?;
        value.set_sensitive(!secrets.is_empty());
        self.map.insert(name, value);
        self.secrets.extend(secrets);
        Ok(())
    }
}

impl KeyCommand {
    /// Runs the command: its first line is the key, as password managers print it.
    async fn run(&self) -> Result<ApiKey, KeyCommandError> {
        let not_started = |error: String| KeyCommandError::NotStarted(error);
        // Windows starts scripts only by their full name.
        let program = which::which(&self.program).map_err(|e| not_started(e.to_string()))?;
        let mut command = Command::new(program);
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        for variable in &self.hidden_variables {
            command.env_remove(variable);
        }
        let output = tokio::time::timeout(self.limit, command.output()).await;
        let output = output
            .map_err(|_| KeyCommandError::TimedOut(self.limit))?
            .map_err(|error| not_started(error.to_string()))?;
        if !output.status.success() {
            let status = output.status;
            let said = excerpt(&String::from_utf8_lossy(&output.stderr));
            return Err(KeyCommandError::Failed(match said.as_str() {
                "" => status.to_string(),
                said => format!("{status}: {said}"),
            }));
        }
        let printed = String::from_utf8_lossy(&output.stdout);
        match printed.trim().lines().next() {
            Some(key) => Ok(ApiKey::new(key)),
            None => Err(KeyCommandError::Empty),
        }
    }
}

impl RunKey {
    pub(super) fn new(authorization: Authorization) -> Self {
        Self {
            authorization,
            printed: OnceCell::new(),
        }
    }

    /// The key, if one is wanted. A command that failed is not run again: it may have asked
    /// somebody for a passphrase.
    pub(super) async fn get(&self) -> Result<Option<&ApiKey>, LlmError> {
        match &self.authorization {
            Authorization::None => Ok(None),
            Authorization::Key(key) => Ok(Some(key)),
            Authorization::Missing { variable } => Err(LlmError::KeyMissing {
                variable: variable.clone(),
            }),
            Authorization::Command(command) => {
                let printed = self.printed.get_or_init(|| command.run()).await;
                printed.as_ref().map(Some).map_err(|error| {
                    let program = command.program.clone();
                    let source = error.clone();
                    LlmError::KeyCommand { program, source }
                })
            }
        }
    }

    /// Whether requests carry one.
    pub(super) fn is_wanted(&self) -> bool {
        !matches!(self.authorization, Authorization::None)
    }

    /// Where the key comes from, in words: `the variable OPENAI_API_KEY`.
    pub(super) fn source(&self) -> Option<String> {
        match &self.authorization {
            Authorization::Key(key) => key.source(),
            Authorization::Command(command) => {
                Some(format!("the command `{}`", command.program.display()))
            }
            Authorization::None | Authorization::Missing { .. } => None,
        }
    }

    /// The key, as far as it is known.
    pub(super) fn known(&self) -> Option<&ApiKey> {
        match &self.authorization {
            Authorization::Key(key) => Some(key),
            _ => self.printed.get()?.as_ref().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::env;

    use super::*;

    fn command(program: &str, arguments: &[&str]) -> KeyCommand {
        KeyCommand {
            program: program.into(),
            arguments: arguments.iter().map(|&argument| argument.into()).collect(),
            hidden_variables: Vec::new(),
            limit: Duration::from_mins(1),
        }
    }

    #[test]
    fn a_key_is_hidden_and_words_that_hold_its_letters_stay() {
        for (key, text, shown) in [
            (
                "test",
                "the latest test of tests: Bearer test.",
                "the latest … of tests: Bearer ….",
            ),
            ("test", "key=test&x \"test\" test", "key=…&x \"…\" …"),
            ("sk-very-secret", "xsk-very-secretx sk-very-secret", "x…x …"),
            ("é", "né é", "né …"),
            ("", "nothing", "nothing"),
        ] {
            assert_eq!(ApiKey::new(key).redact_in(text), shown);
        }
    }

    #[test]
    fn a_key_that_no_header_can_carry_is_told_by_its_flaw() {
        for (key, flaw) in [
            ("two\nlines", "a line break"),
            ("“sk”", "a character that no header can carry"),
        ] {
            let error = ApiKey::new(key).header("Bearer ").unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("the API key holds {flaw}, so it cannot be sent")
            );
        }
        assert_eq!(
            ApiKey::new(" sk-1\n").header("Bearer ").unwrap(),
            "Bearer sk-1"
        );
    }

    #[tokio::test]
    async fn a_command_that_is_not_there_is_an_error() {
        let error = command("no-such-password-manager", &[]).run().await;
        assert!(matches!(error, Err(KeyCommandError::NotStarted(_))));
    }

    /// The tests' own executable, which prints no key and takes wrong arguments badly.
    #[tokio::test]
    async fn a_command_that_fails_is_told_with_what_it_said_and_not_what_it_printed() {
        let this = env::current_exe().unwrap();
        let program = this.to_str().unwrap();
        let failed = command(program, &["--no-such-argument"]).run().await;
        let told = failed.unwrap_err().to_string();
        assert!(told.starts_with("exit "), "{told}");
        assert!(told.contains("no-such-argument"), "{told}");
    }

    #[cfg(unix)]
    mod on_unix {
        use super::*;

        async fn run(script: &str) -> Result<ApiKey, KeyCommandError> {
            command("sh", &["-c", script]).run().await
        }

        #[tokio::test]
        async fn the_first_line_is_the_key() {
            let key = run("printf ' sk-1 \\nlogin: somebody\\n'").await.unwrap();
            assert_eq!(key.reveal(), "sk-1");
            assert_eq!(format!("{key:?}"), "ApiKey(…)");
        }

        #[tokio::test]
        async fn nothing_is_no_key() {
            assert!(matches!(
                run("echo; echo ' '").await,
                Err(KeyCommandError::Empty)
            ));
        }

        #[tokio::test]
        async fn what_was_printed_is_not_repeated() {
            let error = run("echo sk-1; echo locked >&2; exit 3").await.unwrap_err();
            assert_eq!(error.to_string(), "exit status: 3: locked");
            let error = run("echo sk-1; exit 3").await.unwrap_err();
            assert_eq!(error.to_string(), "exit status: 3");
        }

        #[tokio::test]
        async fn a_command_that_hangs_is_given_up() {
            let hanging = KeyCommand {
                limit: Duration::from_millis(20),
                ..command("tail", &["-f", "/dev/null"])
            };
            let error = hanging.run().await.unwrap_err();
            assert_eq!(error.to_string(), "it took longer than 20ms");
        }

        #[tokio::test]
        async fn a_command_is_run_once_whatever_it_brings() {
            let folder = tempfile::tempdir().unwrap();
            let log = folder.path().join("log");
            for (end, is_key) in [("echo sk-1", true), ("exit 1", false)] {
                let script = format!("echo run >> '{}'; {end}", log.display());
                let key = RunKey::new(Authorization::Command(command("sh", &["-c", &script])));
                assert!(key.known().is_none());
                let both = futures::future::join(key.get(), key.get()).await;
                assert_eq!((both.0.is_ok(), both.1.is_ok()), (is_key, is_key));
                assert_eq!(key.get().await.is_ok(), is_key);
                assert_eq!(key.known().is_some(), is_key);
            }
            assert_eq!(std::fs::read_to_string(log).unwrap(), "run\nrun\n");
        }
    }
}
