//! What is asked of a server beyond the messages, and how it is spelled for this server.
//!
//! Servers and models differ in what they accept. The first request asks for everything; after a
//! refusal [`Dialect::after`] says what to leave out, lower or name otherwise: what the refusal is
//! about, and nothing else. What worked is remembered for the run (`known.rs`). Pure; what each
//! step means on the wire is the business of the providers.

pub(super) mod known;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::llm::refusal::RefusalBody;
use crate::llm::refusal::fields::SentFields;
use crate::llm::{ChatRequest, Effort};

/// What is asked of a server beyond the messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) structure: Structure,
    pub(super) thinking: Thinking,
    pub(super) opening: RulesPosition,
    /// The longest reply that the server allows, where that is less than what is asked for.
    pub(super) most_tokens: Option<u32>,
    /// Names that the server has for fields of ours.
    pub(super) renamed: BTreeMap<String, String>,
    /// Fields that the server does not take.
    pub(super) left_out: BTreeSet<String>,
    /// Values that the server wants.
    pub(super) wanted: BTreeMap<String, Value>,
}

/// How the shape of the reply is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Structure {
    /// In the strongest form that the wire format has.
    Strongest,
    /// In its second form.
    Weaker,
    /// In words alone.
    PromptAlone,
}

/// How much the model is to think; two sentences need none, and thoughts are paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Thinking {
    /// As the wire format says it best.
    Told,
    /// In its second form.
    ToldOtherwise,
    AsTheModelLikes,
}

/// Where the rules stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RulesPosition {
    /// In a message of their own.
    OwnMessage,
    /// At the beginning of the first message of the one who asks.
    FirstMessage,
}

/// Whom a refusal blames: the further down, the less it says about other requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Blame {
    /// What the server takes; every request would meet it.
    Form,
    /// Nobody knows.
    Unclear,
    /// This one request.
    Request,
}

/// What a wire format calls its fields.
#[derive(Debug)]
pub(super) struct Wire {
    /// The field that limits the reply, and the other name that servers have for it.
    pub(super) limit: (&'static str, Option<&'static str>),
    /// The fields that ask for the shape of the reply, in the first form and in the second.
    pub(super) structure: [&'static [&'static str]; 2],
    /// The fields that say how much to think.
    pub(super) thinking: &'static [&'static str],
    /// Whether thinking has a second form, and is what to give up first.
    pub(super) thinking_forms: ThinkingForms,
    /// Fields without which there is no request.
    pub(super) needed: &'static [&'static str],
}

/// How many ways a wire format has to say how much to think.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ThinkingForms {
    One,
    Two,
}

const STRUCTURE_WORDS: &[&str] = &[
    "json mode",
    "json schema",
    "json_schema",
    "json object",
    "json_object",
    "json output",
    "structured output",
    "structured decoding",
    "guided decoding",
    "guided json",
    "grammar",
    "schema",
    "mime type",
];
const LIMIT_WORDS: &[&str] = &[
    "max_new_tokens",
    "max_output_tokens",
    "maxoutputtokens",
    "max tokens",
    "maximum tokens",
    "max output tokens",
    "maximum output",
    "output token",
    "completion token",
];
const THINKING_WORDS: &[&str] = &["thinking", "reasoning"];
/// Keys that say of what kind something is; nothing can be without them.
const OF_THE_FORM: &[&str] = &[
    "type",
    "name",
    "schema",
    "items",
    "required",
    "enum",
    "description",
    "role",
    "content",
    "text",
    "parts",
];
/// What is below these is not looked into: words of others, and names that are asked for.
const CLOSED: &[&str] = &["messages", "contents", "properties"];

impl Dialect {
    /// What is asked of a server that has not refused anything yet.
    pub(super) const FULL: Self = Self {
        structure: Structure::Strongest,
        thinking: Thinking::Told,
        opening: RulesPosition::OwnMessage,
        most_tokens: None,
        renamed: BTreeMap::new(),
        left_out: BTreeSet::new(),
        wanted: BTreeMap::new(),
    };

