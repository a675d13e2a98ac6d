use super::*;
use crate::claim::Claim;
use crate::preset::Preset;
use crate::register::{Above, Register, Registered};
use crate::saved::Parts;
use crate::stored::Stored;

/// Three studies; the first tests C1, the second C1 and C7, the last C10.
static ABOUTS: [About; 3] = [
    About { id: "1-a", title: "", figures: &[], tables: &[], claims: &["C1"] },
    About { id: "1-b", title: "", figures: &[], tables: &[], claims: &["C1", "C7"] },
    About { id: "2-c", title: "", figures: &[], tables: &[], claims: &["C10"] },
];

/// A paper whose claims have these tests, of a mean above zero, in the order of the claims.
fn paper(tests: &[&str]) -> Paper {
    let mut register = Register::default();
    for id in tests {
        let (claim, test) = (crate::register::whole_claim(id), Registered::mean(*id, "x", Above(0.0)));
        match register.claims.iter_mut().find(|known| known.id == claim) {
            Some(known) => known.tests.push(test),
            None => register.claims.push(RegisteredClaim::new(claim, "so it is", vec![test])),
        }
    }
    Paper { register, ..Paper::default() }
}

/// The ledger of `registered` tests of which the first study ran those with `values`.
fn ledger_of(registered: &[&str], values: &[(&str, &[f64])]) -> Ledger {
    let paper = paper(registered);
    let mut stored = Stored::new(ABOUTS[0].id, Preset::Smoke.into(), &[0, 1, 2], Parts::default());
    stored.claims =
        values.iter().map(|(id, values)| Registered::mean(*id, "", Above(0.0)).over(values)).collect();
    Ledger::of(&paper, &ABOUTS.each_ref(), &[Done { about: &ABOUTS[0], stored: &stored }])
}

/// The ledger of tests that were all run.
fn ledger(values: &[(&str, &[f64])]) -> Ledger {
    ledger_of(&values.iter().map(|(id, _)| *id).collect::<Vec<_>>(), values)
}

const CLEAR: &[f64] = &[1.0, 1.01, 0.99];
const VAGUE: &[f64] = &[1.0, -1.1, 0.5];
const CONTRARY: &[f64] = &[-1.0, -1.01, -0.99];
/// Mean 1, sd 0.4, t = 4.33 with 2 degrees of freedom: p = 1 − t / √(2 + t²) = .0494.
const BARELY: &[f64] = &[0.6, 1.0, 1.4];

#[test]
fn a_test_that_was_not_run_is_listed_and_makes_the_others_dearer() {
    let alone = ledger(&[("C1", BARELY)]);
    assert!((alone.claims[0].p_holm.unwrap() - 0.0494).abs() < 1e-4);
    assert_eq!(alone.claims[0].verdict, Standing::Holds);
    let of_two = ledger_of(&["C1", "C2"], &[("C1", BARELY)]);
    assert!((of_two.claims[0].p_holm.unwrap() - 2.0 * 0.0494).abs() < 2e-4);
    assert_eq!(of_two.claims[0].verdict, Standing::Undecided);
    let not_run = &of_two.claims[1].tests[0];
    assert_eq!((not_run.verdict, not_run.p_holm, of_two.n_registered()), (Standing::NotRun, 1.0, 2));
    assert_eq!((of_two.claims[1].verdict, of_two.claims[1].n_seeds), (Standing::NotRun, 0));
}

#[test]
fn a_verdict_is_that_of_the_corrected_p_and_not_of_the_interval() {
    let [lo, _] = Registered::mean("C1", "", Above(0.0)).over(BARELY).interval.unwrap();
    assert!(0.0 < lo, "the whole interval is on the claimed side");
    let ledger = ledger(&[("C1", BARELY), ("C2", VAGUE)]);
    assert_eq!(ledger.ids(Standing::Undecided), ["C1", "C2"]);
}

#[test]
fn one_failing_part_fails_the_claim_and_states_its_numbers() {
    let ledger = ledger(&[("C7.a", CLEAR), ("C7.b", CONTRARY), ("C7.c", VAGUE)]);
    let entry = &ledger.claims[0];
    assert_eq!((entry.id.as_str(), entry.verdict, entry.tests.len()), ("C7", Standing::Fails, 3));
    assert!((entry.statistic.unwrap() + 1.0).abs() < 1e-12);
    assert_eq!((entry.sentence.as_str(), entry.test.as_deref()), ("so it is", Some("x, above 0")));
}

