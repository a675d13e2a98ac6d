//! Over how many seeds each section runs at a preset, unless others are asked for.

use vitrine_lab::{About, Preset, Seeds};

/// Sections of cheap networks: at most 9 s of one core for a network (the MLP of four layers), 40 s for all of a seed.
const TEN: [&str; 11] = [
    "3.1-examples",
    "3.2-baseline",
    "3.2-filters",
    "3.2-width",
    "3.3-mlp",
    "3.3-one-layer",
    "3.3-smoothness",
    "3.3-weights",
    "3.4-cnn",
    "3.4-conv",
    "3.4-conv-filters",
];

/// Sections of dear ones: bottlenecks, which take 80 s of one core for a seed, and networks that fit shuffled labels.
const FIVE: [&str; 16] = [
    "4.2-activations",
    "4.2-codes",
    "4.2-dead-units",
    "4.2-errors",
    "4.3-output-layer",
    "5.1-mlp-inputs",
    "5.1-regularisers",
    "5.2-cnn-inputs",
    "5.3-fooling",
    "5.3-numbers",
    "6.2-activations",
    "6.2-memorising",
    "6.4-deviations",
    "6.4-training-time",
    "7-table",
    "7.1-unlike-signals",
];

/// The seeds of a section at a preset.
///
/// `quick` is to end in verdicts within 20 minutes on two cores, without MNIST: it took 14.5 there, 12 of them to train.
/// Of the 1 450 s of one core that training took, networks on corrupted data used 720, bottlenecks 410, and all others 320;
/// measuring and drawing took 140 s. What shows one network, or no network, has one seed, and so has MNIST, whose
/// networks take a minute each.
pub fn of(preset: Preset, section: &About) -> Seeds {
    let n = match preset {
        Preset::Smoke => 1,
        Preset::Quick if TEN.contains(&section.id) => 10,
        Preset::Quick if FIVE.contains(&section.id) => 5,
        // Curves are compared over networks, which 4.3's are.
        Preset::Quick if section.id == "4.3-curves" => 12,
        // Thirteen networks a seed, most of which fit labels that mean nothing; no claim is tested on them.
        Preset::Quick if section.id == "6.2-corruptions" => 2,
        Preset::Quick => 1,
        Preset::Full => 20,
    };
    Seeds::first(n)
}

/// The seeds of every section at a preset, where they are the same for all.
pub fn of_all(preset: Preset) -> Option<Seeds> {
    match preset {
        Preset::Smoke => Some(Seeds::first(1)),
        Preset::Quick => None,
        Preset::Full => Some(Seeds::first(20)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thesis::SECTIONS;

    #[test]
    fn what_tests_a_claim_over_networks_has_five_seeds_at_quick_but_for_mnist() {
        // Section 4.3's embeddings are simulated thousands of times for each seed.
        let of_one = ["4.3-embedding", "6.4-mnist"];
        for section in SECTIONS.iter() {
            let about = section.about();
            let n = of(Preset::Quick, about).len();
            assert!(5 <= n || about.claims.is_empty() || of_one.contains(&about.id), "{}: {n}", about.id);
        }
    }

    #[test]
    fn every_section_with_seeds_of_its_own_is_there() {
        for id in TEN.iter().chain(&FIVE) {
            assert!(SECTIONS.iter().any(|section| section.about().id == *id), "{id}");
        }
    }
}
