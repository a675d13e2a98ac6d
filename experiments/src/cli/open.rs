//! What commands work on: the zoo that the options name, the origin of what they make.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use vitrine_data::{Folders, mnist};
use vitrine_lab::{Origin, StopFlag, Workshop, Zoo, slip};

use super::arguments::Common;
use super::progress::Progress;

/// The zoo in `runs`, in a folder that can be written and on a device that works.
pub fn zoo(common: &Common, runs: &Path, stop: &StopFlag) -> anyhow::Result<Zoo> {
    zoo_with(common, runs, stop, folders(common))
}

/// The same with folders that are at hand, and what is known of the files in them.
pub fn zoo_with(common: &Common, runs: &Path, stop: &StopFlag, folders: Folders) -> anyhow::Result<Zoo> {
    check_writable("--runs", runs)?;
    common.device.check().map_err(|e| slip(format!("--device {}: {e}", common.device)))?;
    let n_threads = n_threads(common.threads)?;
    // A second call, as `verify` makes, finds the pool built already; the first one counts.
    _ = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build_global();
    let mut workshop = Workshop::new(runs);
    workshop.device = common.device;
    workshop.engine = common.engine;
    workshop.n_threads = n_threads;
    workshop.folders = folders;
    workshop.watch = Arc::new(Progress::new(&workshop.folders));
    workshop.stop = stop.clone();
    workshop.origin = origin(common);
    Ok(Zoo::new(workshop))
}

/// Folders of the sources that are read from files.
pub fn folders(common: &Common) -> Folders {
    match &common.mnist {
        Some(folder) => Folders::default().with(mnist::NAME, folder),
        None => Folders::default(),
    }
}

/// Refuses a folder that cannot be written, before any work is done for it; `option` is what names it.
pub fn check_writable(option: &str, folder: &Path) -> anyhow::Result<()> {
    let probe = || -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        tempfile::tempfile_in(folder).map(|_| ())
    };
    probe().with_context(|| format!("{option} {}: the folder cannot be written", folder.display()))
}

/// What this process makes things with.
pub fn origin(common: &Common) -> Origin {
    Origin {
        device: common.device.to_string(),
        engine: common.engine.to_string(),
        version: env!("CARGO_PKG_VERSION").into(),
        // Of the checkout that the program was built in, which the build knew (build.rs).
        commit: option_env!("VITRINE_COMMIT").map(String::from),
    }
}

/// More threads are a slip of the keyboard, and a system may end a program that asks for them.
const MAX_THREADS: usize = 1024;

/// How many cores a run may use: `--threads`, or all of them.
fn n_threads(asked: Option<usize>) -> anyhow::Result<usize> {
    match asked {
        Some(0) => Err(slip("--threads 0: at least one thread is needed")),
        Some(n) if MAX_THREADS < n => Err(slip(format!("--threads {n}: at most {MAX_THREADS} threads"))),
        Some(n) => Ok(n),
        None => Ok(std::thread::available_parallelism().map_or(1, |n| n.get())),
    }
}
