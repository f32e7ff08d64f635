//! The report as people read it: by kind, and by talk within a kind, with the next step once.

use std::collections::HashSet;
use std::fmt::Write;

use crate::check::{Finding, Kind};
use crate::cli::terminal::ListLength;
use crate::numbers::pluralize;
use crate::printable::printable;

/// The findings about so many talks.
pub(super) fn report(talks: usize, findings: &[Finding], length: ListLength) -> String {
    let mut text = String::new();
    let mut counts = Vec::new();
    for kind in Kind::ALL {
        let of_kind: Vec<&Finding> = findings.iter().filter(|f| f.kind == kind).collect();
        if !of_kind.is_empty() {
            counts.push(format!("{kind} {}", of_kind.len()));
            write_section(&mut text, kind, &of_kind, length);
        }
    }
    text.push_str(&closing(talks, findings, &counts));
    text
}

fn write_section(text: &mut String, kind: Kind, findings: &[&Finding], length: ListLength) {
    let name = console::style(kind).bold();
    push_line(text, format_args!("{name}: {}", kind.meaning()));
    let groups: Vec<&[&Finding]> = findings
        .chunk_by(|a, b| a.talk.is_some() && a.talk == b.talk)
        .collect();
    let shown = length.of(&groups);
    let widths = shown.iter().map(|group| column(group[0]).len());
    let width = widths.max().unwrap_or_default();
    for group in shown {
        let mut column = column(group[0]);
        for finding in *group {
            let message = printable(&finding.message);
            push_line(text, format_args!("  {column:<width$}{message}"));
            column.clear();
        }
    }
    let hidden = groups.len() - shown.len();
    if hidden > 0 {
        let more = format_args!("  … and {hidden} more; `--kind {kind}` lists all of them");
        push_line(text, more);
    }
    let next = console::style("next:").cyan();
    push_line(text, format_args!("  {next} {}\n", kind.next_step()));
}

/// What stands before the message: the talk, with some room.
fn column(finding: &Finding) -> String {
    let talk = finding.talk.as_ref();
    talk.map(|talk| format!("{talk}  ")).unwrap_or_default()
}

fn closing(talks: usize, findings: &[Finding], counts: &[String]) -> String {
    let about: HashSet<_> = findings.iter().filter_map(|f| f.talk.as_ref()).collect();
    let all = pluralize(talks, "talk");
    if findings.is_empty() {
        return format!("nothing found in {all}\n");
    }
    let found = pluralize(findings.len(), "finding");
    let counts = counts.join(", ");
    match about.len() {
        0 => format!("{found} about the categories of {all}: {counts}\n"),
        about => format!("{found} about {about} of {all}: {counts}\n"),
    }
}

fn push_line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::cli::terminal::LONG;
    use crate::talk::id::TalkId;

    fn finding(kind: Kind, start: Option<u64>, message: &str) -> Finding {
        let talk = start.map(|start| TalkId {
            video: "-cBplHNM4RA".parse().unwrap(),
            start: Some(start).filter(|start| *start > 0),
        });
        Finding {
            kind,
            talk,
            text: String::new(),
            suggestion: None,
            source: None,
            message: message.to_owned(),
        }
    }

    #[test]
    fn findings_stand_by_kind_and_talk() {
        let findings = [
            finding(Kind::Form, Some(0), "it is one sentence"),
            finding(Kind::Form, Some(0), "it says \"he\""),
            finding(Kind::Name, Some(0), "a \u{1b}[31mred\u{202e} name"),
            finding(Kind::Form, Some(3750), "it is one sentence"),
            finding(Kind::Twins, None, "\"A\" and \"B\" are one"),
        ];
        expect![[r#"
            form: summaries that are not two plain sentences
              -cBplHNM4RA          it is one sentence
                                   it says "he"
              -cBplHNM4RA@1:02:30  it is one sentence
              next: write the talk's `summary` into the catalog, or have it written anew: `proceedings build --redo summary --only=ID`

            name: names that may be misheard
              -cBplHNM4RA  a �[31mred� name
              next: if it is misheard, list it in the catalog under [glossary], heard = { "wrong" = "right" }; if it is right, list it under terms

            twins: categories that mean the same
              "A" and "B" are one
              next: merge the two in the catalog, or tell them apart by name and description

            5 findings about 2 of 88 talks: form 3, name 1, twins 1
        "#]]
        .assert_eq(&report(88, &findings, ListLength::Short));
    }

    #[test]
    fn a_long_list_is_cut_where_it_stands_beside_others() {
        let findings: Vec<Finding> = (0..30)
            .map(|start| finding(Kind::Stale, Some(start), "the summary is stale"))
            .collect();
        let short = report(30, &findings, ListLength::Short);
        assert_eq!(short.matches("is stale").count(), LONG);
        assert!(short.contains("… and 10 more; `--kind stale` lists all of them"));
        let whole = report(30, &findings, ListLength::Whole);
        assert_eq!(whole.matches("is stale").count(), 30);
    }

    #[test]
    fn nothing_found_is_said_too() {
        assert_eq!(
            report(1, &[], ListLength::Short),
            "nothing found in 1 talk\n"
        );
    }
}
