//! Mail as it is saved, with its bodies as their writers saw them. Pure.
//!
//! Programs for mail write bodies in base64 or with `=` at the end of long lines. Any other text stays
//! as it is, but for its line breaks.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::encoding::decode;

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transfer {
    Plain,
    Quoted,
    Base64,
}

/// The text of a file, with line breaks of today and without what mail does to it.
pub(super) fn readable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_mail = text.lines().any(|line| transfer(line).is_some());
    if is_mail { with_bodies(&text) } else { text }
}

/// A mail with each body decoded that its head says to be encoded.
fn with_bodies(mail: &str) -> String {
    let mut text = String::new();
    let (mut told, mut body): (Transfer, Option<Transfer>) = (Transfer::Plain, None);
    let mut lines = String::new();
    for line in mail.lines() {
        if let Some(transfer) = transfer(line) {
            told = transfer;
            text.push_str(&decoded(&lines, body.take()));
            lines.clear();
        } else if line.starts_with("--") || line.starts_with("From ") {
            text.push_str(&decoded(&lines, body.take()));
            (told, lines) = (Transfer::Plain, String::new());
        } else if line.is_empty() && body.is_none() {
            body = Some(told);
        } else if body.is_some() {
            lines.extend([line, "\n"]);
        }
    }
    text.push_str(&decoded(&lines, body));
    text
}

/// What the line of a head says about how the body below is written.
fn transfer(line: &str) -> Option<Transfer> {
    let (name, value) = line.split_once(':')?;
    let is_it = name.eq_ignore_ascii_case("Content-Transfer-Encoding");
    is_it.then(|| match value.trim().to_ascii_lowercase().as_str() {
        "base64" => Transfer::Base64,
        "quoted-printable" => Transfer::Quoted,
        _ => Transfer::Plain,
    })
}

/// A body as its writer saw it; pictures and other files say nothing.
fn decoded(body: &str, transfer: Option<Transfer>) -> String {
    match transfer {
        Some(Transfer::Base64) => {
            let lenient = GeneralPurposeConfig::new()
                .with_decode_padding_mode(DecodePaddingMode::Indifferent)
                .with_decode_allow_trailing_bits(true);
            let letters: String = body.split_whitespace().collect();
            let bytes = GeneralPurpose::new(&STANDARD, lenient).decode(letters);
            let bytes = bytes.unwrap_or_default();
            let is_text = !bytes.contains(&0);
            if is_text {
                format!("{}\n", decode(&bytes))
            } else {
                String::new()
            }
        }
        Some(Transfer::Quoted) => decode(&unquoted(body)).into_owned(),
        Some(Transfer::Plain) | None => body.to_owned(),
    }
}

/// Bytes of which some are written as `=3D`, and lines that go on behind `=`.
fn unquoted(body: &str) -> Vec<u8> {
    let body = body.replace("=\n", "");
    let mut parts = body.split('=');
    let mut bytes: Vec<u8> = parts.next().unwrap_or_default().into();
    for part in parts {
        let digits = part.get(..2);
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(&part.as_bytes()[2..]);
            }
            None => {
                bytes.push(b'=');
                bytes.extend(part.as_bytes());
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_mail_are_read_as_they_were_written() {
        let link = "Grüße: https://www.youtube.com/watch?v=-cBplHNM4RA\n";
        for body in [
            "Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe: https://www.youtube.com/watch?v=3D-cBpl=\r\nHNM4RA\r\n",
            "From: ada@example.org\nContent-Transfer-Encoding: BASE64\n\nR3LDvMOfZTogaHR0cHM6Ly93d3cueW91dHViZS5jb20vd2F0\nY2g/dj0tY0JwbEhOTTRSQQ==\n",
            "Subject: talks\n\n--x\nContent-Transfer-Encoding: base64\nContent-Type: text/plain\n\nR3LDvMOfZTogaHR0cHM6Ly93d3cueW91dHViZS5jb20vd2F0Y2g/dj0tY0JwbEhOTTRSQQ\n--x\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nAAAA\n--x--\n",
        ] {
            assert_eq!(readable(body).trim(), link.trim(), "{body}");
        }
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        for text in ["a=3Db\n\n--\nFrom here\n", "base64: how?\n"] {
            assert_eq!(readable(text), text);
        }
    }
}
