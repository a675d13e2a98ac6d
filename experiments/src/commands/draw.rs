//! `vitrine draw`: figures again, from findings.

use crate::cli::Common;
use crate::preset::Preset;
use crate::run_folder::{Gallery, RunFolder};
use crate::sections;
use crate::terminal::print;

pub fn run(common: &Common, targets: &[String], preset: Preset) -> anyhow::Result<()> {
    for section in sections::find(targets)? {
        let about = section.about();
        let folder = RunFolder::new(&common.runs, about.id, preset);
        if !folder.is_done() {
            anyhow::bail!(
                "{}: nothing to draw from; first `vitrine reproduce {} --preset {preset}`",
                folder.path().display(),
                about.id
            );
        }
        let mut gallery = Gallery::new(&folder);
        section.draw(&folder.read_findings()?, &mut gallery)?;
        for path in gallery.files() {
            print(&path.display().to_string())?;
        }
    }
    Ok(())
}
