//! `~/` at the beginning of a path: the home of whoever runs the program, as a shell has it.
//!
//! A shell does not see the paths in a catalog, nor those behind a `=`. A folder called `~` is made
//! by nobody on purpose, and cleaning it up has cost people their homes.

use std::path::{Component, Path, PathBuf};

use thiserror::Error;

/// A path whose `~` means nothing here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum HomeError {
    /// It names the home of somebody.
    #[error("`{0}` is somebody's home, and only your own, `~/`, is looked up")]
    OfAnother(String),
    /// The system does not say where home is.
    #[error("this user has no home for `~/`")]
    None,
}

impl HomeError {
    /// What to write instead.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::OfAnother(name) => {
                format!("write the whole path, or `./{name}` for something of that name")
            }
            Self::None => "write the whole path".to_owned(),
        }
    }
}

/// The path with the home in the place of `~`.
pub(crate) fn expand(path: &Path) -> Result<PathBuf, HomeError> {
    expand_in(path, std::env::home_dir)
}

fn expand_in(path: &Path, home: impl Fn() -> Option<PathBuf>) -> Result<PathBuf, HomeError> {
    let mut rest = path.components();
    let Some(Component::Normal(first)) = rest.next() else {
        return Ok(path.to_owned());
    };
    if first == "~" {
        let home = home().filter(|home| !home.as_os_str().is_empty());
        return Ok(home.ok_or(HomeError::None)?.join(rest.as_path()));
    }
    let first = first.to_string_lossy();
    if first.starts_with('~') {
        return Err(HomeError::OfAnother(first.into_owned()));
    }
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_begins_at_home_where_it_says_so() {
        let expand = |path: &str| {
            let path = expand_in(Path::new(path), || Some(PathBuf::from("/home/me")));
            path.map(|path| path.to_string_lossy().replace('\\', "/"))
        };
        for (path, expanded) in [
            ("~/page", "/home/me/page"),
            ("~/a/../b", "/home/me/a/../b"),
            ("~", "/home/me/"),
            ("page", "page"),
            ("./~/page", "./~/page"),
            ("a/~/b", "a/~/b"),
            ("a~", "a~"),
            ("/~/b", "/~/b"),
            ("", ""),
            ("-", "-"),
        ] {
            assert_eq!(expand(path).as_deref(), Ok(expanded), "{path}");
        }
        for path in ["~me/page", "~me", "~backup.toml"] {
            assert!(
                matches!(expand(path), Err(HomeError::OfAnother(_))),
                "{path}"
            );
        }
    }

    #[test]
    fn where_nobody_is_at_home_nothing_is_made() {
        let expand = |path: &str| expand_in(Path::new(path), || None);
        assert_eq!(expand("~/page"), Err(HomeError::None));
        assert_eq!(expand("page"), Ok(PathBuf::from("page")));
    }
}
