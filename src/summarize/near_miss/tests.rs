//! Which words are taken for misheard names, and which are left alone.

use proptest::prelude::*;

use super::{NameSource, NearMiss, Trusted, near_misses};
use crate::catalog::Glossary;
use crate::talk::id::{TalkId, VideoId};
use crate::talk::{Chapter, Talk};

fn talk(title: &str, speakers: &[&str], description: &str) -> Talk {
    Talk {
        speakers: speakers.iter().map(|&name| name.to_owned()).collect(),
        description: description.to_owned(),
        ..Talk::bare(
            TalkId::whole(VideoId::from_id_or_link("namesAtTest").unwrap()),
            title,
        )
    }
}

fn glossary(terms: &[&str]) -> Trusted {
    Trusted::of(&Glossary {
        terms: terms.iter().map(|&term| term.to_owned()).collect(),
        ..Glossary::default()
    })
}

fn described(description: &str) -> Trusted {
    Trusted::default().and_talk(&talk("", &[], description))
}

fn titled(title: &str) -> Trusted {
    Trusted::default().and_talk(&talk(title, &[], ""))
}

fn spoken_by(speaker: &str) -> Trusted {
    Trusted::default().and_talk(&talk("", &[speaker], ""))
}

fn shown(found: &[NearMiss]) -> Vec<String> {
    found
        .iter()
        .map(|found| {
            let NearMiss {
                word, suggestion, ..
            } = found;
            format!("{word} > {} ({:?})", suggestion.name, suggestion.source)
        })
        .collect()
}

fn check(trusted: &Trusted, text: &str, expected: &[&str]) {
    assert_eq!(shown(&near_misses(text, trusted)), expected, "{text}");
}

#[test]
fn misheard_names_are_found_with_the_name_and_its_source() {
    check(
        &described("We show how Chainguard rebuilds its images every night."),
        "The team explains why Chainyard rebuilds every image from source.",
        &["Chainyard > Chainguard (Description)"],
    );
    check(
        &titled("Programming the IBM Spyre Accelerator"),
        "The talk walks through kernels for the IBM Spire accelerator.",
        &["Spire > Spyre (Title)"],
    );
    check(
        &glossary(&["OPEA"]),
        "It also presents the OPIA project and how vendors can join it.",
        &["OPIA > OPEA (Glossary)"],
    );
    check(
        &described("Loop schedules make each GEMM faster."),
        "A new scheduler is what makes GEM faster on small machines.",
        &["GEM > GEMM (Description)"],
    );
    check(
        &titled("From Models to Machine Code With IREE"),
        "The speakers tune a model with the Eerie compiler and measure it.",
        &["Eerie > IREE (Title)"],
    );
    check(
        &described("Our services are built with ractor, a small crate for actors."),
        "It is about the Raptor framework and how its actors are supervised.",
        &["Raptor > ractor (Description)"],
    );
    check(
        &titled("IronRDP: Remote Desktops in the Browser"),
        "The speaker shows how R RDP draws a desktop in the browser.",
        &["R RDP > IronRDP (Title)"],
    );
    check(
        &glossary(&["KubeCon"]),
        "Here is what was announced at CubeCon, and what it means for you.",
        &["CubeCon > KubeCon (Glossary)"],
    );
}

#[test]
fn names_that_were_split_are_found() {
    let trusted = glossary(&["Chainguard", "KubeCon", "OpenFGA", "Fluent Bit"]);
    for (text, expected) in [
        (
            "This is how Chain Guard makes its images small.",
            &["Chain Guard > Chainguard (Glossary)"][..],
        ),
        (
            "It was shown at Cube Con for the first time.",
            &["Cube Con > KubeCon (Glossary)"],
        ),
        (
            "They ask Open FGA who may read a document.",
            &["Open FGA > OpenFGA (Glossary)"],
        ),
        ("They guard the chain, and the chain guard is theirs.", &[]),
        (
            "Logs go from Fluent Bit to FluentBit and to fluent-bit.",
            &[],
        ),
    ] {
        check(&trusted, text, expected);
    }
}

#[test]
fn names_of_speakers_are_compared_as_a_whole_and_by_surname() {
    let trusted = spoken_by("Maren Le Sceller");
    for (text, expected) in [
        (
            "In this talk Maren LeSeller looks at how compilers fail.",
            &["Maren LeSeller > Maren Le Sceller (Speakers)"][..],
        ),
        (
            "In this talk LeSeller looks at how compilers fail.",
            &["LeSeller > Le Sceller (Speakers)"],
        ),
        (
            "In this talk Marin Le Sceller looks at how compilers fail.",
            &["Marin Le Sceller > Maren Le Sceller (Speakers)"],
        ),
        ("In this talk Maren looks at how compilers fail.", &[]),
        ("In this talk Marin looks at how compilers fail.", &[]),
        ("In this talk Sceller looks at how compilers fail.", &[]),
        ("In this talk Maren Le Sceller's compilers fail.", &[]),
    ] {
        check(&trusted, text, expected);
    }
}

