//! A network from a file, and what the file says of it.

use std::collections::HashMap;
use std::path::Path;

use ndarray::{ArrayD, ArrayViewD, Axis, IxDyn};
use vitrine_data::read_regular;

use super::error::ImportError;
use super::file_input::FileInput;
use super::onnx::{Parts, from_bytes};
use crate::graph::{Graph, NodeId};
use crate::weights::Weights;

/// Bytes of a model file at most; more than its format allows there are never.
const MAX_BYTES: u64 = 1 << 31;

/// A network from a file: a graph with weights, with names as in the file.
///
/// Axis 0 of the file's inputs is that of the samples, also where the file has a fixed number of them. Where a node
/// needs that number, all that the file calls its input is one sample. The graph has one input: of several in the file
/// it holds the values one after another.
#[derive(Clone, Debug)]
pub struct Imported {
    /// What it computes.
    pub graph: Graph,
    /// Its weights.
    pub weights: Weights,
    /// The file's inputs.
    pub inputs: Vec<FileInput>,
    /// The file's outputs by name. The graph's output is the first whose values are no whole numbers.
    pub outputs: Vec<(String, NodeId)>,
    /// The version of the operators.
    pub opset: i64,
    /// The program that wrote the file.
    pub producer: String,
    operators: Vec<Option<String>>,
    values: HashMap<String, NodeId>,
    is_batched: Vec<bool>,
    is_whole: bool,
}

impl Imported {
    /// The network of an ONNX file. Weights beside it are read from its folder alone.
    ///
    /// # Errors
    /// What is wrong, with the node and its operator; all operators that are not known, before anything else.
    pub fn read(path: &Path) -> Result<Imported, ImportError> {
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        let bytes = read_regular(path, MAX_BYTES)?;
        Ok(Imported::of(from_bytes(path, &bytes, Some(folder))?))
    }

    /// The network of the bytes of an ONNX file that has its weights within it.
    ///
    /// # Errors
    /// As of [`Imported::read`].
    pub fn from_onnx(bytes: &[u8]) -> Result<Imported, ImportError> {
        Ok(Imported::of(from_bytes(Path::new("model.onnx"), bytes, None)?))
    }

    fn of(parts: Parts) -> Imported {
        Imported {
            graph: parts.graph,
            weights: parts.weights,
            inputs: parts.inputs,
            outputs: parts.outputs,
            opset: parts.opset,
            producer: parts.producer,
            operators: parts.operators,
            values: parts.values,
            is_batched: parts.is_batched,
            is_whole: parts.is_whole,
        }
    }

    /// The node that the file gives this name to: as a node, or as what one computes.
    pub fn find(&self, name: &str) -> Option<NodeId> {
        self.values.get(name).copied().or_else(|| self.graph.find(name))
    }

    /// The file's operator of a node; of what stands beside the file's nodes none.
    pub fn operator(&self, node: NodeId) -> Option<&str> {
        self.operators[node.index()].as_deref()
    }

    /// Whether all that the file calls its input is one sample, since it cannot do with other numbers of samples.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Values of the file's inputs, shaped as in the file, as the graph's input, `[n_samples, sample shape]`. Where all of
    /// the file's input is one sample, arrays of several such along axis 0 are as many samples.
    ///
    /// # Errors
    /// Names an input that is missing, has another shape, or another number of samples.
    pub fn input_of(&self, arrays: &HashMap<String, ArrayD<f32>>) -> Result<ArrayD<f32>, ImportError> {
        let mut rows: Vec<ArrayD<f32>> = Vec::with_capacity(self.inputs.len());
        for input in &self.inputs {
            let wrong = |reason| ImportError::Input { input: input.name.clone(), reason };
            let array = arrays.get(&input.name).ok_or_else(|| wrong("no values for it".into()))?;
            let shape = &self.graph[input.node].shape;
            let n_units = self.graph[input.node].n_units();
            let fits = match self.is_whole {
                false => array.shape().get(1..) == Some(shape),
                true => {
                    array.shape() == &shape[..]
                        || (!shape.is_empty()
                            && array.shape().get(1..) == Some(&shape[1..])
                            && array.shape()[0] % shape[0] == 0)
                }
            };
            let n = array.len() / n_units;
            if !fits || n == 0 {
                let wanted = if self.is_whole { format!("{shape:?}") } else { format!("[n, ...{shape:?}]") };
                return Err(wrong(format!("values of shape {:?}, not {wanted}", array.shape())));
            }
            let values: Vec<f32> = array.iter().copied().collect();
            rows.push(ArrayD::from_shape_vec(IxDyn(&[n, n_units]), values).expect("just counted"));
            if rows[0].shape()[0] != n {
                return Err(wrong(format!("{n} samples, where the first input has {}", rows[0].shape()[0])));
            }
        }
        let n = rows[0].shape()[0];
        let views: Vec<_> = rows.iter().map(|rows| rows.view()).collect();
        let all = ndarray::concatenate(Axis(1), &views).expect("as many rows each");
        let shape = [&[n], self.graph.input_shape()].concat();
        Ok(all.as_standard_layout().into_owned().into_shape_with_order(IxDyn(&shape)).expect("its values"))
    }

    /// A node's values, `[n_samples, node shape]`, in the shape that the file sees.
    pub fn in_file(&self, node: NodeId, values: ArrayViewD<f32>) -> ArrayD<f32> {
        let n = values.shape().first().copied().unwrap_or(1);
        if !self.is_batched[node.index()] && !self.is_whole {
            return values.index_axis(Axis(0), 0).to_owned();
        }
        match (self.is_whole, &values.shape()[1..]) {
            (true, rest) if n == 1 => values.to_shape(IxDyn(rest)).expect("its values").into_owned(),
            (true, [first, rest @ ..]) => {
                let shape = [&[n * first], rest].concat();
                values.to_shape(IxDyn(&shape)).expect("its values").into_owned()
            }
            _ => values.to_owned(),
        }
    }
}
