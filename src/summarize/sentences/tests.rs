//! Cases for the sentence splitter. A bar marks where a sentence has to end; the text that is
//! split is the line without its bars.

use proptest::prelude::*;

use super::{sentences, words};

const PLAIN: &[&str] = &[
    "",
    "One",
    "One sentence only.",
    "The first stands here.| The second stands there.",
    "The first stands here.| The second has no stop",
    "Short.| Shorter.| Shortest.",
    "We measured it!| Nobody believed us.",
    "Does it scale?| It does.",
    "Two spaces follow.|  Nobody minds.",
    "A line\nthat is wrapped goes\non.| A new one\nstarts.",
    "The stop ends a line.|\nThe next line is a sentence.",
    "A heading without a stop\n\n|Then a paragraph.",
    "A heading\r\n\r\n|Then a paragraph.",
    "First paragraph.\n \n|Second paragraph.",
    "We shipped it.| 🎉 Then we slept.",
    "We shipped it. 🎉",
    "Done.| ✅ Next comes 🚀 the launch.",
    "A stop before a dash.| – Then more.",
    "It grew; it shrank: it stayed, all in one go.",
    "She said it (twice) and left.| He stayed.",
    "Hooks fire in order.| @before comes first.",
    "It costs money.| $5 is enough.",
    "Fully tested.| 42 servers took part.",
    "No space here.Then it goes on as one.",
];

const ABBREVIATIONS: &[&str] = &[
    "Stores, e.g. Redis, hold state.| They are fast.",
    "Stores (e.g. Redis) hold state.",
    "E.g. Redis holds state.| It is fast.",
    "One tool, i.e. Bazel, builds everything.",
    "i.e. Bazel builds everything.",
    "Dr. Weber speaks.| Prof. Lang listens.",
    "Ask Mr. Jones or Mrs. Lopez.| Ms. Chen knows too.",
    "It compares Rust vs. Go on speed.| Rust wins.",
    "Logs, traces, metrics, etc. are collected.",
    "Logs, traces, metrics, etc.| Dashboards show them.",
    "We store keys (tokens, secrets, etc.) in a vault.| They rotate.",
    "We store keys (tokens, secrets, etc.).| They rotate.",
    "It takes approx. 30 minutes.| Bring a laptop.",
    "It takes approx. Thirty people came.",
    "Build No. 5 failed.| No. 6 passed.",
    "Did it work? |No.| Then we tried again.",
    "Acme Inc. Berlin runs it.| Others follow.",
    "It was bought by Acme Inc.| The team stayed.",
    "Foo Ltd. and Bar Corp. merged.| Baz Co. did not.",
    "We met in St. Louis.| It rained.",
    "The office is on Main St.| The view is fine.",
    "Die Daten, z. B. Messwerte, sind offen.| Man kann sie laden.",
    "Die Daten, z.B. Messwerte, sind offen.| Man kann sie laden.",
    "Das heißt, d. h. Fehler zählen.| Sie kosten Geld.",
    "Dabei sind u. a. Kafka und Flink.| Beide sind schnell.",
    "Server bzw. Rechner laufen ca. Tage durch.| Dann fallen sie aus.",
    "Wir nutzen Caches usw. in jedem Dienst.",
    "The U.S. Army uses it.| Others do as well.",
    "It started in the U.S.| The rest followed.",
    "It started in the U.S. and spread.",
    "We meet at 9 a.m. Monday in the hall.",
    "We meet at 9 a.m.| We leave at noon.",
    "She holds a Ph.D. in physics.| He does not.",
    "She holds a Ph.D.| He does not.",
    "See Fig. 3 for the setup.| Fig. 4 has results.",
    "As Weber et al. 2019 showed, it holds.",
    "As shown by Weber et al. the bound is tight.",
    "See vol. 2, pp. 12 to 20.| It is short.",
    "On Jan. 5 we moved.| In Feb. 2024 we moved back.",
    "The limit is max. 10 users.| We have nine.",
    "Latency fell below 5 ms.| Kubernetes was not to blame.",
    "Sammy Davis Jr. sang.| Nobody danced.",
    "El Sr. López habla.| La Sra. Ruiz escucha.",
    "M. Dupont et Mme. Leroy parlent.| Ils expliquent tout.",
];

