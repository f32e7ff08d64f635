//! How deep templates go: blocks within blocks, and templates that call each other.
//!
//! Handlebars follows both with its own stack, so a template without end would end the program. Here
//! that is found out before anything is rendered, without going down more than a few levels.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};

use handlebars::Handlebars;
use handlebars::template::{
    DecoratorTemplate, HelperTemplate, Parameter, Template, TemplateElement,
};
use serde_json::Value;

use super::TemplateFault;

/// Levels of blocks and calls in all.
const DEEPEST: usize = 64;
/// Times that templates are called for one page, loops apart.
const MOST_CALLS: u64 = 10_000;

/// Tags in one template; the largest of ours has fewer than a hundred.
const MOST_TAGS: usize = 2000;
/// Brackets in one template, those of scripts and styles included.
const MOST_BRACKETS: usize = 16 << 10;
/// Backslashes one after the other: at each of them, the parser looks through all that follow.
const MOST_BACKSLASHES: usize = 64;

/// The stack that the parser takes for all that may be within another tag or bracket, in bytes. It was
/// measured with the deepest template there may be, and is three times that.
const STACK: usize = 2 << 20;
const STACK_OF_TAG: usize = 64 << 10;
const STACK_OF_BRACKET: usize = if cfg!(debug_assertions) {
    32 << 10
} else {
    8 << 10
};

/// A call of another template.
#[derive(Debug)]
struct TemplateCall {
    name: String,
    /// The template in which it is called, and its line.
    place: (String, usize),
    /// So many blocks are around it.
    depth: usize,
}

/// What a template calls, and how deep its blocks go.
#[derive(Debug, Default)]
struct Calls {
    calls: Vec<TemplateCall>,
    depth: usize,
}

/// How much a template is, with all that it calls.
#[derive(Debug, Clone, Copy)]
enum Extent {
    /// It is being looked at, so whoever calls it now calls itself.
    Unknown,
    Known {
        depth: usize,
        calls: u64,
    },
}

/// Compiles a template, unless its blocks are too deep within each other. Handlebars parses with its
/// stack, too, and how deep it goes is known only then; so it is given a stack for the worst that
/// there could be.
pub(super) fn compile(name: &str, source: &str) -> Result<Template, TemplateFault> {
    let too_much = |fault: String| Err(TemplateFault::new(1, fault));
    let tags = source.matches("{{").count();
    if tags > MOST_TAGS {
        return too_much(format!("it has more than {MOST_TAGS} tags"));
    }
    let brackets = source.matches(['(', '[', '{']).count();
    if brackets > MOST_BRACKETS {
        return too_much(format!(
            "it has more than {MOST_BRACKETS} brackets; put a long script or style into a file of its own"
        ));
    }
    if source.contains(&"\\".repeat(MOST_BACKSLASHES + 1)) {
        return too_much(format!(
            "more than {MOST_BACKSLASHES} backslashes follow each other"
        ));
    }
    let stack = STACK + tags * STACK_OF_TAG + brackets * STACK_OF_BRACKET;
    thread::scope(|scope| {
        let parsing = thread::Builder::new().stack_size(stack);
        let parsing = parsing.spawn_scoped(scope, || {
            let template = Template::compile_with_name(source, name.to_owned())?;
            match depth(&template) {
                0..=DEEPEST => Ok(template),
                // It is dropped here, where there is room for that.
                _ => Err(too_deep(1)),
            }
        });
        match parsing.map(ScopedJoinHandle::join) {
            Ok(Ok(compiled)) => compiled,
            Ok(Err(panic)) => resume_unwind(panic),
            Err(error) => too_much(format!("there is no memory to read it: {error}")),
        }
    })
}

fn too_deep(line: usize) -> TemplateFault {
    let fault = format!("more than {DEEPEST} blocks and calls are within each other");
    TemplateFault::new(line, fault)
}

