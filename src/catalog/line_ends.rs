//! The byte order mark and the line ends of a file, which its document does not know.
//!
//! Pure. Lines before and after what was edited get back exactly what they had, even in a file whose
//! line ends differ; those between get what the file begins with.

/// What a file begins with that some editors on Windows have saved.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The text without its mark, and with line ends of one kind.
pub(super) fn normalize(text: &str) -> String {
    text.trim_start_matches(BYTE_ORDER_MARK)
        .replace("\r\n", "\n")
}

/// An edited text with the mark and the line ends of the original, and with no line end after the
/// last line if there was none.
pub(super) fn restore(original: &str, edited: &str) -> String {
    let (mark, original) = match original.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => (Some(BYTE_ORDER_MARK), rest),
        None => (None, original),
    };
    let edited = if original.ends_with('\n') {
        edited
    } else {
        edited.trim_end_matches('\n')
    };
    let old: Vec<&str> = original.split_inclusive('\n').collect();
    let new: Vec<&str> = edited.split_inclusive('\n').collect();
    let line_end = match old.first() {
        Some(line) if line.ends_with("\r\n") => "\r\n",
        _ => "\n",
    };
    let is_same = |(old, new): &(&&str, &&str)| old.replace("\r\n", "\n") == **new;
    let before = old.iter().zip(&new).take_while(is_same).count();
    let (old_rest, new_rest) = (&old[before..], &new[before..]);
    let from_the_end = old_rest.iter().rev().zip(new_rest.iter().rev());
    let after = from_the_end.take_while(is_same).count();

    let between = new_rest[..new_rest.len() - after].concat();
    let mut text: String = mark.into_iter().collect();
    text.push_str(&old[..before].concat());
    text.push_str(&between.replace('\n', line_end));
    text.push_str(&old_rest[old_rest.len() - after..].concat());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edit_changes_no_end_of_another_line() {
        for (original, restored_as) in [
            ("a\nb\nc\n", "a\nb\nx\ny\nc\n"),
            ("a\r\nb\r\nc\r\n", "a\r\nb\r\nx\r\ny\r\nc\r\n"),
            ("\u{feff}a\r\nb\nc", "\u{feff}a\r\nb\nx\r\ny\r\nc"),
            ("a\nb\r\nc\r\n", "a\nb\r\nx\ny\nc\r\n"),
        ] {
            let edited = normalize(original).replace("b\n", "b\nx\ny\n");
            assert_eq!(restore(original, &edited), restored_as);
            assert_eq!(restore(original, &normalize(original)), original);
        }
    }
}
