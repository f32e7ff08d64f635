//! Takes the first two real sentences from a description.
//!
//! A description is half abstract, half notice board: links, chapters, sponsors, licences and
//! requests to subscribe stand beside what the talk is about. Whole lines go first, as a list or
//! a label is easier to tell by its line, then sentences that invite or announce. A sentence that
//! cannot be taken whole is left out: better one sentence less than half a sentence.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};

use crate::summarize::builtin::SENTENCES;
use crate::summarize::builtin::phrases::{announces, enclosed_words};
use crate::summarize::sentences::{sentences, words};
use crate::talk::language::{Language, telling_stems};

/// Takes up to two sentences from a description; two mean that the transcript need not be read.
///
/// What only repeats the title does not count.
#[must_use]
pub(crate) fn from_description(title: &str, description: &str) -> Vec<String> {
    let plain = plain_text(description);
    let paragraphs = paragraphs(&plain);
    let candidates: Vec<Option<String>> = paragraphs
        .iter()
        .flat_map(|paragraph| sentences(paragraph))
        .map(|sentence| tidy(title, sentence).filter(|sentence| is_telling(title, sentence)))
        .collect();
    first_of(&candidates)
}

/// Picks the first statement and the first that announces what the talk is about, else the second
/// statement; a question, or a statement that leans on a sentence left out, is only taken in front of
/// another or right behind it, where there are no two others.
fn first_of(candidates: &[Option<String>]) -> Vec<String> {
    let present = || {
        candidates
            .iter()
            .enumerate()
            .filter_map(|(at, text)| Some((at, text.as_ref()?)))
    };
    let mut taken: Vec<usize> = Vec::new();
    for (at, sentence) in present() {
        let follows_taken = at
            .checked_sub(1)
            .is_some_and(|before| taken.contains(&before));
        let leans = LEANING.is_match(sentence) && (at > 0 || CONNECTIVE.is_match(sentence));
        let stands =
            !is_question(sentence) && !INVITATION.is_match(sentence) && (follows_taken || !leans);
        if stands && taken.len() < SENTENCES {
            taken.push(at);
        }
    }
    let is_announced = |&at: &usize| candidates[at].as_deref().is_some_and(is_announcement);
    if taken.len() == SENTENCES && !taken.iter().any(is_announced) {
        let announcement = present().find(|&(_, sentence)| is_announcement(sentence));
        if let Some((at, _)) = announcement {
            taken[SENTENCES - 1] = at;
        }
    }
    for (at, _) in present() {
        let leads_on = taken.first().is_none_or(|&first| at <= first + 1);
        if taken.len() < SENTENCES && leads_on && !taken.contains(&at) {
            taken.push(at);
        }
    }
    taken.sort_unstable();
    taken
        .into_iter()
        .filter_map(|at| candidates[at].clone())
        .collect()
}

/// Turns what is left of HTML, Markdown and reStructuredText into plain text.
fn plain_text(description: &str) -> String {
    let end = LAST_WORDS
        .find(description)
        .map_or(description.len(), |heading| heading.start());
    let text = LIST_ITEM.replace_all(&description[..end], "\n- ");
    let text = BLOCK_TAG.replace_all(&text, "\n");
    let text = INLINE_TAG.replace_all(&text, "");
    let text = ENTITIES
        .iter()
        .fold(text.into_owned(), |text, (entity, plain)| {
            text.replace(entity, plain)
        });
    let text = LINK_TARGET.replace_all(&text, "");
    let text = NAMED_LINK.replace_all(&text, "$1$2");
    let text = REFERENCE.replace_all(&text, "$1$2$3");
    let text = text.replace("**", "").replace("``", "");
    EMPHASIS.replace_all(&text, "$1").into_owned()
}

/// Joins the lines that carry sentences to paragraphs; what is no such line ends a paragraph.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut is_open = false;
    for line in text.lines().map(str::trim) {
        if LAST_LINE.is_match(line) {
            break;
        }
        let line = ABSTRACT_LABEL.replace(line, "");
        if line.is_empty() || NOISE_LINE.is_match(&line) || is_label(&line) {
            is_open = false;
            continue;
        }
        match paragraphs.last_mut() {
            Some(paragraph) if is_open && is_wrapped(paragraph, &line) => {
                paragraph.push(' ');
                paragraph.push_str(&line);
            }
            _ => paragraphs.push(line.into_owned()),
        }
        is_open = true;
    }
    paragraphs
}

