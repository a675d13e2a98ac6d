//! The program in a process of its own, watched: how it ends, within what time, and what it says.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// After so long it is asked to stop.
const LONG: Duration = Duration::from_secs(15);
/// After a request it has so long to end; more is a hang.
const HEARD: Duration = Duration::from_secs(10);
/// Address space in KiB that a process may take: who needs more must have refused before.
const MEMORY_KIB: usize = 12_000_000;

/// How a process ended.
pub struct Ended {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
    /// Whether it had to be asked to stop.
    pub was_long: bool,
}

/// The program's command within bounds of memory; arguments follow.
pub fn bounded(runs: &Path) -> Command {
    let mut command = Command::new("sh");
    let script = format!("ulimit -v {MEMORY_KIB}; exec \"$0\" \"$@\"");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_vitrine")]);
    command.env_remove("VITRINE_MNIST").arg("--runs").arg(runs).stdin(Stdio::null());
    command
}

/// Sends a signal by name: `INT`.
pub fn signal(child: &Child, name: &str) {
    _ = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
}

/// Waits until a deadline; `None` when it is still running then.
pub fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(2);
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        if limit < started.elapsed() {
            return None;
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(50));
    }
}

/// Runs a command to its end; work that takes long is asked to stop, and must hear it.
///
/// # Errors
/// A hang.
pub fn run(command: &mut Command, scratch: &Path) -> Result<Ended, String> {
    // Files, not pipes: nobody reads while it runs.
    let [out, err] = ["stdout", "stderr"].map(|name| scratch.join(name));
    let file = |path: &Path| Stdio::from(File::create(path).unwrap());
    let mut child = command.stdout(file(&out)).stderr(file(&err)).spawn().unwrap();
    let mut was_long = false;
    let status = match wait(&mut child, LONG) {
        Some(status) => status,
        None => {
            was_long = true;
            signal(&child, "INT");
            match wait(&mut child, HEARD) {
                Some(status) => status,
                None => {
                    child.kill().unwrap();
                    child.wait().unwrap();
                    return Err(format!("hangs after Ctrl-C: {command:?}"));
                }
            }
        }
    };
    let text = |path: &Path| {
        let mut bytes = Vec::new();
        File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Ok(Ended { status, stdout: text(&out), stderr: text(&err), was_long })
}

/// Runs it, and says how it ended: one of the documented exit codes, with words where it failed, and no panic.
///
/// # Errors
/// Anything else.
pub fn judged(command: &mut Command, scratch: &Path) -> Result<String, String> {
    let ended = run(command, scratch)?;
    judge(command, &ended)
}

/// The same of a process that has ended.
///
/// # Errors
/// As of [`judged`].
pub fn judge(command: &Command, ended: &Ended) -> Result<String, String> {
    let tail =
        |text: &str| text.chars().rev().take(600).collect::<Vec<_>>().into_iter().rev().collect::<String>();
    let fault =
        |what: &str| Err(format!("{what} ({}): {command:?}\n  {}", ended.status, tail(&ended.stderr)));
    if ended.stderr.contains("panicked")
        || ended.stderr.contains("RUST_BACKTRACE")
        || ended.stdout.contains("panicked")
    {
        return fault("panics");
    }
    let outcome = match ended.status.code() {
        Some(0) if ended.was_long => "stopped when asked",
        Some(0) => return Ok("done".into()),
        Some(1) => "failed with an error",
        Some(2) => "refused as a slip",
        Some(130) if ended.was_long => "stopped when asked",
        _ => return fault("ends otherwise"),
    };
    if ended.stderr.trim().is_empty() {
        return fault("fails without a word");
    }
    Ok(outcome.into())
}
