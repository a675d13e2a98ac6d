#![doc = include_str!("../README.md")]

// Under this name it is known to the reference that its unit tests share with the others.
#[cfg(test)]
extern crate self as vitrine_model;

mod chain;
pub mod device;
mod elementary;
mod error;
mod export;
mod fused;
mod general;
mod grammar;
mod graph;
mod import;
mod kernels;
mod model;
mod native;
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
pub use export::to_onnx;
pub use fused::FusedModel;
pub use general::{GeneralModel, GraphModule};
pub use grammar::{
    BottleneckConfig, Cnn1dConfig, CnnConfig, CnnLayer, ConvConfig, DenseConfig, Family, FiltersConfig,
    MlpConfig, NetworkSpec, Padding, PoolConfig, SpecError,
};
pub use graph::{
    Activation, Arrange, Binary, Graph, GraphBuilder, GraphError, Layer, Node, NodeId, Op, OpError, PadMode,
    Parameter, Reduce, Reduction, Role, TensorOp, Unary, Window,
};
pub use import::{
    Difference, FileInput, ImportError, Imported, MatchedBy, Matching, StateDict, StateDictError,
};
pub use model::{Gradients, Model, Objective, Term};
pub use native::NativeModel;
pub use network::{LayerActivations, Network, open_model};
pub use stacked::{Member, fit_stacked};
pub use train::{Best, EngineChoice, EpochRecord, Optimiser, Schedule, Stop, TrainSettings, TrainState};
pub use trainer::{TrainEnd, Trained, Trainer};
pub use weights::{Init, WeightArray, Weights};
