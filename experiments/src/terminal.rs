//! The only place that writes to the terminal: results to stdout, notes and errors to stderr.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use tracing_subscriber::EnvFilter;

static QUIET: AtomicBool = AtomicBool::new(false);

/// Sends log lines to stderr: warnings and above, or what `RUST_LOG` says; `--quiet` leaves errors alone.
pub fn start_logging(quiet: bool) {
    QUIET.store(quiet, Ordering::Relaxed);
    let default = if quiet { "error" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colour)
        .with_target(false)
        .without_time()
        .init();
}

/// Whether `--quiet` was given.
pub fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// A result, to stdout.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

/// A line on how the work goes, to stderr; silent with `--quiet`.
pub fn note(text: &str) {
    if !is_quiet() {
        // A closed stderr is no reason to stop working.
        _ = writeln!(io::stderr(), "{text}");
    }
}

/// The error, in one line, to stderr.
pub fn say_error(error: &anyhow::Error) {
    _ = writeln!(io::stderr(), "vitrine: {error:#}");
}

/// Whether the reader of our output went away, as `head` does.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}
