//! What was said in the talks of a site, made so that a page can search it without a server: scripts
//! of some kilobytes, of which a search loads those that it needs.
//!
//! ```text
//! said/index.js           the conferences, and the first word of each piece
//! said/words/12.js        a piece: words in order, each with the talks that have it
//! said/talks/conf/3.js    the words of a talk with their seconds
//! ```
//!
//! Each calls `said` with its name, since a page that was opened from a disk may load a script and
//! nothing else. Talks are numbered in the order of the conferences and of their pages, which is that
//! of the other search. Some talks are in memory at a time, read on all cores; `runs.rs` collects which
//! have which words.

mod postings;
mod runs;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::fs::{self, FileError};
use crate::render::escape::line;
use crate::site::Searched;
use crate::site::said::postings::Posting;
use crate::site::said::runs::CollectedWords;
use crate::site::words::WordReader;
use crate::talk::Talk;
use crate::talk::transcript::{Cue, Transcript};

/// Where all of it is, seen from the index of the site.
pub(crate) const FOLDER: &str = "said";
/// How each of these scripts begins.
const MARK: &str = "said(\"";
const INDEX: &str = "index";
const WORDS: &str = "words";
const TALKS: &str = "talks";
const EXTENSION: &str = ".js";

/// A piece is ended once it has so many bytes.
const PIECE: usize = 16 << 10;
/// So many talks are in memory.
const AT_ONCE: usize = 64;

/// A talk whose words are published.
#[derive(Debug)]
pub(crate) struct SpokenTalk<'a> {
    /// Its place on the page of the conference.
    pub(crate) place: u32,
    /// Its page, seen from the index of the site.
    pub(crate) page: String,
    pub(crate) talk: &'a Talk,
}

/// What was said on a site, while it is read.
#[derive(Debug)]
pub(crate) struct SaidIndex {
    scripts: Scripts,
    conferences: Vec<SaidConference>,
    /// The number of the next conference's first talk.
    talks: u32,
    words: CollectedWords,
}

/// A conference: its folder, title and language, and how many talks it has.
#[derive(Debug, Serialize)]
struct SaidConference(String, String, String, u32);

/// A talk: its page, title, speakers and language, and what was said: the second, where it is known,
/// before the words.
#[derive(Serialize)]
struct TalkScript<'a>(&'a str, String, String, &'a str, Vec<(Option<u64>, String)>);

/// The scripts that are written.
#[derive(Debug)]
struct Scripts {
    site: PathBuf,
    folder: PathBuf,
    written: BTreeSet<String>,
    digest: Sha256,
}

/// A script that is in its place.
struct WrittenScript {
    name: String,
    digest: [u8; 32],
}

/// A talk that was read.
struct SaidTalk {
    place: u32,
    /// Its words, with how often it has each.
    words: HashMap<String, u32>,
    script: WrittenScript,
}

/// A piece while it is made.
#[derive(Default)]
struct Piece {
    text: String,
    /// The first words of all pieces.
    firsts: Vec<String>,
}

impl SaidIndex {
    /// Begins the index of a site in this folder.
    pub(crate) fn new(site: &Path) -> Self {
        Self {
            words: CollectedWords::new(site),
            scripts: Scripts {
                site: site.to_owned(),
                folder: site.join(FOLDER),
                written: BTreeSet::new(),
                digest: Sha256::new(),
            },
            conferences: Vec::new(),
            talks: 0,
        }
    }

    /// Goes on with a conference of so many talks.
    pub(crate) fn begin(&mut self, folder: &str, title: &str, language: &str, talks: usize) {
        if let Some(SaidConference(_, _, _, before)) = self.conferences.last() {
            self.talks += before;
        }
        let talks = u32::try_from(talks).unwrap_or(u32::MAX);
        let (title, language) = (line(title), language.to_owned());
        let conference = SaidConference(folder.to_owned(), title, language, talks);
        self.conferences.push(conference);
    }

