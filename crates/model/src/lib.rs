//! Networks: their specification, training, what their layers do, weights in and out.
//!
//! burn appears here and in the binary only; what leaves this crate is plain arrays.

pub mod ascent;
mod autodiff;
mod capture;
mod classifier;
pub mod device;
mod error;
mod fused;
mod spec;
mod stacked;
mod train;
mod weights;

pub use burn::tensor::Device;
pub use capture::{LayerActivations, Network};
pub use classifier::{Classifier, Layer, Tap};
pub use device::DeviceChoice;
pub use error::ModelError;
pub use spec::{Activation, Family, LayerKind, LayerSpec, NetworkSpec, SpecError};
pub use stacked::{Member, fit_stacked};
pub use train::{Best, EngineChoice, EpochRecord, Outcome, Stop, TrainSettings, TrainState, Trained, fit};
pub use weights::{Init, LayerWeights, Weights};
