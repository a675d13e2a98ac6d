//! The family of figure 7.1: every shape in many sizes at every position, and who recognises it.

use std::sync::Arc;

use ndarray::{Array1, Array2, Array3, ArrayView2, ArrayView3, Axis, s};
use vitrine_analysis::detectors::GaussianDerivative;
use vitrine_data::{JumpSettings, Shape};

use crate::context::Context;
use crate::detector::{SIGNAL_PROCESSING, bayes};
use crate::recipe::data_streams;
use crate::zoo::TrainedNetwork;

/// Sizes of the jump as multiples of the training signals' own.
pub const SIZES: [f64; 10] = [0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0];
/// The place of the training signals' own size among them.
const OWN_SIZE: usize = 5;
/// A detector is sure above this probability: the thesis' signals are all recognised "with over 99 % confidence".
const SURE: f64 = 0.99;
/// Sizes tried for it: so many steps of so many times the training signals' own size.
const N_SURE: usize = 100;
const SURE_STEP: f64 = 0.1;
/// Draws of the noise for each signal.
const N_DRAWS: usize = 3;
/// The name of the posterior, whose answer is the most probable position.
pub const BAYES: &str = "bayes posterior";

/// Something that locates jumps.
pub enum Detector {
    /// A network for each seed.
    Networks(Vec<Arc<TrainedNetwork>>),
    /// The thesis' filter.
    SignalProcessing,
    /// The most probable position.
    Bayes,
}

impl Detector {
    /// The detector of that name; of a specification the networks of all seeds.
    pub fn of(cx: &Context, name: &str) -> anyhow::Result<Detector> {
        Ok(match name {
            SIGNAL_PROCESSING => Detector::SignalProcessing,
            BAYES => Detector::Bayes,
            spec => Detector::Networks(cx.networks(&spec.parse()?)?),
        })
    }

    /// Positions, counted from 1, that it names for `signals`.
    fn answers(&self, seed_idx: usize, signals: ArrayView2<f32>, settings: &JumpSettings) -> Vec<usize> {
        match self {
            Detector::Networks(networks) => {
                let labels = networks[seed_idx].network.predict(signals);
                labels.into_iter().map(|label| settings.jump_of(label)).collect()
            }
            Detector::SignalProcessing => GaussianDerivative::default().detect(signals),
            Detector::Bayes => bayes(settings).posterior(signals).map(),
        }
    }

    /// Probability of position `jump` for each of `signals`; NaN where the detector has none.
    pub fn probabilities(
        &self,
        seed_idx: usize,
        signals: ArrayView2<f32>,
        jump: usize,
        settings: &JumpSettings,
    ) -> Array1<f64> {
        let class = jump - settings.first_jump;
        match self {
            Detector::Networks(networks) => {
                networks[seed_idx].network.probabilities(signals).column(class).mapv(f64::from)
            }
            Detector::SignalProcessing => Array1::from_elem(signals.nrows(), f64::NAN),
            Detector::Bayes => bayes(settings).posterior(signals).probabilities.column(class).to_owned(),
        }
    }

    /// By shape the smallest size at which it is sure of position `jump`; NaN where it never is, or has no probability.
    pub fn sure_sizes(&self, seed_idx: usize, jump: usize, settings: &JumpSettings) -> Array1<f64> {
        let sizes: Vec<f64> = (1..=N_SURE).map(|step| step as f64 * SURE_STEP * settings.jump_size).collect();
        let smallest = |shape: &Shape| {
            let signals = stack(sizes.iter().map(|&size| shape.signal(settings.n_features, jump, size)));
            let probabilities = self.probabilities(seed_idx, signals.view(), jump, settings);
            let first = probabilities.iter().position(|&p| SURE < p);
            first.map_or(f64::NAN, |place| sizes[place])
        };
        Shape::ALL.iter().map(smallest).collect()
    }
}

/// Shares recognised by one detector of one seed.
pub struct Recognised {
    /// By shape, at the training signals' own size, over all positions.
    pub by_shape: Array1<f64>,
    /// By size, over all shapes but the training signals' own and all positions.
    pub by_size: Array1<f64>,
    /// By position, at the training signals' own size, over all shapes but their own.
    pub by_position: Array1<f64>,
    /// By shape and size, over all positions.
    pub by_shape_and_size: Array2<f64>,
}

