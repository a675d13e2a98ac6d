//! Mutated files of every kind the program reads, read in this process: no panic, no abort, no hang.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use rand::Rng;

use super::mutate::mutated;
use super::process::{bounded, judged};
use super::readers::{N_FROM_ELSEWHERE, READERS, Reader};
use super::scale;
use super::tally::Tally;

/// No file of a few kilobytes takes so long to read.
const LONG: Duration = Duration::from_secs(5);

/// No small file takes more of it, whatever its header says, in KiB.
const MEMORY_KIB: usize = 1 << 20;

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
        attack_one(reader, n.div_ceil(READERS.len()), runs.path(), scratch.path(), &mut rng, &mut tally);
    }
    tally
}

/// Reads `n` mutated files of each kind of data, and of models from elsewhere; what was read before, too, is within the bound of memory.
pub fn attack_data(n: usize) -> Tally {
    let mut tally = Tally::new("mutated files of data and models");
    let mut rng = scale::rng(9);
    let scratch = tempfile::tempdir().unwrap();
    for reader in &READERS[READERS.len() - N_FROM_ELSEWHERE..] {
        attack_one(reader, n, Path::new(""), scratch.path(), &mut rng, &mut tally);
        if let Some(peak) = peak_memory().filter(|peak| MEMORY_KIB < *peak) {
            tally.fault(format!("{}: took {peak} KiB of memory", reader.name));
        }
    }
    tally
}

fn attack_one(reader: &Reader, n: usize, runs: &Path, scratch: &Path, rng: &mut impl Rng, tally: &mut Tally) {
    let sample = (reader.sample)(runs);
    assert!((reader.read)(scratch, &sample), "a sound {} is read", reader.name);
    for _ in 0..n {
        let bytes = mutated(&sample, rng);
        let started = Instant::now();
        let taken = catch_unwind(AssertUnwindSafe(|| (reader.read)(scratch, &bytes)));
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

/// The most memory that this process ever had, in KiB, where the system says so.
fn peak_memory() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    peak.trim().strip_suffix("kB")?.trim().parse().ok()
}
