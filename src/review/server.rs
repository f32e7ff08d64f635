//! The server between browser and editor: HTTP on loopback, and who is let in.
//!
//! Every address begins with a random token, so that no page and no program that was not told can
//! ask anything; a cookie would go to every other server on this machine. The host must be ours,
//! which stops names that are turned to loopback, and so must the origin, without which nothing is
//! changed. No text of a talk is put into the page here: the page asks for JSON and shows it as
//! text. The rendered preview is locked into a sandbox of its own.

mod connections;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{DefaultBodyLimit, Json, Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, HeaderName, HeaderValue, ORIGIN,
    REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use crate::review::editor::Editor;
use crate::review::questions::{PageAnswer, PendingQuestion, Question};
use crate::review::rewrite::{self, Rewrite, RewriteAnswer};
use crate::review::server::connections::LIMITS;
use crate::review::{Conference, Refusal, Trouble};
use crate::thumbnails::page_files::FOLDER;

/// What the review page may do: ask this server, show the player of a video, and nothing else.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    connect-src 'self'; img-src data:; frame-src https://www.youtube-nocookie.com; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'";

/// What the preview may do: what it does where it is published, but without an origin.
const PREVIEW_POLICY: &str = "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox; \
    default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
    img-src 'self' data: https://i.ytimg.com; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Says to whom an answer may be shown. The preview has no origin, so its pictures are for all who
/// know the token.
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// More than the longest correction.
const LONGEST_BODY: usize = 256 * 1024;
/// How long a request may take to come, once its head is there.
const BODY_TIME: Duration = Duration::from_secs(10);

/// Where the page is to be had.
#[derive(Debug)]
pub(crate) struct Server {
    listener: TcpListener,
    port: u16,
    token: String,
}

/// Who answers the page.
#[derive(Debug, Clone)]
struct Channels {
    editor: mpsc::Sender<PendingQuestion>,
    /// Whoever asks a model, which takes its time.
    writer: mpsc::Sender<PendingQuestion<Rewrite>>,
}

impl Server {
    /// Listens on loopback; port 0 is any that is free.
    pub(crate) fn open(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        Ok(Self {
            listener,
            port,
            token: token()?,
        })
    }

    /// The address to open. Whoever knows it may do what the page may do.
    #[must_use]
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }

    /// Lets the browser in until `stopped`. `write` has a model asked for other summaries, where that
    /// is allowed; a request that is under way then is waited for.
    pub(crate) async fn serve<R, W>(
        self,
        editor: &mut Editor<R>,
        write: Option<&W>,
        stopped: oneshot::Receiver<()>,
    ) -> io::Result<()>
    where
        R: Fn(Option<&Conference>) -> Result<Conference, Trouble>,
        W: AsyncFn(Rewrite) -> Result<RewriteAnswer, Trouble>,
    {
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let (questions, asked) = mpsc::channel(1);
        let (rewrites, wanted) = mpsc::channel(1);
        let channels = Channels {
            editor: questions,
            writer: rewrites,
        };
        let routes = routes(&self.token, self.port, channels);
        let serving = async {
            tokio::select! {
                // Where a change is under way, it is through before the next turn of this.
                _ = stopped => {}
                () = editor.answer_all(asked) => {}
                () = connections::accept_all(listener, routes, LIMITS) => {}
            }
        };
        tokio::join!(serving, rewrite::answer_all(write, wanted));
        Ok(())
    }
}

/// 128 bits that nobody can guess, in hex.
fn token() -> io::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