const INITIALS: &[&str] = &[
    "J. R. Smith gave the keynote.| It was short.",
    "The keynote by J. R. Smith was short.",
    "Donald E. Knuth wrote it.| We read it.",
    "We cite A. Turing here.| Then we go on.",
    "It follows a paper by C. Shannon from long ago.",
    "The worm C. elegans has few neurons.| We simulate them.",
    "C. elegans has few neurons.",
    "The core is written in C.| Rust wraps it.",
    "The core is written in C.| The shell is not.",
    "We analyse it in R.| Python draws the plots.",
    "So we need a plan B.| This is it.",
    "There is no vitamin C.| However, there is tea.",
    "Neither do I.| You might.",
    "We solve for x.| Then y follows.",
];

const NAMES: &[&str] = &[
    "We moved to Rust 1.95.| Then builds got faster.",
    "Rust 1.95.0 is out.| We upgraded.",
    "We now run Ruby 3.2.0.| Sinatra came along.",
    "They live in Berkeley, CA.| Sometimes they travel.",
    "Pi is 3.14 and e is 2.72.| Both are irrational.",
    "It grew by 4.5%.| Costs fell.",
    "Version 2.| Nothing else changed.",
    "We run Node.js in production.| It works.",
    "We run Node.js.| Deno came later.",
    "Open main.rs and look.| There it is.",
    "Everything is in main.rs.| Nothing is elsewhere.",
    "Look at example.com for more.| It is free.",
    "Look at example.com.| It is free.",
    "Read https://example.com/a.b?c=d first.| Then come back.",
    "We port .NET apps.| They start faster.",
    "We use .NET.| Mono is gone.",
    "Others came first.| .NET followed.",
    "We built it on ASP.NET Core and EF.| It holds.",
    "Tools hook the kernel.| eBPF makes it safe.",
    "Apps share code.| iOS and Android differ.",
    "Calls are typed.| gRPC carries them.",
    "It talks to the kernel. kubectl does not.",
    "In 2019 we began.| In 2024 we finished.",
    "We finished in 2024.| Nobody noticed.",
    "Server 10.0.0.1 is down.| Server 10.0.0.2 is up.",
    "1. Install it.| 2. Run it.",
    "The steps: 1. Install it.| 2. Run it.",
    "a. Install it.| Then run it.",
    "Am 3. Mai geht es los.| Es dauert lange.",
    "Im 19. Jahrhundert gab es keine Rechner.",
    "Das ist der 2. Teil der Reihe.| Es folgt ein dritter.",
    "We serve C# and F# users.| They are happy.",
];

const ELLIPSES: &[&str] = &[
    "And then … nothing happened.| We waited.",
    "And then ... Nothing happened.| We waited.",
    "And then … Kubernetes happened.",
    "It broke…| We fixed it.",
    "It broke...| We fixed it.",
    "It broke... and we fixed it.",
    "...and so it begins.| We follow.",
    "… And so it begins.",
    "Wait. . . what?",
    "One, two, three…",
];

const MARKS: &[&str] = &[
    "Really?!| Yes.",
    "What!?| Nobody knew.",
    "No way!!!| It works.",
    "\"Why?\" asked the crowd.| Nobody knew.",
    "\"Why?\"| The crowd was silent.",
    "\"It works.\"| That was the whole talk.",
    "\"It works,\" they said.| It did not.",
    "They call it “done.”| It never is.",
    "They call it ‘done.’| It never is.",
    "(It is not done.)| We go on.",
    "[It is not done.]| We go on.",
    "It is not done (yet!).| We go on.",
    "It is not done (yet!) but close.",
    "Er sagt: „Es läuft.“| Dann stürzt es ab.",
    "Il dit : « Ça marche. »| Puis tout tombe.",
    "*It is fast.*| **It is small.**| It is free.",
    "A Q&A on \"Is it fast?\" and \"Is it small?\" closes the day.",
    "It ends here.\"",
    "It ends here.)",
    "“Is it over?”",
    "¿Es rápido?| Sí, lo es.| ¡Vamos!",
    "Is it fast? and is it small?",
];

