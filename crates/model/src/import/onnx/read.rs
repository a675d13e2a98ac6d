//! From the bytes of a file to a graph with weights.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::rc::Rc;

use ndarray::{ArrayD, IxDyn};
use rten_onnx::onnx::{DataType, GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto};

use super::attributes::Call;
use super::files::Files;
use super::fold::folded;
use super::guard;
use super::known::{Known, Size, is_float, known};
use super::operators::translator;
use super::translation::{Batch, Translation};
use super::value::{Computed, Constant, Value};
use super::wrong::{Outcome, Wrong, bad};
use crate::graph::{Arrange, Graph, GraphBuilder, NodeId, Op, TensorOp};
use crate::import::error::ImportError;
use crate::weights::Weights;

/// Versions of the operators.
const OPSETS: std::ops::RangeInclusive<i64> = 6..=24;
/// Classes of a classifier, whose names may be texts, at most.
const MAX_TEXTS: usize = 1 << 16;

/// What a file holds.
pub struct Parts {
    pub graph: Graph,
    pub weights: Weights,
    /// The inputs: name, the file's shape with `None` for what is open, and the node.
    pub inputs: Vec<(String, Vec<Option<usize>>, NodeId)>,
    pub outputs: Vec<(String, NodeId)>,
    pub opset: i64,
    pub producer: String,
    /// Of each node the file's operator, where it is one of the file's.
    pub operators: Vec<Option<String>>,
    /// What the file calls the results of its nodes.
    pub values: HashMap<String, NodeId>,
    /// Of each node whether it has values for each sample.
    pub is_batched: Vec<bool>,
    /// Whether all that the file calls its input is one sample.
    pub is_whole: bool,
}

/// The network of a file's bytes; data beside it are read from `folder`.
pub fn from_bytes(path: &Path, bytes: &[u8], folder: Option<&Path>) -> Result<Parts, ImportError> {
    let wrong = |reason: String| ImportError::File { path: path.into(), reason };
    guard::check(bytes).map_err(wrong)?;
    let model = ModelProto::parse_buf(bytes).map_err(|error| wrong(format!("no ONNX file: {error}")))?;
    let file = File::new(model, folder).map_err(wrong)?;
    file.check_operators(path)?;
    let batch = file.batch().map_err(wrong)?;
    let at = |(node, wrong): (Option<usize>, Wrong)| {
        let reason = match wrong {
            Wrong::Bad(reason) => reason,
            Wrong::Mixes(reason) => {
                format!("{reason}; the file leaves the number of samples open: export with a fixed one")
            }
        };
        match node.map(|place| &file.graph.node[place]) {
            None => ImportError::File { path: path.into(), reason },
            Some(node) => ImportError::Node {
                path: path.into(),
                node: shown(node),
                operator: node.op_type.clone().unwrap_or_default(),
                reason,
            },
        }
    };
    match (file.parts(batch), batch) {
        (Err((_, Wrong::Mixes(_))), Batch::Fixed(_)) => file.parts(Batch::Whole).map_err(at),
        (parts, _) => parts.map_err(at),
    }
}

/// How a node is called in errors.
fn shown(node: &NodeProto) -> String {
    let name = node.name.as_ref().filter(|name| !name.is_empty());
    name.or(node.output.first()).cloned().unwrap_or_default()
}

/// A decoded file.
struct File {
    graph: GraphProto,
    opset: i64,
    producer: String,
    /// Weights and constants by name, or what is wrong with them, which matters once somebody takes them.
    initial: HashMap<String, Result<Value, String>>,
    n_weights: usize,
    /// The inputs that are not weights.
    inputs: Vec<ValueInfoProto>,
}

impl File {
    fn new(model: ModelProto, folder: Option<&Path>) -> Result<File, String> {
        let mut graph = model.graph.ok_or("no ONNX file: it holds no graph")?;
        let is_default = |domain: &Option<String>| matches!(domain.as_deref(), None | Some("" | "ai.onnx"));
        let versions = model.opset_import.iter().filter(|opset| is_default(&opset.domain));
        let opset = versions.filter_map(|opset| opset.version).next_back().unwrap_or(1);
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
        Ok(File { graph, opset, producer: producer.join(" "), initial, n_weights, inputs })
    }

