//! Network specifications: short strings that say which layers a network has.
//!
//! ```text
//! mlp:100-100-60               dense layers, widths joined by dashes
//! bottleneck:100-25-2-25-60    the same with one narrowest layer, the code
//! cnn:100,conv5,conv9,60       conv layers by kernel size, then dense widths, joined by commas
//! ```
//! A layer may carry options: `conv7+relu`, `100+linear`, `100+dropout0.5`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a layer computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayerKind {
    /// Every unit sees every input.
    Dense {
        /// Inputs.
        n_in: usize,
        /// Units.
        n_out: usize,
    },
    /// One filter along the signal, unit stride, same padding.
    Conv1d {
        /// Length of the signal.
        length: usize,
        /// Taps of the filter.
        kernel_size: usize,
    },
}

/// What follows the weighted sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `max(0, z)`.
    Relu,
    /// `z`.
    Identity,
}

/// One layer of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerSpec {
    /// `hidden1`, `conv1`, … and `output`.
    pub name: String,
    /// What it computes.
    pub kind: LayerKind,
    /// What follows.
    pub activation: Activation,
    /// Share of its activations set to zero in training.
    pub dropout: f64,
}

impl LayerSpec {
    /// Number of units.
    pub fn n_units(&self) -> usize {
        match self.kind {
            LayerKind::Dense { n_out, .. } => n_out,
            LayerKind::Conv1d { length, .. } => length,
        }
    }

    /// Rows and columns of its weights: dense `[n_out, n_in]`, conv `[1, kernel_size]`.
    pub fn weight_shape(&self) -> (usize, usize) {
        match self.kind {
            LayerKind::Dense { n_in, n_out } => (n_out, n_in),
            LayerKind::Conv1d { kernel_size, .. } => (1, kernel_size),
        }
    }

    /// Number of weights and biases.
    pub fn n_parameters(&self) -> usize {
        let (rows, columns) = self.weight_shape();
        rows * columns + rows
    }
}

/// The family of a network, the word before the colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Dense layers.
    Mlp,
    /// Conv layers, then dense ones.
    Cnn,
    /// Dense layers of which one is narrowest.
    Bottleneck,
}

impl Family {
    fn word(self) -> &'static str {
        match self {
            Family::Mlp => "mlp",
            Family::Cnn => "cnn",
            Family::Bottleneck => "bottleneck",
        }
    }

    fn separator(self) -> char {
        match self {
            Family::Mlp | Family::Bottleneck => '-',
            Family::Cnn => ',',
        }
    }
}

/// A network by its layers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NetworkSpec {
    family: Family,
    n_inputs: usize,
    layers: Vec<LayerSpec>,
}

/// A specification that names no network; it points at the part that is wrong.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("`{part}` in `{spec}`: {reason}")]
pub struct SpecError {
    /// The whole string.
    pub spec: String,
    /// The part that is wrong.
    pub part: String,
    /// What is wrong with it, and what would be right.
    pub reason: String,
}

impl NetworkSpec {
    /// The family.
    pub fn family(&self) -> Family {
        self.family
    }

    /// Number of inputs.
    pub fn n_inputs(&self) -> usize {
        self.n_inputs
    }

    /// Number of outputs.
    pub fn n_outputs(&self) -> usize {
        self.layers.last().map_or(0, LayerSpec::n_units)
    }

    /// The layers, the output last.
    pub fn layers(&self) -> &[LayerSpec] {
        &self.layers
    }

    /// Number of weights and biases.
    pub fn n_parameters(&self) -> usize {
        self.layers.iter().map(LayerSpec::n_parameters).sum()
    }

    /// Index of the narrowest hidden layer, the code of a bottleneck; `None` without hidden layers.
    pub fn code_layer(&self) -> Option<usize> {
        let hidden = self.layers.len() - 1;
        (0..hidden).min_by_key(|&l| self.layers[l].n_units())
    }
}

impl FromStr for NetworkSpec {
    type Err = SpecError;

