//! Values that several tables of the catalog have, checked: a text, an address, a variable's name.

use toml::Spanned;
use url::Url;

use crate::catalog::credentials;
use crate::catalog::problem::Problem;

/// A text that cannot be left empty.
pub(super) fn require_text(key: &str, text: Spanned<String>) -> Result<String, Problem> {
    if text.get_ref().trim().is_empty() {
        return Err(Problem {
            hint: Some(format!("give it a text, as in `{key} = \"…\"`")),
            ..Problem::new(text.span(), format!("`{key}` is empty"))
        });
    }
    Ok(text.into_inner())
}

/// The address of an endpoint, which holds no secret.
pub(super) fn base_url(text: &Spanned<String>) -> Result<Url, Problem> {
    let url = Url::parse(text.get_ref()).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| Problem {
        span: text.span(),
        text: format!(
            "`base_url` is no http or https address: `{}`",
            text.get_ref()
        ),
        hint: Some("write all of it, such as `http://localhost:11434/v1`".to_owned()),
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
    Err(Problem {
        span: name.span(),
        text: "`api_key_env` is no name of an environment variable".to_owned(),
        hint: Some("put the key into a variable, and the variable's name here".to_owned()),
    })
}
