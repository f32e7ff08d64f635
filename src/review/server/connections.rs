//! The connections of the review: so many at once, and none for longer than a browser needs it.
//!
//! Every program on this machine can connect, whether it knows the token or not. What it does not say
//! in time is not waited for, and what comes while too many are open is closed at once.

use std::pin::pin;
use std::time::Duration;

use axum::Router;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

/// More than the longest head of a browser.
const HEAD_SIZE: usize = 32 << 10;
/// How long nobody is let in where the system lets nobody in.
const PAUSE: Duration = Duration::from_millis(100);

/// How many connections there may be, and how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct ConnectionLimits {
    /// How many at once.
    most: usize,
    /// How long a head may take, or the wait for the next one.
    head: Duration,
    /// How long a connection is used; the browser opens another one.
    used: Duration,
    /// How long an answer that is under way then may still take.
    last: Duration,
}

/// More than any browser needs, and less than a system lets a program have.
pub(super) const LIMITS: ConnectionLimits = ConnectionLimits {
    most: 128,
    head: Duration::from_secs(10),
    used: Duration::from_mins(2),
    last: Duration::from_secs(30),
};

/// Answers all who connect, for as long as this is polled.
pub(super) async fn accept_all(listener: TcpListener, routes: Router, limits: ConnectionLimits) {
    let mut open = FuturesUnordered::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                // Dropped here, a connection is closed.
                Ok(_) if open.len() >= limits.most => {}
                Ok((stream, _)) => open.push(answer(stream, routes.clone(), limits)),
                Err(_) => sleep(PAUSE).await,
            },
            Some(()) = open.next() => {}
        }
    }
}

async fn answer(stream: TcpStream, routes: Router, limits: ConnectionLimits) {
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(HEAD_SIZE);
    let service = TowerToHyperService::new(routes);
    let mut connection = pin!(server.serve_connection(TokioIo::new(stream), service));
    // How a connection ends is the other side's business.
    if timeout(limits.used, connection.as_mut()).await.is_err() {
        connection.as_mut().graceful_shutdown();
        drop(timeout(limits.last, connection).await);
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const SHORT: ConnectionLimits = ConnectionLimits {
        most: 4,
        head: Duration::from_millis(50),
        used: Duration::from_millis(400),
        last: Duration::from_millis(50),
    };

    /// Whatever `others` do to a server, while it is one.
    async fn with_server(others: impl AsyncFnOnce(SocketAddr)) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes = Router::new()
            .route("/", get(async || "hello"))
            .route("/long", get(async || "long ".repeat(4 << 20)));
        tokio::select! {
            () = accept_all(listener, routes, SHORT) => {}
            () = others(address) => {}
        }
    }

    /// What comes back, to the end of the connection.
    async fn said(stream: &mut TcpStream) -> String {
        let mut all = Vec::new();
        drop(stream.read_to_end(&mut all).await);
        String::from_utf8_lossy(&all).into_owned()
    }

    async fn says(address: SocketAddr, words: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(words.as_bytes()).await.unwrap();
        stream
    }

    const ASK: &str = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

    #[tokio::test]
    async fn who_says_nothing_or_half_is_not_waited_for() {
        with_server(async |address| {
            for words in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: x\r\nx-", ASK] {
                let mut stream = says(address, words).await;
                let answer = said(&mut stream).await;
                assert_eq!(answer.ends_with("hello"), words == ASK, "{words}: {answer}");
            }
        })
        .await;
    }

    #[tokio::test]
    async fn a_head_without_end_is_refused() {
        with_server(async |address| {
            for begun in ["GET /", "GET / HTTP/1.1\r\nhost: x\r\nx: "] {
                let mut stream = says(address, begun).await;
                let more = vec![b'a'; 4 << 10];
                let mut sent = 0;
                while stream.write_all(&more).await.is_ok() {
                    sent += more.len();
                    assert!(sent < 64 << 20, "it reads on and on");
                }
            }
        })
        .await;
    }

    #[tokio::test]
    async fn many_connections_do_not_keep_others_out_for_long() {
        with_server(async |address| {
            let mut idle = Vec::new();
            for _ in 0..200 {
                idle.push(says(address, "GET").await);
            }
            // Those above the limit are closed; the others are as soon as they took too long.
            for mut stream in idle {
                said(&mut stream).await;
            }
            let mut stream = says(address, ASK).await;
            assert!(said(&mut stream).await.ends_with("hello"));
        })
        .await;
    }

    #[tokio::test]
    async fn who_does_not_read_the_answer_does_not_keep_the_connection() {
        with_server(async |address| {
            let long = "GET /long HTTP/1.1\r\nhost: x\r\n\r\n";
            let stalled: Vec<_> =
                futures::future::join_all((0..4).map(|_| says(address, long))).await;
            let mut answered = false;
            // Somebody is let in as soon as they are gone, without them reading a byte.
            for _ in 0..500 {
                let mut stream = says(address, "").await;
                drop(stream.write_all(ASK.as_bytes()).await);
                answered = said(&mut stream).await.ends_with("hello");
                if answered {
                    break;
                }
                sleep(Duration::from_millis(10)).await;
            }
            assert!(answered);
            drop(stalled);
        })
        .await;
    }
}
