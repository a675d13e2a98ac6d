//! Units by the names of layers and the numbers of classes, as terms of an objective.

use serde::{Deserialize, Serialize};
use vitrine_model::{Graph, ModelError, NodeId, Objective, Op, Term};

use crate::error::ExplainError;

/// Before or after a layer's activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Before it; of the output layer the logits.
    Pre,
    /// After it; of the output layer the softmax.
    Post,
}

/// Unit `unit` (from 0) of the layer called `layer`, with weight 1.
///
/// # Errors
/// When the graph has no such layer, or the layer no such unit.
pub fn unit(graph: &Graph, layer: &str, stage: Stage, unit: usize) -> Result<Term, ExplainError> {
    let Some(found) = graph.layers().iter().find(|known| known.name == layer) else {
        let known = graph.layers().iter().map(|known| known.name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(ExplainError::NoSuchLayer { layer: layer.into(), known });
    };
    term(graph, if stage == Stage::Pre { found.pre } else { found.post }, unit)
}

/// The output of class `class` (from 0) before the softmax, with weight 1.
///
/// # Errors
/// When there is no such class.
pub fn logit(graph: &Graph, class: usize) -> Result<Term, ExplainError> {
    term(graph, graph.logits(), class)
}

/// The softmax output of class `class` (from 0), with weight 1.
///
/// # Errors
/// When there is no such class, or no softmax at the end of the graph.
pub fn probability(graph: &Graph, class: usize) -> Result<Term, ExplainError> {
    let output = &graph[graph.output()];
    if output.op != Op::Softmax {
        let (output, op) = (output.name.clone(), output.op.to_string());
        return Err(ExplainError::NoProbabilities { output, op });
    }
    term(graph, graph.output(), class)
}

/// The probability of a class for each row: the thesis' objective.
///
/// # Errors
/// When there is no such class, or no softmax at the end of the graph.
pub fn probabilities(graph: &Graph, classes: &[usize]) -> Result<Objective, ExplainError> {
    let mut objective = Objective::default();
    for &class in classes {
        objective.push(&[probability(graph, class)?]);
    }
    Ok(objective)
}

fn term(graph: &Graph, node: NodeId, unit: usize) -> Result<Term, ExplainError> {
    let n_units = graph[node].n_units();
    if n_units <= unit {
        return Err(ModelError::NoSuchUnit { node: graph[node].name.clone(), unit, n_units }.into());
    }
    Ok(Term { node, unit, weight: 1.0 })
}

#[cfg(test)]
mod tests {
    use vitrine_model::GraphBuilder;

    use super::*;

    fn graph() -> Graph {
        let builder =
            GraphBuilder::input([20]).dense("hidden1", 16).activation(vitrine_model::Activation::Relu);
        builder.dense("output", 8).softmax().build().unwrap()
    }

    #[test]
    fn a_unit_is_found_before_and_after_its_activation() {
        let graph = graph();
        let name = |term: Term| graph[term.node].name.clone();
        assert_eq!(name(unit(&graph, "hidden1", Stage::Pre, 15).unwrap()), "hidden1");
        assert_eq!(name(unit(&graph, "hidden1", Stage::Post, 15).unwrap()), "hidden1.relu");
        assert_eq!(unit(&graph, "output", Stage::Pre, 7).unwrap(), logit(&graph, 7).unwrap());
        assert_eq!(unit(&graph, "output", Stage::Post, 7).unwrap(), probability(&graph, 7).unwrap());
        let rows = probabilities(&graph, &[3, 1]).unwrap();
        assert_eq!((rows.n_rows(), rows.row(1)), (2, &[probability(&graph, 1).unwrap()][..]));
    }

    #[test]
    fn what_the_network_does_not_have_is_named_beside_what_it_has() {
        let graph = graph();
        let error = |asked: Result<Term, ExplainError>| asked.unwrap_err().to_string();
        let layer = error(unit(&graph, "conv1", Stage::Post, 0));
        assert!(layer.contains("no layer `conv1`") && layer.contains("hidden1, output"), "{layer}");
        assert!(error(probability(&graph, 8)).contains("unit 8 of output.softmax: it has 8, from 0 to 7"));
        assert!(error(unit(&graph, "hidden1", Stage::Pre, 16)).contains("from 0 to 15"));
        assert!(probabilities(&graph, &[0, 8]).is_err());
        let without = GraphBuilder::input([20]).dense("output", 8).build().unwrap();
        let none = error(probability(&without, 0));
        assert!(none.contains("no probabilities") && none.contains("`output` (dense"), "{none}");
        assert!(logit(&without, 7).is_ok());
    }
}
