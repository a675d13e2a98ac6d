//! Which operators there are, each with its translator.

use super::attributes::Call;
use super::translation::Translation;
use super::value::Value;
use super::wrong::Outcome;
use super::{arrange, conv, elementwise, fold, join, linear, normalise, places, reduce, reshape};

/// Makes nodes of a node of the file, and gives what its outputs stand for.
pub type Translator = fn(&mut Translation, &Call<'_>) -> Outcome<Vec<Value>>;

/// The translator of an operator.
pub fn translator(domain: &str, operator: &str) -> Option<Translator> {
    if domain == "ai.onnx.ml" {
        return match operator {
            "ArrayFeatureExtractor" => Some(places::features),
            // Its maps from classes to probabilities are read as the probabilities.
            "ZipMap" => Some(elementwise::identity),
            _ => None,
        };
    }
    if !["", "ai.onnx"].contains(&domain) {
        return None;
    }
    Some(match operator {
        "Gemm" => linear::gemm,
        "MatMul" => linear::matmul,
        "Conv" => conv::conv,
        "ConvTranspose" => conv::conv_transpose,
        "MaxPool" => conv::max_pool,
        "AveragePool" => conv::average_pool,
        "GlobalAveragePool" | "GlobalMaxPool" => reduce::global_pool,
        "BatchNormalization" => normalise::batch_norm,
        "LayerNormalization" => normalise::layer_norm,
        "Softmax" | "LogSoftmax" => normalise::softmax,
        "Dropout" => normalise::dropout,
        "Flatten" => reshape::flatten,
        "Reshape" => reshape::reshape,
        "Squeeze" => reshape::squeeze,
        "Unsqueeze" => reshape::unsqueeze,
        "Expand" => reshape::expand,
        "Transpose" => arrange::transpose,
        "Slice" => arrange::slice,
        "Split" => arrange::split,
        "Pad" => arrange::pad,
        "Concat" => join::concat,
        "Tile" => join::tile,
        "Gather" => places::gather,
        "Constant" => fold::constant,
        "ConstantOfShape" => fold::constant_of_shape,
        "Range" => fold::range,
        "Shape" => fold::shape,
        "Size" => fold::size,
        "Cast" => elementwise::cast,
        "Clip" => elementwise::clip,
        "Where" => elementwise::choose,
        "Identity" => elementwise::identity,
        "Sum" | "Mean" | "Max" | "Min" => elementwise::of_many,
        "ArgMax" | "ArgMin" => reduce::arg,
        _ if operator.starts_with("Reduce") && reduce::reduction(operator).is_some() => reduce::reduce,
        _ if elementwise::binary_of(operator).is_some() => elementwise::binary,
        _ if elementwise::is_unary(operator) => elementwise::unary,
        _ => return None,
    })
}
