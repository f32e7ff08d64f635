//! The page as a table for spreadsheets.
//!
//! Pure. It begins with a byte order mark, since Excel takes a file without one for the code page
//! of its machine; programs should read `page.json`. No cell is taken for a formula, which is why a
//! talk is known by its link: ids may begin with `-`. Lengths have hours, since `25:10` would be
//! read as a day and an hour.

use serde::Serialize;

use crate::render::escape::cell;
use crate::talk::{Choice, Origin, SummarizedTalk};

#[derive(Serialize)]
struct CsvRow {
    title: String,
    speakers: String,
    category: String,
    summary: String,
    summary_origin: Option<Origin>,
    date: String,
    length: Option<String>,
    language: String,
    link: String,
    also: String,
}

/// The talks in the organizer's order.
pub(super) fn table(talks: &[&SummarizedTalk]) -> String {
    let mut table = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let head = [
        "title",
        "speakers",
        "category",
        "summary",
        "summary_origin",
        "date",
        "length",
        "language",
        "link",
        "also",
    ];
    let written = table
        .write_record(head)
        .and_then(|()| talks.iter().try_for_each(|talk| table.serialize(row(talk))));
    written.expect("writing into memory does not fail");
    let bytes = table
        .into_inner()
        .expect("writing into memory does not fail");
    String::from_utf8(bytes).expect("texts make a text")
}

fn row(summarized: &SummarizedTalk) -> CsvRow {
    let talk = &summarized.talk;
    let summary = summarized.summary.as_ref();
    let category = match summarized.category.as_ref().map(|filing| &filing.choice) {
        Some(Choice::Category(name)) => name,
        Some(Choice::NoneFits) | None => "",
    };
    CsvRow {
        title: cell(&talk.title),
        speakers: cell(&talk.speakers.join(", ")),
        category: cell(category),
        summary: cell(summary.map_or("", |summary| &summary.text)),
        summary_origin: summary.map(|summary| summary.origin),
        date: cell(talk.date.as_deref().unwrap_or_default()),
        length: talk.duration.map(hours_minutes_seconds),
        language: cell(talk.language.as_deref().unwrap_or_default()),
        link: talk.url(),
        also: cell(&summarized.other_categories().collect::<Vec<_>>().join("; ")),
    }
}

fn hours_minutes_seconds(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!("{hours}:{minutes:02}:{:02}", seconds % 60)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::render::trial;
    use crate::talk::provenance::FiledBy;
    use crate::talk::{Filing, Freshness};

    #[test]
    fn a_talk_is_a_row() {
        let [mut talk, _] = trial().1;
        talk.talk.title = "Caches, \"keys\" and names".to_owned();
        talk.talk.speakers = vec!["Ada Quill".to_owned(), "Ben Oak".to_owned()];
        talk.talk.duration = Some(1510);
        let mut unknown = talk.clone();
        unknown.talk.title = "=1+1".to_owned();
        unknown.talk.speakers.clear();
        unknown.talk.duration = None;
        unknown.summary = None;
        unknown.category = Some(Filing {
            choice: Choice::NoneFits,
            filed_by: FiledBy::Model,
            provenance: None,
            freshness: Freshness::Current,
        });
        let table = table(&[&talk, &unknown]);
        expect![[r#"
            title,speakers,category,summary,summary_origin,date,length,language,link,also
            "Caches, ""keys"" and names","Ada Quill, Ben Oak",text,text,excerpt,text,0:25:10,text,https://www.youtube.com/watch?v=-----------&t=0s,another
            '=1+1,,,,,text,,text,https://www.youtube.com/watch?v=-----------&t=0s,another
        "#]]
        .assert_eq(table.strip_prefix('\u{feff}').unwrap());
    }
}
