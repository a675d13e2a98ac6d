//! Who is asked where signals jump: networks, the thesis' filter, and the posterior.

use std::sync::Arc;

use ndarray::{Array1, ArrayView2};
use vitrine_analysis::detectors::GaussianDerivative;
use vitrine_data::{JumpSettings, Shape};
use vitrine_lab::TrainedNetwork;
use vitrine_model::{Family, NetworkSpec};

use super::stack::stack;
use crate::thesis::Context;
use crate::thesis::detector::{BAYES_POSTERIOR, SIGNAL_PROCESSING, bayes, estimates};

/// A detector is sure above this probability: the thesis' signals are all recognised "with over 99 % confidence".
const SURE: f64 = 0.99;
/// Sizes tried for it: so many steps of so many times the training signals' own size.
const N_SURE: usize = 100;
const SURE_STEP: f64 = 0.1;

/// Something that locates jumps.
pub enum Detector {
    /// Networks of this specification, one for each seed.
    Network(NetworkSpec),
    /// The thesis' filter.
    SignalProcessing,
    /// The most probable position.
    Posterior,
}

impl Detector {
    /// Its name in findings and tables.
    pub fn name(&self) -> String {
        match self {
            Detector::Network(spec) => spec.to_string(),
            Detector::SignalProcessing => SIGNAL_PROCESSING.into(),
            Detector::Posterior => BAYES_POSTERIOR.into(),
        }
    }

    /// Its name in a legend, beside others of its family.
    pub fn short_name(&self) -> String {
        match self {
            Detector::Network(spec) => short_name(spec),
            Detector::SignalProcessing => "filter".into(),
            Detector::Posterior => "Bayes".into(),
        }
    }

    /// The detector of one seed.
    ///
    /// # Errors
    /// When its network cannot be trained or read.
    pub fn of_seed(&self, cx: &Context, seed: u64) -> anyhow::Result<Asked> {
        Ok(match self {
            Detector::Network(spec) => Asked::Network(cx.network(spec, seed)?),
            Detector::SignalProcessing => Asked::SignalProcessing,
            Detector::Posterior => Asked::Posterior,
        })
    }
}

/// What tells networks of a family apart: the widths of a bottleneck's hidden layers, how many layers others have.
fn short_name(spec: &NetworkSpec) -> String {
    let layers = spec.layers();
    match spec.family() {
        Family::Mlp(_) if layers.len() == 1 => "1 layer".into(),
        Family::Mlp(_) => format!("{} layers", layers.len()),
        Family::Cnn(_) | Family::Channels(_) => {
            format!("{} conv", layers.iter().filter(|layer| layer.op.is_local()).count())
        }
        Family::Bottleneck(_) => {
            let hidden = &layers[..layers.len() - 1];
            hidden.iter().map(|layer| layer.n_units.to_string()).collect::<Vec<_>>().join("-")
        }
    }
}

/// A detector of one seed.
pub enum Asked {
    /// A network.
    Network(Arc<TrainedNetwork>),
    /// The thesis' filter.
    SignalProcessing,
    /// The most probable position.
    Posterior,
}

impl Asked {
    /// Positions, counted from 1, that it names for `signals [n_signals, n_features]`.
    pub fn answers(&self, signals: ArrayView2<f32>, settings: &JumpSettings) -> Vec<usize> {
        match self {
            Asked::Network(network) => estimates(&network.network, signals, settings),
            Asked::SignalProcessing => GaussianDerivative::default().detect(signals),
            Asked::Posterior => bayes(settings).posterior(signals).map(),
        }
    }

    /// Probability of position `jump` for each of `signals`; NaN where the detector has none.
    pub fn probabilities(
        &self,
        signals: ArrayView2<f32>,
        jump: usize,
        settings: &JumpSettings,
    ) -> Array1<f64> {
        let class = jump - settings.first_jump;
        match self {
            Asked::Network(network) => network.network.probabilities(signals).column(class).mapv(f64::from),
            Asked::SignalProcessing => Array1::from_elem(signals.nrows(), f64::NAN),
            Asked::Posterior => bayes(settings).posterior(signals).probabilities.column(class).to_owned(),
        }
    }

    /// By shape the smallest size at which it is sure of position `jump`; NaN where it never is, or has no probability.
    pub fn sure_sizes(&self, jump: usize, settings: &JumpSettings) -> Array1<f64> {
        let sizes: Vec<f64> = (1..=N_SURE).map(|step| step as f64 * SURE_STEP * settings.jump_size).collect();
        let smallest = |shape: &Shape| {
            let signals = stack(sizes.iter().map(|&size| shape.signal(settings.n_features, jump, size)));
            let probabilities = self.probabilities(signals.view(), jump, settings);
            let first = probabilities.iter().position(|&p| SURE < p);
            first.map_or(f64::NAN, |place| sizes[place])
        };
        Shape::ALL.iter().map(smallest).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thesis::networks::{BOTTLENECKS, CNNS, MLPS, specs};

    #[test]
    fn the_posterior_takes_a_step_down_to_zero_for_the_last_position() {
        let settings = JumpSettings::default();
        let peak = stack([Shape::Peak.signal(100, 50, 3.0)]);
        assert_eq!(Asked::Posterior.answers(peak.view(), &settings), [80]);
    }

    #[test]
    fn legends_tell_the_networks_of_a_family_apart() {
        let short = |names: &[&str]| -> Vec<String> {
            specs(names).into_iter().map(|spec| Detector::Network(spec).short_name()).collect()
        };
        assert_eq!(short(&MLPS), ["1 layer", "2 layers", "3 layers", "4 layers"]);
        assert_eq!(short(&CNNS), ["1 conv", "2 conv", "3 conv"]);
        assert_eq!(short(&BOTTLENECKS), ["10", "4", "2", "25-10-25", "25-4-25", "25-2-25"]);
    }
}