#[test]
fn accents_and_case_are_no_mishearing() {
    let trusted = spoken_by("José Løvborg").and_talk(&talk("REST and NeMo, Revisited", &[], ""));
    for text in [
        "In this talk Jose Lovborg explains what became of the plan.",
        "The Rest of it is about Nemo and how it is trained.",
        "REST is what NEMO is made for, says the speaker.",
    ] {
        check(&trusted, text, &[]);
    }
}

#[test]
fn other_names_that_look_alike_are_left_alone() {
    for (name, text) in [
        (
            "CPython",
            "The speaker compiles the same loop with Cython and measures it.",
        ),
        (
            "Cython",
            "The speaker reads the same loop in CPython and measures it.",
        ),
        (
            "Git",
            "It is about GitOps and how it changes the work of a team.",
        ),
        (
            "GitOps",
            "It is about Git and how it changes the work of a team.",
        ),
        (
            "Rust",
            "It is about REST and how services speak to each other.",
        ),
        (
            "Java",
            "The page is written in JavaScript and the server is not.",
        ),
        (
            "PyTorch",
            "The model is loaded by Torch and runs on one machine.",
        ),
        (
            "gRPC",
            "The service speaks RPC and nothing else to its clients.",
        ),
        (
            "Llama 2",
            "It compares that with Llama 3 and with what came before.",
        ),
        (
            "Graviton3",
            "The numbers come from Graviton processors in one region.",
        ),
        (
            "DevSecOps",
            "The speaker asks what DevOps has become in ten years.",
        ),
        (
            "CloudFront",
            "Requests are logged by CloudTrail and kept for a month.",
        ),
        (
            "EuroPython",
            "The notebook runs on IPython and is read by the whole team.",
        ),
        (
            "CircuitPython",
            "The speaker reads the same loop in C Python and measures it.",
        ),
        (
            "JRuby",
            "A Ruby of the future may do that, and the speaker shows how.",
        ),
        (
            "SIMT",
            "The loop is written for SIMD and then unrolled by hand.",
        ),
        (
            "LLM",
            "The service answers with LLMs and caches what they say.",
        ),
        (
            "Postgres",
            "The rows are kept in PostgreSQL and read by one service.",
        ),
        (
            "YugabyteDB",
            "The rows are kept in Yugabyte and read by one service.",
        ),
        (
            "Autoscaling",
            "The Horizontal Pod Autoscaler reads the queue and waits.",
        ),
    ] {
        check(&glossary(&[name]), text, &[]);
        check(&titled(name), text, &[]);
    }
}

#[test]
fn forms_of_a_name_are_no_mishearing() {
    let trusted = glossary(&["Chainguard", "Karpenter", "GEMM", "Canada"]);
    for text in [
        "It compares Chainguard's images with what Chainguards there were.",
        "The GEMMs are small, and the Canadian team runs Karpenters in a row.",
    ] {
        check(&trusted, text, &[]);
    }
}

#[test]
fn ordinary_words_are_left_alone() {
    let trusted = glossary(&["Karpenter", "Claude", "Traefik", "Loki", "ractor"]);
    for text in [
        // In lower case they are no names.
        "A carpenter and a factor met in the cloud, with much traffic and good luck.",
        // Where a sentence opens, a capital tells nothing, unless they sound just the same.
        "Cloud providers differ. Traffic is one reason, and Actors are another.",
        // They are parts of other names.
        "The Delta Lake project, the Google Cloud console and VPC Traffic Mirroring are shown.",
    ] {
        check(&trusted, text, &[]);
    }
    check(
        &trusted,
        "The nodes are added by Carpenter and taken away by Carpenter.",
        &["Carpenter > Karpenter (Glossary)"],
    );
}

#[test]
fn words_that_people_used_are_left_alone() {
    let text = "It is about the Raptor framework and how its actors are supervised.";
    check(
        &described("We built ractor, and then came Raptor."),
        text,
        &[],
    );
    check(
        &described("We built ractor, and then came two raptors."),
        text,
        &[],
    );
    check(&glossary(&["ractor", "Raptor"]), text, &[]);
}

