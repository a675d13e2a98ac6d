//! Dense layers: their settings, how they are written, and their nodes.

use std::fmt;

use super::error::Wrong;
use super::options::{Following, Options, Word};
use super::sizes::width;
use crate::graph::{Activation, GraphBuilder, Op};

/// A hidden dense layer; in a specification its number of units, `100` or `100+bn+tanh+dropout0.5`, and `res100` with a
/// way around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DenseConfig {
    /// Units.
    pub n_units: usize,
    /// What follows the weighted sum; the ReLU where nothing else is said, `+linear` for nothing.
    pub activation: Option<Activation>,
    /// Share of its activations set to zero in training; none where nothing is said.
    pub dropout: f64,
    /// Whether the weighted sum is normalised over the batch, `+bn`.
    pub has_batch_norm: bool,
    /// Whether it is a residual block: `f(W₂ f(W₁ x) + x)`, with a dense shortcut of x where widths differ (He et al. 2016,
    /// eq. 1 and 2).
    pub is_residual: bool,
}

impl DenseConfig {
    /// A layer with a ReLU and without dropout.
    pub fn new(n_units: usize) -> DenseConfig {
        DenseConfig {
            n_units,
            activation: Some(Activation::Relu),
            dropout: 0.0,
            has_batch_norm: false,
            is_residual: false,
        }
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

    /// The same with batch normalisation.
    #[must_use]
    pub fn with_batch_norm(self) -> DenseConfig {
        DenseConfig { has_batch_norm: true, ..self }
    }

    /// The same as a residual block.
    #[must_use]
    pub fn residual(self) -> DenseConfig {
        DenseConfig { is_residual: true, ..self }
    }

    pub(super) fn parse(part: &str) -> Result<DenseConfig, Wrong> {
        let (size, options) = Options::parse(part, &[Word::Activation, Word::Dropout, Word::BatchNorm])?;
        let (size, is_residual) = match size.strip_prefix("res") {
            Some(size) => (size, true),
            None => (size, false),
        };
        let n_units = width(size).map_err(|reason| Wrong::new(part, reason))?;
        let Following { has_batch_norm, activation, dropout } =
            Following::of(&options, Some(Activation::Relu));
        Ok(DenseConfig { n_units, activation, dropout, has_batch_norm, is_residual })
    }

    fn following(&self) -> Following {
        let DenseConfig { activation, dropout, has_batch_norm, .. } = *self;
        Following { has_batch_norm, activation, dropout }
    }

    /// Its nodes, named after its place among the hidden layers.
    pub(super) fn add_to(&self, builder: GraphBuilder, place: usize) -> GraphBuilder {
        if !self.is_residual {
            return self.following().add_to(builder.dense(&format!("hidden{place}"), self.n_units));
        }
        let (name, start) = (format!("res{place}"), builder.last());
        let has_same_width = builder.shape() == [self.n_units];
        let inner = Following { dropout: 0.0, ..self.following() };
        let builder = inner.add_to(builder.dense(&format!("{name}.dense1"), self.n_units));
        let sum = Following { activation: None, ..inner };
        let builder = sum.add_to(builder.dense(&format!("{name}.dense2"), self.n_units));
        let way = builder.last();
        let (builder, shortcut) = if has_same_width {
            (builder, start)
        } else {
            let dense = Op::Dense { n_units: self.n_units };
            let builder = builder.node(&format!("{name}.shortcut"), dense, &[start]);
            let shortcut = builder.last();
            (builder, shortcut)
        };
        let builder = builder.node(&format!("{name}.add"), Op::Add, &[way, shortcut]).named(&name);
        Following { has_batch_norm: false, ..self.following() }.add_to(builder)
    }
}

impl From<usize> for DenseConfig {
    fn from(n_units: usize) -> DenseConfig {
        DenseConfig::new(n_units)
    }
}

impl fmt::Display for DenseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.is_residual { "res" } else { "" }, self.n_units)?;
        self.following().write(f, Some(Activation::Relu))
    }
}
