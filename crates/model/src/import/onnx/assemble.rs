//! Node by node from a decoded file to a graph.

use std::collections::{HashMap, HashSet};

use rten_onnx::onnx::NodeProto;

use super::attributes::Call;
use super::decoded::{Decoded, operator_of, shape_of};
use super::fold::folded;
use super::operators::translator;
use super::parts::Parts;
use super::translation::{Batch, Translation};
use super::value::{Computed, Value};
use super::wrong::{Outcome, Wrong, bad};
use crate::graph::{Arrange, GraphBuilder, NodeId, Op, TensorOp};
use crate::import::file_input::FileInput;

/// The graph, with what is wrong and the node where it is.
pub fn parts(file: &Decoded, batch: Batch) -> Result<Parts, (Option<usize>, Wrong)> {
    let Start { mut cx, mut values, inputs } = start(file, batch).map_err(|wrong| (None, wrong))?;
    let mut operators: HashMap<NodeId, String> = HashMap::new();
    let outputs: HashSet<&str> =
        file.graph.output.iter().filter_map(|output| output.name.as_deref()).collect();
    let taken: HashSet<&str> =
        file.graph.node.iter().flat_map(|node| &node.input).map(String::as_str).chain(outputs).collect();
    for (place, node) in file.graph.node.iter().enumerate() {
        let before = cx.builder.nodes().len();
        let given = translated(file, &mut cx, node, &values, &taken).map_err(|wrong| (Some(place), wrong))?;
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
    finished(file, cx, &values, inputs, &operators).map_err(|wrong| (None, wrong))
}

/// What is there before the first node of the file.
struct Start {
    cx: Translation,
    /// The inputs and the file's own values, by name.
    values: HashMap<String, Value>,
    inputs: Vec<FileInput>,
}

fn start(file: &Decoded, batch: Batch) -> Outcome<Start> {
    let mut values: HashMap<String, Value> = HashMap::new();
    for (name, value) in &file.initial {
        if let Ok(value) = value {
            values.insert(name.clone(), value.clone());
        }
    }
    let mut shapes = Vec::with_capacity(file.inputs.len());
    for input in &file.inputs {
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
        let cx = Translation::new(builder, batch, file.n_weights);
        let computed = Computed { id: NodeId::INPUT, is_batched, is_whole: *is_whole };
        values.insert(name.clone(), Value::Node(computed));
        inputs.push(FileInput { name: name.clone(), shape: shape.clone(), node: NodeId::INPUT });
        return Ok(Start { cx, values, inputs });
    }
    // Several inputs are cut from one, in which they lie one after another.
    let total = shapes.iter().fold(0, |sum: usize, (_, _, shape, _)| sum.saturating_add(size(shape)));
    let mut all = "inputs".to_string();
    while shapes.iter().any(|(name, ..)| *name == all) {
        all.push('#');
    }
    let builder = GraphBuilder::input_named(&all, [total]);
    builder.clone().build().map_err(graph_error)?;
    let mut cx = Translation::new(builder, batch, file.n_weights);
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
        inputs.push(FileInput { name, shape, node: id });
    }
    Ok(Start { cx, values, inputs })
}

/// What a node of the file gives.
fn translated(
    file: &Decoded,
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
            None => match file.initial.get(name) {
                Some(Err(reason)) => {
                    return bad(format!("takes `{}`, which {reason}", name.escape_debug()));
                }
                _ => {
                    return bad(format!("takes `{}`, which no node before it gives", name.escape_debug()));
                }
            },
        });
    }
    let first = node.output.first().ok_or(Wrong::Bad("gives nothing".into()))?;
    let own = node.name.as_deref().filter(|name| !name.is_empty() && !cx.builder.has(name));
    let name = own.map_or_else(|| cx.free(first), str::to_string);
    let is_used = node.output.iter().map(|output| taken.contains(output.as_str())).collect();
    let call = Call { node, name, opset: file.opset, inputs, is_used };
    if let Some(known) = folded(cx, &call)? {
        return Ok(vec![known]);
    }
    let (domain, operator) = operator_of(node);
    match translator(domain, operator) {
        Some(translate) => translate(cx, &call).or_else(|wrong| stated(file, cx, &call, wrong)),
        None => bad("is not known"),
    }
}

/// Where a shape is known only when it runs, but the file states that of the result, it is that.
fn stated(file: &Decoded, cx: &mut Translation, call: &Call<'_>, wrong: Wrong) -> Outcome<Vec<Value>> {
    let is_open = matches!(call.optional(1), Some(Value::Node(_)));
    let operator = call.node.op_type.as_deref();
    let info = file.graph.output.iter().chain(&file.graph.value_info);
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
    file: &Decoded,
    mut cx: Translation,
    values: &HashMap<String, Value>,
    inputs: Vec<FileInput>,
    operators: &HashMap<NodeId, String>,
) -> Outcome<Parts> {
    let mut outputs = Vec::new();
    let mut first: Option<Computed> = None;
    for output in &file.graph.output {
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
    let graph = cx.builder.with_output(first.id).build().map_err(|error| Wrong::Bad(error.to_string()))?;
    cx.weights.check(&graph).map_err(|error| Wrong::Bad(error.to_string()))?;
    Ok(Parts {
        operators: graph.ids().map(|id| operators.get(&id).cloned()).collect(),
        weights: cx.weights,
        inputs,
        outputs,
        opset: file.opset,
        producer: file.producer.clone(),
        values: named,
        is_batched,
        is_whole: cx.batch == Batch::Whole,
        graph,
    })
}