    /// The limit of a reply, for so many tokens that are asked for.
    pub(super) fn limit(&self, tokens: u32) -> u32 {
        self.most_tokens.map_or(tokens, |most| most.min(tokens))
    }

    /// Whether it is another one with a lower limit of replies.
    fn differs_in_limit_alone(&self, other: &Self) -> bool {
        let most = |dialect: &Self| dialect.most_tokens.unwrap_or(u32::MAX);
        let most_tokens = self.most_tokens;
        most(self) < most(other)
            && *self
                == Self {
                    most_tokens,
                    ..other.clone()
                }
    }

    /// A body in this dialect, with what the catalog adds.
    pub(super) fn spell(&self, mut body: Value, request: &ChatRequest) -> Value {
        for (name, other) in &self.renamed {
            rename(&mut body, name, other);
        }
        for (name, value) in &self.wanted {
            if !set(&mut body, name, value) {
                body[name] = value.clone();
            }
        }
        for name in &self.left_out {
            remove(&mut body, name);
        }
        merge(&mut body, &request.tuning.extra);
        body
    }

    /// The dialect to try after a server refused a body in this one, and whom the refusal blames;
    /// `None` where no other form of the request would help.
    pub(super) fn after(
        &self,
        refusal: &RefusalBody,
        wire: &Wire,
        sent: &Value,
        request: &ChatRequest,
    ) -> Option<(Self, Blame)> {
        if refusal.is_about_content() {
            return None;
        }
        if refusal.is_about_generation() {
            return Some((self.weaker()?, Blame::Request));
        }
        if refusal.is_about_roles() && self.opening == RulesPosition::OwnMessage {
            let opening = RulesPosition::FirstMessage;
            return Some((
                Self {
                    opening,
                    ..self.clone()
                },
                Blame::Form,
            ));
        }
        let fields = self.fields(wire, sent);
        let named = refusal.named(&fields);
        let extra = &request.tuning.extra;
        // What an organizer asks for is not given up behind their back.
        if named.iter().any(|name| extra.contains_key(name)) {
            return None;
        }
        if named.is_empty() {
            return self.next_sacrifice(refusal, wire, sent);
        }
        let next = named.iter().fold(self.clone(), |dialect, name| {
            dialect.without(name, refusal, wire, sent, request)
        });
        (next != *self).then_some((next, Blame::Form))
    }

    /// The dialect in which to ask for a shorter reply after a refusal for length, where the prompt
    /// alone may fit. A limit that was raised for thoughts is lowered whatever the refusal tells: the
    /// prompt has fitted before.
    pub(super) fn with_shorter_reply(
        &self,
        refusal: &RefusalBody,
        request: &ChatRequest,
    ) -> Option<Self> {
        let asked = self.limit(request.parameters.max_tokens);
        let room = match refusal.context() {
            Some(_) => refusal.room_beside_the_prompt(asked, request.estimated_tokens()),
            None => halve(asked),
        };
        let most_tokens = match self.most_tokens {
            None => room?,
            // Who refuses what it has told itself counts otherwise than it says.
            Some(_) => halve(asked)?.min(room.unwrap_or(asked)),
        };
        Some(Self {
            most_tokens: Some(most_tokens),
            ..self.clone()
        })
    }

    /// What to give up where nobody says which field is wrong: what is missed least first.
    fn next_sacrifice(
        &self,
        refusal: &RefusalBody,
        wire: &Wire,
        sent: &Value,
    ) -> Option<(Self, Blame)> {
        if let Some((name, value)) = refusal.wanted()
            && sent[&name] != value
            && !self.wanted.contains_key(&name)
        {
            let mut next = self.clone();
            next.wanted.insert(name, value);
            return Some((next, Blame::Form));
        }
        let next = match wire.thinking_forms {
            ThinkingForms::Two => self.less_thought().or_else(|| self.weaker()),
            ThinkingForms::One => self.weaker(),
        };
        Some((next?, Blame::Unclear))
    }

