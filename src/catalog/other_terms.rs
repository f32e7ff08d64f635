//! The terms in the glossaries of other catalogs, which a catalog may trust as names, too.
//!
//! Only the terms are read there. Whatever else is in such a catalog is no concern of this one.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::catalog::{Catalog, CatalogError};
use crate::fs;
use crate::limits;

#[derive(Deserialize)]
struct OtherCatalog {
    #[serde(default)]
    glossary: OtherGlossary,
}

#[derive(Default, Deserialize)]
struct OtherGlossary {
    #[serde(default)]
    terms: Vec<String>,
}

impl Catalog {
    /// Reads the terms of the catalogs that the glossary names, as far as they may be read.
    pub(crate) fn read_other_terms(&mut self) -> Result<(), CatalogError> {
        let mut names: Vec<String> = Vec::new();
        for path in &self.glossary.from {
            for term in terms(path, &self.readable)? {
                if !names.contains(&term) {
                    names.push(term);
                }
            }
        }
        self.glossary.other_terms = names;
        Ok(())
    }
}

fn terms(path: &Path, readable: &[PathBuf]) -> Result<Vec<String>, CatalogError> {
    let read = fs::read_text_within(path, limits::CATALOG, readable).map_err(CatalogError::File)?;
    let text = read.ok_or_else(|| CatalogError::NoGlossary(path.to_owned()))?;
    let other: OtherCatalog = toml::from_str(&text).map_err(|error| CatalogError::Glossary {
        path: path.to_owned(),
        problem: error.message().to_owned(),
    })?;
    Ok(other.glossary.terms)
}
