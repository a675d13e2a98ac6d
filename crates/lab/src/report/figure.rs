//! A figure of the report: the picture within the page, its caption, its files.

use super::book::Page;
use super::html::{address, escape};
use super::picture::Embedded;
use super::{agreement, anchors};
use crate::names::figure_label;
use crate::paper::Paper;

/// Pixels on the page per pixel of the design, which is made for the smaller type of a paper.
const PAGE_SCALE: f64 = 1.25;

/// The figure's element.
pub fn element(paper: &Paper, page: &Page, name: &str, picture: &Embedded) -> String {
    let about = page.about;
    let Embedded { address: source, size: (width, height) } = picture;
    let [width, height] = [*width, *height].map(|pixels| (f64::from(pixels) * PAGE_SCALE).round());
    let label = escape(&figure_label(name));
    let shown = paper.figure(name);
    let caption = escape(shown.map_or(about.title, |s| s.shows.as_str()));
    let says = shown.map_or(String::new(), |shown| agreement::says(paper, shown));
    let ours = agreement::under_figure(paper, page, name);
    format!(
        "<figure id=\"{}\">\n<button class=\"zoom\" aria-label=\"{label}, larger\"><img src=\"{source}\" width=\"{width}\" \
         height=\"{height}\" alt=\"{label}: {caption}\"></button>\n<figcaption><b>{label}.</b> {caption} {says}{ours}{}</figcaption>\n</figure>\n",
        anchors::figure(about.id, name),
        files(page, name)
    )
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
