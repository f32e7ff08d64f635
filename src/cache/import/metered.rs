//! A file of which no more than so many bytes are read, so that a list of files without end is none.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

/// A file of which no more than so many bytes are read.
#[derive(Debug)]
pub(super) struct Metered {
    file: File,
    left: Rc<Cell<u64>>,
}

impl Metered {
    /// The file, and how many bytes of it may still be read.
    pub(super) fn new(file: File, most: u64) -> (Self, Rc<Cell<u64>>) {
        let left = Rc::new(Cell::new(most));
        let file = Self {
            file,
            left: Rc::clone(&left),
        };
        (file, left)
    }
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        let left = self.left.get().checked_sub(read as u64);
        let left = left.ok_or_else(|| io::Error::other("its list of files is too long"))?;
        self.left.set(left);
        Ok(read)
    }
}

impl Seek for Metered {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