    /// Names every operator that is not known.
    fn check_operators(&self, path: &Path) -> Result<(), ImportError> {
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
    fn batch(&self) -> Result<Batch, String> {
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

    /// The graph, with what is wrong and the node where it is.
    fn parts(&self, batch: Batch) -> Result<Parts, (Option<usize>, Wrong)> {
        let (mut cx, mut values, inputs) = self.start(batch).map_err(|wrong| (None, wrong))?;
        let mut operators: HashMap<NodeId, String> = HashMap::new();
        let outputs: HashSet<&str> =
            self.graph.output.iter().filter_map(|output| output.name.as_deref()).collect();
        let taken: HashSet<&str> =
            self.graph.node.iter().flat_map(|node| &node.input).map(String::as_str).chain(outputs).collect();
        for (place, node) in self.graph.node.iter().enumerate() {
            let before = cx.builder.nodes().len();
            let given =
                self.translated(&mut cx, node, &values, &taken).map_err(|wrong| (Some(place), wrong))?;
            for (output, value) in node.output.iter().zip(given) {
                if let Value::Node(computed) = &value
                    && before <= computed.id.index()
                {
                    operators.insert(computed.id, node.op_type.clone().unwrap_or_default());
                }
                if values.insert(output.clone(), value).is_some() && !output.is_empty() {
                    let reason = format!("gives `{}`, which is there already", output.escape_debug());
                    return Err((Some(place), Wrong::Bad(reason)));
                }
            }
        }
        self.finished(cx, &values, inputs, &operators).map_err(|wrong| (None, wrong))
    }

    /// The builder with the inputs, and the values that are there from the start.
    #[expect(clippy::type_complexity, reason = "three parts of one start")]
    fn start(
        &self,
        batch: Batch,
    ) -> Outcome<(Translation, HashMap<String, Value>, Vec<(String, Vec<Option<usize>>, NodeId)>)> {
        let mut values: HashMap<String, Value> = HashMap::new();
        for (name, value) in &self.initial {
            if let Ok(value) = value {
                values.insert(name.clone(), value.clone());
            }
        }
        let mut shapes = Vec::with_capacity(self.inputs.len());
        for input in &self.inputs {
            let (shape, is_whole) = shape_of(input).map_err(Wrong::Bad)?;
            let of_sample: Vec<usize> = match batch {
                Batch::Whole => shape.iter().copied().flatten().collect(),
                Batch::Any | Batch::Fixed(_) => shape[1..].iter().copied().flatten().collect(),
            };
            let name = input.name.clone().filter(|name| !name.is_empty());
            let name = name.ok_or(Wrong::Bad("has an input without name".into()))?;
            shapes.push((name, shape, of_sample, is_whole));
        }
        let is_batched = batch != Batch::Whole;
        let graph_error = |error: crate::graph::GraphError| Wrong::Bad(error.to_string());
        let size = |shape: &[usize]| shape.iter().fold(1, |product: usize, &n| product.saturating_mul(n));
        let mut inputs = Vec::with_capacity(shapes.len());
        if let [(name, shape, of_sample, is_whole)] = &shapes[..] {
            let builder = GraphBuilder::input_named(name, of_sample.clone());
            builder.clone().build().map_err(graph_error)?;
            let cx = Translation::new(builder, batch, self.n_weights);
            let computed = Computed { id: NodeId::INPUT, is_batched, is_whole: *is_whole };
            values.insert(name.clone(), Value::Node(computed));
            inputs.push((name.clone(), shape.clone(), NodeId::INPUT));
            return Ok((cx, values, inputs));
        }
        // Several inputs are cut from one, in which they lie one after another.
        let total = shapes.iter().fold(0, |sum: usize, (_, _, shape, _)| sum.saturating_add(size(shape)));
        let mut all = "inputs".to_string();
        while shapes.iter().any(|(name, ..)| *name == all) {
            all.push('#');
        }
        let builder = GraphBuilder::input_named(&all, [total]);
        builder.clone().build().map_err(graph_error)?;
        let mut cx = Translation::new(builder, batch, self.n_weights);
        let mut start = 0;
        for (name, shape, of_sample, is_whole) in shapes {
            let length = size(&of_sample);
            let slice = Arrange::Slice { axis: 0, start, step: 1, length };
            let is_row = of_sample.len() == 1;
            let cut = if is_row { name.clone() } else { cx.free(&format!("{name}.cut")) };
            let mut id = cx.add(&cut, Op::Tensor(TensorOp::Arrange(slice)), &[NodeId::INPUT])?;
            if !is_row {
                let reshape = Arrange::Reshape { shape: of_sample };
                id = cx.add(&name, Op::Tensor(TensorOp::Arrange(reshape)), &[id])?;
            }
            start += length;
            if values.insert(name.clone(), Value::Node(Computed { id, is_batched, is_whole })).is_some() {
                return bad(format!("has two inputs of the name `{}`", name.escape_debug()));
            }
            inputs.push((name, shape, id));
        }
        Ok((cx, values, inputs))
    }

    /// What a node of the file gives.
    fn translated(
        &self,
        cx: &mut Translation,
        node: &NodeProto,
        values: &HashMap<String, Value>,
        taken: &HashSet<&str>,
    ) -> Outcome<Vec<Value>> {
        let mut inputs = Vec::with_capacity(node.input.len());
        for name in &node.input {
            inputs.push(match values.get(name) {
                _ if name.is_empty() => None,
                Some(value) => Some(value.clone()),
                None => match self.initial.get(name) {
                    Some(Err(reason)) => {
                        return bad(format!("takes `{}`, which {reason}", name.escape_debug()));
                    }
                    _ => {
                        return bad(format!(
                            "takes `{}`, which no node before it gives",
                            name.escape_debug()
                        ));
                    }
                },
            });
        }
        let first = node.output.first().ok_or(Wrong::Bad("gives nothing".into()))?;
        let own = node.name.as_deref().filter(|name| !name.is_empty() && !cx.builder.has(name));
        let name = own.map_or_else(|| cx.free(first), str::to_string);
        let is_used = node.output.iter().map(|output| taken.contains(output.as_str())).collect();
        let call = Call { node, name, opset: self.opset, inputs, is_used };
        if let Some(known) = folded(cx, &call)? {
            return Ok(vec![known]);
        }
        let (domain, operator) = operator_of(node);
        match translator(domain, operator) {
            Some(translate) => translate(cx, &call).or_else(|wrong| self.stated(cx, &call, wrong)),
            None => bad("is not known"),
        }
    }

    /// Where a shape is known only when it runs, but the file states that of the result, it is that.
    fn stated(&self, cx: &mut Translation, call: &Call<'_>, wrong: Wrong) -> Outcome<Vec<Value>> {
        let is_open = matches!(call.optional(1), Some(Value::Node(_)));
        let operator = call.node.op_type.as_deref();
        let info = self.graph.output.iter().chain(&self.graph.value_info);
        let mut info = info.filter(|info| info.name.as_ref() == call.node.output.first());
        let shape = info.next().and_then(|info| shape_of(info).ok()).map(|(shape, _)| shape);
        let (true, Batch::Whole, Some(shape)) = (is_open, cx.batch, shape) else { return Err(wrong) };
        let Some(shape) = shape.into_iter().collect::<Option<Vec<usize>>>() else { return Err(wrong) };
        let x = cx.computed(call.input(0)?)?;
        let arrange = match operator {
            Some("Reshape") => Arrange::Reshape { shape },
            Some("Expand") => Arrange::Expand { shape },
            _ => return Err(wrong),
        };
        cx.node(call, Op::Tensor(TensorOp::Arrange(arrange)), &[x.id], x)
    }

    fn finished(
        &self,
        mut cx: Translation,
        values: &HashMap<String, Value>,
        inputs: Vec<(String, Vec<Option<usize>>, NodeId)>,
        operators: &HashMap<NodeId, String>,
    ) -> Outcome<Parts> {
        let mut outputs = Vec::new();
        let mut first: Option<Computed> = None;
        for output in &self.graph.output {
            let name = output.name.clone().unwrap_or_default();
            let Some(value) = values.get(&name) else {
                return bad(format!("no node gives the output `{}`", name.escape_debug()));
            };
            let computed = cx.computed(value)?;
            // Of a classifier that gives labels and probabilities, these are asked for.
            if first.is_none_or(|first| first.is_whole && !computed.is_whole) {
                first = Some(computed);
            }
            outputs.push((name, computed.id));
        }
        let Some(first) = first else { return bad("the graph has no output") };
        let n_nodes = cx.builder.nodes().len();
        let mut is_batched = vec![false; n_nodes];
        let mut named = HashMap::new();
        for (name, value) in values {
            if let Value::Node(computed) = value {
                is_batched[computed.id.index()] = computed.is_batched;
                named.insert(name.clone(), computed.id);
            }
        }
        let graph =
            cx.builder.with_output(first.id).build().map_err(|error| Wrong::Bad(error.to_string()))?;
        cx.weights.check(&graph).map_err(|error| Wrong::Bad(error.to_string()))?;
        Ok(Parts {
            operators: graph.ids().map(|id| operators.get(&id).cloned()).collect(),
            weights: cx.weights,
            inputs,
            outputs,
            opset: self.opset,
            producer: self.producer.clone(),
            values: named,
            is_batched,
            is_whole: cx.batch == Batch::Whole,
            graph,
        })
    }
}

fn operator_of(node: &NodeProto) -> (&str, &str) {
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
fn shape_of(input: &ValueInfoProto) -> Result<(Vec<Option<usize>>, bool), String> {
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
