//! A decoded file: weights by name, inputs, the version of its operators, and what is wrong with them as a whole.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::rc::Rc;

use ndarray::{ArrayD, IxDyn};
use rten_onnx::onnx::{DataType, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto};

use super::files::Files;
use super::known::{Known, Size, is_float, known};
use super::operators::translator;
use super::translation::Batch;
use super::value::{Constant, Value};
use crate::import::error::ImportError;

/// Versions of the operators.
const OPSETS: std::ops::RangeInclusive<i64> = 6..=24;
/// Classes of a classifier, whose names may be texts, at most.
const MAX_TEXTS: usize = 1 << 16;

/// A decoded file.
pub struct Decoded {
    pub graph: GraphProto,
    pub opset: i64,
    pub producer: String,
    /// Weights and constants by name, or what is wrong with them, which matters once somebody takes them.
    pub initial: HashMap<String, Result<Value, String>>,
    pub n_weights: usize,
    /// The inputs that are not weights.
    pub inputs: Vec<ValueInfoProto>,
}

impl Decoded {
    /// # Errors
    /// When there is no graph in it, or its operators are of another version.
    pub fn new(model: ModelProto, folder: Option<&Path>) -> Result<Decoded, String> {
        let mut graph = model.graph.ok_or("no ONNX file: it holds no graph")?;
        let is_default = |domain: &Option<String>| matches!(domain.as_deref(), None | Some("" | "ai.onnx"));
        let versions = model.opset_import.iter().filter(|opset| is_default(&opset.domain));
        let opset = versions.filter_map(|opset| opset.version).next_back();
        // A file of scikit-learn may have none of the standard operators.
        let opset = opset.unwrap_or(if model.opset_import.is_empty() { 1 } else { *OPSETS.end() });
        if !OPSETS.contains(&opset) {
            let (first, last) = (OPSETS.start(), OPSETS.end());
            return Err(format!("its operators are of opset {opset}; {first} to {last} are read"));
        }
        let producer = [model.producer_name, model.producer_version];
        let producer: Vec<String> = producer.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        let files = Files::new(folder);
        let mut initial = HashMap::new();
        let mut n_weights = 0_usize;
        for tensor in std::mem::take(&mut graph.initializer) {
            let name = tensor.name.clone().unwrap_or_default();
            let array = if tensor.data_type == Some(DataType::STRING) {
                texts(&tensor)
            } else {
                known(&tensor, &files)
            };
            n_weights += array.as_ref().map_or(0, Known::len);
            let is_learnt = array.as_ref().is_ok_and(|array| !array.is_whole());
            let value =
                array.map(|array| Value::Known(Rc::new(Constant { name: name.clone(), is_learnt, array })));
            initial.insert(name, value);
        }
        let given: HashSet<&str> = initial.keys().map(String::as_str).collect();
        let is_open = |input: &ValueInfoProto| !given.contains(input.name.as_deref().unwrap_or_default());
        let inputs: Vec<ValueInfoProto> =
            graph.input.iter().filter(|input| is_open(input)).cloned().collect();
        Ok(Decoded { graph, opset, producer: producer.join(" "), initial, n_weights, inputs })
    }

    /// Names every operator that is not known.
    pub fn check_operators(&self, path: &Path) -> Result<(), ImportError> {
        let mut operators: Vec<(String, String, usize)> = Vec::new();
        for node in &self.graph.node {
            let (domain, operator) = operator_of(node);
            if translator(domain, operator).is_some() {
                continue;
            }
            let full = if domain.is_empty() { operator.into() } else { format!("{domain}.{operator}") };
            match operators.iter_mut().find(|(known, ..)| *known == full) {
                Some((_, _, n_nodes)) => *n_nodes += 1,
                None => operators.push((full, shown(node), 1)),
            }
        }
        match operators.is_empty() {
            true => Ok(()),
            false => Err(ImportError::Unknown { path: path.into(), operators }),
        }
    }

    /// What axis 0 of the inputs is.
    pub fn batch(&self) -> Result<Batch, String> {
        let shapes: Vec<Vec<Option<usize>>> =
            self.inputs.iter().map(|input| Ok(shape_of(input)?.0)).collect::<Result<_, String>>()?;
        if shapes.is_empty() {
            return Err("the graph has no input".into());
        }
        for (input, shape) in self.inputs.iter().zip(&shapes) {
            if let Some(axis) = shape.iter().skip(1).position(Option::is_none) {
                let name = input.name.as_deref().unwrap_or_default().escape_debug();
                let axis = axis + 1;
                return Err(format!(
                    "input `{name}` leaves the size of axis {axis} open; axis 0 alone may be: export with it fixed"
                ));
            }
        }
        let first: Vec<Option<Option<usize>>> = shapes.iter().map(|shape| shape.first().copied()).collect();
        match first[0] {
            Some(None) if first.iter().all(|size| *size == Some(None)) => Ok(Batch::Any),
            Some(Some(n)) if first.iter().all(|size| *size == first[0]) => Ok(Batch::Fixed(n)),
            _ if first.contains(&Some(None)) => {
                Err("some inputs leave the number of samples open and others do not; export all with one"
                    .into())
            }
            _ => Ok(Batch::Whole),
        }
    }
}

/// How a node is called in errors.
pub fn shown(node: &NodeProto) -> String {
    let name = node.name.as_ref().filter(|name| !name.is_empty());
    name.or(node.output.first()).cloned().unwrap_or_default()
}

/// The domain and the operator of a node.
pub fn operator_of(node: &NodeProto) -> (&str, &str) {
    (node.domain.as_deref().unwrap_or_default(), node.op_type.as_deref().unwrap_or_default())
}

/// Texts, as of classes: their places stand for them.
fn texts(tensor: &TensorProto) -> Result<Known, String> {
    match tensor.dims[..] {
        [n] if usize::try_from(n).is_ok_and(|n| n <= MAX_TEXTS) => {
            Ok(Known::Wholes(ArrayD::from_shape_fn(IxDyn(&[n as usize]), |i| Size::Number(i[0] as i64))))
        }
        _ => Err("holds texts".into()),
    }
}

/// The shape that the file states, with what is open, and whether its values are whole numbers or truths.
pub fn shape_of(input: &ValueInfoProto) -> Result<(Vec<Option<usize>>, bool), String> {
    let name = || input.name.as_deref().unwrap_or_default().escape_debug().to_string();
    let tensor = input.r#type.as_ref().and_then(|kind| kind.tensor_type.as_ref());
    let tensor = tensor.ok_or_else(|| format!("`{}` is no tensor", name()))?;
    let kind = tensor.elem_type.unwrap_or(DataType::FLOAT);
    if matches!(kind, DataType::STRING | DataType::COMPLEX64 | DataType::COMPLEX128) {
        return Err(format!(
            "`{}` holds values of type {kind}; floats, whole numbers and truths are read",
            name()
        ));
    }
    let shape = tensor.shape.as_ref().ok_or_else(|| format!("`{}` has no shape", name()))?;
    let size = |value: i64| match usize::try_from(value) {
        Ok(size) if 0 < size => Ok(Some(size)),
        _ => Err(format!("`{}` has an axis of {value} values", name())),
    };
    let sizes = shape.dim.iter().map(|dim| match dim.dim_value {
        Some(value) if dim.dim_param.as_ref().is_none_or(String::is_empty) && value != 0 => size(value),
        _ => Ok(None),
    });
    Ok((sizes.collect::<Result<_, _>>()?, !is_float(kind)))
}
