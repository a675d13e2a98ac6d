//! Drawn samples for the tests.

use ndarray::Array2;
use rand::RngExt;
use vitrine_data::{Dataset, Split, Streams};

/// Samples of 20 values about a centre for each of 8 classes, so wide about it that the classes meet.
fn draw(n: usize, name: &str, streams: &Streams) -> Dataset {
    let mut rng = Streams::new(0).rng("centres");
    let centres = Array2::from_shape_simple_fn((8, 20), || rng.random_range(-0.6f32..0.6));
    let mut rng = streams.rng(name);
    let labels: Vec<usize> = (0..n).map(|i| i % 8).collect();
    let value = |(i, j): (usize, usize)| centres[(i % 8, j)] + rng.random_range(-1.0..1.0);
    Dataset::numbered(Array2::from_shape_fn((n, 20), value), labels, 8)
}

/// Sets of so many samples, and none for testing.
pub(crate) fn split(n_train: usize, n_validation: usize, seed: u64) -> Split {
    let streams = Streams::new(seed);
    Split {
        train: draw(n_train, "train", &streams),
        validation: draw(n_validation, "validation", &streams),
        test: draw(0, "test", &streams),
    }
}
