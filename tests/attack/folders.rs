//! Damaged runs folders: files changed, cut, missing, swapped for folders or links. Whatever is read says what is wrong,
//! and the next run makes it again, with the same results.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

use super::mutate::mutated;
use super::process::{bounded, judge, judged, run};
use super::results::Results;
use super::scale;
use super::tally::Tally;

const TARGETS: [&str; 4] = ["fig3.1", "table3.4", "fig3.14", "fig4.12"];

/// Damages `n` folders.
pub fn attack(n: usize) -> Tally {
    let mut tally = Tally::new("damaged run folders");
    let mut rng = scale::rng(4);
    let (sound, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let reproduce = [&["reproduce", "--preset", "smoke"], &TARGETS[..]].concat();
    assert_eq!(judged(bounded(sound.path()).args(&reproduce), scratch.path()).as_deref(), Ok("done"));
    let results = Results::read(sound.path());
    for _ in 0..n {
        let damaged = tempfile::tempdir().unwrap();
        copy(sound.path(), damaged.path());
        let outside = scratch.path().join("outside");
        fs::write(&outside, "not theirs").unwrap();
        let changes: Vec<String> =
            (0..rng.random_range(1..=3)).filter_map(|_| damage(damaged.path(), &outside, &mut rng)).collect();
        tally.add(
            survives(damaged.path(), scratch.path(), &reproduce, &results)
                .and_then(|outcome| {
                    let is_untouched = fs::read_to_string(&outside).is_ok_and(|text| text == "not theirs");
                    if is_untouched { Ok(outcome) } else { Err("a file outside was written".into()) }
                })
                .map_err(|fault| format!("{}: {fault}", changes.join(", "))),
        );
    }
    tally
}

/// Reads the folder in every way, then runs again what was run.
fn survives(runs: &Path, scratch: &Path, reproduce: &[&str], sound: &Results) -> Result<String, String> {
    for reading in ["list", "claims", "report", "draw"] {
        let mut command = bounded(runs);
        command.args([reading, "--preset", "smoke"]);
        if reading == "draw" {
            command.args(TARGETS);
        }
        explained(&mut command, runs, scratch)?;
    }
    let ended = explained(bounded(runs).args(reproduce), runs, scratch)?;
    match (ended.as_str(), sound.difference_but_for_networks(&Results::read(runs))) {
        ("done", None) => Ok("made again with the same results".into()),
        ("done", Some(difference)) => Err(format!("done, but {difference}")),
        // What cannot be mended without taking away what a user put there is refused.
        (other, _) => Ok(other.into()),
    }
}

/// How a command ends; where it fails it names what is wrong in the folder.
fn explained(command: &mut Command, runs: &Path, scratch: &Path) -> Result<String, String> {
    let ended = run(command, scratch)?;
    let outcome = judge(command, &ended)?;
    match ended.status.code() {
        Some(1) if !names_a_place(&ended.stderr, runs) => {
            Err(format!("names nothing in the folder: {}", ended.stderr))
        }
        _ => Ok(outcome),
    }
}

/// Whether a failure is laid to a path below a folder, with a reason after a colon.
fn names_a_place(said: &str, folder: &Path) -> bool {
    let below = format!("{}/", folder.display());
    let failures = said.lines().filter(|line| line.starts_with("vitrine: ") || line.contains(": failed: "));
    failures.flat_map(|line| line.split(&below).skip(1)).any(|rest| {
        rest.split_once(": ")
            .is_some_and(|(name, reason)| !name.is_empty() && !name.contains(' ') && !reason.is_empty())
    })
}

/// One change somewhere below; what it was.
fn damage(runs: &Path, outside: &Path, rng: &mut impl Rng) -> Option<String> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    walk(runs, &mut files, &mut folders);
    let file = files.choose(rng)?.clone();
    let shown = |path: &Path| path.strip_prefix(runs).unwrap_or(path).display().to_string();
    let kind = rng.random_range(0..9);
    match kind {
        0..=3 => fs::write(&file, mutated(&fs::read(&file).ok()?, rng)).ok()?,
        4 => fs::write(&file, "").ok()?,
        5 => fs::remove_file(&file).ok()?,
        6 => {
            fs::remove_file(&file).ok()?;
            fs::create_dir(&file).ok()?;
        }
        #[cfg(unix)]
        7 => {
            fs::remove_file(&file).ok()?;
            std::os::unix::fs::symlink(outside, &file).ok()?;
        }
        _ => {
            let folder = folders.choose(rng)?.clone();
            fs::remove_dir_all(&folder).ok()?;
            if rng.random_bool(0.5) {
                fs::write(&folder, "a file").ok()?;
            }
            return Some(format!("folder {} gone", shown(&folder)));
        }
    }
    Some(format!("{} by change {kind}", shown(&file)))
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>, folders: &mut Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.sort();
    for path in paths {
        match fs::symlink_metadata(&path) {
            Ok(meta) if meta.is_dir() => {
                folders.push(path.clone());
                walk(&path, files, folders);
            }
            Ok(meta) if meta.is_file() => files.push(path),
            _ => {}
        }
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
