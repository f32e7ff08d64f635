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
    chimes chattering bell noise silence blank_audio
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
    เสียงปรบมือ เสียงหัวเราะ ดนตรี เสียงดนตรี vỗ tertawa tepuk תשואות तालियाँ ताली
    เพลง ปรบมือ หัวเราะ musiikki tónlist hlátur lófatak muziki âm juokas smiekli glasba aplavz smiech
    muzikë musiek applous gelag palakpakan tawanan երաժշտություն ծափահարություններ ծիծաղ მუსიკა ტაში სიცილი
    хөгжим تالیاں قہقہے ہنسی সঙ্গীত সংগীত মিউজিক হাততালি হাসি இசை கைதட்டல் சிரிப்பு సంగీతం చప్పట్లు ಸಂಗೀತ
    ಚಪ್ಪಾಳೆ സംഗീതം കൈയടി हँसी સંગીત તાળીઓ ਸੰਗੀਤ តន្ត្រី
    taputusta taputuksia taputukset aplaus naer muusika mūzika aplausi plojimai muzika smeh smijeh pljesak aplauz
    glazba аплодисменти смях аплауз zwischenapplaus szenenapplaus
";

/// Words that are as likely spoken, and words in the place of what nobody could write down. People
/// write both of them in round brackets into sentences, so only square ones make marks of them.
const NOISES: &str = "
    sings sneezing rings chiming noises bleep bleeps clicking clicks click typing slams
    slamming knocking knocks chatter chirping barking barks buzzing buzzes humming hums
    rustling rustles creaking creaks thud thudding crash clattering clatter screaming
    screams shouting mumbling mumbles murmuring murmurs whispering stuttering groans
    groaning grunts sniffles sniffs yawns exhales inhales breathing feedback static echo
    rattling tapping taps banging booing boos footsteps siren sirens thunder rumbling
    gunshot explosion vibrating drumroll fanfare jingle sound sounds sfx geräusch geräusche
    rauschen musicale inaudible unintelligible indistinct crosstalk foreign pause speaking
    unverständlich inaudível ininteligible incompréhensible неразборчиво
";

/// Words that only go with a sound: what it is like, whose it is, and the joints between.
const COMPANIONS: &str = "
    lively inspirational inspiring energetic happy sad cinematic corporate funky chill relaxing
    peaceful uplifting mellow acoustic ominous mysterious eerie
    upbeat gentle soft light loud quiet dramatic ambient cheerful background intro outro theme
    electronic techno rock jazz piano guitar playing plays continues continuing starts begins
    stops ends fades fading audience crowd speaker clears clearing scattered and
    publikum das im und heiterkeit leise spielt sanfte douce du public et del público y e do da pubblico כפיים tay tangan играет звучит
";

/// Marks that are one only as a whole.
const WHOLE: [&str; 15] = [
    "no speech detected",
    "no audio",
    "blank audio",
    "drum roll",
    "no sound",
    "no speech",
    "audio out",
    "video plays",
    "video playing",
    "video playback",
    "video starts",
    "video ends",
    "plays video",
    "end of recording",
    "recording ends",
];

/// What comes before the name of a language that nobody has written down.
const SPEAKING: [&str; 4] = ["speaking", "speaks", "speaking in", "speaks in"];

/// Words that go with those noises.
const THEIR_COMPANIONS: &str = "
    softly loudly quietly orchestral synth play in out crowds presenter door doors phone
    telephone keyboard mouse drum roll microphone mic nervously audio no video playback of
    the a glass paper dog bird birds baby chair chairs distant faint faintly low high
    muffled tense suspenseful soothing slow fast closing opening rolling laughter's child
    children man woman people other both all together heavily language spoken spielt laut
    kurze musikalische de un le la
";

const NOTES: &[char] = &['♪', '♫', '♩', '♬', '🎵', '🎶'];

const BRACKETS: &[(char, char)] = &[
    ('[', ']'),
    ('(', ')'),
    ('*', '*'),
    ('［', '］'),
    ('（', '）'),
    ('【', '】'),
    ('《', '》'),
    ('♪', '♪'),
];
/// In code these are common, so they count only where a word could stand.
const BRACKETS_OF_CODE: &[(char, char)] = &[('<', '>'), ('{', '}')];

/// Leaves a space in the place of every sound mark. Words sung between two notes are words.
pub(super) fn without_marks(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let stands_alone = kept.chars().next_back().is_none_or(char::is_whitespace);
        let length =
            mark(rest, stands_alone.then_some(BRACKETS_OF_CODE)).unwrap_or(letter.len_utf8());
        let is_sound = length > letter.len_utf8() || NOTES.contains(&letter);
        kept.push(if is_sound { ' ' } else { letter });
        rest = &rest[length..];
    }
    kept
}

