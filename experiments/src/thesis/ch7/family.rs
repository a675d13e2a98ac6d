//! The family of figure 7.1: every shape in many sizes at every position, and who recognises it.

use ndarray::{Array1, Array2, Array3, ArrayView2, ArrayView3, Axis, s};
use vitrine_data::{JumpSettings, Shape};
use vitrine_lab::data_streams;

use super::asked::Asked;
use super::stack::stack;

/// Sizes of the jump as multiples of the training signals' own.
pub const SIZES: [f64; 10] = [0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0];
/// The place of the training signals' own size among them.
const OWN_SIZE: usize = 5;
/// Draws of the noise for each signal.
const N_DRAWS: usize = 3;

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
        signals += &no_jump.draw(signals.nrows(), &data_streams(seed).child("unlike")).dataset.rows();
        Family { signals, n_draws: N_DRAWS }
    }

    /// What `detector` recognises: it names exactly the position of the jump.
    pub fn recognised(&self, detector: &Asked, settings: &JumpSettings) -> Recognised {
        let answers = detector.answers(self.signals.view(), settings);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signal_processing_recognises_clean_steps_of_any_size_at_any_position() {
        let settings = JumpSettings::default();
        let found = Family::clean(&settings).recognised(&Asked::SignalProcessing, &settings);
        assert!(found.by_shape_and_size.row(0).iter().all(|&share| share == 1.0));
        assert_eq!((found.by_size.len(), found.by_position.len()), (SIZES.len(), 60));
    }

    #[test]
    fn the_own_size_is_one() {
        assert_eq!(SIZES[OWN_SIZE], 1.0);
    }
}
