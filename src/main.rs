//! The program: parse, run, exit.

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A run makes and drops many small texts, which systems' own allocators take longer for.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    proceedings::cli::main()
}
