//! Phrases by which speakers announce, claim, greet and point.
//!
//! Each list is one string, its phrases parted by bars; a phrase is met where its words stand one
//! after another. A language is added by adding its phrases, as no phrase here means something
//! else in another language that would matter.

use crate::talk::language::fold;

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
    in this talk|this talk is|this talk will|in this session|this session is|my talk is|\
    this presentation is|in this presentation|today i want to|today i'm going to|today i will|\
    today i'll|today we will|today we'll|today we're going to|want to talk about|\
    going to talk about|gonna talk about|like to talk about|will talk about|be talking about|\
    talking today about|here to talk about|i'll talk about|i want to show you how|\
    the goal of this talk|i'm talking about|i am talking about|here talking about|talk to you about|tell you about|speaking about|to share with you|\
    walk you through|show you how|i'll show|i will show|going to show|going to look at|we'll look at|\
    we will look at|going to explore|the topic of|in my talk|of this talk|today we|today i|going to learn|\
    of this session|in this workshop|in this tutorial|in my session|we'll discuss|we will discuss|we'll explore|\
    we will explore|we'll cover|we will cover|i'll explain|i will explain|you'll learn|you will learn|\
    going to focus on|going to cover|going to discuss|going to build|in diesem vortrag|in meinem vortrag|heute geht es um|ich möchte euch|\
    ich möchte ihnen|ich zeige euch|möchte ich zeigen|dans cette présentation|dans cette conférence|dans ce talk|\
    je vais vous parler|je vais vous présenter|on va parler de|en esta charla|en esta ponencia|voy a hablar de|\
    vamos a hablar de|quiero hablar de|in questo talk|vi parlerò|nesta palestra|vou falar";

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

/// What belongs to the hall and not to the subject.
pub(super) const HOUSEKEEPING: &str = "\
    not going to talk|not talk about|don't want to talk|he will talk|she will talk|they will talk|talk about that|\
    talk about this|talk about it|talk about here|talking about this|talking about that|talking about it|\
    talking about here|in a little bit|in a second|short example|in a minute|in a moment|show you later|won't talk about|won't cover|thank|thanks|welcome|my name|name is|hello|\
    hi everyone|good morning|good afternoon|hear me|any questions|question from|questions|\
    next slide|microphone|lunch|coffee break|raise your hand|show of hands|hands up|\
    how many of you|applause|subscribe|twitter|linkedin|slides|qr code|see you|minutes left|\
    out of time|after the talk|give it up|speaker|thanking|organizers|intermission|joining us|\
    joining me|panel|panelists|next speaker|who am i|introduce myself|i work on|i'm working on|i am working on|i am also|\
    i'm also|i've been working|i have been working|i'm a|i am a|i'm an|i am an|i'm one of|i am one of|you have been|\
    you've been|you just|i work at|i work for|\
    excited to be|screen share|unmute|introductions|live stream|breakfast|dinner|my wife|a break|in here|happy to be|pleasure|i'm from|fuck|fucking|shit|vielen dank|danke|willkommen|\
    mein name|guten morgen|guten tag|hallo|fragen|merci|bonjour|je m'appelle|gracias|hola|\
    buenos días|buenas tardes|me llamo|bienvenidos|preguntas|grazie|buongiorno|mi chiamo|\
    obrigado|obrigada|bom dia";

/// What cannot be understood without the hall: slides, gestures, asides, earlier words.
pub(super) const POINTING: &str = "\
    this slide|this one|that one|right here|over here|over there|you can see|you see here|\
    see here|on the left|on the right|i just said|i mentioned|i said|he said|she said|kind of|\
    sort of|i guess|i don't know|i mean|or something|whatever|stuff|blah|you guys|gonna|wanna|\
    do that|did that|later|previous talk|okay|a little bit|maybe|these|those|that particular|this particular|this kind|that kind|i think|obviously|literally|real quick|these things|this thing|all this|\
    him|he's|she's|his|her|in this tweet|these guys|in one of the previous|we've discussed|we discussed|we've mentioned|\
    we mentioned|last time|just talked|just heard|hier sieht man|auf der folie|ici on voit|aquí vemos";

/// Openings that point back at something a reader has not read.
pub(super) const VAGUE_OPENINGS: &str = "\
    it|it's|it'll|that|that's|he|she|they|they're|they've|they'll|he's|she's|this is|these|those|which|or|for example|\
    as i|like i|again|there's|this was|this really|this can|this means|this allows|this has|this will|\
    this gives|this makes|this would|this one|this requires|this works|the first|the second|the third|the other|the last|\
    the next|the only|the same|another|in this case|in that case|in this way|in this scenario|at this point|\
    at that point|at the same time|in the end|you think|you mean|you want|cool|their|its|such|both|then|das ist|er|sie|c'est|eso|\
    esto es|of|to|who|than|as|on|there|one|is that|is this|is it|are we|are there|do we|do you|did you|\
    can we|can you|what|real quick";

/// Openings that point at the talk itself.
pub(super) const TALK_OPENINGS: &str = "\
    this talk|this session|this presentation|this workshop|this tutorial|this is a talk|this is about|dieser vortrag|\
    der vortrag|cette présentation|cette conférence|ce talk|esta charla|la charla|esta ponencia|questo talk|esta palestra";

/// Openings of speakers who speak of themselves, or to the hall.
pub(super) const PERSONAL_OPENINGS: &str = "\
    i|i'm|i've|i'd|i'll|i’m|i’ve|i’d|i’ll|let's|let me|you|you're|you've|you'll|you can|my|maybe|ich|je|yo|io|eu";

/// Openings of a clause that needs another one.
pub(super) const CONDITIONS: &str = "\
    if|when|while|once|because|since|although|though|unless|until|whenever|whereas|after|before|given|assuming";
