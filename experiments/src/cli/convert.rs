//! `vitrine convert`: a network for other programs.

use std::path::Path;

use vitrine_data::Tree;
use vitrine_lab::slip;
use vitrine_model::to_onnx;

use super::arguments::Common;
use super::model_commands::Convert;
use super::models::{self, OpenedModel};
use super::terminal::note;

pub fn run(common: &Common, args: &Convert) -> anyhow::Result<()> {
    let ending = args.to.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let is_onnx = match ending.as_deref() {
        Some("onnx") => true,
        Some("safetensors") => false,
        _ => return Err(slip(format!("{}: ends neither in .onnx nor in .safetensors", args.to.display()))),
    };
    if args.to.symlink_metadata().is_ok() {
        return Err(slip(format!("{}: is there already; a new name is wanted", args.to.display())));
    }
    let OpenedModel { model, weights, .. } = models::open(common, &args.model)?;
    let bytes = if is_onnx { to_onnx(model.graph(), &weights)? } else { weights.to_safetensors() };
    let (Some(folder), Some(name)) = (args.to.parent(), args.to.file_name()) else {
        return Err(slip(format!("{}: names no file", args.to.display())));
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    Tree::at(folder).write_whole(name, &bytes)?;
    note(&format!("{}: {} bytes", args.to.display(), bytes.len()));
    Ok(())
}
