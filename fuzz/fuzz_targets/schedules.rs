//! `targets/schedules.rs`, with what libFuzzer thinks of.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../targets/schedules.rs"]
mod schedules;

fuzz_target!(|bytes: &[u8]| schedules::check(bytes));
