//! Studies by the names that people call them: `all`, `ch3`, `3.4`, `3.4-cnn`, `table3.4`, `fig3.9`.

use crate::plan::Given;
use crate::slip::slip;
use crate::study::{About, AnyStudy};

/// A study of a list.
pub type Listed<G> = &'static dyn AnyStudy<G>;

/// The studies of `all` that `targets` name, each once, in the order of the list.
///
/// # Errors
/// A [`Slip`](crate::Slip) that names the target which no study answers to.
pub fn find<G: Given>(all: &[Listed<G>], targets: &[String]) -> anyhow::Result<Vec<Listed<G>>> {
    for target in targets {
        if !all.iter().any(|study| answers(study.about(), target)) {
            return Err(slip(format!("{target}: no such chapter, section, figure or table")));
        }
    }
    let wanted = |study: &&Listed<G>| targets.iter().any(|target| answers(study.about(), target));
    Ok(all.iter().filter(wanted).copied().collect())
}

fn answers(about: &About, target: &str) -> bool {
    if let Some(figure) = target.strip_prefix("fig") {
        return about.figures.contains(&figure);
    }
    if let Some(table) = target.strip_prefix("table") {
        return about.tables.contains(&table);
    }
    if let Some(chapter) = target.strip_prefix("ch") {
        return about.chapter() == chapter;
    }
    target == "all"
        || target == about.id
        || about.id.split_once('-').is_some_and(|(number, _)| number == target)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: About = About { id: "3.4-cnn", title: "", figures: &["3.9"], tables: &["3.4"], claims: &[] };

    #[test]
    fn a_study_answers_to_its_chapter_number_id_figures_and_tables() {
        for name in ["all", "ch3", "3.4", "3.4-cnn", "table3.4", "fig3.9"] {
            assert!(answers(&ABOUT, name), "{name}");
        }
        for name in ["ch4", "3", "fig3.4", "table3.9", "cnn", ""] {
            assert!(!answers(&ABOUT, name), "{name}");
        }
    }
}
