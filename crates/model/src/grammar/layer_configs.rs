//! Layers that the families are made of: their settings, how they are written, and their nodes.

use std::fmt;

use super::error::Wrong;
use crate::graph::{Activation, GraphBuilder};

/// A hidden dense layer; in a specification its number of units, `100` or `100+tanh+dropout0.5`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DenseConfig {
    /// Units.
    pub n_units: usize,
    /// What follows the weighted sum; the ReLU where nothing else is said, `+linear` for nothing.
    pub activation: Option<Activation>,
    /// Share of its activations set to zero in training; none where nothing is said.
    pub dropout: f64,
}

impl DenseConfig {
    /// A layer with a ReLU and without dropout.
    pub fn new(n_units: usize) -> DenseConfig {
        DenseConfig { n_units, activation: Some(Activation::Relu), dropout: 0.0 }
    }

    /// The same with another activation, or with none.
    #[must_use]
    pub fn with_activation(self, activation: impl Into<Option<Activation>>) -> DenseConfig {
        DenseConfig { activation: activation.into(), ..self }
    }

    /// The same with dropout.
    #[must_use]
    pub fn with_dropout(self, dropout: f64) -> DenseConfig {
        DenseConfig { dropout, ..self }
    }

    pub(super) fn parse(part: &str) -> Result<DenseConfig, Wrong> {
        let (size, options) = split(part);
        let n_units = width(size).map_err(|reason| Wrong::new(part, reason))?;
        let layer = DenseConfig::new(n_units);
        let (activation, dropout) = parse_options(part, options, layer.activation)?;
        Ok(DenseConfig { activation, dropout, ..layer })
    }

    pub(super) fn add_to(&self, builder: GraphBuilder, name: &str) -> GraphBuilder {
        followed(builder.dense(name, self.n_units), self.activation, self.dropout)
    }
}

impl From<usize> for DenseConfig {
    fn from(n_units: usize) -> DenseConfig {
        DenseConfig::new(n_units)
    }
}

impl fmt::Display for DenseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.n_units)?;
        write_options(f, self.activation, DenseConfig::new(1).activation, self.dropout)
    }
}

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
        let (size, options) = split(part);
        let taps = size.strip_prefix("conv")?;
        let parsed = || {
            let kernel_size = kernel_size(taps, length).map_err(|reason| Wrong::new(part, reason))?;
            let layer = ConvConfig::new(kernel_size);
            let (activation, dropout) = parse_options(part, options, layer.activation)?;
            Ok(ConvConfig { activation, dropout, ..layer })
        };
        Some(parsed())
    }

    pub(super) fn add_to(&self, builder: GraphBuilder, name: &str) -> GraphBuilder {
        followed(builder.conv1d(name, self.kernel_size), self.activation, self.dropout)
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
        write_options(f, self.activation, ConvConfig::new(1).activation, self.dropout)
    }
}

/// Whether a part writes a conv layer.
pub(super) fn is_conv(part: &str) -> bool {
    part.starts_with("conv")
}

/// The number of classes, the last part.
pub(super) fn parse_classes(part: &str) -> Result<usize, Wrong> {
    let (size, options) = split(part);
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

fn followed(builder: GraphBuilder, activation: Option<Activation>, dropout: f64) -> GraphBuilder {
    let builder = match activation {
        Some(activation) => builder.activation(activation),
        None => builder,
    };
    if dropout == 0.0 { builder } else { builder.dropout(dropout) }
}

/// The size of a layer and its options, the words after each plus.
fn split(part: &str) -> (&str, Option<&str>) {
    part.split_once('+').map_or((part, None), |(size, options)| (size, Some(options)))
}

fn width(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if (1..=1 << 20).contains(&n) => Ok(n),
        _ => Err("a number of units from 1 to 1048576 belongs here".into()),
    }
}

fn kernel_size(text: &str, length: usize) -> Result<usize, String> {
    match text.parse() {
        Ok(taps) if (1..=length).contains(&taps) => Ok(taps),
        _ => Err(format!("a filter has 1 to {length} taps, as in conv5")),
    }
}

/// Activation and dropout of a layer whose usual activation is `usual`.
fn parse_options(
    part: &str,
    options: Option<&str>,
    usual: Option<Activation>,
) -> Result<(Option<Activation>, f64), Wrong> {
    let (mut activation, mut dropout) = (None, None);
    for option in options.into_iter().flat_map(|options| options.split('+')) {
        let known = Activation::ALL.into_iter().find(|a| a.word() == option);
        let is_second = if option == "linear" || known.is_some() {
            activation.replace(known).is_some()
        } else {
            let share = parse_dropout(option).map_err(|reason| Wrong::new(part, reason))?;
            dropout.replace(share).is_some()
        };
        if is_second {
            let reason = format!("+{option} is one too many: a layer has one activation and one dropout");
            return Err(Wrong::new(part, reason));
        }
    }
    Ok((activation.unwrap_or(usual), dropout.unwrap_or(0.0)))
}

fn parse_dropout(option: &str) -> Result<f64, String> {
    let share = option.strip_prefix("dropout").and_then(|text| text.parse::<f64>().ok());
    match share {
        Some(share) if (0.0..1.0).contains(&share) => Ok(share),
        Some(_) => Err("dropout is a share from 0 to below 1, as in dropout0.5".into()),
        None => {
            let known: String = Activation::ALL.map(|a| format!("+{}, ", a.word())).concat();
            Err(format!("no such option as +{option}; there are {known}+linear, +dropout0.5"))
        }
    }
}

fn write_options(
    f: &mut fmt::Formatter<'_>,
    activation: Option<Activation>,
    usual: Option<Activation>,
    dropout: f64,
) -> fmt::Result {
    match activation {
        activation if activation == usual => {}
        Some(activation) => write!(f, "+{}", activation.word())?,
        None => write!(f, "+linear")?,
    }
    if 0.0 < dropout { write!(f, "+dropout{dropout}") } else { Ok(()) }
}