    /// The same without a field, or with what the server wants in its place.
    fn without(
        &self,
        name: &str,
        refusal: &RefusalBody,
        wire: &Wire,
        sent: &Value,
        request: &ChatRequest,
    ) -> Self {
        let mut next = self.clone();
        let other_name = || refusal.name_instead_of(name);
        let asks_for_structure = self.asking(wire).contains(&name);
        if self.is_limit(name, wire) {
            let asked = self.limit(request.parameters.max_tokens);
            let usual = wire
                .limit
                .1
                .filter(|other| *other != name && self.renamed.is_empty());
            if let Some(most) = refusal.most_of_a_reply(asked) {
                next.most_tokens = Some(most);
            } else if let Some(half) = halve(asked).filter(|_| refusal.is_about_a_value()) {
                next.most_tokens = Some(half);
            } else if let Some(other) = other_name().or_else(|| usual.map(str::to_owned)) {
                next.renamed.insert(wire.limit.0.to_owned(), other);
            } else if !wire.needed.contains(&name) {
                next.left_out.insert(name.to_owned());
            }
        } else if asks_for_structure {
            next = self.weaker().unwrap_or(next);
        } else if wire.thinking.contains(&name) {
            next = self.thinking_otherwise(name, refusal, wire, sent);
        } else if let Some(other) = other_name() {
            next.renamed.insert(name.to_owned(), other);
        } else {
            next.left_out.insert(name.to_owned());
        }
        next
    }

    /// Thinking in another form, in an amount that the server lists, or as the model likes.
    fn thinking_otherwise(
        &self,
        name: &str,
        refusal: &RefusalBody,
        wire: &Wire,
        sent: &Value,
    ) -> Self {
        let mut next = self.clone();
        let asked = find(sent, name).and_then(Value::as_str);
        let listed = asked.and_then(|asked| refusal.value_instead_of(asked, &Effort::NAMES));
        if let Some(listed) = listed.filter(|_| !self.wanted.contains_key(name)) {
            next.wanted.insert(name.to_owned(), Value::from(listed));
            return next;
        }
        match (wire.thinking_forms, self.less_thought()) {
            (ThinkingForms::Two, Some(less)) => {
                next = less;
                next.wanted.remove(name);
            }
            _ => {
                next.left_out.insert(name.to_owned());
            }
        }
        next
    }

    fn less_thought(&self) -> Option<Self> {
        let thinking = match self.thinking {
            Thinking::Told => Thinking::ToldOtherwise,
            Thinking::ToldOtherwise => Thinking::AsTheModelLikes,
            Thinking::AsTheModelLikes => return None,
        };
        Some(Self {
            thinking,
            ..self.clone()
        })
    }

    fn weaker(&self) -> Option<Self> {
        let structure = match self.structure {
            Structure::Strongest => Structure::Weaker,
            Structure::Weaker => Structure::PromptAlone,
            Structure::PromptAlone => return None,
        };
        Some(Self {
            structure,
            ..self.clone()
        })
    }

    /// The dialect for a server that refuses every form and does not say why: without the field that
    /// replies miss least. What was given up before it was not at fault, and is asked for again.
    pub(super) fn without_seed(
        &self,
        refusal: &RefusalBody,
        wire: &Wire,
        sent: &Value,
    ) -> Option<Self> {
        const SEED: &str = "seed";
        let says_why = refusal.is_about_content()
            || refusal.is_about_generation()
            || !refusal.named(&self.fields(wire, sent)).is_empty();
        find(sent, SEED).filter(|_| !says_why)?;
        let mut next = Self {
            structure: Structure::Strongest,
            ..self.clone()
        };
        next.left_out.insert(SEED.to_owned());
        Some(next)
    }