/// Every shape in every size at every position, row by row in this order, with draws of noise innermost.
pub struct Family {
    signals: Array2<f32>,
    n_draws: usize,
}

impl Family {
    /// The signals themselves.
    pub fn clean(settings: &JumpSettings) -> Family {
        let all = grid(settings).map(|(shape, size, jump)| shape.signal(settings.n_features, jump, size));
        Family { signals: stack(all), n_draws: 1 }
    }

    /// With noise like that of the training signals.
    pub fn noisy(settings: &JumpSettings, seed: u64) -> Family {
        let all = grid(settings).flat_map(|(shape, size, jump)| {
            std::iter::repeat_n(shape.signal(settings.n_features, jump, size), N_DRAWS)
        });
        let mut signals = stack(all);
        let no_jump = JumpSettings { jump_size: 0.0, ..settings.clone() };
        signals += &no_jump.draw(signals.nrows(), &data_streams(seed).child("unlike")).dataset.inputs;
        Family { signals, n_draws: N_DRAWS }
    }

    /// What `detector` recognises: it names exactly the position of the jump.
    pub fn recognised(&self, detector: &Detector, seed_idx: usize, settings: &JumpSettings) -> Recognised {
        let answers = detector.answers(seed_idx, self.signals.view(), settings);
        let jumps = grid(settings).map(|(_, _, jump)| jump);
        let shares: Vec<f64> = answers
            .chunks(self.n_draws)
            .zip(jumps)
            .map(|(answers, jump)| {
                answers.iter().filter(|&&a| a == jump).count() as f64 / self.n_draws as f64
            })
            .collect();
        let shape = (Shape::ALL.len(), SIZES.len(), settings.n_classes());
        let shares = Array3::from_shape_vec(shape, shares).expect("one share per signal of the grid");
        Recognised::of(shares.view())
    }
}

impl Recognised {
    fn of(shares: ArrayView3<f64>) -> Recognised {
        let mean = |values: ArrayView2<f64>, axis: usize| {
            values.mean_axis(Axis(axis)).expect("shapes, sizes and positions are there")
        };
        let by_shape_and_size = shares.mean_axis(Axis(2)).expect("positions are there");
        let unlike = s![1.., ..];
        Recognised {
            by_shape: by_shape_and_size.column(OWN_SIZE).to_owned(),
            by_size: mean(by_shape_and_size.slice(unlike), 0),
            by_position: mean(shares.index_axis(Axis(1), OWN_SIZE).slice(unlike), 0),
            by_shape_and_size,
        }
    }
}

fn grid(settings: &JumpSettings) -> impl Iterator<Item = (Shape, f64, usize)> {
    let (jump_size, first, last) = (settings.jump_size, settings.first_jump, settings.last_jump);
    Shape::ALL.into_iter().flat_map(move |shape| {
        SIZES
            .into_iter()
            .flat_map(move |size| (first..=last).map(move |jump| (shape, size * jump_size, jump)))
    })
}

/// Signals of one length as rows.
pub fn stack(signals: impl Iterator<Item = Array1<f32>>) -> Array2<f32> {
    let rows: Vec<Array1<f32>> = signals.collect();
    let n_features = rows.first().map_or(0, |row| row.len());
    let values = rows.iter().flatten().copied().collect();
    Array2::from_shape_vec((rows.len(), n_features), values).expect("signals of one length")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signal_processing_recognises_clean_steps_of_any_size_at_any_position() {
        let settings = JumpSettings::default();
        let found = Family::clean(&settings).recognised(&Detector::SignalProcessing, 0, &settings);
        assert!(found.by_shape_and_size.row(0).iter().all(|&share| share == 1.0));
        assert_eq!((found.by_size.len(), found.by_position.len()), (SIZES.len(), 60));
    }

    #[test]
    fn the_posterior_takes_a_step_down_to_zero_for_the_last_position() {
        let settings = JumpSettings::default();
        let peak = stack(std::iter::once(Shape::Peak.signal(100, 50, 3.0)));
        assert_eq!(Detector::Bayes.answers(0, peak.view(), &settings), [80]);
    }

    #[test]
    fn the_own_size_is_one() {
        assert_eq!(SIZES[OWN_SIZE], 1.0);
    }
}