/// Looks whether a template, with all that it calls, comes to an end. A fault comes with the name of
/// the template that it is in.
pub(super) fn check_calls(
    templates: &Handlebars<'_>,
    name: &str,
) -> Result<(), (String, TemplateFault)> {
    let mut all: HashMap<String, Calls> = HashMap::new();
    for (name, template) in templates.get_templates() {
        gather(name, template, &mut all).map_err(|fault| (name.clone(), fault))?;
    }
    let first = TemplateCall {
        name: name.to_owned(),
        place: (name.to_owned(), 1),
        depth: 0,
    };
    extent(&first, 0, &all, &mut HashMap::new()).map(drop)
}

/// How deep a template goes with all that it calls, and how often it calls in all. There are so many
/// levels around its call.
fn extent(
    call: &TemplateCall,
    around: usize,
    all: &HashMap<String, Calls>,
    known: &mut HashMap<String, Extent>,
) -> Result<(usize, u64), (String, TemplateFault)> {
    let (name, (template, line)) = (&call.name, &call.place);
    let wrong = |fault: TemplateFault| (template.clone(), fault);
    let (depth, calls) = match known.get(name) {
        Some(Extent::Unknown) => {
            let fault = format!("`{name}` is called from within itself");
            return Err(wrong(TemplateFault::new(*line, fault)));
        }
        Some(Extent::Known { depth, calls }) => (*depth, *calls),
        None if around > DEEPEST => return Err(wrong(too_deep(*line))),
        None => {
            known.insert(name.clone(), Extent::Unknown);
            let (mut depth, mut sum) = (0, 1_u64);
            // One that is not there is told when it is rendered.
            if let Some(of_this) = all.get(name) {
                depth = of_this.depth;
                for call in &of_this.calls {
                    let around = around + call.depth + 1;
                    let (below, calls) = extent(call, around, all, known)?;
                    depth = depth.max(call.depth + 1 + below);
                    sum = sum.saturating_add(calls);
                }
            }
            known.insert(name.clone(), Extent::Known { depth, calls: sum });
            (depth, sum)
        }
    };
    if around + depth > DEEPEST {
        return Err(wrong(too_deep(*line)));
    }
    if calls > MOST_CALLS {
        let fault = format!("`{name}` leads to more than {MOST_CALLS} calls");
        return Err(wrong(TemplateFault::new(*line, fault)));
    }
    Ok((depth, calls))
}

