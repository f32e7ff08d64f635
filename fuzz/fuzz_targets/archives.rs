//! `targets/archives.rs`, with what libFuzzer thinks of.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../targets/archives.rs"]
mod archives;

fuzz_target!(|bytes: &[u8]| archives::check(bytes));
