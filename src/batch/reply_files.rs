//! Files of replies, a line each, with where the reply to each request stands. The lines themselves stay
//! in their files until they are asked for.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use serde_json::Value;

use crate::cache::RequestKey;
use crate::limits;
use crate::llm::ProviderKind;
use crate::llm::batch::{ReplyLine, reply_line};

/// Where a line stands.
#[derive(Debug, Clone, Copy)]
struct LinePosition {
    file: usize,
    offset: u64,
    length: u64,
    /// Whether it brings a reply.
    is_reply: bool,
}

/// Files of replies.
#[derive(Debug, Default)]
pub(crate) struct ReplyFiles {
    /// The wire format of the lines.
    provider: ProviderKind,
    files: Vec<File>,
    places: HashMap<RequestKey, LinePosition>,
    /// How many lines there are.
    pub lines: usize,
    /// How many are no JSON.
    pub unreadable: usize,
    /// How many do not say what they answer.
    pub without_id: usize,
    /// The ids that no request of ours has.
    pub unknown: Vec<String>,
    /// How many answer what another line answers as well.
    pub doubled: usize,
}

impl ReplyFiles {
    /// No files yet, whose lines a provider has written, or an engine that writes as it does.
    pub(crate) fn of(provider: ProviderKind) -> Self {
        Self {
            provider,
            ..Self::default()
        }
    }

    /// Looks through a file from its beginning.
    pub(crate) fn add(&mut self, file: File) -> io::Result<()> {
        (&file).rewind()?;
        let mut lines = BufReader::new(&file);
        let (mut offset, mut line) = (0, Vec::new());
        loop {
            line.clear();
            let length = (&mut lines)
                .take(limits::REPLY)
                .read_until(b'\n', &mut line)? as u64;
            if length == 0 {
                break;
            }
            if !line.trim_ascii().is_empty() {
                self.look_at(&line, offset, length);
            }
            offset += length;
        }
        self.files.push(file);
        Ok(())
    }

    fn look_at(&mut self, line: &[u8], offset: u64, length: u64) {
        let read = reply_line(self.provider, line);
        self.lines += usize::from(read != ReplyLine::Request);
        let (id, is_reply) = match read {
            ReplyLine::Request => return,
            ReplyLine::Unreadable => {
                self.unreadable += 1;
                return;
            }
            ReplyLine::WithoutId => {
                self.without_id += 1;
                return;
            }
            ReplyLine::Reply(id, reply) => (id, reply.is_ok()),
        };
        let Ok(key) = id.parse::<RequestKey>() else {
            self.unknown.push(id);
            return;
        };
        let place = LinePosition {
            file: self.files.len(),
            offset,
            length,
            is_reply,
        };
        match self.places.get_mut(&key) {
            Some(known) => {
                self.doubled += 1;
                // The first reply counts.
                if is_reply && !known.is_reply {
                    *known = place;
                }
            }
            None => drop(self.places.insert(key, place)),
        }
    }

    /// Whether there is a line for a request.
    pub(crate) fn has(&self, key: &RequestKey) -> bool {
        self.places.contains_key(key)
    }

    /// The reply to a request, or why there is none; each is given once.
    pub(crate) fn take(&mut self, key: &RequestKey) -> io::Result<Option<Result<Value, String>>> {
        let Some(place) = self.places.remove(key) else {
            return Ok(None);
        };
        let mut line = Vec::new();
        let mut file = &self.files[place.file];
        file.seek(SeekFrom::Start(place.offset))?;
        file.take(place.length).read_to_end(&mut line)?;
        Ok(match reply_line(self.provider, &line) {
            ReplyLine::Reply(_, reply) => Some(reply),
            ReplyLine::Unreadable | ReplyLine::Request | ReplyLine::WithoutId => None,
        })
    }

    /// The requests whose lines nobody has taken.
    pub(crate) fn left(&self) -> impl Iterator<Item = &RequestKey> {
        self.places.keys()
    }
}
