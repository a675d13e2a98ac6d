//! What an op cannot do with its inputs or its settings.

/// What an op cannot do with its inputs or its settings, and what would be right.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum OpError {
    /// Too few or too many nodes before it.
    #[error("takes {expected} inputs, not {found}")]
    Inputs {
        /// What would be right.
        expected: usize,
        /// How many there are.
        found: usize,
    },
    /// Inputs of another number of axes.
    #[error("takes a vector [n] of each sample, not an array of shape {found:?}")]
    NotAVector {
        /// The shape that comes in.
        found: Vec<usize>,
    },
    /// Inputs without axes to slide over.
    #[error(
        "takes [channels, length] or [channels, height, width] of each sample, not an array of shape {found:?}"
    )]
    NotSpatial {
        /// The shape that comes in.
        found: Vec<usize>,
    },
    /// Inputs of unlike shapes, where they are taken value by value.
    #[error("takes arrays of one shape, not of {first:?} and {other:?}")]
    UnlikeShapes {
        /// That of the first input.
        first: Vec<usize>,
        /// Another one.
        other: Vec<usize>,
    },
    /// Shapes that cannot be stretched to each other.
    #[error("takes shapes whose axes are equal or one from the last on, not {first:?} and {other:?}")]
    Stretch {
        /// That of the first input.
        first: Vec<usize>,
        /// Another one.
        other: Vec<usize>,
    },
    /// Shapes that are no two matrices, or none that can be multiplied.
    #[error("takes [.., m, k] and [.., k, p], not {first:?} and {other:?}")]
    NotMatrices {
        /// That of the first input.
        first: Vec<usize>,
        /// That of the second.
        other: Vec<usize>,
    },
    /// An axis that there is not, or that is named twice.
    #[error("axis {axis} of the shape {shape:?}: there is none, or it is named twice")]
    Axis {
        /// The axis, from 0.
        axis: usize,
        /// The shape.
        shape: Vec<usize>,
    },
    /// An order that is none of the axes.
    #[error("puts the axes of {shape:?} in the order {order:?}, which does not name each once")]
    Order {
        /// The order.
        order: Vec<usize>,
        /// The shape.
        shape: Vec<usize>,
    },
    /// A shape of other values than come in.
    #[error("cannot make {to:?} of {from:?}")]
    OtherValues {
        /// The shape that comes in.
        from: Vec<usize>,
        /// The shape asked for.
        to: Vec<usize>,
    },
    /// A place beyond the ends of an axis, or padding that needs one.
    #[error("reaches beyond an axis of {size} values")]
    Beyond {
        /// Values along the axis.
        size: usize,
    },
    /// Padding of another number of axes than come in.
    #[error("pads {found} axes of the shape {shape:?}")]
    PadAxes {
        /// Axes that are padded.
        found: usize,
        /// The shape.
        shape: Vec<usize>,
    },
    /// An op of one sample on a sample that has no axis of its own.
    #[error("is computed for each along the first axis, and the shape is []")]
    NoAxis,
    /// More axes, each moved or stretched otherwise than its neighbours, than are computed with.
    #[error("moves or stretches more than {most} groups of neighbouring axes, each in its own way")]
    TooManyAxes {
        /// What would be right.
        most: usize,
    },
    /// A sample without values.
    #[error("a sample has at least one value, not the shape {shape:?}")]
    Empty {
        /// The shape.
        shape: Vec<usize>,
    },
    /// More values of one sample than are computed with.
    #[error("has the shape {shape:?} of one sample; up to {most} values are computed with")]
    TooManyValues {
        /// The shape.
        shape: Vec<usize>,
        /// What would be right.
        most: usize,
    },
    /// A layer without units.
    #[error("has at least 1 unit, not 0")]
    NoUnits,
    /// A filter that does not fit its signal.
    #[error("a filter on {length} values has 1 to {length} taps, not {kernel_size}")]
    KernelSize {
        /// Its taps.
        kernel_size: usize,
        /// Length of the signal.
        length: usize,
    },
    /// A window of another number of axes than what it slides over.
    #[error("its window has {expected} axes, and {found} follow the channels")]
    WindowAxes {
        /// Axes to slide over.
        found: usize,
        /// Axes of the window.
        expected: usize,
    },
    /// A window, a stride or a dilation of zero.
    #[error("size, stride and dilation of a window are at least 1")]
    EmptyWindow,
    /// A window that is larger than what it slides over.
    #[error("its window reaches over {reach} values, and there are {length}, with padding")]
    WindowTooLarge {
        /// Values that it spans.
        reach: usize,
        /// Values that there are.
        length: usize,
    },
    /// Channels that do not come in so many groups.
    #[error("{channels} channels do not come in {groups} groups")]
    Groups {
        /// Channels before or after it.
        channels: usize,
        /// Groups.
        groups: usize,
    },
    /// A share out of range.
    #[error("a share lies at 0 to below 1, not at {share}")]
    Share {
        /// The share.
        share: f64,
    },
}
