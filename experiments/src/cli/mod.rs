//! The command line: arguments, the terminal, interrupts, and a file for each command.

mod arguments;
mod capture;
mod claims;
mod closing;
mod convert;
mod data;
mod describe;
mod describe_data;
mod devices;
mod draw;
mod exit;
mod hints;
mod interrupt;
mod list;
mod memory;
mod model_argument;
mod model_commands;
mod models;
mod onnx;
mod open;
mod progress;
mod report;
mod reproduce;
mod run;
mod terminal;
mod train;
mod verify;

pub use run::main;
