//! What an endpoint answers: what was asked for, or in words why not.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode};

use super::Client;
use super::retrying::LONGEST_WAIT;
use crate::http;
use crate::limits;
use crate::llm::address::redact_url;
use crate::llm::error::{LlmError, deepest};
use crate::llm::quota;
use crate::llm::refusal::meaning::Meaning;
use crate::llm::refusal::{RefusalBody, excerpt, html_page};

/// What an endpoint answers.
pub(super) enum EndpointAnswer<T> {
    /// What was asked for.
    Read(T),
    /// A refusal of this form of the request; another form may be accepted.
    Refused(LlmError, Box<RefusalBody>),
}

impl<T> EndpointAnswer<T> {
    /// Reads what was asked for.
    pub(super) async fn and_then<U>(
        self,
        read: impl AsyncFnOnce(T) -> Result<EndpointAnswer<U>, LlmError>,
    ) -> Result<EndpointAnswer<U>, LlmError> {
        match self {
            Self::Read(value) => read(value).await,
            Self::Refused(error, refusal) => Ok(EndpointAnswer::Refused(error, refusal)),
        }
    }

    /// For requests that have one form.
    pub(super) fn or_refused(self) -> Result<T, LlmError> {
        match self {
            Self::Read(read) => Ok(read),
            Self::Refused(error, _) => Err(error),
        }
    }
}

impl Client {
    pub(super) fn network(&self, error: reqwest::Error) -> LlmError {
        let source = error.without_url();
        let address = redact_url(&self.base);
        let why = deepest(&source);
        if is_about_certificate(&why) {
            return LlmError::Certificate {
                address,
                cause: source,
            };
        }
        if is_about_scheme(&why) {
            return self.wrong_scheme(&why);
        }
        if source.is_connect() {
            LlmError::Unreachable {
                address,
                cause: source,
            }
        } else {
            LlmError::Network(source)
        }
    }

    fn wrong_scheme(&self, message: &str) -> LlmError {
        LlmError::WrongScheme {
            address: redact_url(&self.base),
            spoken: self.base.scheme().to_owned(),
            message: self.redact(message),
        }
    }

    /// Reads what is no success.
    pub(super) async fn failure<T>(
        &self,
        response: Response,
    ) -> Result<EndpointAnswer<T>, LlmError> {
        let status = response.status();
        let headers = response.headers().clone();
        let asked = redact_url(response.url());
        if let Some(place) = headers.get(LOCATION).filter(|_| status.is_redirection()) {
            let place = self.redact(&String::from_utf8_lossy(place.as_bytes()));
            return Err(LlmError::Moved {
                address: asked,
                place,
            });
        }
        let body = http::read_beginning(response, limits::REFUSAL).await;
        let refusal = RefusalBody::new(&String::from_utf8_lossy(&body));
        if refusal.meaning(status) == Meaning::NotThere {
            if refusal.is_page() {
                return Err(self.unknown_path(&refusal));
            }
            let message = self.redact(refusal.message());
            if refusal.is_about_the_model() {
                return Err(LlmError::NoSuchModel { message });
            }
            return Err(LlmError::NotFound {
                address: asked,
                message,
            });
        }
        self.answer_to(refusal, status, &headers)
    }

    /// What a refusal means: another form may do, or an error.
    pub(super) fn answer_to<T>(
        &self,
        refusal: RefusalBody,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<EndpointAnswer<T>, LlmError> {
        let message = self.redact(refusal.message());
        let now = Timestamp::now();
        let retry_after = quota::retry_after(headers, &refusal, now).or_else(|| {
            let is_limited = status == StatusCode::TOO_MANY_REQUESTS;
            is_limited.then(|| quota::reset(headers, now)).flatten()
        });
        let code = status.as_u16();
        Err(match refusal.meaning(status) {
            Meaning::KeyRejected => LlmError::Unauthorized {
                host: self.base.host_str().unwrap_or_default().to_owned(),
                key: self.key_in_words(),
                status: code,
            },
            Meaning::AccountEmpty => LlmError::Exhausted { message },
            Meaning::DayUsedUp => used_up(message, retry_after),
            Meaning::NotServedHere => LlmError::NotServedHere { message },
            Meaning::NotThere if refusal.is_about_the_model() => LlmError::NoSuchModel { message },
            Meaning::NotThere => self.unknown_path(&refusal),
            Meaning::NotPulled => LlmError::NotPulled { message },
            Meaning::WantsHttps => self.wrong_scheme(&message),
            Meaning::TooLong => {
                let context = refusal.context();
                let error = LlmError::ContextTooLong { message, context };
                return Ok(EndpointAnswer::Refused(error, Box::new(refusal)));
            }
            Meaning::Loading => LlmError::Loading {
                message,
                retry_after,
            },
            Meaning::Busy if retry_after.is_some_and(|wait| wait > LONGEST_WAIT) => {
                used_up(message, retry_after)
            }
            Meaning::Busy => LlmError::Busy {
                status: code,
                message,
                retry_after,
            },
            Meaning::Refused if code == 403 && !refusal.is_about_content() => LlmError::Forbidden {
                address: redact_url(&self.base),
                message,
            },
            Meaning::Refused => {
                let error = LlmError::Refused {
                    status: code,
                    message,
                };
                return match code {
                    400 | 404 | 422 | 424 | 501 => {
                        Ok(EndpointAnswer::Refused(error, Box::new(refusal)))
                    }
                    500 if refusal.is_about_form() => {
                        Ok(EndpointAnswer::Refused(error, Box::new(refusal)))
                    }
                    _ => Err(self.fatal_if_refused_alike(error, &refusal)),
                };
            }
        })
    }

    fn unknown_path(&self, refusal: &RefusalBody) -> LlmError {
        LlmError::UnknownPath {
            address: redact_url(&self.base),
            message: self.redact(refusal.message()),
        }
    }

    pub(super) fn no_completion(&self, bytes: &[u8]) -> LlmError {
        let text = String::from_utf8_lossy(bytes);
        match html_page(&text) {
            Some(page) => LlmError::Page {
                address: redact_url(&self.base),
                page: self.without_secrets(&page),
            },
            None => LlmError::NoCompletion {
                start: self.redact(&text),
            },
        }
    }

    /// The start of what an endpoint says, without the secrets should it repeat them.
    pub(super) fn redact(&self, text: &str) -> String {
        excerpt(&self.without_secrets(text))
    }

    /// The same text without the secrets should it repeat them.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        let secrets = self.headers.secrets.iter().chain(self.key.known());
        secrets.fold(text.to_owned(), |text, secret| secret.redact_in(&text))
    }
}

/// A quota that is used up, with the hour when it is renewed. A shorter wait is one for the next
/// minute, which does not renew it.
fn used_up(message: String, wait: Option<Duration>) -> LlmError {
    let renewed = wait.filter(|wait| *wait > LONGEST_WAIT).and_then(|wait| {
        let wait = SignedDuration::try_from(wait).ok()?;
        Timestamp::now().checked_add(wait).ok()
    });
    let until = renewed.map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
    LlmError::UsedUp { message, until }
}

fn is_about_certificate(why: &str) -> bool {
    why.contains("certificate") || why.contains("UnknownIssuer")
}

/// One side has spoken https, and the other has not understood.
fn is_about_scheme(why: &str) -> bool {
    let words = [
        "InvalidContentType",
        "corrupt message",
        "invalid HTTP version",
        "invalid HTTP status-line",
    ];
    words.iter().any(|word| why.contains(word))
}
