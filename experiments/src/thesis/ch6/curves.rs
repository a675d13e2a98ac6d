//! Curves along the epochs of a training.

use vitrine_figures::Series;
use vitrine_lab::Vector;

/// The line of one value per epoch, counted from 1.
pub fn by_epoch(name: &str, values: &Vector) -> Series {
    let points = values.iter().enumerate().map(|(e, &v)| ((e + 1) as f64, v)).collect();
    Series { name: name.into(), points }
}
