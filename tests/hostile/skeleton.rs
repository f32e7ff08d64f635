//! What a document is made of, without its texts: its elements, where its links lead, its fields.

use std::collections::HashSet;

use roxmltree::Document;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

/// Attributes that lead somewhere or do something.
const ACTIVE: [&str; 8] = [
    "href",
    "src",
    "srcset",
    "action",
    "style",
    "type",
    "rel",
    "http-equiv",
];

/// How the address of an icon begins that is the picture itself.
const ICON: &str = "data:image/svg+xml;base64,";

/// The elements of a document in their order, each with its depth, its attributes and its targets.
pub(crate) fn of_html(html: &Html) -> Vec<String> {
    of_element(html.root_element(), &anchors(html))
}

/// The same for a part of a document, in which these anchors are.
pub(crate) fn of_element(root: ElementRef<'_>, anchors: &HashSet<String>) -> Vec<String> {
    let elements = root.descendants().filter_map(ElementRef::wrap);
    elements
        .map(|element| described(element, anchors))
        .collect()
}

/// The anchors of a document, each of which must be there once.
pub(crate) fn anchors(html: &Html) -> HashSet<String> {
    let mut anchors = HashSet::new();
    for element in html.select(&Selector::parse("[id]").unwrap()) {
        let id = element.attr("id").unwrap().to_owned();
        assert!(anchors.insert(id.clone()), "`{id}` is there twice");
    }
    anchors
}

fn described(element: ElementRef<'_>, anchors: &HashSet<String>) -> String {
    let attributes = element.value().attrs().map(|(name, value)| {
        if let Some(anchor) = value.strip_prefix('#').filter(|_| name == "href") {
            let anchor = percent_decoded(anchor);
            assert!(anchors.contains(&anchor), "`#{anchor}` leads nowhere");
            "href=#".to_owned()
        } else if element.attr("rel") == Some("icon") && value.starts_with(ICON) && name == "href" {
            // A picture that runs no script, and shows letters of the title.
            "href=icon".to_owned()
        } else if ACTIVE.contains(&name) {
            format!("{name}={value}")
        } else {
            name.to_owned()
        }
    });
    let mut attributes: Vec<String> = attributes.collect();
    attributes.sort();
    let depth = element.ancestors().count();
    format!(
        "{depth} {} {}",
        element.value().name(),
        attributes.join(" ")
    )
}

/// An anchor as it stands in its heading.
pub(crate) fn percent_decoded(anchor: &str) -> String {
    let pair = format!("x={}", anchor.replace('+', "%2B"));
    let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
    pairs.next().unwrap().1.into_owned()
}

/// The scripts of a document: their code, and of those that hold data what these are made of.
pub(crate) fn of_scripts(html: &Html) -> Vec<Vec<String>> {
    let scripts = Selector::parse("script").unwrap();
    let of_script = |script: ElementRef<'_>| {
        let code: String = script.text().collect();
        match script.attr("type") {
            Some("application/ld+json" | "application/json") => {
                of_json(&serde_json::from_str(&code).unwrap())
            }
            _ => vec![code],
        }
    };
    html.select(&scripts).map(of_script).collect()
}

/// The words in the first element of a kind, on one line.
pub(crate) fn text_of(html: &Html, kind: &str) -> String {
    let found = html.select(&Selector::parse(kind).unwrap()).next();
    words(found.unwrap())
}

/// The words in an element, on one line.
pub(crate) fn words(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The paths of all values, with what kind each is of.
pub(crate) fn of_json(value: &Value) -> Vec<String> {
    fn walk(path: &str, value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    walk(&format!("{path}.{name}"), value, found);
                }
            }
            Value::Array(values) => {
                for (place, value) in values.iter().enumerate() {
                    walk(&format!("{path}[{place}]"), value, found);
                }
            }
            Value::String(_) => found.push(format!("{path}: text")),
            other => found.push(format!("{path}: {other}")),
        }
    }
    let mut found = Vec::new();
    walk("", value, &mut found);
    found
}

/// The elements of a document in their order, each with its depth, its attributes and its links.
pub(crate) fn of_xml(document: &Document<'_>) -> Vec<String> {
    let elements = document.descendants().filter(roxmltree::Node::is_element);
    let described = elements.map(|element| {
        let attributes = element
            .attributes()
            .map(|attribute| match attribute.name() {
                "href" | "rel" | "type" => format!("{}={}", attribute.name(), attribute.value()),
                name => name.to_owned(),
            });
        let attributes: Vec<String> = attributes.collect();
        let (depth, name) = (element.ancestors().count(), element.tag_name().name());
        format!("{depth} {name} {}", attributes.join(" "))
    });
    described.collect()
}
