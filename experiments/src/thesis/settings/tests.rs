use super::*;

#[test]
fn an_assignment_changes_one_setting() {
    let settings = Settings::of(Preset::Quick).with(&["signals.jump_size=2".into()]).unwrap();
    assert_eq!(settings.signals.jump_size, 2.0);
    assert_eq!(settings.n_train, 12_000);
}

#[test]
fn an_unknown_key_names_the_known_ones() {
    let error = Settings::of(Preset::Quick).with(&["signals.size=2".into()]).unwrap_err();
    assert!(error.to_string().contains("signals.jump_size"), "{error}");
}

#[test]
fn a_value_of_the_wrong_kind_is_refused() {
    assert!(Settings::of(Preset::Quick).with(&["n_train=many".into()]).is_err());
}

#[test]
fn every_setting_that_is_listed_can_be_set_those_without_a_default_among_them() {
    let settings = Settings::of(Preset::Quick);
    let known = toml::Value::try_from(settings.with_all_given()).unwrap();
    let mut keys = Vec::new();
    list_keys(&known, "", &mut keys);
    assert!(
        ["signals.sigma_after", "tsne.learning_rate", "ascent.target"]
            .iter()
            .all(|k| keys.contains(&k.to_string()))
    );
    let set = settings.with(&["signals.sigma_after=0.5".into(), "tsne.learning_rate=200".into()]).unwrap();
    assert_eq!((set.signals.sigma_after, set.tsne.learning_rate), (Some(Sigma::Fixed(0.5)), Some(200.0)));
}

#[test]
fn signals_that_the_networks_do_not_fit_are_refused_with_what_would_work() {
    let refused =
        |change: &str| Settings::of(Preset::Smoke).with(&[change.to_string()]).unwrap_err().to_string();
    assert!(refused("signals.n_features=200").contains("take 100 samples"));
    let error = refused("signals.first_jump=20");
    assert!(error.contains("60 jump positions, not 61, as first_jump=20 with last_jump=79"), "{error}");
    assert!(refused("signals.last_jump=50").contains("not 30, as first_jump=21 with last_jump=80"));
    let moved = ["signals.first_jump=2".to_string(), "signals.last_jump=61".to_string()];
    assert!(Settings::of(Preset::Smoke).with(&moved).is_ok());
}

#[test]
fn what_t_sne_cannot_do_is_refused_before_anything_is_trained() {
    for (change, why) in [
        ("tsne.perplexity=0", "perplexity"),
        ("tsne.perplexity=400", "(n_train=1200)"),
        ("tsne.momentum=1", "momentum"),
    ] {
        let error = Settings::of(Preset::Smoke).with(&[change.to_string()]).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[test]
fn memory_is_told_by_setting() {
    let of = |n: usize| Settings { n_evaluation: n, ..Settings::of(Preset::Quick) }.memory()[1].clone();
    // 100 samples of 4 bytes and twice 60 positions of 8 bytes.
    assert_eq!(of(1_000_000_000_000), ("n_evaluation=1000000000000".into(), 1.36e15));
}