const SCRIPTS: &[&str] = &[
    "今日は晴れです。|明日は雨です。",
    "今日は晴れです。| 明日は雨です。",
    "本当ですか？|本当です！|すごい。",
    "彼は「なぜ？」と聞いた。|誰も答えない。",
    "彼は「行く。」と言った。|そして去った。",
    "我们用 Rust 1.95 重写了服务。|它更快。",
    "他说：“可以。”|然后走了。",
    "“为什么？”他问。|没有人回答。",
    "真的吗？！|是的。",
    "値は１．５です。|小さい。",
    "여기서 시작합니다.| 저기서 끝납니다.",
    "هل هو سريع؟| نعم، هو كذلك.",
    "यह तेज़ है।| वह धीमा है।",
    "यह तेज़ है।|वह धीमा है।",
    "Это быстро.| Это просто.",
    "Αυτό είναι γρήγορο.| Εκείνο όχι.",
    "Տա արագ է։| Դա լավ է։",
];

#[test]
fn sentences_end_where_a_reader_ends_them() {
    let groups = [
        PLAIN,
        ABBREVIATIONS,
        INITIALS,
        NAMES,
        ELLIPSES,
        MARKS,
        SCRIPTS,
    ];
    let cases = groups.concat();
    assert!(cases.len() >= 120);
    assert_split(&cases);
}

#[test]
fn hard_cases_end_where_a_reader_ends_them() {
    let lines = include_str!("hard_cases.txt").lines();
    let is_case = |line: &&str| !line.is_empty() && !line.starts_with("# ");
    let cases: Vec<&str> = lines.filter(is_case).collect();
    assert!(cases.len() >= 300);
    assert_split(&cases);
}

fn assert_split(cases: &[&str]) {
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let text = case.replace('|', "");
            let expected: Vec<&str> = case
                .split('|')
                .map(str::trim)
                .filter(|sentence| !sentence.is_empty())
                .collect();
            let found = sentences(&text);
            (found != expected).then(|| format!("expected {expected:?}\n   found {found:?}"))
        })
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn marks_alone_are_no_sentence() {
    for text in ["...", "?!", " \n\n ", "🎉", "—"] {
        assert!(sentences(text).is_empty(), "{text:?}");
    }
}

#[test]
fn words_are_counted_in_any_script() {
    for (text, expected) in [
        ("", 0),
        ("—", 0),
        ("one two three", 3),
        ("don't panic, it's 3.14", 4),
        ("open-source", 2),
        ("C++ und Rust", 3),
        ("我们用新的服务", 4),
        ("カタカナ", 1),
        ("これはテスト", 3),
        ("한국어 문장", 2),
        ("สวัสดี", 1),
        ("быстрый парсер", 2),
    ] {
        assert_eq!(words(text), expected, "{text}");
    }
}

#[test]
fn long_runs_of_marks_are_split_in_no_time() {
    for text in [
        "a".to_owned() + &". ".repeat(200_000) + "a",
        "a. ".repeat(200_000),
        ".a".repeat(200_000),
    ] {
        assert!(!sentences(&text).is_empty());
    }
}

proptest! {
    #[test]
    fn nothing_but_white_space_is_lost(text in "[A-Za-z0-9.!?…。 \\n\"')(«»éßя漢あ-]{0,80}") {
        let text = format!("a{text}");
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        let joined = sentences(&text).concat();
        // A paragraph of marks alone is no sentence, so only letters and digits are compared.
        let letters = |text: &str| squeezed(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        prop_assert_eq!(letters(&joined), letters(&text));
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = sentences(&text);
        let _ = words(&text);
    }
}
