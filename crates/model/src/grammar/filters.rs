//! Filters over channels, alone and as residual blocks: their settings, how they are written, and their nodes.

use std::fmt;

use super::error::Wrong;
use super::options::{Following, Options, Padding, write_window};
use super::sizes::numbers;
use crate::graph::{Activation, GraphBuilder, Op, Window};

/// Filters over all channels: `conv5x5x6`, rows, columns and filters, with `+stride2`, `+same` or `+pad1`, `+nobias`,
/// `+bn`, an activation and `+dropout0.5`.
#[derive(Clone, Debug, PartialEq)]
pub struct FiltersConfig {
    /// Taps along each axis.
    pub kernel: Vec<usize>,
    /// Filters: channels after the layer.
    pub n_filters: usize,
    /// From one place of the filters to the next; 1 where nothing is said.
    pub stride: usize,
    /// Zeros around the input; none where nothing is said.
    pub padding: Padding,
    /// Whether a bias is added; `+nobias` for none.
    pub has_bias: bool,
    /// Whether the sums are normalised over the batch, `+bn`.
    pub has_batch_norm: bool,
    /// What follows; the ReLU where nothing else is said, `+linear` for nothing.
    pub activation: Option<Activation>,
    /// Share of its activations set to zero in training; none where nothing is said.
    pub dropout: f64,
}

impl FiltersConfig {
    /// Filters with a bias and a ReLU, stride 1, no padding.
    pub fn new(kernel: impl Into<Vec<usize>>, n_filters: usize) -> FiltersConfig {
        FiltersConfig {
            kernel: kernel.into(),
            n_filters,
            stride: 1,
            padding: Padding::Valid,
            has_bias: true,
            has_batch_norm: false,
            activation: Some(Activation::Relu),
            dropout: 0.0,
        }
    }

    pub(super) fn parse(
        part: &str,
        size: &str,
        options: &Options,
        n_axes: usize,
    ) -> Result<FiltersConfig, Wrong> {
        let example = if n_axes == 1 { "7x16: taps and filters" } else { "5x5x6: rows, columns and filters" };
        let wrong = |reason: String| Wrong::new(part, format!("{reason}; written as in {example}"));
        let sizes = numbers(size).map_err(wrong)?;
        let Some((&n_filters, kernel)) = sizes.split_last().filter(|(_, kernel)| kernel.len() == n_axes)
        else {
            return Err(wrong(format!("{} numbers where {} are wanted", sizes.len(), n_axes + 1)));
        };
        let Following { has_batch_norm, activation, dropout } =
            Following::of(options, Some(Activation::Relu));
        Ok(FiltersConfig {
            kernel: kernel.into(),
            n_filters,
            stride: options.stride.unwrap_or(1),
            padding: options.padding.unwrap_or_default(),
            has_bias: !options.has_no_bias,
            has_batch_norm,
            activation,
            dropout,
        })
    }

    fn following(&self) -> Following {
        let FiltersConfig { has_batch_norm, activation, dropout, .. } = *self;
        Following { has_batch_norm, activation, dropout }
    }

    fn window(&self) -> Window {
        let window = Window::of(self.kernel.clone()).strided(self.stride);
        match self.padding {
            Padding::Valid => window,
            Padding::Same => window.same(),
            Padding::Of(n) => window.padded(n),
        }
    }

    pub(super) fn add_conv(&self, builder: GraphBuilder, place: usize) -> GraphBuilder {
        let conv = builder.conv(&format!("conv{place}"), self.n_filters, self.window(), self.has_bias);
        self.following().add_to(conv)
    }

    /// The basic block of He et al. (2016, eq. 1 and 2): `f(conv(f(conv(x))) + x)`, the first conv with the stride, both with
    /// same padding; where shapes differ, x goes through a 1 × 1 conv. Normalised convs have no bias.
    pub(super) fn add_residual(&self, builder: GraphBuilder, place: usize) -> GraphBuilder {
        let (name, start, shape) = (format!("res{place}"), builder.last(), builder.shape().to_vec());
        let has_bias = !self.has_batch_norm;
        let inner = Following { dropout: 0.0, ..self.following() };
        let first = Window::of(self.kernel.clone()).strided(self.stride).same();
        let builder = inner.add_to(builder.conv(&format!("{name}.conv1"), self.n_filters, first, has_bias));
        let sum = Following { activation: None, ..inner };
        let second = Window::of(self.kernel.clone()).same();
        let builder = sum.add_to(builder.conv(&format!("{name}.conv2"), self.n_filters, second, has_bias));
        let way = builder.last();
        let (builder, shortcut) = if builder.shape() == shape {
            (builder, start)
        } else {
            let window = Window::of(vec![1; self.kernel.len()]).strided(self.stride);
            let conv = Op::Conv { n_filters: self.n_filters, window, groups: 1, has_bias };
            let shortcut = format!("{name}.shortcut");
            let builder = sum.add_to(builder.node(&shortcut, conv, &[start]).named(&shortcut));
            let last = builder.last();
            (builder, last)
        };
        let builder = builder.node(&format!("{name}.add"), Op::Add, &[way, shortcut]).named(&name);
        Following { has_batch_norm: false, ..self.following() }.add_to(builder)
    }

    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, word: &str) -> fmt::Result {
        f.write_str(word)?;
        self.kernel.iter().try_for_each(|size| write!(f, "{size}x"))?;
        write!(f, "{}", self.n_filters)?;
        write_window(f, (self.stride, 1), self.padding, self.has_bias)?;
        self.following().write(f, Some(Activation::Relu))
    }
}
