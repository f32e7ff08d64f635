//! Talks that belong together, with the words that tell them from the others.
//!
//! Each talk is known by its own words and by those of its neighbours. The groups begin around
//! talks that many others are like and that are not like each other; then each talk joins the group
//! that it is most like, until none moves.

use crate::alike::graph::Graph;
use crate::alike::weights::{ReadTalks, StemIndex, Weights, number};

/// A group of talks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// The talks, in their order.
    pub talks: Vec<usize>,
    /// The words that tell them from the others, the most telling first.
    pub words: Vec<String>,
}

/// So many times talks may move; they are at rest long before.
const ROUNDS: usize = 50;

/// The talks in up to so many groups, the largest first. A talk that shares no word with any other
/// is in none.
#[must_use]
pub fn clusters(talks: &ReadTalks, most: usize) -> Vec<Cluster> {
    let (vocabulary, own) = (&talks.vocabulary, talks.weights());
    let graph = Graph::of(&own);
    let weights = graph.borrow(&own);
    let mut groups = begin(&graph, &weights, most);
    let mut placed: Vec<Option<usize>> = Vec::new();
    for _ in 0..ROUNDS {
        let centers: Vec<Vec<f64>> = groups
            .iter()
            .map(|group| center(group, &weights, vocabulary.len()))
            .collect();
        let now: Vec<Option<usize>> = weights.iter().map(|talk| closest(talk, &centers)).collect();
        if now == placed {
            break;
        }
        placed = now;
        for (at, group) in groups.iter_mut().enumerate() {
            let members = placed.iter().enumerate();
            let members = members.filter(|(_, placed)| **placed == Some(at));
            *group = members.map(|(talk, _)| talk).collect();
        }
        groups.retain(|group| !group.is_empty());
    }
    groups.sort_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
    groups
        .into_iter()
        .map(|talks| Cluster {
            words: telling_words(&talks, &own, vocabulary),
            talks,
        })
        .collect()
}

/// The talks that groups begin with: those that many are like, and that are not like those before.
fn begin(graph: &Graph, weights: &[Weights], most: usize) -> Vec<Vec<usize>> {
    let mut merit: Vec<f64> = graph.likeness().collect();
    let mut groups = Vec::new();
    while groups.len() < most {
        let mut best: Option<usize> = None;
        for (at, merits) in merit.iter().enumerate() {
            if *merits > best.map_or(0.0, |best| merit[best]) {
                best = Some(at);
            }
        }
        let Some(best) = best else { break };
        for (merit, talk) in merit.iter_mut().zip(weights) {
            *merit *= 1.0 - talk.shared(&weights[best]).min(1.0);
        }
        merit[best] = 0.0;
        groups.push(graph.with_neighbours(best));
    }
    groups
}

fn center(group: &[usize], weights: &[Weights], stems: usize) -> Vec<f64> {
    let mut center = vec![0.0; stems];
    for (stem, weight) in group.iter().flat_map(|talk| &weights[*talk].0) {
        center[*stem] += weight;
    }
    let length = center
        .iter()
        .map(|weight| weight * weight)
        .sum::<f64>()
        .sqrt();
    if length > 0.0 {
        for weight in &mut center {
            *weight /= length;
        }
    }
    center
}

/// The first of the centers that a talk is most like.
fn closest(talk: &Weights, centers: &[Vec<f64>]) -> Option<usize> {
    let mut closest = None;
    let mut most = 0.0;
    for (at, center) in centers.iter().enumerate() {
        let alike: f64 = talk
            .0
            .iter()
            .map(|(stem, weight)| weight * center[*stem])
            .sum();
        if alike > most {
            (closest, most) = (Some(at), alike);
        }
    }
    closest
}

/// Words of several of the talks, by how much more they weigh in these than elsewhere.
fn telling_words(group: &[usize], weights: &[Weights], vocabulary: &StemIndex) -> Vec<String> {
    const WORDS: usize = 12;
    const SEVERAL: usize = 2;
    let mut sums = vec![(0.0, 0); vocabulary.len()];
    for (stem, weight) in group.iter().flat_map(|talk| &weights[*talk].0) {
        let (sum, talks) = &mut sums[*stem];
        *sum += weight;
        *talks += 1;
    }
    let several = SEVERAL.min(group.len());
    let telling = sums.into_iter().enumerate();
    let mut telling: Vec<(usize, f64)> = telling
        .filter(|(_, (_, talks))| *talks >= several)
        .map(|(stem, (sum, talks))| {
            let of_all = number(talks) / number(vocabulary.talks_with(stem));
            (stem, sum * of_all)
        })
        .collect();
    telling.sort_by(|(a, one), (b, other)| other.total_cmp(one).then(a.cmp(b)));
    let words = telling.into_iter().take(WORDS);
    words
        .map(|(stem, _)| vocabulary.word(stem).to_owned())
        .collect()
}
