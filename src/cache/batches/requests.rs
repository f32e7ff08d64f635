//! What the requests of a batch ask: a line each, packed, since they repeat one prompt.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use crate::cache::batches::REQUESTS;
use crate::cache::{Cache, CacheError, Request, RequestKey};
use crate::fs;
use crate::limits;
use crate::llm::ChatRequest;

/// The requests of a batch while it is put together.
#[derive(Debug)]
pub(crate) struct PackedRequests {
    keys: Vec<RequestKey>,
    packed: GzEncoder<Vec<u8>>,
}

/// A line: what was asked, and where its reply belongs.
#[derive(Serialize, Deserialize)]
struct RequestLine<R> {
    key: RequestKey,
    request: R,
}

/// What is asked in a batch, read one after the other.
pub(crate) struct AskedRequests {
    path: PathBuf,
    lines: BufReader<MultiGzDecoder<File>>,
    line: Vec<u8>,
}

impl PackedRequests {
    /// None yet.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self {
            keys: Vec::new(),
            packed: GzEncoder::new(Vec::new(), Compression::default()),
        }
    }

    /// Adds what is asked under a key.
    pub(crate) fn add(&mut self, key: RequestKey, request: &ChatRequest) {
        let key_of_line = key.clone();
        let line = RequestLine {
            key: key_of_line,
            request,
        };
        let written = serde_json::to_writer(&mut self.packed, &line);
        written.expect("our own types serialize, and a memory takes all");
        let ended = self.packed.write_all(b"\n");
        ended.expect("a memory takes all that is written");
        self.keys.push(key);
    }

    /// How many there are.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    pub(super) fn finish(self) -> (Vec<RequestKey>, Vec<u8>) {
        let packed = self.packed.finish();
        let packed = packed.expect("a memory takes all that is written");
        (self.keys, packed)
    }
}

impl Cache {
    /// What is asked in the batch of this name, in the order in which it was put together.
    pub(crate) fn asked_in(&self, name: &str) -> Result<AskedRequests, CacheError> {
        let path = self.batch_file(name, REQUESTS);
        let packed = MultiGzDecoder::new(fs::open(&path)?);
        Ok(AskedRequests {
            path,
            lines: BufReader::new(packed),
            line: Vec::new(),
        })
    }
}

impl AskedRequests {
    fn read(&mut self) -> Result<Option<(RequestKey, ChatRequest)>, serde_json::Error> {
        self.line.clear();
        let read = (&mut self.lines)
            .take(limits::REPLY)
            .read_until(b'\n', &mut self.line);
        if read.map_err(serde_json::Error::io)? == 0 {
            return Ok(None);
        }
        let line: RequestLine<ChatRequest> = serde_json::from_slice(&self.line)?;
        Ok(Some((line.key, line.request)))
    }
}

impl Iterator for AskedRequests {
    type Item = Result<(RequestKey, Request), CacheError>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.read().transpose()?;
        Some(match read {
            Ok((key, request)) => Ok((key, Request::Chat(request))),
            Err(source) => Err(CacheError::Damaged {
                path: self.path.clone(),
                source,
            }),
        })
    }
}
