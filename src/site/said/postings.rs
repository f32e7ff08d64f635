//! Which talks have a word, and about how often, in as few bits as a browser reads fast.
//!
//! A list is the number of its talks (Elias gamma), and then for each talk how far it is from the one
//! before it (Rice, whose parameter follows from how many of all talks are in the list) and one of four
//! shares (unary). `said.js` reads it again. Pure.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;

/// A talk that has a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Posting {
    /// Its number.
    pub(super) talk: u32,
    /// How often it has the word, halved until nothing is left: 0 for once, 1 for up to three times, 2
    /// for up to seven, 3 for more.
    pub(super) share: u8,
}

impl Posting {
    pub(super) fn new(talk: u32, count: u32) -> Self {
        let share = count.max(1).ilog2().min(3);
        Self {
            talk,
            share: u8::try_from(share).unwrap_or(3),
        }
    }
}

/// Bits that become text.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    free: u32,
}

impl Bits {
    fn push(&mut self, bit: bool) {
        if self.free == 0 {
            self.bytes.push(0);
            self.free = 8;
        }
        self.free -= 1;
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit) << self.free;
        }
    }

    /// The lowest bits of a number, the highest of them first.
    fn push_low(&mut self, number: u32, bits: u32) {
        for bit in (0..bits).rev() {
            self.push(number >> bit & 1 == 1);
        }
    }

    /// So many ones and a zero.
    fn push_unary(&mut self, number: u32) {
        for _ in 0..number {
            self.push(true);
        }
        self.push(false);
    }

    /// A number from 1.
    fn push_gamma(&mut self, number: u32) {
        let bits = number.ilog2();
        self.push_unary(bits);
        self.push_low(number, bits);
    }
}

/// Writes a list, which is in the order of the talks' numbers and not empty; there are `talks` in all.
pub(super) fn encode(postings: &[Posting], talks: u32) -> String {
    let count = u32::try_from(postings.len()).unwrap_or(u32::MAX);
    let parameter = parameter(count, talks);
    let mut bits = Bits::default();
    bits.push_gamma(count);
    let mut next = 0;
    for &Posting { talk, share } in postings {
        let gap = talk - next;
        next = talk + 1;
        bits.push_unary(gap >> parameter);
        bits.push_low(gap, parameter);
        match share {
            3 => bits.push_low(0b111, 3),
            share => bits.push_unary(share.into()),
        }
    }
    BASE64_STANDARD_NO_PAD.encode(&bits.bytes)
}

/// How many bits of a gap are written as they are: about as many as the mean gap has.
fn parameter(count: u32, talks: u32) -> u32 {
    let (count, talks) = (u64::from(count), u64::from(talks));
    let fits = |bits: &u32| (3 * count) << bits <= 2 * talks;
    (1..32).take_while(fits).last().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_takes_few_characters() {
        let list = |talks: &[(u32, u32)]| -> Vec<Posting> {
            let talks = talks.iter();
            talks
                .map(|&(talk, count)| Posting::new(talk, count))
                .collect()
        };
        // A talk in one bit, no gap in 14, and once in one.
        assert_eq!(encode(&list(&[(0, 1)]), 20_000), "AAA");
        let all: Vec<(u32, u32)> = (0..20_000).map(|talk| (talk, 1)).collect();
        assert!(encode(&list(&all), 20_000).len() < 7_000);
        let few: Vec<(u32, u32)> = (0..20).map(|talk| (talk * 1_000, 1)).collect();
        assert!(encode(&list(&few), 20_000).len() < 45);
    }
}
