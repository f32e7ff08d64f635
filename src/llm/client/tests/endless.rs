//! Servers that answer without end, or with what unpacks to more than any memory holds.

use std::io::{ErrorKind, Read};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::limits;

/// A server that writes `head` and then `piece` again and again, after so much of a rest each time.
struct Endless {
    address: String,
    connections: Arc<AtomicU64>,
    sent: Arc<AtomicU64>,
}

impl Endless {
    fn start(head: &str, piece: &[u8], rest: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (connections, sent) = (Arc::default(), Arc::default());
        let (head, piece) = (head.to_owned(), piece.to_owned());
        let counts: (Arc<AtomicU64>, Arc<AtomicU64>) =
            (Arc::clone(&connections), Arc::clone(&sent));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counts.0.fetch_add(1, Ordering::SeqCst);
                let (head, piece, sent) = (head.clone(), piece.clone(), Arc::clone(&counts.1));
                thread::spawn(move || answer(stream, &head, &piece, rest, &sent));
            }
        });
        Self {
            address,
            connections,
            sent,
        }
    }

    /// How a request ends, how many were sent, and how much of the answer was taken.
    async fn ask(&self, timeout: Duration) -> (LlmError, u64, u64) {
        let mut settings = settings(&self.address);
        settings.timeout = timeout;
        let error = ask(&Client::new(settings).unwrap()).await.unwrap_err();
        let (asked, taken) = (&self.connections, &self.sent);
        (
            error,
            asked.load(Ordering::SeqCst),
            taken.load(Ordering::SeqCst),
        )
    }
}

fn answer(mut stream: TcpStream, head: &str, piece: &[u8], rest: Duration, sent: &AtomicU64) {
    let mut request = vec![0; 16 << 10];
    drop(stream.read(&mut request));
    drop(stream.write_all(head.as_bytes()));
    loop {
        match stream.write_all(piece) {
            Ok(()) => sent.fetch_add(piece.len() as u64, Ordering::SeqCst),
            Err(error) if error.kind() == ErrorKind::Interrupted => 0,
            Err(_) => return,
        };
        if !rest.is_zero() {
            thread::sleep(rest);
        }
    }
}

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
const LONG: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_reply_without_end_is_read_to_the_limit_and_asked_for_once() {
    for piece in [
        "x".repeat(64 << 10),
        "data: {\"choices\":[{\"delta\":{\"content\":\"so \"}}]}\n\n".repeat(1_000),
        " ".repeat(64 << 10),
    ] {
        let server = Endless::start(HEAD, piece.as_bytes(), Duration::ZERO);
        let (error, asked, taken) = server.ask(LONG).await;
        assert!(matches!(error, LlmError::TooLarge), "{error:?}");
        assert!(!error.is_fatal() && error.may_be_billed());
        assert_eq!(asked, 1, "{error}");
        // What the system has taken and nobody has read is not in our memory.
        assert!(taken < limits::REPLY + (16 << 20), "{taken}");
    }
}

#[tokio::test]
async fn a_reply_that_is_said_to_be_too_large_is_not_begun() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n";
    let server = Endless::start(head, &[b'x'; 1 << 10], Duration::from_millis(1));
    let (error, asked, taken) = server.ask(LONG).await;
    assert!(matches!(error, LlmError::TooLarge), "{error:?}");
    assert_eq!(asked, 1);
    assert!(taken < 1 << 20, "{taken}");
}

#[tokio::test]
async fn what_unpacks_to_more_than_the_limit_is_too_large() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..=(limits::REPLY >> 20) {
        bomb.write_all(&zeros).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 64 << 10);
    let server = server([ResponseTemplate::new(200).set_body_bytes(bomb)]).await;
    let error = ask(&client(&server)).await.unwrap_err();
    assert!(matches!(error, LlmError::TooLarge), "{error:?}");
    assert_eq!(requests(&server).await, 1);
}

#[tokio::test]
async fn headers_without_end_and_a_refusal_without_end_are_left() {
    let header = format!("x-more: {}\r\n", "y".repeat(1_000));
    let server = Endless::start("HTTP/1.1 200 OK\r\n", header.as_bytes(), Duration::ZERO);
    let (error, _, taken) = server.ask(LONG).await;
    assert!(matches!(error, LlmError::Network(_)), "{error:?}");
    assert!(taken < 64 << 20, "{taken}");

    let head = "HTTP/1.1 403 Forbidden\r\n\r\nno entry ";
    let server = Endless::start(head, &vec![b'x'; 64 << 10], Duration::ZERO);
    let (error, asked, taken) = server.ask(LONG).await;
    assert!(matches!(error, LlmError::Forbidden { .. }), "{error:?}");
    assert_eq!(asked, 1);
    assert!(taken < limits::REFUSAL + (16 << 20), "{taken}");
}

#[tokio::test]
async fn what_drips_is_given_up_after_the_time_of_one_request() {
    for head in [HEAD, "HTTP/1.1 200 OK\r\nx-slow: "] {
        let server = Endless::start(head, b" ", Duration::from_millis(5));
        let (error, asked, _) = server.ask(Duration::from_millis(50)).await;
        let LlmError::Network(source) = &error else {
            panic!("{error:?}")
        };
        assert!(source.is_timeout(), "{source:?}");
        // It is a passing fault, and is tried again as often as every other one.
        assert_eq!(asked, 6, "{head}");
    }
}

#[tokio::test]
async fn answers_about_the_endpoint_have_the_same_limits() {
    let server = Endless::start(HEAD, &vec![b'['; 64 << 10], Duration::ZERO);
    let client = Client::new(settings(&server.address)).unwrap();
    assert!(matches!(client.offer().await, Err(LlmError::TooLarge)));
    assert_eq!(client.context_tokens().await, None);
}
