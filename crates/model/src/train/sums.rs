//! What a pass over samples adds up to.

/// Loss summed over samples, and how many were classified right.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LossSums {
    /// `−Σ ln softmax(z)[label]`.
    pub loss: f64,
    /// Samples whose largest logit is their label's; of equal logits the first counts.
    pub n_correct: usize,
}

impl LossSums {
    /// Both sums over two sets of samples.
    pub fn and(self, other: LossSums) -> LossSums {
        LossSums { loss: self.loss + other.loss, n_correct: self.n_correct + other.n_correct }
    }

    /// Mean loss and share of wrong answers.
    pub fn means(self, n_samples: usize) -> (f64, f64) {
        let n = n_samples as f64;
        (self.loss / n, 1.0 - self.n_correct as f64 / n)
    }
}
