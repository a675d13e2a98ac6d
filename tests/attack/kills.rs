//! Runs killed at random moments: the same command goes on, and ends with the results of an undisturbed run.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rand::RngExt;

use super::process::{bounded, judged};
use super::results::Results;
use super::scale;
use super::tally::Tally;

const ARGUMENTS: [&str; 6] = ["reproduce", "ch3", "4.2-errors", "--preset", "smoke", "--quiet"];
/// Kills of one folder before it is finished.
const PER_FOLDER: usize = 4;

/// Kills `n` runs.
pub fn attack(n: usize) -> Tally {
    let mut tally = Tally::new("kills");
    let mut rng = scale::rng(3);
    let (undisturbed, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let started = Instant::now();
    let ended = judged(bounded(undisturbed.path()).args(ARGUMENTS), scratch.path());
    assert_eq!(ended.as_deref(), Ok("done"));
    let whole = started.elapsed();
    let sound = Results::read(undisturbed.path());
    for first in (0..n).step_by(PER_FOLDER) {
        let runs = tempfile::tempdir().unwrap();
        let n_kills = PER_FOLDER.min(n - first);
        for _ in 0..n_kills {
            kill(runs.path(), whole.mul_f64(rng.random_range(0.0..0.6)));
        }
        let ended = judged(bounded(runs.path()).args(ARGUMENTS), scratch.path());
        let found = Results::read(runs.path());
        let fault = match (ended.as_deref(), sound.difference(&found), left_over(runs.path())) {
            (Ok("done"), None, None) => None,
            (Ok("done"), Some(difference), _) => Some(difference),
            (Ok("done"), _, Some(left)) => Some(format!("{left} is left over")),
            (other, ..) => Some(format!("{other:?}")),
        };
        match fault {
            Some(fault) => tally.fault(fault),
            None => (0..n_kills).for_each(|_| tally.count("finished with the same results")),
        }
    }
    tally
}

fn kill(runs: &Path, after: Duration) {
    let mut child =
        bounded(runs).args(ARGUMENTS).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Something half-written in a folder that vouches for what is in it.
fn left_over(folder: &Path) -> Option<String> {
    for entry in fs::read_dir(folder).ok()?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".part") {
            return Some(entry.path().display().to_string());
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir())
            && let Some(left) = left_over(&entry.path())
        {
            return Some(left);
        }
    }
    None
}
