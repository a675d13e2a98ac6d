//! A network from a file held against values that were stored of it.

use std::collections::HashMap;

use ndarray::ArrayD;

use super::error::ImportError;
use super::whole::Imported;
use crate::graph::NodeId;
use crate::model::Model;

/// How far a node's values are from those that were stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The name of the stored array.
    pub name: String,
    /// The node.
    pub node: NodeId,
    /// The largest absolute difference.
    pub largest: f32,
    /// Where it is, in the shape of the file.
    pub place: Vec<usize>,
    /// Values there: computed here, and stored.
    pub values: [f32; 2],
    /// Values beyond the tolerance.
    pub n_beyond: usize,
    /// All values.
    pub n_values: usize,
}

impl Imported {
    /// Feeds the arrays that are named as inputs, and holds all others that are named as a node, or what one computes,
    /// against what `model`, which is of this graph, computes. A value is beyond the tolerance where `|a − b| > atol +
    /// rtol |b|` of the stored b. The differences come in the order of the graph; with them the names that belong to no
    /// node.
    ///
    /// # Errors
    /// When inputs are missing, or arrays have other numbers of values than their nodes.
    pub fn compare(
        &self,
        model: &dyn Model,
        arrays: &HashMap<String, ArrayD<f32>>,
        rtol: f32,
        atol: f32,
    ) -> Result<(Vec<Difference>, Vec<String>), ImportError> {
        let inputs = self.input_of(arrays)?;
        let is_input = |name: &String| self.inputs.iter().any(|input| input.name == *name);
        let (mut stored, mut unknown) = (Vec::new(), Vec::new());
        for name in arrays.keys().filter(|name| !is_input(name)) {
            match self.find(name) {
                Some(node) => stored.push((node, name)),
                None => unknown.push(name.clone()),
            }
        }
        stored.sort();
        unknown.sort();
        let taps: Vec<NodeId> = stored.iter().map(|(node, _)| *node).collect();
        let computed = model.run(inputs.view(), &taps)?;
        let mut differences = Vec::with_capacity(stored.len());
        for ((node, name), values) in stored.into_iter().zip(computed) {
            let (ours, theirs) = (self.in_file(node, values.view()), &arrays[name]);
            if ours.len() != theirs.len() {
                let reason =
                    format!("{:?} values are stored, {:?} are computed", theirs.shape(), ours.shape());
                return Err(ImportError::Input { input: name.clone(), reason });
            }
            differences.push(difference(name, node, &ours, theirs, rtol, atol));
        }
        Ok((differences, unknown))
    }
}

fn difference(
    name: &str,
    node: NodeId,
    ours: &ArrayD<f32>,
    theirs: &ArrayD<f32>,
    rtol: f32,
    atol: f32,
) -> Difference {
    let (mut largest, mut at, mut values, mut n_beyond) = (0.0, 0, [0.0; 2], 0);
    for (i, (&a, &b)) in ours.iter().zip(theirs).enumerate() {
        // What is the same needs no difference: infinite values have none, and of no number there is none.
        let is_same = a == b || (a.is_nan() && b.is_nan());
        let apart = if is_same { 0.0 } else { (a - b).abs() };
        let apart = if apart.is_nan() { f32::INFINITY } else { apart };
        n_beyond += usize::from(atol + rtol * b.abs() < apart || (apart.is_infinite() && !is_same));
        if largest < apart || i == 0 {
            (largest, at, values) = (apart, i, [a, b]);
        }
    }
    let mut place = Vec::new();
    for &size in ours.shape().iter().rev() {
        place.push(at % size.max(1));
        at /= size.max(1);
    }
    place.reverse();
    Difference { name: name.into(), node, largest, place, values, n_beyond, n_values: ours.len() }
}
