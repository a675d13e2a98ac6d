//! `vitrine describe`: the layers of a network, or the nodes of an ONNX file.

use serde_json::json;
use vitrine_lab::{Table, slip};
use vitrine_model::{Activation, NetworkSpec};

use super::arguments::{Common, Describe};
use super::model_argument::ModelArgument;
use super::onnx;
use super::terminal::print;

pub fn run(common: &Common, args: &Describe) -> anyhow::Result<()> {
    match &args.network {
        ModelArgument::Onnx(path) => onnx::run(common, path, args),
        ModelArgument::Spec(spec) if args.check.is_none() => layers(common, spec),
        ModelArgument::Spec(_) => {
            Err(slip("--check: a specification has no weights to compare; name an ONNX file"))
        }
    }
}

fn layers(common: &Common, network: &NetworkSpec) -> anyhow::Result<()> {
    let layers = network.layers();
    if common.json {
        let rows: Vec<_> = layers
            .iter()
            .map(|l| json!({ "layer": l.name, "units": l.n_units, "parameters": l.n_parameters() }))
            .collect();
        let whole = json!({ "network": network, "layers": rows, "parameters": network.n_parameters() });
        return print(&serde_json::to_string_pretty(&whole)?);
    }
    let mut table = Table::new(["layer", "units", "parameters", "activation"]);
    table.row(["input".to_string(), network.n_inputs().to_string(), "0".into(), "–".into()]);
    for layer in layers {
        let activation = layer.activation.map_or("identity", Activation::word);
        table.row([
            layer.name.clone(),
            layer.n_units.to_string(),
            layer.n_parameters().to_string(),
            activation.into(),
        ]);
    }
    print(&format!("{}{} parameters\n", table.to_text(), network.n_parameters()))
}
