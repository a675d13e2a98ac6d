//! Claims, tested: a statistic over seeds with its interval, the side of a threshold it must lie on, and a verdict.
//!
//! A test states each thing once: `claim("C1.l1", "L1 of …").mean_of(&differences).is(Above(0.0))`. The words that are
//! shown, threshold included, are made from that; the sentence of the claim itself is the paper's.

use std::fmt;

use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::{Interval, sign_test, t_test};

/// What the numbers say of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The whole interval lies on the claim's side of the threshold.
    Holds,
    /// The whole interval lies on the other side.
    Fails,
    /// The interval spans the threshold, or there are too few seeds for one.
    Undecided,
}

/// Where a claim says that its statistic lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Above this threshold.
    Above(f64),
    /// Below this threshold.
    Below(f64),
}

pub use Side::{Above, Below};

/// A tested claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The claim of the paper it belongs to, as in `C1`, with a part where it was tested in parts: `C1.p99`.
    pub id: String,
    /// What was measured.
    pub measured: String,
    /// Where it must lie.
    pub expected: Side,
    /// What the threshold means, where it needs saying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// The statistic, averaged over seeds; no number where no seed yields one.
    pub statistic: f64,
    /// 95 % interval over seeds, Student's t of a mean and Wilson's of a share; `None` with a single seed.
    pub interval: Option<[f64; 2]>,
    /// Two-sided p-value of the statistic against the threshold, by a t test or a sign test; `None` with a single seed.
    pub p_value: Option<f64>,
    /// How many seeds it was measured over.
    pub n_seeds: usize,
    /// What follows.
    pub verdict: Verdict,
}

/// A test that lacks its numbers.
#[derive(Clone, Debug)]
pub struct Measure {
    id: String,
    measured: String,
}

/// A test that lacks its threshold.
#[derive(Clone, Debug)]
pub struct Statistic {
    measure: Measure,
    meaning: Option<String>,
    values: Values,
}

#[derive(Clone, Debug)]
enum Values {
    /// One value per seed.
    Mean(Vec<f64>),
    /// One outcome per thing asked about, over so many seeds.
    Share(Vec<bool>, usize),
}

/// The test of that id, in words without its threshold: `share of filters that are smoothers`.
pub fn claim(id: impl Into<String>, measured: impl Into<String>) -> Measure {
    Measure { id: id.into(), measured: measured.into() }
}

impl Measure {
    /// One value per seed, whose mean is tested; where two networks are compared, their paired difference, since
    /// networks of one seed share their data. What is no finite number is left out.
    pub fn mean_of(self, per_seed: &[f64]) -> Statistic {
        let finite = per_seed.iter().copied().filter(|v| v.is_finite()).collect();
        Statistic { measure: self, meaning: None, values: Values::Mean(finite) }
    }

    /// What each of several things does or does not, over `n_seeds` seeds: the share that does is tested, for which the
    /// mean of a few zeros and ones has no t interval.
    pub fn share_of(self, outcomes: &[bool], n_seeds: usize) -> Statistic {
        Statistic { measure: self, meaning: None, values: Values::Share(outcomes.to_vec(), n_seeds) }
    }
}

impl Statistic {
    /// Says what the threshold means.
    #[must_use]
    pub fn meaning(mut self, words: impl Into<String>) -> Statistic {
        self.meaning = Some(words.into());
        self
    }

    /// Tests whether the statistic lies where it is expected.
    ///
    /// # Panics
    /// If a share is tested against another threshold than one half, which the sign test is made for.
    pub fn is(self, expected: Side) -> Claim {
        let (interval, n_seeds, is_known, p_value) = match self.values {
            Values::Mean(values) => {
                let known = 2 <= values.len();
                let p_value = known.then(|| t_test(&values, expected.threshold()));
                (Interval::of_mean(&values), values.len(), known, p_value)
            }
            Values::Share(outcomes, n_seeds) => {
                assert_eq!(expected.threshold(), 0.5, "a share is tested against one half");
                let n_as_claimed = outcomes.iter().filter(|&&outcome| outcome).count();
                let known = 2 <= n_seeds && !outcomes.is_empty();
                let signs: Vec<f64> =
                    outcomes.iter().map(|&outcome| if outcome { 1.0 } else { -1.0 }).collect();
                let interval = Interval::of_share(n_as_claimed as u64, outcomes.len() as u64);
                (interval, n_seeds, known, known.then(|| sign_test(&signs)))
            }
        };
        Claim {
            id: self.measure.id,
            measured: self.measure.measured,
            expected,
            meaning: self.meaning,
            statistic: interval.mean,
            interval: is_known.then_some([interval.lo, interval.hi]),
            p_value,
            n_seeds,
            verdict: if is_known { expected.verdict(&interval) } else { Verdict::Undecided },
        }
    }
}

