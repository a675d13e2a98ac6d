//! The numbers of a test: its statistic over seeds with interval and p-value. The words are the register's, the verdict
//! the ledger's, which alone knows how many tests there are.

use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::{Interval, sign_test, t_test};

use crate::register::{Method, Registered, WithoutNumber};

/// With fewer units, an exact two-sided sign test is above .05 even where all are as claimed.
const ENOUGH_FOR_SIGNS: usize = 6;

/// A test that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The test's id in the register.
    pub id: String,
    /// Mean over units, or share of those that are as claimed; no number where no unit yields one.
    pub statistic: f64,
    /// 95 % interval: Student's t of a mean, Clopper and Pearson's of a share; `None` where there is no spread to go by.
    pub interval: Option<[f64; 2]>,
    /// Two-sided p-value of the statistic against the threshold; `None` with fewer than two units that yield a number.
    pub p_value: Option<f64>,
    /// Whether the exact sign test stands in for Student's t, since all units have the same value.
    #[serde(default, skip_serializing_if = "is_false")]
    pub is_by_signs: bool,
    /// How many units yield a number; of a share, how many it is a share of.
    pub n_seeds: usize,
    /// How many yield none.
    pub n_without_number: usize,
    /// How many are neither as claimed nor not, and left out of a share.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub n_ties: usize,
    /// The value of every unit, in the order of the seeds; no number where it yields none.
    pub values: Vec<f64>,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_zero(value: &usize) -> bool {
    *value == 0
}

impl Registered {
    /// Tests one value per unit; where two networks are compared their paired difference, since networks of one seed
    /// share their data. What is no finite number counts as none.
    pub fn over(&self, per_unit: &[f64]) -> Claim {
        let known: Vec<f64> = per_unit.iter().copied().filter(|value| value.is_finite()).collect();
        let empty = Claim {
            id: self.id.clone(),
            statistic: f64::NAN,
            interval: None,
            p_value: None,
            is_by_signs: false,
            n_seeds: known.len(),
            n_without_number: per_unit.len() - known.len(),
            n_ties: 0,
            values: per_unit.iter().map(|v| if v.is_finite() { *v } else { f64::NAN }).collect(),
        };
        match self.method {
            Method::Mean => self.over_means(&known, empty),
            Method::Share => self.over_outcomes(&known, empty),
        }
    }

    fn over_means(&self, known: &[f64], empty: Claim) -> Claim {
        let threshold = self.expected.threshold();
        let interval = Interval::of_mean(known);
        let by_t = t_test(known, threshold);
        let by_signs = || {
            let differences: Vec<f64> = known.iter().map(|value| value - threshold).collect();
            (2 <= known.len()).then(|| sign_test(&differences))
        };
        Claim {
            statistic: interval.mean,
            interval: by_t.map(|_| [interval.lo, interval.hi]),
            p_value: by_t.or_else(by_signs),
            is_by_signs: by_t.is_none() && 2 <= known.len(),
            ..empty
        }
    }

    fn over_outcomes(&self, known: &[f64], empty: Claim) -> Claim {
        let n_against = match self.without_number {
            WithoutNumber::Against => empty.n_without_number,
            WithoutNumber::Dropped => 0,
        };
        let mut signs: Vec<f64> = known.iter().map(|value| value - 0.5).filter(|sign| *sign != 0.0).collect();
        let n_ties = known.len() - signs.len();
        signs.extend(std::iter::repeat_n(-1.0, n_against));
        let n_as_claimed = signs.iter().filter(|sign| 0.0 < **sign).count();
        let interval = Interval::of_share_exact(n_as_claimed as u64, signs.len() as u64);
        let is_known = 2 <= signs.len();
        Claim {
            statistic: interval.mean,
            interval: is_known.then_some([interval.lo, interval.hi]),
            p_value: is_known.then(|| sign_test(&signs)),
            n_seeds: signs.len(),
            n_ties,
            ..empty
        }
    }
}

impl Claim {
    /// How many units there were, with or without a number.
    pub fn n_units(&self) -> usize {
        self.values.len()
    }

