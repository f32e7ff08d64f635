//! Places where a catalog is no TOML, in words for people who have never heard of TOML.
//!
//! The parser goes on behind a mistake and finds the next one. A list that is not closed is closed
//! before it is read, since all that follows would be taken for a part of it.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

use crate::catalog::parse::document::line_at;
use crate::catalog::problem::{Grounds, Problem};

/// Quotes that word processors and chats put in the place of straight ones.
const CURLY: [char; 10] = ['“', '”', '„', '‟', '‘', '’', '‚', '‛', '«', '»'];
/// A text has so many lists that are not closed, or is none of ours.
const MOST_UNCLOSED: usize = 5;

/// The problems that the parser has found, one a line.
pub(super) fn problems(
    text: &str,
    table: &DeTable<'_>,
    errors: &[toml::de::Error],
) -> Vec<Problem> {
    let mut errors: Vec<&toml::de::Error> = errors.iter().collect();
    errors.sort_by_key(|error| start(error));
    let mut problems: Vec<Problem> = Vec::new();
    let mut second_table = None;
    for error in errors {
        let at = start(error);
        let problem = match error.message() {
            "duplicate key" => {
                let header = header_at(text, at);
                // The keys of a second table of a name are second ones, too.
                let in_second = header.is_none()
                    && second_table.is_some_and(|from: usize| {
                        !text[from..at].contains("\n[") && !text[from..at].contains("\n [")
                    });
                if in_second {
                    continue;
                }
                if header.is_some() {
                    second_table = Some(at);
                }
                duplicate(text, table, error, header)
            }
            message => syntax_problem(text, message, error),
        };
        let problem = Problem {
            grounds: Grounds::Syntax,
            ..problem
        };
        let line = line_at(text, problem.span.start);
        let is_told = problems
            .iter()
            .any(|told| line_at(text, told.span.start) == line);
        if !is_told {
            problems.push(problem);
        }
    }
    problems
}

fn start(error: &toml::de::Error) -> usize {
    error.span().map_or(0, |span| span.start)
}

fn syntax_problem(text: &str, message: &str, error: &toml::de::Error) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let at = span.start;
    let given = text.get(span.clone()).unwrap_or_default();
    let before = text[..at].chars().next_back();
    let after = text[at..].chars().next();
    let ends_within_words = matches!(before, Some('"' | '\''))
        && after.is_some_and(|after| !after.is_whitespace() && !",]}#\"'".contains(after));
    let rest_of_line = text[at..].lines().next().unwrap_or_default();
    if given.contains(CURLY) {
        let straight: String = given.chars().filter(|c| !CURLY.contains(c)).collect();
        return Problem::new(span, format!("{given} is in curly quotes"))
            .with_hint(format!("write straight quotes: \"{straight}\""));
    }
    if ends_within_words {
        return Problem::new(span, "a text ends here, in the middle of the line").with_hint(
            "a quote within a text is written `\\\"`, or the text is put into quotes of the other kind",
        );
    }
    match message {
        _ if message.starts_with("missing comma") => {
            let (end, last) = last_token(text, at);
            let problem = format!("a comma is missing after `{}`", shortened(last));
            Problem::new(end..end, problem).with_hint(format!("write `{},`", shortened(last)))
        }
        _ if message.starts_with("string values must be quoted") && given.is_empty() => {
            Problem::new(span, "there is no value behind `=`")
                .with_hint("write one, or delete the line")
        }
        _ if message.starts_with("string values must be quoted")
            || message.starts_with("invalid boolean") =>
        {
            let word = given.to_lowercase();
            let meant = match word.as_str() {
                "true" | "yes" | "on" => "write `true`".to_owned(),
                "false" | "no" | "off" => "write `false`".to_owned(),
                _ => format!("write \"{given}\""),
            };
            Problem::new(span, format!("`{given}` is a text without quotes")).with_hint(meant)
        }
        _ if message.starts_with("invalid basic string")
            || message.starts_with("invalid literal string") =>
        {
            let line_start = text[..at].rfind('\n').map_or(0, |end| end + 1);
            let problem = Problem::new(span, "a text is not closed on its line");
            if text[line_start..at].contains(CURLY) {
                problem.with_hint("write straight quotes, `\"`, before it and behind it")
            } else {
                problem.with_hint("write the same quote behind it as before it")
            }
        }
        _ if message.contains("escape") || message.contains("unicode value") => {
            Problem::new(span, "a `\\` in a text has a meaning of its own")
                .with_hint("write it twice, as in \"C:\\\\talks\", or write `/`")
        }
        _ if given == ":" || rest_of_line.trim_start().starts_with(':') => {
            Problem::new(span, "there is no `=` on this line")
                .with_hint("write `=` in the place of `:`")
        }
        _ if message.starts_with("key with no value") => {
            Problem::new(span, "there is no `=` on this line").with_hint(
                "write `key = value`, begin the line with `#` to make it a comment, or take it out",
            )
        }
        _ if message.starts_with("extra comma") && is_within_number(text, at) => {
            Problem::new(span, "a number has a comma within it")
                .with_hint("write a point, as in `0.20`")
        }
        _ if message.starts_with("unclosed array") => {
            Problem::new(span, "a list is not closed").with_hint("write `]` at its end")
        }
        _ => Problem::new(span, message),
    }
}

