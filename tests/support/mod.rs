//! The whole program, run in its own process.

use std::path::Path;
use std::process::Command;

/// The program, with `runs` as its folder of results and no MNIST folder from the environment.
pub fn vitrine(runs: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vitrine"));
    command.env_remove("VITRINE_MNIST").arg("--runs").arg(runs);
    command
}