/// What a template calls; those that it defines within itself are looked at by their names. Its
/// depth is known to be small.
fn gather(
    root: &str,
    template: &Template,
    all: &mut HashMap<String, Calls>,
) -> Result<(), TemplateFault> {
    let mut within = vec![(root.to_owned(), template, 0)];
    while let Some((name, template, depth)) = within.pop() {
        let calls = all.entry(name.clone()).or_default();
        calls.depth = calls.depth.max(depth);
        for (at, element) in template.elements.iter().enumerate() {
            let line = template.mapping.get(at).map_or(1, |place| place.0);
            match element {
                TemplateElement::HelperBlock(block) => {
                    let branches = [&block.template, &block.inverse];
                    let branches = branches.into_iter().flatten();
                    within.extend(branches.map(|branch| (name.clone(), branch, depth + 1)));
                }
                TemplateElement::DecoratorBlock(block) => {
                    let defined = match block.params.first() {
                        Some(Parameter::Literal(Value::String(defined))) => defined.clone(),
                        _ => name.clone(),
                    };
                    let inner = block.template.iter();
                    within.extend(inner.map(|inner| (defined.clone(), inner, 0)));
                }
                TemplateElement::PartialExpression(call) | TemplateElement::PartialBlock(call) => {
                    let Some(called) = call.name.as_name() else {
                        let fault = "the name of what is called here is not written out";
                        return Err(TemplateFault::new(line, fault.to_owned()));
                    };
                    let calls = &mut all.entry(name.clone()).or_default().calls;
                    calls.push(TemplateCall {
                        name: called.to_owned(),
                        place: (root.to_owned(), line),
                        depth,
                    });
                    let inner = call.template.iter();
                    within.extend(inner.map(|inner| (name.clone(), inner, depth + 1)));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// How deep the blocks, expressions and values of a template are within each other.
fn depth(template: &Template) -> usize {
    enum Node<'a> {
        Template(&'a Template),
        Element(&'a TemplateElement),
        Parameter(&'a Parameter),
        Value(&'a Value),
    }
    let mut deepest = 0;
    let mut within = vec![(Node::Template(template), 0)];
    while let Some((part, depth)) = within.pop() {
        deepest = deepest.max(depth);
        if deepest > DEEPEST {
            break;
        }
        let mut add = |part| within.push((part, depth + 1));
        match part {
            Node::Template(template) => {
                // Its elements are as deep as it is.
                let elements = template.elements.iter();
                within.extend(elements.map(|element| (Node::Element(element), depth)));
            }
            Node::Element(
                TemplateElement::HtmlExpression(helper)
                | TemplateElement::Expression(helper)
                | TemplateElement::HelperBlock(helper),
            ) => {
                let HelperTemplate {
                    name,
                    params,
                    hash,
                    template,
                    inverse,
                    ..
                } = &**helper;
                let parameters = params.iter().chain(hash.values()).chain([name]);
                parameters.for_each(|parameter| add(Node::Parameter(parameter)));
                let branches = [template, inverse].into_iter().flatten();
                branches.for_each(|branch| add(Node::Template(branch)));
            }
            Node::Element(
                TemplateElement::DecoratorExpression(decorator)
                | TemplateElement::DecoratorBlock(decorator)
                | TemplateElement::PartialExpression(decorator)
                | TemplateElement::PartialBlock(decorator),
            ) => {
                let DecoratorTemplate {
                    name,
                    params,
                    hash,
                    template,
                    ..
                } = &**decorator;
                let parameters = params.iter().chain(hash.values()).chain([name]);
                parameters.for_each(|parameter| add(Node::Parameter(parameter)));
                if let Some(inner) = template {
                    add(Node::Template(inner));
                }
            }
            Node::Parameter(Parameter::Subexpression(inner)) => add(Node::Element(&inner.element)),
            Node::Parameter(Parameter::Literal(value)) => add(Node::Value(value)),
            Node::Value(Value::Array(values)) => values.iter().for_each(|v| add(Node::Value(v))),
            Node::Value(Value::Object(fields)) => fields.values().for_each(|v| add(Node::Value(v))),
            Node::Element(_) | Node::Parameter(_) | Node::Value(_) => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::{register, strict_registry};

    /// What is said about templates, of which the last is rendered.
    fn check(sources: &[(&str, &str)]) -> Result<(), String> {
        let mut templates = strict_registry(handlebars::no_escape);
        for (name, source) in sources {
            register(&mut templates, name, source).map_err(|fault| fault.to_string())?;
        }
        let (last, _) = sources.last().unwrap();
        check_calls(&templates, last).map_err(|(_, fault)| fault.to_string())
    }

    #[test]
    fn what_calls_itself_is_an_error_before_it_is_rendered() {
        for (sources, fault) in [
            (
                &[("a", "one\n{{> a}}")][..],
                "line 2: `a` is called from within itself",
            ),
            (
                &[("a", "{{> b}}"), ("b", "{{#if x}}\n{{> a}}{{/if}}")],
                "line 1: `b` is called from within itself",
            ),
            (
                &[("a", "{{#*inline \"i\"}}{{> i}}{{/inline}}\n{{> i}}")],
                "line 1: `i` is called from within itself",
            ),
            (
                &[(
                    "a",
                    "{{#*inline \"i\"}}{{> j}}{{/inline}}{{#*inline \"j\"}}{{#each x}}{{> i}}{{/each}}{{/inline}}{{> i}}",
                )],
                "line 1: `i` is called from within itself",
            ),
            (
                &[("b", "x"), ("a", "{{#> b}}{{> a}}{{/b}}")],
                "line 1: `a` is called from within itself",
            ),
        ] {
            assert_eq!(check(sources).unwrap_err(), fault, "{sources:?}");
        }
    }

    #[test]
    fn what_comes_to_an_end_is_no_error() {
        let layout = "{{> head}}{{#each x}}{{> card}}{{/each}}{{> @partial-block}}";
        let sources = [
            ("head", "{{title}}"),
            (
                "card",
                "{{#*inline \"by\"}}{{name}}{{/inline}}{{> by}}{{> head}}",
            ),
            ("layout", layout),
            (
                "page",
                "{{#> layout}}{{> head}}{{/layout}}{{> card}}{{> not/there}}",
            ),
        ];
        assert_eq!(check(&sources), Ok(()));
    }

    #[test]
    fn neither_a_long_chain_nor_many_calls_are_followed() {
        let chain = |length: usize, body: &dyn Fn(usize) -> String| -> String {
            let links = (0..length).map(|at| {
                let body = body(at + 1);
                format!("{{{{#*inline \"p{at}\"}}}}{body}{{{{/inline}}}}")
            });
            links.collect::<String>()
                + &format!("{{{{#*inline \"p{length}\"}}}}{{{{/inline}}}}{{{{> p0}}}}")
        };
        let once = |at: usize| format!("{{{{> p{at}}}}}");
        let twice = |at: usize| once(at).repeat(2);
        assert_eq!(check(&[("a", &chain(40, &once))]), Ok(()));
        assert_eq!(check(&[("a", &chain(10, &twice))]), Ok(()));
        let deep = "line 1: more than 64 blocks and calls are within each other";
        assert_eq!(check(&[("a", &chain(300, &once))]).unwrap_err(), deep);
        let many = check(&[("a", &chain(40, &twice))]).unwrap_err();
        assert!(many.ends_with(" leads to more than 10000 calls"), "{many}");
    }

    #[test]
    fn a_template_as_deep_as_it_may_be_is_parsed_and_refused() {
        let deep = "line 1: more than 64 blocks and calls are within each other";
        let nested = |open: &str, times: usize, middle: &str, close: &str| {
            format!("{}{middle}{}", open.repeat(times), close.repeat(times))
        };
        let tag = |inner: String| format!("{{{{a {inner}}}}}");
        for source in [
            nested("{{#if a}}", MOST_TAGS / 2, "", "{{/if}}"),
            nested("{{#if a}}{{else}}", MOST_TAGS / 3, "", "{{/if}}"),
            nested("{{#*inline \"a\"}}", MOST_TAGS / 2, "", "{{/inline}}"),
            nested("{{#> a}}", MOST_TAGS / 2, "", "{{/a}}"),
            tag(nested("(a a=", MOST_BRACKETS - 2, "1", ")")),
        ] {
            let fault = check(&[("a", &source)]).unwrap_err();
            assert_eq!(fault, deep, "{}", &source[..20]);
        }
        let lists = tag(nested("[", MOST_BRACKETS - 2, "", "]"));
        let told = check(&[("a", &lists)]).unwrap_err();
        assert!(
            told.contains("invalid parameter") && told.len() < 300,
            "{told}"
        );
        for open in ["{{#if a}}", "{{#> a}}"] {
            let fault = check(&[("a", &open.repeat(MOST_TAGS))]).unwrap_err();
            assert!(fault.ends_with("malformed here or just before"), "{fault}");
        }
        for (source, fault) in [
            ("{{a}}".repeat(MOST_TAGS + 1), "tags"),
            ("(".repeat(MOST_BRACKETS + 1), "brackets"),
            ("\\".repeat(MOST_BACKSLASHES + 1), "backslashes"),
        ] {
            let told = check(&[("a", &source)]).unwrap_err();
            assert!(told.contains(fault), "{told}");
        }
    }

    #[test]
    fn blocks_are_not_followed_for_ever() {
        let nested = |times: usize| "{{#if a}}".repeat(times) + &"{{/if}}".repeat(times);
        assert_eq!(check(&[("a", &nested(10))]), Ok(()));
        let deep = "line 1: more than 64 blocks and calls are within each other";
        assert_eq!(check(&[("a", &nested(70))]).unwrap_err(), deep);
        let called = format!(
            "{}{{{{> b}}}}{}",
            "{{#if a}}".repeat(40),
            "{{/if}}".repeat(40)
        );
        assert_eq!(
            check(&[("b", &nested(40)), ("a", &called)]).unwrap_err(),
            deep
        );
        let lists = format!("{{{{a {}{}}}}}", "[".repeat(70), "]".repeat(70));
        assert_eq!(check(&[("a", &lists)]).unwrap_err(), deep);
    }
}