/// Whether a place is within or behind a number such as `0,20`.
fn is_within_number(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let digits = |c: char| c.is_ascii_digit();
    let whole = before.trim_end_matches(digits).trim_end_matches(',');
    let comma_follows = after.starts_with(',') && after[1..].starts_with(digits);
    whole.ends_with(digits) && (comma_follows || before.trim_end_matches(digits).ends_with(','))
}

/// A key or a table that is there twice, with the line of the first.
fn duplicate(
    text: &str,
    table: &DeTable<'_>,
    error: &toml::de::Error,
    header: Option<&str>,
) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let at = span.start;
    let Some(header) = header else {
        let key = text.get(span.clone()).unwrap_or_default();
        let first = first_of_key(table, key, at);
        let text = match first.map(|first| line_at(text, first)) {
            Some(line) if line != line_at(text, at) => {
                format!("`{key}` is given a second time; the first is on line {line}")
            }
            _ => format!("`{key}` is given twice"),
        };
        return Problem::new(span, text).with_hint("delete one of the two");
    };
    let first = text[..at]
        .lines()
        .position(|line| header_of(line) == Some(header));
    let problem = match first {
        Some(first) => format!(
            "a second table `{header}`; the first is on line {}",
            first + 1
        ),
        None => format!("a second table `{header}`"),
    };
    let name = header.trim_matches(['[', ']']);
    let hint = if matches!(name, "categories" | "talks") {
        format!("write `[[{name}]]`, with two brackets on each side, above each of them")
    } else {
        "put the lines of both below the first, and take this one out".to_owned()
    };
    Problem::new(span, problem).with_hint(hint)
}

/// The line in brackets that a place is in.
fn header_at(text: &str, at: usize) -> Option<&str> {
    let from = text[..at].rfind('\n').map_or(0, |end| end + 1);
    header_of(text[from..].lines().next()?)
}

/// `[llm]` of a line that begins so.
fn header_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let end = line.rfind(']').filter(|_| line.starts_with('['))?;
    let header = line[..=end].split('#').next()?;
    Some(header.trim_end())
}

/// Where a key is the first time, of which there is a second one at `at`: in the table whose last
/// key before that is the nearest, or in one that holds this table.
fn first_of_key(table: &DeTable<'_>, key: &str, at: usize) -> Option<usize> {
    let before = table.iter().filter(|(key, _)| key.span().start < at);
    let (_, nearest) = before.max_by_key(|(key, _)| key.span().start)?;
    let name = key.trim_matches(['"', '\'']);
    let here = table.iter().find(|(known, _)| known.get_ref() == name);
    let here = here.map(|(known, _)| known.span().start);
    first_below(nearest, key, at).or(here.filter(|start| *start < at))
}

/// The same in a value that is not closed before the second one. The span of a table with a line of
/// its own is that line.
fn first_below(value: &Spanned<DeValue<'_>>, key: &str, at: usize) -> Option<usize> {
    let span = value.span();
    let first = match value.get_ref() {
        DeValue::Table(below) => first_of_key(below, key, at),
        DeValue::Array(elements) => {
            let mut earlier = elements.iter().rev();
            let last = earlier.find(|element| element.span().start < at);
            last.and_then(|last| first_below(last, key, at))
        }
        _ => None,
    };
    first.filter(|first| span.end > at || !span.contains(first))
}

