//! How ops are called in tables and diagrams.

use std::fmt;

use super::op::Op;
use super::window::Window;

/// As a diagram names it: `dense`, `conv 7`, `ReLU`.
impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Op::Input => f.write_str("input"),
            Op::Dense { .. } => f.write_str("dense"),
            Op::Conv1d { kernel_size } => write!(f, "conv {kernel_size}"),
            Op::Conv { n_filters, window, .. } => write!(f, "conv {}, {n_filters} filters", sizes(window)),
            Op::MaxPool { window } => write!(f, "max pool {}", sizes(window)),
            Op::AveragePool { window, .. } => write!(f, "average pool {}", sizes(window)),
            Op::GlobalAveragePool => f.write_str("global average pool"),
            Op::BatchNorm { .. } => f.write_str("batch norm"),
            Op::Add => f.write_str("add"),
            Op::Flatten => f.write_str("flatten"),
            Op::Activation(activation) => f.write_str(activation.title()),
            Op::Dropout { share } => write!(f, "dropout {share}"),
            Op::Softmax => f.write_str("softmax"),
            Op::Each(op) => op.fmt(f),
            Op::Tensor(op) => op.fmt(f),
        }
    }
}

/// `5×5`.
fn sizes(window: &Window) -> String {
    let sizes: Vec<String> = window.size.iter().map(usize::to_string).collect();
    sizes.join("×")
}
