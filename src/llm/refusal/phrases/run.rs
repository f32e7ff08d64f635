//! How it is said that no request of the run will go well: codes, whole phrases and patterns, in
//! lower case.

use std::sync::LazyLock;

use regex::Regex;

use super::pattern;

/// How it is said that an account is empty.
pub(in crate::llm::refusal) const EMPTY: &[&str] = &[
    "insufficient_quota",
    "exceeded_current_quota",
    "billing_not_active",
    "billing_hard_limit",
    "billing_error",
    "credit balance is too low",
    "specified api usage limits",
    "used all available credits",
    "key limit exceeded",
    "insufficient credits",
    "insufficient balance",
    "requires more credits",
    "purchase credits",
    "insufficient account balance",
    "account is in good standing",
    "arrearage",
    "unpaid",
    "payment required",
    "payment method",
    "spending limit",
    "credit limit",
    "budget_exceeded",
    "budget has been exceeded",
    "over budget",
    "freetieronly",
    "欠费",
    "余额不足",
];

/// The same in other words.
pub(in crate::llm::refusal) static EMPTY_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(?:no|any|out of|not enough|insufficient|exhausted(?: all)?(?: your)?|used up(?: all)?(?: your)?)",
        r" (?:\w+ )?(?:credits?|balance|funds)\b",
        r"|\b(?:credits?|balance|funds|wallet)\b[^.,]{0,30}",
        r"\b(?:insufficient|not enough|exhausted|depleted|used up|too low|negative|empty|expired|ran out|run out)\b",
        r"|\b(?:overdue|in arrears|top[ -]up|recharge your|add a credit card)\b",
        r"|\bfree trial\b[^.]{0,20}\b(?:ended|expired|over)\b",
        r"|\b(?:exceeded ?(?:token ?|the |your )?|max(?:imum)? )budget\b",
        r"|(?:余额|额度|点数)(?:[^日天月,。]{0,2}不足|已用尽|已用完|已耗尽)|残高不足|잔액",
    ))
});

/// How it is said that a quota of hours, days or more is used up; those of a minute pass.
pub(in crate::llm::refusal) const DAY: &[&str] = &[
    "limit of the day",
    "5 hour",
    "5-hour",
    "in 24 hours",
    "usage limit reached",
];

/// The same in other words.
pub(in crate::llm::refusal) static DAY_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?:\b(?:a|each|every|24)|/|per|by)[ _-]?(?:hours?|day|week|month)(?:\b|_|per|[a-z]*-)",
        r"|perday|per[ _-]?24|\bper [0-9]{4,} ?s|\b(?:hourly|daily|weekly|monthly)\b|\b(?:tpd|rpd)\b",
        r"|\brequests? today\b|\btoday's\b|\b(?:limit|quota)\b[^.]{0,30}\btoday\b",
        r"|\b(?:tomorrow|midnight)\b|\bout of call volume quota\b",
        r"|\b(?:diari[ao]|semanal|mensual|quotidien|journali|hebdomadaire|mensuel|täglich|tages|monatlich)",
        r"|[今本当明每毎][日天月]|1日|月間|일일|하루",
    ))
});

/// What a quota of a day is called, where the status does not say that there is one.
pub(in crate::llm::refusal) const QUOTA: &[&str] =
    &["limit", "quota", "allocation", "usage", "allowance"];

/// How it is said that a country is not served.
pub(in crate::llm::refusal) const ELSEWHERE: &[&str] = &[
    "location is not supported",
    "location not supported",
    "unsupported_country",
    "country, region, or territory",
    "country not supported",
    "country is not supported",
    "region not supported",
    "region is not supported",
    "region is not allowed",
    "unsupported region",
    "not available in your country",
    "not available in your region",
    "not available in your location",
    "not supported in your country",
    "not supported in your region",
    "from unsupported countries",
    "unsupported countries, regions",
    "地区不支持",
    "地区暂不支持",
];

/// The same in other words.
pub(in crate::llm::refusal) static ELSEWHERE_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\b(?:country|countries|region|territory|location|area)\b[^.]{0,30}",
        r"\b(?:not|isn't|unsupported|restricted|blocked|banned|prohibited|unavailable|forbidden|denied)\b",
        r"|\b(?:not|isn't|unavailable|restricted|blocked|prohibited)\b[^.]{0,30}",
        r"\bin (?:your|this) (?:current )?(?:country|region|territory|location|area)\b",
    ))
});

