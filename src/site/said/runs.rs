//! Which talks have which words, however many there are: what is collected goes to the disk whenever it
//! has become large, sorted by words, and is merged from there at last.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::fs::{self, FileError};
use crate::site::said::postings::Posting;

/// So many bytes are held before they go to the disk.
const MOST: usize = 96 << 20;
/// What a word takes beside its letters and its talks.
const OVERHEAD: usize = 96;

/// Words, and the talks that have them.
#[derive(Debug)]
pub(super) struct CollectedWords {
    /// Where what is too much to hold is put for a while.
    folder: PathBuf,
    words: HashMap<Box<str>, Talks>,
    held: usize,
    most: usize,
    runs: Vec<File>,
}

/// The talks that have a word: for each how far it is from the one before, and its share.
#[derive(Debug, Default)]
struct Talks {
    bytes: Vec<u8>,
    /// The least number that the next talk may have.
    next: u32,
}

/// A sorted part of what was collected.
struct Run {
    file: BufReader<File>,
    /// Its next word, with the talks that have it.
    next: Option<(String, Vec<u8>)>,
}

impl CollectedWords {
    /// What is too much to hold goes into files in this folder, which have no names.
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            words: HashMap::new(),
            held: 0,
            most: MOST,
            runs: Vec::new(),
        }
    }

    /// Notes that a talk has a word. Talks come in the order of their numbers.
    pub(super) fn add(&mut self, word: &str, posting: Posting) {
        if let Some(talks) = self.words.get_mut(word) {
            self.held += talks.push(posting);
            return;
        }
        let mut talks = Talks::default();
        self.held += talks.push(posting) + word.len() + OVERHEAD;
        self.words.insert(word.into(), talks);
    }

    /// Puts what is held on the disk, if that has become much.
    pub(super) fn make_room(&mut self) -> Result<(), FileError> {
        if self.held < self.most {
            return Ok(());
        }
        self.spill()
    }

    fn spill(&mut self) -> Result<(), FileError> {
        let mut words: Vec<(Box<str>, Talks)> = self.words.drain().collect();
        words.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let run = fs::scratch(&self.folder, |file| {
            let mut file = BufWriter::new(file);
            for (word, talks) in words {
                write_part(&mut file, word.as_bytes())?;
                write_part(&mut file, &talks.bytes)?;
            }
            file.flush()
        });
        self.runs.push(run?);
        self.held = 0;
        Ok(())
    }

    /// Calls `found` with each word and its talks, in the order of the words.
    pub(super) fn merge(
        mut self,
        mut found: impl FnMut(&str, &[Posting]) -> Result<(), FileError>,
    ) -> Result<(), FileError> {
        self.spill()?;
        let failed = |source| fs::not_scratched(&self.folder, source);
        let runs = self.runs.into_iter().map(Run::open);
        let mut runs: Vec<Run> = runs.collect::<io::Result<_>>().map_err(failed)?;
        let mut postings = Vec::new();
        while let Some(word) = first_word(&runs) {
            postings.clear();
            for run in &mut runs {
                run.take(&word, &mut postings).map_err(failed)?;
            }
            found(&word, &postings)?;
        }
        Ok(())
    }
}

impl Talks {
    /// Says by how many bytes there are more.
    fn push(&mut self, Posting { talk, share }: Posting) -> usize {
        let before = self.bytes.len();
        let gap = talk - self.next;
        push_number(&mut self.bytes, u64::from(gap) << 2 | u64::from(share));
        self.next = talk + 1;
        self.bytes.len() - before
    }
}

impl Run {
    fn open(file: File) -> io::Result<Self> {
        let mut run = Self {
            file: BufReader::new(file),
            next: None,
        };
        run.advance()?;
        Ok(run)
    }

    /// Adds the talks that have a word, if that is the next one here.
    fn take(&mut self, word: &str, postings: &mut Vec<Posting>) -> io::Result<()> {
        if let Some((_, talks)) = self.next.take_if(|(next, _)| next == word) {
            decode(&talks, postings)?;
            self.advance()?;
        }
        Ok(())
    }

    fn advance(&mut self) -> io::Result<()> {
        let Some(word) = read_part(&mut self.file)? else {
            return Ok(());
        };
        let word = String::from_utf8(word).map_err(io::Error::other)?;
        let talks = read_part(&mut self.file)?;
        let talks = talks.ok_or(io::ErrorKind::UnexpectedEof)?;
        self.next = Some((word, talks));
        Ok(())
    }
}

fn first_word(runs: &[Run]) -> Option<String> {
    let next = runs.iter().filter_map(|run| run.next.as_ref());
    next.map(|(word, _)| word).min().cloned()
}

fn decode(mut talks: &[u8], postings: &mut Vec<Posting>) -> io::Result<()> {
    let mut next = 0;
    while !talks.is_empty() {
        let number = read_number(&mut talks)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let gap = u32::try_from(number >> 2).map_err(io::Error::other)?;
        postings.push(Posting {
            talk: next + gap,
            share: lowest(number & 3),
        });
        next += gap + 1;
    }
    Ok(())
}

/// Writes a number, seven bits a byte, the lowest first.
fn push_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(lowest(number) | 0x80);
        number >>= 7;
    }
    bytes.push(lowest(number));
}

fn lowest(number: u64) -> u8 {
    number.to_le_bytes()[0]
}

/// Reads such a number; none at the end.
fn read_number(from: &mut impl Read) -> io::Result<Option<u64>> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let mut byte = [0];
        match from.read(&mut byte)? {
            0 if shift == 0 => return Ok(None),
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            _ => number |= u64::from(byte[0] & 0x7f) << shift,
        }
        if byte[0] < 0x80 {
            break;
        }
    }
    Ok(Some(number))
}

/// Writes bytes with their length before them.
fn write_part(file: &mut impl Write, part: &[u8]) -> io::Result<()> {
    let mut length = Vec::new();
    push_number(&mut length, part.len() as u64);
    file.write_all(&length)?;
    file.write_all(part)
}

/// Reads them; none at the end.
fn read_part(file: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let Some(length) = read_number(file)? else {
        return Ok(None);
    };
    let mut part = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.read_exact(&mut part)?;
    Ok(Some(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is merged of these talks' words, where so many bytes are held at once.
    fn merged(talks: &[&str], most: usize) -> Vec<(String, Vec<Posting>)> {
        let folder = tempfile::tempdir().unwrap();
        let mut words = CollectedWords::new(folder.path());
        words.most = most;
        for (talk, text) in (0..).zip(talks) {
            for word in text.split(' ') {
                words.add(word, Posting::new(talk, 1));
            }
            words.make_room().unwrap();
        }
        let mut merged = Vec::new();
        let note = |word: &str, postings: &[Posting]| {
            merged.push((word.to_owned(), postings.to_vec()));
            Ok(())
        };
        words.merge(note).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        merged
    }

    #[test]
    fn what_went_to_the_disk_comes_back_in_order() {
        let talks = ["b a", "c", "a c", "b"];
        let at_once = merged(&talks, usize::MAX);
        let found = |word: &str, talks: &[u32]| {
            let postings = talks.iter().map(|&talk| Posting::new(talk, 1));
            (word.to_owned(), postings.collect())
        };
        let expected = [
            found("a", &[0, 2]),
            found("b", &[0, 3]),
            found("c", &[1, 2]),
        ];
        assert_eq!(at_once, expected);
        assert_eq!(merged(&talks, 0), at_once);
        assert_eq!(merged(&[], 0), []);
    }
}
