//! Weights of a network from a file of PyTorch.

use std::path::{Path, PathBuf};

use ndarray::{ArrayD, IxDyn};
use vitrine_data::read_regular;

use super::error::StateDictError;
use super::matching::{Matching, matched, side_by_side};
use super::signature::Module;
use super::stored::Stored;
use super::{pytorch, safetensors_file};
use crate::graph::Graph;
use crate::weights::Weights;

/// Bytes of a file at most, 4 GiB.
const MAX_BYTES: u64 = 1 << 32;

/// A file that holds a state_dict.
///
/// Names that come before the last point are modules. A module belongs to a node that learns arrays of the same names and
/// shapes: to the one of its own name; else to the one in its place, where all modules stand in the order of the network;
/// else to the first of its kind that is left, modules taken in the order of their names.
#[derive(Clone, Debug)]
pub struct StateDict {
    path: PathBuf,
    bytes: Vec<u8>,
    key: Option<String>,
}

impl StateDict {
    /// A `.safetensors` file, or a `.pt` or `.pth` file of `torch.save`; of a checkpoint, `key` names the entry that holds
    /// the state_dict. No code of the file runs.
    ///
    /// # Errors
    /// A file that cannot be read, is of another kind or longer than 4 GiB.
    pub fn read(path: &Path, key: Option<&str>) -> Result<StateDict, StateDictError> {
        if !StateDict::is_one(path) {
            return Err(StateDictError::Kind { path: path.into() });
        }
        Ok(StateDict { bytes: read_regular(path, MAX_BYTES)?, path: path.into(), key: key.map(String::from) })
    }

    /// Whether a path names such a file, by its ending.
    pub fn is_one(path: &Path) -> bool {
        ["safetensors", "pt", "pth"].iter().any(|kind| has_ending(path, kind))
    }

    /// The weights of a network. Values are read for its parameters alone.
    ///
    /// # Errors
    /// When the file is damaged, its arrays are those of another network, with both side by side, or a value is not finite.
    pub fn weights_for(&self, graph: &Graph) -> Result<Matching, StateDictError> {
        let damaged = |reason| StateDictError::Damaged { path: self.path.clone(), reason };
        let stored = self.stored().map_err(damaged)?;
        let (nodes, modules) = (Module::of_graph(graph), Module::of_file(&stored));
        let Some((by, places)) = matched(&nodes, &modules) else {
            let table = side_by_side(&nodes, &modules);
            return Err(StateDictError::Mismatch {
                path: self.path.clone(),
                hint: self.hint(&modules),
                table,
            });
        };
        let mut weights = Weights::default();
        for (node, parameter) in graph.all_parameters() {
            let place = nodes.iter().position(|module| module.name == node.name).expect("a node that learns");
            let module = modules[places[place]].name.as_str();
            let is_it = |array: &&Stored<'_>| array.module_and_parameter() == (module, parameter.name);
            let array = stored.iter().find(is_it).expect("an array of the module");
            let values = (array.values)().map_err(|reason| damaged(format!("{}: {reason}", array.name)))?;
            if let Some(&value) = values.iter().find(|value| !value.is_finite()) {
                let (path, name) = (self.path.clone(), array.name.clone());
                return Err(StateDictError::NotFinite { path, name, value });
            }
            let values = ArrayD::from_shape_vec(IxDyn(&parameter.shape), values)
                .map_err(|_| damaged(format!("{}: fewer values than its shape says", array.name)))?;
            weights.set(&node.name, parameter.name, values);
        }
        let pairs =
            nodes.iter().zip(&places).map(|(node, &place)| (node.name.clone(), modules[place].name.clone()));
        Ok(Matching { weights, by, modules: pairs.collect() })
    }

    fn stored(&self) -> Result<Vec<Stored<'_>>, String> {
        match has_ending(&self.path, "safetensors") {
            true => safetensors_file::read(&self.bytes),
            false => pytorch::read(&self.path, &self.bytes, self.key.as_deref()),
        }
    }

    /// Of a checkpoint, the entries that may hold the state_dict.
    fn hint(&self, modules: &[Module]) -> String {
        let mut first: Vec<&str> =
            modules.iter().filter_map(|module| module.name.split('.').next()).collect();
        first.dedup();
        first.sort_unstable();
        first.dedup();
        let is_checkpoint = first.iter().any(|name| name.contains("optim"));
        match is_checkpoint && self.key.is_none() {
            true => {
                format!(" (a checkpoint of {}; the key of its state_dict must be named)", first.join(", "))
            }
            false => String::new(),
        }
    }
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(ending))
}
