//! The figures of a study's run, as files.

use std::path::PathBuf;

use vitrine_data::Tree;
use vitrine_figures::{Drawing, Export, Picture};

use crate::seal::Seal;

/// Takes drawings, and makes them files of a folder.
pub struct Gallery {
    folder: Tree,
    exports: Vec<(&'static str, Export)>,
    names: Vec<String>,
    files: Vec<PathBuf>,
    seal: Seal,
}

impl Gallery {
    /// Figures into a folder: PNG, and SVG where there are no thousands of cells or points.
    pub fn new(folder: Tree) -> Gallery {
        Gallery::exporting(folder, Vec::new())
    }

    /// Figures into a folder, each as every one of `exports`, which stand beside the endings of their files.
    pub fn exporting(folder: Tree, exports: Vec<(&'static str, Export)>) -> Gallery {
        Gallery { folder, exports, names: Vec::new(), files: Vec::new(), seal: Seal::default() }
    }

    /// Draws a figure as SVG and PNG.
    ///
    /// # Errors
    /// When it cannot be drawn or written.
    pub fn add(&mut self, name: &str, picture: Picture, drawing: &impl Drawing) -> anyhow::Result<()> {
        if self.exports.is_empty() {
            let svg = picture.svg(drawing)?;
            self.write(name, "svg", svg.as_bytes())?;
        }
        self.add_raster(name, picture, drawing)
    }

    /// Draws a figure of thousands of cells or points as PNG alone.
    ///
    /// # Errors
    /// When it cannot be drawn or written.
    pub fn add_raster(&mut self, name: &str, picture: Picture, drawing: &impl Drawing) -> anyhow::Result<()> {
        if self.exports.is_empty() {
            let png = picture.png(drawing)?;
            self.write(name, "png", &png)?;
        }
        for (ending, export) in self.exports.clone() {
            let bytes = export.bytes(picture, drawing)?;
            self.write(name, ending, &bytes)?;
        }
        self.names.push(name.to_string());
        Ok(())
    }

    fn write(&mut self, name: &str, ending: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let file = format!("fig{name}.{ending}");
        self.folder.write_unsynced(&file, bytes)?;
        self.files.push(self.folder.path().join(&file));
        self.seal.add(file, bytes);
        Ok(())
    }

    /// Names of the figures drawn.
    pub fn names(&self) -> Vec<String> {
        self.names.clone()
    }

    /// The seal of the files written, as seen from the folder above theirs, where that is `folder`.
    pub(crate) fn seal(&self, folder: &str) -> Seal {
        self.seal.below(folder)
    }

    /// Files written.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }
}
