//! Mutated files of every kind the program reads, read in this process: no panic, no abort, no hang.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use super::mutate::mutated;
use super::process::{bounded, judged};
use super::readers::READERS;
use super::scale;
use super::tally::Tally;

/// No file of a few kilobytes takes so long to read.
const LONG: Duration = Duration::from_secs(5);

/// Reads `n` mutated files, as many of each kind.
pub fn attack(n: usize) -> Tally {
    let mut tally = Tally::new("mutated files of every kind");
    let mut rng = scale::rng(5);
    let (runs, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let made = judged(
        bounded(runs.path()).args(["reproduce", "fig4.12", "fig3.3", "--preset", "smoke"]),
        scratch.path(),
    );
    assert_eq!(made.as_deref(), Ok("done"));
    for reader in &READERS {
        let sample = (reader.sample)(runs.path());
        assert!((reader.read)(scratch.path(), &sample), "a sound {} is read", reader.name);
        for _ in 0..n.div_ceil(READERS.len()) {
            let bytes = mutated(&sample, &mut rng);
            let started = Instant::now();
            let taken = catch_unwind(AssertUnwindSafe(|| (reader.read)(scratch.path(), &bytes)));
            let fault =
                |what: &str| Err(format!("{}: {what}: {:?}", reader.name, String::from_utf8_lossy(&bytes)));
            tally.add(match taken {
                Err(_) => fault("panics"),
                Ok(_) if LONG < started.elapsed() => fault("takes long"),
                Ok(true) => Ok("read".into()),
                Ok(false) => Ok("refused".into()),
            });
        }
    }
    tally
}
