//! Files of people's own as text, whatever program has saved them.
//!
//! A mark at the beginning tells the encoding; without one it is UTF-8 if that is possible, else
//! Windows-1252, in which every file is some text. Pure.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// The text of a file.
#[must_use]
pub fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    let is_utf8 = match str::from_utf8(bytes) {
        Ok(_) => true,
        // A file cut within a letter is still UTF-8; error_len() is None for just that case.
        Err(error) => error.error_len().is_none() && !bytes[..error.valid_up_to()].is_ascii(),
    };
    let encoding = if is_utf8 { UTF_8 } else { WINDOWS_1252 };
    encoding.decode_without_bom_handling(bytes).0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_many_programs_are_text() {
        for bytes in [
            "Zoë".as_bytes(),
            b"\xef\xbb\xbfZo\xc3\xab",
            b"\xff\xfeZ\0o\0\xeb\0",
            b"\xfe\xff\0Z\0o\0\xeb",
            b"Zo\xeb",
        ] {
            assert_eq!(decoded(bytes), "Zoë", "{bytes:?}");
        }
        assert_eq!(decoded(b"Zo\xc3\xab Zo\xc3"), "Zoë Zo\u{fffd}");
    }
}