/// How it is said, with any status, that a key is wrong.
pub(in crate::llm::refusal) const WRONG_KEY: &[&str] = &[
    "api_key_invalid",
    "api key not valid",
    "invalid api key",
    "invalid_api_key",
    "incorrect api key",
    "api key is invalid",
    "api key is missing",
    "missing api key",
    "no api key",
    "api key expired",
    "invalid authorization",
    "missing authorization",
    "authentication failed",
    "login fail",
    "令牌已过期",
];

/// The same in other words.
pub(in crate::llm::refusal) static WRONG_KEY_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    const KEY: &str = r"(?:api[ _-]?key|auth(?:entication|orization) (?:token|header)|(?:access|bearer|proxy server) token)";
    pattern(&format!(
        r"\b{KEY}\b[^.]{{0,30}}\b(?:invalid|not valid|incorrect|wrong|expired|revoked|missing|disabled|inactive)\b|\b(?:invalid|incorrect|wrong|expired|revoked|missing|no|provide an?) {KEY}\b",
    ))
});

/// Words of a forbidden request that are about who asks, and not about what is asked.
pub(in crate::llm::refusal) const ABOUT_KEY: &[&str] = &[
    "api key",
    "api_key",
    "apikey",
    "credential",
    "permission",
    "unauthorized",
    "not authorized",
    "authentication",
    "subscription",
    "signature",
    "security token",
    "access token",
    "token has expired",
    "invalid token",
    "令牌",
    "unregistered callers",
    "referer",
    "allowlist",
    "whitelist",
    "account",
    "organization",
    "project",
];

/// How it is said, with any status, that there is no such model, or none that talks.
pub(in crate::llm::refusal) const NO_SUCH_MODEL: &[&str] = &[
    "model_not_found",
    "model not found",
    "model not exist",
    "model does not exist",
    "invalid model:",
    "invalid model name",
    "invalid_model",
    "unknown model",
    "not a valid model",
    "model identifier is invalid",
    "no models loaded",
    "no model loaded",
    "list of deployed models",
    "decommissioned",
    "model_terms_required",
    "with on-demand throughput",
    "does not support chat",
    "not a chat model",
    "requires more system memory",
    "模型不存在",
];

/// The same with the name of the model, and how it is said that it may not be used. The first group
/// is there where it is something else that is not supported with the model.
pub(in crate::llm::refusal) static NO_SUCH_MODEL_IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"(?:\b(for|with|by|in|on|of) )?(?:\b(?:the|this|that|your) )?(?:requested )?\bmodel(?: id| name)?:? (?:[`'"]?[\w./:@+-]+[`'"]? )?"#,
        r"(?:is |was |has been )?(?:not (?:found|supported|available|deployed|enabled|activated|allowed|valid)|no longer (?:available|supported)",
        r"|does not exist|unavailable|unsupported|deprecated|retired|disabled|discontinued|restricted|only (?:supported|available) in)",
        r"|(?:\b(?:not|no|unable to|cannot|denied)|n't)\b[^.]{0,30}\b(?:access|use|invoke)\b(?: to)?(?: the| this)?(?: [\w-]+)? model\b",
        r"|(?:\bnot|n't)\b[^.]{0,20}\b(?:activated|work with) the (?:specified )?model\b",
        r"|\baccess to (?:the |this )?model\b[^.]{0,60}\b(?:denied|restricted|gated)\b|\bmodel\.?access ?denied|\bmodel access (?:is )?denied",
        r"|\b(?:failed|unable) to load (?:the )?model\b|\bmultiple models are loaded",
        r"|\bno such model\b|\bunsupported model\b|\bnot supported for (?:chat|text)",
    ))
});

/// How a gateway says that nobody behind it has the model.
pub(in crate::llm::refusal) const NO_CHANNEL: &[&str] = &["no available channel", "无可用渠道"];

/// How it is said, with any status, that the path is wrong.
pub(in crate::llm::refusal) const NO_SUCH_PATH: &[&str] = &[
    "unexpected endpoint",
    "unrecognized request url",
    "unknown endpoint",
    "unknown path",
    "unknown url",
    "invalid url",
    "no such endpoint",
    "no route for",
    "no route matched",
    "route not found",
    "cannot post ",
    "cannot get ",
    "endpoint not found",
    "endpoint does not exist",
];

pub(in crate::llm::refusal) const WANTS_HTTPS: &[&str] = &[
    "plain http request was sent to https port",
    "http request to an https server",
    "requires tls",
];
