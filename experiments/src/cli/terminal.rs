//! The only place that writes to the terminal: results to stdout, notes and errors to stderr.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

static QUIET: AtomicBool = AtomicBool::new(false);

/// `--quiet` leaves results and errors alone.
pub fn set_quiet(quiet: bool) {
    QUIET.store(quiet, Ordering::Relaxed);
}

/// Whether notes and progress are shown by what moves on a terminal.
pub fn shows_bars() -> bool {
    !QUIET.load(Ordering::Relaxed) && io::stderr().is_terminal()
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
    if !QUIET.load(Ordering::Relaxed) {
        say(text);
    }
}

/// A line on something amiss, to stderr; silent with `--quiet`.
pub fn warn(text: &str) {
    note(&format!("warning: {text}"));
}

/// The error, in one line, to stderr.
pub fn say_error(text: &str) {
    say(&format!("vitrine: {text}"));
}

/// Whether the reader of our output went away, as `head` does.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

fn say(text: &str) {
    // A closed stderr is no reason to stop working.
    _ = writeln!(io::stderr(), "{text}");
}
