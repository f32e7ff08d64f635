//! The program: parse, run, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    proceedings::cli::main()
}
