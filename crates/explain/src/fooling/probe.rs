//! What is asked of a model about single inputs.

use ndarray::{Array2, ArrayViewD, IxDyn};
use vitrine_model::{Gradients, Model, ModelError, NodeId, Objective};

/// A model with the questions to it.
pub struct Probe<'a> {
    model: &'a dyn Model,
    logits: NodeId,
    /// A row per class: its logit.
    every_class: Objective,
}

impl<'a> Probe<'a> {
    pub fn new(model: &'a dyn Model) -> Probe<'a> {
        let (graph, logits) = (model.graph(), model.graph().logits());
        let classes: Vec<usize> = (0..graph[logits].n_units()).collect();
        Probe { model, logits, every_class: Objective::units(logits, &classes) }
    }

    /// The class of the largest logit; of equal ones the first.
    pub fn answer(&self, x: &[f32]) -> Result<usize, ModelError> {
        let logits = self.model.run(self.rows(1, x), &[self.logits])?;
        Ok(largest(logits[0].as_standard_layout().as_slice().expect("in standard layout")))
    }

    /// All logits of one input, `[n_classes]`, with their gradients, `[n_classes, n_inputs]`.
    pub fn linearise(&self, x: &[f32]) -> Result<(Vec<f32>, Array2<f32>), ModelError> {
        let n_classes = self.every_class.n_rows();
        let copies = x.repeat(n_classes);
        let inputs = self.rows(n_classes, &copies);
        let Gradients { values, mut at } =
            self.model.gradient(inputs, &self.every_class, &[NodeId::INPUT])?;
        let gradients = at.pop().expect("an array per node asked for");
        let gradients = gradients.into_shape_clone((n_classes, x.len())).expect("an input per class");
        Ok((values, gradients))
    }

    /// Inputs of the model's shape that lie one after the other.
    fn rows<'x>(&self, n: usize, x: &'x [f32]) -> ArrayViewD<'x, f32> {
        let shape: Vec<usize> = [n].iter().chain(self.model.graph().input_shape()).copied().collect();
        ArrayViewD::from_shape(IxDyn(&shape), x).expect("as many values as inputs have")
    }
}

/// The index of the largest value; of equal ones the first.
pub fn largest(values: &[f32]) -> usize {
    (0..values.len()).fold(0, |best, i| if values[best] < values[i] { i } else { best })
}
