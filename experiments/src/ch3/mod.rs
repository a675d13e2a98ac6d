//! Chapter 3: locating the jump by signal processing, by MLPs and by CNNs.

pub mod baseline;
pub mod cnn;
pub mod conv;
pub mod conv_filters;
pub mod examples;
pub mod filters;
mod histograms;
pub mod mlp;
pub mod one_layer;
pub mod smoothness;
pub mod tsne;
pub mod weights;
pub mod width;

use vitrine_model::NetworkSpec;

/// Claim C6, which two sections test in parts.
const C6: &str = "In the network of two conv layers the first filter smooths and the second differentiates; a third adds nothing.";

/// The MLPs of one to four layers.
pub const MLPS: [&str; 4] = ["mlp:100-60", "mlp:100-100-60", "mlp:100-100-100-60", "mlp:100-100-100-100-60"];

/// The CNNs of one to three conv layers and one dense layer.
pub const CNNS: [&str; 3] = ["cnn:100,conv7,60", "cnn:100,conv5,conv9,60", "cnn:100,conv5,conv7,conv9,60"];

/// The networks that a list of specifications in the program names.
pub fn specs(names: &[&str]) -> Vec<NetworkSpec> {
    let parse = |name: &&str| name.parse().unwrap_or_else(|e| panic!("a network of the program: {e}"));
    names.iter().map(parse).collect()
}
