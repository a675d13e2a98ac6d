//! Data settings as recipes write them, and the sets they give.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::*;
use crate::dataset::Dataset;
use crate::read::mnist::tests::{gzip, small_set};
use crate::sources::{JumpSource, MnistSource};

fn parse(text: &str) -> DataSettings {
    toml::from_str(text).unwrap()
}

fn refused(text: &str) -> String {
    toml::from_str::<DataSettings>(text).unwrap_err().to_string()
}

fn load(text: &str) -> Split {
    parse(text).load(&Streams::new(0), &Folders::default()).unwrap()
}

fn load_error(text: &str, folders: &Folders) -> String {
    parse(text).load(&Streams::new(0), folders).unwrap_err().to_string()
}

fn mnist_in(dir: &Path) -> Folders {
    Folders::default().with("mnist", dir)
}

#[test]
fn the_kind_alone_gives_the_thesis_settings() {
    let expected = DataSettings::from(JumpSource::default());
    assert_eq!(parse("kind = 'jump'"), expected);
    let about = expected.about(&Folders::default()).unwrap();
    assert_eq!((about.n_train, about.feature_shape, about.n_classes), (12_000, vec![100], 60));

    let expected = DataSettings::from(MnistSource { n_train: 48_000, n_validation: 12_000 });
    assert_eq!(parse("kind = 'mnist'"), expected);
    let about = expected.about(&Folders::default()).unwrap();
    assert_eq!((&about.feature_shape[..], about.n_features(), about.n_classes), (&[1, 28, 28][..], 784, 10));
}

#[test]
fn settings_read_back_as_they_were_written() {
    for text in [
        "kind = 'jump'\nn_train = 60\nsignals = { jump_size = 1.5 }\ncorruption = { kind = 'shuffle_elements' }",
        "kind = 'mnist'\ncorruption = { kind = 'redraw_labels', fraction = 0.25 }\ncontent = 'abc'",
    ] {
        let settings = parse(text);
        assert_eq!(parse(&toml::to_string(&settings).unwrap()), settings);
    }
}

#[test]
fn settings_that_do_not_exist_are_refused() {
    assert!(refused("kind = 'cifar'").contains("unknown variant `cifar`"));
    assert!(refused("kind = 'jump'\nn_tran = 5").contains("unknown field `n_tran`"));
    assert!(refused("kind = 'mnist'\nn_test = 5").contains("unknown field `n_test`"));
    assert!(refused("kind = 'jump'\nsignals = { sigma = 1.0 }").contains("unknown field `sigma`"));
    let corruption = |text| refused(&format!("kind = 'jump'\ncorruption = {text}"));
    assert!(corruption("{ kind = 'shuffle_labels', fracton = 1.0 }").contains("unknown field `fracton`"));
    assert!(corruption("{ kind = 'shuffle_labels' }").contains("missing field `fraction`"));
    assert!(corruption("{ kind = 'shuffle_elements', fraction = 0.5 }").contains("unknown field `fraction`"));
}

#[test]
fn the_three_sets_are_different_draws_of_their_own_sizes() {
    let split = load("kind = 'jump'\nn_train = 120\nn_validation = 120\nn_test = 0");
    assert_eq!([120, 120, 0], [&split.train, &split.validation, &split.test].map(Dataset::n_samples));
    assert_ne!(split.train.rows(), split.validation.rows());
}

#[test]
fn the_size_of_a_set_changes_nothing_in_another() {
    let small = load("kind = 'jump'\nn_train = 60\nn_validation = 60\nn_test = 60");
    let large = load("kind = 'jump'\nn_train = 120\nn_validation = 60\nn_test = 60");
    assert_eq!((small.validation, small.test), (large.validation, large.test));
}

#[test]
fn corruption_is_done_on_load_to_the_training_set() {
    let text = "kind = 'jump'\nn_train = 120\nn_validation = 60\nn_test = 60";
    let clean = load(text);
    let noisy = load(&format!("{text}\ncorruption = {{ kind = 'shuffle_labels', fraction = 1.0 }}"));
    assert_ne!(noisy.train.labels(), clean.train.labels());
    assert_eq!(noisy.train.true_labels(), clean.train.labels());
    assert_eq!((noisy.validation, noisy.test), (clean.validation, clean.test));
}

