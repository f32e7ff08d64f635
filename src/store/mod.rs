//! A store of objects that several machines share: S3, Google Cloud Storage or Azure Blob Storage.
//!
//! Objects have names and bytes, and nothing here knows what is in them (`objects.rs`). A claim says
//! who is at work on what, so that two machines do not pay for the same (`claims.rs`). A program that
//! was installed without the feature `cloud` has no stores (`without.rs`).

#[cfg(feature = "cloud")]
mod claims;
#[cfg(feature = "cloud")]
mod objects;
#[cfg(not(feature = "cloud"))]
mod without;

use thiserror::Error;

#[cfg(feature = "cloud")]
pub(crate) use crate::store::claims::Claim;
#[cfg(feature = "cloud")]
pub(crate) use crate::store::objects::Store;
#[cfg(not(feature = "cloud"))]
pub(crate) use crate::store::without::{Claim, Store};

/// The addresses of stores begin so.
pub(crate) const SCHEMES: [&str; 3] = ["s3", "gs", "az"];
/// The variables that say how a store is reached, and with which keys, begin so.
pub(crate) const VARIABLES: [&str; 3] = ["AWS_", "GOOGLE_", "AZURE_"];

/// Why a store is of no use.
#[derive(Debug, Error)]
pub enum StoreError {
    /// This program knows none.
    #[error("this program was installed without shared caches")]
    NotInstalled,
    /// Nobody can be asked there.
    #[cfg(feature = "cloud")]
    #[error("the store `{address}` cannot be used: {why}")]
    Unusable {
        /// Its address.
        address: String,
        /// What is wrong.
        why: String,
    },
    /// It was asked in vain.
    #[cfg(feature = "cloud")]
    #[error("the store `{address}` could not {action} `{name}`: {why}")]
    Failed {
        /// Its address.
        address: String,
        /// What it was to do.
        action: &'static str,
        /// With which object.
        name: String,
        /// What went wrong.
        why: String,
    },
}

/// Refuses where this program was installed without stores.
pub(crate) fn ensure_installed() -> Result<(), StoreError> {
    if cfg!(feature = "cloud") {
        Ok(())
    } else {
        Err(StoreError::NotInstalled)
    }
}

impl StoreError {
    /// What to do next.
    #[must_use]
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::NotInstalled => {
                "install it with `cargo install --locked --path . --features cloud`, or use what is here already with `--offline`"
            }
            #[cfg(feature = "cloud")]
            Self::Unusable { .. } | Self::Failed { .. } => {
                "check the address, the network and the variables AWS_…, GOOGLE_… or AZURE_… (docs/cache.md), or run with `--offline`"
            }
        }
    }
}
