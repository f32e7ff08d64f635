//! `completions` and `man`: what packagers ship with the program, made from its own definitions.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::cli::ending::{Ending, Failure};
use crate::cli::output::print;

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell that you use
    shell: Shell,
}

/// Prints a script that has a shell complete commands and flags.
pub(super) fn completions(
    mut program: Command,
    arguments: &CompletionsArgs,
) -> Result<Ending, Failure> {
    let name = program.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, name, &mut script);
    print(&text(script))?;
    Ok(Ending::Complete)
}

/// Prints the program's page of the manual, in roff.
pub(super) fn man(program: Command) -> Result<Ending, Failure> {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(program).render(&mut page);
    rendered.expect("writing to memory does not fail");
    print(&text(page))?;
    Ok(Ending::Complete)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("our own help is UTF-8")
}