/// A long line with a label in front has lost its line breaks and may hold sentences further on.
fn is_label(line: &str) -> bool {
    const LONG_LINE: usize = 200;
    LABEL.is_match(line) && line.chars().count() < LONG_LINE
}

/// A sentence goes on in the next line where that starts in lower case or this one is full.
fn is_wrapped(paragraph: &str, line: &str) -> bool {
    const FULL_LINE: usize = 60;
    line.starts_with(char::is_lowercase) || paragraph.chars().count() >= FULL_LINE
}

/// Takes addresses, tags and a repeated title off a sentence; `None` where it does not stay whole.
fn tidy(title: &str, sentence: &str) -> Option<String> {
    let sentence = LEADING_ADDRESS.replace(sentence, "");
    let sentence = LEADING_TIMES.replace(&sentence, "");
    let sentence = BRACKETED_ADDRESS.replace_all(&sentence, "");
    if ADDRESS.is_match(&sentence) || HASHTAG.find_iter(&sentence).count() > 1 {
        return None;
    }
    let sentence = SIGIL.replace_all(&sentence, "$1$2");
    let sentence = without_title(title.trim(), sentence.trim())?;
    let sentence = LEADING_MARKS.replace(sentence, "");
    let is_whole = sentence.matches('(').count() == sentence.matches(')').count();
    let joined = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let balanced = match joined.matches('"').count() % 2 {
        0 => &joined,
        _ => joined.trim_matches('"'),
    };
    is_whole.then(|| LOOSE_MARK.replace_all(balanced, "$1").into_owned())
}

/// Takes off the line with title and event that lost the break behind it; `None` where a name
/// follows, as nothing tells where it ends.
fn without_title<'a>(title: &str, sentence: &'a str) -> Option<&'a str> {
    const LONG_TITLE: usize = 3;
    let behind_title = sentence
        .split_once(title)
        .filter(|(_, rest)| words(title) >= LONG_TITLE || BRACKETS.is_match(rest));
    let Some((_, rest)) = behind_title else {
        return Some(sentence);
    };
    let rest = rest.trim_start_matches(['"', '”', ' ']);
    if rest.starts_with("by ") || rest.starts_with("by: ") {
        return None;
    }
    let bare = BRACKETS.replace(rest, "");
    let has_brackets = bare.len() < rest.len();
    let has_sentence = has_brackets
        || bare
            .trim_start_matches(['"', '“'])
            .starts_with(char::is_uppercase);
    Some(if has_sentence {
        &rest[rest.len() - bare.len()..]
    } else {
        sentence
    })
}

fn is_telling(title: &str, sentence: &str) -> bool {
    const LENGTHS: std::ops::RangeInclusive<usize> = 6..=60;
    let is_whole = WHOLE.is_match(sentence) && LENGTHS.contains(&words(sentence));
    is_whole && !LABEL.is_match(sentence) && !NOTICE.is_match(sentence) && !repeats(title, sentence)
}

fn repeats(title: &str, sentence: &str) -> bool {
    let language = Language::of(sentence);
    let titled: HashSet<String> = telling_stems(title, language).into_iter().collect();
    telling_stems(sentence, language)
        .iter()
        .all(|stem| titled.contains(stem))
}

/// Whether a sentence says of itself that it says what the talk is about.
fn is_announcement(sentence: &str) -> bool {
    let stands = !is_question(sentence) && !LEANING.is_match(sentence);
    stands && announces(&enclosed_words(sentence))
}

fn is_question(sentence: &str) -> bool {
    sentence.contains(['?', '？', '؟'])
}

const ENTITIES: &[(&str, &str)] = &[
    ("&nbsp;", " "),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&apos;", "'"),
    ("&#x27;", "'"),
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&amp;", "&"),
];

fn pattern(pattern: &str) -> Regex {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .ignore_whitespace(true)
        .build()
        .expect("the patterns of this file are valid")
}

