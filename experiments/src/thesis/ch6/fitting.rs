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