    /// Reads talks of the conference, in the order of their places.
    pub(crate) fn add<'a>(
        &mut self,
        mut talks: impl Iterator<Item = (SpokenTalk<'a>, Transcript)>,
    ) -> Result<(), FileError> {
        loop {
            let some: Vec<_> = talks.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                return Ok(());
            }
            let read = some.par_iter();
            let read = read.map_init(WordReader::default, |reader, (talk, transcript)| {
                self.read(reader, talk, transcript)
            });
            for talk in read.collect::<Result<Vec<_>, _>>()? {
                self.note(talk);
            }
            self.words.make_room()?;
        }
    }

    /// Counts the words of a talk, and writes its script.
    fn read(
        &self,
        reader: &mut WordReader,
        SpokenTalk { place, page, talk }: &SpokenTalk<'_>,
        transcript: &Transcript,
    ) -> Result<SaidTalk, FileError> {
        let said = said(&transcript.cues);
        let words = reader.count(said.iter().map(|(_, words)| words.as_str()));
        let script = TalkScript(
            page,
            line(&talk.title),
            line(&talk.speakers.join(", ")),
            transcript.language.as_deref().unwrap_or_default(),
            said,
        );
        let folder = self.conferences.last().map_or("", |last| &last.0);
        let name = format!("{TALKS}/{folder}/{place}");
        Ok(SaidTalk {
            place: *place,
            words,
            script: self.scripts.write(name, &json(&script))?,
        })
    }

    fn note(&mut self, talk: SaidTalk) {
        for (word, count) in talk.words {
            let posting = Posting::new(self.talks + talk.place, count);
            self.words.add(&word, posting);
        }
        self.scripts.note(talk.script);
    }

    /// Writes the pieces and the list of them, and takes away what an earlier run has written and this
    /// one has not. Says whether there is anything to search.
    pub(crate) fn finish(mut self) -> Result<Searched, FileError> {
        let searched = if self.scripts.written.is_empty() {
            Searched::Talks
        } else {
            Searched::WordsToo
        };
        if searched == Searched::WordsToo {
            let talks = self.conferences.iter().map(|conference| conference.3);
            let firsts = write_pieces(self.words, &mut self.scripts, talks.sum())?;
            let version = self.scripts.version();
            let list = (version, self.conferences, firsts.join(" "));
            let list = self.scripts.write(INDEX.to_owned(), &json(&list))?;
            self.scripts.note(list);
        }
        self.scripts.remove_others()?;
        Ok(searched)
    }
}

