//! Graphs that are chains of layers, one after the other: what the engines for small networks know.

use crate::error::ModelError;
use crate::graph::{Activation, Graph, NodeId, Op, Window};

/// A layer of a chain.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Link {
    /// The name of its node that learns, or of the pool.
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

/// What a link computes. Filters and pools come before all others, for nothing makes an image of a vector.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum LinkKind {
    /// Weights `[n_out, n_in]`.
    Dense,
    /// Weights `[1, 1, kernel_size]`.
    Conv { kernel_size: usize },
    /// Weights `[n_filters, channels / groups, kernel…]`, over samples of a shape `[channels, …]`.
    Filters { shape: Vec<usize>, window: Window, groups: usize },
    /// Nothing is learnt.
    Pool { shape: Vec<usize>, window: Window, pooling: Pooling },
}

impl LinkKind {
    /// Whether it takes channels of signals or images.
    pub fn is_spatial(&self) -> bool {
        matches!(self, LinkKind::Filters { .. } | LinkKind::Pool { .. })
    }
}

/// What becomes of the values of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pooling {
    /// The largest.
    Max,
    /// Their mean.
    Average { counts_padding: bool },
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

/// A chain: `input → (layer or pool → activation? → dropout?)* → last layer or pool → softmax?`.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub links: Vec<Link>,
    /// By node. Dropout does nothing in use, and flattening never does anything, so that their values are those before
    /// them.
    pub places: Vec<Place>,
}

impl Chain {
    /// The chain that a graph is.
    ///
    /// # Errors
    /// Says to which node the graph is one that `engine` knows.
    pub fn of(graph: &Graph, engine: &'static str) -> Result<Chain, ModelError> {
        let mut chain = Chain { links: Vec::new(), places: Vec::with_capacity(graph.nodes().len()) };
        let n_links = graph.ids().filter(|&id| link_kind(graph, id).is_some()).count();
        for id in graph.ids() {
            match chain.place(graph, id, n_links) {
                Ok(place) => chain.places.push(place),
                Err(why) => {
                    let node = &graph[id];
                    let reason = format!(
                        "knows chains of dense layers, filters and pools, each but the last with an activation and \
                         dropout or without, and a softmax at the end; node `{}` ({}) {why}",
                        node.name, node.op
                    );
                    return Err(ModelError::Engine { engine, reason });
                }
            }
        }
        if chain.links.is_empty() {
            let reason = "knows networks of at least one layer; this one has none".into();
            return Err(ModelError::Engine { engine, reason });
        }
        Ok(chain)
    }

    /// The same chain, if it holds neither filters over channels nor pools.
    ///
    /// # Errors
    /// Names the first of them, which `engine` does not know.
    pub fn of_vectors(self, engine: &'static str) -> Result<Chain, ModelError> {
        match self.links.iter().find(|link| link.kind.is_spatial()) {
            None => Ok(self),
            Some(link) => {
                let reason = format!("knows layers over vectors; node `{}` takes channels", link.name);
                Err(ModelError::Engine { engine, reason })
            }
        }
    }

    /// Where the values of a node are found, whose links are added; or why it comes in no chain of `n_links`.
    fn place(&mut self, graph: &Graph, id: NodeId, n_links: usize) -> Result<Place, &'static str> {
        let node = &graph[id];
        let Some(before) = id.index().checked_sub(1) else { return Ok(Place::Input) };
        if !node.inputs.iter().map(|input| input.index()).eq([before]) {
            return Err("does not take the node before it alone");
        }
        let place = self.places[before];
        if place == Place::Softmax {
            return Err("comes after the softmax");
        }
        if let Some(kind) = link_kind(graph, id) {
            self.links.push(Link {
                name: node.name.clone(),
                kind,
                n_in: graph[node.inputs[0]].n_units(),
                n_out: node.n_units(),
                activation: None,
                dropout: 0.0,
            });
            return Ok(Place::Pre(self.links.len() - 1));
        }
        let of_link = match (&node.op, place) {
            (Op::Flatten, place) => return Ok(place),
            (_, Place::Pre(l) | Place::Post(l)) => l,
            _ => return Err("comes before the first layer"),
        };
        let is_last = of_link + 1 == n_links;
        let link = &mut self.links[of_link];
        match (&node.op, place) {
            (Op::Softmax, Place::Pre(_)) if is_last && node.shape.len() == 1 => Ok(Place::Softmax),
            (Op::Softmax, _) => Err("does not take the last layer"),
            (Op::Activation(_) | Op::Dropout { .. }, _) if is_last => Err("follows the last layer"),
            (Op::Activation(activation), Place::Pre(_)) if link.dropout == 0.0 => {
                link.activation = Some(*activation);
                Ok(Place::Post(of_link))
            }
            (Op::Dropout { share }, place) if link.dropout == 0.0 => {
                link.dropout = *share as f32;
                Ok(place)
            }
            _ => Err("does not come there in such a chain"),
        }
    }
}

/// The link that a node is the beginning of, if it is one.
fn link_kind(graph: &Graph, id: NodeId) -> Option<LinkKind> {
    let node = &graph[id];
    let shape = || graph[node.inputs[0]].shape.clone();
    let pool = |window: &Window, pooling| LinkKind::Pool { shape: shape(), window: window.clone(), pooling };
    Some(match &node.op {
        Op::Dense { .. } => LinkKind::Dense,
        Op::Conv1d { kernel_size } => LinkKind::Conv { kernel_size: *kernel_size },
        Op::Conv { window, groups, .. } => {
            LinkKind::Filters { shape: shape(), window: window.clone(), groups: *groups }
        }
        Op::MaxPool { window } => pool(window, Pooling::Max),
        Op::AveragePool { window, counts_padding } => {
            pool(window, Pooling::Average { counts_padding: *counts_padding })
        }
        // The mean of the whole channel is that of a window as large as it.
        Op::GlobalAveragePool => pool(&Window::of(&shape()[1..]), Pooling::Average { counts_padding: false }),
        _ => return None,
    })
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
    fn pools_are_links_and_flattening_is_none() {
        let pool = || Op::MaxPool { window: Window::of([2, 2]).strided(2) };
        let builder = GraphBuilder::input([1, 8, 8]).step("pool1", pool()).dropout(0.5);
        let builder = builder.conv("conv1", 3, Window::of([3, 3]), true).activation(Activation::Relu);
        let builder = builder.step("mean", Op::GlobalAveragePool).dense("output", 2).softmax();
        let places = chain(builder).unwrap().places;
        use Place::{Input, Post, Pre, Softmax};
        assert_eq!(places, [Input, Pre(0), Pre(0), Pre(1), Post(1), Pre(2), Pre(3), Softmax]);
        let builder = GraphBuilder::input([1, 4, 4]).step("pool1", pool()).step("flatten", Op::Flatten);
        let chain = chain(builder.dense("output", 2)).unwrap();
        assert_eq!(chain.places, [Input, Pre(0), Pre(0), Pre(1)]);
        assert_eq!([chain.links[0].n_in, chain.links[0].n_out], [16, 4]);
        assert!(chain.of_vectors("stacked").unwrap_err().to_string().contains("`pool1`"));
    }

    #[test]
    fn what_is_no_chain_is_refused_by_its_node() {
        let refused = |builder: GraphBuilder, node: &str, why: &str| {
            let error = chain(builder).unwrap_err();
            assert!(error.contains(&format!("`{node}`")) && error.contains(why), "{error}");
        };
        let input = || GraphBuilder::input([9]);
        refused(GraphBuilder::input([3, 3]).softmax(), "input.softmax", "before the first layer");
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
