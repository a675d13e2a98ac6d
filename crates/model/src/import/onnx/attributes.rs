//! A node as its translator sees it: its inputs, its attributes, the version of its operator.

use rten_onnx::onnx::{AttributeProto, NodeProto, TensorProto};

use super::value::Value;
use super::wrong::{Outcome, Wrong, bad};

/// A node to be translated.
pub struct Call<'a> {
    pub node: &'a NodeProto,
    /// What the node of the graph is called.
    pub name: String,
    /// The version of the operators.
    pub opset: i64,
    /// Its inputs; one that may be left out may be missing.
    pub inputs: Vec<Option<Value>>,
    /// Whether anybody takes the output of each place.
    pub is_used: Vec<bool>,
}

impl Call<'_> {
    /// An input that must be there.
    pub fn input(&self, place: usize) -> Outcome<&Value> {
        self.optional(place).ok_or_else(|| Wrong::Bad(format!("has no input {}", place + 1)))
    }

    pub fn optional(&self, place: usize) -> Option<&Value> {
        self.inputs.get(place)?.as_ref()
    }

    /// All inputs, none of which may be left out.
    pub fn all(&self) -> Outcome<Vec<Value>> {
        (0..self.inputs.len()).map(|place| self.input(place).cloned()).collect()
    }

    /// Refuses outputs after the first that somebody takes.
    pub fn gives_one(&self) -> Outcome<()> {
        match self.is_used.iter().skip(1).any(|&is_used| is_used) {
            true => bad("has more outputs than the first taken; the first is computed"),
            false => Ok(()),
        }
    }

    fn attribute(&self, name: &str) -> Option<&AttributeProto> {
        self.node.attribute.iter().find(|attribute| attribute.name.as_deref() == Some(name))
    }

    pub fn int(&self, name: &str) -> Option<i64> {
        self.attribute(name)?.i
    }

    pub fn flag(&self, name: &str, default: bool) -> bool {
        self.int(name).map_or(default, |value| value != 0)
    }

    pub fn float(&self, name: &str, default: f32) -> f32 {
        self.attribute(name).and_then(|attribute| attribute.f).unwrap_or(default)
    }

    pub fn ints(&self, name: &str) -> Option<&[i64]> {
        self.attribute(name).map(|attribute| attribute.ints.as_slice())
    }

    pub fn floats(&self, name: &str) -> Option<&[f32]> {
        self.attribute(name).map(|attribute| attribute.floats.as_slice())
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.attribute(name)?.s.as_deref()
    }

    pub fn tensor(&self, name: &str) -> Option<&TensorProto> {
        self.attribute(name)?.t.as_ref()
    }
}

/// Sizes that a window or a shape may have: far beyond any network, and far below what a machine's numbers hold.
const MAX_SIZE: i64 = 1 << 31;

/// A size of an attribute.
pub fn size(name: &str, value: i64) -> Outcome<usize> {
    match (0..MAX_SIZE).contains(&value) {
        true => Ok(value as usize),
        false => bad(format!("has {name} = {value}, which no size is")),
    }
}
