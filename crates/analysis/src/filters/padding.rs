//! What a signal is taken to be beyond its ends.

use ndarray::ArrayView1;

/// What lies beyond the ends of a signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// The signal mirrored at its edge, the edge sample twice: `x[−1] = x[0]`.
    #[default]
    Reflect,
    /// The edge sample.
    Edge,
    /// Zeros.
    Zero,
}

impl Padding {
    /// The value at `index`, from 0 and of any sign, of a signal that goes on for ever.
    ///
    /// # Panics
    /// If the signal is empty.
    pub fn value<T: Copy + Into<f64>>(self, signal: ArrayView1<T>, index: isize) -> f64 {
        let n = signal.len() as isize;
        let inside = match self {
            _ if (0..n).contains(&index) => index,
            Padding::Zero => return 0.0,
            Padding::Edge => index.clamp(0, n - 1),
            Padding::Reflect => {
                let around = index.rem_euclid(2 * n);
                if around < n { around } else { 2 * n - 1 - around }
            }
        };
        signal[inside as usize].into()
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_mirrored_signal_repeats_its_edge() {
        let signal = array![1.0f32, 2.0, 3.0];
        let values: Vec<f64> = (-3..6).map(|i| Padding::Reflect.value(signal.view(), i)).collect();
        assert_eq!(values, [3.0, 2.0, 1.0, 1.0, 2.0, 3.0, 3.0, 2.0, 1.0]);
    }

    #[test]
    fn beyond_the_ends_lie_zeros_or_the_edge() {
        let signal = array![1.0f64, 2.0, 3.0];
        assert_eq!(Padding::Zero.value(signal.view(), -1), 0.0);
        assert_eq!(Padding::Edge.value(signal.view(), -4), 1.0);
        assert_eq!(Padding::Edge.value(signal.view(), 7), 3.0);
    }
}
