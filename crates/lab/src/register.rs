//! The register of tests: what is tested, how, and since when, written down before anything is measured.
//!
//! A test stands here once, with the side of the threshold that its statistic must lie on; a study gives the id and a
//! value per seed, and the words that are shown are made from the register. A test that was changed after its result had
//! been seen keeps both versions with both results.

use std::fmt;

use serde::{Deserialize, Serialize};

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

/// How a statistic is tested. One test each, and its own interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// Student's t of the mean over units, with its interval. Where all values are the same there is no spread to go
    /// by, and the exact sign test stands in.
    #[default]
    #[serde(rename = "t")]
    Mean,
    /// The exact sign test of the share of units that are as claimed, with the interval of Clopper and Pearson. A unit's
    /// value is 1 where it is as claimed, 0 where it is not, and ½ where it is neither: ties are left out.
    #[serde(rename = "sign")]
    Share,
}

/// What becomes of a unit that yields no number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WithoutNumber {
    /// It counts against the claim: in a share as not as claimed; a mean that lacks it cannot hold, whatever the others
    /// say.
    #[default]
    Against,
    /// It is left out, and said to be.
    Dropped,
}

/// A test as it was registered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    /// The claim that it belongs to, as in `C1`, with a part where that is tested in parts: `C1.p99`.
    pub id: String,
    /// The statistic: what is measured.
    pub measured: String,
    /// Where it must lie.
    pub expected: Side,
    /// What the threshold means, where it needs saying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// How it is tested.
    #[serde(default)]
    pub method: Method,
    /// What is drawn anew for each value and counts as one: a seed.
    #[serde(default = "seed")]
    pub unit: String,
    /// What becomes of units without a number.
    #[serde(default)]
    pub without_number: WithoutNumber,
    /// What else was fixed beforehand: quantities that the statistic needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<Fixed>,
    /// The day from which it stood as it does.
    #[serde(default)]
    pub registered: String,
    /// How it was tested before, and why no longer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<Change>,
}

/// A quantity that a statistic needs, fixed before anything was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// What it is.
    pub name: String,
    /// Its value.
    pub value: f64,
}

/// A test that was changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The day.
    pub date: String,
    /// The test before.
    pub from: String,
    /// The test after.
    pub to: String,
    /// Why.
    pub why: String,
    /// What the test before came to, and over what.
    pub result_before: String,
    /// What the test after came to on the same, where it has been run.
    pub result_after: String,
}

/// A claim with its tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisteredClaim {
    /// As in `C1`.
    pub id: String,
    /// The claim in one sentence.
    pub sentence: String,
    /// Its tests: it holds if all of them do.
    #[serde(default)]
    pub tests: Vec<Registered>,
}

/// The claims of a paper in their order, with all tests that they are put to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Register {
    /// The claims.
    pub claims: Vec<RegisteredClaim>,
}

/// The claim that a test belongs to: C16 of `C16.start`.
pub fn whole_claim(id: &str) -> &str {
    id.split('.').next().unwrap_or(id)
}

fn seed() -> String {
    "seed".into()
}

impl Register {
    /// The claim of that id.
    pub fn claim(&self, id: &str) -> Option<&RegisteredClaim> {
        self.claims.iter().find(|claim| claim.id == id)
    }

    /// All tests, claim by claim: the family that is corrected for.
    pub fn tests(&self) -> impl Iterator<Item = &Registered> {
        self.claims.iter().flat_map(|claim| &claim.tests)
    }

    /// The test of that id.
    pub fn test(&self, id: &str) -> Option<&Registered> {
        self.tests().find(|test| test.id == id)
    }
}

impl Registered {
    /// A test by Student's t of a mean over seeds.
    pub fn mean(id: impl Into<String>, measured: impl Into<String>, expected: Side) -> Registered {
        Registered {
            id: id.into(),
            measured: measured.into(),
            expected,
            meaning: None,
            method: Method::Mean,
            unit: seed(),
            without_number: WithoutNumber::default(),
            fixed: Vec::new(),
            registered: String::new(),
            changed: Vec::new(),
        }
    }

