//! Talks of FOSDEM filed under the devrooms that they were given in, without a model.
//!
//! The categories are the devrooms with eight talks or more, by the names of their tracks. In each
//! year the first ten that `DESCRIPTIONS` knows are described as an organizer would describe them;
//! the others have their names alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use proceedings::testing::category_by_words;
use serde_json::Value;

use crate::{lines, print, share};

pub(super) fn measure(folder: &Path) {
    let files = years(&folder.join("categories")).unwrap_or_default();
    if files.is_empty() {
        eprintln!(
            "skipped: no fosdem-*.jsonl in {}",
            folder.join("categories").display()
        );
    }
    for (year, file) in files {
        let Some(talks) = lines(&file) else { continue };
        let talks: Vec<Talk> = talks.iter().filter_map(Talk::read).collect();
        filed(&year, &talks);
    }
}

/// The files of the years, each with its name.
fn years(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        let name = path.file_stem().and_then(|name| name.to_str());
        let is_lines = path.extension().is_some_and(|ending| ending == "jsonl");
        if let Some(year) = name.and_then(|name| name.strip_prefix("fosdem-"))
            && is_lines
        {
            files.push((year.to_owned(), path.clone()));
        }
    }
    files.sort();
    Ok(files)
}

/// A talk as the schedule has it.
struct Talk {
    title: String,
    text: String,
    track: String,
}

impl Talk {
    fn read(line: &Value) -> Option<Self> {
        let field = |name: &str| line[name].as_str().map(str::to_owned);
        Some(Self {
            title: field("title")?,
            text: field("abstract").unwrap_or_default(),
            track: field("track")?,
        })
    }
}

/// Fewer talks make no devroom whose name can be measured.
const FEWEST_TALKS: usize = 8;
/// How many devrooms are described.
const DESCRIBED: usize = 10;

/// A word of a track's name, and what an organizer would expect in that devroom.
const DESCRIPTIONS: [(&str, &str); 14] = [
    (
        "legislative",
        "EU law and regulation: the Cyber Resilience Act, product liability, the AI Act, regulators, policy makers and standards",
    ),
    (
        "community",
        "Contributors and maintainers: governance, mentoring, diversity, events, burnout, foundations and how projects stay alive",
    ),
    (
        "research",
        "Tools for scientists, journalists and archivists: data sets, publications, reproducible science, digital humanities, investigations",
    ),
    (
        "network",
        "Packets, routers and switches: drivers, protocols, tunnels, VPN, eBPF, DPDK, 5G, firewalls, load balancing",
    ),
    (
        "collaboration",
        "Wikis, office documents, file sharing, chat, calendars and content management for teams and organisations",
    ),
    (
        "hpc",
        "Supercomputers and clusters, MPI, GPUs, job schedulers, numerical software, data pipelines and analysis at scale",
    ),
    (
        "embedded",
        "Linux and firmware on boards and devices: Yocto, Zephyr, microcontrollers, cars, phones, updates over the air",
    ),
    (
        "testing",
        "Automated tests, continuous integration, fuzzing, test frameworks, quality, deployment pipelines and regressions",
    ),
    (
        "distributions",
        "Packages and packaging, releases, installers, Debian, Fedora, openSUSE, package managers and their infrastructure",
    ),
    (
        "declarative",
        "Guix, Guile, Scheme and Lisp, functional and logic programming, reproducible systems, small languages",
    ),
    (
        "monitoring",
        "Metrics, logs, traces, alerts, dashboards, Prometheus, OpenTelemetry, profiling in production",
    ),
    (
        "storage",
        "File systems, object stores and block devices: Ceph, replication, backup, disks and clusters",
    ),
    (
        "containers",
        "Kubernetes, Docker and Podman, images, runtimes, registries, orchestration and isolation",
    ),
    (
        "java",
        "The JVM and OpenJDK, garbage collection, compilers, class files and frameworks",
    ),
];

fn filed(year: &str, talks: &[Talk]) {
    let tracks = tracks(talks, FEWEST_TALKS);
    let talks: Vec<(&Talk, usize)> = talks
        .iter()
        .filter_map(|talk| {
            let at = tracks.iter().position(|track| *track == talk.track)?;
            Some((talk, at))
        })
        .collect();
    let names: Vec<String> = tracks.iter().map(|track| category_name(track)).collect();
    let bare: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let mut described = bare.clone();
    let mut matched = 0;
    for (name, description) in &mut described {
        let known = || DESCRIPTIONS.iter().find(|(word, _)| has_word(name, word));
        if matched < DESCRIBED
            && let Some((_, words)) = known()
        {
            *description = words;
            matched += 1;
        }
    }
    for (measure, categories) in [
        ("category-accuracy-by-own-words", bare),
        ("category-accuracy-by-own-words-described", described),
    ] {
        let right = talks.iter().filter(|(talk, track)| {
            category_by_words(&talk.title, &talk.text, &categories) == Some(*track)
        });
        print(
            &format!("{measure}-{year}"),
            share(right.count(), talks.len()),
            talks.len(),
        );
    }
    print(
        &format!("categories-described-{year}"),
        share(matched, tracks.len()),
        tracks.len(),
    );
}

/// The devrooms with so many talks or more, in the order of the file.
fn tracks(talks: &[Talk], fewest: usize) -> Vec<&str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for talk in talks {
        *counts.entry(&talk.track).or_default() += 1;
    }
    let mut tracks: Vec<&str> = Vec::new();
    for talk in talks {
        if counts[&*talk.track] >= fewest && !tracks.contains(&&*talk.track) {
            tracks.push(&talk.track);
        }
    }
    tracks
}

/// A track as an organizer would name its category.
fn category_name(track: &str) -> String {
    let words = track.split_whitespace();
    let words = words.filter(|word| !word.eq_ignore_ascii_case("devroom"));
    words.collect::<Vec<_>>().join(" ")
}

fn has_word(name: &str, word: &str) -> bool {
    let mut words = name.split(|letter: char| !letter.is_alphanumeric());
    words.any(|own| own.eq_ignore_ascii_case(word))
}
