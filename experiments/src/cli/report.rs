//! `vitrine report`: the findings of a run as one HTML file.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde_json::json;

use vitrine_lab::{RunName, report};

use super::arguments::Common;
use super::closing;
use super::terminal::print;
use crate::thesis::{PAPER, SECTIONS};

pub fn run(common: &Common, name: &RunName, open: bool) -> anyhow::Result<()> {
    let written = report::write(&PAPER, &SECTIONS, &common.runs, name)?;
    closing::damage(&written.damaged);
    if common.json {
        let path = written.path.display().to_string();
        let line = json!({ "report": path, "bytes": written.n_bytes, "figures": written.n_figures });
        print(&serde_json::to_string_pretty(&line)?)?;
    } else {
        print(&written.to_string())?;
    }
    if open { show(&written.path) } else { Ok(()) }
}

/// Opens a file with whatever the system opens such files with.
fn show(path: &Path) -> anyhow::Result<()> {
    let (program, first) = match std::env::consts::OS {
        "macos" => ("open", None),
        "windows" => ("cmd", Some(["/C", "start", ""])),
        _ => ("xdg-open", None),
    };
    let mut command = Command::new(program);
    command.args(first.into_iter().flatten()).arg(path).stdout(Stdio::null()).stderr(Stdio::null());
    command
        .spawn()
        .with_context(|| format!("--open: {program} cannot be run; open {} yourself", path.display()))?;
    Ok(())
}