/// How many bytes of the text's beginning are a sound in brackets, or in these others.
fn mark(text: &str, others: Option<&[(char, char)]>) -> Option<usize> {
    let mut letters = text.chars();
    let opening = letters.next()?;
    let mut brackets = BRACKETS.iter().chain(others.unwrap_or_default());
    let (_, closing) = brackets.find(|(bracket, _)| *bracket == opening)?;
    let inside = letters.as_str();
    // No mark is this long; without a limit a file of nothing but brackets takes all day.
    let (end, _) = inside
        .char_indices()
        .take(80)
        .find(|(_, letter)| letter == closing)?;
    let inside = &inside[..end];
    let is_square = matches!(closing, ']' | '］' | '】');
    let is_mark = is_sound(inside) || is_square && is_noise(inside);
    is_mark.then_some(opening.len_utf8() + end + closing.len_utf8())
}

fn is_sound(inside: &str) -> bool {
    let inside = inside.to_lowercase();
    // Speech is told by its first word, and need not be looked through.
    let is_known = |word: &&str| is_in(SOUNDS, word) || is_in(COMPANIONS, word);
    let names_one = || words(&inside).any(|word| is_in(SOUNDS, word));
    words(&inside).all(|word| is_known(&word)) && (inside.contains(NOTES) || names_one())
}

/// Whether it names a noise or a gap: `door slams`, `inaudible 00:12:33`, `speaking German`.
fn is_noise(inside: &str) -> bool {
    let inside = inside.to_lowercase();
    let names_one = |word: &str| is_in(NOISES, word) || is_in(SOUNDS, word);
    let is_known =
        |word: &str| names_one(word) || is_in(COMPANIONS, word) || is_in(THEIR_COMPANIONS, word);
    let is_noise = words(&inside).all(is_known) && words(&inside).any(names_one);
    let words: Vec<&str> = words(&inside).collect();
    is_noise || WHOLE.contains(&&*words.join(" ")) || is_foreign(&words)
}

/// The words between brackets, without the times at which nothing could be understood.
fn words(inside: &str) -> impl Iterator<Item = &str> {
    let words = inside.split_whitespace();
    let bare = words.map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()));
    bare.filter(|word| !word.is_empty() && !is_clock(word))
}

fn is_in(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|known| known == word)
}

fn is_clock(word: &str) -> bool {
    word.contains(':')
        && word
            .chars()
            .all(|letter| letter.is_ascii_digit() || ":.".contains(letter))
}

/// `speaking German`, `speaks in a foreign language`.
fn is_foreign(words: &[&str]) -> bool {
    let Some((language, before)) = words.split_last() else {
        return false;
    };
    let mut capitalized = language.to_string();
    capitalized[..1.min(language.len() * usize::from(language.is_ascii()))].make_ascii_uppercase();
    let is_language =
        || isolang::Language::from_name(&capitalized).is_some() || *language == "mandarin";
    let is_unnamed = before.ends_with(&["foreign"]) && matches!(*language, "language" | "speech");
    SPEAKING.contains(&&*before.join(" ")) && is_language()
        || is_unnamed
            && before
                .first()
                .is_some_and(|first| first.starts_with("speak") || *first == "in")
        || *words == ["non-english", "speech"]
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
            "[vỗ tay]",
            "[เสียงปรบมือ]",
            "[เพลง]",
            "[musiikki]",
            "[تالیاں]",
            "[âm nhạc]",
            "[இசை]",
            "(Szenenapplaus)",
            "[pljesak]",
            "[موسيقى]",
            "🎶",
            "[inaudible 00:12:33]",
            "[FOREIGN LANGUAGE SPOKEN]",
            "[SPEAKING GERMAN]",
            "[speaks in Japanese]",
            "[speaking in a foreign language]",
            "[phone ringing]",
            "[Music Fades Out]",
            "[VIDEO PLAYBACK]",
            "[no audio]",
            "[sound of typing]",
            "[laughs nervously]",
            "♪ [Music] ♪",
            "{music}",
            "<Applause>",
        ] {
            assert_eq!(without_marks(mark).trim(), "", "{mark}");
        }
    }

    #[test]
    fn bracketed_speech_is_kept() {
        for speech in [
            "(I like music)",
            "[ __ ]",
            "(inaudible)",
            "((boos))",
            "(speaking German)",
            "Vec<Sound>",
            "f{click}",
            "(in German)",
            "[the door]",
            "[the video]",
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
