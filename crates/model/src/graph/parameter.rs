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

/// What a parameter does: its initial values, and whether descent changes them, go by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Multiplied by what comes in.
    Weight,
    /// Added.
    Bias,
    /// What a normalised value is multiplied by; 1 at first.
    Scale,
    /// What is added to a normalised value; 0 at first.
    Shift,
    /// A mean over past batches; 0 at first, and no descent changes it.
    RunningMean,
    /// A variance over past batches; 1 at first, and no descent changes it.
    RunningVariance,
    /// A number that belongs to the computation; no descent changes it.
    Fixed,
}

impl Role {
    /// What it starts from where it is not drawn.
    pub fn fixed_start(self) -> f32 {
        match self {
            Role::Scale | Role::RunningVariance => 1.0,
            Role::Weight | Role::Bias | Role::Shift | Role::RunningMean | Role::Fixed => 0.0,
        }
    }

    /// Whether descent changes it.
    pub fn is_learnt(self) -> bool {
        !matches!(self, Role::RunningMean | Role::RunningVariance | Role::Fixed)
    }
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
