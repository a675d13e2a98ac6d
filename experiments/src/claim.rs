//! Claims of the thesis, tested: a sentence, a statistic over seeds with its interval, and a verdict.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
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

/// A tested claim.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The claim of the thesis it belongs to, as in `C1`, with a part where it was tested in parts: `C1.p99`.
    pub id: String,
    /// The claim in one sentence.
    pub sentence: String,
    /// What was measured, and what it must exceed or stay below.
    pub test: String,
    /// The statistic, averaged over seeds; no number where no seed yields one.
    #[serde(deserialize_with = "number_or_null")]
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

/// On which side of the threshold the claim says that the statistic lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Above the threshold.
    Above,
    /// Below the threshold.
    Below,
}

impl Claim {
    /// Tests whether the mean of `per_seed` lies on the claimed side of `threshold`.
    ///
    /// `per_seed` holds one value per seed; where two networks are compared, their paired difference, since
    /// networks of one seed share their data.
    pub fn test(id: &str, sentence: &str, test: &str, per_seed: &[f64], side: Side, threshold: f64) -> Claim {
        let finite: Vec<f64> = per_seed.iter().copied().filter(|v| v.is_finite()).collect();
        let interval = Interval::of_mean(&finite);
        let known = 2 <= finite.len();
        Claim {
            id: id.into(),
            sentence: sentence.into(),
            test: test.into(),
            statistic: interval.mean,
            interval: known.then_some([interval.lo, interval.hi]),
            p_value: known.then(|| t_test(&finite, threshold)),
            n_seeds: finite.len(),
            verdict: if known { verdict(&interval, side, threshold) } else { Verdict::Undecided },
        }
    }

    /// Tests whether most of `outcomes` are as claimed: their share, with Wilson's interval, lies above one half.
    ///
    /// For what a network does or does not, where the mean of a few zeros and ones has no t interval.
    pub fn test_majority(id: &str, sentence: &str, test: &str, outcomes: &[bool], n_seeds: usize) -> Claim {
        let n_as_claimed = outcomes.iter().filter(|&&outcome| outcome).count();
        let interval = Interval::of_share(n_as_claimed as u64, outcomes.len() as u64);
        let known = 2 <= n_seeds && !outcomes.is_empty();
        let signs: Vec<f64> = outcomes.iter().map(|&outcome| if outcome { 1.0 } else { -1.0 }).collect();
        Claim {
            id: id.into(),
            sentence: sentence.into(),
            test: test.into(),
            statistic: interval.mean,
            interval: known.then_some([interval.lo, interval.hi]),
            p_value: known.then(|| sign_test(&signs)),
            n_seeds,
            verdict: if known { verdict(&interval, Side::Above, 0.5) } else { Verdict::Undecided },
        }
    }
}

/// JSON has no NaN: it is written as null, and read back from it.
fn number_or_null<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or(f64::NAN))
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

/// What an interval says of a claim that its value lies on that side of the threshold.
fn verdict(interval: &Interval, side: Side, threshold: f64) -> Verdict {
    match side {
        Side::Above if threshold < interval.lo => Verdict::Holds,
        Side::Above if interval.hi < threshold => Verdict::Fails,
        Side::Below if interval.hi < threshold => Verdict::Holds,
        Side::Below if threshold < interval.lo => Verdict::Fails,
        _ => Verdict::Undecided,
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Claim { id, verdict, sentence, test, statistic, .. } = self;
        write!(f, "{id} {verdict}: {sentence}\n   {test}: {statistic:.4}")?;
        match self.interval {
            Some([lo, hi]) => write!(f, " [{lo:.4}, {hi:.4}] over {} seeds", self.n_seeds),
            None => write!(f, " with one seed; an interval needs at least two"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statistic_clearly_below_its_threshold_holds() {
        let claim = Claim::test("C1", "", "", &[-0.2, -0.21, -0.19], Side::Below, 0.0);
        assert_eq!(claim.verdict, Verdict::Holds);
        assert_eq!(
            Claim::test("C1", "", "", &[-0.2, -0.21, -0.19], Side::Above, 0.0).verdict,
            Verdict::Fails
        );
    }

    #[test]
    fn a_claim_without_a_number_survives_its_file() {
        let claim = Claim::test("C1", "", "", &[f64::NAN], Side::Below, 0.0);
        let read: Claim = serde_json::from_str(&serde_json::to_string(&claim).unwrap()).unwrap();
        assert!(read.statistic.is_nan() && read.n_seeds == 0 && read.verdict == Verdict::Undecided);
    }

    #[test]
    fn nine_of_ten_networks_are_most_and_six_are_not() {
        let of_ten = |n: usize| -> Vec<bool> { (0..10).map(|i| i < n).collect() };
        assert_eq!(Claim::test_majority("C6", "", "", &of_ten(9), 10).verdict, Verdict::Holds);
        assert_eq!(Claim::test_majority("C6", "", "", &of_ten(6), 10).verdict, Verdict::Undecided);
        assert_eq!(Claim::test_majority("C6", "", "", &of_ten(0), 10).verdict, Verdict::Fails);
        assert_eq!(Claim::test_majority("C6", "", "", &[true], 1).verdict, Verdict::Undecided);
    }

    #[test]
    fn one_seed_decides_nothing() {
        assert_eq!(Claim::test("C1", "", "", &[-9.0], Side::Below, 0.0).verdict, Verdict::Undecided);
    }

    #[test]
    fn an_interval_across_the_threshold_decides_nothing() {
        assert_eq!(Claim::test("C1", "", "", &[-1.0, 1.1], Side::Below, 0.0).verdict, Verdict::Undecided);
    }
}