fn routes(token: &str, port: u16, channels: Channels) -> Router {
    let script = |text| file("text/javascript; charset=utf-8", text);
    let at = |name: &str| format!("/{token}/{name}");
    let page = file("text/html; charset=utf-8", include_str!("page.html"));
    let style = file("text/css; charset=utf-8", include_str!("review.css"));
    Router::new()
        .route(&at(""), page)
        .route(&at("review.css"), style)
        .route(&at("review.js"), script(include_str!("review.js")))
        .route(&at("ask.js"), script(include_str!("ask.js")))
        .route(&at("category.js"), script(include_str!("category.js")))
        .route(&at("clean.js"), script(include_str!("clean.js")))
        .route(&at("cut.js"), script(include_str!("cut.js")))
        .route(&at("dialog.js"), script(include_str!("dialog.js")))
        .route(&at("draw.js"), script(include_str!("draw.js")))
        .route(&at("forms.js"), script(include_str!("forms.js")))
        .route(&at("keys.js"), script(include_str!("keys.js")))
        .route(&at("name.js"), script(include_str!("name.js")))
        .route(&at("player.js"), script(include_str!("player.js")))
        .route(&at("rewrite.js"), script(include_str!("rewrite.js")))
        .route(&at("search.js"), script(include_str!("search.js")))
        .route(&at("split.js"), script(include_str!("split.js")))
        .route(
            &at("preview"),
            get(async |State(channels)| ask_editor(channels, Question::Page).await),
        )
        .route(
            &at("conference"),
            get(async |State(channels)| ask_editor(channels, Question::Conference).await),
        )
        .route(&at(&format!("{FOLDER}/{{name}}")), get(picture))
        .route(&at("transcript/{talk}"), get(transcript))
        .route(&at("measure"), answer_json(Question::Measure))
        .route(&at("compare"), answer_json(Question::Compare))
        .route(&at("rewrite"), post(rewrite))
        .route(&at("name/preview"), answer_json(Question::Preview))
        .route(&at("name"), answer_json(Question::FixName))
        .route(
            &at("approve/preview"),
            get(async |State(channels)| ask_editor(channels, Question::ListClean).await),
        )
        .route(&at("approve"), answer_json(Question::ApproveClean))
        .route(
            &at("titles/preview"),
            get(async |State(channels)| ask_editor(channels, Question::ListSplits).await),
        )
        .route(&at("titles"), answer_json(Question::SplitTitles))
        .route(&at("edit"), answer_json(Question::Edit))
        .route(&at("undo"), answer_json(Question::Undo))
        .fallback(nothing_here)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(middleware::from_fn_with_state(port, guard))
        .with_state(channels)
}

/// A file of the page.
fn file(kind: &'static str, text: &'static str) -> MethodRouter<Channels> {
    get(async move || ([(CONTENT_TYPE, kind)], text))
}

/// A question that comes as JSON.
fn answer_json<T>(question: fn(T) -> Question) -> MethodRouter<Channels>
where
    T: DeserializeOwned + Send + 'static,
{
    post(async move |State(channels), Json(body): Json<T>| {
        ask_editor(channels, question(body)).await
    })
}

async fn transcript(State(channels): State<Channels>, Path(talk): Path<String>) -> Response {
    ask_editor(channels, Question::Transcript(talk)).await
}

async fn picture(State(channels): State<Channels>, Path(name): Path<String>) -> Response {
    ask_editor(channels, Question::Picture(format!("{FOLDER}/{name}"))).await
}

async fn rewrite(State(channels): State<Channels>, Json(rewrite): Json<Rewrite>) -> Response {
    ask(channels.writer, rewrite).await
}

async fn nothing_here() -> (StatusCode, &'static str) {
    let advice = "Nothing is here. Open the address that `proceedings review` has printed.\n";
    (StatusCode::NOT_FOUND, advice)
}

async fn ask_editor(channels: Channels, question: Question) -> Response {
    ask(channels.editor, question).await
}