#[test]
fn an_undecided_part_and_one_not_run_keep_a_claim_from_holding() {
    assert_eq!(ledger(&[("C1.a", CLEAR), ("C1.b", VAGUE)]).claims[0].verdict, Standing::Undecided);
    let entry = &ledger_of(&["C1.a", "C1.b"], &[("C1.a", CLEAR)]).claims[0];
    assert_eq!((entry.verdict, &entry.not_run[..]), (Standing::Undecided, &["1-b"][..]));
    assert_eq!(ledger_of(&["C1.a", "C1.b"], &[("C1.a", CONTRARY)]).claims[0].verdict, Standing::Fails);
    assert_eq!(ledger(&[("C1.a", CLEAR), ("C1.b", CLEAR)]).claims[0].verdict, Standing::Holds);
}

#[test]
fn what_is_not_registered_is_not_in_the_ledger_and_not_corrected_for() {
    let ledger = ledger_of(&["H1.a", "H2"], &[("H1.a", CLEAR), ("H2", CONTRARY), ("H3", CLEAR)]);
    assert_eq!((ledger.claims.len(), ledger.n_registered()), (2, 2));
    assert_eq!((ledger.claims[0].verdict, ledger.claims[1].verdict), (Standing::Holds, Standing::Fails));
    let p = ledger.tests().map(|t| t.found.as_ref().unwrap().p_value.unwrap()).fold(f64::MAX, f64::min);
    assert!((ledger.claims[0].p_holm.unwrap() - 2.0 * p).abs() < 1e-12);
}

#[test]
fn numbers_are_those_of_the_values_whatever_else_findings_say() {
    let paper = paper(&["C1"]);
    let mut stored = Stored::new(ABOUTS[0].id, Preset::Smoke.into(), &[0, 1, 2], Parts::default());
    let honest = Registered::mean("C1", "", Above(0.0)).over(VAGUE);
    stored.claims = vec![Claim { p_value: Some(1e-9), statistic: 7.0, ..honest }];
    let ledger = Ledger::of(&paper, &[&ABOUTS[0]], &[Done { about: &ABOUTS[0], stored: &stored }]);
    assert_eq!(ledger.claims[0].verdict, Standing::Undecided);
    assert!((ledger.claims[0].statistic.unwrap() - 0.4 / 3.0).abs() < 1e-12);
}

#[test]
fn one_seed_is_undecided_and_says_where_it_points() {
    let ledger = ledger(&[("C1.a", &[2.0]), ("C1.b", &[-2.0]), ("C2", &[2.0]), ("C3", &[f64::NAN])]);
    assert_eq!(ledger.ids(Standing::Undecided), ["C1", "C2", "C3"]);
    let words: Vec<String> = ledger.claims.iter().map(Entry::verdict_words).collect();
    assert_eq!(
        words,
        ["undecided (one seed points to fails)", "undecided (one seed points to holds)", "undecided"]
    );
    assert_eq!(
        (ledger.ids_pointed_to(Standing::Fails), ledger.ids_pointed_to(Standing::Holds)),
        (vec!["C1"], vec!["C2"])
    );
    assert_eq!(ledger.claims[0].tests[0].verdict_words(), "undecided (one seed points to holds)");
    assert_eq!(ledger_of(&["C1"], &[("C1", CLEAR)]).claims[0].verdict_words(), "holds");
}

#[test]
fn a_mean_that_lacks_a_seed_cannot_hold_and_can_fail() {
    let lacking = |values: &[f64]| [values, &[f64::NAN]].concat();
    let ledger = ledger(&[("C1", &lacking(CLEAR)), ("C2", &lacking(CONTRARY))]);
    assert_eq!((ledger.claims[0].verdict, ledger.claims[1].verdict), (Standing::Undecided, Standing::Fails));
}

#[test]
fn the_tests_of_a_study_are_those_it_ran() {
    let ledger = ledger_of(&["C1", "C7"], &[("C7", CLEAR)]);
    assert_eq!(ledger.of_study("1-a").map(|t| t.test.id.as_str()).collect::<Vec<_>>(), ["C7"]);
    assert_eq!((ledger.of_study("1-b").count(), ledger.n_tests(Standing::NotRun)), (0, 1));
}
