//! Numbers in words become numbers in digits: "twenty-five" is 25, "5 million" is 5000000.
//!
//! English alone has its words here; in other languages a number in words is a word.

use crate::evidence::words::Piece;
use crate::script::Script;

/// What a number word adds to a number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum NumberWord {
    /// 0 to 19.
    Small(f64),
    /// 20 to 90.
    Tens(f64),
    /// Hundred, thousand, million.
    Scale(f64),
    /// In digits already.
    Digits(f64),
}

/// Joins what makes one number together, and writes it in digits.
pub(super) fn join_numerals(pieces: &[Piece]) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut at = 0;
    while at < pieces.len() {
        match numeral(&pieces[at..]) {
            Some((length, value)) => {
                joined.push(Piece {
                    folded: value,
                    range: pieces[at].range.start..pieces[at + length - 1].range.end,
                    script: Script::Digits,
                });
                at += length;
            }
            None => {
                joined.push(pieces[at].clone());
                at += 1;
            }
        }
    }
    joined
}

/// The number that begins here: of how many words it is, and its digits.
fn numeral(pieces: &[Piece]) -> Option<(usize, String)> {
    let first = part(&pieces[0])?;
    if let Some(ordinal) = ordinal(pieces) {
        return Some((2, ordinal));
    }
    // What is below a thousand, and what is above it already.
    let (mut low, mut high) = match first {
        NumberWord::Small(value) | NumberWord::Tens(value) | NumberWord::Digits(value) => {
            (value, 0.0)
        }
        NumberWord::Scale(scale) if scale < 1000.0 => (scale, 0.0),
        NumberWord::Scale(scale) => (0.0, scale),
    };
    let (mut last, mut length, mut has_scale) = (first, 1, matches!(first, NumberWord::Scale(_)));
    let mut digits_as_written = matches!(first, NumberWord::Digits(_));
    loop {
        let word = |at: usize| pieces.get(at).map(|piece| piece.folded.as_str());
        let is_and =
            word(length) == Some("and") && has_scale && !matches!(last, NumberWord::Digits(_));
        let step = 1 + usize::from(is_and);
        let Some(next) = pieces.get(length + step - 1).and_then(part) else {
            break;
        };
        (low, high) = match (last, next) {
            (_, NumberWord::Scale(_)) if is_and => break,
            (_, NumberWord::Scale(scale)) if scale < 1000.0 && low < 100.0 => (low * scale, high),
            (_, NumberWord::Scale(scale)) if scale >= 1000.0 && low > 0.0 => {
                (0.0, high + low * scale)
            }
            (NumberWord::Tens(_), NumberWord::Small(value)) if (1.0..10.0).contains(&value) => {
                (low + value, high)
            }
            (NumberWord::Scale(_), NumberWord::Small(value) | NumberWord::Tens(value)) => {
                (low + value, high)
            }
            // Years: "nineteen ninety", "twenty twenty".
            (NumberWord::Small(10.0..) | NumberWord::Tens(_), NumberWord::Tens(value))
                if low < 100.0 && high == 0.0 =>
            {
                (low * 100.0 + value, high)
            }
            (
                NumberWord::Small(10.0..) | NumberWord::Tens(_),
                NumberWord::Small(value @ 10.0..),
            ) if low < 100.0 && high == 0.0 => (low * 100.0 + value, high),
            _ => break,
        };
        has_scale |= matches!(next, NumberWord::Scale(_));
        digits_as_written = false;
        last = next;
        length += step;
    }
    if digits_as_written {
        return match pieces.get(1) {
            // "10k", written as one.
            Some(k) if k.folded == "k" && k.range.start == pieces[0].range.end => {
                Some((2, format!("{}", low * 1000.0)))
            }
            _ => Some((1, pieces[0].folded.clone())),
        };
    }
    let decimals = decimals(&pieces[length..]);
    let whole = format!("{}", low + high);
    Some(match decimals {
        Some((words, decimals)) => (length + words, format!("{whole}.{decimals}")),
        None => (length, whole),
    })
}

/// "point five" behind a number in words.
fn decimals(rest: &[Piece]) -> Option<(usize, String)> {
    let is_point = rest.first().is_some_and(|piece| piece.folded == "point");
    let digit = |piece: &Piece| match part(piece) {
        Some(NumberWord::Small(value)) if value < 10.0 => Some(format!("{value}")),
        _ => None,
    };
    let digits: Vec<String> = rest.iter().skip(1).map_while(digit).collect();
    (is_point && !digits.is_empty()).then(|| (1 + digits.len(), digits.concat()))
}

/// `2nd` in words, as it is said.
fn ordinal(pieces: &[Piece]) -> Option<String> {
    const ORDINALS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        "tenth",
    ];
    let (number, ending) = (&pieces[0], pieces.get(1)?);
    let is_ending = matches!(ending.folded.as_str(), "st" | "nd" | "rd" | "th");
    if number.range.end != ending.range.start || !is_ending {
        return None;
    }
    let place = number.folded.parse::<usize>().ok()?.checked_sub(1);
    let word = place.and_then(|place| ORDINALS.get(place));
    Some(word.map_or_else(
        || number.folded.clone() + &ending.folded,
        |word| (*word).to_owned(),
    ))
}

fn part(piece: &Piece) -> Option<NumberWord> {
    const SMALL: &str = "zero one two three four five six seven eight nine ten eleven twelve \
        thirteen fourteen fifteen sixteen seventeen eighteen nineteen";
    const TENS: &str = "twenty thirty forty fifty sixty seventy eighty ninety";
    if piece.script == Script::Digits {
        return Some(NumberWord::Digits(piece.folded.parse().ok()?));
    }
    let place = |words: &str| {
        let place = words
            .split_whitespace()
            .position(|word| word == piece.folded);
        place
            .and_then(|place| u8::try_from(place).ok())
            .map(f64::from)
    };
    Some(match piece.folded.as_str() {
        "hundred" => NumberWord::Scale(100.0),
        "thousand" => NumberWord::Scale(1e3),
        "million" => NumberWord::Scale(1e6),
        "billion" => NumberWord::Scale(1e9),
        "trillion" => NumberWord::Scale(1e12),
        _ => match (place(SMALL), place(TENS)) {
            (Some(value), _) => NumberWord::Small(value),
            (_, Some(tens)) => NumberWord::Tens((tens + 2.0) * 10.0),
            _ => return None,
        },
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::words::words;

    #[test]
    fn numbers_in_words_are_those_in_digits() {
        for (text, digits) in [
            ("twenty five", "25"),
            ("nineteen ninety nine", "1999"),
            ("twenty twenty three", "2023"),
            ("two thousand and three", "2003"),
            ("three hundred and twelve thousand", "312000"),
            ("5 million", "5000000"),
            ("1.5 million", "1500000"),
            ("ten thousand", "10000"),
            ("10k", "10000"),
            ("a hundred", "a 100"),
            ("one point five", "1.5"),
            ("one two three", "1 2 3"),
            ("2nd and second", "second and second"),
            ("five and six", "5 and 6"),
            ("007", "7"),
            ("0", "0"),
            ("0.5", "0.5"),
            ("99999999999999999999999", "99999999999999999999999"),
        ] {
            let words: Vec<String> = words(text, None).into_iter().map(|w| w.folded).collect();
            assert_eq!(words.join(" "), digits, "{text}");
        }
    }
}
