//! Lists with one thing wrong each, and what becomes of them.

use std::fmt::Write;

use expect_test::{Expect, expect};

use super::*;

/// A list for so many talks: names with the number of talks that are expected, in order.
fn list(categories: &[(&str, usize)]) -> Vec<Proposal> {
    let mut next = 0;
    let mut proposals = Vec::new();
    for (name, talks) in categories {
        proposals.push(Proposal {
            name: (*name).to_owned(),
            description: format!("words about {name}"),
            members: (next..next + talks).collect(),
        });
        next += talks;
    }
    proposals
}

fn talks(count: usize) -> Vec<PromptLine> {
    let talk = |number| PromptLine {
        title: format!("Talk {number}"),
        text: String::new(),
        talks: 1,
    };
    (0..count).map(talk).collect()
}

/// The flaws of a list, how it is mended, and the flaws that are left.
fn check(all: usize, categories: &[(&str, usize)], expected: &Expect) {
    let lines = talks(all);
    let mut report = String::new();
    let proposals = list(categories);
    for flaw in flaws(&proposals, &lines, "en") {
        writeln!(report, "{flaw}").unwrap();
    }
    let (proposals, mendings) = mend(proposals, &lines, "en");
    for mending in mendings {
        writeln!(report, "changed: {mending}").unwrap();
    }
    for flaw in flaws(&proposals, &lines, "en") {
        writeln!(report, "left: {flaw}").unwrap();
    }
    expected.assert_eq(&report);
}

const GOOD: [(&str, usize); 5] = [
    ("Soil & Compost", 4),
    ("Beekeeping", 4),
    ("Orchards", 4),
    ("Greenhouse Automation", 4),
    ("Community Gardens", 4),
];

#[test]
fn a_good_list_passes_as_it_is() {
    check(20, &GOOD, &expect![""]);
    check(22, &GOOD, &expect![""]);
    check(8, &[("Soil", 3), ("Bees", 3), ("Trees", 2)], &expect![""]);
}

#[test]
fn bounds_grow_with_the_number_of_talks() {
    let of = |talks| {
        let Bounds {
            least,
            most,
            smallest,
            largest,
            unplaced,
        } = Bounds::of(talks);
        format!("{talks} talks: {least} to {most} of {smallest} to {largest}, {unplaced} in none\n")
    };
    let table: String = [8, 14, 15, 29, 30, 100, 400].map(of).concat();
    expect![[r#"
        8 talks: 3 to 4 of 2 to 4, 1 in none
        14 talks: 3 to 7 of 2 to 6, 2 in none
        15 talks: 5 to 7 of 2 to 6, 2 in none
        29 talks: 5 to 12 of 2 to 12, 3 in none
        30 talks: 5 to 10 of 3 to 12, 3 in none
        100 talks: 5 to 12 of 3 to 40, 10 in none
        400 talks: 5 to 12 of 3 to 160, 40 in none
    "#]]
    .assert_eq(&table);
}

#[test]
fn twins_become_one() {
    let mut categories = GOOD.to_vec();
    categories.extend([("Compost & Soil", 2), ("beekeeping", 5)]);
    check(
        27,
        &categories,
        &expect![[r#"
            "Soil & Compost" and "Compost & Soil" have the same name in other words
            "Beekeeping" and "beekeeping" have the same name in other words
            changed: "Compost & Soil" became part of "Soil & Compost"
            changed: "Beekeeping" became part of "beekeeping"
        "#]],
    );
}

#[test]
fn what_holds_next_to_nothing_is_left_out() {
    let mut categories = GOOD.to_vec();
    categories.extend([("Robots", 1), ("Chess", 0)]);
    check(
        21,
        &categories,
        &expect![[r#"
            "Robots" has 1 of the talks, and at least 2 are wanted in each
            "Chess" has 0 of the talks, and at least 2 are wanted in each
            changed: "Chess" was left out: too few talks belong to it
            changed: "Robots" was left out: too few talks belong to it
        "#]],
    );
}

#[test]
fn drawers_for_the_rest_are_left_out() {
    let mut categories = GOOD.to_vec();
    categories.push(("Other Topics", 3));
    check(
        23,
        &categories,
        &expect![[r#"
            "Other Topics" does not say what is in it
            changed: "Other Topics" was left out: its name does not say what is in it
        "#]],
    );
}

#[test]
fn the_smallest_of_too_many_are_left_out() {
    let names = [
        "Soil",
        "Bees",
        "Trees",
        "Glasshouses",
        "Neighbours",
        "Water",
        "Weather",
        "Tools",
        "Seeds",
        "Markets",
        "Cooking",
        "History",
        "Insects",
    ];
    let sizes = names.map(|name| (name, if name == "Tools" { 3 } else { 4 }));
    check(
        51,
        &sizes,
        &expect![[r#"
            it has 13 categories, and at most 12 are wanted
            changed: "Tools" was left out: there were too many
        "#]],
    );
}

#[test]
fn what_software_cannot_mend_is_said() {
    check(
        20,
        &[("Gardens", 17), ("Bees", 3)],
        &expect![[r#"
        it has 2 categories, and at least 5 are wanted
        "Gardens" has 17 of 20 talks, and at most 8 are wanted in one
        left: it has 2 categories, and at least 5 are wanted
        left: "Gardens" has 17 of 20 talks, and at most 8 are wanted in one
    "#]],
    );
    let mut long = GOOD;
    long[0].0 = "All about Soil and What Lives There";
    check(
        20,
        &long,
        &expect![[r#"
        the name "All about Soil and What Lives There" has more than 4 words
        left: the name "All about Soil and What Lives There" has more than 4 words
    "#]],
    );
    check(
        30,
        &GOOD,
        &expect![[r#"
        10 of 30 talks are in no category
        left: 10 of 30 talks are in no category
    "#]],
    );
    check(
        20,
        &[],
        &expect![[r#"
        it has 0 categories, and at least 5 are wanted
        20 of 20 talks are in no category
        left: it has 0 categories, and at least 5 are wanted
        left: 20 of 20 talks are in no category
    "#]],
    );
}

#[test]
fn lines_count_as_many_talks_as_they_stand_for() {
    let mut lines = talks(5);
    for line in &mut lines {
        line.talks = 10;
    }
    let one_each = GOOD.map(|(name, _)| (name, 1));
    assert_eq!(flaws(&list(&one_each), &lines, "en"), []);
}
