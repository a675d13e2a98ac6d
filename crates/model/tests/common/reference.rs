//! Every op once more, in f64 and one sample at a time, for values and finite differences to compare with.

use vitrine_model::{Activation, Graph, NodeId, Op, Term, Weights};

use super::channels::{average_pool, batch_norm, conv, global_average, max_pool};

/// A graph with weights in f64.
#[derive(Clone)]
pub struct Reference {
    graph: Graph,
    /// By node, then by parameter.
    pub parameters: Vec<Vec<Vec<f64>>>,
}

impl Reference {
    pub fn new(graph: &Graph, weights: &Weights) -> Reference {
        let of_node = |id: NodeId| {
            let array =
                |name| weights.get(&graph[id].name, name).unwrap().iter().map(|&w| f64::from(w)).collect();
            graph.parameters(id).iter().map(|parameter| array(parameter.name)).collect()
        };
        Reference { graph: graph.clone(), parameters: graph.ids().map(of_node).collect() }
    }

    /// The values of every node for one sample, with those of one node put in the place of what it computes.
    pub fn values(&self, input: &[f64], put: Option<(NodeId, &[f64])>) -> Vec<Vec<f64>> {
        let mut values: Vec<Vec<f64>> = Vec::new();
        for (id, node) in self.graph.ids().zip(self.graph.nodes()) {
            let value = match put {
                Some((place, value)) if place == id => value.to_vec(),
                _ if id == NodeId::INPUT => input.to_vec(),
                _ => {
                    let inputs: Vec<(&[f64], &[usize])> = node
                        .inputs
                        .iter()
                        .map(|input| (&values[input.index()][..], &self.graph[*input].shape[..]))
                        .collect();
                    compute(&node.op, &inputs, &self.parameters[id.index()])
                }
            };
            values.push(value);
        }
        values
    }

    /// `Σ weight · unit` of values.
    pub fn sum(terms: &[Term], values: &[Vec<f64>]) -> f64 {
        terms.iter().map(|term| f64::from(term.weight) * values[term.node.index()][term.unit]).sum()
    }

    /// Central differences of a sum by the values of a node.
    pub fn gradient(&self, input: &[f64], terms: &[Term], at: NodeId) -> Vec<f64> {
        const H: f64 = 1e-5;
        let value = self.values(input, None).swap_remove(at.index());
        let moved = |unit: usize, by: f64| {
            let mut value = value.clone();
            value[unit] += by;
            Reference::sum(terms, &self.values(input, Some((at, &value))))
        };
        (0..value.len()).map(|unit| (moved(unit, H) - moved(unit, -H)) / (2.0 * H)).collect()
    }

    /// Mean cross-entropy of samples.
    pub fn cross_entropy(&self, inputs: &[Vec<f64>], labels: &[usize]) -> f64 {
        let of_sample = |(input, &label): (&Vec<f64>, &usize)| {
            let logits = self.values(input, None).swap_remove(self.graph.logits().index());
            logits.iter().map(|z| z.exp()).sum::<f64>().ln() - logits[label]
        };
        inputs.iter().zip(labels).map(of_sample).sum::<f64>() / inputs.len() as f64
    }

    /// Central differences of the mean cross-entropy by a parameter.
    pub fn slopes(
        &mut self,
        inputs: &[Vec<f64>],
        labels: &[usize],
        node: usize,
        parameter: usize,
    ) -> Vec<f64> {
        const H: f64 = 1e-5;
        let n_values = self.parameters[node][parameter].len();
        let mut moved = |place: usize, by: f64| {
            let before = self.parameters[node][parameter][place];
            self.parameters[node][parameter][place] = before + by;
            let loss = self.cross_entropy(inputs, labels);
            self.parameters[node][parameter][place] = before;
            loss
        };
        (0..n_values).map(|place| (moved(place, H) - moved(place, -H)) / (2.0 * H)).collect()
    }
}

fn compute(op: &Op, inputs: &[(&[f64], &[usize])], parameters: &[Vec<f64>]) -> Vec<f64> {
    let (x, shape) = inputs[0];
    match (op, parameters) {
        (Op::Dense { .. }, [weight, bias]) => {
            let row = |(row, bias): (&[f64], &f64)| bias + row.iter().zip(x).map(|(w, x)| w * x).sum::<f64>();
            weight.chunks_exact(x.len()).zip(bias).map(row).collect()
        }
        (Op::Conv1d { kernel_size }, [weight, bias]) => {
            let left = (kernel_size - 1) / 2;
            let tap = |i: usize, k: usize| {
                (i + k).checked_sub(left).and_then(|j| x.get(j)).unwrap_or(&0.0) * weight[k]
            };
            (0..x.len()).map(|i| bias[0] + (0..*kernel_size).map(|k| tap(i, k)).sum::<f64>()).collect()
        }
        (Op::Activation(activation), _) => x.iter().map(|&z| activate(*activation, z)).collect(),
        (Op::Dropout { .. }, _) => x.to_vec(),
        (Op::Softmax, _) => {
            let total: f64 = x.iter().map(|z| z.exp()).sum();
            x.iter().map(|z| z.exp() / total).collect()
        }
        (Op::Conv { window, groups, .. }, _) => conv(x, shape, window, *groups, parameters),
        (Op::MaxPool { window }, _) => max_pool(x, shape, window),
        (Op::AveragePool { window, counts_padding }, _) => average_pool(x, shape, window, *counts_padding),
        (Op::GlobalAveragePool, _) => global_average(x, shape[0]),
        (Op::BatchNorm { epsilon, .. }, _) => batch_norm(x, *epsilon, parameters),
        (Op::Add, _) => (0..x.len()).map(|i| inputs.iter().map(|(x, _)| x[i]).sum()).collect(),
        (Op::Flatten, _) => x.to_vec(),
        _ => unreachable!("{op} is no op of these graphs"),
    }
}

fn activate(activation: Activation, z: f64) -> f64 {
    match activation {
        Activation::Relu => z.max(0.0),
        Activation::Sigmoid => 1.0 / (1.0 + (-z).exp()),
        Activation::Tanh => z.tanh(),
        Activation::LeakyRelu => z.max(0.01 * z),
        Activation::Elu => {
            if z < 0.0 {
                z.exp() - 1.0
            } else {
                z
            }
        }
        Activation::Gelu => 0.5 * z * (1.0 + statrs::function::erf::erf(z / std::f64::consts::SQRT_2)),
        Activation::Silu => z / (1.0 + (-z).exp()),
    }
}
