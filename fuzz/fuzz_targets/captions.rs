//! `targets/captions.rs`, with what libFuzzer thinks of.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../targets/captions.rs"]
mod captions;

fuzz_target!(|bytes: &[u8]| captions::check(bytes));
