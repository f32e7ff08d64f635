//! What was answered about the settings of a catalog, in a file that only its user can read.
//!
//! The file is in the user's own folder and named after the place of the catalog, so no catalog can
//! bring one along. A file that cannot be read is no answer.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fs::{self, FileError};
use crate::hex::hex;
use crate::trust::SensitiveSetting;

/// What somebody has said about a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Answer {
    Yes,
    No,
}

/// The answers about a catalog.
#[derive(Debug)]
pub(crate) struct Answers {
    /// Where they are kept; none means that they are not.
    place: Option<PathBuf>,
    /// The folder of the catalog.
    folder: PathBuf,
    kept: KeptAnswers,
}

/// As they stand in the file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct KeptAnswers {
    /// For people who look into it.
    catalog: String,
    /// By the digest of the setting.
    answers: BTreeMap<String, KeptAnswer>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptAnswer {
    answer: Answer,
    /// What was asked.
    wants_to: String,
}

impl Answers {
    /// Reads the answers about a catalog; `store` is the folder in which they are kept.
    pub(crate) fn load(catalog: &Path, store: Option<&Path>) -> Result<Self, FileError> {
        let catalog = fs::absolute(catalog)?;
        let folder = fs::resolve_links(catalog.parent().unwrap_or(&catalog))?;
        let catalog = folder.join(catalog.file_name().unwrap_or_default());
        // Who writes into the folder of the catalog must not write answers.
        let store = store.filter(|store| !is_inside(store, &folder));
        let name = hex(&Sha256::digest(catalog.as_os_str().as_encoded_bytes()));
        let place = store.map(|store| store.join(format!("{name}.json")));
        let catalog = catalog.display().to_string();
        let read = place
            .as_ref()
            .and_then(|place| fs::read_private(place).ok());
        let read = read.and_then(|json| serde_json::from_slice::<KeptAnswers>(&json).ok());
        let kept = read.filter(|kept| kept.catalog == catalog);
        Ok(Self {
            place,
            folder,
            kept: kept.unwrap_or(KeptAnswers {
                catalog,
                answers: BTreeMap::new(),
            }),
        })
    }

    /// What was said about a setting, if it was asked about as it is now.
    #[must_use]
    pub(crate) fn about(&self, setting: &SensitiveSetting) -> Option<Answer> {
        let kept = self.kept.answers.get(&setting.digest(&self.folder))?;
        Some(kept.answer)
    }

    /// Keeps an answer about these settings, beside those of earlier.
    pub(crate) fn keep(
        &mut self,
        settings: &[SensitiveSetting],
        answer: Answer,
    ) -> Result<(), FileError> {
        for setting in settings {
            let wants_to = setting.to_string();
            let kept = KeptAnswer { answer, wants_to };
            let digest = setting.digest(&self.folder);
            self.kept.answers.insert(digest, kept);
        }
        let Some(place) = &self.place else {
            return Ok(());
        };
        let json = serde_json::to_vec_pretty(&self.kept).expect("texts can be written as JSON");
        fs::write_private(place, &json)
    }
}

