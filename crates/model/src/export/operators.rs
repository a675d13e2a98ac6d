//! The operators that compute what a node computes.

use super::protobuf::Message;
use crate::graph::{Activation, Node, Op, Window};

/// What an attribute holds.
pub enum Attribute {
    Int(&'static str, i64),
    Ints(&'static str, Vec<i64>),
    Float(&'static str, f32),
}

/// An operator of the file, with its attributes.
pub struct Operator {
    /// Its name in the standard.
    pub kind: &'static str,
    /// What follows the node's name in the name of the value, of all but the last of a node.
    pub suffix: &'static str,
    pub attributes: Vec<Attribute>,
    /// Parameters that it takes after its input, by name.
    pub parameters: Vec<&'static str>,
    /// Whole numbers that it takes after its input.
    pub numbers: Option<Vec<i64>>,
    /// Whether it takes the node's own inputs beside the value before it.
    pub takes_inputs_again: bool,
}

impl Operator {
    fn of(kind: &'static str) -> Operator {
        Operator {
            kind,
            suffix: "",
            attributes: Vec::new(),
            parameters: Vec::new(),
            numbers: None,
            takes_inputs_again: false,
        }
    }

    fn with(mut self, attributes: impl IntoIterator<Item = Attribute>) -> Operator {
        self.attributes.extend(attributes);
        self
    }

    fn taking(self, parameters: &[&'static str]) -> Operator {
        Operator { parameters: parameters.into(), ..self }
    }

    fn named(self, suffix: &'static str) -> Operator {
        Operator { suffix, ..self }
    }
}

/// The operators of a node, one after the other; none is known of those that came from such a file themselves.
pub fn operators(node: &Node) -> Option<Vec<Operator>> {
    let bias = |has_bias: bool| if has_bias { &["weight", "bias"][..] } else { &["weight"] };
    Some(match &node.op {
        Op::Input => Vec::new(),
        Op::Dense { .. } => {
            let transposed = Attribute::Int("transB", 1);
            vec![Operator::of("Gemm").with([transposed]).taking(&["weight", "bias"])]
        }
        Op::Conv1d { kernel_size } => {
            let conv = conv(&Window::of([*kernel_size]).same(), 1).taking(&["weight", "bias"]);
            vec![along("Unsqueeze").named(".channel"), conv.named(".conv"), along("Squeeze")]
        }
        Op::Conv { window, groups, has_bias, .. } => vec![conv(window, *groups).taking(bias(*has_bias))],
        Op::MaxPool { window } => vec![Operator::of("MaxPool").with(pool(window))],
        Op::AveragePool { window, counts_padding } => {
            let counts = Attribute::Int("count_include_pad", (*counts_padding).into());
            vec![Operator::of("AveragePool").with(pool(window)).with([counts])]
        }
        Op::GlobalAveragePool => {
            let flatten = Operator::of("Flatten").with([Attribute::Int("axis", 1)]);
            vec![Operator::of("GlobalAveragePool").named(".mean"), flatten]
        }
        Op::BatchNorm { epsilon, .. } => {
            let parameters = ["weight", "bias", "running_mean", "running_var"];
            let epsilon = Attribute::Float("epsilon", *epsilon as f32);
            vec![Operator::of("BatchNormalization").with([epsilon]).taking(&parameters)]
        }
        Op::Add => vec![Operator::of(if node.inputs.len() == 2 { "Add" } else { "Sum" })],
        Op::Flatten => vec![Operator::of("Flatten").with([Attribute::Int("axis", 1)])],
        Op::Activation(activation) => activate(*activation),
        Op::Dropout { .. } => vec![Operator::of("Dropout")],
        Op::Softmax => vec![Operator::of("Softmax").with([Attribute::Int("axis", -1)])],
        Op::Each(_) | Op::Tensor(_) => return None,
    })
}

fn activate(activation: Activation) -> Vec<Operator> {
    let alone = |kind| vec![Operator::of(kind)];
    match activation {
        Activation::Relu => alone("Relu"),
        Activation::Sigmoid => alone("Sigmoid"),
        Activation::Tanh => alone("Tanh"),
        Activation::LeakyRelu => vec![Operator::of("LeakyRelu").with([Attribute::Float("alpha", 0.01)])],
        Activation::Elu => vec![Operator::of("Elu").with([Attribute::Float("alpha", 1.0)])],
        Activation::Gelu => alone("Gelu"),
        // The standard's own, Swish, came with opset 24, which few programs know.
        Activation::Silu => {
            let product = Operator { takes_inputs_again: true, ..Operator::of("Mul") };
            vec![Operator::of("Sigmoid").named(".sigmoid"), product]
        }
    }
}

/// Puts in or takes out an axis of one channel.
fn along(kind: &'static str) -> Operator {
    Operator { numbers: Some(vec![1]), ..Operator::of(kind) }
}

fn conv(window: &Window, groups: usize) -> Operator {
    let group = Attribute::Int("group", groups as i64);
    Operator::of("Conv").with(slides(window)).with([ints("dilations", &window.dilation), group])
}

fn pool(window: &Window) -> Vec<Attribute> {
    let mut attributes = slides(window);
    attributes.push(ints("dilations", &window.dilation));
    attributes.push(Attribute::Int("ceil_mode", window.is_partial.into()));
    attributes
}

/// Size, stride and padding of a window; the padding before all axes, then that after them.
fn slides(window: &Window) -> Vec<Attribute> {
    let before = window.padding.iter().map(|&(before, _)| before);
    let padding: Vec<usize> = before.chain(window.padding.iter().map(|&(_, after)| after)).collect();
    vec![ints("kernel_shape", &window.size), ints("strides", &window.stride), ints("pads", &padding)]
}

fn ints(name: &'static str, values: &[usize]) -> Attribute {
    Attribute::Ints(name, values.iter().map(|&value| value as i64).collect())
}

impl Attribute {
    /// Its message, `AttributeProto`.
    pub fn message(&self) -> Message {
        const FLOAT: i64 = 1;
        const INT: i64 = 2;
        const INTS: i64 = 7;
        match self {
            Attribute::Float(name, value) => {
                Message::default().bytes(1, name).float(2, *value).int(20, FLOAT)
            }
            Attribute::Int(name, value) => Message::default().bytes(1, name).int(3, *value).int(20, INT),
            Attribute::Ints(name, values) => {
                let message = Message::default().bytes(1, name);
                message.each(values, |message, value| message.int(8, *value)).int(20, INTS)
            }
        }
    }
}
