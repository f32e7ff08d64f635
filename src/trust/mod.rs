//! What a catalog does that a document does not, and whether that was trusted on this machine.
//!
//! A catalog may come from anybody. It runs a program, passes on an argument that could run one,
//! sends a secret to a server of its own choice, or reads and writes outside its folder only after
//! somebody has said yes to exactly that. Here
//! it is told which settings these are and in which words they are asked about; they are taken out of
//! a catalog; and answers are kept. Who is asked, and when, is decided in `cli/`.

pub(crate) mod answers;
mod elsewhere;
pub(crate) mod environment;
mod yt_dlp_args;

use std::fmt::{self, Display};
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use url::Url;

use crate::catalog::transcribe::TranscribeSettings;
use crate::catalog::{Catalog, CommandLine, HeaderPiece, LlmSettings, RequestHeader};
use crate::fs;
use crate::hex::hex;
use crate::llm::ProviderKind;
use crate::llm::address::{is_loopback, redact_url};
use crate::trust::elsewhere::{own_folder, place};
use crate::trust::yt_dlp_args::tell_apart;

/// The yt-dlp that runs where a catalog names none.
const USUAL_YT_DLP: &str = "yt-dlp";

/// A setting with which a catalog does more than a document. Shown, it says what it does, to follow
/// "wants to".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SensitiveSetting {
    /// A program is run in the place of yt-dlp.
    YtDlp {
        #[serde(serialize_with = "lossless")]
        program: PathBuf,
    },
    /// Arguments of yt-dlp that are not known to be harmless.
    YtDlpArgs { arguments: Vec<String> },
    /// A key is made by a command, or goes to a server that is not the provider's own.
    Key {
        endpoint: Endpoint,
        /// What prints the key.
        command: Option<Vec<String>>,
        /// The variables whose content is sent.
        variables: Vec<String>,
        /// Where it goes.
        address: String,
        /// Whether everybody on the way can read it.
        is_unencrypted: bool,
    },
    /// Servers in the network of this machine are asked for captions.
    PrivateHosts { hosts: Vec<String> },
    /// The preview of a review is made with the catalog's own templates.
    Preview {
        /// What they say.
        digest: String,
    },
    /// The page is written outside the catalog's folder.
    Page {
        #[serde(serialize_with = "lossless")]
        folder: PathBuf,
    },
    /// The cache is outside the catalog's folder.
    Cache {
        #[serde(serialize_with = "lossless")]
        folder: PathBuf,
    },
    /// The cache is in a store of the catalog's choice.
    Store { address: String },
    /// Captions, prompts, templates or the logo are read outside the catalog's folder.
    Reading {
        #[serde(serialize_with = "lossless")]
        folder: PathBuf,
    },
}

/// An endpoint of a catalog, by its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Endpoint {
    Llm,
    Transcribe,
}

impl SensitiveSetting {
    /// The key of the catalog, as it is written there.
    #[must_use]
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::YtDlp { .. } => "`yt_dlp`",
            Self::YtDlpArgs { .. } => "`yt_dlp_args`",
            Self::PrivateHosts { .. } => "`private_hosts`",
            Self::Key { endpoint, .. } => endpoint.table(),
            Self::Preview { .. } => "`templates/`",
            Self::Page { .. } => "`output`",
            Self::Cache { .. } | Self::Store { .. } => "`cache`",
            Self::Reading { .. } => "files outside its folder",
        }
    }

    /// What an answer is remembered by: all that the setting says, and the program or script that it
    /// names where that comes with the catalog and may change with it.
    #[must_use]
    pub(crate) fn digest(&self, folder: &Path) -> String {
        let mut hashed = Sha256::new();
        hashed.update(serde_json::to_vec(self).expect("texts can be written as JSON"));
        let named: Vec<&Path> = match self {
            Self::YtDlp { program } => vec![program],
            // A script may follow the program that runs it: `python3 tools/key.py`.
            Self::Key { command, .. } => command.iter().flatten().map(Path::new).collect(),
            _ => Vec::new(),
        };
        let is_inside = |path: &&Path| {
            let file = fs::resolve_links(path);
            path.starts_with(folder) || file.is_ok_and(|file| file.starts_with(folder))
        };
        for path in named.into_iter().filter(is_inside) {
            // One that cannot be read cannot be run either.
            hashed.update(fs::read(path).unwrap_or_default());
        }
        hex(&hashed.finalize())
    }
}