    fn is_limit(&self, name: &str, wire: &Wire) -> bool {
        name == wire.limit.0
            || self
                .renamed
                .get(wire.limit.0)
                .is_some_and(|other| other == name)
    }

    /// The fields by which the shape is asked for now.
    fn asking(&self, wire: &Wire) -> &'static [&'static str] {
        match self.structure {
            Structure::Strongest => wire.structure[0],
            Structure::Weaker => wire.structure[1],
            Structure::PromptAlone => &[],
        }
    }

    /// The fields of a body that can be meant by a refusal.
    fn fields(&self, wire: &Wire, sent: &Value) -> SentFields {
        let asking = self.asking(wire);
        let words = |name: &str| match name {
            _ if asking.contains(&name) => STRUCTURE_WORDS,
            _ if wire.thinking.contains(&name) => THINKING_WORDS,
            _ if self.is_limit(name, wire) => LIMIT_WORDS,
            _ => &[],
        };
        let mut names = BTreeSet::new();
        gather(sent, &mut names);
        let can_be_meant = |name: &&str| {
            self.is_limit(name, wire)
                || asking.contains(name)
                || !(wire.needed.contains(name) || OF_THE_FORM.contains(name))
        };
        let names = names.into_iter().filter(can_be_meant);
        names.map(|name| (name.to_owned(), words(name))).collect()
    }
}

/// Half of a limit, where that is one that replies are asked for with from the first.
fn halve(limit: u32) -> Option<u32> {
    const LEAST: u32 = 2_048;
    Some(limit / 2).filter(|half| *half >= LEAST)
}

/// The names of all fields, but for those of words of others.
fn gather<'a>(value: &'a Value, names: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                names.insert(name);
                if !CLOSED.contains(&name.as_str()) {
                    gather(value, names);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| gather(value, names)),
        _ => {}
    }
}

/// The value of a field, wherever it stands.
fn find<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    let Value::Object(fields) = value else {
        return None;
    };
    let below = fields
        .iter()
        .filter(|(name, _)| !CLOSED.contains(&name.as_str()));
    fields.get(name).or_else(|| {
        below
            .map(|(_, value)| value)
            .find_map(|value| find(value, name))
    })
}

/// Does something to every object that may hold fields of ours.
fn each(value: &mut Value, change: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            change(fields);
            let open = fields
                .iter_mut()
                .filter(|(name, _)| !CLOSED.contains(&name.as_str()));
            open.for_each(|(_, value)| each(value, change));
        }
        Value::Array(values) => values.iter_mut().for_each(|value| each(value, change)),
        _ => {}
    }
}

/// Removes a field wherever it stands, and what held nothing else.
fn remove(body: &mut Value, name: &str) {
    each(body, &mut |fields| {
        fields.shift_remove(name);
    });
    let says_nothing = |name: &str, value: &Value| {
        let is_empty = value.as_object().is_some_and(Map::is_empty);
        is_empty && !CLOSED.contains(&name)
    };
    each(body, &mut |fields| {
        fields.retain(|name, value| !says_nothing(name, value));
    });
}

fn rename(body: &mut Value, name: &str, other: &str) {
    each(body, &mut |fields| {
        let renamed = std::mem::take(fields).into_iter().map(|(key, value)| {
            let key = if key == name { other.to_owned() } else { key };
            (key, value)
        });
        *fields = renamed.collect();
    });
}

/// Whether a field was there to be set.
fn set(body: &mut Value, name: &str, value: &Value) -> bool {
    let mut was_there = false;
    each(body, &mut |fields| {
        if let Some(field) = fields.get_mut(name) {
            *field = value.clone();
            was_there = true;
        }
    });
    was_there
}

/// Adds fields to a body; what is added wins.
fn merge(body: &mut Value, extra: &Map<String, Value>) {
    for (name, value) in extra {
        match (body.get_mut(name), value) {
            (Some(there @ Value::Object(_)), Value::Object(more)) => merge(there, more),
            _ => body[name] = value.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