    /// What must be said beside the numbers of this test; empty where nothing must.
    pub fn remarks(&self, test: &Registered) -> String {
        let (n, unit) = (self.n_units(), &test.unit);
        let of_all = |n_some: usize| match n {
            1 => format!("the one {unit}"),
            n => format!("{n_some} of {n} {unit}s"),
        };
        let mut remarks = Vec::new();
        if n == self.n_without_number {
            let nothing = if n == 1 {
                format!("the one {unit} gave no")
            } else {
                format!("none of {n} {unit}s gave a")
            };
            remarks.push(format!("did not occur: {nothing} number"));
        } else if 0 < self.n_without_number {
            let counted = match test.without_number {
                WithoutNumber::Against => "counts against it",
                WithoutNumber::Dropped => "is left out",
            };
            remarks.push(format!("{} gave no number, which {counted}", of_all(self.n_without_number)));
        }
        if 0 < self.n_ties {
            remarks.push(format!("{} tied, left out", of_all(self.n_ties)));
        }
        if self.is_by_signs {
            remarks.push(format!(
                "every {unit} gave the same, so the exact sign test stands in for Student's t"
            ));
        }
        let is_exact = self.is_by_signs || test.method == Method::Share;
        if is_exact && self.n_without_number < n && (2..ENOUGH_FOR_SIGNS).contains(&self.n_seeds) {
            let least = 0.5_f64.powi(self.n_seeds as i32 - 1);
            remarks.push(format!("too few for the exact sign test: p is {least} at least"));
        }
        remarks.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nan::NanForNull;
    use crate::register::{Above, Below};

    fn mean(per_seed: &[f64]) -> Claim {
        Registered::mean("C1", "x", Below(0.0)).over(per_seed)
    }

    fn of_ten(n: usize) -> Claim {
        let outcomes: Vec<f64> = (0..10).map(|i| if i < n { 1.0 } else { 0.0 }).collect();
        Registered::share("C6", "").over(&outcomes)
    }

    #[test]
    fn a_mean_has_student_s_interval_and_p_and_keeps_its_values() {
        let claim = mean(&[1.0, 2.0, 3.0]);
        // 2 ± 4.302653 / √3, and p as in the tests of the crate of statistics.
        let [lo, hi] = claim.interval.unwrap();
        assert!((lo + 0.484_138).abs() < 1e-5 && (hi - 4.484_138).abs() < 1e-5);
        assert!((claim.p_value.unwrap() - (1.0 - (12.0f64 / 14.0).sqrt())).abs() < 1e-12);
        assert_eq!((claim.statistic, claim.n_seeds, &claim.values[..]), (2.0, 3, &[1.0, 2.0, 3.0][..]));
    }

    #[test]
    fn nine_of_ten_networks_have_p_of_22_in_1024_and_four_of_four_an_eighth() {
        assert!((of_ten(9).p_value.unwrap() - 22.0 / 1024.0).abs() < 1e-12);
        assert_eq!((of_ten(9).statistic, of_ten(5).p_value), (0.9, Some(1.0)));
        let four = Registered::share("C6", "").over(&[1.0; 4]);
        let [lo, hi] = four.interval.unwrap();
        assert!((four.p_value.unwrap() - 0.125).abs() < 1e-12 && lo < 0.5 && hi == 1.0);
    }

    #[test]
    fn values_that_are_all_the_same_are_tested_by_their_signs_and_it_is_said() {
        let claim = mean(&[-3.0; 5]);
        assert!((claim.p_value.unwrap() - 2.0f64.powi(1 - 5)).abs() < 1e-12);
        assert!(claim.is_by_signs && claim.interval.is_none());
        let test = Registered::mean("C1", "x", Below(0.0));
        assert_eq!(
            claim.remarks(&test),
            "every seed gave the same, so the exact sign test stands in for Student's t; \
             too few for the exact sign test: p is 0.0625 at least"
        );
        assert!(!mean(&[-3.0; 6]).remarks(&test).contains("too few"));
        assert_eq!(mean(&[0.0; 5]).p_value, Some(1.0));
    }

    #[test]
    fn seeds_without_a_number_are_counted_and_said_and_count_against_a_share() {
        let test = Registered::share("C6", "");
        let claim = test.over(&[1.0, f64::NAN, 1.0, 0.0, 0.5, f64::INFINITY]);
        // Two as claimed, one not, two without a number; a tie is left out.
        assert_eq!((claim.statistic, claim.n_seeds, claim.n_without_number, claim.n_ties), (0.4, 5, 2, 1));
        let said = claim.remarks(&test);
        assert_eq!(
            said,
            "2 of 6 seeds gave no number, which counts against it; 1 of 6 seeds tied, left out; \
             too few for the exact sign test: p is 0.0625 at least"
        );
        let dropped = Registered { without_number: WithoutNumber::Dropped, ..test };
        assert_eq!(dropped.over(&[1.0, f64::NAN]).statistic, 1.0);
    }

    #[test]
    fn a_claim_about_what_did_not_occur_says_so_and_survives_its_file() {
        let test = Registered::mean("C1", "x", Above(0.0));
        let claim = test.over(&[f64::NAN, f64::NAN]);
        assert_eq!(claim.remarks(&test), "did not occur: none of 2 seeds gave a number");
        assert_eq!(test.over(&[f64::NAN]).remarks(&test), "did not occur: the one seed gave no number");
        let read = Claim::deserialize(NanForNull(serde_json::to_value(&claim).unwrap())).unwrap();
        assert!(read.statistic.is_nan() && read.values.iter().all(|v| v.is_nan()));
        assert_eq!((read.n_seeds, read.n_without_number, read.p_value), (0, 2, None));
    }

    #[test]
    fn one_seed_has_no_interval_and_no_p() {
        let claim = mean(&[-9.0]);
        assert_eq!((claim.statistic, claim.interval, claim.p_value), (-9.0, None, None));
        assert!(!claim.is_by_signs && Registered::share("C6", "").over(&[1.0]).p_value.is_none());
    }
}
