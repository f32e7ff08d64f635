//! How a run is carried out: on one thread, until it is done or Ctrl-C is heard, and shown to
//! whoever looks on.

use std::io::{self, IsTerminal};

use crate::catalog::LlmSettings;
use crate::cli::ending::Failure;
use crate::report::bars::Bars;
use crate::report::lines::Lines;
use crate::report::{Event, Reporter, Verbosity};

/// Carries out a run, and tells it to stop at the first Ctrl-C. The second leaves at once: what is
/// kept is kept whole, and the lifeline ends the visits.
pub(super) fn carry_out<T>(
    run: impl Future<Output = T>,
    stop: impl FnOnce(),
    reporter: &dyn Reporter,
) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| Failure::run(error, None::<String>))?;
    Ok(runtime.block_on(async {
        let mut run = std::pin::pin!(run);
        tokio::select! {
            // Ctrl-C is listened to before the first talk begins.
            biased;
            _ = tokio::signal::ctrl_c() => {
                reporter.report(Event::Stopping);
                stop();
            }
            done = &mut run => return done,
        }
        tokio::select! {
            done = &mut run => done,
            _ = tokio::signal::ctrl_c() => leave(),
        }
    }))
}

#[expect(clippy::exit, reason = "the second Ctrl-C means now")]
fn leave() -> ! {
    std::process::exit(130)
}

/// Whoever shows the progress of a run: bars on a terminal, else lines.
pub(super) fn reporter(verbosity: Verbosity, llm: Option<&LlmSettings>) -> Box<dyn Reporter> {
    if io::stderr().is_terminal() && verbosity != Verbosity::Quiet {
        Box::new(Bars::new(verbosity, llm.and_then(|llm| llm.price)))
    } else {
        Box::new(Lines::new(verbosity))
    }
}
