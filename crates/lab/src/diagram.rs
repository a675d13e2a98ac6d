//! Diagrams of networks, for any specification.

use vitrine_figures::{Column, NetworkDiagram, Picture};
use vitrine_model::{Layer, NetworkSpec, Op};

use crate::gallery::Gallery;

/// Draws the diagram of a network as a figure.
///
/// # Errors
/// When it cannot be drawn or written.
pub fn draw(gallery: &mut Gallery, figure: &str, spec: &NetworkSpec) -> anyhow::Result<()> {
    let width = 140 * (spec.layers().len() as u32 + 1);
    gallery.add(figure, Picture { width: width.max(360), height: 260 }, &of(spec))
}

/// The diagram of a network.
pub fn of(spec: &NetworkSpec) -> NetworkDiagram {
    let input =
        Column { name: "input".into(), n_units: spec.n_inputs(), step: String::new(), is_local: false };
    let column = |layer: &Layer| {
        let follows = match layer.has_softmax {
            true => Some(Op::Softmax),
            false => layer.activation.map(Op::Activation),
        };
        Column {
            name: layer.name.clone(),
            n_units: layer.n_units,
            step: follows.map_or(layer.op.to_string(), |follows| format!("{}, {follows}", layer.op)),
            is_local: layer.op.is_local(),
        }
    };
    let layers = spec.layers().iter().map(column);
    NetworkDiagram { title: spec.to_string(), columns: std::iter::once(input).chain(layers).collect() }
}
