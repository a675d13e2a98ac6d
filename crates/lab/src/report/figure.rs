//! A figure of the report: the picture within the page, its caption, its files.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

use super::anchors;
use super::book::Page;
use super::html::{address, data_address, escape};
use crate::paper::{Paper, Shown};

/// A picture that travels within the page.
struct Embedded {
    address: String,
    /// Size in pixels of the design.
    size: (u32, u32),
}

/// PNG files have this many pixels per pixel of the design.
const PNG_SCALE: u32 = 2;
/// Pixels on the page per pixel of the design, which is made for the smaller type of a paper.
const PAGE_SCALE: f64 = 1.25;

/// `Figure 3.5`, `Figure 4.14 (linear)`; a figure without a number in the paper is one of ours.
pub fn label(name: &str) -> String {
    let is_numbered = name.split('-').next().is_some_and(|number| number.contains('.'));
    match name.split_once('-') {
        _ if !is_numbered => format!("Our figure {}", name.replace('-', " ")),
        Some((number, variant)) => format!("Figure {number} ({})", variant.replace('-', " ")),
        None => format!("Figure {name}"),
    }
}

/// The figure's element.
pub fn element(paper: &Paper, page: &Page, name: &str) -> anyhow::Result<String> {
    let about = page.about;
    let Embedded { address: source, size: (width, height) } = embed(&page.folder.figures(), name)?;
    let [width, height] = [width, height].map(|pixels| (f64::from(pixels) * PAGE_SCALE).round());
    let label = escape(&label(name));
    let shown = paper.figure(name);
    let caption = escape(shown.map_or(about.title, |s| s.shows.as_str()));
    let says = shown.and_then(|Shown { says, .. }| says.as_ref()).map_or(String::new(), |says| {
        let voice = escape(&paper.voice);
        format!("<span class=\"says\"><b>{voice}:</b> {}</span>", escape(says))
    });
    Ok(format!(
        "<figure id=\"{}\">\n<button class=\"zoom\" aria-label=\"{label}, larger\"><img src=\"{source}\" width=\"{width}\" \
         height=\"{height}\" alt=\"{label}: {caption}\"></button>\n<figcaption><b>{label}.</b> {caption} {says}{}</figcaption>\n</figure>\n",
        anchors::figure(about.id, name),
        files(page, name)
    ))
}

/// Links to the figure's files and to the numbers it is drawn from.
fn files(page: &Page, name: &str) -> String {
    let folder = anchors::folder(page);
    let picture = |ending: &str| {
        let file = format!("figures/fig{name}.{ending}");
        let is_there = page.folder.path().join(&file).is_file();
        let link = || format!("<a href=\"{folder}/{}\">{}</a>", address(&file), ending.to_uppercase());
        is_there.then(link)
    };
    let mut links: Vec<String> = ["svg", "png"].into_iter().filter_map(picture).collect();
    links.push(format!("<a href=\"#{}\">numbers</a>", anchors::data(page.about.id)));
    format!("<span class=\"files\">{}</span>", links.join(" · "))
}

/// Bytes of an SVG that is still shown as such: one of tens of thousands of points is slower than its pixels.
const MAX_SVG: usize = 600_000;

/// The SVG where there is one, unless it is very long, else the PNG.
fn embed(folder: &Path, name: &str) -> anyhow::Result<Embedded> {
    let svg = folder.join(format!("fig{name}.svg"));
    if let Some(text) = fs::read_to_string(&svg).ok().filter(|text| text.len() <= MAX_SVG) {
        let size = svg_size(&text).with_context(|| format!("{}: no size", svg.display()))?;
        return Ok(Embedded { address: data_address("image/svg+xml", text.as_bytes()), size });
    }
    let png = folder.join(format!("fig{name}.png"));
    let bytes = fs::read(&png)
        .with_context(|| format!("{}: cannot be read; drawing again makes it", png.display()))?;
    let (width, height) = png_size(&bytes).with_context(|| format!("{}: no size", png.display()))?;
    let size = (width / PNG_SCALE, height / PNG_SCALE);
    Ok(Embedded { address: data_address("image/png", &bytes), size })
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

    #[test]
    fn variants_are_named_after_their_number() {
        assert_eq!(label("3.5"), "Figure 3.5");
        assert_eq!(label("4.14-linear"), "Figure 4.14 (linear)");
        assert_eq!(label("6-training-time"), "Our figure 6 training time");
    }
}
