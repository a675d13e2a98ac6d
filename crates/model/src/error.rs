//! What can go wrong with networks from outside.

/// An error of training, of weights or of a device.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Weights that do not belong to the network.
    #[error("weights: {0}")]
    Weights(String),
    /// A state of training that cannot be resumed.
    #[error("training state: {0}")]
    State(String),
    /// A setting out of its range.
    #[error("{name} = {value}: {expected}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// Its value.
        value: String,
        /// What would be right.
        expected: &'static str,
    },
    /// The loss is no longer a number.
    #[error(
        "training diverged in epoch {epoch}: the loss is {loss}; a smaller learning_rate than {learning_rate} may help"
    )]
    Diverged {
        /// The epoch, from 1.
        epoch: usize,
        /// The loss.
        loss: f64,
        /// The learning rate.
        learning_rate: f64,
    },
    /// An engine that cannot do what is asked.
    #[error("engine {engine}: {reason}")]
    Engine {
        /// The engine.
        engine: &'static str,
        /// Why not, and what can.
        reason: String,
    },
    /// A layer that the network does not have.
    #[error("{spec} has no layer `{layer}`; there are {known}")]
    NoSuchLayer {
        /// The name asked for.
        layer: String,
        /// The network.
        spec: String,
        /// Names of its layers.
        known: String,
    },
    /// A unit, or a class, that the layer does not have.
    #[error("unit {unit} of layer {layer}: it has {n_units}, from 0 to {}", n_units - 1)]
    NoSuchUnit {
        /// The layer.
        layer: String,
        /// The unit asked for, from 0.
        unit: usize,
        /// Units of the layer.
        n_units: usize,
    },
    /// A device that this build or this machine does not have.
    #[error("{0}")]
    Device(String),
}
