//! Graphs that are chains of layers, one after the other: what the engines for small networks know.

use crate::error::ModelError;
use crate::graph::{Activation, Graph, Layer, NodeId, Op};

/// A layer of a chain.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    /// The name of its node that learns.
    pub name: String,
    pub kind: LinkKind,
    /// Values of a sample before it.
    pub n_in: usize,
    /// Values of a sample after it.
    pub n_out: usize,
    /// Of the last layer none.
    pub activation: Option<Activation>,
    /// Of the last layer none.
    pub dropout: f32,
}

/// What a link's weights do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkKind {
    /// `[n_out, n_in]`.
    Dense,
    /// `[1, 1, kernel_size]`.
    Conv { kernel_size: usize },
}

/// Where in a chain a node's values are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Input,
    /// Before the activation of a layer.
    Pre(usize),
    /// After it; of a layer without activation there is only the one before.
    Post(usize),
    Softmax,
}

/// A chain: `input → (layer → activation? → dropout?)* → last layer → softmax?`.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub links: Vec<Link>,
    /// By node. Dropout does nothing in use, so that its values are those before it.
    pub places: Vec<Place>,
}

impl Chain {
    /// The chain that a graph is.
    ///
    /// # Errors
    /// Says to which node the graph is one that `engine` knows.
    pub fn of(graph: &Graph, engine: &'static str) -> Result<Chain, ModelError> {
        let mut chain = Chain { links: Vec::new(), places: Vec::with_capacity(graph.nodes().len()) };
        let is_last = |name: &str| graph.layers().last().is_some_and(|last: &Layer| last.name == name);
        for id in graph.ids() {
            let unknown = |why: &str| {
                let node = &graph[id];
                let reason = format!(
                    "knows chains of dense and conv layers, each but the last with an activation and dropout or \
                     without, and a softmax at the end; node `{}` ({}) {why}",
                    node.name, node.op
                );
                Err(ModelError::Engine { engine, reason })
            };
            let before = id.index().checked_sub(1);
            if before.is_some() && !graph[id].inputs.iter().map(|input| Some(input.index())).eq([before]) {
                return unknown("does not take the node before it alone");
            }
            let place = match (&graph[id].op, before.map(|before| chain.places[before])) {
                (Op::Input, _) if graph[id].shape.len() == 1 => Place::Input,
                (Op::Input, _) => return unknown("is no vector"),
                (_, Some(Place::Softmax)) => return unknown("comes after the softmax"),
                (Op::Dense { .. }, _) => chain.add(graph, id, LinkKind::Dense),
                (Op::Conv1d { kernel_size }, _) => {
                    chain.add(graph, id, LinkKind::Conv { kernel_size: *kernel_size })
                }
                (_, None | Some(Place::Input)) => return unknown("comes before the first layer"),
                (Op::Softmax, Some(Place::Pre(layer))) if is_last(&chain.links[layer].name) => Place::Softmax,
                (Op::Softmax, _) => return unknown("does not take the last layer"),
                (_, Some(Place::Pre(layer) | Place::Post(layer))) if is_last(&chain.links[layer].name) => {
                    return unknown("follows the last layer");
                }
                (Op::Activation(activation), Some(Place::Pre(layer)))
                    if chain.links[layer].dropout == 0.0 =>
                {
                    chain.links[layer].activation = Some(*activation);
                    Place::Post(layer)
                }
                (Op::Dropout { share }, Some(place @ (Place::Pre(layer) | Place::Post(layer))))
                    if chain.links[layer].dropout == 0.0 =>
                {
                    chain.links[layer].dropout = *share as f32;
                    place
                }
                _ => return unknown("does not come there in such a chain"),
            };
            chain.places.push(place);
        }
        if chain.links.is_empty() {
            let reason = "knows networks of at least one layer; this one has none".into();
            return Err(ModelError::Engine { engine, reason });
        }
        Ok(chain)
    }

    fn add(&mut self, graph: &Graph, id: NodeId, kind: LinkKind) -> Place {
        let node = &graph[id];
        self.links.push(Link {
            name: node.name.clone(),
            kind,
            n_in: graph[node.inputs[0]].n_units(),
            n_out: node.n_units(),
            activation: None,
            dropout: 0.0,
        });
        Place::Pre(self.links.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::GraphBuilder;

    fn chain(builder: GraphBuilder) -> Result<Chain, String> {
        Chain::of(&builder.build().unwrap(), "fused").map_err(|error| error.to_string())
    }

    #[test]
    fn every_node_has_its_place() {
        let builder = GraphBuilder::input([9]).conv1d("conv1", 3).dropout(0.5).dense("hidden1", 4);
        let builder = builder.activation(Activation::Elu).dropout(0.25).dense("output", 2).softmax();
        let chain = chain(builder).unwrap();
        use Place::{Input, Post, Pre, Softmax};
        assert_eq!(chain.places, [Input, Pre(0), Pre(0), Pre(1), Post(1), Post(1), Pre(2), Softmax]);
        assert_eq!(chain.links[1].activation, Some(Activation::Elu));
        assert_eq!([chain.links[0].dropout, chain.links[1].dropout], [0.5, 0.25]);
        assert_eq!([chain.links[2].n_in, chain.links[2].n_out], [4, 2]);
    }

    #[test]
    fn what_is_no_chain_is_refused_by_its_node() {
        let refused = |builder: GraphBuilder, node: &str, why: &str| {
            let error = chain(builder).unwrap_err();
            assert!(error.contains(&format!("`{node}`")) && error.contains(why), "{error}");
        };
        let input = || GraphBuilder::input([9]);
        refused(GraphBuilder::input([3, 3]).softmax(), "input", "no vector");
        refused(input().activation(Activation::Relu).dense("a", 2), "input.relu", "before the first layer");
        refused(input().dense("a", 2).activation(Activation::Relu), "a.relu", "follows the last layer");
        refused(input().dense("a", 2).softmax().dense("b", 2), "a.softmax", "does not take the last layer");
        let twice = input().dense("a", 2).activation(Activation::Relu).activation(Activation::Tanh);
        refused(twice.dense("b", 2), "a.tanh", "does not come there");
        let skip = input().dense("a", 9).node("b", Op::Dense { n_units: 2 }, &[NodeId::INPUT]);
        refused(skip, "b", "does not take the node before it alone");
        assert!(chain(input()).unwrap_err().contains("at least one layer"));
    }
}