#[test]
fn mnist_s_training_and_validation_images_are_disjoint_and_drawn_by_the_seed() {
    let dir = small_set(50, 7);
    let settings = parse("kind = 'mnist'\nn_train = 40\nn_validation = 10");
    let load = |seed| settings.load(&Streams::new(seed), &mnist_in(dir.path())).unwrap();
    let split = load(0);
    // Image i of the small set has the pixels i / 255.
    let images = |set: &Dataset| -> Vec<usize> {
        set.rows().column(0).iter().map(|&x| (x * 255.0).round() as usize).collect()
    };
    let (train, validation) = (images(&split.train), images(&split.validation));
    assert_eq!((train.len(), validation.len(), split.test.n_samples()), (40, 10, 7));
    let all: HashSet<usize> = train.iter().chain(&validation).copied().collect();
    assert_eq!(all, (0..50).collect());
    assert!(train.iter().zip(split.train.labels()).all(|(image, label)| image % 10 == *label));
    assert_eq!(load(0), split);
    assert_ne!(images(&load(1).train), train);
}

#[test]
fn more_mnist_images_than_there_are_is_an_error() {
    let dir = small_set(5, 1);
    let error = load_error("kind = 'mnist'\nn_train = 4\nn_validation = 2", &mnist_in(dir.path()));
    assert_eq!(error, "n_train = 4: n_train + n_validation must not exceed the 5 training images");
    let most = i64::MAX;
    let error = load_error(
        &format!("kind = 'mnist'\nn_train = {most}\nn_validation = {most}"),
        &mnist_in(dir.path()),
    );
    assert!(error.contains("must not exceed"), "{error}");
}

#[test]
fn a_source_of_files_without_a_folder_is_named() {
    let error = load_error("kind = 'mnist'", &Folders::default());
    assert_eq!(error, "no folder is given for the source mnist");
    let error = parse("kind = 'mnist'").with_content(&Folders::default()).unwrap_err();
    assert_eq!(error.to_string(), "no folder is given for the source mnist");
}

#[test]
fn a_drawn_source_has_no_content_and_is_written_without_it() {
    let settings = parse("kind = 'jump'");
    let recorded = settings.with_content(&Folders::default()).unwrap();
    assert_eq!(recorded, settings);
    assert!(!toml::to_string(&recorded).unwrap().contains("content"));
    let error = load_error("kind = 'jump'\ncontent = 'abc'", &Folders::default());
    assert_eq!(error, "jump: content is none, the recipe was made for abc");
}

#[test]
fn content_is_that_of_the_files_however_they_are_packed() {
    let dir = small_set(5, 1);
    let folders = mnist_in(dir.path());
    let settings = parse("kind = 'mnist'\nn_train = 4\nn_validation = 1");
    let recorded = settings.with_content(&folders).unwrap();
    assert_eq!(recorded.content.as_ref().map(String::len), Some(64));
    assert!(toml::to_string(&recorded).unwrap().contains("content = \""));

    let plain = dir.path().join("train-labels-idx1-ubyte");
    fs::write(dir.path().join("train-labels-idx1-ubyte.gz"), gzip(&fs::read(&plain).unwrap())).unwrap();
    fs::remove_file(plain).unwrap();
    assert_eq!(settings.with_content(&folders).unwrap(), recorded);
    let [with, without] = [&recorded, &settings].map(|s| s.load(&Streams::new(0), &folders).unwrap());
    assert_eq!(with, without);
}

#[test]
fn files_with_one_pixel_changed_are_other_content_and_not_loaded_for_the_first() {
    let dir = small_set(5, 1);
    let folders = mnist_in(dir.path());
    let settings = parse("kind = 'mnist'\nn_train = 4\nn_validation = 1");
    let first = settings.with_content(&folders).unwrap();

    let images = dir.path().join("t10k-images-idx3-ubyte");
    let mut bytes = fs::read(&images).unwrap();
    *bytes.last_mut().unwrap() = 200;
    fs::write(&images, bytes).unwrap();
    let second = settings.with_content(&mnist_in(dir.path())).unwrap();
    let [before, after] = [&first, &second].map(|settings| settings.content.clone().unwrap());
    assert_ne!(before, after);
    assert!(second.load(&Streams::new(0), &folders).is_ok());
    let error = first.load(&Streams::new(0), &folders).unwrap_err().to_string();
    assert_eq!(error, format!("mnist: content is {after}, the recipe was made for {before}"));
    // What is written down stays: the network of a recipe is found without its files.
    assert_eq!(first.with_content(&Folders::default()).unwrap(), first);
}

#[test]
fn settings_out_of_range_are_refused_before_anything_is_drawn() {
    for (settings, start) in [
        ("n_train = 0", "n_train = 0:"),
        ("n_test = 900000000000", "n_test = 900000000000:"),
        ("signals = { last_jump = 101 }", "last_jump = 101:"),
        ("signals = { first_jump = 90 }", "last_jump = 80:"),
        ("corruption = { kind = 'redraw_labels', fraction = 2.0 }", "fraction = 2:"),
    ] {
        let error = load_error(&format!("kind = 'jump'\n{settings}"), &Folders::default());
        assert!(error.starts_with(start), "{error}");
    }
}
