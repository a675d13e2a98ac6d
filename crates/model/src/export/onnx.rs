//! A network as an ONNX file (Open Neural Network Exchange, opset 20): opens in Netron, runs in ONNX Runtime.

use ndarray::ArrayViewD;

use super::operators::{Operator, operators};
use super::protobuf::Message;
use crate::error::ModelError;
use crate::graph::{Graph, Node, NodeId};
use crate::weights::Weights;

/// Version of the file format, and of the standard's operators: the first with Gelu.
const IR_VERSION: i64 = 9;
const OPSET: i64 = 20;

/// Types of values in the standard.
const FLOAT: i64 = 1;
const INT64: i64 = 7;

/// Bytes of weights at most: no message of Protocol Buffers is longer than 2 GiB.
const MAX_BYTES: usize = (1 << 31) - (1 << 20);

/// The bytes of an ONNX file of a network. Values are named as the nodes; the input is `[batch, …]` of any batch; the
/// outputs are the logits, then what follows them.
///
/// # Errors
/// When the weights are not the graph's, or take more than 2 GiB; when a node computes what no layer of the grammar does.
pub fn to_onnx(graph: &Graph, weights: &Weights) -> Result<Vec<u8>, ModelError> {
    weights.check(graph)?;
    let n_bytes: usize = weights.iter().map(|array| size_of::<f32>() * array.values.len()).sum();
    if MAX_BYTES < n_bytes {
        return Err(ModelError::Weights(format!(
            "{n_bytes} bytes, and an ONNX file holds up to {MAX_BYTES}"
        )));
    }
    let mut message = Message::default();
    let mut numbers = Vec::new();
    for node in graph.nodes() {
        let Some(operators) = operators(node) else {
            return Err(ModelError::Export { node: node.name.clone(), op: node.op.to_string() });
        };
        message = add_node(message, graph, node, &operators);
        let of_operator = |operator: &Operator| {
            operator.numbers.as_ref().map(|numbers| int64s(&numbers_name(node, operator.kind), numbers))
        };
        numbers.extend(operators.iter().filter_map(of_operator));
    }
    message = message.bytes(2, "vitrine");
    for array in weights.iter() {
        let name = format!("{}.{}", array.node, array.parameter);
        message = message.message(5, &floats(&name, array.values.view()));
    }
    message = message.each(&numbers, |message, numbers| message.message(5, numbers));
    message = message.message(11, &value_info(&graph[NodeId::INPUT]));
    let mut outputs = vec![graph.logits()];
    outputs.extend((graph.output() != graph.logits()).then(|| graph.output()));
    let outputs: Vec<Message> = outputs.into_iter().map(|id| value_info(&graph[id])).collect();
    message = message.each(&outputs, |message, output| message.message(12, output));
    let opset = Message::default().bytes(1, "").int(2, OPSET);
    let model = Message::default()
        .int(1, IR_VERSION)
        .bytes(2, "vitrine")
        .bytes(3, env!("CARGO_PKG_VERSION"))
        .message(7, &message)
        .message(8, &opset);
    Ok(model.into_bytes())
}

/// The operators of a node, the last of which gives the value of its name.
fn add_node(mut graph_message: Message, graph: &Graph, node: &Node, operators: &[Operator]) -> Message {
    let inputs: Vec<&str> = node.inputs.iter().map(|&input| graph[input].name.as_str()).collect();
    let mut taken: Vec<String> = inputs.iter().map(ToString::to_string).collect();
    for operator in operators {
        let name = format!("{}{}", node.name, operator.suffix);
        if operator.takes_inputs_again {
            taken.extend(inputs.iter().map(ToString::to_string));
        }
        taken.extend(operator.parameters.iter().map(|parameter| format!("{}.{parameter}", node.name)));
        taken.extend(operator.numbers.iter().map(|_| numbers_name(node, operator.kind)));
        let message = Message::default().each(&taken, |message, name| message.bytes(1, name));
        let message = message.bytes(2, &name).bytes(3, &name).bytes(4, operator.kind);
        let message =
            message.each(&operator.attributes, |message, attribute| message.message(5, &attribute.message()));
        graph_message = graph_message.message(1, &message);
        taken = vec![name];
    }
    graph_message
}

fn numbers_name(node: &Node, kind: &str) -> String {
    format!("{}.{}_axes", node.name, kind.to_lowercase())
}

/// A tensor of weights, `TensorProto`.
fn floats(name: &str, values: ArrayViewD<'_, f32>) -> Message {
    let message = Message::default().each(values.shape(), |message, &size| message.int(1, size as i64));
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    message.int(2, FLOAT).bytes(8, name).bytes(9, bytes)
}

/// A tensor of whole numbers along one axis.
fn int64s(name: &str, values: &[i64]) -> Message {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    Message::default().int(1, values.len() as i64).int(2, INT64).bytes(8, name).bytes(9, bytes)
}

/// Name, type and shape of a node's value, `ValueInfoProto`.
fn value_info(node: &Node) -> Message {
    let dimension = |size: usize| Message::default().int(1, size as i64);
    let shape = Message::default().message(1, &Message::default().bytes(2, "batch"));
    let shape = shape.each(&node.shape, |shape, &size| shape.message(1, &dimension(size)));
    let tensor = Message::default().int(1, FLOAT).message(2, &shape);
    Message::default().bytes(1, &node.name).message(2, &Message::default().message(1, &tensor))
}
