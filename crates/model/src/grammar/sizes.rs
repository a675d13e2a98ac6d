//! Numbers of a specification: inputs, units, classes, taps.

use super::error::Wrong;
use super::options::Options;

/// The number of classes, the last part.
pub(super) fn parse_classes(part: &str) -> Result<usize, Wrong> {
    let (size, options) = part.split_once('+').map_or((part, None), |(size, options)| (size, Some(options)));
    let n_classes = width(size).map_err(|reason| Wrong::new(part, reason))?;
    match options {
        None => Ok(n_classes),
        Some(_) => Err(Wrong::new(part, "the output layer takes no options; softmax follows it")),
    }
}

/// The number of inputs, the first part.
pub(super) fn parse_inputs(part: &str) -> Result<usize, Wrong> {
    width(part).map_err(|reason| Wrong::new(part, reason))
}

/// Numbers joined by an x: `1x28x28`, `5x5x6`.
pub(super) fn numbers(text: &str) -> Result<Vec<usize>, String> {
    text.split('x').map(width).collect()
}

/// A number of units.
pub(super) fn width(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if (1..=1 << 20).contains(&n) => Ok(n),
        _ => Err("a number of units from 1 to 1048576 belongs here".into()),
    }
}

/// Refuses a part that carries options.
pub(super) fn without_options(part: &str) -> Result<(), Wrong> {
    Options::parse(part, &[]).map(|_| ())
}
