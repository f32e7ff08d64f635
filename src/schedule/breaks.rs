//! What is in a programme and is no talk: breaks, meals, registration, parties.
//!
//! A title is one only if all its words say so: "Coffee break" is, "Coffee: how we brew" is not.

/// Words that make a title a break.
const BREAKS: &str = "
    break breaks coffee tea lunch breakfast brunch dinner refreshments snacks intermission recess
    registration registrations checkin check badges badge doors networking social party afterparty
    drinks reception mingle photo
    pause pausen mittagspause kaffeepause kaffee mittagessen mittag frühstück abendessen
    registrierung anmeldung einlass akkreditierung empfang
    pausa déjeuner dîner café enregistrement accueil almuerzo comida desayuno registro descanso
    pranzo colazione registrazione almoço intervalo inscrição przerwa obiad
";

/// Words that lead into or out of a day, or of a recording.
const FRAMES: &str = "
    intro introduction welcome opening closing outro goodbye farewell housekeeping countdown
    announcements credits start end qa q&a questions answers raffle
    begrüßung eröffnung verabschiedung abschluss schluss fragen antworten
    bienvenue ouverture clôture bienvenida apertura cierre clausura benvenuto chiusura
";

/// Words that go with either.
const FILLERS: &str = "
    and und et y e the a der die das le la el of for with to short long small big extended first
    second morning afternoon evening day group event time open remarks remark session ceremony words
    note notes address conference der zum am im min mins minute minutes minuten h hour hours
    am pm bis in
";

/// Whether this is a break: nothing is said in it that anybody records.
pub(crate) fn is_break(title: &str) -> bool {
    consists_of(title, &[BREAKS])
}

/// Whether this is a break, or the frame of a day rather than a talk of its own.
pub(crate) fn is_break_or_frame(title: &str) -> bool {
    consists_of(title, &[BREAKS, FRAMES])
}

fn consists_of(title: &str, kinds: &[&str]) -> bool {
    let lists = |lists: &[&str], word: &str| {
        lists
            .iter()
            .any(|list| list.split_whitespace().any(|listed| listed == word))
    };
    let title = title.to_lowercase();
    let separates = |letter: char| !letter.is_alphanumeric() && letter != '&';
    let words = title.split(separates).map(|word| word.trim_matches('&'));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let is_number = |word: &str| word.chars().all(|letter| letter.is_ascii_digit());
    words.iter().any(|word| lists(kinds, word))
        && words
            .iter()
            .all(|word| lists(kinds, word) || lists(&[FILLERS], word) || is_number(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_are_told_from_talks_about_them() {
        for title in [
            "Break",
            "LUNCH",
            "Coffee Break (30 min)",
            "Lunch & Networking",
            "Registration and Coffee",
            "Mittagspause",
            "Kaffee-Pause",
            "Pause café",
            "Doors open",
            "Check-in",
            "Break 2",
            "Conference dinner",
        ] {
            assert!(is_break(title), "{title}");
        }
        for title in [
            "Breaking the build",
            "Coffee: how we brew it",
            "Lunch with Postgres",
            "Opening remarks",
            "Welcome",
            "Party like it is 1999 bytes",
            "Morning session",
            "Tea time for tensors",
            "",
            "42",
            "Break the monolith",
        ] {
            assert!(!is_break(title), "{title}");
        }
    }

    #[test]
    fn frames_of_a_day_are_no_talks_of_their_own() {
        for title in [
            "Intro",
            "Welcome!",
            "Opening remarks",
            "Q&A",
            "Closing Session",
            "Eröffnung",
            "Coffee",
        ] {
            assert!(is_break_or_frame(title), "{title}");
        }
        for title in [
            "Welcome to Rust 2.0",
            "Opening the black box",
            "Ada Quill: Questions of scale",
            "Keynote",
            "Closing the loop",
        ] {
            assert!(!is_break_or_frame(title), "{title}");
        }
    }
}
