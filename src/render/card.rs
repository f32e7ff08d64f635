//! What a page tells of one talk.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::locale::Locale;
use crate::render::common::{language_name, note, source};
use crate::render::display_title;
use crate::render::page::{Card, ChapterLink, Header, PlaceLink, Sentence, SimilarLink};
use crate::render::similar::{SimilarTalk, anchor};
use crate::talk::evidence::Evidence;
use crate::talk::id::TalkId;
use crate::talk::{Origin, SummarizedTalk, clock, is_foreign, is_language, one_line};

/// A card without what its section knows.
pub(super) fn card(header: &Header, summarized: &SummarizedTalk) -> Card {
    let talk = &summarized.talk;
    let id = &talk.id;
    let names: Vec<String> = talk.speakers.iter().map(|name| one_line(name)).collect();
    let speakers = Some(names.join(", ")).filter(|speakers| !speakers.is_empty());
    let foreign = talk.language.as_ref();
    let foreign = foreign.filter(|tag| is_foreign(tag, &header.language));
    let locale = Locale::of(&header.language);
    let spoken = foreign.map(|tag| language_name(locale, tag));
    let foreign = foreign.filter(|tag| is_language(tag));
    let length = talk.duration.map(clock);
    let facts = [
        speakers.clone(),
        talk.date.clone(),
        length.clone(),
        spoken
            .as_deref()
            .map(|name| locale.text_with("in-language", [("language", name)])),
    ];
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let facts = one_line(&facts);
    let chapters = talk.chapters.iter().map(|chapter| ChapterLink {
        time: clock(chapter.start),
        title: one_line(&chapter.title),
        url: talk.url_at(chapter.start),
    });
    let bounds = [("start", id.start), ("end", talk.end)];
    let bounds = bounds
        .iter()
        .filter_map(|(name, seconds)| Some(format!("&{name}={}", (*seconds)?)));
    let origin = summarized.summary.as_ref().map(|summary| summary.origin);
    let is_on_youtube = talk.recording.is_none();
    let title = one_line(&talk.title);
    let display = display_title::display(&title, &one_line(&header.title), &names);
    Card {
        anchor: anchor(id),
        video: id.video.to_string(),
        is_on_youtube,
        title,
        display_title: display.title,
        title_tag: foreign.cloned(),
        text_tag: foreign.filter(|_| origin == Some(Origin::Excerpt)).cloned(),
        kind: display.kind,
        url: talk.url(),
        talk_page: header.talk_pages.as_ref().map(|folders| folders.page(id)),
        category: String::new(),
        also: summarized.other_categories().map(one_line).collect(),
        color: 0,
        picture: is_on_youtube
            .then(|| header.pictures.of(&id.video))
            .flatten(),
        speakers,
        names,
        day: None,
        date: talk.date.clone(),
        length,
        seconds: talk.duration,
        part: bounds.collect(),
        tag: talk.language.clone(),
        language: None,
        spoken,
        facts: Some(facts).filter(|facts| !facts.is_empty()),
        summary: summarized
            .summary
            .as_ref()
            .map(|summary| one_line(&summary.text)),
        sentences: sentences(summarized, foreign),
        note: origin.and_then(note).map(|key| locale.text(key)),
        source: origin.and_then(source).map(|key| locale.text(key)),
        mark: None,
        chapters: chapters.collect(),
        similar: Vec::new(),
    }
}

/// The talks that are most like each talk.
pub(super) fn similar_talks<'a>(
    header: &'a Header,
    talks: &[&'a SummarizedTalk],
) -> HashMap<&'a TalkId, &'a [SimilarTalk]> {
    let similar = header.similar.iter().flatten();
    let similar = talks.iter().zip(similar);
    let similar = similar.map(|(talk, similar)| (&talk.talk.id, similar.as_slice()));
    similar.collect()
}

pub(super) fn similar_links(
    conference: &str,
    similar: &HashMap<&TalkId, &[SimilarTalk]>,
    talk: &SummarizedTalk,
) -> Vec<SimilarLink> {
    let similar = similar.get(&talk.talk.id).copied().unwrap_or_default();
    let links = similar.iter();
    links.map(|talk| similar_link(conference, talk)).collect()
}

/// A link to a similar talk from the page of a conference with this title.
pub(super) fn similar_link(conference: &str, talk: &SimilarTalk) -> SimilarLink {
    let elsewhere = talk.elsewhere.as_ref().map(|page| one_line(&page.title));
    let conference = elsewhere.as_deref().unwrap_or(conference);
    let names: Vec<String> = talk.speakers.iter().map(|name| one_line(name)).collect();
    SimilarLink {
        title: display_title::display(&one_line(&talk.title), conference, &names).title,
        href: talk.href(),
        conference: elsewhere,
        words: talk.words.join(", "),
    }
}

/// The sentences of a summary with their places; none where no place was found at all.
fn sentences(summarized: &SummarizedTalk, tag: Option<&String>) -> Vec<Sentence> {
    let SummarizedTalk { talk, places, .. } = summarized;
    if places.iter().all(|sentence| sentence.evidence.is_none()) {
        return Vec::new();
    }
    let place = |evidence: &Evidence| {
        let second = evidence.span.start.as_secs();
        PlaceLink {
            time: clock(second),
            url: talk.moment(second),
            quote: one_line(&evidence.quote),
            tag: tag.cloned(),
        }
    };
    let sentences = places.iter().map(|sentence| Sentence {
        words: one_line(&sentence.text),
        place: sentence.evidence.as_ref().map(place),
    });
    sentences.collect()
}

/// `12 September 2024` for `2024-09-12`; what is no such date stays as it is.
pub(super) fn day(locale: &Locale, talk: &SummarizedTalk) -> Option<String> {
    let date = talk.talk.date.as_deref()?;
    let day: Option<Date> = date.parse().ok();
    Some(day.map_or(date.to_owned(), |day| locale.day(day)))
}
