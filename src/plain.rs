//! What the system and the network say of a fault, in plain words.
//!
//! Pure. The layers of a library above such a fault, and the number that the system gives it, tell
//! nobody what to do; the fault itself is named here once, for every message.

use std::error::Error;
use std::io::{self, ErrorKind};

use zip::result::ZipError;

/// What the system says of a file, a folder or a connection.
#[must_use]
pub(crate) fn of_system(error: &io::Error) -> String {
    let words = match error.kind() {
        // Somebody else has put it into words.
        _ if error.raw_os_error().is_none() => None,
        ErrorKind::NotFound => Some("there is no such file or folder"),
        ErrorKind::PermissionDenied => Some("this user has no permission"),
        ErrorKind::ReadOnlyFilesystem => Some("the disk can only be read"),
        ErrorKind::StorageFull => Some("the disk is full"),
        ErrorKind::QuotaExceeded => Some("this user's space on the disk is used up"),
        ErrorKind::IsADirectory => Some("it is a folder"),
        ErrorKind::NotADirectory => Some("a part of its path is no folder"),
        ErrorKind::AlreadyExists => Some("it is there already"),
        ErrorKind::AddrInUse => Some("another program listens there"),
        ErrorKind::ConnectionRefused => Some("nothing listens there (connection refused)"),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            Some("the other side closed the connection")
        }
        ErrorKind::TimedOut => Some("no answer came in time"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            Some("the network does not reach it")
        }
        _ => None,
    };
    words.map_or_else(|| without_number(&error.to_string()), str::to_owned)
}

/// Why a request came to nothing: the cause below all layers.
#[must_use]
pub(crate) fn of_network(error: &reqwest::Error) -> String {
    let layers = layers(error);
    let has = |words: &str| layers.iter().any(|layer| layer.to_string().contains(words));
    if has("dns error") {
        return "there is no such host, or no network".to_owned();
    }
    if has("tunnel error: unsuccessful") {
        return "the proxy does not let it through".to_owned();
    }
    if error.is_timeout() {
        return "no answer came in time".to_owned();
    }
    let deepest = *layers.last().expect("the error itself is one");
    match deepest.downcast_ref::<io::Error>() {
        Some(error) => of_system(error),
        None => without_number(&deepest.to_string()),
    }
}

/// Whether a request failed on its way through a proxy.
#[must_use]
pub(crate) fn is_about_proxy(error: &reqwest::Error) -> bool {
    let layers = layers(error);
    let mut layers = layers.iter();
    layers.any(|layer| layer.to_string().contains("tunnel error"))
}

/// Why an archive cannot be unpacked.
#[must_use]
pub(crate) fn of_archive(error: &ZipError) -> String {
    match error {
        ZipError::Io(error) => of_system(error),
        ZipError::InvalidArchive(_) => "it is no ZIP file, or a damaged one".to_owned(),
        ZipError::UnsupportedArchive(what) => format!("it is packed in another way: {what}"),
        ZipError::FileNotFound => "a file that it lists is not in it".to_owned(),
        error => error.to_string(),
    }
}

fn layers<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut layers = vec![error];
    let mut layer = error;
    while let Some(below) = layer.source() {
        layers.push(below);
        layer = below;
    }
    layers
}

/// The words of a fault without the number that the system has for it.
fn without_number(words: &str) -> String {
    match words.rsplit_once(" (os error ") {
        Some((words, number)) if number.ends_with(')') => words.to_owned(),
        _ => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_the_system_have_plain_words_and_no_number() {
        for (error, expected) in [
            (
                std::fs::read("no/such/file").unwrap_err(),
                "there is no such file or folder",
            ),
            (
                io::Error::other("it is larger than 2 MiB"),
                "it is larger than 2 MiB",
            ),
            (
                io::Error::from(ErrorKind::PermissionDenied),
                "permission denied",
            ),
        ] {
            assert_eq!(of_system(&error), expected);
        }
        assert_eq!(
            without_number("Too many open files (os error 24)"),
            "Too many open files"
        );
    }
}
