//! What a refusal means for the request and for the run.
//!
//! Pure. The status says what kind of refusal it may be, and codes and whole phrases which one it
//! is: a passing limit may speak of quota and billing too, and a forbidden request of keys.

use std::sync::LazyLock;

use regex::Regex;
use reqwest::StatusCode;

use crate::llm::refusal::RefusalBody;
use crate::llm::refusal::phrases::pattern;
use crate::llm::refusal::phrases::request::{
    ABOUT_ROLES, ABOUT_ROLES_IN_WORDS, ABOUT_STRUCTURE, FILTERED, LOADING, NOT_GENERATED,
    OF_THE_REPLY, TOO_LONG, TOO_LONG_IN_WORDS, TOO_MUCH_TO_DO,
};
use crate::llm::refusal::phrases::run::{
    ABOUT_KEY, DAY, DAY_IN_WORDS, ELSEWHERE, ELSEWHERE_IN_WORDS, EMPTY, EMPTY_IN_WORDS, NO_CHANNEL,
    NO_SUCH_MODEL, NO_SUCH_MODEL_IN_WORDS, NO_SUCH_PATH, QUOTA, WANTS_HTTPS, WRONG_KEY,
    WRONG_KEY_IN_WORDS,
};

/// What a refusal means for the request and for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::llm) enum Meaning {
    KeyRejected,
    /// There is no credit left.
    AccountEmpty,
    /// What may be asked for in a day is used up.
    DayUsedUp,
    /// Nobody is served where the request comes from.
    NotServedHere,
    /// There is no such path or model.
    NotThere,
    /// Ollama knows the model and does not have it.
    NotPulled,
    /// Something speaks https that was spoken to in http.
    WantsHttps,
    /// The prompt does not fit the context.
    TooLong,
    /// The model is being loaded.
    Loading,
    /// A little later it may go well.
    Busy,
    /// This request will never be accepted.
    Refused,
}

impl RefusalBody {
    pub(in crate::llm) fn meaning(&self, status: StatusCode) -> Meaning {
        match status.as_u16() {
            400 | 426 if self.says(WANTS_HTTPS) => Meaning::WantsHttps,
            402 | 429 if self.is_about_a_day() && !self.says(EMPTY) => Meaning::DayUsedUp,
            402 => Meaning::AccountEmpty,
            400 | 401 | 403 | 412 | 422 | 429 | 500 if self.is_about_an_empty_account() => {
                Meaning::AccountEmpty
            }
            400 | 403 | 451 if self.is_about_country() => Meaning::NotServedHere,
            451 if !self.is_about_content() => Meaning::NotServedHere,
            400 | 403 | 503 if self.is_about_a_day() && self.says(QUOTA) => Meaning::DayUsedUp,
            401 if self.lacks_the_model() => Meaning::NotThere,
            401 => Meaning::KeyRejected,
            400 | 422 | 500 if self.is_about_a_wrong_key() => Meaning::KeyRejected,
            403 if self.says(TOO_MUCH_TO_DO) => Meaning::Busy,
            503 if self.says(NO_CHANNEL) => Meaning::NotThere,
            // Moderation and firewalls forbid single requests; only words about the key mean us.
            403 if self.is_page() || self.is_about_content() => Meaning::Refused,
            400 | 403 | 422 | 500 if self.lacks_the_model() => Meaning::NotThere,
            403 if self.says(ABOUT_KEY) || self.words.trim().is_empty() => Meaning::KeyRejected,
            400 | 404 | 425 | 429 | 500 | 502..=504 if self.is_loading() => Meaning::Loading,
            404 if self.says(&["try pulling it", "model '"]) && self.says(&["not found"]) => {
                Meaning::NotPulled
            }
            // OpenRouter's words where nobody who has the model takes the request in this form.
            404 if self.says(&["no endpoints found that"]) => Meaning::Refused,
            404 => Meaning::NotThere,
            400 if self.is_about_the_path() => Meaning::NotThere,
            400 | 422 if self.is_about_the_limit_of_a_reply() => Meaning::Refused,
            413 => Meaning::TooLong,
            400 if self.says(&["throttl"]) => Meaning::Busy,
            400 | 422 | 429 | 500 if self.says(TOO_LONG) => Meaning::TooLong,
            400 | 422 if self.is_too_long_in_words() => Meaning::TooLong,
            500 if self.is_about_form() => Meaning::Refused,
            400 if self.says(TOO_MUCH_TO_DO) && !self.is_about_content() => Meaning::Busy,
            501 => Meaning::Refused,
            408 | 409 | 425 | 429 | 499.. => Meaning::Busy,
            _ => Meaning::Refused,
        }
    }

