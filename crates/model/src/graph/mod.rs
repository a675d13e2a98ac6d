//! What a network is: nodes, what each computes, and the shapes between them.

mod activation;
mod builder;
mod error;
mod layer;
mod network_graph;
mod node;
mod op;
mod op_error;
mod op_name;
mod parameter;
mod tensor;
#[cfg(test)]
mod tests;
mod window;

pub use activation::Activation;
pub use builder::GraphBuilder;
pub use error::GraphError;
pub use layer::Layer;
pub use network_graph::Graph;
pub use node::{Node, NodeId};
pub use op::Op;
pub use op_error::OpError;
pub use parameter::{Parameter, Role};
pub use tensor::{Arrange, Binary, PadMode, Reduce, Reduction, TensorOp, Unary};
pub(crate) use tensor::{MAX_GROUPS, blocks, stretches};
pub use window::Window;
