//! What the thesis is called, shows, says and claims: the paper that the bench is handed, from `paper.toml` and the register of tests,
//! `assets/claims.toml`.

use std::sync::LazyLock;

use vitrine_lab::{Commands, Paper, Register, Registered};

/// The thesis as the bench knows it.
pub static PAPER: LazyLock<Paper> = LazyLock::new(|| {
    let paper: Paper = toml::from_str(include_str!("paper.toml"))
        .unwrap_or_else(|e| unreachable!("paper.toml is part of the program: {e}"));
    let register: Register = toml::from_str(include_str!("../../../assets/claims.toml"))
        .unwrap_or_else(|e| unreachable!("claims.toml is part of the program: {e}"));
    let commands = Commands {
        run: "vitrine reproduce".into(),
        preset: "--preset".into(),
        seeds: "--seeds".into(),
        verify: "vitrine verify".into(),
        change: "<code>--set KEY=VALUE</code> changes a setting, <code>--seeds</code> the seeds; what differs from the preset is a run of its own."
            .into(),
        generator: concat!("vitrine ", env!("CARGO_PKG_VERSION")).into(),
    };
    Paper { commands, register, ..paper }
});

/// The test of that id, as registered.
///
/// # Panics
/// If it is not registered.
pub fn registered(id: &str) -> &'static Registered {
    PAPER.register.test(id).unwrap_or_else(|| panic!("{id}: no such test in assets/claims.toml"))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use vitrine_lab::register::{Method, whole_claim};

    use super::*;

    #[test]
    fn figures_have_captions_for_their_parts_and_variants() {
        let shows = |name: &str| PAPER.figure(name).map(|f| f.shows.clone());
        assert_eq!(shows("3.8a"), shows("3.8"));
        assert_ne!(shows("3.13a"), shows("3.13"), "a part with a caption of its own");
        assert_ne!(shows("4.14-linear"), shows("4.14"), "a variant with a caption of its own");
        assert!(shows("3.1").is_some() && shows("9.1").is_none());
        assert_eq!(shows("2.8"), None, "a figure of ours borrows no number of the thesis'");
    }

    #[test]
    fn seventeen_claims_are_registered_in_order_each_with_tests_of_its_own_that_are_dated() {
        let ids: Vec<&str> = PAPER.register.claims.iter().map(|claim| claim.id.as_str()).collect();
        assert_eq!(ids, (1..=17).map(|n| format!("C{n}")).collect::<Vec<_>>());
        let mut seen = BTreeSet::new();
        for claim in &PAPER.register.claims {
            assert!(!claim.tests.is_empty(), "{}", claim.id);
            for test in &claim.tests {
                assert_eq!(whole_claim(&test.id), claim.id);
                assert!(seen.insert(&test.id), "{} twice", test.id);
                assert!(test.registered.starts_with("2026-"), "{}", test.id);
                assert!(test.method != Method::Share || test.expected.threshold() == 0.5, "{}", test.id);
            }
        }
    }

    #[test]
    fn tests_that_were_changed_after_a_look_say_so_with_both_results() {
        for id in
            ["C5.long", "C5.short", "C6.third", "C11.fits", "C15.noise", "C16.start_deep", "C16.learning"]
        {
            let changed = &registered(id).changed;
            assert!(!changed.is_empty(), "{id}");
            for change in changed {
                let all = [
                    &change.date,
                    &change.from,
                    &change.to,
                    &change.why,
                    &change.result_before,
                    &change.result_after,
                ];
                assert!(all.iter().all(|text| !text.is_empty()), "{id}");
            }
        }
    }

    #[test]
    #[should_panic(expected = "C99: no such test in assets/claims.toml")]
    fn a_test_that_is_not_registered_cannot_be_made() {
        registered("C99");
    }
}
