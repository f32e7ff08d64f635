//! Options within arguments of yt-dlp, as `--option value` or `--option=value`.

/// The value of an option; the last one counts.
pub(super) fn value<'a>(arguments: &'a [String], option: &str) -> Option<&'a str> {
    let mut value = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == option {
            value = rest.next().map(String::as_str);
        } else if let Some(written) = attached(argument, option) {
            value = Some(written);
        }
    }
    value
}

/// The arguments without an option and its values.
pub(super) fn without(arguments: &[String], option: &str) -> Vec<String> {
    let mut kept = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        if argument == option {
            rest.next();
        } else if attached(argument, option).is_none() {
            kept.push(argument.clone());
        }
    }
    kept
}

fn attached<'a>(argument: &'a str, option: &str) -> Option<&'a str> {
    argument.strip_prefix(option)?.strip_prefix('=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_found_and_left_out_in_both_forms() {
        for (arguments, last, others) in [
            ("--cookies c.txt -v", Some("c.txt"), "-v"),
            ("-v --cookies=a --cookies b", Some("b"), "-v"),
            (
                "--cookies-from-browser firefox",
                None,
                "--cookies-from-browser firefox",
            ),
            ("-v --cookies", None, "-v"),
            ("--cookies= -v", Some(""), "-v"),
            ("", None, ""),
        ] {
            let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
            assert_eq!(value(&arguments, "--cookies"), last, "{arguments:?}");
            assert_eq!(without(&arguments, "--cookies").join(" "), others);
        }
    }
}
