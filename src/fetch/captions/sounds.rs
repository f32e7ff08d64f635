//! Sound marks: `[Music]`, `(audience laughing)`, `♪`.
//!
//! Brackets also hold speech, so a mark is known by its words alone: each must be in the lists
//! below, and one must name a sound. A mark that the lists miss stays, which costs the reader
//! less than a word that was spoken and is gone.

/// Words that name a sound, as captions spell them in the languages of most conferences: Germanic,
/// Romance, Slavic and other European ones, then those of Asia.
const SOUNDS: &str = "
    music applause applauds applauding laughter laughs laughing laugh chuckles chuckling giggles
    giggling cheering cheers clapping claps singing sighs sighing gasps gasping coughs coughing
    cough sneezes snorts throat whistling whistles whoosh whooshing beep beeps beeping ringing
    chimes bell noise silence blank_audio
    musik applaus beifall gelächter lachen lacht jubel klatschen gesang husten hustet räuspern
    räuspert seufzt stille muziek gelach gejuich musikk applåder skratt bifall latter klapsalver
    musiikkia aplodeja naurua
    musique applaudissements rires rire toux música aplausos risas risa ríe ríen risos risadas
    palmas aplaudiments rialles musica applausi applauso risate muzică aplauze râsete
    muzyka oklaski brawa śmiech śmiechy hudba potlesk smích smiech музыка аплодисменты смех
    смеется смеётся музика оплески сміх
    zene nevetés müzik alkış alkışlar gülüşmeler kahkaha μουσική χειροκρότημα γέλια
    מוזיקה מחיאות צחוק موسيقى تصفيق ضحك موسیقی تشویق خنده संगीत तालियां हंसी
    音乐 音樂 掌声 掌聲 鼓掌 笑声 笑聲 笑 音楽 拍手 笑い 음악 박수 웃음 nhạc tawa
";

/// Words that only go with a sound: what it is like, whose it is, and the joints between.
const COMPANIONS: &str = "
    upbeat gentle soft light loud quiet dramatic ambient cheerful background intro outro theme
    electronic techno rock jazz piano guitar playing plays continues continuing starts begins
    stops ends fades fading audience crowd speaker clears clearing scattered and
    publikum im und heiterkeit leise du public et del público y e do da pubblico כפיים
";

const NOTES: &[char] = &['♪', '♫', '♩', '♬', '🎵', '🎶'];

const BRACKETS: &[(char, char)] = &[
    ('[', ']'),
    ('(', ')'),
    ('*', '*'),
    ('［', '］'),
    ('（', '）'),
    ('【', '】'),
    ('♪', '♪'),
];

/// Leaves a space in the place of every sound mark. Words sung between two notes are words.
pub(super) fn without_marks(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let length = mark(rest).unwrap_or(letter.len_utf8());
        let is_sound = length > letter.len_utf8() || NOTES.contains(&letter);
        kept.push(if is_sound { ' ' } else { letter });
        rest = &rest[length..];
    }
    kept
}

/// How many bytes of the text's beginning are a bracketed sound.
fn mark(text: &str) -> Option<usize> {
    let mut letters = text.chars();
    let opening = letters.next()?;
    let (_, closing) = BRACKETS.iter().find(|(bracket, _)| *bracket == opening)?;
    let inside = letters.as_str();
    // No mark is this long; without a limit a file of nothing but brackets takes all day.
    let (end, _) = inside
        .char_indices()
        .take(80)
        .find(|(_, letter)| letter == closing)?;
    is_sound(&inside[..end]).then_some(opening.len_utf8() + end + closing.len_utf8())
}

fn is_sound(inside: &str) -> bool {
    let inside = inside.to_lowercase();
    let words: Vec<_> = inside
        .split_whitespace()
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect();
    let is_in = |list: &str, word: &str| list.split_whitespace().any(|known| known == word);
    // Speech is told by its first word, and need not be looked through.
    let says_nothing_else = words
        .iter()
        .all(|word| is_in(SOUNDS, word) || is_in(COMPANIONS, word));
    let names_one = || inside.contains(NOTES) || words.iter().any(|word| is_in(SOUNDS, word));
    says_nothing_else && names_one()
}

#[cfg(test)]
mod tests {
    use super::without_marks;

    #[test]
    fn sounds_are_dropped_in_the_usual_spellings() {
        for mark in [
            "[Music]",
            "[ APPLAUSE ]",
            "(upbeat music)",
            "[Audience laughing.]",
            "*clears throat*",
            "♪",
            "♪ upbeat music ♪",
            "[♪♪♪]",
            "[Music – fades]",
            "[BLANK_AUDIO]",
            "(Beifall und Gelächter)",
            "[Musik]",
            "[Rires du public]",
            "[Applaudissements]",
            "[Música]",
            "(risas y aplausos)",
            "[Applausi]",
            "[музыка]",
            "（拍手）",
            "[音楽]",
            "[박수]",
            "[Śmiech]",
            "[موسيقى]",
            "🎶",
        ] {
            assert_eq!(without_marks(mark).trim(), "", "{mark}");
        }
    }

    #[test]
    fn bracketed_speech_is_kept() {
        for speech in [
            "(I like music)",
            "[INAUDIBLE]",
            "[ __ ]",
            "f(x)",
            "array[i]",
            "(and the audience)",
            "[]",
            "music and laughter",
            "2 * 3 * 4",
            "(laughs at the compiler)",
            "[music",
        ] {
            assert_eq!(without_marks(speech), speech);
        }
    }

    #[test]
    fn words_around_a_sound_and_words_that_are_sung_stay() {
        let text = without_marks("so[Laughter]we ♪ sing along ♪ now");
        assert_eq!(
            text.split_whitespace().collect::<Vec<_>>(),
            ["so", "we", "sing", "along", "now"]
        );
    }
}
