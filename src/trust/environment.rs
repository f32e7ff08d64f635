//! Which variables of the environment hold secrets that the programs which are started here have no
//! business with. Pure.

/// How the names of such variables end, whoever's secrets they are.
const ENDINGS: [&str; 10] = [
    "KEY",
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "CREDENTIALS",
    "AUTHORIZATION",
    "_PAT",
    "_AUTH",
];

/// What stands in the names of such variables that end otherwise, such as `AWS_ACCESS_KEY_ID`.
const PARTS: [&str; 3] = ["API_KEY", "ACCESS_KEY", "SECRET_"];

/// The variables among these that yt-dlp and what it starts do not get: all secrets. yt-dlp itself
/// wants none.
#[must_use]
pub(crate) fn hidden_from_yt_dlp(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let is_secret = |name: &String| {
        let name = name.to_ascii_uppercase();
        ENDINGS.iter().any(|ending| name.ends_with(ending))
            || PARTS.iter().any(|part| name.contains(part))
    };
    names.into_iter().filter(is_secret).collect()
}

/// The variables among these that a command which prints a key does not get: the keys of models. A
/// password manager may need secrets of its own.
#[must_use]
pub(crate) fn hidden_from_key_commands(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let is_key = |name: &String| name.to_ascii_uppercase().contains("API_KEY");
    names.into_iter().filter(is_key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::ProviderKind;

    fn owned<const N: usize>(names: [&str; N]) -> Vec<String> {
        names.map(str::to_owned).into()
    }

    #[test]
    fn secrets_are_hidden_and_what_programs_need_is_not() {
        let secrets = owned([
            "OPENAI_API_KEY",
            "azure_key",
            "GITHUB_TOKEN",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "DB_PASSWORD",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "OPENAI_API_KEY_2",
            "GITLAB_PAT",
        ]);
        assert_eq!(hidden_from_yt_dlp(secrets.clone()), secrets);
        let needed = owned([
            "PATH",
            "HOME",
            "HTTPS_PROXY",
            "NO_PROXY",
            "SSL_CERT_FILE",
            "XDG_CONFIG_HOME",
            "SSH_AUTH_SOCK",
            "APPDATA",
            "PYTHONPATH",
            "DISPLAY",
        ]);
        assert_eq!(hidden_from_yt_dlp(needed.clone()), owned([]));
        assert_eq!(hidden_from_key_commands(needed), owned([]));
    }

    #[test]
    fn the_usual_key_of_every_provider_is_hidden_from_everybody() {
        let usual = [
            ProviderKind::OpenAi,
            ProviderKind::Anthropic,
            ProviderKind::Gemini,
            ProviderKind::Ollama,
        ];
        let usual = usual
            .into_iter()
            .filter_map(ProviderKind::default_key_variable);
        let usual: Vec<String> = usual.map(str::to_owned).collect();
        assert_eq!(hidden_from_yt_dlp(usual.clone()), usual);
        assert_eq!(hidden_from_key_commands(usual.clone()), usual);
        let of_manager = owned(["VAULT_TOKEN", "OP_SESSION_me"]);
        assert_eq!(hidden_from_key_commands(of_manager), owned([]));
    }
}
