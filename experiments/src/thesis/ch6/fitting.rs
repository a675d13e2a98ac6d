//! Networks that are trained to fit their training labels, whatever these are.

use vitrine_data::Corruption;
use vitrine_lab::{Preset, Recipe};
use vitrine_model::{EpochRecord, NetworkSpec, Stop, TrainSettings};

use crate::thesis::Plan;

/// The share of the training labels that counts as memorised: a last sample can stay wrong for hundreds of epochs.
pub const MEMORISED: f64 = 0.999;

/// All training labels shuffled.
pub const SHUFFLED: Corruption = Corruption::ShuffleLabels { fraction: 1.0 };

/// None of them: the true labels, by the same way.
pub const TRUE_LABELS: Corruption = Corruption::ShuffleLabels { fraction: 0.0 };

/// The memorising network with half as many units in its hidden layers.
pub const NARROW: &str = "mlp:100-50-50-50-60";

/// Epochs whose weights are kept on the way; 0 are the initial weights.
pub const EPOCHS: [usize; 12] = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/// Trained to fit its training labels, whatever the validation loss does.
pub fn fit_all(plan: &Plan) -> TrainSettings {
    let smoke = plan.preset == Preset::Smoke;
    TrainSettings {
        max_epochs: if smoke { plan.settings.training.max_epochs } else { 2_500 },
        stop: Stop::TrainAccuracy { target: MEMORISED },
        checkpoints: EPOCHS.to_vec(),
        ..plan.settings.training.clone()
    }
}

/// A recipe on the jump signals with its training set corrupted.
pub fn corrupted(
    plan: &Plan,
    network: &NetworkSpec,
    seed: u64,
    corruption: Corruption,
    training: TrainSettings,
) -> Recipe {
    let recipe = plan.recipe_with(network, seed, training);
    Recipe { data: recipe.data.with_corruption(corruption), ..recipe }
}

/// Share of the training samples that the last epoch classified as labelled; `None` before the first.
pub fn last_accuracy(history: &[EpochRecord]) -> Option<f64> {
    history.last().map(|record| 1.0 - record.train_error)
}

/// What a network trained on shuffled labels is: `memorising` where it fits them in every seed, else what it was
/// trained on; with the smallest share of the labels that it fits.
pub fn name_of_shuffled(fitted: &[f64]) -> String {
    let least = fitted.iter().copied().fold(f64::INFINITY, f64::min);
    // Cut and not rounded: what did not get there is not shown as if it had.
    let percent = (least * 1_000.0 + 1e-9).floor() / 10.0;
    match least {
        _ if has_memorised(fitted) => format!("memorising ({percent} % fitted)"),
        _ if least.is_finite() => format!("shuffled labels ({percent} % fitted)"),
        _ => "shuffled labels".into(),
    }
}

/// `1 seed`, `5 seeds`.
pub fn seeds(n: usize) -> String {
    format!("{n} seed{}", if n == 1 { "" } else { "s" })
}

/// Whether every one of these shares of training labels counts as memorised.
pub fn has_memorised(fitted: &[f64]) -> bool {
    !fitted.is_empty() && fitted.iter().all(|&share| MEMORISED <= share)
}

/// Why a statement on memorising may not be found: nothing was memorised.
pub fn why_not_memorised(fitted: &[f64]) -> Option<String> {
    let least = fitted.iter().copied().fold(f64::INFINITY, f64::min);
    let n_did = fitted.iter().filter(|&&share| MEMORISED <= share).count();
    (!has_memorised(fitted) && least.is_finite()).then(|| {
        format!(
            "the network trained on shuffled labels memorised them (training accuracy {MEMORISED} and more) in {n_did} of {}; the least reached {}",
            seeds(fitted.len()),
            (least * 1_000.0 + 1e-9).floor() / 1_000.0
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_called_memorising_where_it_fits_its_labels_in_every_seed() {
        assert_eq!(name_of_shuffled(&[0.9995, 1.0]), "memorising (99.9 % fitted)");
        assert_eq!(name_of_shuffled(&[1.0, 0.114]), "shuffled labels (11.4 % fitted)");
        assert_eq!(name_of_shuffled(&[0.9989]), "shuffled labels (99.8 % fitted)");
        assert_eq!(why_not_memorised(&[0.9995, 1.0]), None);
        assert!(
            why_not_memorised(&[1.0, 0.114]).unwrap().contains("in 1 of 2 seeds; the least reached 0.114")
        );
    }
}