static LIST_ITEM: LazyLock<Regex> = LazyLock::new(|| pattern(r"<li\b[^<>]*>"));
static BLOCK_TAG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"</?(?:p|br|div|ul|ol|li|h[1-6]|hr|table|tr|td|pre|blockquote)\b[^<>]*>")
});
static INLINE_TAG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"</?(?:a|b|i|u|em|strong|span|code|img|sup|sub|font|small)\b[^<>]*>")
});
static LINK_TARGET: LazyLock<Regex> = LazyLock::new(|| pattern(r"\.\.\ _[^:\n]+:\s*\S+"));
/// `[text](address)` of Markdown and `` `text <address>`_ `` of reStructuredText.
static NAMED_LINK: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\[([^\]\[]+)\]\([^()\s]*\) | `([^`<>]+?)\s*<[^<>]*>`__?"));
/// `` `name`_ ``, `name_` and `` `name` ``.
static REFERENCE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"`([^`\n]+)`_{0,2} | (\w)_([\s.,;:)]|$)"));
static EMPHASIS: LazyLock<Regex> = LazyLock::new(|| pattern(r"\*([^*\s][^*\n]*)\*"));

/// Lines that carry no sentence: lists, chapters, tags, addresses, headings, labels.
static NOISE_LINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:
            [-*+•·▪◦►▶✓✔✅➡→–—]\s*\S
          | \(?(?:\d{1,3}|[a-z])[.)]\s
          | \W*\d{1,2}:\d{2}
          | \W*(?:https?://|www\.)\S*$
          | (?:\#\S+\s*)+$
          | \#{1,6}\s | [=~_-]{3,}
          | [^\p{L}]*$
        )",
    )
});
/// A line or sentence that fills in a form: "Speaker: …", "Slides: …".
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\W*(?:
              speakers?|presenters?|presented\ by|hosts?|moderators?|authors?|event|conference|date|title|topic
            | when|where|room|track|stage|location|venue|slides?|slide\ deck|deck|code|source|repo|repository
            | github|gitlab|twitter|mastodon|linkedin|bluesky|instagram|facebook|discord|slack
            | website|web|site|blog|links?|url|e-?mail|contact|licen[cs]e|tags?|keywords?|level
            | language|music|recorded|filmed|sponsors?|referent(?:in|en)?|sprecher(?:in)?|vortragende
            | datum|ort|raum|folien|lizenz|sprache|ponentes?|fecha|lugar|orateurs?|conférenciers?
            | intervenants?|lieu|relatori|relatore|palestrantes?|スピーカー|講者
          )(?:\ [\p{L}&]+){0,2}\s*[:：|]
        | \b(?:speakers?|presenters?|presented\ by|slides?|track|room|talk\ \d)\s?[:：]",
    )
});
/// Headings after which nothing is said about the talk.
static LAST_LINE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\W*(?:about\ (?:the\ |our\ )?(?:speakers?|authors?|presenters?|conference|event|us)
            | (?:speaker(?:'s)?\ )?bio(?:graph(?:y|ie))? | timestamps? | time\ codes?
            | chapters? | kapitel | chapitres | capítulos | table\ of\ contents | references
            | über\ (?:den|die)\ \w+ | à\ propos.* | sobre\ (?:el|la|o|a)\ \w+)
        \W*(?::.*)?$",
    )
});
/// The same heading where a description has lost its line breaks.
static LAST_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\*\*(?:Speaker\ )?Bio\b | (?-i)(?:About\ (?:the\ )?Speakers?|ABOUT\ THE\ SPEAKERS?|Speaker\ Bio|講者介紹)\b",
    )
});
static ABSTRACT_LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\W*(?:(?:talk|session)?\ ?(?:abstract|description)|about\ (?:this|the)\ (?:talk|session)|summary|synopsis|tl;?dr|zusammenfassung|beschreibung|résumé|resumen|descripción(?:\ de\ la\ charla)?|resumo|sommario)\s*(?:[:：]|$)\s*",
    )
});

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"https?: | www\. | [\w.+-]+@[\w-]+\.\w | \b[\w-]+\.(?:com|org|net|io|dev|edu)/\w")
});
/// An address in front of a sentence, with the few words that name the event before it.
static LEADING_ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:[^\s.!?]+\s+){0,4}?(?:https?://\S+\s+)+"));
/// When and where a talk was given, in front of a sentence: "Day 3, R2 10:50–11:20".
static LEADING_TIMES: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:[^\s.!?]+\s+){0,4}?\d{1,2}:\d{2}\s*[-–—]\s*\d{1,2}:\d{2}\s+"));
static BRACKETED_ADDRESS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\s*[(\[<](?:https?://|www\.)[^\s()\[\]<>]*[)\]>]"));
/// A mark that stands apart because what stood before it was taken out.
static LOOSE_MARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\s+([.,;:]+(?:\s|$))"));
static BRACKETS: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:\W*\[[^\[\]]*\])+\s*"));
static HASHTAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?:^|\s)\#\p{L}"));
static SIGIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"(^|\s)[@\#](\p{L})"));
/// Emoji, dashes and closing brackets in front of a sentence.
static LEADING_MARKS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"^[^\p{L}\p{N}"'“”‘«„「『(\[¿¡.]+"#));