    fn from_str(spec: &str) -> Result<NetworkSpec, SpecError> {
        let wrong = |part: &str, reason: String| SpecError { spec: spec.into(), part: part.into(), reason };
        let forms = "a network is mlp:100-100-60, cnn:100,conv5,60 or bottleneck:100-2-60";
        let (word, rest) = spec.split_once(':').ok_or_else(|| wrong(spec, format!("no colon; {forms}")))?;
        let families = [Family::Mlp, Family::Cnn, Family::Bottleneck];
        let family =
            families.into_iter().find(|f| f.word() == word).ok_or_else(|| wrong(word, forms.into()))?;
        let mut parts = rest.split(family.separator());
        let first = parts.next().unwrap_or_default();
        let n_inputs = width(first).map_err(|reason| wrong(first, reason))?;
        let parts: Vec<&str> = parts.collect();
        if parts.is_empty() {
            return Err(wrong(rest, "at least the number of inputs and that of outputs are needed".into()));
        }
        let mut layers: Vec<LayerSpec> = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            let n_in = layers.last().map_or(n_inputs, LayerSpec::n_units);
            let is_output = place + 1 == parts.len();
            let layer =
                parse_layer(part, family, n_in, is_output, &layers).map_err(|reason| wrong(part, reason))?;
            layers.push(layer);
        }
        let network = NetworkSpec { family, n_inputs, layers };
        match (family, network.code_layer()) {
            (Family::Bottleneck, None) => {
                Err(wrong(rest, "a bottleneck has at least one hidden layer".into()))
            }
            _ => Ok(network),
        }
    }
}

fn parse_layer(
    part: &str,
    family: Family,
    n_in: usize,
    is_output: bool,
    before: &[LayerSpec],
) -> Result<LayerSpec, String> {
    let mut words = part.split('+');
    let size = words.next().unwrap_or_default();
    let count = |prefix: &str| 1 + before.iter().filter(|l| l.name.starts_with(prefix)).count();
    let mut layer = match size.strip_prefix("conv") {
        Some(_) if family != Family::Cnn => return Err("conv layers belong to a cnn".into()),
        Some(_) if is_output => return Err("the last layer is dense: the number of classes".into()),
        Some(_) if before.iter().any(|l| matches!(l.kind, LayerKind::Dense { .. })) => {
            return Err("conv layers come before dense ones".into());
        }
        Some(taps) => LayerSpec {
            name: format!("conv{}", count("conv")),
            kind: LayerKind::Conv1d { length: n_in, kernel_size: kernel_size(taps, n_in)? },
            activation: Activation::Identity,
            dropout: 0.0,
        },
        None => LayerSpec {
            name: if is_output { "output".into() } else { format!("hidden{}", count("hidden")) },
            kind: LayerKind::Dense { n_in, n_out: width(size)? },
            activation: if is_output { Activation::Identity } else { Activation::Relu },
            dropout: 0.0,
        },
    };
    for option in words {
        match option {
            _ if is_output => {
                return Err("the output layer takes no options; softmax follows it".into());
            }
            "relu" => layer.activation = Activation::Relu,
            "linear" => layer.activation = Activation::Identity,
            _ => layer.dropout = dropout(option)?,
        }
    }
    Ok(layer)
}

fn width(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if (1..=1 << 20).contains(&n) => Ok(n),
        _ => Err("a number of units from 1 to 1048576 belongs here".into()),
    }
}

/// Same padding keeps the length for any filter; even ones have one more sample of it on the right, as in PyTorch.
fn kernel_size(text: &str, length: usize) -> Result<usize, String> {
    match text.parse() {
        Ok(taps) if (1..=length).contains(&taps) => Ok(taps),
        _ => Err(format!("a filter has 1 to {length} taps, as in conv5")),
    }
}

fn dropout(option: &str) -> Result<f64, String> {
    let share = option.strip_prefix("dropout").and_then(|text| text.parse::<f64>().ok());
    match share {
        Some(share) if (0.0..1.0).contains(&share) => Ok(share),
        Some(_) => Err("dropout is a share from 0 to below 1, as in dropout0.5".into()),
        None => Err(format!("no such option as +{option}; there are +relu, +linear, +dropout0.5")),
    }
}

