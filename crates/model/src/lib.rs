//! Networks: what they are, their training, what their nodes do and answer to, weights in and out.
//!
//! A [`Graph`] says what a network computes; families of them are written as strings ([`NetworkSpec`]). A [`Trainer`]
//! turns data into [`Weights`], and a [`Model`] answers with plain arrays: activations and gradients of any node.
//!
//! burn appears here only; what leaves this crate is plain arrays, but for [`GraphModule`], the face for users of burn.
//!
//! ```
//! use ndarray::Array2;
//! use vitrine_data::Streams;
//! use vitrine_model::{Init, Model, Network, NetworkSpec, NodeId, Objective, Weights};
//! let spec: NetworkSpec = "mlp:100-50+tanh-60".parse()?;
//! let weights = Weights::init(spec.graph(), Init::GlorotUniform, &mut Streams::new(0).rng("weights"));
//! let network = Network::new(spec, weights)?;
//!
//! let signals = Array2::zeros((3, 100));
//! assert_eq!(network.predict(signals.view()).len(), 3);
//! let first_logits = Objective::units(network.graph().logits(), &[0, 1, 2]);
//! let slopes = network.gradient(signals.view().into_dyn(), &first_logits, &[NodeId::INPUT])?;
//! assert_eq!(slopes.at[0].shape(), [3, 100]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod chain;
pub mod device;
mod elementary;
mod error;
mod fused;
mod general;
mod grammar;
mod graph;
mod model;
mod network;
#[cfg(test)]
mod samples;
mod stacked;
mod tensors;
mod train;
mod trainer;
mod weights;

pub use device::DeviceChoice;
pub use error::ModelError;
pub use fused::FusedModel;
pub use general::{GeneralModel, GraphModule};
pub use grammar::{
    BottleneckConfig, Cnn1dConfig, ConvConfig, DenseConfig, Family, MlpConfig, NetworkSpec, SpecError,
};
pub use graph::{
    Activation, Graph, GraphBuilder, GraphError, Layer, Node, NodeId, Op, OpError, Parameter, Role,
};
pub use model::{Gradients, Model, Objective, Term};
pub use network::{LayerActivations, Network};
pub use stacked::{Member, fit_stacked};
pub use train::{Best, EngineChoice, EpochRecord, Optimiser, Schedule, Stop, TrainSettings, TrainState};
pub use trainer::{TrainEnd, Trained, Trainer};
pub use weights::{Init, WeightArray, Weights};