/// A sentence starts with a capital, a digit or a script without capitals, and ends in a stop.
static WHOLE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?-i)^["'“‘«„「『¿¡(]*\s*(?:[\p{Lu}\p{Lt}\p{Lo}\p{N}]|\p{Ll}+\p{Lu}|\.NET)
            (?s:.*)[.!?…。！？؟۔।]["'”’»“」』)]*$"#,
    )
});

/// Openings that take the reader by the hand, or greet.
static INVITATION: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^(?:let's|imagine|suppose|welcome|come|picture)\b"));

/// Openings that point back at the sentence before.
static LEANING: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:it|its|it's|they|they're|their|he|she|his|her|that|that's|these|those|such|well|but|and|so|then|yes
            |no|or|however|therefore|also|instead|otherwise|moreover|furthermore
            |additionally|for\ example|for\ instance|both|er|sie|es|aber|doch|dann|dabei|il|elle|mais|pero|esto|ma)\b",
    )
});

/// Of these the ones that go on with something even at the start; "it" may stand for the title.
static CONNECTIVE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:but|and|so|then|or|however|therefore|also|instead|otherwise|moreover|furthermore)\b",
    )
});

/// Sentences that invite, announce or thank, in the languages that most descriptions are in.
static NOTICE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:
            subscribe | follow\ (?:us|me|him|her|them|the\ speaker) | like\ and\ share | newsletter
          | sponsor(?:ed|ing|s)?\b | slides?\ (?:are|is|can\ be|available|here|at|from)
          | (?:recorded|filmed|captured|streamed|presented|delivered|given)\ (?:at|on|in|by|live|during)\b
          | this\ (?:video|recording)\ | creative\ commons | licen[cs]ed\ under | cc[\ -]by | all\ rights\ reserved
          | join\ us | don't\ miss | regist(?:er|ration)\ (?:now|at|for|is) | get\ your\ tickets? | tickets
          | check\ out | visit\ (?:us|our|the) | (?:find|learn|read)\ (?:out\ )?more | more\ info(?:rmation)?
          | please\ (?:see|visit|note|join|bring|install|contact|email|help) | sign\ up | our\ channel | youtube
          | captions?\ (?:by|provided) | produced\ by | music\ by | thank(?:s|\ you)\b | upcoming | see\ you
          | \d+(?:st|nd|rd|th)\ (?:annual|edition) | took\ place | live\ ?stream\ of | \d:\d\d.*\d:\d\d
          | is\ (?:the|an?)\ (?:largest|biggest|premier|annual|leading)\b
          | lightning\ talks?\ from | (?:mins?|minute|hour)\ talk\b | (?:talk|keynote)\ by\b
          | abonnier | folgt\ uns | aufgezeichnet | lizenziert | anmeld(?:en|ung)
          | suscríb | síguenos | grabad[oa]\ en | abonnez | suivez-nous | iscriviti | seguici | inscreva-se
        ) | チャンネル登録
          | -{3} | ={3} | \|.*\| | \)\*?;\ \p{Lu} # rules, tables and lists of affiliations
          | :\ (?:[-*•]|1[.)])\ # a list that lost its line breaks",
    )
});