impl Display for SensitiveSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::YtDlp { program } => {
                write!(
                    f,
                    "run the program `{}` in the place of yt-dlp",
                    program.display()
                )
            }
            Self::YtDlpArgs { arguments } => {
                let arguments = shell_words::join(arguments);
                write!(
                    f,
                    "pass arguments to yt-dlp with which it may run programs and read or write files: {arguments}"
                )
            }
            Self::Key {
                command,
                variables,
                address,
                is_unencrypted,
                ..
            } => {
                if let Some(command) = command {
                    let command = shell_words::join(command);
                    write!(f, "run the command `{command}` and send what it prints")?;
                }
                if !variables.is_empty() {
                    let and = if command.is_some() { ", and " } else { "" };
                    let them = variables.join(", ");
                    write!(f, "{and}send the content of the variable {them}")?;
                }
                write!(f, " to {address}")?;
                if *is_unencrypted {
                    f.write_str(", unencrypted")?;
                }
                Ok(())
            }
            Self::PrivateHosts { hosts } => {
                let hosts = hosts.join(", ");
                write!(
                    f,
                    "fetch captions from servers in your own network: {hosts}"
                )
            }
            Self::Preview { .. } => f.write_str(
                "make the preview with page templates of its own, which may run scripts",
            ),
            Self::Page { folder } => {
                write!(f, "write its page into the folder `{}`", folder.display())
            }
            Self::Cache { folder } => {
                write!(f, "keep its cache in the folder `{}`", folder.display())
            }
            Self::Store { address } => write!(
                f,
                "keep its cache in {address}, with the keys that the environment has for it"
            ),
            Self::Reading { folder } => write!(
                f,
                "read files in the folder `{}`, to show them on the page or to send them to a model",
                folder.display()
            ),
        }
    }
}

impl Endpoint {
    fn table(self) -> &'static str {
        match self {
            Self::Llm => "the key of [llm]",
            Self::Transcribe => "the key of [transcribe]",
        }
    }
}

/// The settings of a catalog that need trust.
#[must_use]
pub(crate) fn sensitive_settings(catalog: &Catalog) -> Vec<SensitiveSetting> {
    let fetch = &catalog.fetch;
    let program = fetch.yt_dlp.as_ref();
    let program = program.filter(|program| **program != Path::new(USUAL_YT_DLP));
    let yt_dlp = program.map(|program| SensitiveSetting::YtDlp {
        program: absolute(program),
    });
    // All of them in their order: what is harmless alone may be the value of one that is not.
    let yt_dlp_args = (!tell_apart(&fetch.yt_dlp_args).others.is_empty()).then(|| {
        let arguments = fetch.yt_dlp_args.clone();
        SensitiveSetting::YtDlpArgs { arguments }
    });
    let llm = catalog.llm.as_ref().and_then(key_of_llm);
    let transcribe = catalog.transcribe.as_ref().and_then(key_of_transcribe);
    let hosts = fetch.private_hosts.clone();
    let private_hosts = (!hosts.is_empty()).then_some(SensitiveSetting::PrivateHosts { hosts });
    let store = catalog
        .store
        .as_ref()
        .map(|address| SensitiveSetting::Store {
            address: redact_url(address),
        });
    [yt_dlp, yt_dlp_args, llm, transcribe, private_hosts, store]
        .into_iter()
        .flatten()
        .chain(elsewhere::folders(catalog))
        .collect()
}

/// Lets a catalog do what it is trusted with, where it could not without.
pub(crate) fn grant(catalog: &mut Catalog, setting: &SensitiveSetting) {
    if let SensitiveSetting::Reading { folder } = setting {
        catalog.readable.push(folder.clone());
    }
}

/// Takes a setting out of a catalog, as if it did not stand there. An endpoint that is to get a key
/// is asked nothing without it, and neither is one whose earlier replies, or what they were made of,
/// may be in a folder that is not looked into: it would be paid twice.
pub(crate) fn withhold(catalog: &mut Catalog, setting: &SensitiveSetting) {
    match setting {
        SensitiveSetting::YtDlp { .. } => catalog.fetch.yt_dlp = None,
        SensitiveSetting::YtDlpArgs { .. } => {
            let arguments = &mut catalog.fetch.yt_dlp_args;
            *arguments = tell_apart(arguments).harmless;
        }
        SensitiveSetting::PrivateHosts { .. } => catalog.fetch.private_hosts.clear(),
        SensitiveSetting::Key { endpoint, .. } => match endpoint {
            Endpoint::Llm => {
                ask_nothing(catalog);
                if let Some(llm) = &mut catalog.llm {
                    (llm.api_key_command, llm.api_key_env) = (None, None);
                    llm.headers.retain(|header| names(header).next().is_none());
                }
            }
            Endpoint::Transcribe => catalog.transcribe = None,
        },
        SensitiveSetting::Preview { .. } => {}
        SensitiveSetting::Page { .. } => catalog.output = own_folder(catalog, "page"),
        SensitiveSetting::Store { .. } => {
            catalog.store = None;
            catalog.transcribe = None;
            ask_nothing(catalog);
        }
        SensitiveSetting::Cache { .. } => {
            catalog.cache = own_folder(catalog, "cache");
            catalog.transcribe = None;
            ask_nothing(catalog);
        }
        SensitiveSetting::Reading { folder } => {
            let captions = catalog.fetch.captions.clone();
            let is_in_it = |path: &Path| place(path).starts_with(folder);
            let files = &mut catalog.fetch.caption_files;
            files.retain(|_, file| !is_in_it(&captions.join(file)));
            (catalog.glossary.from).retain(|other| !is_in_it(other));
            catalog.logo.take_if(|logo| is_in_it(logo));
            if is_in_it(&captions) {
                catalog.fetch.captions = own_folder(catalog, "captions");
            }
            ask_nothing(catalog);
        }
    }
}

