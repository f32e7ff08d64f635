//! Phrases by which speakers announce, claim, greet and point.
//!
//! Each list is one string, its phrases parted by bars; a phrase is met where its words stand one
//! after another. A language is added by adding its phrases, as no phrase here means something
//! else in another language that would matter.

use crate::talk::language::{Language, fold};

/// Counts the phrases of a list that stand in a text of words parted and enclosed by spaces.
pub(super) fn count_phrases(phrases: &str, text: &str) -> usize {
    phrases
        .split('|')
        .filter(|phrase| stands_in(phrase, text))
        .count()
}

/// Folds a text to words parted and enclosed by single spaces, so that phrases match whole words.
pub(super) fn enclosed_words(text: &str) -> String {
    let is_mark = |c: char| !c.is_alphanumeric() && c != '\'';
    let folded = fold(text).replace(is_mark, " ");
    folded
        .split_whitespace()
        .fold(" ".to_owned(), |text, word| text + word + " ")
}

/// Whether a text says what the talk is about.
pub(super) fn announces(text: &str) -> bool {
    count_phrases(ANNOUNCEMENTS, text) > 0 || opens(TALK_OPENINGS, text)
}

/// Whether a text starts with one of the phrases.
pub(super) fn opens(phrases: &str, text: &str) -> bool {
    let text = text.trim_start();
    phrases.split('|').any(|phrase| {
        text.strip_prefix(phrase)
            .is_some_and(|rest| rest.starts_with(' '))
    })
}

fn stands_in(phrase: &str, text: &str) -> bool {
    text.match_indices(phrase)
        .any(|(at, _)| text[..at].ends_with(' ') && text[at + phrase.len()..].starts_with(' '))
}

/// What says what the talk is about.
const ANNOUNCEMENTS: &str = "\
    in this talk|in my talk|of this talk|my talk is|in this session|in my session|of this session|\
    in this presentation|in this workshop|in this tutorial|today we|today i|today i'm going to|today we're going to|\
    today i'll|today we'll|want to talk about|going to talk about|gonna talk about|like to talk about|\
    will talk about|be talking about|talking today about|here to talk about|here talking about|i'll talk about|\
    i'm talking about|i am talking about|talk to you about|tell you about|speaking about|to share with you|\
    walk you through|show you how|i'll show|i will show|i'll explain|i will explain|you'll learn|you will learn|\
    we'll look at|we will look at|we'll discuss|we will discuss|we'll explore|we will explore|we'll cover|\
    we will cover|going to show|going to look at|going to explore|going to learn|going to focus on|\
    going to cover|going to discuss|going to build|the topic of|in diesem vortrag|in meinem vortrag|\
    heute geht es um|ich möchte euch|ich möchte ihnen|ich zeige euch|möchte ich zeigen|\
    dans cette présentation|dans cette conférence|dans ce talk|je vais vous parler|je vais vous présenter|\
    on va parler de|en esta charla|en esta ponencia|voy a hablar de|vamos a hablar de|quiero hablar de|\
    in questo talk|vi parlerò|nesta palestra|vou falar";

/// What marks a result, a problem or a decision.
pub(super) const CLAIMS: &str = "\
    we built|we developed|we created|i built|i wrote|we designed|the problem is|the problem with|\
    the problem was|the challenge|the goal|the idea is|the idea behind|the main|the key|\
    we learned|i learned|lesson|lessons|the solution|to summarize|in summary|in conclusion|\
    takeaway|takeaways|the reason|it turns out|we found|we realized|we decided|we propose|\
    allows us to|allows you to|lets you|the difference between|is a way to|is designed to|\
    which means that|the fix|the rule|the trick|the first thing|the second thing|the third thing|\
    in the end|wir haben|das problem ist|das problem war|die idee ist|die lösung|gelernt|\
    das ziel|zusammengefasst|nous avons|le problème|l'idée|la solution|hemos|el problema|la idea|\
    la solución|aprendimos|abbiamo|il problema|o problema|a ideia";

