//! Is a learned filter a smoother, a differentiator, or a mix of both? (claims C5 and C6)

use serde::{Deserialize, Serialize};

use super::filter::Filter;

/// What a filter does, by its signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FilterKind {
    /// Nearly all taps have one sign.
    Smoother,
    /// Taps of both signs nearly cancel.
    Differentiator,
    /// Between the two.
    Mixed,
    /// Nothing comes out of it.
    Dead,
}

impl FilterKind {
    /// In a word.
    pub fn word(self) -> &'static str {
        match self {
            FilterKind::Smoother => "smoother",
            FilterKind::Differentiator => "differentiator",
            FilterKind::Mixed => "mixed",
            FilterKind::Dead => "dead",
        }
    }
}

/// The rule by which filters are told apart: the share of the [smoothing](Filter::smoothing_share) in a filter.
///
/// The share is 1 for taps of one sign, 0.6 for the thesis' mixed filter `[1 1 1 1 −1]` and 0 for a derivative of any
/// order. With the default rule a smoother's taps of the other sign carry less than a tenth of all weight, so that
/// training noise in a tap near zero does not count, and a differentiator's carry more than a third.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FilterRule {
    /// A filter with more smoothing than this is a smoother.
    pub smoother_above: f64,
    /// A filter with less smoothing than this is a differentiator.
    pub differentiator_below: f64,
    /// A filter whose norm is not above this is dead.
    pub dead_norm: f64,
}

impl Default for FilterRule {
    fn default() -> Self {
        FilterRule { smoother_above: 0.8, differentiator_below: 1.0 / 3.0, dead_norm: 1e-3 }
    }
}

impl FilterRule {
    /// The kind of `filter`.
    ///
    /// A filter before a ReLU also dies when its bias and gain leave no signal positive, which its taps do not tell:
    /// `ever_active` says whether any sample got through. Where no ReLU follows, it is true.
    pub fn kind(&self, filter: &Filter, ever_active: bool) -> FilterKind {
        let smoothing = filter.smoothing_share();
        match filter.norm() {
            _ if !ever_active => FilterKind::Dead,
            norm if norm <= self.dead_norm => FilterKind::Dead,
            _ if self.smoother_above < smoothing => FilterKind::Smoother,
            _ if smoothing < self.differentiator_below => FilterKind::Differentiator,
            _ => FilterKind::Mixed,
        }
    }
}

impl Filter {
    /// `|Σ φ(k)| / Σ |φ(k)|`: the weight of the smoothing part of [`split`](Self::split) in the whole, 0 to 1.
    ///
    /// NaN if all taps are zero.
    pub fn smoothing_share(&self) -> f64 {
        self.gain().abs() / self.taps().iter().map(|tap| tap.abs()).sum::<f64>()
    }
}
