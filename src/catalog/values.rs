//! Values that several tables of the catalog have, checked: a text, an address, a variable's name.

use std::path::PathBuf;

use toml::Spanned;
use url::Url;

use crate::catalog::credentials;
use crate::catalog::problem::Problem;
use crate::home;

/// A text that cannot be left empty.
pub(super) fn require_text(key: &str, text: Spanned<String>) -> Result<String, Problem> {
    if text.get_ref().trim().is_empty() {
        let problem = Problem::new(text.span(), format!("`{key}` is empty"));
        return Err(problem.with_hint(format!("give it a text, as in `{key} = \"…\"`")));
    }
    Ok(text.into_inner())
}

/// A path, with the home in the place of `~`.
pub(super) fn path<P: Into<PathBuf>>(path: Spanned<P>) -> Result<PathBuf, Problem> {
    let span = path.span();
    home::expand(&path.into_inner().into())
        .map_err(|error| Problem::new(span, error.to_string()).with_hint(error.hint()))
}

/// The address of an endpoint, which holds no secret.
pub(super) fn base_url(text: &Spanned<String>) -> Result<Url, Problem> {
    let url = Url::parse(text.get_ref()).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| {
        let address = text.get_ref();
        let problem = format!("`base_url` is no http or https address: `{address}`");
        Problem::new(text.span(), problem)
            .with_hint("write all of it, such as `http://localhost:11434/v1`")
    })?;
    credentials::no_secret_in(&url, text.span())?;
    Ok(url)
}

/// Whoever writes the key itself here must not find it repeated in a message.
pub(super) fn variable(name: Spanned<String>) -> Result<String, Problem> {
    let is_name = |name: &str| {
        let in_name = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        !name.is_empty() && name.bytes().all(in_name)
    };
    if is_name(name.get_ref()) {
        return Ok(name.into_inner());
    }
    let text = "`api_key_env` is no name of an environment variable";
    let hint = "put the key into a variable, and the variable's name here";
    Err(Problem::new(name.span(), text).with_hint(hint))
}
