//! Objects by their names: listed, brought in and put there. Only this file and `claims.rs` know the
//! library that speaks to stores.

use futures::TryStreamExt;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{
    Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, parse_url_opts,
};
use url::Url;

use crate::fs::Existing;
use crate::llm::address::redact_url;
use crate::store::StoreError;
use crate::store::claims::{CLAIMS, Claims};
use crate::talk::one_line;
use crate::{http, limits};

/// A store.
#[derive(Debug)]
pub(crate) struct Store {
    pub(super) objects: PrefixStore<Box<dyn ObjectStore>>,
    pub(super) claims: Claims,
    address: String,
    /// What no message may say.
    secrets: Vec<String>,
}

impl Store {
    /// The store at an address, reached as these variables say. Nobody is asked yet.
    pub(crate) fn open(address: &Url, variables: &[(String, String)]) -> Result<Self, StoreError> {
        http::choose_tls();
        let secrets: Vec<String> = variables
            .iter()
            .filter(|(name, value)| is_secret(name) && !value.is_empty())
            .map(|(_, value)| value.clone())
            .collect();
        let shown = redact_url(address);
        let opened = parse_url_opts(address, variables.iter().map(|(name, value)| (name, value)));
        let (objects, prefix) = opened.map_err(|error| StoreError::Unusable {
            why: without_secrets(&error, &secrets),
            address: shown.clone(),
        })?;
        Ok(Self {
            secrets,
            ..Self::of(objects, prefix, shown)
        })
    }

    /// What stands under a prefix of a store.
    pub(crate) fn of(objects: Box<dyn ObjectStore>, prefix: Path, address: String) -> Self {
        Self {
            objects: PrefixStore::new(objects, prefix),
            claims: Claims::default(),
            address,
            secrets: Vec::new(),
        }
    }

    /// The names of all objects, or of those in a folder.
    pub(crate) async fn names(&self, folder: Option<&str>) -> Result<Vec<String>, StoreError> {
        let place = folder.map(Path::from);
        let listed = self.objects.list(place.as_ref());
        let names = listed.map_ok(|object| object.location.to_string());
        let mut names: Vec<String> = names
            .try_collect()
            .await
            .map_err(|error| self.failed("list", folder.unwrap_or("all objects"), &error))?;
        names.retain(|name| !name.starts_with(CLAIMS));
        Ok(names)
    }

    /// What is in an object.
    pub(crate) async fn get(&self, name: &str) -> Result<Vec<u8>, StoreError> {
        let failed = |error| self.failed("give", name, &error);
        let found = self.objects.get(&Path::from(name)).await.map_err(failed)?;
        if found.meta.size > limits::SHARED {
            let why = format!("it is larger than {}", limits::size(limits::SHARED));
            return Err(self.failed("give", name, &why));
        }
        let bytes = found.bytes().await.map_err(failed)?;
        Ok(bytes.to_vec())
    }

    /// Puts an object there. One that is there already may be kept.
    pub(crate) async fn put(
        &self,
        name: &str,
        bytes: Vec<u8>,
        existing: Existing,
    ) -> Result<(), StoreError> {
        let mode = match existing {
            Existing::Keep => PutMode::Create,
            Existing::Replace => PutMode::Overwrite,
        };
        let payload = PutPayload::from(bytes);
        let options = PutOptions::from(mode);
        match self
            .objects
            .put_opts(&Path::from(name), payload, options)
            .await
        {
            Ok(_) | Err(Error::AlreadyExists { .. }) => Ok(()),
            Err(error) => Err(self.failed("keep", name, &error)),
        }
    }

    pub(super) fn failed(
        &self,
        action: &'static str,
        name: &str,
        error: &impl ToString,
    ) -> StoreError {
        StoreError::Failed {
            address: self.address.clone(),
            action,
            name: name.to_owned(),
            why: without_secrets(error, &self.secrets),
        }
    }
}

/// Whether a variable holds what is nobody's business.
fn is_secret(name: &str) -> bool {
    const SECRET: [&str; 5] = ["KEY", "TOKEN", "SECRET", "PASSWORD", "SAS"];
    SECRET.iter().any(|word| name.contains(word))
}

/// What went wrong, on one line and without the keys.
fn without_secrets(error: &impl ToString, secrets: &[String]) -> String {
    let mut text = one_line(&error.to_string());
    for secret in secrets {
        text = text.replace(secret, "…");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_does_not_hold_a_key() {
        let variables = [
            ("AWS_ACCESS_KEY_ID", "someone"),
            ("AWS_SECRET_ACCESS_KEY", "hunter2"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:9/hunter2"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let store = Store::open(&"s3://bucket/x".parse().unwrap(), &variables).unwrap();
        let error = store.failed("keep", "a", &"the key\nhunter2 is wrong");
        assert_eq!(
            error.to_string(),
            "the store `s3://bucket/x` could not keep `a`: the key … is wrong"
        );
    }
}