fn ask_nothing(catalog: &mut Catalog) {
    if let Some(llm) = &mut catalog.llm {
        llm.is_withheld = true;
    }
}

/// A path as JSON in which no two are the same, also where they are no Unicode.
fn lossless<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    match path.to_str() {
        Some(text) => serializer.serialize_str(text),
        None => serializer.serialize_bytes(path.as_os_str().as_encoded_bytes()),
    }
}

fn key_of_llm(llm: &LlmSettings) -> Option<SensitiveSetting> {
    let in_headers = llm.headers.iter().flat_map(names);
    let named = llm.api_key_env.as_deref().into_iter().chain(in_headers);
    key(
        Endpoint::Llm,
        llm.api_key_command.as_ref(),
        named,
        (llm.base_url.as_ref(), llm.provider),
        llm.unencrypted_key,
    )
}

fn key_of_transcribe(transcribe: &TranscribeSettings) -> Option<SensitiveSetting> {
    let named = transcribe.api_key_env.as_deref().into_iter();
    key(
        Endpoint::Transcribe,
        None,
        named,
        (transcribe.base_url.as_ref(), ProviderKind::OpenAi),
        transcribe.unencrypted_key,
    )
}

fn key<'a>(
    endpoint: Endpoint,
    command: Option<&CommandLine>,
    named: impl Iterator<Item = &'a str>,
    (base_url, provider): (Option<&Url>, ProviderKind),
    unencrypted_key: bool,
) -> Option<SensitiveSetting> {
    let strange = base_url.filter(|address| !is_own(address, provider));
    // What the provider gets at its own address is what it has given out.
    let variables: Vec<String> = strange.map_or_else(Vec::new, |address| {
        let goes_home = |variable: &&str| gave_out(address, variable);
        let strange = named.filter(|variable| !goes_home(variable));
        strange.map(str::to_owned).collect()
    });
    if command.is_none() && variables.is_empty() {
        return None;
    }
    let goes_open = |address: &Url| address.scheme() == "http" && !is_loopback(address);
    Some(SensitiveSetting::Key {
        endpoint,
        command: command.map(words),
        variables,
        address: strange.map_or_else(|| provider.default_base_url().to_owned(), redact_url),
        is_unencrypted: unencrypted_key && strange.is_some_and(goes_open),
    })
}

/// Whether an address is that of the provider itself.
fn is_own(address: &Url, provider: ProviderKind) -> bool {
    let own = Url::parse(provider.default_base_url());
    own.is_ok_and(|own| own.origin() == address.origin())
}

/// Services that speak the format of another provider, each with the variable that by its documentation
/// holds the key that it gives out.
const SERVICES: [(&str, &str); 7] = [
    ("https://api.mistral.ai", "MISTRAL_API_KEY"),
    ("https://api.deepseek.com", "DEEPSEEK_API_KEY"),
    ("https://api.x.ai", "XAI_API_KEY"),
    ("https://api.groq.com", "GROQ_API_KEY"),
    ("https://openrouter.ai", "OPENROUTER_API_KEY"),
    ("https://api.together.xyz", "TOGETHER_API_KEY"),
    ("https://models.github.ai", "GITHUB_TOKEN"),
];

/// Whether the service at an address is the one that gives out what is in a variable.
fn gave_out(address: &Url, variable: &str) -> bool {
    let origin = address.origin().ascii_serialization();
    SERVICES.contains(&(&origin, variable))
}

/// The variables that a header names.
fn names(header: &RequestHeader) -> impl Iterator<Item = &str> {
    header.value.iter().filter_map(|piece| match piece {
        HeaderPiece::Variable(name) => Some(name.as_str()),
        HeaderPiece::Text(_) => None,
    })
}

/// The variables that hold secrets, as far as a catalog names them.
pub(crate) fn named_variables(catalog: &Catalog) -> Vec<String> {
    let llm = catalog.llm.iter();
    let of_llm = llm.flat_map(|llm| {
        let in_headers = llm.headers.iter().flat_map(names);
        llm.api_key_env.as_deref().into_iter().chain(in_headers)
    });
    let transcribe = catalog.transcribe.iter();
    let of_transcribe = transcribe.filter_map(|settings| settings.api_key_env.as_deref());
    of_llm.chain(of_transcribe).map(str::to_owned).collect()
}

fn words(CommandLine { program, arguments }: &CommandLine) -> Vec<String> {
    let program = absolute(program).to_string_lossy().into_owned();
    [vec![program], arguments.clone()].concat()
}

/// The place of a program that is named by a path. A command that is looked for stays one.
fn absolute(program: &Path) -> PathBuf {
    if program.components().count() == 1 {
        return program.to_owned();
    }
    let absolute = fs::absolute(program).unwrap_or_else(|_| program.to_owned());
    // The folder by its own name, so that it does not matter which way somebody came.
    let folder = absolute.parent().map(fs::resolve_links);
    match (folder, absolute.file_name()) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => absolute,
    }
}

#[cfg(test)]
mod tests;