/// The first script in the place of those that a site writes which somebody else has written.
pub(crate) fn foreign_script(site: &Path) -> Result<Option<PathBuf>, FileError> {
    let folder = site.join(FOLDER);
    for name in names(&folder)? {
        let path = folder.join(format!("{name}{EXTENSION}"));
        if !is_ours(&path)? {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

fn write_pieces(
    words: CollectedWords,
    scripts: &mut Scripts,
    talks: u32,
) -> Result<Vec<String>, FileError> {
    let mut piece = Piece::default();
    words.merge(|word, postings| {
        if piece.text.is_empty() {
            piece.firsts.push(word.to_owned());
        } else {
            piece.text.push(' ');
        }
        piece.text.push_str(word);
        piece.text.push(' ');
        piece.text.push_str(&postings::encode(postings, talks));
        if piece.text.len() < PIECE {
            return Ok(());
        }
        piece.write(scripts)
    })?;
    if !piece.text.is_empty() {
        piece.write(scripts)?;
    }
    Ok(piece.firsts)
}

impl Piece {
    fn write(&mut self, scripts: &mut Scripts) -> Result<(), FileError> {
        let name = format!("{WORDS}/{}", self.firsts.len() - 1);
        let script = scripts.write(name, &json(&self.text))?;
        scripts.note(script);
        self.text.clear();
        Ok(())
    }
}

/// What was said, with the second at which it begins; what begins in the same second is one.
fn said(cues: &[Cue]) -> Vec<(Option<u64>, String)> {
    let mut said: Vec<(Option<u64>, String)> = Vec::new();
    for cue in cues {
        let second = cue.span.map(|span| span.start.as_secs());
        let words = line(&cue.text);
        match said.last_mut() {
            Some((before, text)) if *before == second => {
                text.push(' ');
                text.push_str(&words);
            }
            _ => said.push((second, words)),
        }
    }
    said
}

impl Scripts {
    /// Writes a script that hands over its content by its name, unless it is there already.
    fn write(&self, name: String, content: &str) -> Result<WrittenScript, FileError> {
        let script = format!("{MARK}{name}\",{content});\n");
        let path = self.folder.join(format!("{name}{EXTENSION}"));
        fs::confine(&path, std::slice::from_ref(&self.site))?;
        let is_there = fs::read(&path).is_ok_and(|there| there == script.as_bytes());
        if !is_there {
            fs::write_derived(&path, script.as_bytes())?;
        }
        Ok(WrittenScript {
            name,
            digest: Sha256::digest(&script).into(),
        })
    }

    /// Notes a script among those that this run has written, which come in the same order every time.
    fn note(&mut self, script: WrittenScript) {
        self.digest.update(script.digest);
        self.written.insert(script.name);
    }

    /// What tells these scripts from others of the same names, which a browser may have kept.
    fn version(&self) -> String {
        let digest = self.digest.clone().finalize();
        BASE64_URL_SAFE_NO_PAD.encode(&digest[..9])
    }

    /// Takes away the scripts of an earlier run.
    fn remove_others(&self) -> Result<(), FileError> {
        for name in names(&self.folder)? {
            let path = self.folder.join(format!("{name}{EXTENSION}"));
            if !self.written.contains(&name) && is_ours(&path)? {
                fs::remove_if_there(&path)?;
                fs::remove_if_empty(fs::folder_of(&path))?;
            }
        }
        for folder in [WORDS, TALKS, ""] {
            fs::remove_if_empty(&self.folder.join(folder))?;
        }
        Ok(())
    }
}

/// The scripts that are there, by their names. What a link leads to belongs to somebody else.
fn names(folder: &Path) -> Result<Vec<String>, FileError> {
    let mut names = Vec::new();
    if fs::is_link(folder) {
        return Ok(names);
    }
    let talks = folder.join(TALKS);
    let conferences = fs::names(&talks)?.into_iter();
    let folders = conferences.map(|conference| format!("{TALKS}/{conference}/"));
    for within in [String::new(), format!("{WORDS}/")]
        .into_iter()
        .chain(folders)
    {
        let folder = folder.join(&within);
        if fs::is_link(&folder) || !folder.is_dir() {
            continue;
        }
        let scripts = fs::names(&folder)?.into_iter();
        let scripts = scripts.filter_map(|name| Some(name.strip_suffix(EXTENSION)?.to_owned()));
        let scripts = scripts.filter(|name| is_name(&within, name));
        names.extend(scripts.map(|name| format!("{within}{name}")));
    }
    Ok(names)
}

/// Whether we call a script in a folder like this.
fn is_name(folder: &str, name: &str) -> bool {
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
    if folder.is_empty() {
        name == INDEX
    } else {
        is_number
    }
}

/// Whether a script is one of these.
fn is_ours(path: &Path) -> Result<bool, FileError> {
    Ok(!fs::is_link(path) && fs::begins_with(path, MARK.as_bytes())?)
}

fn json(content: &impl Serialize) -> String {
    serde_json::to_string(content).expect("lists of texts serialize")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::id::TalkId;
    use crate::talk::transcript::CaptionKind;

    fn transcript(lines: &[&str]) -> Transcript {
        let cue = |line: &&str| Cue::try_from((*line).to_owned()).unwrap();
        Transcript {
            language: Some("en".to_owned()),
            kind: CaptionKind::Organizer,
            cues: lines.iter().map(cue).collect(),
        }
    }

    /// Writes what was said in the talks of one conference.
    fn write(site: &Path, talks: &[&[&str]]) -> Searched {
        let mut index = SaidIndex::new(site);
        index.begin("a", "A Conf", "en", talks.len());
        let talk = Talk {
            speakers: vec!["A. Name".to_owned(), "B. Name".to_owned()],
            ..Talk::bare(TalkId::whole("-cBplHNM4RA".parse().unwrap()), "Tides")
        };
        let spoken = (0..).zip(talks).map(|(place, lines)| {
            let page = format!("a/talk/{place}/index.html");
            let talk = &talk;
            (SpokenTalk { place, page, talk }, transcript(lines))
        });
        index.add(spoken).unwrap();
        index.finish().unwrap()
    }

    fn read(site: &Path, name: &str) -> String {
        fs::read_to_string(&site.join(FOLDER).join(name)).unwrap()
    }

    #[test]
    fn a_talk_has_its_words_with_their_seconds() {
        let site = tempfile::tempdir().unwrap();
        let lines = [
            "1.000 2.000 The  tide",
            "1.500 3.000 comes",
            "- - \u{202e}in \"now\"",
        ];
        assert_eq!(write(site.path(), &[&lines]), Searched::WordsToo);
        assert_eq!(
            read(site.path(), "talks/a/0.js"),
            r#"said("talks/a/0",["a/talk/0/index.html","Tides","A. Name, B. Name","en",[[1,"The tide comes"],[null,"in \"now\""]]]);
"#
        );
    }

    #[test]
    fn words_come_in_order_with_the_talks_that_have_them() {
        let site = tempfile::tempdir().unwrap();
        let talks: [&[&str]; 2] = [&["0.000 1.000 tides, tides"], &["0.000 1.000 Ebb tides"]];
        write(site.path(), &talks);
        assert_eq!(
            read(site.path(), "words/0.js"),
            "said(\"words/0\",\"ebb QA tides iA\");\n"
        );
        let list = read(site.path(), "index.js");
        assert!(
            list.ends_with("[[\"a\",\"A Conf\",\"en\",2]],\"ebb\"]);\n"),
            "{list}"
        );
        write(site.path(), &talks);
        assert_eq!(read(site.path(), "index.js"), list);
    }

    #[test]
    fn many_words_make_several_pieces() {
        let site = tempfile::tempdir().unwrap();
        let words: Vec<String> = (0..4_000).map(|word| format!("word{word}")).collect();
        let line = format!("0.000 1.000 {}", words.join(" "));
        write(site.path(), &[&[&line]]);
        let list = read(site.path(), "index.js");
        assert!(list.contains("\"word0 word2239 word"), "{list}");
        let piece = read(site.path(), "words/1.js");
        assert!(piece.len() < PIECE + 100 && !site.path().join("said/words/9.js").exists());
    }

    #[test]
    fn what_is_said_no_more_goes_and_what_is_not_ours_stays() {
        let site = tempfile::tempdir().unwrap();
        write(site.path(), &[&["0.000 1.000 tides"], &["0.000 1.000 ebb"]]);
        let own = site.path().join("said/words/7.js");
        fs::write_derived(&own, b"mine()").unwrap();
        assert_eq!(foreign_script(site.path()).unwrap().unwrap(), own);
        write(site.path(), &[&["0.000 1.000 tides"]]);
        assert!(!site.path().join("said/talks/a/1.js").exists());
        assert!(own.exists());
        fs::remove_if_there(&own).unwrap();
        assert_eq!(write(site.path(), &[]), Searched::Talks);
        assert!(!site.path().join(FOLDER).exists());
        assert_eq!(foreign_script(site.path()).unwrap(), None);
    }
}
