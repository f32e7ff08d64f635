//! What stands in where the program was installed without stores: there is none, so nothing of this
//! is ever called.

use std::convert::Infallible;

use url::Url;

use crate::fs::Existing;
use crate::store::StoreError;

/// A store, of which there is none.
#[derive(Debug)]
pub(crate) enum Store {}

/// A claim in a store, of which there is none.
pub(crate) type Claim<'a> = &'a Infallible;

#[expect(
    clippy::unused_async,
    reason = "those of a store that is there wait for it"
)]
impl Store {
    pub(crate) fn open(_: &Url, _: &[(String, String)]) -> Result<Self, StoreError> {
        Err(StoreError::NotInstalled)
    }

    pub(crate) async fn names(&self, _: Option<&str>) -> Result<Vec<String>, StoreError> {
        match *self {}
    }

    pub(crate) async fn get(&self, _: &str) -> Result<Vec<u8>, StoreError> {
        match *self {}
    }

    pub(crate) async fn put(&self, _: &str, _: Vec<u8>, _: Existing) -> Result<(), StoreError> {
        match *self {}
    }

    pub(crate) async fn claim(&self, _: &str, _: impl FnOnce()) -> Result<Claim<'_>, StoreError> {
        match *self {}
    }

    pub(crate) async fn while_claimed<T>(&self, _: impl Future<Output = T>) -> T {
        match *self {}
    }
}
