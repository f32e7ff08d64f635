use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::*;

/// Refusals, each with its status, code and message, and what they mean.
fn check(body: impl Fn(&str, &str) -> Value, refusals: &[(u16, &str, &str)], expected: &Expect) {
    let line = |(status, code, message): &(u16, &str, &str)| {
        let refusal = RefusalBody::new(&body(code, message).to_string());
        assert_eq!(refusal.message(), *message);
        let meaning = refusal.meaning(StatusCode::from_u16(*status).unwrap());
        format!("{status} {meaning:?}: {message}\n")
    };
    expected.assert_eq(&refusals.iter().map(line).collect::<String>());
}

#[test]
fn openai_and_those_who_speak_like_it() {
    check(
        |code, message| json!({ "error": { "message": message, "type": "kind", "param": null, "code": code } }),
        &[
            (401, "invalid_api_key", "Wrong key."),
            (429, "insufficient_quota", "Plan and billing, please."),
            (
                429,
                "rate_limit_exceeded",
                "Wait; /account/billing has more quota.",
            ),
            (
                429,
                "rate_limit_exceeded",
                "Request too large on tokens per min.",
            ),
            (
                413,
                "rate_limit_exceeded",
                "Request too large for model `m` on TPM.",
            ),
            (400, "context_length_exceeded", "Too many tokens."),
            (400, "billing_hard_limit_reached", "Hard limit."),
            (400, "unsupported_parameter", "No such parameter."),
            (404, "model_not_found", "The model `m` does not exist."),
            (403, "403", "Key limit exceeded (total limit)."),
            (403, "403", "Flagged by moderation."),
            (500, "server_error", "Oops."),
        ],
        &expect![[r#"
            401 KeyRejected: Wrong key.
            429 AccountEmpty: Plan and billing, please.
            429 Busy: Wait; /account/billing has more quota.
            429 TooLong: Request too large on tokens per min.
            413 TooLong: Request too large for model `m` on TPM.
            400 TooLong: Too many tokens.
            400 AccountEmpty: Hard limit.
            400 Refused: No such parameter.
            404 NotThere: The model `m` does not exist.
            403 AccountEmpty: Key limit exceeded (total limit).
            403 Refused: Flagged by moderation.
            500 Busy: Oops.
        "#]],
    );
}

#[test]
fn anthropic() {
    check(
        |kind, message| json!({ "type": "error", "error": { "type": kind, "message": message } }),
        &[
            (401, "authentication_error", "invalid x-api-key"),
            (403, "permission_error", "Your key may not do this."),
            (402, "billing_error", "Pay, please."),
            (
                400,
                "invalid_request_error",
                "Your credit balance is too low for this.",
            ),
            (
                400,
                "invalid_request_error",
                "You have reached your specified API usage limits.",
            ),
            (
                400,
                "invalid_request_error",
                "prompt is too long: 210000 tokens > 200000 maximum",
            ),
            (
                400,
                "invalid_request_error",
                "input and `max_tokens` exceed context limit: 199000 + 2048",
            ),
            (
                400,
                "invalid_request_error",
                "`temperature` is deprecated for this model.",
            ),
            (404, "not_found_error", "model: claude-0"),
            (413, "request_too_large", "Request exceeds the maximum size"),
            (
                429,
                "rate_limit_error",
                "This would exceed your rate limit.",
            ),
            (529, "overloaded_error", "Overloaded"),
        ],
        &expect![[r#"
            401 KeyRejected: invalid x-api-key
            403 KeyRejected: Your key may not do this.
            402 AccountEmpty: Pay, please.
            400 AccountEmpty: Your credit balance is too low for this.
            400 AccountEmpty: You have reached your specified API usage limits.
            400 TooLong: prompt is too long: 210000 tokens > 200000 maximum
            400 TooLong: input and `max_tokens` exceed context limit: 199000 + 2048
            400 Refused: `temperature` is deprecated for this model.
            404 NotThere: model: claude-0
            413 TooLong: Request exceeds the maximum size
            429 Busy: This would exceed your rate limit.
            529 Busy: Overloaded
        "#]],
    );
}

#[test]
fn gemini() {
    let body = |reason: &str, message: &str| {
        json!({ "error": { "code": 400, "message": message, "status": "SOME_STATUS", "details": [
            { "reason": reason },
            { "violations": [{ "quotaId": reason }] },
            { "retryDelay": "20s" },
        ] } })
    };
    let refusals = [
        (400, "API_KEY_INVALID", "API key not valid."),
        (403, "PERMISSION_DENIED", "The caller may not."),
        (
            429,
            "GenerateRequestsPerMinutePerProjectPerModel",
            "Quota exceeded.",
        ),
        (
            429,
            "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
            "Quota exceeded.",
        ),
        (
            400,
            "",
            "The input token count (9) exceeds the maximum number of tokens allowed (8).",
        ),
        (400, "", "Request contains an invalid argument."),
        (
            404,
            "",
            "models/gemini-0 is not found for API version v1beta.",
        ),
        (503, "", "The model is overloaded."),
    ];
    check(
        body,
        &refusals,
        &expect![[r#"
        400 KeyRejected: API key not valid.
        403 KeyRejected: The caller may not.
        429 Busy: Quota exceeded.
        429 DayUsedUp: Quota exceeded.
        400 TooLong: The input token count (9) exceeds the maximum number of tokens allowed (8).
        400 Refused: Request contains an invalid argument.
        404 NotThere: models/gemini-0 is not found for API version v1beta.
        503 Busy: The model is overloaded.
    "#]],
    );
    // Some addresses of Google wrap the same into a list.
    let wrapped = |reason: &str, message: &str| json!([body(reason, message)]);
    check(
        wrapped,
        &refusals[..1],
        &expect![[r#"
        400 KeyRejected: API key not valid.
    "#]],
    );
}

#[test]
fn ollama() {
    check(
        |_, message| json!({ "error": message }),
        &[
            (404, "", "model 'llama0' not found"),
            (404, "", "model \"llama0\" not found, try pulling it first"),
            (404, "", "404 page not found"),
            (400, "", "the input length exceeds the context length"),
            (400, "", "\"llama0\" does not support chat"),
            (
                500,
                "",
                "model requires more system memory (9 GiB) than is available (3 GiB)",
            ),
            (503, "", "server busy, please try again"),
        ],
        &expect![[r#"
            404 NotPulled: model 'llama0' not found
            404 NotPulled: model "llama0" not found, try pulling it first
            404 NotThere: 404 page not found
            400 TooLong: the input length exceeds the context length
            400 NotThere: "llama0" does not support chat
            500 NotThere: model requires more system memory (9 GiB) than is available (3 GiB)
            503 Busy: server busy, please try again
        "#]],
    );
}

#[test]
fn what_a_refusal_repeats_of_the_prompt_means_nothing() {
    let said = "Validation failed.".to_owned() + &" words".repeat(80);
    for body in [
        json!({ "error": { "message": said + " context length, insufficient_quota" } }),
        json!({ "message": "no", "input": "context length, insufficient_quota" }),
    ] {
        let refusal = RefusalBody::new(&body.to_string());
        assert_eq!(refusal.meaning(StatusCode::BAD_REQUEST), Meaning::Refused);
    }
}

#[test]
fn a_page_and_nothing_at_all_are_read_by_their_status() {
    let meaning =
        |status, body| RefusalBody::new(body).meaning(StatusCode::from_u16(status).unwrap());
    assert_eq!(meaning(403, "  "), Meaning::KeyRejected);
    assert_eq!(meaning(403, "<html>Firewall</html>"), Meaning::Refused);
    assert_eq!(meaning(502, "<html>Bad gateway</html>"), Meaning::Busy);
    assert_eq!(meaning(404, ""), Meaning::NotThere);
}

#[test]
fn others_say_it_in_words_of_their_own() {
    check(
        |_, message| json!({ "error": message }),
        &[
            (400, "", "User location is not supported for the API use."),
            (403, "", "Country, region, or territory not supported"),
            (
                429,
                "",
                "Rate limit reached for model `m` on tokens per day (TPD): Limit 100000",
            ),
            (429, "", "Rate limit exceeded: free-models-per-day"),
            (429, "", "Rate limit reached on tokens per minute (TPM)"),
            (503, "", "Loading model"),
            (503, "", "Model x/y is currently loading"),
            (503, "", "server overloaded"),
            (413, "", "<html>413 Request Entity Too Large</html>"),
            (400, "", "Client sent an HTTP request to an HTTPS server."),
            (
                400,
                "",
                "'max_tokens' is too large: 2048. This model's maximum context length is 4096 tokens and your request has 3000 input tokens.",
            ),
            (
                400,
                "",
                "'max_tokens' is too large: 2048. This model's maximum context length is 4096 tokens and your request has 4090 input tokens.",
            ),
            (
                400,
                "",
                "max_tokens is too large: 2048. This model supports at most 1024 completion tokens.",
            ),
            (501, "", "not implemented"),
            (524, "", "a timeout occurred"),
        ],
        &expect![[r#"
            400 NotServedHere: User location is not supported for the API use.
            403 NotServedHere: Country, region, or territory not supported
            429 DayUsedUp: Rate limit reached for model `m` on tokens per day (TPD): Limit 100000
            429 DayUsedUp: Rate limit exceeded: free-models-per-day
            429 Busy: Rate limit reached on tokens per minute (TPM)
            503 Loading: Loading model
            503 Loading: Model x/y is currently loading
            503 Busy: server overloaded
            413 TooLong: <html>413 Request Entity Too Large</html>
            400 WantsHttps: Client sent an HTTP request to an HTTPS server.
            400 TooLong: 'max_tokens' is too large: 2048. This model's maximum context length is 4096 tokens and your request has 3000 input tokens.
            400 TooLong: 'max_tokens' is too large: 2048. This model's maximum context length is 4096 tokens and your request has 4090 input tokens.
            400 Refused: max_tokens is too large: 2048. This model supports at most 1024 completion tokens.
            501 Refused: not implemented
            524 Busy: a timeout occurred
        "#]],
    );
}

#[test]
fn too_long_is_understood_in_everyones_words() {
    for (status, body) in [
        (
            400,
            json!({ "code": "Client specified an invalid argument", "error": "This model's maximum prompt length is 1000 but the request contains 1500 tokens." }),
        ),
        (
            400,
            json!({ "code": "invalid-argument", "error": "Failed to start sampling: [input_too_large] Current message (9 tokens) exceeds budget (8 tokens)" }),
        ),
        (
            413,
            json!({ "error": { "code": "tokens_limit_reached", "message": "Request body too large for m model. Max size: 8000 tokens." } }),
        ),
        (
            400,
            json!({ "error": { "code": "1261", "message": "Prompt too long" } }),
        ),
        (
            422,
            json!({ "error": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 2500 `inputs` tokens and 2048 `max_new_tokens`" }),
        ),
        (
            413,
            json!({ "errors": [{ "message": "AiError: this model context window limit (4096).", "code": 5021 }], "success": false }),
        ),
        (
            400,
            json!({ "error": { "message": "Input length (265330) exceeds model's maximum context length (262144)." } }),
        ),
        (
            400,
            json!({ "message": "prompt tokens (286638) exceed customer model maximum (278528)" }),
        ),
        (
            500,
            json!({ "error": "the request exceeds the available context size" }),
        ),
        (
            400,
            json!({ "object": "error", "message": "The input (61000 tokens) is longer than the model's context length (40960 tokens).", "type": "BadRequestError", "param": null, "code": 400 }),
        ),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let meaning = RefusalBody::of(body.clone()).meaning(status);
        assert_eq!(meaning, Meaning::TooLong, "{body}");
    }
}

#[test]
fn refusals_of_one_request_are_told_from_those_of_a_form() {
    let refusal = |message: &str| RefusalBody::new(&json!({ "error": message }).to_string());
    let azure = refusal(
        "The response was filtered due to the prompt triggering content management policy.",
    );
    assert!(azure.is_about_content() && !azure.is_about_generation());
    let groq = RefusalBody::new(
        r#"{"error":{"message":"Failed to generate JSON.","code":"json_validate_failed"}}"#,
    );
    assert!(groq.is_about_generation() && !groq.is_about_content());
    assert!(refusal("System role not supported").is_about_roles());
    assert!(refusal("Conversation roles must alternate user/assistant/...").is_about_roles());
    assert!(refusal("Unexpected endpoint or method. (POST /chat/completions)").is_about_the_path());
    let plain = refusal("response_format is not supported");
    assert!(!plain.is_about_content() && !plain.is_about_generation() && !plain.is_about_roles());
}

#[test]
fn what_is_said_in_other_words() {
    check(
        |_, message| json!({ "error": { "message": message } }),
        &[
            (400, "", "Too many tokens: the prompt cannot exceed 4081."),
            (
                400,
                "",
                "Prompt has 9000 tokens, exceeding the model's limit of 8192.",
            ),
            (422, "", "The input is longer than the model takes."),
            (
                400,
                "",
                "input token count is 40000 but model only supports up to 32768",
            ),
            (400, "", "Total tokens 9000 exceeds max allowed 8192"),
            (400, "", "Please shorten your prompt."),
            (
                400,
                "",
                "max_tokens is too large: 2048. This model supports at most 1024 completion tokens.",
            ),
            (400, "", "`max_new_tokens` must be <= 1500. Given: 2048"),
            (400, "", "You exceeded your tokens per minute."),
            (400, "", "seed: extra input not permitted"),
            (
                403,
                "",
                "This model is not available in your current location.",
            ),
            (403, "", "Access from this region has been blocked."),
            (403, "", "The content mentions a region. It is flagged."),
            (429, "", "You have used up your monthly included credits."),
            (
                429,
                "",
                "Usage limit reached for 5 hour. It resets at noon.",
            ),
        ],
        &expect![[r#"
            400 TooLong: Too many tokens: the prompt cannot exceed 4081.
            400 TooLong: Prompt has 9000 tokens, exceeding the model's limit of 8192.
            422 TooLong: The input is longer than the model takes.
            400 TooLong: input token count is 40000 but model only supports up to 32768
            400 TooLong: Total tokens 9000 exceeds max allowed 8192
            400 TooLong: Please shorten your prompt.
            400 Refused: max_tokens is too large: 2048. This model supports at most 1024 completion tokens.
            400 Refused: `max_new_tokens` must be <= 1500. Given: 2048
            400 Refused: You exceeded your tokens per minute.
            400 Refused: seed: extra input not permitted
            403 NotServedHere: This model is not available in your current location.
            403 NotServedHere: Access from this region has been blocked.
            403 Refused: The content mentions a region. It is flagged.
            429 DayUsedUp: You have used up your monthly included credits.
            429 DayUsedUp: Usage limit reached for 5 hour. It resets at noon.
        "#]],
    );
}

#[test]
fn a_status_that_says_something_else_does_not_hide_it() {
    check(
        |_, message| json!({ "error": { "message": message } }),
        &[
            (400, "", "Incorrect API key provided: no***ey."),
            (500, "", "Invalid API key"),
            (
                403,
                "",
                "Content violates usage guidelines. Permission denied.",
            ),
            (403, "", "Rate limit exceeded, slow down."),
            (400, "", "Budget has been exceeded! Max budget: 10.0"),
            (429, "", "您的账户已欠费,请充值后重试。"),
            (
                403,
                "",
                "Your team doesn't have any credits. You can purchase credits.",
            ),
            (429, "", "Hourly usage limit reached."),
            (451, "", "Unavailable For Legal Reasons"),
            (400, "", "m is not a valid model ID"),
            (400, "", "Model `m` does not exist."),
            (500, "", "Model m not found"),
            (
                400,
                "",
                "Unrecognized request URL (POST: /chat/completions).",
            ),
            (400, "", "Model is loading... please wait"),
            (404, "", "The model is being loaded into memory."),
            (400, "", "The model is overloaded, try again later."),
            (500, "", "Jinja Exception: System role not supported"),
            (500, "", "xgrammar: the json schema is not supported"),
            (
                400,
                "",
                "Invalid role: system. Allowed roles: user, assistant",
            ),
            (
                400,
                "",
                "The maximum tokens you requested exceeds the model limit of 1024.",
            ),
            (
                400,
                "",
                "Your request exceeded model token limit: 8192 (requested: 10000)",
            ),
            (400, "", "Prompt 超长"),
            (400, "", "Der Prompt ist zu lang: 9000 Tokens."),
            (500, "", "context shift is disabled"),
        ],
        &expect![[r#"
            400 KeyRejected: Incorrect API key provided: no***ey.
            500 KeyRejected: Invalid API key
            403 Refused: Content violates usage guidelines. Permission denied.
            403 Busy: Rate limit exceeded, slow down.
            400 AccountEmpty: Budget has been exceeded! Max budget: 10.0
            429 AccountEmpty: 您的账户已欠费,请充值后重试。
            403 AccountEmpty: Your team doesn't have any credits. You can purchase credits.
            429 DayUsedUp: Hourly usage limit reached.
            451 NotServedHere: Unavailable For Legal Reasons
            400 NotThere: m is not a valid model ID
            400 NotThere: Model `m` does not exist.
            500 NotThere: Model m not found
            400 NotThere: Unrecognized request URL (POST: /chat/completions).
            400 Loading: Model is loading... please wait
            404 Loading: The model is being loaded into memory.
            400 Busy: The model is overloaded, try again later.
            500 Refused: Jinja Exception: System role not supported
            500 Refused: xgrammar: the json schema is not supported
            400 Refused: Invalid role: system. Allowed roles: user, assistant
            400 Refused: The maximum tokens you requested exceeds the model limit of 1024.
            400 TooLong: Your request exceeded model token limit: 8192 (requested: 10000)
            400 TooLong: Prompt 超长
            400 TooLong: Der Prompt ist zu lang: 9000 Tokens.
            500 TooLong: context shift is disabled
        "#]],
    );
}

/// Refusals that all mean the same, each with its status and message.
fn mean(meaning: Meaning, refusals: &[(u16, &str)]) {
    let told = |(status, message): &(u16, &str)| {
        let refusal = RefusalBody::new(&json!({ "error": { "message": message } }).to_string());
        let told = refusal.meaning(StatusCode::from_u16(*status).unwrap());
        (told != meaning).then(|| format!("{status} {told:?}: {message}"))
    };
    let others: Vec<String> = refusals.iter().filter_map(told).collect();
    assert!(others.is_empty(), "not {meaning:?}:\n{}", others.join("\n"));
}

#[test]
fn an_empty_account_is_known_in_many_words() {
    mean(
        Meaning::AccountEmpty,
        &[
            (401, "insufficient_quota: see your plan."),
            (402, "No."),
            (400, "Your balance is not enough for this call."),
            (403, "Your team does not have any credits left."),
            (429, "The account has run out of credits."),
            (429, "Not enough funds. Please top up."),
            (403, "Recharge your account to go on."),
            (403, "The account has an overdue balance."),
            (429, "Account balance is negative."),
            (429, "Your wallet is empty."),
            (400, "Your prepaid credits are depleted."),
            (403, "You have exhausted your credits."),
            (429, "Max budget for this key is reached."),
            (400, "ExceededBudget: User has spent 10.1 of 10.0"),
            (403, "Your free trial has ended."),
            (403, "Free credits have expired, add a credit card."),
            (429, "账户余额不足"),
            (403, "账号已欠费"),
            (429, "额度已用尽"),
            (403, "用户额度不足, 剩余额度: 0"),
        ],
    );
}

#[test]
fn a_quota_that_minutes_do_not_renew_is_known_in_many_words() {
    mean(
        Meaning::DayUsedUp,
        &[
            (429, "Rate limit exceeded: free-models-per-day."),
            (
                429,
                "Limit on tokens per day (TPD): 100000, used 99000. Try again in 7m12s.",
            ),
            (
                429,
                "The organization has reached its TPD limit of 1500000.",
            ),
            (429, "A trial key is limited to 1000 API calls / month."),
            (
                429,
                "Rate limit of 50 per 86400s exceeded for UserByModelByDay.",
            ),
            (429, "Limit of 1000 requests per 3600 seconds."),
            (429, "Quota exceeded for requests_per_day."),
            (
                403,
                "Out of call volume quota. Quota will be replenished in 02:12:03.",
            ),
            (403, "Daily limit exceeded."),
            (402, "Monthly quota is used up."),
            (429, "Your monthly usage is exhausted."),
            (400, "Open api daily request limit reached"),
            (503, "You have reached your daily quota of requests."),
            (429, "50 requests/day are free."),
            (429, "You have sent 200 requests today."),
            (429, "Limite diaria alcanzada."),
            (429, "Limite journalière atteinte."),
            (429, "本月额度已用完"),
            (429, "今日请求次数已达上限"),
            (429, "1日あたりの上限に達しました"),
            (429, "Your weekly limit is reached."),
            (429, "Try again tomorrow."),
            (429, "Usage limit reached. It resets at midnight."),
        ],
    );
    mean(
        Meaning::Busy,
        &[
            (429, "Limit on tokens per minute (TPM). Try again in 7.5s."),
            (429, "A trial key is limited to 20 API calls / minute."),
            (429, "Rate limit of 10 per 60s exceeded."),
            (429, "Quota exceeded for requests_per_minute."),
            (
                429,
                "You exceeded your current quota, please check your plan and billing details.",
            ),
            (429, "Today is busy: slow down."),
            (429, "Enough credits, too many requests per second."),
            (
                400,
                "ThrottlingException: Too many tokens, please wait before trying again.",
            ),
            (403, "Throttled: slow down."),
        ],
    );
}

#[test]
fn a_model_that_cannot_be_used_is_known_in_many_words() {
    mean(
        Meaning::NotThere,
        &[
            (
                400,
                "The requested model 'm/n' is not supported by any provider.",
            ),
            (
                400,
                "Model m is not supported for the task text-generation.",
            ),
            (400, "The model `m` has been deprecated."),
            (400, "The model m is no longer available."),
            (400, "Model m was retired on 2026-03-01."),
            (403, "You don't have access to the model with this ID."),
            (403, "This project does not have access to model m."),
            (401, "The key is not allowed to access model m."),
            (
                403,
                "Access to model m is restricted. You must be on its list.",
            ),
            (403, "Model disabled."),
            (400, "Unable to access non-serverless model m."),
            (
                400,
                "The operation does not work with the specified model, m.",
            ),
            (403, "Model access denied."),
            (400, "Unsupported model: m"),
            (422, "Unknown model m"),
            (400, "Multiple models are loaded. Please specify a model."),
            (400, "Failed to load model \"m\": no memory."),
            (500, "unable to load model: /blobs/sha"),
            (
                500,
                "model requires more system memory (8 GiB) than is available (4 GiB)",
            ),
            (503, "No available channel for model m under group default"),
            (503, "当前分组 default 下对于模型 m 无可用渠道"),
            (400, "This model is only supported in v1/responses."),
            (400, "m is not a chat model."),
            (403, "The account has not activated the model m."),
            (400, "Model m is not available in this plan."),
            (403, "Not authorized to use the model m."),
            (400, "model: m is not deployed"),
            (400, "'m' is not supported for chat completions."),
            (400, "No such model: m"),
        ],
    );
    mean(
        Meaning::Refused,
        &[
            (400, "This model does not support temperature."),
            (400, "'seed' is not supported with this model."),
            (400, "The model's parameter seed is not supported."),
            (400, "Model m: response_format is not supported."),
            (422, "JSON mode is not enabled for this model."),
            (400, "With model m, strict is not supported."),
            (
                404,
                "No endpoints found that can handle the requested parameters.",
            ),
        ],
    );
    mean(
        Meaning::Busy,
        &[
            (503, "The model is currently unavailable."),
            (429, "Model m is temporarily not available."),
            (503, "The model is not available right now."),
        ],
    );
}

#[test]
fn a_caller_who_is_not_let_in_is_known_in_many_words() {
    mean(
        Meaning::KeyRejected,
        &[
            (401, ""),
            (401, "No."),
            (403, ""),
            (403, "Missing Authentication Token"),
            (
                403,
                "The security token included in the request is invalid.",
            ),
            (403, "User is not authorized to perform this action."),
            (403, "Access denied due to invalid subscription key."),
            (403, "The signature does not match."),
            (403, "Method doesn't allow unregistered callers."),
            (403, "Requests from this referer are blocked."),
            (403, "Your IP address is not on the allowlist."),
            (403, "Your account has been suspended."),
            (403, "This organization has been disabled."),
            (
                403,
                "The API has not been used in project 1 before or it is disabled.",
            ),
            (403, "Please verify your account with a phone number."),
            (403, "Your token has expired."),
            (400, "API key expired. Please renew the API key."),
            (400, "The API Key you provided is invalid."),
            (400, "Your authentication token is not valid."),
            (400, "You didn't provide an API key."),
            (
                500,
                "Authentication Error, Invalid proxy server token passed",
            ),
            (403, "无效的令牌"),
            (403, "该令牌已过期"),
        ],
    );
    mean(
        Meaning::Refused,
        &[
            (403, "Forbidden"),
            (403, "Access denied"),
            (403, "The request was flagged by our account of safety."),
            (400, "The token limit must be valid."),
        ],
    );
}
