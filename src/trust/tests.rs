//! Which settings need trust, in which words they are asked about, and what is left without them.

use expect_test::{Expect, expect};

use super::*;

fn catalog(tables: &str) -> Catalog {
    let text = format!("title = \"T\"\n{tables}");
    Catalog::parse(Path::new("/conf/catalog.toml"), &text).unwrap()
}

/// What a catalog wants, a line each; and that nothing is left of it once it is withheld.
#[expect(clippy::needless_pass_by_value, reason = "it is called with literals")]
#[track_caller]
fn check(tables: &str, expected: Expect) {
    let mut catalog = catalog(tables);
    let settings = sensitive_settings(&catalog);
    let line = |setting: &SensitiveSetting| setting.to_string() + "\n";
    let lines: String = settings.iter().map(line).collect();
    // Windows puts the disk before it.
    let conf = fs::absolute(Path::new("/conf")).unwrap();
    let lines = lines.replace(conf.to_str().unwrap(), "/conf");
    expected.assert_eq(&lines.replace('\\', "/"));
    for setting in &settings {
        withhold(&mut catalog, setting);
    }
    assert_eq!(sensitive_settings(&catalog), []);
    let is_wanted = |kind: Endpoint| {
        let is_key = |setting: &&SensitiveSetting| matches!(setting, SensitiveSetting::Key { endpoint, .. } if *endpoint == kind);
        settings.iter().any(|setting| is_key(&setting))
    };
    let is_withheld = catalog.llm.as_ref().is_some_and(|llm| llm.is_withheld);
    let may_be_paid_twice = settings.iter().any(|setting| {
        matches!(
            setting,
            SensitiveSetting::Cache { .. }
                | SensitiveSetting::Store { .. }
                | SensitiveSetting::Reading { .. }
        )
    });
    let has_llm = catalog.llm.is_some();
    assert_eq!(
        is_withheld,
        has_llm && (is_wanted(Endpoint::Llm) || may_be_paid_twice)
    );
    assert!(catalog.transcribe.is_none() || !is_wanted(Endpoint::Transcribe));
}

#[test]
fn a_document_wants_nothing() {
    for tables in [
        "",
        "[fetch]\nyt_dlp = \"yt-dlp\"\nyt_dlp_args = [\"--cookies-from-browser\", \"firefox\"]",
        "[llm]\nmodel = \"m\"",
        "[llm]\nmodel = \"m\"\napi_key_env = \"OTHER\"",
        "[llm]\nmodel = \"m\"\napi_key_env = \"K\"\nbase_url = \"https://API.openai.com:443/v1/\"",
        "[llm]\nmodel = \"m\"\nprovider = \"anthropic\"\nheaders = { anthropic-beta = \"x\", x-key = \"$K\" }",
        "[llm]\nmodel = \"m\"\nbase_url = \"http://localhost:11434/v1\"",
        "[llm]\nmodel = \"m\"\nbase_url = \"https://strange.example/v1\"\nheaders = { x-title = \"T\" }",
        "[transcribe]\nmodel = \"m\"\napi_key_env = \"K\"",
        "[transcribe]\nmodel = \"m\"\nbase_url = \"https://strange.example/v1\"",
    ] {
        check(tables, expect![[""]]);
    }
}

