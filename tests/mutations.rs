//! The fuzz targets with mutations of their seeds, the same ones each time: what `cargo fuzz` looks for
//! all day is tried for a moment at every test, and the targets stay in step with the program.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::{env, fs, iter};

#[path = "../fuzz/targets/archives.rs"]
mod archives;
#[path = "../fuzz/targets/captions.rs"]
mod captions;
#[path = "../fuzz/targets/pages.rs"]
mod pages;
#[path = "../fuzz/targets/replies.rs"]
mod replies;
#[path = "../fuzz/targets/schedules.rs"]
mod schedules;

/// What formats are made of, so that mutations hit it more often than by chance.
const WORDS: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b":",
    b",",
    b"<",
    b">",
    b"</",
    b"&#",
    b";",
    b"\n",
    b"\r\n",
    b"\n\n",
    b"\0",
    b"\xff",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"null",
    b"-1",
    b"1e999",
    b"\\ud83d",
    b"..",
    b"/",
    b"-->",
    b"data: ",
    b"<think>",
    b"\"error\":",
    b"\xe2\x80\xae",
    b"99999999999999999999",
    b"|",
    b"- ",
    b"'",
    b"&amp;",
    b"--- ",
    b"title",
    b"BEGIN:",
    b"END:",
    b"\x1f\x8b",
    b"PK\x03\x04",
];

/// Numbers that look like chance and are the same each time (xorshift64*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16;
        usize::try_from(drawn).unwrap() % most.max(1)
    }

    fn mutate(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        let at = self.below(bytes.len());
        let to = (at + self.below(64)).min(bytes.len());
        match self.below(7) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
            1 => drop(bytes.drain(at..to)),
            2 => drop(bytes.splice(at..at, bytes[at..to].to_vec())),
            3 => bytes.truncate(to),
            4 => {
                let from = self.below(other.len());
                let piece = &other[from..(from + self.below(200)).min(other.len())];
                drop(bytes.splice(at..to, piece.iter().copied()));
            }
            _ => {
                let word = WORDS[self.below(WORDS.len())].repeat(1 + self.below(3));
                drop(bytes.splice(at..at, word));
            }
        }
    }
}

/// Tries a target with its seeds and with mutations of them: so many, or as many as `MUTATIONS` says.
/// The files of the folder that `SEEDS` names are seeds, too.
fn try_target(name: &str, rounds: usize, check: fn(&[u8])) {
    let rounds = env::var("MUTATIONS").map_or(rounds, |number| number.parse().unwrap());
    let own = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(name);
    let mut files: Vec<_> = iter::once(own)
        .chain(env::var_os("SEEDS").map(Into::into))
        .flat_map(|folder| fs::read_dir(folder).unwrap().flatten())
        .map(|file| file.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    let seeds: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    assert!(!seeds.is_empty());
    for seed in &seeds {
        check(seed);
    }
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for round in 0..rounds {
        let mut bytes = seeds[round % seeds.len()].clone();
        for _ in 0..=chance.below(6) {
            let other = chance.below(seeds.len());
            chance.mutate(&mut bytes, &seeds[other]);
        }
        let tried = panic::catch_unwind(AssertUnwindSafe(|| check(&bytes)));
        assert!(
            tried.is_ok(),
            "{name}, round {round}: {}",
            bytes.escape_ascii()
        );
    }
}

#[test]
fn captions_are_read_or_refused() {
    try_target("captions", 2_000, captions::check);
}

#[test]
fn schedules_are_read_or_refused() {
    try_target("schedules", 2_000, schedules::check);
}

#[test]
fn pages_are_read_or_refused() {
    try_target("pages", 2_000, pages::check);
}

#[test]
fn replies_are_read_or_refused() {
    try_target("replies", 1_000, replies::check);
}

#[test]
fn archives_are_taken_in_or_refused() {
    try_target("archives", 100, archives::check);
}
