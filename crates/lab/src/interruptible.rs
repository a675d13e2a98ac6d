//! A model that answers no more once a stop was asked for, so that whoever asks it thousands of times hears of it.

use ndarray::{ArrayD, ArrayViewD};
use vitrine_model::{Gradients, Graph, Model, ModelError, NodeId, Objective};

use crate::stop::StopFlag;

/// A model, and who may break off what is asked of it.
pub struct Interruptible<'a> {
    model: &'a dyn Model,
    stop: &'a StopFlag,
}

impl StopFlag {
    /// The same model, whose answers end in [`ModelError::BrokenOff`] once a stop is asked for.
    pub fn heeded_by<'a>(&'a self, model: &'a dyn Model) -> Interruptible<'a> {
        Interruptible { model, stop: self }
    }
}

impl Interruptible<'_> {
    fn check(&self) -> Result<(), ModelError> {
        if self.stop.is_requested() { Err(ModelError::BrokenOff) } else { Ok(()) }
    }
}

impl Model for Interruptible<'_> {
    fn graph(&self) -> &Graph {
        self.model.graph()
    }

    fn run(&self, inputs: ArrayViewD<f32>, taps: &[NodeId]) -> Result<Vec<ArrayD<f32>>, ModelError> {
        self.check()?;
        self.model.run(inputs, taps)
    }

    fn gradient(
        &self,
        inputs: ArrayViewD<f32>,
        objective: &Objective,
        at: &[NodeId],
    ) -> Result<Gradients, ModelError> {
        self.check()?;
        self.model.gradient(inputs, objective, at)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;
    use vitrine_model::{Network, Weights};

    use super::*;

    #[test]
    fn a_model_answers_until_a_stop_is_asked_for() {
        let spec: vitrine_model::NetworkSpec = "mlp:3-2".parse().unwrap();
        let mut weights = Weights::default();
        for layer in spec.graph().layers() {
            for parameter in &layer.parameters {
                weights.set(&layer.name, parameter.name, ArrayD::<f32>::zeros(parameter.shape.clone()));
            }
        }
        let network = Network::new(spec, weights).unwrap();
        let stop = StopFlag::default();
        let asked = stop.heeded_by(&network);
        let inputs = Array2::<f32>::zeros((1, 3));
        let ask = || asked.run(inputs.view().into_dyn(), &[NodeId::INPUT]);
        assert_eq!(ask().unwrap()[0].shape(), [1, 3]);
        stop.request();
        assert!(matches!(ask(), Err(ModelError::BrokenOff)));
    }
}