/// What belongs to the hall or the speaker, and not to the subject.
pub(super) const HOUSEKEEPING: &str = "\
    not going to talk|not talk about|won't talk about|won't cover|don't want to talk|he will talk|she will talk|\
    they will talk|talk about that|talk about this|talk about it|talk about here|talking about this|\
    talking about that|talking about it|talking about here|in a little bit|in a second|in a minute|in a moment|\
    short example|show you later|thank|thanks|welcome|my name|name is|hello|hi everyone|good morning|\
    good afternoon|hear me|any questions|question from|questions|next slide|microphone|lunch|coffee break|\
    raise your hand|show of hands|hands up|how many of you|applause|subscribe|twitter|linkedin|slides|qr code|\
    see you|minutes left|out of time|taking over|took over|and like|was like|after the talk|give it up|speaker|\
    thanking|organizers|intermission|joining us|joining me|panel|panelists|next speaker|who am i|\
    introduce myself|i work on|i work at|i work for|i'm working on|i am working on|i've been working|\
    i have been working|i'm a|i am a|i'm an|i am an|i'm one of|i am one of|i'm also|i am also|i'm from|\
    you have been|you've been|you just|excited to be|happy to be|pleasure|screen share|unmute|introductions|\
    live stream|breakfast|dinner|my wife|a break|in here|fuck|fucking|shit|vielen dank|danke|willkommen|\
    mein name|guten morgen|guten tag|hallo|fragen|merci|bonjour|je m'appelle|gracias|hola|buenos días|\
    buenas tardes|me llamo|bienvenidos|preguntas|grazie|buongiorno|mi chiamo|obrigado|obrigada|bom dia";

/// What cannot be understood without the hall: slides, gestures, asides, earlier words.
pub(super) const POINTING: &str = "\
    this slide|this one|that one|right here|over here|over there|you can see|you see here|see here|on the left|\
    on the right|i just said|i mentioned|i said|he said|she said|kind of|sort of|i guess|i don't know|i mean|\
    i think|or something|whatever|stuff|blah|you guys|these guys|gonna|wanna|do that|did that|later|\
    previous talk|in one of the previous|we've discussed|we discussed|we've mentioned|we mentioned|last time|\
    just talked|just heard|okay|a little bit|maybe|obviously|literally|real quick|these|those|these things|\
    this thing|all this|that particular|this particular|this kind|that kind|him|he's|she's|in this tweet|\
    hier sieht man|auf der folie|ici on voit|aquí vemos";

/// Openings that point back at something a reader has not read, and of questions without a mark.
pub(super) const VAGUE_OPENINGS: &str = "\
    it|it's|it'll|that|that's|he|she|they|they're|they've|they'll|he's|she's|these|those|this is|this was|\
    this really|this can|this means|this allows|this has|this will|this gives|this makes|this would|this one|\
    this requires|this works|the first|the second|the third|the other|the last|the next|the only|the same|\
    another|one|there|there's|their|its|such|both|then|which|who|or|of|to|than|again|cool|for example|like i|\
    as i|as we|as you|you think|you mean|you want|in this case|in that case|in this way|in this scenario|\
    at this point|at that point|at the same time|in the end|is that|is this|is it|are we|are there|do we|\
    do you|did you|can we|can you|what|real quick|das ist|er|sie|c'est|eso|esto es";

/// Openings that point at the talk itself.
pub(super) const TALK_OPENINGS: &str = "\
    this talk|this session|this presentation|this workshop|this tutorial|this is a talk|this is about|\
    dieser vortrag|der vortrag|cette présentation|cette conférence|ce talk|esta charla|la charla|esta ponencia|\
    questo talk|esta palestra";

/// Openings of speakers who speak of themselves, or to the hall.
pub(super) fn personal_openings(language: Option<Language>) -> &'static str {
    match language {
        // An article in Italian.
        Some(Language::English) => {
            "i|i'm|i've|i'd|i'll|let's|let me|you|you're|you've|you'll|my|maybe"
        }
        _ => "ich|je|yo|io|eu",
    }
}

/// Openings of a clause that needs another one.
pub(super) const CONDITIONS: &str = "\
    if|when|while|once|because|since|although|though|unless|until|whenever|whereas|after|before|given|assuming";
