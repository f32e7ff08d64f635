//! What words to a language model look like, and where a text has them. Pure.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::summarize::untrusted::is_hidden;

/// What such words look like. Single words ("system prompt") are everyday speech at some
/// conferences, so each pattern is an order or a mark that only a model would heed.
const PATTERNS: &[&str] = &[
    // Take back what was asked.
    r"\b(?:ignore|disregard|forget|override|(?:do\s+not|don't|stop)\s+follow(?:ing)?)\s+(?:\w+\s+){0,3}?(?:previous|prior|above|earlier|preceding|original|initial|system)\s+(?:\w+\s+)?(?:instructions?|prompts?|directions|directives|guidelines|orders)\b",
    r"\b(?:ignore|disregard|forget|override)\s+(?:(?:all\s+)?(?:of\s+)?your|all(?:\s+the)?)\s+(?:\w+\s+)?(?:instructions?|prompts?|directives|guidelines|programming)\b",
    r"\b(?:ignorier|vergiss|missachte)\w*\s+(?:sie\s+)?(?:alle|die|deine|ihre|diese)\s+(?:\w+\s+){0,2}(?:anweisungen|instruktionen|vorgaben)\b",
    r"\b(?:ignore|oublie)[sz]?\s+(?:toutes\s+)?(?:les|tes|vos|ces)\s+(?:\w+\s+)?(?:instructions|consignes|directives)\b",
    r"\b(?:ignor|olvid)\w+\s+(?:todas\s+)?(?:las|tus|sus|estas)\s+(?:\w+\s+)?(?:instrucciones|indicaciones|órdenes)\b",
    r"\b(?:ignora|dimentica)\w*\s+(?:tutte\s+)?(?:le|tue|queste)\s+(?:\w+\s+){0,2}istruzioni\b",
    r"\b(?:ignor|esque[cç])\w+\s+(?:todas\s+)?(?:as|suas|tuas|estas)\s+(?:\w+\s+){0,2}instruções\b",
    r"\bnegeer\s+(?:alle\s+)?(?:je|jouw|uw|de|eerdere|vorige|bovenstaande)\s+(?:\w+\s+)?(?:instructies|opdrachten|aanwijzingen)\b",
    r"\b(?:z?ignoruj|zapomnij)\w*\s+(?:o\s+)?(?:wszystkich?\s+)?(?:\w+\s+)?(?:instrukcj\w+|polece\w+)\b",
    r"\b(?:игнорируй|проигнорируй|забудь)\w*\s+(?:\w+\s+){0,3}(?:инструкци\w+|указани\w+)\b",
    r"(?:忽略|无视|無視|忘记|忘掉)[^，。！？,.]{0,12}(?:指令|指示|提示|命令)",
    r"(?:指示|命令|プロンプト)を?(?:すべて|全て)?(?:無視|忘れ)",
    r"(?:지시|명령|지침)(?:를|을|사항을)?\s*(?:모두\s*)?(?:무시|잊)",
    // Ask for what is not shown.
    r"\b(?:print|reveal|repeat|leak|output|disclose|recite)\s+(?:\w+\s+){0,2}?(?:your|the)\s+(?:\w+\s+)?(?:system\s+(?:prompt|message|instructions?)|(?:initial|original|hidden|secret)\s+(?:prompt|instructions?))\b",
    r"\b(?:show|tell|give|say|write|return|share)\s+(?:me\s+|us\s+)?your\s+(?:\w+\s+)?(?:system\s+(?:prompt|message|instructions?)|(?:initial|original|hidden|secret)\s+(?:prompt|instructions?))\b",
    // Give a role.
    r"\byou\s+are\s+(?:now|no\s+longer)\s+(?:in\s+)?(?:an?\s+)?(?:\w+\s+)?(?:(?:ai|llm)\s+(?:model|assistant|that|with(?:out)?)|chatbot|language\s+model|dan\b|developer\s+mode|jailbroken|unrestricted|unfiltered)",
    r"\bfrom\s+now\s+on,?\s+(?:you\s+(?:will\s+|must\s+|should\s+)?)?(?:only\s+|always\s+)?(?:respond|answer|reply)\b",
    // Speak to whoever summarizes.
    r"\bif\s+you\s+are\s+an?\s+(?:\w+\s+){0,2}(?:ai|llm|language\s+model|chatbot)(?:\s+(?:model|assistant|agent|system))?(?:,|\s+(?:reading|summari[sz]ing|processing|please))",
    r"\b(?:note|notice|reminder)\s+(?:to|for)\s+(?:the\s+|any\s+|all\s+)?(?:ais?|llms?|language\s+models?|chatgpt|summari[sz]ers?)\b",
    r"\bwhen\s+(?:you\s+)?summari[sz](?:e|ing)\s+this\s+(?:talk|video|transcript|session|recording|presentation)\b",
    r"\bin\s+(?:your|the)\s+summary,?\s+(?:please\s+)?(?:say|write|state|claim|output)\b",
    r"\byour\s+summary\s+(?:must|should|has\s+to|needs\s+to)\s+(?:only\s+)?(?:say|state|read)\b",
    // Bring a reply along, or a message of somebody who is not there.
    r"\b(?:first|second)_sentence\b|\bnone_fits\b",
    r"\b(?:end\s+of\s+(?:the\s+)?transcript|new\s+(?:system\s+)?(?:instructions?|task))\s*[:.\]]",
    r"\b(?:system|admin(?:istrator)?|developer)\s+(?:override|message|notice)\s*[:\]]",
    // Close the fence, or open a conversation.
    r"(?:<|&lt;|＜)\s*[/／]\s*(?:transcript|system|instructions?|untrusted|system_?prompt)\s*(?:>|&gt;|＞)",
    r"<\|[a-z_]{3,20}\|>",
    r"(?-i:\[/?INST\])|<</?sys>>|<(?:start|end)_of_turn>",
    r"(?m:###\s*(?:instruction|system\s+(?:prompt|message)|human|assistant)\s*(?::|$))",
    // Letters that nobody sees: a flag has fewer of them.
    r"[\u{e0020}-\u{e007e}]{8,}",
];

/// A text as it is read: without what nobody sees, and with plain letters for their look-alikes
/// ("ｉｇｎｏｒｅ"). The letters of tags stay, since they are a message of their own.
pub(super) fn normalize(text: &str) -> String {
    let is_read = |c: &char| {
        matches!(c, '\u{e0020}'..='\u{e007e}')
            || !(is_hidden(*c) || matches!(c, '\u{200c}' | '\u{200d}'))
    };
    text.chars().filter(is_read).nfkc().collect()
}

/// Every place in a text that speaks to a model; what is near to each other is one place.
pub(super) fn places(text: &str) -> Vec<Range<usize>> {
    // One by one they are much faster than as one: each has a rare word to look for first.
    static ORDERS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        let compiled = |pattern| Regex::new(&format!("(?i){pattern}"));
        let orders = PATTERNS.iter().map(compiled);
        orders
            .collect::<Result<_, _>>()
            .expect("our own patterns compile")
    });
    const NEAR: usize = 100;
    let found = ORDERS.iter().flat_map(|order| order.find_iter(text));
    let mut found: Vec<Range<usize>> = found.map(|found| found.range()).collect();
    found.sort_by_key(|found| found.start);
    let mut places = Vec::new();
    let mut last_end = None;
    for found in found {
        let is_near = last_end.is_some_and(|end| found.start <= end + NEAR);
        last_end = last_end.max(Some(found.end));
        if !is_near {
            places.push(found);
        }
    }
    places
}
