//! `vitrine`: trains small networks, looks inside them layer by layer, and says how they learn.
//!
//! Recipes are trained into a zoo of networks; sections read the zoo, measure, and state findings;
//! figures and tables are drawn from findings.

mod ch3;
mod ch4;
mod ch5;
mod ch6;
mod ch7;
mod claim;
mod cli;
mod clock;
mod closing;
mod commands;
mod config;
mod context;
mod detector;
mod diagram;
mod embed;
mod files;
mod findings;
mod job;
mod layers;
mod ledger;
mod numbers;
mod preset;
mod recipe;
mod report;
mod rows;
mod run_folder;
mod section;
mod sections;
mod settings;
mod signals;
mod table;
mod terminal;
mod thesis;
mod usage;
mod zoo;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    terminal::start_logging(cli.common.quiet);
    signals::catch_interrupts();
    match commands::run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if terminal::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::say_error(&error);
            usage::exit_code(&error)
        }
    }
}
