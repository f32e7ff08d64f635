//! Whether a catalog may do more than a document does: asked once on a terminal, with all that it
//! wants to do, and remembered until it wants something else.
//!
//! Where nobody can be asked, no is the answer. The run then goes on without these settings, and says
//! so with the next step.

use std::env;
use std::io::{self, IsTerminal};

use crate::catalog::Catalog;
use crate::cli::arguments::{Globals, Trust};
use crate::cli::tools;
use crate::printable::printable;
use crate::report::{causes, say};
use crate::trust::answers::{Answer, Answers};
use crate::trust::{SensitiveSetting, grant, sensitive_settings, withhold};

/// Trusts every catalog where it holds [`ALL`], for CI.
const VARIABLE: &str = "PROCEEDINGS_TRUST";
const ALL: &str = "all";

/// Whether the environment trusts every catalog.
pub(super) fn is_given_to_all() -> bool {
    let said = env::var(VARIABLE).unwrap_or_default();
    if !said.is_empty() && said != ALL {
        say(format_args!(
            "the variable {VARIABLE} can only be `{ALL}`; another value is ignored"
        ));
    }
    said == ALL
}

/// Takes out of the catalog what it does beyond a document and is not trusted to do, and tells what
/// that is.
pub(super) fn withhold_untrusted(
    globals: &Globals,
    catalog: &mut Catalog,
) -> Vec<SensitiveSetting> {
    let settings = sensitive_settings(catalog);
    let untrusted = untrusted(globals, settings.clone());
    for setting in &settings {
        if untrusted.contains(setting) {
            withhold(catalog, setting);
        } else {
            grant(catalog, setting);
        }
    }
    untrusted
}

/// Those of the settings of a catalog that are not trusted.
pub(super) fn untrusted(
    globals: &Globals,
    settings: Vec<SensitiveSetting>,
) -> Vec<SensitiveSetting> {
    if settings.is_empty() || globals.trust == Trust::GivenToAll {
        return Vec::new();
    }
    let store = tools::user_folder().map(|folder| folder.join("trusted"));
    let mut answers = match Answers::load(&globals.catalog, store.as_deref()) {
        Ok(answers) => answers,
        Err(error) => {
            say(format_args!(
                "the list of trusted catalogs cannot be read: {}",
                causes(&error)
            ));
            return settings;
        }
    };
    if globals.trust == Trust::Given {
        remember(&mut answers, &settings, Answer::Yes);
        return Vec::new();
    }
    let is_trusted = |setting: &SensitiveSetting| answers.about(setting) == Some(Answer::Yes);
    let mut untrusted: Vec<SensitiveSetting> = settings;
    untrusted.retain(|setting| !is_trusted(setting));
    let is_open = |setting: &&SensitiveSetting| answers.about(setting).is_none();
    let open: Vec<SensitiveSetting> = untrusted.iter().filter(is_open).cloned().collect();
    let can_ask = || io::stdin().is_terminal() && io::stderr().is_terminal();
    if !open.is_empty() && globals.trust == Trust::Asked && can_ask() {
        let answer = ask(globals, &open);
        if let Some(answer) = answer {
            remember(&mut answers, &open, answer);
        }
        if answer == Some(Answer::Yes) {
            untrusted.retain(|setting| !open.contains(setting));
        }
    }
    if !untrusted.is_empty() && globals.trust != Trust::Silent {
        say_left_out(globals, &untrusted);
    }
    untrusted
}

/// Remembers that a catalog is trusted that this user has just begun with these words.
pub(super) fn trust_own(globals: &Globals, catalog: &Catalog) {
    let own = Globals {
        trust: Trust::Given,
        ..globals.clone()
    };
    drop(untrusted(&own, sensitive_settings(catalog)));
}

fn remember(answers: &mut Answers, settings: &[SensitiveSetting], answer: Answer) {
    if settings
        .iter()
        .all(|setting| answers.about(setting) == Some(answer))
    {
        return;
    }
    if let Err(error) = answers.keep(settings, answer) {
        say(format_args!(
            "the program could not keep your answer about trust: {}",
            causes(&error)
        ));
    }
}

/// Asks about these settings; none where nobody answers.
fn ask(globals: &Globals, settings: &[SensitiveSetting]) -> Option<Answer> {
    say(format_args!(
        "{} wants to do more than a document can. It wants to:",
        globals.catalog.display()
    ));
    for setting in settings {
        say(format_args!("  - {}", printable(&setting.to_string())));
    }
    say(format_args!(
        "Do you allow this? Your answer holds until the catalog wants something else. [y/N]"
    ));
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    if !read.is_ok_and(|length| length > 0) {
        return None;
    }
    let is_yes = ["y", "yes"].contains(&answer.trim().to_lowercase().as_str());
    Some(if is_yes { Answer::Yes } else { Answer::No })
}

fn say_left_out(globals: &Globals, settings: &[SensitiveSetting]) {
    let mut names: Vec<&str> = settings.iter().map(SensitiveSetting::name).collect();
    names.dedup();
    say(format_args!(
        "{} is not trusted on this machine, so the run goes on without {}. The catalog wants to:",
        globals.catalog.display(),
        names.join(", ")
    ));
    for setting in settings {
        say(format_args!("  - {}", printable(&setting.to_string())));
    }
    say(format_args!(
        "    next: read these lines; if you agree, run the command once with `--trust`"
    ));
}
