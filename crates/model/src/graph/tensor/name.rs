//! How ops on tensors are called in tables and diagrams.

use std::fmt;

use super::TensorOp;

impl fmt::Display for TensorOp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TensorOp::Constant { .. } => f.write_str("constant"),
            TensorOp::Linear { .. } => f.write_str("dense, no bias"),
            TensorOp::Unary(unary) => f.write_str(unary.title()),
            TensorOp::Binary(binary) => f.write_str(binary.title()),
            TensorOp::Choose => f.write_str("choose"),
            TensorOp::MatMul => f.write_str("matrix product"),
            TensorOp::Arrange(arrange) => f.write_str(arrange.title()),
            TensorOp::Lookup { .. } => f.write_str("look up"),
            TensorOp::Reduce(reduce) => f.write_str(reduce.kind.title()),
            TensorOp::Softmax { is_log: false, .. } => f.write_str("softmax"),
            TensorOp::Softmax { is_log: true, .. } => f.write_str("log softmax"),
            TensorOp::LayerNorm { .. } => f.write_str("layer norm"),
            TensorOp::ConvTranspose { n_filters, window, .. } => {
                let sizes: Vec<String> = window.size.iter().map(usize::to_string).collect();
                write!(f, "transposed conv {}, {n_filters} filters", sizes.join("×"))
            }
        }
    }
}
