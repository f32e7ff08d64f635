//! The built-in summarizer as its callers see it.

use std::time::Duration;

use proptest::prelude::*;

use super::description::from_description;
use super::{Material, excerpt};
use crate::summarize::sentences::words;
use crate::talk::transcript::{Cue, Span};

fn excerpt_of(title: &str, description: &str, cues: &[Cue]) -> Vec<String> {
    excerpt(&Material {
        title,
        speakers: &["Ada Quill".to_owned()],
        description,
        cues,
    })
}

/// Captions as a machine makes them: six words a cue, a pause where the text has a bar.
fn captions(text: &str) -> Vec<Cue> {
    let mut now = Duration::ZERO;
    let mut cues = Vec::new();
    for thought in text.split('|') {
        let words: Vec<&str> = thought.split_whitespace().collect();
        for line in words.chunks(6) {
            let end = now + Duration::from_secs(2);
            cues.push(Cue {
                span: Some(Span { start: now, end }),
                text: line.join(" "),
            });
            now = end;
        }
        now += Duration::from_millis(700);
    }
    cues
}

const DESCRIPTION: &str = "\
Keeping a Cache Honest – Ada Quill – CacheConf 2031

Speaker: Ada Quill
Slides: https://example.org/slides.pdf

A cache that answers with old values is worse than none at all. Ada Quill shows how her team
found stale entries with a small audit log, and what they changed.

0:00 Intro
2:10 The audit log
Subscribe to our channel for more talks like this one!
#caching #cacheconf";

const SPEECH: &str = "uh hello everyone my name is ada quill and i am happy to be here | \
    in this talk i want to show you how we keep um our cache honest | \
    the cache sits between the shop and the database and answers most of the reads | \
    the problem is that a cache entry can be stale and nobody notices | \
    so we built an audit log that compares every hundredth cache answer with the database | \
    as you can see on this slide it is green | \
    thank you very much are there any questions";

#[test]
fn first_two_sentences_come_from_the_description() {
    assert_eq!(
        excerpt_of("Keeping a Cache Honest", DESCRIPTION, &captions(SPEECH)),
        [
            "A cache that answers with old values is worse than none at all.",
            "Ada Quill shows how her team found stale entries with a small audit log, and what they changed.",
        ]
    );
}

#[test]
fn speech_is_taken_where_the_description_says_nothing() {
    let expected = [
        "In this talk I want to show you how we keep our cache honest.",
        "We built an audit log that compares every hundredth cache answer with the database.",
    ];
    for description in [
        "",
        "Keeping a cache honest!",
        "https://example.org",
        "Ada's only sentence is here for you.",
    ] {
        assert_eq!(
            excerpt_of("Keeping a Cache Honest", description, &captions(SPEECH)),
            expected
        );
    }
}

#[test]
fn captions_without_pauses_give_whole_sentences() {
    let speech = "so yeah i was at home one night and my phone rang the cache had lost every key \
        so a cache must answer before the database wakes up so yeah we were lucky that night \
        so a cold cache is filled from the old one okay thank you";
    assert_eq!(
        excerpt_of("Filling a Cold Cache", "", &captions(speech)),
        [
            "A cache must answer before the database wakes up.",
            "A cold cache is filled from the old one.",
        ]
    );
}

#[test]
fn sentence_of_the_description_stands_in_front_of_what_was_said() {
    let lone = "This talk shows how a team keeps its cache honest with a small audit log.";
    let taken = excerpt_of("Keeping a Cache Honest", lone, &captions(SPEECH));
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0], lone);
}

#[test]
fn one_good_sentence_is_better_than_a_torn_one() {
    let speech = "uh so in this talk i want to show you how we keep a cold cache um so the cache \
        that of and because the we when it for example maybe the third queue which i";
    assert_eq!(
        excerpt_of("Filling a Cold Cache", "", &captions(speech)),
        ["In this talk I want to show you how we keep a cold cache."]
    );
}

#[test]
fn terms_are_named_where_nothing_is_surely_whole() {
    let stumbles = "and because of the queue that the broker to the lease which the lease of when the \
        broker and of the queue if ";
    assert_eq!(
        excerpt_of("Leases", "", &captions(&stumbles.repeat(5))),
        ["Much is said about “lease”, “broker” and “queue”."]
    );
}

#[test]
fn words_that_nobody_can_part_are_an_excerpt_nevertheless() {
    let speech = "cache shop database reads cold warm entries stale answer log audit queue";
    assert_eq!(excerpt_of("Caches", "", &captions(speech)).len(), 1);
}

#[test]
fn lone_sentence_is_better_than_nothing() {
    let lone = "A short tour of caches that forget on purpose.";
    assert_eq!(excerpt_of("Forgetting", lone, &[]), [lone]);
    assert!(excerpt_of("Forgetting", "", &[]).is_empty());
}

#[test]
fn german_speech_gives_a_german_excerpt() {
    let speech = "hallo zusammen mein name ist ada quill und ich freue mich dass ihr da seid | \
        in diesem vortrag geht es um einen cache der seine fehler selbst findet | \
        wir haben dafür ein protokoll gebaut das jede hundertste antwort mit der datenbank vergleicht | \
        das ist hier auf der folie zu sehen und es ist alles grün | \
        vielen dank gibt es noch fragen";
    assert_eq!(
        excerpt_of("Ein Cache, der Fehler findet", "", &captions(speech)),
        [
            "In diesem vortrag geht es um einen cache der seine fehler selbst findet.",
            "Wir haben dafür ein protokoll gebaut das jede hundertste antwort mit der datenbank vergleicht.",
        ]
    );
}