impl fmt::Display for NetworkSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.family.word(), self.n_inputs)?;
        for (place, layer) in self.layers.iter().enumerate() {
            write!(f, "{}", self.family.separator())?;
            let usual = match layer.kind {
                LayerKind::Dense { n_out, .. } => {
                    write!(f, "{n_out}")?;
                    if place + 1 == self.layers.len() { Activation::Identity } else { Activation::Relu }
                }
                LayerKind::Conv1d { kernel_size, .. } => {
                    write!(f, "conv{kernel_size}")?;
                    Activation::Identity
                }
            };
            match layer.activation {
                activation if activation == usual => {}
                Activation::Relu => write!(f, "+relu")?,
                Activation::Identity => write!(f, "+linear")?,
            }
            if 0.0 < layer.dropout {
                write!(f, "+dropout{}", layer.dropout)?;
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for NetworkSpec {
    type Error = SpecError;

    fn try_from(spec: String) -> Result<NetworkSpec, SpecError> {
        spec.parse()
    }
}

impl From<NetworkSpec> for String {
    fn from(spec: NetworkSpec) -> String {
        spec.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn spec(text: &str) -> NetworkSpec {
        text.parse().unwrap()
    }

    fn error(text: &str) -> String {
        text.parse::<NetworkSpec>().unwrap_err().to_string()
    }

    #[test]
    fn layers_are_named_by_kind_and_place() {
        let names: Vec<String> =
            spec("cnn:100,conv5,conv9,50,60").layers().iter().map(|l| l.name.clone()).collect();
        assert_eq!(names, ["conv1", "conv2", "hidden1", "output"]);
    }

    #[test]
    fn parameters_are_counted_by_hand() {
        assert_eq!(spec("mlp:100-100-60").n_parameters(), 100 * 100 + 100 + 100 * 60 + 60);
        assert_eq!(spec("cnn:100,conv7,60").n_parameters(), 7 + 1 + 100 * 60 + 60);
    }

    #[test]
    fn the_code_of_a_bottleneck_is_its_narrowest_layer() {
        assert_eq!(spec("bottleneck:100-25-2-25-60").code_layer(), Some(1));
        assert_eq!(spec("mlp:100-60").code_layer(), None);
    }

    #[test]
    fn errors_point_at_the_part_that_is_wrong() {
        assert!(error("mlp").contains("no colon"));
        assert!(error("rnn:1-2").starts_with("`rnn`"));
        assert!(error("mlp:100").starts_with("`100`"));
        assert!(error("mlp:100-0-60").starts_with("`0` in `mlp:100-0-60`"));
        assert!(error("mlp:100-x-60").starts_with("`x`"));
        assert!(error("cnn:100,conv0,60").contains("1 to 100 taps"));
        assert!(error("cnn:100,conv5").contains("last layer is dense"));
        assert!(error("cnn:100,50,conv5,60").contains("before dense"));
        assert!(error("mlp:100-conv5-60").contains("belong to a cnn"));
        assert!(error("mlp:100-50+swish-60").contains("+swish"));
        assert!(error("mlp:100-50+dropout1.5-60").contains("below 1"));
        assert!(error("bottleneck:100-60").contains("hidden layer"));
    }

    #[test]
    fn options_change_a_layer_and_are_printed() {
        let text = "cnn:100,conv7+relu,50+linear+dropout0.5,60";
        let network = spec(text);
        assert_eq!(network.layers()[0].activation, Activation::Relu);
        assert_eq!(
            (network.layers()[1].activation, network.layers()[1].dropout),
            (Activation::Identity, 0.5)
        );
        assert_eq!(network.to_string(), text);
    }

    proptest! {
        #[test]
        fn what_is_printed_parses_to_the_same(
            taps in prop::collection::vec(1usize..20, 0..4),
            widths in prop::collection::vec(1usize..200, 1..4),
            relu in any::<bool>(),
        ) {
            let option = if relu { "+relu" } else { "" };
            let convs: String = taps.iter().map(|t| format!(",conv{t}{option}")).collect();
            let dense: String = widths.iter().map(|w| format!(",{w}")).collect();
            let text = format!("cnn:100{convs}{dense}");
            prop_assert_eq!(spec(&text).to_string(), text);
        }
    }
}