#[test]
fn a_program_and_its_arguments_are_shown_in_full() {
    check(
        "[fetch]\nyt_dlp = \"tools/evil\"\nyt_dlp_args = [\"--proxy\", \"http://p\", \"--exec\", \"touch 'a b'\"]",
        expect![[r#"
            run the program `/conf/tools/evil` in the place of yt-dlp
            pass arguments to yt-dlp with which it may run programs and read or write files: --proxy http://p --exec 'touch '/''a b'/'''
        "#]],
    );
    check(
        "[fetch]\nyt_dlp_args = [\"--exec\", \"echo\", \"--exec\", \"--user-agent=; evil\"]",
        expect![[r#"
            pass arguments to yt-dlp with which it may run programs and read or write files: --exec echo --exec '--user-agent=; evil'
        "#]],
    );
    check(
        "[fetch]\nyt_dlp = \"youtube-dl\"",
        expect![[r#"
            run the program `youtube-dl` in the place of yt-dlp
        "#]],
    );
    let mut kept = catalog("[fetch]\nyt_dlp_args = [\"--exec\", \"x\", \"--proxy\", \"http://p\"]");
    for setting in sensitive_settings(&kept) {
        withhold(&mut kept, &setting);
    }
    assert_eq!(kept.fetch.yt_dlp_args, ["--proxy", "http://p"]);
}

#[test]
fn servers_in_the_own_network_are_named() {
    check(
        "[fetch]\nprivate_hosts = [\"127.0.0.1\", \"media.intranet.example\"]",
        expect![[r#"
            fetch captions from servers in your own network: 127.0.0.1, media.intranet.example
        "#]],
    );
}

#[test]
fn a_key_is_shown_with_where_it_comes_from_and_goes_to() {
    check(
        "[llm]\nmodel = \"m\"\napi_key_command = \"pass show 'my key'\"\n\
         [transcribe]\nmodel = \"m\"\nbase_url = \"https://me@strange.example/v1?x=y\"\napi_key_env = \"GITHUB_TOKEN\"",
        expect![[r#"
            run the command `pass show 'my key'` and send what it prints to https://api.openai.com/v1
            send the content of the variable GITHUB_TOKEN to https://strange.example/v1
        "#]],
    );
    check(
        "[llm]\nmodel = \"m\"\nbase_url = \"http://strange.example/v1\"\nunencrypted_key = true\napi_key_env = \"A\"\n\
         headers = { x = \"${B}-$C\" }",
        expect![[r#"
            send the content of the variable A, B, C to http://strange.example/v1, unencrypted
        "#]],
    );
    check(
        "[llm]\nmodel = \"m\"\nbase_url = \"http://127.0.0.1:9/v1\"\napi_key_command = \"./key\"\nheaders = { x = \"$B\" }",
        expect![[r#"
            run the command `/conf/key` and send what it prints, and send the content of the variable B to http://127.0.0.1:9/v1
        "#]],
    );
    // A host that only looks like the provider's, and the provider's without encryption.
    for base_url in [
        "https://api.openai.com.strange.example/v1",
        "http://api.openai.com/v1",
        "https://api.openai.com:8443/v1",
        "https://api.openai.com@strange.example/v1",
    ] {
        let tables =
            format!("[llm]\nmodel = \"m\"\napi_key_env = \"K\"\nbase_url = \"{base_url}\"");
        assert_eq!(sensitive_settings(&catalog(&tables)).len(), 1, "{base_url}");
    }
}

#[test]
fn a_key_that_goes_to_who_gave_it_out_needs_no_trust() {
    for (base_url, variable, is_sensitive) in [
        ("https://api.mistral.ai/v1", "MISTRAL_API_KEY", false),
        ("https://api.groq.com/openai/v1", "GROQ_API_KEY", false),
        ("https://api.mistral.ai/v1", "GROQ_API_KEY", true),
        ("https://api.mistral.ai/v1", "GITHUB_TOKEN", true),
        ("http://api.mistral.ai/v1", "MISTRAL_API_KEY", true),
        ("https://api.mistral.ai:8443/v1", "MISTRAL_API_KEY", true),
        (
            "https://api.mistral.ai.strange.example/v1",
            "MISTRAL_API_KEY",
            true,
        ),
        (
            "https://api.mistral.ai@strange.example/v1",
            "MISTRAL_API_KEY",
            true,
        ),
    ] {
        let tables = format!(
            "[llm]\nmodel = \"m\"\napi_key_env = \"{variable}\"\nbase_url = \"{base_url}\""
        );
        let settings = sensitive_settings(&catalog(&tables));
        assert_eq!(!settings.is_empty(), is_sensitive, "{base_url} {variable}");
    }
}

#[test]
fn another_setting_has_another_digest() {
    let folder = Path::new("/conf");
    let tables = [
        "[fetch]\nyt_dlp = \"a\"",
        "[fetch]\nyt_dlp = \"b\"",
        "[fetch]\nyt_dlp_args = [\"--exec\", \"a b\"]",
        "[fetch]\nyt_dlp_args = [\"--exec\", \"a\", \"b\"]",
        "[llm]\nmodel = \"m\"\napi_key_env = \"K\"\nbase_url = \"https://a/v1\"",
        "[llm]\nmodel = \"m\"\napi_key_env = \"L\"\nbase_url = \"https://a/v1\"",
        "[llm]\nmodel = \"m\"\napi_key_env = \"K\"\nbase_url = \"https://b/v1\"",
        "[llm]\nmodel = \"m\"\napi_key_env = \"K\"\nbase_url = \"http://b/v1\"",
        "[llm]\nmodel = \"m\"\napi_key_env = \"K\"\nbase_url = \"http://b/v1\"\nunencrypted_key = true",
        "[llm]\nmodel = \"m\"\napi_key_command = \"K\"",
        "[transcribe]\nmodel = \"m\"\napi_key_env = \"K\"\nbase_url = \"https://a/v1\"",
    ];
    let digests = tables.map(|tables| {
        let settings = sensitive_settings(&catalog(tables));
        assert_eq!(settings.len(), 1, "{tables}");
        settings[0].digest(folder)
    });
    let different: std::collections::HashSet<&String> = digests.iter().collect();
    assert_eq!(different.len(), tables.len());
    // What does not matter to trust may change.
    let other = "[llm]\nmodel = \"other\"\nconcurrency = 2\napi_key_env = \"K\"\nbase_url = \"https://a/v1\"";
    assert_eq!(
        sensitive_settings(&catalog(other))[0].digest(folder),
        digests[4]
    );
}

#[test]
fn a_script_that_a_key_command_names_is_trusted_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("key.sh");
    let table = format!(
        "[llm]\nmodel = \"m\"\napi_key_command = \"sh '{}'\"",
        script.display().to_string().replace('\\', "/")
    );
    let digest = |content: &str| {
        std::fs::write(&script, content).unwrap();
        sensitive_settings(&catalog(&table))[0].digest(folder.path())
    };
    let first = digest("echo one");
    assert_eq!(digest("echo one"), first);
    assert_ne!(digest("echo two"), first);
}

#[cfg(unix)]
#[test]
fn folders_whose_names_are_no_unicode_are_told_apart() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let digests = [b"/a\xff", b"/a\xfe"].map(|name| {
        let folder = Path::new(OsStr::from_bytes(name)).to_owned();
        SensitiveSetting::Reading { folder }.digest(Path::new("/conf"))
    });
    assert_ne!(digests[0], digests[1]);
}

#[cfg(unix)]
#[test]
fn what_leads_outside_is_told_and_left_out_and_what_is_within_is_not() {
    check(
        "output = \"/elsewhere/p\"\ncache = \"../c\"\n[llm]\nmodel = \"m\"\n[fetch]\ncaptions = \"/elsewhere/captions\"",
        expect![[r#"
            write its page into the folder `/elsewhere/p`
            keep its cache in the folder `/c`
            read files in the folder `/elsewhere/captions`, to show them on the page or to send them to a model
        "#]],
    );
    check(
        "[glossary]\nfrom = [\"../2024/catalog.toml\", \"old/catalog.toml\"]",
        expect![[r#"
            read files in the folder `/2024`, to show them on the page or to send them to a model
        "#]],
    );
    check(
        "logo = \"../brand/logo.svg\"",
        expect![[r#"
            read files in the folder `/brand`, to show them on the page or to send them to a model
        "#]],
    );
    check(
        "logo = \"brand/logo.svg\"\noutput = \"./a/../b\"\ncache = \"/conf/deep/er\"\n[fetch]\ncaptions = \"x/y\"",
        expect![[""]],
    );
}

#[test]
fn a_cache_in_a_store_is_asked_about_without_what_is_secret_in_its_address() {
    check(
        "cache = \"s3://me:word@bucket/talks\"\n[llm]\nmodel = \"m\"",
        expect![[r#"
            keep its cache in s3://bucket/talks, with the keys that the environment has for it
        "#]],
    );
}
