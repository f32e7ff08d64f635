//! Talks of FOSDEM filed under the devrooms that they were given in, without a model.
//!
//! The categories are the devrooms with eight talks or more, by the names of their tracks. In each
//! year the first ten that `DESCRIPTIONS` knows are described as an organizer would describe them;
//! the others have their names alone. Each talk compared with the categories by itself, as an
//! earlier version did, gave 0.37 and 0.41 for 2024, 0.39 and 0.40 for 2025; a plain cosine of
//! weighed words gave 0.37 for the three most alike.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use proceedings::testing::{CategoryText, ReadTalks, TalkText, file, neighbours, propose};
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
    let mut of_all: BTreeMap<&str, (f64, usize)> = BTreeMap::new();
    for (year, file) in files {
        let Some(talks) = lines(&file) else { continue };
        let talks: Vec<Talk> = talks.iter().filter_map(Talk::read).collect();
        for figures in [filed(&talks), similar(&talks), suggested(&talks)] {
            for Figure { measure, value, of } in figures {
                print(&format!("{measure}-{year}"), value, of);
                let (sum, all) = of_all.entry(measure).or_default();
                *sum += value * share(of, 1);
                *all += of;
            }
        }
    }
    // The years together, each with the weight of its talks.
    for (measure, (sum, all)) in of_all {
        print(measure, sum / share(all.max(1), 1), all);
    }
}

/// A measure of one year.
struct Figure {
    measure: &'static str,
    value: f64,
    of: usize,
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

    fn text(&self) -> TalkText<'_> {
        TalkText {
            title: &self.title,
            text: &self.text,
        }
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

fn filed(talks: &[Talk]) -> Vec<Figure> {
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
    let texts: Vec<TalkText<'_>> = talks.iter().map(|(talk, _)| talk.text()).collect();
    let mut figures = Vec::new();
    for (measure, categories) in [
        ("category-accuracy", bare),
        ("category-accuracy-described", described),
    ] {
        let categories = categories
            .iter()
            .map(|(name, description)| CategoryText { name, description });
        let undecided = vec![None; texts.len()];
        let filed = file(read(&texts), &categories.collect::<Vec<_>>(), &undecided);
        let filed = filed.iter().zip(&talks);
        let right = filed.filter(|(filed, (_, track))| **filed == Some(*track));
        figures.push(Figure {
            measure,
            value: share(right.count(), talks.len()),
            of: talks.len(),
        });
    }
    figures.push(Figure {
        measure: "categories-described",
        value: share(matched, tracks.len()),
        of: tracks.len(),
    });
    figures
}

/// Talks of the largest devrooms filed under the categories that are proposed for them.
fn suggested(talks: &[Talk]) -> Vec<Figure> {
    const DEVROOMS: usize = 8;
    const EACH: usize = 25;
    let mut tracks = tracks(talks, 1);
    let size = |track: &str| talks.iter().filter(|talk| talk.track == track).count();
    tracks.sort_by_key(|track| Reverse(size(track)));
    tracks.truncate(DEVROOMS);
    let mut taken = vec![0; tracks.len()];
    let chosen: Vec<(&Talk, usize)> = talks
        .iter()
        .filter_map(|talk| {
            let at = tracks.iter().position(|track| *track == talk.track)?;
            taken[at] += 1;
            (taken[at] <= EACH).then_some((talk, at))
        })
        .collect();
    let texts: Vec<TalkText<'_>> = chosen.iter().map(|(talk, _)| talk.text()).collect();
    let proposed = propose(&read(&texts));
    let categories: Vec<CategoryText<'_>> = proposed
        .iter()
        .map(|(name, description)| CategoryText { name, description })
        .collect();
    let filed = file(read(&texts), &categories, &vec![None; texts.len()]);
    let pairs = filed.iter().zip(&chosen);
    // What is in no category is a group of its own.
    let pairs = pairs.map(|(filed, (_, track))| (*track, filed.unwrap_or(usize::MAX)));
    let agreement = Agreement::of(&pairs.collect::<Vec<_>>());
    let of = chosen.len();
    let figure = |measure, value| Figure { measure, value, of };
    vec![
        figure("suggested-v-measure", agreement.v_measure),
        figure("suggested-adjusted-rand", agreement.adjusted_rand),
    ]
}

/// How well two ways to group the same talks agree.
struct Agreement {
    v_measure: f64,
    adjusted_rand: f64,
}

impl Agreement {
    fn of(pairs: &[(usize, usize)]) -> Self {
        let mut groups: [BTreeMap<(usize, usize), usize>; 3] = Default::default();
        for (one, other) in pairs {
            for (groups, key) in groups
                .iter_mut()
                .zip([(*one, 0), (*other, 0), (*one, *other)])
            {
                *groups.entry(key).or_default() += 1;
            }
        }
        let entropy = |groups: &BTreeMap<(usize, usize), usize>| {
            let shares = groups.values().map(|size| share(*size, pairs.len()));
            -shares.map(|share| share * share.ln()).sum::<f64>()
        };
        let [one, other, both] = groups.each_ref().map(entropy);
        let couples = |size: usize| share(size * size.saturating_sub(1) / 2, 1);
        let within = |groups: &BTreeMap<(usize, usize), usize>| {
            groups.values().map(|size| couples(*size)).sum::<f64>()
        };
        let [in_one, in_other, in_both] = groups.each_ref().map(within);
        let by_chance = in_one * in_other / couples(pairs.len());
        Self {
            v_measure: 2.0 * (one + other - both) / (one + other),
            adjusted_rand: (in_both - by_chance) / (f64::midpoint(in_one, in_other) - by_chance),
        }
    }
}

fn read(texts: &[TalkText<'_>]) -> ReadTalks {
    texts.iter().copied().collect()
}

/// The three talks that are most like each: how many were given in the same devroom.
fn similar(talks: &[Talk]) -> Vec<Figure> {
    const LISTED: usize = 3;
    let texts: Vec<TalkText<'_>> = talks.iter().map(Talk::text).collect();
    let found = neighbours(&read(&texts), LISTED);
    let alike = found.iter().zip(talks).map(|(found, talk)| {
        let same = found
            .iter()
            .filter(|near| talks[near.talk].track == talk.track);
        same.count()
    });
    let all = LISTED * talks.len();
    vec![Figure {
        measure: "similar-top3",
        value: share(alike.sum(), all),
        of: all,
    }]
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
