//! Words between which the name of a person is due.
//!
//! Such words are said the same way at every conference and on every call: people are thanked,
//! greeted, introduced and handed the word. What is listed are these four, and nothing that only
//! one kind of meeting says.

/// Whether a name is due after this word and the one before it; none stands before the first.
pub(super) fn is_name_due(last: Option<&str>, before: Option<&str>) -> bool {
    let Some(last) = last else {
        return true;
    };
    let pair = || before.is_some_and(|before| PAIRS.contains(&(before, last)));
    is_title(last) || WORDS.contains(&last) || pair()
}

/// Whether this word and the next go on as they do after a name; none stands behind the last.
pub(super) fn follows_name(first: Option<&str>, next: Option<&str>) -> bool {
    let Some(first) = first else {
        return true;
    };
    let pair = || next.is_some_and(|next| FOLLOWING_PAIRS.contains(&(first, next)));
    FOLLOWING.contains(&first) || pair()
}

/// Whether this is said before a name, and is no name.
pub(super) fn is_title(word: &str) -> bool {
    TITLES.contains(&word)
}

const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mister",
    "dr",
    "doctor",
    "professor",
];

/// Thanks, greetings, and what people are.
const WORDS: &[&str] = &[
    "officer",
    "president",
    "chairman",
    "cfo",
    "ceo",
    "cto",
    "founder",
    "author",
    "thanks",
    "hi",
    "hey",
    "hello",
    "welcome",
    "colleague",
    "im",
];

const PAIRS: &[(&str, &str)] = &[
    ("thank", "you"),
    ("good", "morning"),
    ("good", "afternoon"),
    ("good", "evening"),
    ("this", "is"),
    ("name", "is"),
    ("i", "am"),
    ("over", "to"),
    ("back", "to"),
    ("go", "to"),
    ("line", "of"),
    ("question", "from"),
    ("comes", "from"),
    ("is", "from"),
    ("joined", "by"),
    ("presented", "by"),
    ("talk", "by"),
];

/// What people are, and where they are from.
const FOLLOWING: &[&str] = &[
    "from",
    "with",
    "at",
    "chief",
    "president",
    "vice",
    "director",
    "senior",
    "executive",
    "head",
];

const FOLLOWING_PAIRS: &[(&str, &str)] = &[
    ("please", "go"),
    ("your", "line"),
    ("thank", "you"),
    ("thanks", "for"),
    ("who", "is"),
];
