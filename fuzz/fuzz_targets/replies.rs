//! `targets/replies.rs`, with what libFuzzer thinks of.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../targets/replies.rs"]
mod replies;

fuzz_target!(|bytes: &[u8]| replies::check(bytes));
