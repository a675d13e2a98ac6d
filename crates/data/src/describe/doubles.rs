//! Samples that occur more than once: within the training set, and in the others.

use std::collections::HashMap;

use ndarray::ArrayView1;
use serde::Serialize;

use crate::dataset::Dataset;

/// Samples of a set that are among the training samples.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leak {
    /// `validation` or `test`.
    pub set: String,
    /// How many.
    pub n_samples: usize,
    /// The first of them, from 0, and the training sample that it equals.
    pub first: [usize; 2],
}

/// What occurs more than once.
pub struct Doubles {
    pub n_duplicates: usize,
    pub n_contradictions: usize,
    pub leaks: Vec<Leak>,
}

impl Doubles {
    /// The doubles of a training set, and those in others, which have names.
    pub fn of(train: &Dataset, others: &[(&str, &Dataset)]) -> Doubles {
        let mut first_of: HashMap<Key, usize> = HashMap::new();
        let (mut n_duplicates, mut n_contradictions) = (0, 0);
        for (i, row) in train.rows().rows().into_iter().enumerate() {
            let first = *first_of.entry(key(row)).or_insert(i);
            if first != i {
                n_duplicates += 1;
                n_contradictions +=
                    usize::from(train.is_labelled() && train.labels()[first] != train.labels()[i]);
            }
        }
        let leak = |(name, set): &(&str, &Dataset)| {
            let rows = set.rows();
            let mut leaked = rows
                .rows()
                .into_iter()
                .enumerate()
                .filter_map(|(i, row)| Some([i, *first_of.get(&key(row))?]));
            let first = leaked.next()?;
            Some(Leak { set: name.to_string(), n_samples: 1 + leaked.count(), first })
        };
        Doubles { n_duplicates, n_contradictions, leaks: others.iter().filter_map(leak).collect() }
    }
}

/// Rows of one key are one row: 256 bits of a hash do not meet by chance.
type Key = [u8; 32];

fn key(row: ArrayView1<'_, f32>) -> Key {
    let bytes: Vec<u8> = row.iter().flat_map(|value| value.to_bits().to_le_bytes()).collect();
    *blake3::hash(&bytes).as_bytes()
}
