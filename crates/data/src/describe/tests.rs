//! What is said of small sets whose every value is known.

use ndarray::{Array2, array};

use super::*;
use crate::split::Split;

fn loaded(train: Dataset, test: Dataset) -> Loaded {
    let validation = train.select(&[]);
    Loaded { split: Split { train, validation, test }, content: None, not_finite: Vec::new() }
}

fn set(inputs: Array2<f32>, labels: &[usize]) -> Dataset {
    let names = vec!["length".into(), "width".into()];
    Dataset::numbered(inputs, labels.to_vec(), 3).with_feature_names(names)
}

#[test]
fn classes_ranges_constants_doubles_and_leaks_are_counted() {
    let train = set(array![[1.0, 7.0], [3.0, 7.0], [1.0, 7.0], [1.0, 7.0]], &[0, 1, 0, 1]);
    let test = set(array![[2.0, 7.0], [3.0, 7.0]], &[1, 2]);
    let said = Description::of("table", &loaded(train, test));
    assert_eq!(said.feature_shape, [2]);
    assert_eq!(
        said.classes.iter().map(|class| class.n_samples).collect::<Vec<_>>(),
        [[2, 0, 0], [2, 0, 1], [0, 0, 1]]
    );
    assert_eq!(said.not_trained(), ["2"]);
    assert_eq!((said.sets[0].min, said.sets[0].max, said.sets[0].mean), (Some(1.0), Some(7.0), Some(4.25)));
    assert_eq!((said.sets[1].n_samples, said.sets[1].min), (0, None));
    assert_eq!(said.features[0].mean, Some(1.5));
    assert_eq!((said.n_constant, &said.constant[..]), (1, &["width".to_string()][..]));
    assert_eq!((said.n_duplicates, said.n_contradictions), (2, 1));
    assert_eq!(said.leaks, [Leak { set: "test".into(), n_samples: 1, first: [1, 1] }]);
}

#[test]
fn samples_without_labels_have_no_classes_and_no_contradictions() {
    let train = Dataset::unlabelled(array![[1.0, f32::NAN], [1.0, f32::NAN]]);
    let said = Description::of("arrays", &loaded(train.clone(), train.select(&[])));
    assert!(said.classes.is_empty() && said.features.is_empty());
    assert_eq!((said.n_duplicates, said.n_contradictions), (1, 0));
    assert_eq!((said.sets[0].min, said.sets[0].max), (Some(1.0), Some(1.0)), "NaN has no range");
}
