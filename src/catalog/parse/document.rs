//! From the text of a catalog to the structs that mirror it, with every problem on the way.
//!
//! A catalog without problems is read in one go. In any other, a part that has a problem is taken
//! out and the rest is read again, until there is no more to say.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::catalog::Mistake;
use crate::catalog::parse::{syntax, types};
use crate::catalog::problem::{Grounds, Problem};
use crate::catalog::raw::RawCatalog;

/// Nobody corrects more problems in one go.
const MOST_PARTS: usize = 50;

/// What is understood of a text.
pub(super) struct CatalogReading {
    pub(super) catalog: Option<RawCatalog>,
    pub(super) problems: Vec<Problem>,
    /// Whether it has all its talks and categories, so that one which is not there is missing.
    pub(super) is_whole: bool,
    /// The text that the places are about: that of the catalog, with the same lines.
    pub(super) text: String,
}

pub(super) fn read(text: &str) -> CatalogReading {
    if let Ok(catalog) = toml::from_str(text) {
        return CatalogReading {
            catalog: Some(catalog),
            problems: Vec::new(),
            is_whole: true,
            text: text.to_owned(),
        };
    }
    let (text, mut problems) = syntax::close_lists(text);
    let (mut table, errors) = DeTable::parse_recoverable(&text);
    problems.extend(syntax::problems(&text, table.get_ref(), &errors));
    let mut is_whole = problems.is_empty();
    let torn: Vec<usize> = problems.iter().map(|problem| problem.span.start).collect();
    // A table that has braces is all there where nothing between them is torn.
    let may_have = |table: &Range<usize>| {
        let has_braces = text[table.clone()].starts_with('{');
        torn.iter()
            .any(|place| !has_braces || table.contains(place))
    };
    // What a table lacks because of a problem that is told already.
    let mut gone: Vec<(Range<usize>, String)> = Vec::new();
    let mut catalog = None;
    for _ in 0..MOST_PARTS {
        let error = match RawCatalog::deserialize(toml::Deserializer::from(table.clone())) {
            Ok(read) => {
                catalog = Some(read);
                break;
            }
            Err(error) => error,
        };
        let missing = types::missing_key(&error);
        let is_told = missing.is_some_and(|key| {
            let owner = error.span().unwrap_or_default();
            may_have(&owner) || gone.contains(&(owner, key.to_owned()))
        });
        let part = match missing.filter(|key| put_in(table.get_mut(), &error, key)) {
            Some(_) => None,
            None => match take(table.get_mut(), &error) {
                Some(part) => Some(part),
                None => {
                    problems.push(types::problem(&text, &error, None));
                    break;
                }
            },
        };
        let problem = types::problem(&text, &error, part.as_ref());
        if !is_told && !problems.contains(&problem) {
            problems.push(problem);
        }
        if let Some(part) = part {
            is_whole &= !part.is_listed;
            let meant = types::meant_key(&error).map(str::to_owned);
            let keys = [Some(part.key), meant];
            gone.extend(
                keys.into_iter()
                    .flatten()
                    .map(|key| (part.owner.clone(), key)),
            );
        }
    }
    CatalogReading {
        catalog,
        problems,
        is_whole,
        text,
    }
}

/// The problems as mistakes, from the first line to the last. On a line that is no TOML, whatever
/// else there is comes of that.
pub(super) fn in_order(text: &str, mut problems: Vec<Problem>) -> Vec<Mistake> {
    problems.sort_by_key(|problem| problem.span.start);
    let line_of = |problem: &Problem| line_at(text, problem.span.start);
    let torn = problems.iter().filter(|problem| is_syntax(problem));
    let torn: Vec<usize> = torn.map(line_of).collect();
    let told = problems
        .iter()
        .filter(|problem| is_syntax(problem) || !torn.contains(&line_of(problem)));
    let told = told.map(|problem| Mistake {
        line: line_of(problem),
        problem: problem.text.clone(),
        hint: problem.hint.clone(),
    });
    told.collect()
}

fn is_syntax(problem: &Problem) -> bool {
    problem.grounds == Grounds::Syntax
}

pub(super) fn line_at(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or(text);
    1 + before.matches('\n').count()
}

/// A part of a document that was taken out.
pub(super) struct RemovedPart<'i> {
    /// The key, or that of the list that it was an element of.
    pub(super) key: String,
    pub(super) value: Spanned<DeValue<'i>>,
    /// Where the table is that it was taken from; nowhere for the document itself.
    owner: Range<usize>,
    /// Whether it was a talk or a category, or all of them.
    is_listed: bool,
}

/// Puts a text into the place of a key that a table lacks, where any text will do: what else is in
/// the table can be looked at then.
fn put_in(document: &mut DeTable<'_>, error: &toml::de::Error, key: &str) -> bool {
    let table = match (key, error.span()) {
        ("title", _) => Some(document),
        ("model", Some(span)) => document.iter_mut().find_map(|(_, value)| {
            let is_meant = value.span() == span;
            match value.get_mut() {
                DeValue::Table(table) if is_meant => Some(table),
                _ => None,
            }
        }),
        _ => None,
    };
    let Some(table) = table else {
        return false;
    };
    let any = Spanned::new(0..0, DeValue::String("-".into()));
    table.insert(Spanned::new(0..0, key.to_owned().into()), any);
    true
}

/// Takes out what an error is about: the deepest part with its span.
fn take<'i>(document: &mut DeTable<'i>, error: &toml::de::Error) -> Option<RemovedPart<'i>> {
    let span = error.span()?;
    let is_list = |key: &str| matches!(key, "talks" | "categories");
    for (key, value) in document.iter_mut() {
        if let Some(part) = take_below(key.get_ref(), value, &span) {
            let is_listed = is_list(key.get_ref()) && part.is_listed;
            return Some(RemovedPart { is_listed, ..part });
        }
    }
    let (key, value) = take_key(document, &span)?;
    Some(RemovedPart {
        is_listed: is_list(&key),
        key,
        value,
        owner: 0..0,
    })
}

fn take_below<'i>(
    key: &str,
    value: &mut Spanned<DeValue<'i>>,
    span: &Range<usize>,
) -> Option<RemovedPart<'i>> {
    let owner = value.span();
    match value.get_mut() {
        DeValue::Table(table) => {
            for (key, value) in table.iter_mut() {
                if let Some(part) = take_below(key.get_ref(), value, span) {
                    return Some(part);
                }
            }
            let (key, value) = take_key(table, span)?;
            Some(RemovedPart {
                key,
                value,
                owner,
                is_listed: false,
            })
        }
        DeValue::Array(array) => {
            for element in array.iter_mut() {
                if let Some(part) = take_below(key, element, span) {
                    return Some(part);
                }
            }
            let place = array.iter().position(|element| element.span() == *span)?;
            let value = array[place].clone();
            let others = array.iter().enumerate();
            let others = others.filter(|(nth, _)| *nth != place);
            let others: DeArray<'i> = others.map(|(_, element)| element.clone()).collect();
            *array = others;
            Some(RemovedPart {
                key: key.to_owned(),
                value,
                owner,
                is_listed: true,
            })
        }
        _ => None,
    }
}

/// Takes out the entry whose key or value has this span.
fn take_key<'i>(
    table: &mut DeTable<'i>,
    span: &Range<usize>,
) -> Option<(String, Spanned<DeValue<'i>>)> {
    let has_span =
        |(key, value): &(&Spanned<_>, &Spanned<_>)| key.span() == *span || value.span() == *span;
    let key = table.iter().find(has_span)?.0.clone();
    let value = table.remove(&key)?;
    Some((key.into_inner().into_owned(), value))
}
