//! How an endpoint is told who asks: more headers, and the command that prints the key.
//!
//! A header may name variables, `$NAME` or `${NAME}`; `cli/` puts in what they hold. A key never
//! stands in a catalog itself, and where one does it is not repeated.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use reqwest::header::{HeaderName, HeaderValue};
use toml::Spanned;
use url::Url;

use crate::catalog::problem::{Problem, Problems};
use crate::catalog::values::path;

/// A header of every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHeader {
    /// Its name.
    pub name: HeaderName,
    /// Its value, in pieces.
    pub value: Vec<HeaderPiece>,
}

/// A piece of a header's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeaderPiece {
    /// As it stands.
    Text(String),
    /// What the environment variable of this name holds.
    Variable(String),
}

/// A command line: the program, and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandLine {
    /// The program: a command to be found on the path, or a path.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
}

/// Reads the headers.
pub(super) fn headers(
    raw: BTreeMap<String, Spanned<String>>,
    problems: &mut Problems,
) -> Vec<RequestHeader> {
    raw.into_iter()
        .filter_map(|(name, value)| problems.note(header(&name, &value)))
        .collect()
}

fn header(name: &str, value: &Spanned<String>) -> Result<RequestHeader, Problem> {
    let problem = |text: String, hint: Option<&str>| Problem {
        hint: hint.map(str::to_owned),
        ..Problem::new(value.span(), text)
    };
    let known: Result<HeaderName, _> = name.parse();
    let known = known.map_err(|_| problem(format!("`{name}` is no name of a header"), None))?;
    let pieces = pieces(value.get_ref());
    let is_sendable = |piece: &HeaderPiece| match piece {
        HeaderPiece::Text(text) => HeaderValue::from_str(text).is_ok(),
        HeaderPiece::Variable(_) => true,
    };
    let names_variable = |piece: &HeaderPiece| matches!(piece, HeaderPiece::Variable(_));
    if carries_a_secret(known.as_str()) && !pieces.iter().any(names_variable) {
        return Err(problem(
            format!("the header `{name}` carries a key, and a key is not written into a catalog"),
            Some("put it into an environment variable, and `$` and the variable's name here"),
        ));
    }
    if !pieces.iter().all(is_sendable) {
        let text = format!("the value of the header `{name}` has a character that no header has");
        return Err(problem(text, None));
    }
    Ok(RequestHeader {
        name: known,
        value: pieces,
    })
}

/// Whether what stands in a header is nobody's business.
pub(super) fn carries_a_secret(name: &str) -> bool {
    let endings = ["authorization", "key", "token", "secret", "cookie"];
    endings.iter().any(|ending| name.ends_with(ending))
}

/// Sees to it that an address holds no password and no key.
pub(super) fn no_secret_in(url: &Url, span: Range<usize>) -> Result<(), Problem> {
    let has_key = url
        .query_pairs()
        .any(|(name, _)| carries_a_secret(&name.to_lowercase()));
    if url.password().is_none() && !has_key {
        return Ok(());
    }
    let hint = "put it into an environment variable, and that into `headers`";
    Err(Problem::new(span, "`base_url` holds a password or a key").with_hint(hint))
}

/// Splits a value at its variables. A `$` before anything else is one.
fn pieces(value: &str) -> Vec<HeaderPiece> {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before);
        let (name, next) = match after
            .strip_prefix('{')
            .and_then(|name| name.split_once('}'))
        {
            Some((name, next)) if name.chars().all(in_name) => (name, next),
            _ => after.split_at(after.find(|c| !in_name(c)).unwrap_or(after.len())),
        };
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            text.push('$');
            rest = after;
            continue;
        }
        pieces.extend((!text.is_empty()).then(|| HeaderPiece::Text(std::mem::take(&mut text))));
        pieces.push(HeaderPiece::Variable(name.to_owned()));
        rest = next;
    }
    text.push_str(rest);
    pieces.extend((!text.is_empty()).then_some(HeaderPiece::Text(text)));
    pieces
}

/// Reads the command that prints the key. No shell is needed for it, and none is started.
pub(super) fn key_command(
    line: &Spanned<String>,
    variable: Option<&String>,
    folder: &Path,
) -> Result<CommandLine, Problem> {
    let problem = |text: &str| Problem::new(line.span(), text);
    if variable.is_some() {
        return Err(problem(
            "`api_key_env` and `api_key_command` are both given, and one is enough",
        ));
    }
    let words = shell_words::split(line.get_ref());
    let words = words.map_err(|_| problem("`api_key_command` has a quote that is not closed"))?;
    let mut words = words.into_iter();
    let program = words.next().map(PathBuf::from);
    let program = program.ok_or_else(|| problem("`api_key_command` is empty"))?;
    let program = path(Spanned::new(line.span(), program))?;
    let is_command = program.components().count() == 1;
    Ok(CommandLine {
        program: if is_command {
            program
        } else {
            folder.join(program)
        },
        arguments: words.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_stand_anywhere_in_a_value() {
        let text = |text: &str| HeaderPiece::Text(text.into());
        let variable = |name: &str| HeaderPiece::Variable(name.into());
        for (value, expected) in [
            ("plain", vec![text("plain")]),
            ("$KEY", vec![variable("KEY")]),
            ("${KEY}", vec![variable("KEY")]),
            ("Bearer $KEY", vec![text("Bearer "), variable("KEY")]),
            (
                "${A}b$C_1-d",
                vec![variable("A"), text("b"), variable("C_1"), text("-d")],
            ),
            ("$5 and ${}", vec![text("$5 and ${}")]),
            ("${A-B}", vec![text("${A-B}")]),
            ("a$", vec![text("a$")]),
            ("$$KEY", vec![text("$"), variable("KEY")]),
            ("", vec![]),
        ] {
            assert_eq!(pieces(value), expected, "{value}");
        }
    }
}
