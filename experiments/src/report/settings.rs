//! Settings in full, each of them once, with the sections that ran with them.

use super::html::{escape, id};
use super::{Book, Page, section};
use crate::config::Config;

/// What sections may share: everything of a configuration but the section itself and the time.
fn shared(config: &Config) -> anyhow::Result<String> {
    let mut table = toml::Table::try_from(config)?;
    for own in ["section", "fingerprint", "started"] {
        table.remove(own);
    }
    Ok(toml::to_string(&table)?)
}

/// The id of the settings that a section ran with: of their content, so that equal ones share it.
pub fn anchor(page: &Page) -> String {
    let text = shared(&page.config).unwrap_or_default();
    format!("settings-{}", id(&blake3::hash(text.as_bytes()).to_hex()[..8]))
}

/// The part of the page that lists them.
pub fn part(book: &Book) -> anyhow::Result<String> {
    let mut distinct: Vec<(String, String, Vec<String>)> = Vec::new();
    for page in &book.pages {
        let about = page.section.about();
        let link = format!("<a href=\"#{}\">{}</a>", section::anchor(about.id), escape(about.id));
        let anchor = anchor(page);
        match distinct.iter_mut().find(|(other, ..)| *other == anchor) {
            Some((_, _, sections)) => sections.push(link),
            None => distinct.push((anchor, shared(&page.config)?, vec![link])),
        }
    }
    let items: String = distinct
        .iter()
        .map(|(anchor, text, sections)| {
            format!("<div id=\"{anchor}\"><p>{}</p><pre>{}</pre></div>\n", sections.join(" "), escape(text))
        })
        .collect();
    Ok(format!(
        "<section id=\"settings\"><h2>Settings and seeds</h2>\n<p>What the sections ran with, written out in full. \
         <code>--set KEY=VALUE</code> changes a setting, <code>--seeds N</code> the number of seeds.</p>\n{items}</section>\n"
    ))
}
