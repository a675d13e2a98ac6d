//! Which array of a file is which parameter of a network: by name, by order, or by shape.

use std::fmt;

use super::order::natural;
use super::signature::Module;
use crate::weights::Weights;

/// How arrays found their parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchedBy {
    /// They have the network's own names.
    Name,
    /// The modules of the file learn, one after the other, what the network's nodes do.
    Order,
    /// Modules that learn arrays of the same shapes are few or one; where there are several, they are taken in the order
    /// of their names.
    Shape,
}

impl fmt::Display for MatchedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MatchedBy::Name => "name",
            MatchedBy::Order => "order",
            MatchedBy::Shape => "shape",
        })
    }
}

/// Weights from a file, and where each came from.
#[derive(Clone, Debug)]
pub struct Matching {
    /// The weights.
    pub weights: Weights,
    /// How they were found.
    pub by: MatchedBy,
    /// Nodes of the network that learn, each with the module of the file.
    pub modules: Vec<(String, String)>,
}

/// For each of `nodes` the place of its module among those of the file.
pub fn matched(nodes: &[Module], modules: &[Module]) -> Option<(MatchedBy, Vec<usize>)> {
    if nodes.len() != modules.len() {
        return None;
    }
    let by_name =
        |node: &Module| modules.iter().position(|module| module.name == node.name && module.is_like(node));
    if let Some(places) = nodes.iter().map(by_name).collect() {
        return Some((MatchedBy::Name, places));
    }
    if nodes.iter().zip(modules).all(|(node, module)| node.is_like(module)) {
        return Some((MatchedBy::Order, (0..nodes.len()).collect()));
    }
    let mut by_name: Vec<usize> = (0..modules.len()).collect();
    by_name.sort_by_cached_key(|&place| natural(&modules[place].name));
    let mut places = Vec::with_capacity(nodes.len());
    for node in nodes {
        let is_free = |place: &&usize| !places.contains(*place) && modules[**place].is_like(node);
        places.push(*by_name.iter().find(is_free)?);
    }
    Some((MatchedBy::Shape, places))
}

/// Both sides, line by line, with a mark where they differ.
pub fn side_by_side(nodes: &[Module], modules: &[Module]) -> String {
    let left: Vec<String> = nodes.iter().map(Module::shown).collect();
    let right: Vec<String> = modules.iter().map(Module::shown).collect();
    let width = left.iter().map(|line| line.chars().count()).max().unwrap_or(0).max("the network".len());
    let mut table = format!("  {:width$}  the file", "the network");
    for place in 0..left.len().max(right.len()) {
        let is_alike = matches!((nodes.get(place), modules.get(place)), (Some(a), Some(b)) if a.is_like(b));
        let mark = if is_alike { ' ' } else { '≠' };
        let of = |side: &[String]| side.get(place).map_or("–", String::as_str).to_string();
        table += &format!("\n{mark} {:width$}  {}", of(&left), of(&right));
    }
    table
}
