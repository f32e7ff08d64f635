//! The talks that are most like each talk.
//!
//! Only talks that share a word are compared, by an index of the words, so that ten thousand talks
//! take seconds.

use crate::alike::weights::Weights;

/// How many neighbours a talk has. Few make islands, many make all talks alike; between 5 and 20
/// little changes.
const NEIGHBOURS: usize = 10;

/// The talks with their neighbours. Who is a neighbour has one.
#[derive(Debug)]
pub(super) struct Graph {
    /// For each talk the neighbours in their order, and how alike they are.
    edges: Vec<Vec<(usize, f64)>>,
}

/// For each talk the talks that are most like it, the most alike first.
pub(super) fn nearest(talks: &[Weights], most: usize) -> Vec<Vec<(usize, f64)>> {
    let stems = talks.iter().flat_map(|talk| &talk.0);
    let stems = stems.map(|(stem, _)| stem + 1).max().unwrap_or_default();
    let mut talks_with: Vec<Vec<(usize, f64)>> = vec![Vec::new(); stems];
    for (at, talk) in talks.iter().enumerate() {
        for (stem, weight) in &talk.0 {
            talks_with[*stem].push((at, *weight));
        }
    }
    let mut alike = vec![0.0; talks.len()];
    let nearest_of = |(at, talk): (usize, &Weights)| {
        let mut met = Vec::new();
        for (stem, weight) in &talk.0 {
            for (other, theirs) in &talks_with[*stem] {
                if alike[*other] == 0.0 {
                    met.push(*other);
                }
                alike[*other] += weight * theirs;
            }
        }
        let mut nearest: Vec<(usize, f64)> = met
            .into_iter()
            .map(|other| (other, std::mem::take(&mut alike[other])))
            .filter(|(other, _)| *other != at)
            .collect();
        let by_likeness = |(a, one): &(usize, f64), (b, other): &(usize, f64)| {
            other.total_cmp(one).then(a.cmp(b))
        };
        if nearest.len() > most {
            nearest.select_nth_unstable_by(most, by_likeness);
            nearest.truncate(most);
            // Many are met where words are common, and room for them all would be kept for each talk.
            nearest.shrink_to_fit();
        }
        nearest.sort_unstable_by(by_likeness);
        nearest
    };
    talks.iter().enumerate().map(nearest_of).collect()
}

impl Graph {
    /// Talks are neighbours where one of them is among the most alike of the other.
    pub(super) fn of(talks: &[Weights]) -> Self {
        let mut edges = nearest(talks, NEIGHBOURS);
        let directed: Vec<(usize, usize, f64)> = edges
            .iter()
            .enumerate()
            .flat_map(|(at, near)| near.iter().map(move |(other, alike)| (*other, at, *alike)))
            .collect();
        for (from, to, alike) in directed {
            if edges[from].iter().all(|(known, _)| *known != to) {
                edges[from].push((to, alike));
            }
        }
        for near in &mut edges {
            near.sort_unstable_by_key(|(other, _)| *other);
        }
        Self { edges }
    }

    /// How much like its neighbours each talk is.
    pub(super) fn likeness(&self) -> impl Iterator<Item = f64> {
        let sum = |near: &Vec<(usize, f64)>| near.iter().map(|(_, alike)| alike).sum();
        self.edges.iter().map(sum)
    }

    /// A talk and its neighbours.
    pub(super) fn with_neighbours(&self, talk: usize) -> Vec<usize> {
        let near = self.edges[talk].iter().map(|(other, _)| *other);
        [talk].into_iter().chain(near).collect()
    }

    /// For each talk its own weights, and as much again of what its neighbours weigh.
    pub(super) fn borrow(&self, own: &[Weights]) -> Vec<Weights> {
        let edges = self.edges.iter().zip(own);
        edges
            .map(|(near, own_weights)| {
                let theirs = near.iter().map(|(other, alike)| (&own[*other], *alike));
                let borrowed = Weights::sum_of(theirs).scaled();
                Weights::sum_of([(own_weights, 1.0), (&borrowed, 1.0)].into_iter()).trimmed()
            })
            .collect()
    }

    /// The neighbours of each talk, so that a talk with many of them has no more say than others.
    pub(super) fn balanced(&self) -> Vec<Vec<(usize, f64)>> {
        let sums: Vec<f64> = self.likeness().collect();
        let edges = self.edges.iter().zip(&sums);
        edges
            .map(|(near, own)| {
                near.iter()
                    .map(|(other, alike)| (*other, alike / (own * sums[*other]).sqrt()))
                    .collect()
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_room_is_kept_for_talks_that_are_no_neighbours() {
        let talks = vec![Weights(vec![(0, 1.0)]); 500];
        for near in nearest(&talks, 2) {
            assert_eq!(near.len(), 2);
            assert!(near.capacity() < 10, "{}", near.capacity());
        }
    }
}
