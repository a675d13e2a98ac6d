//! The largest first difference of a signal, and what else there is: is a made input a clean jump? (thesis sec. 5.3).

use ndarray::ArrayView1;

/// A signal as a jump at a known position sees it. Positions are counted from 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JumpShape {
    /// Where `d[i] = x[i] − x[i−1]` is largest; of equal ones the first.
    pub position: usize,
    /// The largest difference.
    pub size: f64,
    /// The second largest difference over the largest; NaN where that is not above zero.
    pub second_ratio: f64,
    /// Share of `Σ x²` that lies outside the `2 · reach` samples around the jump; NaN of a signal of zeros.
    pub energy_outside: f64,
}

impl JumpShape {
    /// Measures `signal`, for a jump at `jump`: its first sample after the edge.
    ///
    /// # Panics
    /// If the signal has fewer than 3 samples, which have no two differences.
    pub fn of(signal: ArrayView1<f32>, jump: usize, reach: usize) -> JumpShape {
        assert!(3 <= signal.len(), "a signal has at least two differences");
        let x: Vec<f64> = signal.iter().map(|&x| f64::from(x)).collect();
        let (mut at, mut largest, mut second) = (1, f64::NEG_INFINITY, f64::NEG_INFINITY);
        for i in 1..x.len() {
            let difference = x[i] - x[i - 1];
            if largest < difference {
                (at, largest, second) = (i, difference, largest);
            } else if second < difference {
                second = difference;
            }
        }
        let energy: f64 = x.iter().map(|x| x * x).sum();
        // `reach` samples on either side of the edge, which lies before the jump's first sample.
        let is_near = |i: usize| jump <= i + 1 + reach && i + 1 < jump + reach;
        let outside: f64 = x.iter().enumerate().filter(|&(i, _)| !is_near(i)).map(|(_, x)| x * x).sum();
        JumpShape {
            position: at + 1,
            size: largest,
            second_ratio: if 0.0 < largest { second / largest } else { f64::NAN },
            energy_outside: outside / energy,
        }
    }
}

/// Von Neumann's ratio (1941) of successive differences: `Σ (x[i] − x[i−1])² / Σ (x[i] − mean)²`, near 0 of low
/// frequencies, about 2 of white noise, near 4 where the sign changes from sample to sample. NaN of what stays the same.
pub fn von_neumann_ratio(signal: ArrayView1<f64>) -> f64 {
    let mean = signal.sum() / signal.len() as f64;
    let squares: f64 = signal.iter().map(|x| (x - mean).powi(2)).sum();
    let differences: f64 = signal.windows(2).into_iter().map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    differences / squares
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_clean_step_has_one_difference() {
        let shape = JumpShape::of(array![0.0, 0.0, 3.0, 3.0].view(), 3, 1);
        assert_eq!((shape.position, shape.size, shape.second_ratio), (3, 3.0, 0.0));
    }

    #[test]
    fn ratio_and_energy_by_hand() {
        // Differences 1, −3, 4, −2; around a jump at 4 with reach 1 lie samples 3 and 4.
        let shape = JumpShape::of(array![1.0, 2.0, -1.0, 3.0, 1.0].view(), 4, 1);
        assert_eq!((shape.position, shape.size, shape.second_ratio), (4, 4.0, 0.25));
        assert_eq!(shape.energy_outside, (1.0 + 4.0 + 1.0) / 16.0);
    }

    #[test]
    fn the_ratio_of_a_slow_signal_is_low_and_that_of_a_quick_one_high() {
        assert_eq!(von_neumann_ratio(array![0.0, 0.0, 1.0, 1.0].view()), 1.0);
        assert_eq!(von_neumann_ratio(array![0.0, 1.0, 0.0, 1.0].view()), 3.0);
        assert!(von_neumann_ratio(array![2.0, 2.0].view()).is_nan());
    }

    #[test]
    fn what_only_falls_or_is_zero_has_no_ratio() {
        assert!(JumpShape::of(array![3.0, 2.0, 1.0].view(), 2, 1).second_ratio.is_nan());
        let zeros = JumpShape::of(array![0.0, 0.0, 0.0].view(), 2, 1);
        assert!(zeros.energy_outside.is_nan() && zeros.second_ratio.is_nan());
        assert_eq!(zeros.position, 2);
    }
}
