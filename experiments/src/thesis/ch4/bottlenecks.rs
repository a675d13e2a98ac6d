//! The bottlenecks of chapter 4: shallow and deep ones, of each width.

use std::ops::{Index, RangeInclusive};

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};
use vitrine_lab::Recipe;
use vitrine_lab::activations::unit_activity;
use vitrine_model::{Network, NetworkSpec};

use crate::thesis::Plan;
use crate::thesis::networks::{MLPS, spec};

/// Widths of the bottleneck.
pub const WIDTHS: RangeInclusive<usize> = 2..=10;

/// The width whose codes can be drawn.
pub const IN_THE_PLANE: usize = 2;

/// Two layers around the bottleneck, or four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    Shallow,
    Deep,
}

pub const DEPTHS: [Depth; 2] = [Depth::Shallow, Depth::Deep];

impl Depth {
    /// The network whose bottleneck has `width` units.
    pub fn spec(self, width: usize) -> NetworkSpec {
        spec(&match self {
            Depth::Shallow => format!("bottleneck:100-{width}-60"),
            Depth::Deep => format!("bottleneck:100-25-{width}-25-60"),
        })
    }

    /// Index of the bottleneck among the layers.
    pub fn code_layer(self) -> usize {
        match self {
            Depth::Shallow => 0,
            Depth::Deep => 1,
        }
    }

    /// The MLP of as many layers.
    pub fn mlp(self) -> &'static str {
        match self {
            Depth::Shallow => MLPS[1],
            Depth::Deep => MLPS[3],
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Depth::Shallow => "shallow",
            Depth::Deep => "deep",
        }
    }
}

/// The bottlenecks of every depth and width, shallow ones first.
pub fn every_bottleneck() -> Vec<NetworkSpec> {
    DEPTHS.iter().flat_map(|depth| WIDTHS.map(|width| depth.spec(width))).collect()
}

/// The recipes of the bottlenecks whose codes can be drawn.
pub fn recipes_in_the_plane(plan: &Plan) -> Vec<Recipe> {
    plan.recipes(&DEPTHS.map(|depth| depth.spec(IN_THE_PLANE)))
}

/// Units of each hidden layer that are zero for every one of `signals`.
pub fn n_dead(network: &Network, signals: ArrayView2<f32>) -> Vec<usize> {
    let activity = unit_activity(network, signals);
    activity[..activity.len() - 1].iter().map(|layer| layer.dead_units().len()).collect()
}

/// The same of either depth.
#[derive(Serialize, Deserialize)]
pub struct ByDepth<T> {
    shallow: T,
    deep: T,
}

impl<T> ByDepth<T> {
    /// What `of` makes of each depth.
    pub fn try_of(mut of: impl FnMut(Depth) -> anyhow::Result<T>) -> anyhow::Result<ByDepth<T>> {
        Ok(ByDepth { shallow: of(Depth::Shallow)?, deep: of(Depth::Deep)? })
    }
}

impl<T> Index<Depth> for ByDepth<T> {
    type Output = T;

    fn index(&self, depth: Depth) -> &T {
        match depth {
            Depth::Shallow => &self.shallow,
            Depth::Deep => &self.deep,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bottleneck_is_the_narrowest_hidden_layer() {
        for depth in DEPTHS {
            for width in WIDTHS {
                let spec = depth.spec(width);
                assert_eq!(spec.code_layer(), Some(depth.code_layer()));
                assert_eq!(spec.layers()[depth.code_layer()].n_units, width);
            }
        }
    }
}