#[test]
fn nothing_is_said_where_two_names_are_near() {
    let text = "The speaker shows how Karpender adds nodes when they are needed.";
    let one = glossary(&["Karpenter"]);
    check(&one, text, &["Karpender > Karpenter (Glossary)"]);
    check(&glossary(&["Karpenter", "Karpendor"]), text, &[]);
}

#[test]
fn two_spellings_in_one_text_mean_two_things() {
    let text = "The speaker compares Flux with Flox, and uses both of them at work.";
    check(&glossary(&["Flux"]), text, &[]);
}

#[test]
fn glossary_names_a_source_before_all_others() {
    let talk = talk(
        "CHAINGUARD in Production",
        &[],
        "All about chainguard and its images.",
    );
    let trusted = glossary(&["Chainguard"]).and_talk(&talk);
    check(
        &trusted,
        "The speaker explains what Chainyard does for them in production.",
        &["Chainyard > Chainguard (Glossary)"],
    );
}

#[test]
fn chapters_are_trusted_too() {
    let mut talk = talk("Small Images", &[], "");
    talk.chapters = vec![Chapter {
        start: 0,
        title: "What Chainguard Does".to_owned(),
    }];
    check(
        &Trusted::default().and_talk(&talk),
        "The speaker explains what Chainyard does for them in production.",
        &["Chainyard > Chainguard (Chapter)"],
    );
}

#[test]
fn other_languages_are_compared_with_sure_names_only() {
    let talk = talk(
        "Verteilte Anwendungen mit Kubernetes",
        &["Jana Schröder"],
        "Wir zeigen, wie man verteilte Anwendungen mit Karpenter und OPEA betreibt.",
    );
    let trusted = Trusted::default().and_talk(&talk);
    check(
        &trusted,
        "Der Vortrag von Jana Schreder zeigt, wie die Verteiler und die Anwender mit OPIA umgehen.",
        &[
            "Jana Schreder > Jana Schröder (Speakers)",
            "OPIA > OPEA (Description)",
        ],
    );
    check(
        &trusted,
        "Доклад о том, как устроены распределённые приложения, и о Кубернетисе.",
        &[],
    );
}

#[test]
fn names_of_a_talk_stand_in_the_order_of_trust() {
    let talk = talk(
        "Scaling vLLM and Karpenter - Mila Brandt",
        &["Mila Brandt"],
        "Today Brandt runs ractor on Thunder at https://example.org/Nothing with #RustLang and 3 GPUs.",
    );
    let trusted = glossary(&["Chain of Custody"]).and_talk(&talk);
    let names: Vec<_> = trusted
        .names()
        .map(|name| (name.name.as_str(), name.source))
        .collect();
    assert_eq!(
        names,
        [
            ("Chain of Custody", NameSource::Glossary),
            ("Mila Brandt", NameSource::Speakers),
            ("vLLM", NameSource::Title),
            ("Karpenter", NameSource::Title),
            ("ractor", NameSource::Description),
            ("Thunder", NameSource::Description),
            ("GPUs", NameSource::Description),
        ]
    );
}

#[test]
fn capitals_of_a_title_that_is_all_in_capitals_tell_nothing() {
    let trusted = titled("OPENING WORDS: HOW CHAINGUARD WORKS");
    let names: Vec<_> = trusted.names().map(|name| name.name.as_str()).collect();
    assert_eq!(names, ["CHAINGUARD"]);
}

#[test]
fn names_in_lower_case_are_found_where_they_are_no_things() {
    for (name, text, expected) in [
        (
            "PyRun",
            "Their scripts start with pyron and keep no state of their own.",
            &["pyron > PyRun (Title)"][..],
        ),
        (
            "Typon",
            "The speaker writes the same parser in \"typen\" and measures it.",
            &["typen > Typon (Title)"],
        ),
        (
            "Karpenter",
            "They speak of the carpenter and of a carpenter.",
            &[],
        ),
        (
            "Catalysed",
            "The work was catalyzed by what went wrong.",
            &[],
        ),
    ] {
        check(
            &titled(&format!("All About {name} at Work")),
            text,
            expected,
        );
    }
}

