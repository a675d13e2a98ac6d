//! The claims ledger: every claim of a paper with all its tests, one verdict each, and what so many tests cost.

use serde::Serialize;
use vitrine_analysis::statistics::holm;

use crate::claim::{Claim, Verdict};
use crate::paper::{Paper, whole_claim};
use crate::stored::Stored;
use crate::study::About;

/// What is known of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Standing {
    /// Every test of it holds.
    #[serde(rename = "holds")]
    Holds,
    /// At least one test of it fails.
    #[serde(rename = "fails")]
    Fails,
    /// No test fails, and at least one is undecided or has not been run.
    #[serde(rename = "undecided")]
    Undecided,
    /// Nothing has tested it yet.
    #[serde(rename = "not run")]
    NotRun,
}

/// One test of a claim.
#[derive(Clone, Debug, Serialize)]
pub struct Tested {
    /// The test with its statistic and verdict.
    #[serde(flatten)]
    pub claim: Claim,
    /// Its p-value corrected for the number of tests in the ledger (Holm 1979).
    pub p_holm: Option<f64>,
    /// The study that made it.
    pub section: &'static str,
    /// The figures of that study.
    pub figures: Vec<String>,
}

/// One claim of the paper. Its numbers are those of the test that decided it.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// As in `C1`.
    pub id: String,
    /// The claim in one sentence.
    pub sentence: String,
    /// What the deciding test measured.
    pub test: Option<String>,
    /// Its statistic.
    pub statistic: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<[f64; 2]>,
    /// Its number of seeds.
    pub n_seeds: usize,
    /// Its p-value, corrected for the number of tests in the ledger.
    pub p_holm: Option<f64>,
    /// What follows for the claim.
    pub verdict: Standing,
    /// Studies that test it, run or not.
    pub sections: Vec<&'static str>,
    /// Those of them that have not been run.
    pub not_run: Vec<&'static str>,
    /// All its tests.
    pub tests: Vec<Tested>,
}

/// The claims of the paper in their order.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Ledger {
    /// One entry per claim.
    pub claims: Vec<Entry>,
}

impl Standing {
    /// As in tables and on the page.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Holds => "holds",
            Standing::Fails => "fails",
            Standing::Undecided => "undecided",
            Standing::NotRun => "not run",
        }
    }
}

impl From<Verdict> for Standing {
    fn from(verdict: Verdict) -> Standing {
        match verdict {
            Verdict::Holds => Standing::Holds,
            Verdict::Fails => Standing::Fails,
            Verdict::Undecided => Standing::Undecided,
        }
    }
}

impl Tested {
    /// Whether the verdict would no longer stand once the number of tests is allowed for.
    pub fn is_lost_in_correction(&self) -> bool {
        is_lost(self.claim.verdict.into(), self.p_holm)
    }
}

fn is_lost(verdict: Standing, p_holm: Option<f64>) -> bool {
    matches!(verdict, Standing::Holds | Standing::Fails) && p_holm.is_none_or(|p| 0.05 <= p)
}

/// A study whose findings are in a ledger.
#[derive(Clone, Copy)]
pub struct Done<'a> {
    /// What it makes.
    pub about: &'static About,
    /// What it found.
    pub stored: &'a Stored,
}

impl Ledger {
    /// The ledger of a paper's claims, tested by what is done of `all` its studies. Claims that nothing has tested are in
    /// it as not run; tests of what is no claim of the paper are neither in it nor corrected for.
    pub fn of(paper: &Paper, all: &[&'static About], done: &[Done<'_>]) -> Ledger {
        let mut tests: Vec<Tested> = Vec::new();
        for Done { about, stored } in done {
            let claims = stored.claims.iter().filter(|claim| paper.sentence(&claim.id).is_some());
            tests.extend(claims.map(|claim| Tested {
                claim: claim.clone(),
                p_holm: None,
                section: about.id,
                figures: stored.figures.clone(),
            }));
        }
        correct(&mut tests);
        let done: Vec<&str> = done.iter().map(|done| done.about.id).collect();
        let entry = |id: &str| {
            let own = tests.iter().filter(|t| whole_claim(&t.claim.id) == id).cloned().collect();
            Entry::new(id, paper, own, all, &done)
        };
        Ledger { claims: paper.claim_ids().into_iter().map(entry).collect() }
    }

