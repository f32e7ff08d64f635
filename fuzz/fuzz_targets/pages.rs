//! `targets/pages.rs`, with what libFuzzer thinks of.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../targets/pages.rs"]
mod pages;

fuzz_target!(|bytes: &[u8]| pages::check(bytes));
