//! Any bytes as an archive of a cache: no panic, nothing outside the cache, and no more on the disk
//! than an archive may bring.
//!
//! Where the first byte is even, the rest is the archive. Where it is odd, the rest is parted at each
//! 0xff into names and contents by turns, of which an archive is made: mutations of a compressed file
//! would nearly all be refused for their checksums.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use jiff::Timestamp;
use proceedings::testing::{Archive, Cache, ImportRules, Makers};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Imports the bytes.
pub(crate) fn check(bytes: &[u8]) {
    let Some((&choice, rest)) = bytes.split_first() else {
        return;
    };
    let archive = match choice % 2 {
        0 => rest.to_vec(),
        _ => match archive_of(rest) {
            Some(archive) => archive,
            None => return,
        },
    };
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let place = folder.path().join("archive.zip");
    fs::write(&place, &archive).expect("there is room for an archive");
    let cache = Cache::new(folder.path().join("cache"));
    if let Ok(mut archive) = Archive::open(&place) {
        let rules = ImportRules {
            talks: None,
            makers: Makers::Others,
            most: None,
            now: Timestamp::now(),
        };
        drop(cache.import(&mut archive, &rules));
    }
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .expect("the folder is there")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    names.sort();
    names.retain(|name| name != "cache");
    assert_eq!(names, ["archive.zip"]);
    check_folder(&folder.path().join("cache"), 0);
}

/// Nothing in the cache is a link, or deeper than a file of a talk.
fn check_folder(folder: &Path, depth: usize) {
    assert!(depth < 3, "{}", folder.display());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let kind = entry.file_type().expect("it is there");
        assert!(!kind.is_symlink(), "{}", entry.path().display());
        if kind.is_dir() {
            check_folder(&entry.path(), depth + 1);
        }
    }
}

fn archive_of(described: &[u8]) -> Option<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let parts: Vec<&[u8]> = described.split(|byte| *byte == 0xff).take(32).collect();
    for file in parts.chunks_exact(2) {
        let name = String::from_utf8_lossy(file[0]);
        archive
            .start_file(name, SimpleFileOptions::default())
            .ok()?;
        archive.write_all(file[1]).ok()?;
    }
    Some(archive.finish().ok()?.into_inner())
}
