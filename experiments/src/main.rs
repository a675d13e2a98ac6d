//! `vitrine`: trains small networks, looks inside them layer by layer, and says how they learn.

use std::process::ExitCode;

fn main() -> ExitCode {
    vitrine::cli::main()
}
