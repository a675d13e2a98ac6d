//! A figure's picture as it travels within the page.

use anyhow::Context as _;
use vitrine_figures::Picture;

use super::html::data_address;
use crate::run_folder::Sealed;

/// A picture that travels within the page.
pub struct Embedded {
    /// The picture itself, as an address.
    pub address: String,
    /// Size in pixels of the design.
    pub size: (u32, u32),
}

/// Bytes of an SVG that is still shown as such: one of tens of thousands of points is slower than its pixels.
const MAX_SVG: usize = 600_000;

/// The SVG where there is one, unless it is very long, else the PNG.
pub fn embed(run: &Sealed, name: &str) -> anyhow::Result<Embedded> {
    let read = |ending: &str| {
        let picture = run.picture(name, ending);
        picture.with_context(|| format!("figure {name} cannot be shown; drawing again makes it"))
    };
    if let Some(svg) = read("svg")?.filter(|svg| svg.len() <= MAX_SVG) {
        let size = svg_size(&String::from_utf8_lossy(&svg)).with_context(|| no_size(name, "svg"))?;
        return Ok(Embedded { address: data_address("image/svg+xml", &svg), size });
    }
    let png = read("png")?.with_context(|| format!("figure {name} was not drawn; drawing again makes it"))?;
    let (width, height) = png_size(&png).with_context(|| no_size(name, "png"))?;
    let size = (width / Picture::PNG_SCALE, height / Picture::PNG_SCALE);
    Ok(Embedded { address: data_address("image/png", &png), size })
}

fn no_size(name: &str, ending: &str) -> String {
    format!("fig{name}.{ending}: no size")
}

/// Width and height of the root element of an SVG file.
fn svg_size(text: &str) -> Option<(u32, u32)> {
    let root = text.get(text.find("<svg")?..)?;
    let attribute = |name: &str| {
        let value = root.get(root.find(&format!(" {name}=\""))? + name.len() + 3..)?;
        value.split('"').next()?.parse().ok()
    };
    Some((attribute("width")?, attribute("height")?))
}

/// Width and height of a PNG file: the first eight bytes of its header chunk.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    (bytes.get(12..16)? == b"IHDR").then_some(())?;
    Some((number(16)?, number(20)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_the_files_themselves() {
        assert_eq!(svg_size("<?xml?><svg width=\"720\" height=\"320\" viewBox=\"\">"), Some((720, 320)));
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend([0, 0, 2, 0, 0, 0, 1, 4]);
        assert_eq!(png_size(&png), Some((512, 260)));
        assert_eq!(png_size(b"no picture"), None);
    }
}
