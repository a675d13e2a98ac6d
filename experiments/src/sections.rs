//! The table of sections. One line here makes a section's subcommand, its listing and its tests.

use crate::ch3;
use crate::ch4;
use crate::ch5;
use crate::ch6;
use crate::ch7;
use crate::section::{About, Section};
use crate::usage::usage;

/// Every section, in the order of the thesis.
pub static SECTIONS: &[&dyn Section] = &[
    &ch3::examples::Examples,
    &ch3::tsne::SignalMap,
    &ch3::filters::Filters,
    &ch3::width::Width,
    &ch3::baseline::Baseline,
    &ch3::mlp::Mlps,
    &ch3::weights::Weights,
    &ch3::smoothness::AveragedSmoothness,
    &ch3::one_layer::OneLayer,
    &ch3::conv::ConvLayers,
    &ch3::conv_filters::ConvFilters,
    &ch3::cnn::Cnns,
    &ch4::errors::Errors,
    &ch4::dead_units::DeadUnits,
    &ch4::activations::Activations,
    &ch4::codes::Codes,
    &ch4::curves::Curves,
    &ch4::toy::Toy,
    &ch4::embedding::Embedding,
    &ch4::output_layer::OutputLayers,
    &ch5::mlp_inputs::MlpInputs,
    &ch5::regularisers::Regularisers,
    &ch5::cnn_inputs::CnnInputs,
    &ch5::numbers::Numbers,
    &ch5::fooling::FoolingDepth,
    &ch6::memorising::Memorising,
    &ch6::activations::Activations,
    &ch6::corruptions::Corruptions,
    &ch6::tsne::LayerMaps,
    &ch6::deviations::LayerDeviations,
    &ch6::training_time::TrainingTime,
    &ch6::mnist::MnistNetworks,
    &ch7::table::AllDetectors,
    &ch7::unlike::UnlikeSignals,
];

/// Sections that `targets` name: `all`, `ch3`, `3.4`, `3.4-cnn`, `table3.4`, `fig3.9`; each once, in their order.
pub fn find(targets: &[String]) -> anyhow::Result<Vec<&'static dyn Section>> {
    for target in targets {
        if !SECTIONS.iter().any(|s| names(s.about(), target)) {
            return Err(usage(format!(
                "{target}: no such section, figure or table; `vitrine list` shows them"
            )));
        }
    }
    let wanted = |s: &&&'static dyn Section| targets.iter().any(|target| names(s.about(), target));
    Ok(SECTIONS.iter().filter(wanted).copied().collect())
}

fn names(about: &About, target: &str) -> bool {
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
    use crate::thesis::THESIS;

    #[test]
    fn every_section_is_found_by_its_id_and_its_figures() {
        for section in SECTIONS {
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
        for figure in THESIS.figures.keys().filter(|name| is_numbered(name)) {
            assert!(made.contains(&figure.as_str()), "figure {figure}");
        }
        let tables: Vec<&str> = SECTIONS.iter().flat_map(|s| s.about().tables).copied().collect();
        assert!(THESIS.tables.keys().all(|name| tables.contains(&name.as_str())));
    }

    #[test]
    fn every_claim_is_tested_by_a_section() {
        let tested: Vec<&str> = SECTIONS.iter().flat_map(|s| s.about().claims).copied().collect();
        assert!(THESIS.claims.keys().all(|id| tested.contains(&id.as_str())));
        assert!(tested.iter().all(|id| THESIS.claims.contains_key(*id)));
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
        assert!(find(&["fig9.9".into()]).err().unwrap().downcast_ref::<crate::usage::UsageError>().is_some());
    }
}
