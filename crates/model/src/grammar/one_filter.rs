//! The thesis' conv layers, of one filter along a signal: their settings, how they are written, and their nodes.

use std::fmt;

use super::error::Wrong;
use super::options::{Following, Options, Word};
use crate::graph::{Activation, GraphBuilder};

/// A conv layer of one filter, unit stride, same padding; in a specification `conv7` or `conv7+relu`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConvConfig {
    /// Taps of the filter.
    pub kernel_size: usize,
    /// What follows the weighted sum; nothing where nothing is said.
    pub activation: Option<Activation>,
    /// Share of its activations set to zero in training; none where nothing is said.
    pub dropout: f64,
}

impl ConvConfig {
    /// A filter without activation and without dropout.
    pub fn new(kernel_size: usize) -> ConvConfig {
        ConvConfig { kernel_size, activation: None, dropout: 0.0 }
    }

    /// The same with another activation, or with none.
    #[must_use]
    pub fn with_activation(self, activation: impl Into<Option<Activation>>) -> ConvConfig {
        ConvConfig { activation: activation.into(), ..self }
    }

    /// The same with dropout.
    #[must_use]
    pub fn with_dropout(self, dropout: f64) -> ConvConfig {
        ConvConfig { dropout, ..self }
    }

    /// A conv layer on signals of `length`, or `None` where `part` writes something else.
    pub(super) fn parse(part: &str, length: usize) -> Option<Result<ConvConfig, Wrong>> {
        part.strip_prefix("conv")?;
        let parsed = || {
            let (size, options) = Options::parse(part, &[Word::Activation, Word::Dropout])?;
            let taps = size.strip_prefix("conv").unwrap_or_default();
            let kernel_size = kernel_size(taps, length).map_err(|reason| Wrong::new(part, reason))?;
            let Following { activation, dropout, .. } = Following::of(&options, None);
            Ok(ConvConfig { kernel_size, activation, dropout })
        };
        Some(parsed())
    }

    fn following(&self) -> Following {
        Following { has_batch_norm: false, activation: self.activation, dropout: self.dropout }
    }

    pub(super) fn add_to(&self, builder: GraphBuilder, name: &str) -> GraphBuilder {
        self.following().add_to(builder.conv1d(name, self.kernel_size))
    }
}

impl From<usize> for ConvConfig {
    fn from(kernel_size: usize) -> ConvConfig {
        ConvConfig::new(kernel_size)
    }
}

impl fmt::Display for ConvConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "conv{}", self.kernel_size)?;
        self.following().write(f, None)
    }
}

/// Whether a part writes a conv layer.
pub(super) fn is_conv(part: &str) -> bool {
    part.starts_with("conv")
}

fn kernel_size(text: &str, length: usize) -> Result<usize, String> {
    match text.parse() {
        Ok(taps) if (1..=length).contains(&taps) => Ok(taps),
        _ if text.contains('x') => Err(format!(
            "a signal without channels has layers of one filter, as in conv5; with channels it is written cnn:1x{length},…"
        )),
        _ => Err(format!("a filter has 1 to {length} taps, as in conv5")),
    }
}