#[test]
fn short_names_and_acronyms_may_lack_a_letter() {
    for (name, text, expected) in [
        (
            "Rye",
            "The project is built with Ry and locked before each release.",
            &["Ry > Rye (Glossary)"][..],
        ),
        (
            "PEFT",
            "Small adapters are trained with PFT on one machine.",
            &["PFT > PEFT (Glossary)"],
        ),
        (
            "PyDP",
            "The numbers are blurred by PDP before they are shared.",
            &["PDP > PyDP (Glossary)"],
        ),
        ("Bow", "The speaker asks by whom it was done, and why.", &[]),
        (
            "SIMT",
            "The loop is written for SMT and unrolled.",
            &["SMT > SIMT (Glossary)"],
        ),
        ("GRPC", "The service speaks RPC to all of its clients.", &[]),
    ] {
        check(&glossary(&[name]), text, expected);
    }
}

#[test]
fn endings_inside_a_name_are_no_endings_of_a_word() {
    check(
        &titled("What OpenMined Learned"),
        "The community of OpenMind trains models on data that it never sees.",
        &["OpenMind > OpenMined (Title)"],
    );
    check(
        &titled("What OpenMined Learned"),
        "The community of OpenMines trains models on data.",
        &[],
    );
}

#[test]
fn words_beside_a_name_help_to_hear_it() {
    for (title, text, expected) in [
        (
            "Pair Programming with Claude Code",
            "The speaker lets Cloud Code mend a bug and reads what it did.",
            &["Cloud Code > Claude Code (Title)"][..],
        ),
        (
            "Turbo Frames Without Tears",
            "Pages are put together from Toba Frames and little else.",
            &["Toba Frames > Turbo Frames (Title)"],
        ),
        (
            "Building wheels with meson-python",
            "Extension modules are compiled by Mason Python in one step.",
            &["Mason Python > meson-python (Title)"],
        ),
        (
            "Pair Programming with Claude Code",
            "The speaker runs Cloud Functions beside the Google Cloud console.",
            &[],
        ),
        (
            "Kubeflow TrainJob in Practice",
            "Models are fitted by Kubeflow Training in a cluster.",
            &[],
        ),
    ] {
        check(&titled(title), text, expected);
    }
}

#[test]
fn a_conference_is_trusted_in_all_of_its_talks() {
    let talks = [
        talk(
            "Small Images",
            &[],
            "How Chainguard rebuilds what it ships.",
        ),
        talk(
            "Signed Images",
            &[],
            "How Chainguard signs what it ships, with Hugging Face.",
        ),
        talk("Models on HuggingFace", &[], "How they are kept."),
    ];
    let conference = Trusted::default().and_conference("KubeCon + CloudNativeCon", &talks);
    for (talk, text, expected) in [
        // The title of the conference has it.
        (
            &talks[2],
            "It was first shown at CubeCon to those who run clusters.",
            &["CubeCon > KubeCon (Conference)"][..],
        ),
        // Two other talks have it.
        (
            &talks[2],
            "The models are kept in images that Chainyard rebuilds.",
            &["Chainyard > Chainguard (Conference)"],
        ),
        // Another talk writes it so.
        (
            &talks[2],
            "The models are kept at Hugging Face for a while.",
            &[],
        ),
    ] {
        check(&conference.and_talk(talk), text, expected);
    }
    // A name that only one talk has is trusted there alone.
    let text = "The images are kept by Huging Phace and by nobody else.";
    check(&conference.and_talk(&talks[0]), text, &[]);
}

#[test]
fn the_language_is_that_of_the_catalog_where_it_names_one() {
    // Too few of these words are common ones to tell the language by.
    let text = "Hotfire renders live pages; servers send fragments, browsers swap elements.";
    let talk = titled("Live Pages with Hotwire");
    check(&talk, text, &[]);
    let expected = ["Hotfire > Hotwire (Title)"];
    check(&talk.clone().written_in("en"), text, &expected);
    check(&talk.written_in("de"), text, &[]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_found_stands_in_the_text(
        text in "(\\PC|[A-Z][a-z]{2,6}|[ .,'’:-]){0,60}",
        title in "(\\PC|[A-Z][a-z]{2,6}|[ .,'’:-]){0,40}",
        description in any::<String>(),
        term in "\\PC{0,12}",
    ) {
        let trusted = glossary(&[&term]).and_talk(&talk(&title, &[&term], &description));
        for found in near_misses(&text, &trusted) {
            prop_assert_eq!(&text[found.range.clone()], &found.word);
            prop_assert_ne!(&found.word, &found.suggestion.name);
        }
    }

    #[test]
    fn a_name_is_never_taken_for_itself(name in "[A-Z][a-zA-Z]{2,12}( [A-Z][a-z]{2,9}){0,2}") {
        let text = format!("The speaker explains how {name} came to be, and what {name}'s future is.");
        prop_assert_eq!(near_misses(&text, &glossary(&[&name])), []);
    }
}
