//! The commands, one file each.

mod claims;
mod data;
mod describe;
mod devices;
mod draw;
mod list;
mod report;
mod reproduce;
mod train;
mod verify;

use std::path::Path;

use anyhow::Context as _;

use crate::cli::{Cli, Command, Common};
use crate::zoo::{self, Zoo};

/// Runs the command that the user gave.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    let Cli { command, common } = cli;
    match command {
        Command::Reproduce(args) => reproduce::run(&common, &args),
        Command::List(args) => list::run(&common, args.preset),
        Command::Train { recipe } => train::run(&common, &recipe),
        Command::Draw(args) => draw::run(&common, &args),
        Command::Claims(args) => claims::run(&common, args.preset),
        Command::Report { preset, open } => report::run(&common, preset.preset, open),
        Command::Verify(args) => verify::run(&common, &args),
        Command::Data(args) => data::run(&common, &args),
        Command::Devices => devices::run(&common),
        Command::Describe { network } => describe::run(&common, &network),
    }
}

/// The zoo that the options name, in a runs folder that can be written and on a device that works.
fn open_zoo(common: &Common, runs: &Path) -> anyhow::Result<Zoo> {
    check_writable(runs)?;
    common.device.open().map_err(|e| crate::usage::usage(format!("--device {}: {e}", common.device)))?;
    let n_threads = zoo::n_threads(common.threads)?;
    // A second call, as tests make, finds the pool built already; the first one counts.
    _ = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build_global();
    let mut zoo = Zoo::new(runs, common.device, common.engine, n_threads);
    zoo.mnist_dir = common.mnist.clone();
    Ok(zoo)
}

/// Refuses a runs folder that cannot be written, before any work is done for it.
fn check_writable(runs: &Path) -> anyhow::Result<()> {
    let probe = || -> std::io::Result<()> {
        std::fs::create_dir_all(runs)?;
        tempfile::tempfile_in(runs).map(|_| ())
    };
    probe().with_context(|| format!("--runs {}: the folder cannot be written", runs.display()))
}
