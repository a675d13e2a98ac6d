//! Four processes on one runs folder at once.

use std::fs::File;
use std::process::Stdio;
use std::time::Duration;

use super::process::{bounded, judged, wait};
use super::results::Results;
use super::scale;
use super::tally::Tally;

/// Processes at once.
const N: usize = 4;
/// No round takes so long.
const LIMIT: Duration = Duration::from_secs(600);

/// Runs `n` rounds.
pub fn attack(n: usize) -> Tally {
    let mut tally = Tally::new("rounds of four processes on one folder");
    let targets: &[&str] =
        if scale::is_full() { &["all"] } else { &["fig3.1", "table3.4", "fig3.14", "fig4.5", "fig5.1"] };
    let arguments = [&["reproduce", "--preset", "smoke"], targets].concat();
    let (undisturbed, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    // The whole preset may take longer than a process that is asked to stop.
    let alone =
        bounded(undisturbed.path()).args(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(alone.unwrap().success());
    let sound = Results::read(undisturbed.path());
    for _ in 0..n {
        let runs = tempfile::tempdir().unwrap();
        let said = |i: usize| scratch.path().join(format!("said{i}"));
        let start = |i: usize| {
            let said = Stdio::from(File::create(said(i)).unwrap());
            bounded(runs.path()).args(&arguments).stdout(Stdio::null()).stderr(said).spawn().unwrap()
        };
        let mut children: Vec<_> = (0..N).map(start).collect();
        let mut faults = Vec::new();
        for (i, child) in children.iter_mut().enumerate() {
            let status = wait(child, LIMIT);
            if !status.is_some_and(|status| status.success()) {
                _ = child.kill();
                faults.push(format!("{status:?}: {}", std::fs::read_to_string(said(i)).unwrap_or_default()));
            }
        }
        faults.extend(sound.difference(&Results::read(runs.path())));
        let listed = judged(bounded(runs.path()).args(["report", "--preset", "smoke"]), scratch.path());
        if listed.as_deref() != Ok("done") {
            faults.push(format!("the report: {listed:?}"));
        }
        match faults.is_empty() {
            true => tally.count("all four done, with the same results"),
            false => tally.fault(faults.join("\n")),
        }
    }
    tally
}