async fn ask<Q>(whom: mpsc::Sender<PendingQuestion<Q>>, question: Q) -> Response {
    let (answer, answered) = oneshot::channel();
    let asked = whom.send(PendingQuestion { question, answer }).await;
    let answer = match asked {
        Ok(()) => answered.await.unwrap_or(Err(Refusal::Ended)),
        Err(_) => Err(Refusal::Ended),
    };
    match answer {
        Ok(PageAnswer::Json(json)) => Json(json).into_response(),
        Ok(PageAnswer::Page(page)) => {
            let policy = HeaderValue::from_static(PREVIEW_POLICY);
            ([(CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
        }
        Ok(PageAnswer::Picture(picture)) => {
            let kind = HeaderValue::from_static("image/webp");
            let shared = HeaderValue::from_static("cross-origin");
            ([(CONTENT_TYPE, kind), (RESOURCE_POLICY, shared)], picture).into_response()
        }
        Err(refusal) => {
            let body = json!({ "error": refusal.to_string(), "hint": refusal.hint() });
            (status(&refusal), Json(body)).into_response()
        }
    }
}

fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::ReadOnly | Refusal::AsksNobody => StatusCode::FORBIDDEN,
        Refusal::NoReply(_) => StatusCode::BAD_GATEWAY,
        Refusal::Overtaken | Refusal::NothingToUndo => StatusCode::CONFLICT,
        Refusal::UnknownTalk(_) | Refusal::UnknownPicture(_) => StatusCode::NOT_FOUND,
        Refusal::UnknownCategory(_)
        | Refusal::NotInForm(_)
        | Refusal::NothingToApprove
        | Refusal::NothingClean
        | Refusal::NothingToPutRight
        | Refusal::NothingToSplit => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::NotWritten(_)
        | Refusal::NotRendered(_)
        | Refusal::Unreadable(_)
        | Refusal::Ended => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Lets in who speaks to this server from its own page, and tells the browser to be strict.
async fn guard(State(port): State<u16>, request: Request, next: Next) -> Response {
    let mut response = if is_ours(request.method(), request.headers(), port) {
        match with_body(request).await {
            Ok(request) => next.run(request).await,
            Err(status) => status.into_response(),
        }
    } else {
        StatusCode::FORBIDDEN.into_response()
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (RESOURCE_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ] {
        let value = HeaderValue::from_static(value);
        headers.entry(name).or_insert(value);
    }
    let policy = HeaderValue::from_static(PAGE_POLICY);
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    response
}

/// A request with all of its body, so that nothing waits for one that does not come.
async fn with_body(request: Request) -> Result<Request, StatusCode> {
    let (head, body) = request.into_parts();
    let received = tokio::time::timeout(BODY_TIME, to_bytes(body, LONGEST_BODY)).await;
    match received {
        Ok(Ok(body)) => Ok(Request::from_parts(head, Body::from(body))),
        Ok(Err(_)) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        Err(_) => Err(StatusCode::REQUEST_TIMEOUT),
    }
}

/// Whether a request names us as its host, and comes from our own page where it says from where;
/// what may change something must say it.
fn is_ours(method: &Method, headers: &HeaderMap, port: u16) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let Some(host) = text(HOST) else {
        return false;
    };
    let is_us =
        [format!("127.0.0.1:{port}"), format!("localhost:{port}")].contains(&host.to_owned());
    let is_from_us = match headers.get(ORIGIN) {
        Some(origin) => origin.as_bytes() == format!("http://{host}").as_bytes(),
        None => method == Method::GET,
    };
    is_us && is_from_us
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_page_is_let_in() {
        let is_let_in = |method: Method, host: &str, origin: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, host.parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            is_ours(&method, &headers, 4321)
        };
        let ours = Some("http://127.0.0.1:4321");
        assert!(is_let_in(Method::GET, "127.0.0.1:4321", None));
        assert!(is_let_in(Method::GET, "localhost:4321", None));
        assert!(is_let_in(Method::POST, "127.0.0.1:4321", ours));

        for host in [
            "rebound.example:4321",
            "127.0.0.1:4322",
            "127.0.0.1",
            "127.0.0.1:4321.example",
        ] {
            assert!(!is_let_in(Method::GET, host, None), "{host}");
        }
        for origin in [
            "http://127.0.0.1:4322",
            "http://localhost:4321",
            "https://127.0.0.1:4321",
            "null",
        ] {
            assert!(
                !is_let_in(Method::POST, "127.0.0.1:4321", Some(origin)),
                "{origin}"
            );
            assert!(
                !is_let_in(Method::GET, "127.0.0.1:4321", Some(origin)),
                "{origin}"
            );
        }
        assert!(!is_let_in(Method::POST, "127.0.0.1:4321", None));
        assert!(!is_ours(&Method::GET, &HeaderMap::new(), 4321));
    }

    #[test]
    fn tokens_are_long_and_no_two_are_the_same() {
        let (one, other) = (token().unwrap(), token().unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
