//! How a run is carried out: on one thread, until it is done or Ctrl-C is heard, and shown to
//! whoever looks on.

use std::io::{self, IsTerminal};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::runtime::Runtime;

use crate::catalog::LlmSettings;
use crate::cli::ending::Failure;
use crate::report::bars::Bars;
use crate::report::lines::Lines;
use crate::report::{Event, Reporter, Verbosity};

/// Whether a run is being carried out, which hears Ctrl-C itself.
static IS_UNDER_WAY: AtomicBool = AtomicBool::new(false);

/// Carries out a run, and tells it to stop at the first Ctrl-C. The second leaves at once: what is
/// kept is kept whole, and the lifeline ends the visits. After the run, the first one leaves.
pub(super) fn carry_out<T>(
    run: impl Future<Output = T>,
    stop: impl FnOnce(),
    reporter: &dyn Reporter,
) -> Result<T, Failure> {
    let runtime = runtime().map_err(|error| Failure::run(error, None::<String>))?;
    IS_UNDER_WAY.store(true, Ordering::Relaxed);
    let done = runtime.block_on(async {
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
    });
    IS_UNDER_WAY.store(false, Ordering::Relaxed);
    leave_on_ctrl_c();
    Ok(done)
}

/// What waits on one thread.
pub(super) fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
}

/// Leaves at Ctrl-C while no run is being carried out. Whoever has listened to it once has taken it
/// from the system for good, and a page of many talks takes its time.
fn leave_on_ctrl_c() {
    static LISTENER: Once = Once::new();
    LISTENER.call_once(|| {
        thread::spawn(|| {
            let heard = runtime().and_then(|runtime| runtime.block_on(ctrl_c_outside_runs()));
            if heard.is_ok() {
                leave();
            }
        });
    });
}

async fn ctrl_c_outside_runs() -> io::Result<()> {
    tokio::signal::ctrl_c().await?;
    while IS_UNDER_WAY.load(Ordering::Relaxed) {
        tokio::signal::ctrl_c().await?;
    }
    Ok(())
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
