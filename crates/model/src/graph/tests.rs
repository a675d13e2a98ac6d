//! Graphs by hand: names, shapes, layers, and what is refused.

use super::*;

fn small() -> GraphBuilder {
    GraphBuilder::input([20])
        .conv1d("conv1", 5)
        .dense("hidden1", 16)
        .activation(Activation::Tanh)
        .dropout(0.5)
        .dense("output", 8)
        .softmax()
}

fn error(builder: GraphBuilder) -> String {
    builder.build().unwrap_err().to_string()
}

#[test]
fn nodes_are_named_after_their_layer_and_shaped_by_their_ops() {
    let graph = small().build().unwrap();
    let nodes: Vec<(&str, usize)> = graph.nodes().iter().map(|n| (n.name.as_str(), n.n_units())).collect();
    let expected = [
        ("input", 20),
        ("conv1", 20),
        ("hidden1", 16),
        ("hidden1.tanh", 16),
        ("hidden1.dropout", 16),
        ("output", 8),
        ("output.softmax", 8),
    ];
    assert_eq!(nodes, expected);
    assert_eq!(graph[graph.logits()].name, "output");
    assert_eq!(graph[graph.output()].name, "output.softmax");
}

#[test]
fn a_layer_reaches_from_what_learns_to_the_next_that_does() {
    let graph = small().build().unwrap();
    let name = |id: NodeId| graph[id].name.as_str();
    let layers: Vec<[&str; 3]> =
        graph.layers().iter().map(|l| [name(l.pre), name(l.post), name(l.end)]).collect();
    let expected = [
        ["conv1", "conv1", "conv1"],
        ["hidden1", "hidden1.tanh", "hidden1.dropout"],
        ["output", "output.softmax", "output.softmax"],
    ];
    assert_eq!(layers, expected);
    assert_eq!((graph.layers()[1].activation, graph.layers()[1].dropout), (Some(Activation::Tanh), 0.5));
}

#[test]
fn parameters_have_pytorch_s_shapes_and_are_counted_by_hand() {
    let graph = small().build().unwrap();
    let shapes: Vec<Vec<usize>> =
        graph.ids().flat_map(|id| graph.parameters(id)).map(|parameter| parameter.shape).collect();
    assert_eq!(shapes, [vec![1, 1, 5], vec![1], vec![16, 20], vec![16], vec![8, 16], vec![8]]);
    assert_eq!(graph.n_parameters(), 5 + 1 + 16 * 20 + 16 + 8 * 16 + 8);
}

#[test]
fn errors_name_the_node_and_what_would_be_right() {
    assert!(error(GraphBuilder::input([0])).starts_with("node `input` (input)"));
    assert!(error(small().dense("more", 0)).contains("`more` (dense) has at least 1 unit"));
    assert!(error(GraphBuilder::input([4]).conv1d("c", 5)).contains("1 to 4 taps, not 5"));
    assert!(error(GraphBuilder::input([4]).conv1d("c", 0)).contains("1 to 4 taps, not 0"));
    assert!(error(GraphBuilder::input([3, 8, 8]).dense("d", 4)).contains("not an array of shape [3, 8, 8]"));
    assert!(error(small().dropout(1.0)).contains("0 to below 1, not at 1"));
    assert!(error(small().dense("hidden1", 4)).contains("`hidden1`: there is a node of that name"));
    assert!(error(small().dense("a\nb", 4)).contains(r"`a\nb`: a name is made of signs that are seen"));
    let first = GraphBuilder::input([4]).node("twice", Op::Softmax, &[NodeId::INPUT, NodeId::INPUT]);
    assert!(error(first).contains("`twice` (softmax) takes 1 inputs, not 2"));
    let late = GraphBuilder::input([4]).node("late", Op::Softmax, &[NodeId(3)]);
    assert!(error(late).contains("node 3, which is none of the 1 before it"));
}

#[test]
fn the_first_mistake_is_the_one_reported() {
    let builder = GraphBuilder::input([4]).dense("a", 0).dense("b", 0);
    assert!(error(builder).contains("`a`"));
}
