//! Training that starts from other weights than drawn ones.

use vitrine_analysis::embedding_theory::{MapKind, OutputLayer};
use vitrine_data::Dataset;
use vitrine_model::{Network, TrainState, Weights};

use crate::layers;
use crate::recipe::{OutputStart, Recipe};

/// The state that the training of `recipe` starts from; `None` where all weights are drawn.
pub fn of(recipe: &Recipe, training_set: &Dataset) -> Option<TrainState> {
    match recipe.output_start {
        OutputStart::Drawn => None,
        OutputStart::MoorePenrose => Some(TrainState::new(with_constructed_output(recipe, training_set))),
    }
}

/// Drawn weights, and the output layer made for the codes that they give the training set.
fn with_constructed_output(recipe: &Recipe, set: &Dataset) -> Weights {
    let mut rng = recipe.training_streams().rng("weights");
    let weights = Weights::init(&recipe.network, recipe.training.init, &mut rng);
    let mut network = Network { spec: recipe.network.clone(), weights };
    // Without a hidden layer the inputs themselves are the codes.
    let codes = match recipe.network.layers().len().checked_sub(2) {
        Some(last_hidden) => layers::activations(&network, set.inputs.view(), last_hidden),
        None => set.inputs.clone(),
    };
    let map = OutputLayer::of_class_means(codes.view(), &set.labels, set.n_classes, MapKind::Centred);
    if let Some(output) = network.weights.0.last_mut() {
        output.weight = map.weight.mapv(|w| w as f32);
        // A class that the training set lacks has no finite bias.
        output.bias = map.bias.mapv(|b| if b.is_finite() { b as f32 } else { 0.0 });
    }
    network.weights
}
