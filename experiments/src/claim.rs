//! Claims of the thesis, tested: a sentence, a statistic over seeds with its interval, and a verdict.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use vitrine_analysis::statistics::Interval;

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
    /// 95 % t interval over seeds; `None` with a single seed.
    pub interval: Option<[f64; 2]>,
    /// Two-sided p-value of a t test of the statistic against the threshold; `None` with a single seed.
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
        let verdict = match side {
            _ if !known => Verdict::Undecided,
            Side::Above if threshold < interval.lo => Verdict::Holds,
            Side::Above if interval.hi < threshold => Verdict::Fails,
            Side::Below if interval.hi < threshold => Verdict::Holds,
            Side::Below if threshold < interval.lo => Verdict::Fails,
            _ => Verdict::Undecided,
        };
        Claim {
            id: id.into(),
            sentence: sentence.into(),
            test: test.into(),
            statistic: interval.mean,
            interval: known.then_some([interval.lo, interval.hi]),
            p_value: known.then(|| vitrine_analysis::statistics::t_test(&finite, threshold)),
            n_seeds: finite.len(),
            verdict,
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
    fn one_seed_decides_nothing() {
        assert_eq!(Claim::test("C1", "", "", &[-9.0], Side::Below, 0.0).verdict, Verdict::Undecided);
    }

    #[test]
    fn an_interval_across_the_threshold_decides_nothing() {
        assert_eq!(Claim::test("C1", "", "", &[-1.0, 1.1], Side::Below, 0.0).verdict, Verdict::Undecided);
    }
}
