//! Chapter 4: bottlenecks, from pictures to theory.

pub mod activations;
pub mod codes;
pub mod curves;
pub mod dead_units;
pub mod embedding;
pub mod errors;
pub mod output_layer;
pub mod toy;

use vitrine_model::NetworkSpec;

use crate::ch3::specs;

/// Widths of the bottleneck.
const WIDTHS: std::ops::RangeInclusive<usize> = 2..=10;

/// Two layers around the bottleneck, or four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    Shallow,
    Deep,
}

const DEPTHS: [Depth; 2] = [Depth::Shallow, Depth::Deep];

impl Depth {
    /// The network whose bottleneck has `width` units.
    fn spec(self, width: usize) -> NetworkSpec {
        let name = match self {
            Depth::Shallow => format!("bottleneck:100-{width}-60"),
            Depth::Deep => format!("bottleneck:100-25-{width}-25-60"),
        };
        specs(&[&name]).swap_remove(0)
    }

    fn name(self) -> &'static str {
        match self {
            Depth::Shallow => "shallow",
            Depth::Deep => "deep",
        }
    }
}

/// All of them, shallow ones first.
fn networks() -> Vec<NetworkSpec> {
    DEPTHS.iter().flat_map(|depth| WIDTHS.map(|width| depth.spec(width))).collect()
}