    /// The status that an endpoint should have sent with such words, where they leave no doubt.
    pub(in crate::llm) fn implied_status(&self) -> Option<StatusCode> {
        if self.is_about_the_path() || self.lacks_the_model() {
            Some(StatusCode::NOT_FOUND)
        } else if self.is_about_a_wrong_key() {
            Some(StatusCode::UNAUTHORIZED)
        } else if self.is_about_an_empty_account() {
            Some(StatusCode::PAYMENT_REQUIRED)
        } else if self.is_about_country() {
            Some(StatusCode::FORBIDDEN)
        } else if self.says(TOO_LONG) || self.is_about_content() {
            Some(StatusCode::BAD_REQUEST)
        } else {
            None
        }
    }

    fn is_about_an_empty_account(&self) -> bool {
        self.says(EMPTY) || EMPTY_IN_WORDS.is_match(&self.words)
    }

    fn is_about_a_day(&self) -> bool {
        self.says(DAY) || DAY_IN_WORDS.is_match(&self.words)
    }

    fn is_about_country(&self) -> bool {
        self.says(ELSEWHERE) || ELSEWHERE_IN_WORDS.is_match(&self.words)
    }

    fn is_too_long_in_words(&self) -> bool {
        static CHARACTERS: LazyLock<Regex> =
            LazyLock::new(|| pattern(r"\bat most [0-9]+ characters\b"));
        let is_content = |place: &String| place.starts_with("body.messages");
        let is_long_content =
            CHARACTERS.is_match(&self.words) && self.places.iter().any(is_content);
        is_long_content || (TOO_LONG_IN_WORDS.is_match(&self.words) && !self.says(OF_THE_REPLY))
    }

    /// Whether the key is said to be wrong, whatever the status.
    fn is_about_a_wrong_key(&self) -> bool {
        let is_header = |place: &String| place.eq_ignore_ascii_case("header.authorization");
        self.says(WRONG_KEY)
            || WRONG_KEY_IN_WORDS.is_match(&self.words)
            || self.places.iter().any(is_header)
    }

    /// Whether the model is said not to be there, or not to be served, whatever the status.
    fn lacks_the_model(&self) -> bool {
        let mut told = NO_SUCH_MODEL_IN_WORDS.captures_iter(&self.words);
        self.says(NO_SUCH_MODEL) || self.says(NO_CHANNEL) || told.any(|told| told.get(1).is_none())
    }

    /// Whether it is the form of the request that a server fails over.
    pub(in crate::llm) fn is_about_form(&self) -> bool {
        self.is_about_roles() || self.says(ABOUT_STRUCTURE)
    }

    fn is_loading(&self) -> bool {
        self.says(LOADING) || self.json["estimated_time"].is_number()
    }

    /// Whether it is the model that is said not to be there.
    pub(in crate::llm) fn is_about_the_model(&self) -> bool {
        let is_missing = [
            "not found",
            "not_found",
            "does not exist",
            "no such",
            "unknown model",
        ];
        self.lacks_the_model() || (self.says(&["model"]) && self.says(&is_missing))
    }

    /// Whether the path is said to be wrong, whatever the status.
    pub(in crate::llm) fn is_about_the_path(&self) -> bool {
        self.says(NO_SUCH_PATH)
    }

    /// Whether a filter declined what the request is about.
    pub(in crate::llm) fn is_about_content(&self) -> bool {
        self.says(FILTERED)
    }

    /// Whether the model failed at this one request.
    pub(in crate::llm) fn is_about_generation(&self) -> bool {
        self.says(NOT_GENERATED)
    }

    /// Whether the conversation may not begin with rules of its own.
    pub(in crate::llm) fn is_about_roles(&self) -> bool {
        let is_role = |place: &String| place.contains("messages") && place.ends_with("role");
        self.says(ABOUT_ROLES)
            || ABOUT_ROLES_IN_WORDS.is_match(&self.words)
            || self.places.iter().any(is_role)
    }
}

/// Whether a status says that the endpoint has too much to do, so that fewer requests at once help.
pub(in crate::llm) fn is_overload(status: StatusCode) -> bool {
    matches!(status.as_u16(), 429 | 503 | 529)
}

#[cfg(test)]
mod tests;
