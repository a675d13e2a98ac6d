//! What a node learns.

/// An array of weights or biases of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// `weight` or `bias`: with the node's name before it, `hidden1.weight`, its name in files.
    pub name: &'static str,
    /// Its shape, PyTorch's.
    pub shape: Vec<usize>,
    /// What it does.
    pub role: Role,
    /// Inputs that a unit sums.
    pub fan_in: usize,
    /// Units that an input is summed by.
    pub fan_out: usize,
}

/// What a parameter does: initial values are drawn by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Multiplied by what comes in.
    Weight,
    /// Added.
    Bias,
}

impl Parameter {
    /// Number of values.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it holds no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