impl Claim {
    /// What was tested, in words: what was measured, where it must lie, and what that means.
    pub fn words(&self) -> String {
        let meaning = self.meaning.as_ref().map_or(String::new(), |meaning| format!(": {meaning}"));
        format!("{}, {}{meaning}", self.measured, self.expected)
    }
}

impl Side {
    /// The threshold.
    pub fn threshold(self) -> f64 {
        match self {
            Above(threshold) | Below(threshold) => threshold,
        }
    }

    /// What an interval says of a claim that its value lies on this side.
    fn verdict(self, interval: &Interval) -> Verdict {
        match self {
            Above(threshold) if threshold < interval.lo => Verdict::Holds,
            Above(threshold) if interval.hi < threshold => Verdict::Fails,
            Below(threshold) if interval.hi < threshold => Verdict::Holds,
            Below(threshold) if threshold < interval.lo => Verdict::Fails,
            _ => Verdict::Undecided,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if matches!(self, Above(_)) { "above" } else { "below" };
        write!(f, "{word} {}", self.threshold().to_string().replace('-', "−"))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::Undecided => "undecided",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nan::NanForNull;

    fn mean(per_seed: &[f64], expected: Side) -> Claim {
        claim("C1", "x").mean_of(per_seed).is(expected)
    }

    #[test]
    fn a_statistic_clearly_below_its_threshold_holds() {
        assert_eq!(mean(&[-0.2, -0.21, -0.19], Below(0.0)).verdict, Verdict::Holds);
        assert_eq!(mean(&[-0.2, -0.21, -0.19], Above(0.0)).verdict, Verdict::Fails);
    }

    #[test]
    fn the_words_hold_the_threshold_that_is_tested() {
        let tested = claim("C6.third", "99 % L1 of three less that of two").mean_of(&[0.1]);
        let tested = tested.meaning("no gain of a hundredth").is(Above(-0.01));
        assert_eq!(tested.words(), "99 % L1 of three less that of two, above −0.01: no gain of a hundredth");
        assert_eq!(mean(&[0.0], Below(0.5)).words(), "x, below 0.5");
    }

    #[test]
    fn a_claim_without_a_number_survives_its_file() {
        let tested = mean(&[f64::NAN], Below(0.0));
        let read = Claim::deserialize(NanForNull(serde_json::to_value(&tested).unwrap())).unwrap();
        assert!(read.statistic.is_nan() && read.n_seeds == 0 && read.verdict == Verdict::Undecided);
        assert_eq!(read.expected, Below(0.0));
    }

    #[test]
    fn nine_of_ten_networks_are_most_and_six_are_not() {
        let of_ten = |n: usize| {
            let outcomes: Vec<bool> = (0..10).map(|i| i < n).collect();
            claim("C6", "").share_of(&outcomes, 10).is(Above(0.5)).verdict
        };
        assert_eq!([9, 6, 0].map(of_ten), [Verdict::Holds, Verdict::Undecided, Verdict::Fails]);
        assert_eq!(claim("C6", "").share_of(&[true], 1).is(Above(0.5)).verdict, Verdict::Undecided);
    }

    #[test]
    fn one_seed_decides_nothing() {
        assert_eq!(mean(&[-9.0], Below(0.0)).verdict, Verdict::Undecided);
    }

    #[test]
    fn an_interval_across_the_threshold_decides_nothing() {
        assert_eq!(mean(&[-1.0, 1.1], Below(0.0)).verdict, Verdict::Undecided);
    }
}
