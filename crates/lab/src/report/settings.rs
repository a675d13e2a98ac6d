//! Settings in full, each of them once, with the sections that ran with them.

use super::anchors;
use super::book::Book;
use super::html::escape;

/// The part of the page that lists them.
pub fn part(book: &Book) -> String {
    let mut distinct: Vec<(String, &str, Vec<String>)> = Vec::new();
    for page in &book.pages {
        let about = page.about;
        let link = format!("<a href=\"#{}\">{}</a>", anchors::study(about.id), escape(about.id));
        let anchor = anchors::settings(&page.settings);
        match distinct.iter_mut().find(|(other, ..)| *other == anchor) {
            Some((_, _, sections)) => sections.push(link),
            None => distinct.push((anchor, &page.settings, vec![link])),
        }
    }
    let items: String = distinct
        .iter()
        .map(|(anchor, text, sections)| {
            format!("<div id=\"{anchor}\"><p>{}</p><pre>{}</pre></div>\n", sections.join(" "), escape(text))
        })
        .collect();
    format!(
        "<section id=\"settings\"><h2>Settings and seeds</h2>\n<p>What the sections ran with, written out in full. {}</p>\n{items}</section>\n",
        book.paper.commands.change
    )
}
