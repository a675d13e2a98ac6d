//! What tells the modules of a network apart whatever they are called: the shapes of what they learn.

use crate::graph::Graph;

use super::stored::Stored;

/// A module: a node of the network, or the arrays of a file whose names begin alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// What it learns, by name, sorted: `bias`, `weight` …, with their shapes.
    pub arrays: Vec<(String, Vec<usize>)>,
}

impl Module {
    /// The nodes of a graph that learn, in their order.
    pub fn of_graph(graph: &Graph) -> Vec<Module> {
        let arrays = graph.all_parameters().map(|(node, p)| (node.name.clone(), p.name.to_string(), p.shape));
        collect(arrays)
    }

    /// The modules of a file, in the order of its arrays.
    pub fn of_file(stored: &[Stored<'_>]) -> Vec<Module> {
        let arrays = stored.iter().map(|array| {
            let (module, parameter) = array.module_and_parameter();
            (module.to_string(), parameter.to_string(), array.shape.clone())
        });
        collect(arrays)
    }

    /// Whether both learn the same, whatever they are called.
    pub fn is_like(&self, other: &Module) -> bool {
        self.arrays == other.arrays
    }

    /// As in `conv1: bias [6], weight [6, 1, 5, 5]`.
    pub fn shown(&self) -> String {
        let arrays: Vec<String> =
            self.arrays.iter().map(|(name, shape)| format!("{} {shape:?}", name.escape_debug())).collect();
        format!("{}: {}", self.name.escape_debug(), arrays.join(", "))
    }
}

fn collect(arrays: impl Iterator<Item = (String, String, Vec<usize>)>) -> Vec<Module> {
    let mut modules: Vec<Module> = Vec::new();
    for (name, parameter, shape) in arrays {
        let place = modules.iter().position(|module| module.name == name).unwrap_or_else(|| {
            modules.push(Module { name, arrays: Vec::new() });
            modules.len() - 1
        });
        modules[place].arrays.push((parameter, shape));
    }
    modules.iter_mut().for_each(|module| module.arrays.sort());
    modules
}
