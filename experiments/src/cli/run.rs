//! From the command line to an exit code.

use std::process::ExitCode;

use clap::Parser;
use vitrine_lab::StopFlag;

use super::arguments::{Cli, Command};
use super::{
    capture, claims, convert, data, describe, devices, draw, exit, hints, interrupt, list, report, reproduce,
    terminal, train, verify,
};

/// Runs the command that the user gave.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    terminal::set_quiet(cli.common.quiet);
    let stop = interrupt::caught();
    match run(cli, &stop) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if terminal::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::say_error(&hints::explained(&error));
            exit::code(&error)
        }
    }
}

fn run(cli: Cli, stop: &StopFlag) -> anyhow::Result<()> {
    let Cli { command, common } = cli;
    match command {
        Command::Reproduce(args) => reproduce::run(&common, &args, stop),
        Command::List(args) => list::run(&common, &args.name()),
        Command::Train(args) => train::run(&common, &args, stop),
        Command::Capture(args) => capture::run(&common, &args, stop),
        Command::Convert(args) => convert::run(&common, &args),
        Command::Draw(args) => draw::run(&common, &args, stop),
        Command::Claims(args) => claims::run(&common, &args.name()),
        Command::Report { run, open } => report::run(&common, &run.name(), open),
        Command::Verify(args) => verify::run(&common, &args, stop),
        Command::Data(args) => data::run(&common, &args),
        Command::Devices => devices::run(&common),
        Command::Describe(args) => describe::run(&common, &args),
    }
}
