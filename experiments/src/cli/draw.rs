//! `vitrine draw`: figures again, from findings: the report's own, or files of any format and width.

use vitrine_data::Tree;
use vitrine_figures::{Export, Format, Medium};
use vitrine_lab::{Gallery, RunFolder, StopFlag, redraw};

use super::arguments::{Common, Draw, FigureFormat, FigureStyle};
use super::terminal::print;
use crate::thesis::{PAPER, code, sections};

pub fn run(common: &Common, args: &Draw, stop: &StopFlag) -> anyhow::Result<()> {
    let run = args.run.name();
    for section in sections::find(&args.targets)? {
        stop.check()?;
        let about = section.about();
        let folder = RunFolder::new(&common.runs, about.id, &run);
        let Some(sealed) = folder.open()? else {
            let first = PAPER.commands.of_run(about.id, &run);
            let first = first.map_or(String::new(), |line| format!("; first `{line}`"));
            anyhow::bail!("{}: nothing to draw from{first}", folder.path().display());
        };
        let files = match exports(args) {
            // The report's figures stay as they are.
            Some(exports) => {
                let out = args.out.as_ref().map_or_else(|| folder.folder("export"), Tree::at);
                let mut gallery = Gallery::exporting(out, exports);
                section.show(&sealed.findings()?, &mut gallery)?;
                gallery.files().to_vec()
            }
            None => {
                // Whoever reads keeps others from writing.
                drop(sealed);
                redraw(section, &folder, &code::of(about.id).draws, stop)?.1
            }
        };
        for path in files {
            print(&path.display().to_string())?;
        }
    }
    Ok(())
}

/// The files asked for with their endings; `None` where no option asks for any.
fn exports(args: &Draw) -> Option<Vec<(&'static str, Export)>> {
    let Draw { format, width, style, out, .. } = args;
    if format.is_empty() && width.is_none() && style.is_none() && out.is_none() {
        return None;
    }
    let formats = if format.is_empty() { &[FigureFormat::Pdf][..] } else { format };
    let medium = match style {
        Some(FigureStyle::Screen) => Medium::Screen,
        Some(FigureStyle::Paper) | None => Medium::Paper,
    };
    let export = |format: &FigureFormat| {
        let (ending, format) = match format {
            FigureFormat::Svg => ("svg", Format::Svg),
            FigureFormat::Png => ("png", Format::Png),
            FigureFormat::Pdf => ("pdf", Format::Pdf),
        };
        (ending, Export { format, width: *width, medium })
    };
    Some(formats.iter().map(export).collect())
}
