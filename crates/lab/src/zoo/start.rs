//! Training that starts from other weights than drawn ones.

use vitrine_analysis::embedding_theory::{MapKind, OutputLayer};
use vitrine_data::Dataset;
use vitrine_model::{Network, TrainState, Weights};

use crate::activations::activations;
use crate::recipe::{OutputStart, Recipe};

/// The state that the training of `recipe` starts from; `None` where all weights are drawn.
///
/// # Errors
/// When no network can be made of the recipe.
pub fn of(recipe: &Recipe, training_set: &Dataset) -> anyhow::Result<Option<TrainState>> {
    match recipe.output_start {
        OutputStart::Drawn => Ok(None),
        OutputStart::MoorePenrose => {
            Ok(Some(TrainState::new(with_constructed_output(recipe, training_set)?)))
        }
    }
}

/// Drawn weights, and the output layer made for the codes that they give the training set.
fn with_constructed_output(recipe: &Recipe, set: &Dataset) -> anyhow::Result<Weights> {
    let mut rng = recipe.training_streams().rng("weights");
    let mut weights = Weights::init(recipe.network.graph(), recipe.training.init, &mut rng);
    let network = Network::new(recipe.network.clone(), weights.clone())?;
    // Without a hidden layer the inputs themselves are the codes.
    let codes = match recipe.network.layers().len().checked_sub(2) {
        Some(last_hidden) => activations(&network, set.rows(), last_hidden),
        None => set.rows().to_owned(),
    };
    let map = OutputLayer::of_class_means(codes.view(), set.labels(), set.n_classes(), MapKind::Centred);
    weights.set("output", "weight", map.weight.mapv(|w| w as f32));
    // A class that the training set lacks has no finite bias.
    weights.set("output", "bias", map.bias.mapv(|b| if b.is_finite() { b as f32 } else { 0.0 }));
    Ok(weights)
}