    /// An exact test that more than half of the seeds are as claimed.
    pub fn share(id: impl Into<String>, measured: impl Into<String>) -> Registered {
        Registered { method: Method::Share, ..Registered::mean(id, measured, Above(0.5)) }
    }

    /// What is tested, in words: what is measured, where it must lie, and what that means.
    pub fn words(&self) -> String {
        let meaning = self.meaning.as_ref().map_or(String::new(), |meaning| format!(": {meaning}"));
        format!("{}, {}{meaning}", self.measured, self.expected)
    }

    /// A quantity that was fixed beforehand; NaN where there is none of that name.
    pub fn fixed(&self, name: &str) -> f64 {
        self.fixed.iter().find(|fixed| fixed.name == name).map_or(f64::NAN, |fixed| fixed.value)
    }
}

impl RegisteredClaim {
    /// A claim with its tests.
    pub fn new(id: &str, sentence: &str, tests: Vec<Registered>) -> RegisteredClaim {
        RegisteredClaim { id: id.into(), sentence: sentence.into(), tests }
    }
}

impl Side {
    /// The threshold.
    pub fn threshold(self) -> f64 {
        match self {
            Above(threshold) | Below(threshold) => threshold,
        }
    }

    /// Whether a value lies on this side.
    pub fn holds(self, value: f64) -> bool {
        match self {
            Above(threshold) => threshold < value,
            Below(threshold) => value < threshold,
        }
    }

    /// Whether a value lies on the other side.
    pub fn fails(self, value: f64) -> bool {
        match self {
            Above(threshold) => value < threshold,
            Below(threshold) => threshold < value,
        }
    }
}

impl Method {
    /// As a referee names it.
    pub fn name(self) -> &'static str {
        match self {
            Method::Mean => "Student's t of the mean",
            Method::Share => "exact sign test",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if matches!(self, Above(_)) { "above" } else { "below" };
        write!(f, "{word} {}", self.threshold().to_string().replace('-', "−"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_hold_the_threshold_that_is_tested() {
        let third = Registered {
            meaning: Some("no gain of a hundredth".into()),
            ..Registered::mean("C6.third", "99 % L1 of three less that of two", Above(-0.01))
        };
        assert_eq!(third.words(), "99 % L1 of three less that of two, above −0.01: no gain of a hundredth");
        assert_eq!(Registered::mean("C1", "x", Below(0.5)).words(), "x, below 0.5");
        assert_eq!(Registered::share("C6", "share of networks").words(), "share of networks, above 0.5");
    }

    #[test]
    fn a_register_is_read_with_its_defaults_and_finds_its_tests() {
        let text = "[[claims]]\nid = \"C1\"\nsentence = \"It is so.\"\n[[claims.tests]]\nid = \"C1.a\"\nmeasured = \"x\"\nexpected = { below = 0.0 }\nfixed = [{ name = \"loss\", value = 2.5 }]";
        let register: Register = toml::from_str(text).unwrap();
        let test = register.test("C1.a").unwrap();
        assert_eq!((test.expected, test.method, test.unit.as_str()), (Below(0.0), Method::Mean, "seed"));
        assert_eq!(test.without_number, WithoutNumber::Against);
        assert!(test.fixed("loss") == 2.5 && test.fixed("other").is_nan());
        assert!(register.claim("C1").is_some() && register.test("C1").is_none());
    }

    #[test]
    fn a_value_on_the_threshold_neither_holds_nor_fails() {
        assert_eq!((Above(0.5).holds(0.5), Above(0.5).fails(0.5)), (false, false));
        assert_eq!((Below(0.5).holds(0.4), Below(0.5).fails(0.6)), (true, true));
    }
}