    /// All tests, claim by claim.
    pub fn tests(&self) -> impl Iterator<Item = &Tested> {
        self.claims.iter().flat_map(|entry| &entry.tests)
    }

    /// Ids of the claims of that standing.
    pub fn ids(&self, standing: Standing) -> Vec<&str> {
        self.claims.iter().filter(|e| e.verdict == standing).map(|e| e.id.as_str()).collect()
    }

    /// How many tests yield a p-value, and are corrected for.
    pub fn n_corrected(&self) -> usize {
        self.tests().filter(|t| t.p_holm.is_some()).count()
    }
}

impl Entry {
    /// Whether the verdict would no longer stand once the number of tests is allowed for.
    pub fn is_lost_in_correction(&self) -> bool {
        is_lost(self.verdict, self.p_holm)
    }

    fn new(id: &str, paper: &Paper, tests: Vec<Tested>, all: &[&'static About], done: &[&str]) -> Entry {
        let sections: Vec<&'static str> =
            all.iter().filter(|about| about.claims.contains(&id)).map(|about| about.id).collect();
        let not_run: Vec<&'static str> = sections.iter().copied().filter(|s| !done.contains(s)).collect();
        let deciding = deciding(&tests);
        let claim = deciding.map(|t| &t.claim);
        let verdict = match claim.map(|c| c.verdict) {
            None => Standing::NotRun,
            Some(Verdict::Holds) if !not_run.is_empty() => Standing::Undecided,
            Some(verdict) => verdict.into(),
        };
        Entry {
            id: id.into(),
            sentence: paper.sentence(id).unwrap_or_default().to_string(),
            test: claim.map(Claim::words),
            statistic: claim.map(|c| c.statistic).filter(|s| s.is_finite()),
            interval: claim.and_then(|c| c.interval),
            n_seeds: claim.map_or(0, |c| c.n_seeds),
            p_holm: deciding.and_then(|t| t.p_holm),
            verdict,
            sections,
            not_run,
            tests,
        }
    }
}

/// A claim holds if all its tests do, so its weakest test decides: one that fails before one that is undecided,
/// that before one that holds; the clearest of those that fail, else the least clear.
fn deciding(tests: &[Tested]) -> Option<&Tested> {
    let p = |t: &Tested| t.claim.p_value.unwrap_or(1.0);
    let of = |verdict: Verdict| tests.iter().filter(move |t| t.claim.verdict == verdict);
    of(Verdict::Fails)
        .min_by(|a, b| p(a).total_cmp(&p(b)))
        .or_else(|| of(Verdict::Undecided).max_by(|a, b| p(a).total_cmp(&p(b))))
        .or_else(|| of(Verdict::Holds).max_by(|a, b| p(a).total_cmp(&p(b))))
}

fn correct(tests: &mut [Tested]) {
    let known: Vec<f64> = tests.iter().filter_map(|t| t.claim.p_value).filter(|p| p.is_finite()).collect();
    let mut corrected = holm(&known).into_iter();
    for test in tests {
        if test.claim.p_value.is_some_and(f64::is_finite) {
            test.p_holm = corrected.next();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::{Above, claim};
    use crate::preset::Preset;
    use crate::saved::Parts;

    /// Three studies; the first tests C1, the second C1 and C7, the last C10.
    static ABOUTS: [About; 3] = [
        About { id: "1-a", title: "", figures: &[], tables: &[], claims: &["C1"] },
        About { id: "1-b", title: "", figures: &[], tables: &[], claims: &["C1", "C7"] },
        About { id: "2-c", title: "", figures: &[], tables: &[], claims: &["C10"] },
    ];

    /// The ledger of these claims, tested above zero by the first study; the first `n_done` studies are done.
    fn ledger_of(claims: &[(&str, &[f64])], n_done: usize) -> Ledger {
        let paper = Paper {
            claims: (1..=12).map(|n| (format!("C{n}"), format!("claim {n}"))).collect(),
            ..Paper::default()
        };
        let stored =
            |about: &About| Stored::new(about.id, Preset::Smoke.into(), &[0, 1, 2], Parts::default());
        let mut found: Vec<Stored> = ABOUTS[..n_done].iter().map(stored).collect();
        found[0].claims =
            claims.iter().map(|(id, values)| claim(*id, "x").mean_of(values).is(Above(0.0))).collect();
        let done: Vec<Done> =
            ABOUTS.iter().zip(&found).map(|(about, stored)| Done { about, stored }).collect();
        Ledger::of(&paper, &ABOUTS.each_ref(), &done)
    }

    fn ledger(claims: &[(&str, &[f64])]) -> Ledger {
        ledger_of(claims, ABOUTS.len())
    }

    const CLEAR: &[f64] = &[1.0, 1.01, 0.99];
    const VAGUE: &[f64] = &[1.0, -1.1, 0.5];
    const CONTRARY: &[f64] = &[-1.0, -1.01, -0.99];

    #[test]
    fn every_claim_is_listed_and_those_without_a_test_are_not_run() {
        let ledger = ledger(&[("C2", CLEAR)]);
        assert_eq!(ledger.claims.len(), 12);
        assert_eq!(ledger.ids(Standing::Holds), ["C2"]);
        assert_eq!(ledger.ids(Standing::NotRun).len(), 11);
        let entry = &ledger.claims[1];
        assert_eq!((entry.sentence.as_str(), entry.test.as_deref()), ("claim 2", Some("x, above 0")));
    }

    #[test]
    fn one_failing_part_fails_the_claim_and_states_its_numbers() {
        let ledger = ledger(&[("C7.a", CLEAR), ("C7.b", CONTRARY), ("C7.c", VAGUE)]);
        let entry = &ledger.claims[6];
        assert_eq!((entry.id.as_str(), entry.verdict, entry.tests.len()), ("C7", Standing::Fails, 3));
        assert!((entry.statistic.unwrap() + 1.0).abs() < 1e-12);
    }

    #[test]
    fn an_undecided_part_keeps_a_claim_from_holding() {
        assert_eq!(ledger(&[("C1.a", CLEAR), ("C1.b", VAGUE)]).claims[0].verdict, Standing::Undecided);
    }

    #[test]
    fn a_claim_does_not_hold_before_all_its_studies_have_run() {
        let entry = &ledger_of(&[("C1", CLEAR)], 1).claims[0];
        assert_eq!((entry.verdict, &entry.not_run[..]), (Standing::Undecided, &["1-b"][..]));
        assert_eq!(ledger_of(&[("C1", CONTRARY)], 1).claims[0].verdict, Standing::Fails);
    }

    #[test]
    fn claims_without_a_number_have_tests_of_their_own_and_those_of_no_claim_do_not_count() {
        let paper = Paper {
            claims: ["H1", "H2"].map(|id| (id.to_string(), String::new())).into(),
            ..Paper::default()
        };
        let mut stored = Stored::new(ABOUTS[0].id, Preset::Smoke.into(), &[0, 1, 2], Parts::default());
        let test = |id: &str, values| claim(id, "x").mean_of(values).is(Above(0.0));
        stored.claims = vec![test("H1.a", CLEAR), test("H2", CONTRARY), test("H3", CLEAR)];
        let ledger = Ledger::of(&paper, &[&ABOUTS[0]], &[Done { about: &ABOUTS[0], stored: &stored }]);
        let tests = ledger.claims.iter().map(|entry| entry.tests.len()).collect::<Vec<_>>();
        assert_eq!((tests, ledger.n_corrected()), (vec![1, 1], 2));
        assert_eq!((ledger.claims[0].verdict, ledger.claims[1].verdict), (Standing::Holds, Standing::Fails));
        let p_values = ledger.tests().map(|t| t.claim.p_value.unwrap()).fold(f64::MAX, f64::min);
        assert!((ledger.claims[0].p_holm.unwrap() - 2.0 * p_values).abs() < 1e-12);
    }

    #[test]
    fn a_second_test_doubles_the_smaller_p_value() {
        let ledger = ledger(&[("C1", CLEAR), ("C10", VAGUE), ("C11", &[1.0])]);
        let test = |i: usize| &ledger.claims[i].tests[0];
        assert!((test(0).p_holm.unwrap() - 2.0 * test(0).claim.p_value.unwrap()).abs() < 1e-12);
        assert_eq!(test(9).p_holm, test(9).claim.p_value);
        assert_eq!((test(10).p_holm, ledger.n_corrected()), (None, 2));
        assert!(!test(0).is_lost_in_correction());
    }
}
