//! What a page is made of, as a digest: where it is the same, so is each byte of the page, and one
//! that is there need not be made again.
//!
//! Pure. All that a format may look at goes in, whether it does or not, and so does the program,
//! since another one may write other pages.

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::render::page::Header;
use crate::render::talk_pages::{TalkPage, Words};
use crate::render::{Format, Templates};

/// What the pages of a conference are made of.
#[derive(Debug)]
pub(crate) struct Inputs(String);

impl Inputs {
    /// Takes the digest of all that the pages are made of.
    #[must_use]
    pub(crate) fn new(
        program: &impl Hash,
        templates: &Templates,
        header: &Header,
        talks: &(impl Hash + ?Sized),
    ) -> Self {
        let templates = (&templates.sources, &templates.assets);
        Self(digest(&(program, templates, header, talks)))
    }

    /// The digest of what the page in a format is made of.
    #[must_use]
    pub(crate) fn of(&self, format: Format) -> String {
        digest(&(&self.0, format))
    }

    /// The digest of what the pages of all talks are made of; `private` are the talks whose words they
    /// keep.
    #[must_use]
    pub(crate) fn of_talks(&self, private: &impl Hash) -> String {
        digest(&(&self.0, private))
    }

    /// The digest of what the page of a talk is made of.
    #[must_use]
    pub(crate) fn of_talk(&self, page: &TalkPage<'_>, words: Words) -> String {
        digest(&(&self.0, page, words))
    }
}

/// The SHA-256 of a value of ours, in hexadecimal digits.
pub(super) fn digest(value: &impl Hash) -> String {
    let mut hashed = Hashed(Sha256::new());
    value.hash(&mut hashed);
    hex(&hashed.0.finalize())
}

/// Takes in what a value says of itself to whoever hashes it, which leaves out no field.
struct Hashed(Sha256);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let digest = self.0.clone().finalize();
        let (first, _) = digest.split_first_chunk().expect("SHA-256 has 32 bytes");
        u64::from_le_bytes(*first)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::render::trial;
    use crate::talk::SummarizedTalk;

    fn inputs(program: &str, header: &Header, talks: &[&SummarizedTalk]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let templates = Templates::load(folder.path(), &[folder.path().to_owned()]).unwrap();
        Inputs::new(&program, &templates, header, talks).of(Format::Html)
    }

    #[test]
    fn another_page_is_made_of_something_else() {
        let (header, [talk, other]) = trial();
        let same = inputs("1.0", &header, &[&talk, &other]);
        assert_eq!(inputs("1.0", &header, &[&talk.clone(), &other]), same);

        let titled = Header {
            title: "another".to_owned(),
            ..header.clone()
        };
        let mut told = talk.clone();
        told.summary.as_mut().unwrap().text.push('.');
        let differing = [
            inputs("1.1", &header, &[&talk, &other]),
            inputs("1.0", &titled, &[&talk, &other]),
            inputs("1.0", &header, &[&told, &other]),
            inputs("1.0", &header, &[&other, &talk]),
            inputs("1.0", &header, &[&talk]),
        ];
        for digest in &differing {
            assert_ne!(*digest, same);
        }
    }

    #[test]
    fn so_is_a_page_in_another_format_or_of_other_templates() {
        let folder = tempfile::tempdir().unwrap();
        let inputs = || {
            let templates = Templates::load(folder.path(), &[folder.path().to_owned()]).unwrap();
            Inputs::new(&(), &templates, &Header::default(), &[(); 0])
        };
        let made_of = inputs();
        let digests = Format::ALL.map(|format| made_of.of(format));
        for (place, digest) in digests.iter().enumerate() {
            assert!(!digests[..place].contains(digest));
        }
        fs::create_dir(folder.path().join("html")).unwrap();
        for file in ["html/card.hbs", "html/style.css", "page.md.hbs"] {
            let before = inputs().of(Format::Html);
            fs::write(folder.path().join(file), "").unwrap();
            assert_ne!(inputs().of(Format::Html), before, "{file}");
        }
    }
}