/// The end of the last token before a place, comments and line breaks aside, and its text.
fn last_token(text: &str, at: usize) -> (usize, &str) {
    let tokens = Source::new(text).lex().into_vec();
    let before = tokens
        .iter()
        .take_while(|token| token.span().end() <= at)
        .filter(|token| is_significant(token));
    match before.last() {
        Some(token) => (
            token.span().end(),
            &text[token.span().start()..token.span().end()],
        ),
        None => (at, ""),
    }
}

fn is_significant(token: &Token) -> bool {
    use TokenKind::{Comment, Newline, Whitespace};
    !matches!(token.kind(), Comment | Newline | Whitespace)
}

/// A text as it fits a message.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 40;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= LONGEST && line.len() == text.len() {
        return line.to_owned();
    }
    let begin: String = line.chars().take(LONGEST).collect();
    format!("{begin}…")
}

/// Closes the lists that go on where a key or a table begins, and says so.
pub(super) fn close_lists(text: &str) -> (String, Vec<Problem>) {
    let mut text = text.to_owned();
    let mut problems = Vec::new();
    while problems.len() < MOST_UNCLOSED
        && let Some(unclosed) = unclosed_list(&text)
    {
        let (opened, goes_on) = (line_at(&text, unclosed.opened), unclosed.goes_on);
        let problem = format!(
            "the `[` on line {opened} is not closed before line {}",
            line_at(&text, goes_on)
        );
        let end = unclosed.end;
        problems.push(Problem {
            grounds: Grounds::Syntax,
            ..Problem::new(end..end, problem).with_hint("write `]` here, at its end")
        });
        text.insert_str(end, &"]".repeat(unclosed.depth));
    }
    (text, problems)
}

struct UnclosedList {
    /// Where it begins.
    opened: usize,
    /// How many brackets it lacks.
    depth: usize,
    /// The end of the last that belongs to it.
    end: usize,
    /// Where the next key or table is.
    goes_on: usize,
}

fn unclosed_list(text: &str) -> Option<UnclosedList> {
    use TokenKind::{
        LeftCurlyBracket, LeftSquareBracket, Newline, RightCurlyBracket, RightSquareBracket,
    };
    let tokens = Source::new(text).lex().into_vec();
    let mut open: Vec<&Token> = Vec::new();
    let mut end = 0;
    let mut begins_line = true;
    for (nth, token) in tokens.iter().enumerate() {
        let in_list =
            !open.is_empty() && open.iter().all(|token| token.kind() == LeftSquareBracket);
        if begins_line && in_list && begins_key_or_table(&tokens[nth..]) {
            return Some(UnclosedList {
                opened: open[0].span().start(),
                depth: open.len(),
                end,
                goes_on: token.span().start(),
            });
        }
        match token.kind() {
            LeftSquareBracket | LeftCurlyBracket => open.push(token),
            RightSquareBracket | RightCurlyBracket => {
                open.pop();
            }
            _ => {}
        }
        if is_significant(token) {
            end = token.span().end();
            begins_line = false;
        }
        begins_line |= token.kind() == Newline;
    }
    None
}

/// Whether a line begins with `key =` or `[table]`, neither of which a list holds.
fn begins_key_or_table(tokens: &[Token]) -> bool {
    use TokenKind::{
        Atom, BasicString, Dot, Equals, LeftSquareBracket, LiteralString, Newline,
        RightSquareBracket,
    };
    let line = tokens.iter().take_while(|token| token.kind() != Newline);
    let kinds: Vec<TokenKind> = line
        .filter(|token| is_significant(token))
        .map(Token::kind)
        .collect();
    let is_name = |kind: &TokenKind| matches!(kind, Atom | Dot | BasicString | LiteralString);
    let name = |kinds: &[TokenKind]| kinds.iter().take_while(|kind| is_name(kind)).count();
    let brackets = kinds
        .iter()
        .take_while(|kind| **kind == LeftSquareBracket)
        .count();
    let rest = &kinds[brackets..];
    let length = name(rest);
    let is_bare = rest.first() == Some(&Atom);
    match brackets {
        0 => length > 0 && rest.get(length) == Some(&Equals),
        1 | 2 => is_bare && rest[length..] == vec![RightSquareBracket; brackets],
        _ => false,
    }
}
