//! The ids of the page's elements, and the addresses of files beside it: what links and targets agree on.

use super::book::Page;
use super::html::{address, id};

/// A claim's row.
pub fn claim(claim: &str) -> String {
    format!("claim-{}", id(claim))
}

/// A figure's element.
pub fn figure(study: &str, name: &str) -> String {
    format!("fig-{}-{}", id(study), id(name))
}

/// A table's element.
pub fn table(study: &str, name: &str) -> String {
    format!("table-{}-{}", id(study), id(name))
}

/// A study's element.
pub fn study(study: &str) -> String {
    format!("s-{}", id(study))
}

/// The list of a study's files.
pub fn data(study: &str) -> String {
    format!("data-{}", id(study))
}

/// Settings by their text: of their content, so that equal ones share it.
pub fn settings(text: &str) -> String {
    format!("settings-{}", id(&blake3::hash(text.as_bytes()).to_hex()[..8]))
}

/// The study's folder as seen from the report's, which is one deeper where the run is not the preset itself.
pub fn folder(page: &Page) -> String {
    let run = &page.config.run;
    let up = if run.is_preset() { ".." } else { "../.." };
    address(&format!("{up}/{}/{run}", page.about.id))
}
