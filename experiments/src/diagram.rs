//! Diagrams of networks, for any specification.

use vitrine_figures::{Column, NetworkDiagram, Picture};
use vitrine_model::{Activation, LayerKind, NetworkSpec};

use crate::run_folder::Gallery;

/// Draws the diagram of a network as a figure.
pub fn draw(gallery: &mut Gallery, figure: &str, spec: &NetworkSpec) -> anyhow::Result<()> {
    let width = 140 * (spec.layers().len() as u32 + 1);
    gallery.add(figure, Picture { width: width.max(360), height: 260 }, &of(spec))
}

/// The diagram of a network.
pub fn of(spec: &NetworkSpec) -> NetworkDiagram {
    let input =
        Column { name: "input".into(), n_units: spec.n_inputs(), step: String::new(), is_local: false };
    let last = spec.layers().len() - 1;
    let layers = spec.layers().iter().enumerate().map(|(l, layer)| {
        let kind = match layer.kind {
            LayerKind::Dense { .. } => "dense".to_string(),
            LayerKind::Conv1d { kernel_size, .. } => format!("conv {kernel_size}"),
        };
        let activation = match layer.activation {
            _ if l == last => ", softmax",
            Activation::Relu => ", ReLU",
            Activation::Identity => "",
        };
        Column {
            name: layer.name.clone(),
            n_units: layer.n_units(),
            step: kind + activation,
            is_local: matches!(layer.kind, LayerKind::Conv1d { .. }),
        }
    });
    NetworkDiagram { title: spec.to_string(), columns: std::iter::once(input).chain(layers).collect() }
}
