//! Least, greatest and mean value, and how they spread.

use serde::Serialize;

use crate::columns::{Column, columns};
use crate::dataset::Dataset;

/// A feature in the training set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeatureRange {
    /// Its name, or its place in the sample.
    pub name: String,
    /// The least value; of these four, what is not finite is left out.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// The mean.
    pub mean: Option<f64>,
    /// The standard deviation.
    pub deviation: Option<f64>,
}

/// All of a set's features.
pub fn of_features(set: &Dataset) -> Vec<FeatureRange> {
    let rows = set.rows();
    let name = |k: usize| match set.feature_names() {
        Some(names) => names[k].clone(),
        None => format!("{:?}", place(k, set.feature_shape())),
    };
    let of = |(k, column): (usize, &Column)| {
        let some = |value: f64| (0 < column.n).then_some(value);
        FeatureRange {
            name: name(k),
            min: some(column.min.into()),
            max: some(column.max.into()),
            mean: some(column.mean),
            deviation: some(column.deviation),
        }
    };
    columns(rows).iter().enumerate().map(of).collect()
}

/// All of these values, under no name.
pub fn of_values(values: impl Iterator<Item = f32> + Clone) -> FeatureRange {
    let finite = values.filter(|value| value.is_finite()).map(f64::from);
    let n = finite.clone().count() as f64;
    let some = |value: f64| (0.0 < n).then_some(value);
    let mean = finite.clone().sum::<f64>() / n;
    let variance = finite.clone().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    FeatureRange {
        name: String::new(),
        min: some(finite.clone().fold(f64::INFINITY, f64::min)),
        max: some(finite.fold(f64::NEG_INFINITY, f64::max)),
        mean: some(mean),
        deviation: some(variance.sqrt()),
    }
}

/// Where in a sample the `k`th value of its row is.
fn place(mut k: usize, shape: &[usize]) -> Vec<usize> {
    let mut place: Vec<usize> = shape
        .iter()
        .rev()
        .map(|&size| {
            let at = k % size;
            k /= size;
            at
        })
        .collect();
    place.reverse();
    place
}