/// Whether a folder is another one or in it. One that is not there yet is where its parents are.
fn is_inside(folder: &Path, other: &Path) -> bool {
    let there = folder
        .ancestors()
        .find_map(|above| fs::resolve_links(above).ok());
    there.is_none_or(|there| there.starts_with(other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fs::Existing;

    fn program(name: &str) -> SensitiveSetting {
        SensitiveSetting::YtDlp {
            program: name.into(),
        }
    }

    #[test]
    fn an_answer_holds_for_the_same_setting_of_the_same_catalog() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("store/deep");
        let catalog = |name: &str| {
            let catalog = folder.path().join(name).join("catalog.toml");
            fs::write(&catalog, b"", Existing::Replace).unwrap();
            catalog
        };
        let (one, other) = (catalog("one"), catalog("other"));
        let load = |catalog: &Path| Answers::load(catalog, Some(&store)).unwrap();
        let mut answers = load(&one);
        assert_eq!(answers.about(&program("a")), None);
        answers.keep(&[program("a")], Answer::Yes).unwrap();
        answers.keep(&[program("b")], Answer::No).unwrap();
        assert_eq!(answers.about(&program("a")), Some(Answer::Yes));
        let answers = load(&one);
        assert_eq!(answers.about(&program("a")), Some(Answer::Yes));
        assert_eq!(answers.about(&program("b")), Some(Answer::No));
        assert_eq!(answers.about(&program("c")), None);
        assert_eq!(load(&other).about(&program("a")), None);
    }

    #[test]
    fn a_program_of_the_catalogs_folder_that_changes_is_asked_about_again() {
        let folder = tempfile::tempdir().unwrap();
        let (catalog, store) = (
            folder.path().join("c/catalog.toml"),
            folder.path().join("s"),
        );
        fs::write(&catalog, b"", Existing::Replace).unwrap();
        let tool = fs::resolve_links(&catalog).unwrap().with_file_name("tool");
        fs::write(&tool, b"one", Existing::Replace).unwrap();
        let setting = program(tool.to_str().unwrap());
        let load = || Answers::load(&catalog, Some(&store)).unwrap();
        load()
            .keep(std::slice::from_ref(&setting), Answer::Yes)
            .unwrap();
        assert_eq!(load().about(&setting), Some(Answer::Yes));
        fs::write(&tool, b"other", Existing::Replace).unwrap();
        assert_eq!(load().about(&setting), None);
    }

    #[test]
    fn no_answer_comes_from_the_catalogs_own_folder_or_from_a_broken_file() {
        let folder = tempfile::tempdir().unwrap();
        let catalog = folder.path().join("catalog.toml");
        fs::write(&catalog, b"", Existing::Replace).unwrap();
        for inside in ["", "store", "deep/er"] {
            let store = folder.path().join(inside);
            let load = || Answers::load(&catalog, Some(&store)).unwrap();
            load().keep(&[program("a")], Answer::Yes).unwrap();
            assert_eq!(load().about(&program("a")), None, "{inside}");
        }
        let store = tempfile::tempdir().unwrap();
        let load = || Answers::load(&catalog, Some(store.path())).unwrap();
        load().keep(&[program("a")], Answer::Yes).unwrap();
        let file = fs::names(store.path()).unwrap().remove(0);
        fs::write(&store.path().join(file), b"{", Existing::Replace).unwrap();
        assert_eq!(load().about(&program("a")), None);
    }

    #[cfg(unix)]
    #[test]
    fn an_answer_that_others_could_have_written_is_none() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (catalog, store) = (
            folder.path().join("c/catalog.toml"),
            folder.path().join("s"),
        );
        fs::write(&catalog, b"", Existing::Replace).unwrap();
        let load = || Answers::load(&catalog, Some(&store)).unwrap();
        load().keep(&[program("a")], Answer::Yes).unwrap();
        let file = store.join(fs::names(&store).unwrap().remove(0));
        for (mode, expected) in [(0o620, None), (0o602, None), (0o644, Some(Answer::Yes))] {
            std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
            assert_eq!(load().about(&program("a")), expected, "{mode:o}");
        }
        let elsewhere = folder.path().join("elsewhere.json");
        std::fs::rename(&file, &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &file).unwrap();
        assert_eq!(load().about(&program("a")), None, "a link");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_user_can_read_an_answer() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (catalog, store) = (
            folder.path().join("c/catalog.toml"),
            folder.path().join("s"),
        );
        fs::write(&catalog, b"", Existing::Replace).unwrap();
        for answer in [Answer::Yes, Answer::No] {
            let mut answers = Answers::load(&catalog, Some(&store)).unwrap();
            answers.keep(&[program("a")], answer).unwrap();
            let file = store.join(fs::names(&store).unwrap().remove(0));
            let mode = std::fs::metadata(file).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0);
        }
    }
}
