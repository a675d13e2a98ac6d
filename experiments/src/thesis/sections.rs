//! The sections of all chapters, by the names that people call them.

use std::sync::LazyLock;

use anyhow::Context as _;
use vitrine_lab::{Slip, find as find_among};

use super::context::Section;
use super::{ch3, ch4, ch5, ch6, ch7};

/// Every section, in the order of the thesis.
pub static SECTIONS: LazyLock<Vec<Section>> =
    LazyLock::new(|| [ch3::SECTIONS, ch4::SECTIONS, ch5::SECTIONS, ch6::SECTIONS, ch7::SECTIONS].concat());

/// Sections that `targets` name: `all`, `ch3`, `3.4`, `3.4-cnn`, `table3.4`, `fig3.9`; each once, in their order.
///
/// # Errors
/// A slip that names the target which no section answers to.
pub fn find(targets: &[String]) -> anyhow::Result<Vec<Section>> {
    find_among(&SECTIONS, targets).map_err(|error| match error.downcast::<Slip>() {
        Ok(Slip(said)) => Slip(format!("{said}; `vitrine list` shows them")).into(),
        Err(error) => error,
    })
}

/// The section of that id.
///
/// # Errors
/// When there is none.
pub fn one(id: &str) -> anyhow::Result<Section> {
    SECTIONS
        .iter()
        .copied()
        .find(|section| section.about().id == id)
        .with_context(|| format!("no section {id}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thesis::paper::PAPER;

    #[test]
    fn every_section_is_found_by_its_id_and_its_figures() {
        for section in SECTIONS.iter() {
            let about = section.about();
            let by_name = |name: String| find(&[name]).unwrap().iter().any(|s| s.about().id == about.id);
            assert!(by_name(about.id.to_string()));
            assert!(about.figures.iter().all(|f| by_name(format!("fig{f}"))));
            assert!(about.tables.iter().all(|t| by_name(format!("table{t}"))));
        }
    }

    #[test]
    fn every_figure_and_table_of_the_thesis_is_made_by_a_section() {
        let made: Vec<&str> = SECTIONS.iter().flat_map(|s| s.about().figures).copied().collect();
        let is_numbered = |name: &str| name.split_once('.').is_some_and(|(_, n)| n.parse::<u32>().is_ok());
        for figure in PAPER.figures.keys().filter(|name| is_numbered(name)) {
            assert!(made.contains(&figure.as_str()), "figure {figure}");
        }
        let tables: Vec<&str> = SECTIONS.iter().flat_map(|s| s.about().tables).copied().collect();
        // Names that begin with a dash are of tables of ours.
        let mut of_the_thesis = PAPER.tables.keys().filter(|name| !name.starts_with('-'));
        assert!(of_the_thesis.all(|name| tables.contains(&name.as_str())));
    }

    #[test]
    fn no_figure_of_ours_has_the_number_of_a_figure_that_the_thesis_made_of_other_data() {
        let mut made = SECTIONS.iter().flat_map(|s| s.about().figures);
        assert!(
            made.all(|figure| !figure.starts_with("2.")),
            "chapter 2 shows images, which nothing here does"
        );
    }

    #[test]
    fn every_claim_is_tested_by_a_section() {
        let tested: Vec<&str> = SECTIONS.iter().flat_map(|s| s.about().claims).copied().collect();
        assert!(PAPER.register.claims.iter().all(|claim| tested.contains(&claim.id.as_str())));
        assert!(tested.iter().all(|id| PAPER.register.claim(id).is_some()));
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> = SECTIONS.iter().map(|s| s.about().id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), SECTIONS.len());
    }

    #[test]
    fn an_unknown_target_is_a_usage_error() {
        assert!(find(&["fig9.9".into()]).err().unwrap().is::<Slip>());
    }
}
