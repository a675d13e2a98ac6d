//! Softmax cross-entropy: the loss and its gradient in one pass over the logits.

use crate::kernels::elementwise::{exp_shifted, max, sum};
use crate::train::LossSums;

/// The sums over samples with logits `z [labels.len(), n_classes]`, which are spoilt, or turned into
/// `∂z = softmax(z) − 1[label]` where the gradient is asked for. To be called within `vectorised`.
#[inline(always)]
pub fn loss<const GRADIENT: bool>(z: &mut [f32], labels: &[usize], n_classes: usize) -> LossSums {
    let mut sums = LossSums::default();
    for (z, &label) in z.chunks_exact_mut(n_classes).zip(labels) {
        let largest = max(z);
        let of_label = z[label];
        let n_correct = usize::from(of_label == largest && !z[..label].contains(&largest));
        let total = exponentials(z, largest);
        let loss = f64::from(largest - of_label + total.ln());
        sums = sums.and(LossSums { loss, n_correct });
        if GRADIENT {
            let scale = 1.0 / total;
            z.iter_mut().for_each(|p| *p *= scale);
            z[label] -= 1.0;
        }
    }
    sums
}

/// Turns logits into probabilities, row by row.
#[inline(always)]
pub fn softmax(z: &mut [f32], n_classes: usize) {
    for z in z.chunks_exact_mut(n_classes) {
        let largest = max(z);
        let scale = 1.0 / exponentials(z, largest);
        z.iter_mut().for_each(|p| *p *= scale);
    }
}

/// `z ← e^(z − largest)`; returns their sum.
#[inline(always)]
fn exponentials(z: &mut [f32], largest: f32) -> f32 {
    exp_shifted(z, largest);
    sum(z)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_equal_logits_cost_ln_2_and_the_first_is_chosen() {
        let mut z = [0.5, 0.5, 0.5, 0.5];
        let sums = loss::<true>(&mut z, &[0, 1], 2);
        assert!((sums.loss - 2.0 * 2f64.ln()).abs() < 1e-6);
        assert_eq!(sums.n_correct, 1);
        assert_eq!(z, [-0.5, 0.5, 0.5, -0.5]);
    }

    #[test]
    fn probabilities_sum_to_one_even_for_large_logits() {
        let mut z = [1_000.0, 999.0, -1_000.0];
        softmax(&mut z, 3);
        assert!((z.iter().sum::<f32>() - 1.0).abs() < 1e-6 && z[2] == 0.0f32.max(z[2]) && z[2] < 1e-30);
    }
}