#[test]
fn sentences_of_a_punctuated_transcript_stay_whole() {
    let text = "Hello, everyone. In this session, we compare three ways to shard a queue. You know, \
        sharding by key keeps the order of messages, but one hot key slows its shard down. Any questions?";
    let cue = Cue {
        span: None,
        text: text.to_owned(),
    };
    assert_eq!(
        excerpt_of("Sharding Queues", "", &[cue]),
        [
            "In this session, we compare three ways to shard a queue.",
            "Sharding by key keeps the order of messages, but one hot key slows its shard down.",
        ]
    );
}

#[test]
fn notices_never_make_an_excerpt() {
    for notice in [
        "Subscribe to our channel so that you never miss a talk again.",
        "Follow us on every network that you can possibly think of.",
        "This event was kindly sponsored by a maker of fine paper clips.",
        "This talk was recorded at CacheConf 2031 in a very large hall.",
        "The slides are available on the page of the conference for free.",
        "This work is licensed under a Creative Commons licence, version four.",
        "Read all about it at https://example.org/a-long-page today, my friends.",
        "Write to ada@example.org if there is something you want to know.",
        "Speakers: Ada Quill and seven more people who know about caches.",
        "- a bullet that is long enough to look like a whole sentence.",
        "1:23 a chapter that is long enough to look like a sentence.",
        "<li>a list item that is long enough to be a sentence.</li>",
        "What we will look at in this hour is the following:",
        "In this talk you will see: * queues * caches * and a lease.",
        "Ada Quill (University of Caches)*; Ben Oak (Queue Inc.) A cache is slow.",
        "This talk was delivered at CacheConf in the spring of 2031.",
    ] {
        assert!(from_description("Caches", notice).is_empty(), "{notice}");
    }
}

#[test]
fn markup_leaves_no_trace() {
    let description = "<p>Queues &amp; caches meet in <b>one</b> <a href=\"https://example.org\">library</a>.</p>\
        <p>It is **small**, and [its manual](https://example.org/manual) is `plain` text.</p>";
    assert_eq!(
        from_description("Meeting", description),
        [
            "Queues & caches meet in one library.",
            "It is small, and its manual is plain text."
        ]
    );
}

#[test]
fn question_gives_way_to_statements() {
    let description = "Have you ever lost a message in a queue? It happens to all of us sooner or later. \
        This talk follows one message from the sender to the receiver. On the way it is lost three times over.";
    assert_eq!(
        from_description("Lost", description),
        [
            "This talk follows one message from the sender to the receiver.",
            "On the way it is lost three times over."
        ]
    );
}

#[test]
fn what_a_talk_is_about_is_told_before_what_everybody_knows() {
    let description = "Every cache is wrong now and then. Nobody likes to be woken up at night. \
        Some teams even pray. This talk presents an audit log that finds stale entries by day.";
    assert_eq!(
        from_description("Stale", description),
        [
            "Every cache is wrong now and then.",
            "This talk presents an audit log that finds stale entries by day."
        ]
    );
}

#[test]
fn connective_at_the_start_is_no_first_sentence() {
    let description = "However, caches forget things on purpose. A lease says for how long a value is good. \
        A queue keeps the order of all messages.";
    assert_eq!(
        from_description("Forgetting", description),
        [
            "A lease says for how long a value is good.",
            "A queue keeps the order of all messages."
        ]
    );
}

#[test]
fn event_and_time_in_front_of_a_sentence_go() {
    for front in [
        "Ada Quill - Stale Caches [CacheConf 2031] [4 May 2031] ",
        "Day 3, R2 10:50–11:20 ",
        "Talk abstract: ",
    ] {
        let sentence = "A cache that answers with old values is worse than none at all.";
        assert_eq!(
            from_description("Stale Caches", &format!("{front}{sentence}")),
            [sentence]
        );
    }
}

#[test]
fn question_far_behind_is_no_second_sentence() {
    let description = "Caches forget things on purpose, and that is good. \
        In this talk we cover: - queues - leases. Which of them is yours to choose?";
    assert_eq!(
        from_description("Forgetting", description),
        ["Caches forget things on purpose, and that is good."]
    );
}

fn any_cue() -> impl Strategy<Value = Cue> {
    let text = prop_oneof![
        any::<String>(),
        "(so|and|we|i|the|cache|uh|you know|built|in this talk|is|slow|[a-z]{1,9}|[.?!,]| ){0,30}",
    ];
    let span = proptest::option::of((any::<u32>(), any::<u32>()));
    (text, span).prop_map(|(text, span)| Cue {
        span: span.map(|(start, end)| Span {
            start: Duration::from_millis(start.into()),
            end: Duration::from_millis(end.into()),
        }),
        text,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn excerpt_adds_no_word_to_a_transcript(cues in prop::collection::vec(any_cue(), 0..12), title in any::<String>()) {
        let excerpt = excerpt_of(&title, "", &cues);
        prop_assert!(excerpt.len() <= 2);
        let fold = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let said: Vec<String> = cues.iter().flat_map(|cue| cue.text.split_whitespace()).map(fold).collect();
        for sentence in excerpt {
            prop_assert!((8..=45).contains(&words(&sentence)));
            for word in sentence.split_whitespace().map(fold) {
                prop_assert!(said.iter().any(|said| said.contains(&word)), "{word:?} in {sentence:?}");
            }
        }
    }

    #[test]
    fn no_description_makes_it_panic(title in any::<String>(), description in any::<String>()) {
        prop_assert!(from_description(&title, &description).len() <= 2);
    }

    #[test]
    fn same_talk_gets_the_same_excerpt(cues in prop::collection::vec(any_cue(), 0..8)) {
        prop_assert_eq!(excerpt_of("Caches", "", &cues), excerpt_of("Caches", "", &cues));
    }
}
