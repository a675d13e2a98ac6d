//! `vitrine describe`: the layers of a network, with weights or without, or the nodes of an ONNX file.

use serde_json::json;
use vitrine_lab::{Table, slip};
use vitrine_model::{Activation, NetworkSpec, Node, Parameter};

use super::arguments::{Common, Describe};
use super::model_argument::ModelArgument;
use super::model_commands::ModelArgs;
use super::terminal::print;
use super::{models, onnx};

pub fn run(common: &Common, args: &Describe) -> anyhow::Result<()> {
    match &args.network {
        ModelArgument::Onnx(path) => onnx::run(common, path, args),
        _ if args.check.is_some() => {
            Err(slip("--check: compares an ONNX file with what was stored of it; name one"))
        }
        ModelArgument::Weights(name) => {
            let model = ModelArgs { model: name.clone(), network: args.spec.clone(), key: args.key.clone() };
            // That its weights are the network's is what opening it shows.
            let opened = models::open(common, &model)?;
            let spec = args.spec.clone().or(opened.recipe.map(|recipe| recipe.network));
            layers(common, &spec.ok_or_else(|| slip("--network: says which network the weights belong to"))?)
        }
        ModelArgument::Spec(spec) => layers(common, spec),
    }
}

fn layers(common: &Common, network: &NetworkSpec) -> anyhow::Result<()> {
    let layers = network.layers();
    if common.json {
        let rows: Vec<_> = layers
            .iter()
            .map(|l| json!({ "layer": l.name, "units": l.n_units, "parameters": l.n_parameters() }))
            .collect();
        let node = |node: &Node| json!({ "node": node.name, "op": node.op.to_string(), "shape": node.shape });
        let nodes: Vec<_> = network.graph().nodes().iter().map(node).collect();
        let whole = json!({
            "network": network, "layers": rows, "nodes": nodes, "parameters": network.n_parameters(),
        });
        return print(&serde_json::to_string_pretty(&whole)?);
    }
    if 1 < network.graph().input_shape().len() {
        return nodes(network);
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

/// Every node of a network over channels, with the shape of what it computes of a sample.
fn nodes(network: &NetworkSpec) -> anyhow::Result<()> {
    let graph = network.graph();
    let mut table = Table::new(["node", "computes", "shape", "parameters"]);
    for id in graph.ids() {
        let node = &graph[id];
        let shape: Vec<String> = node.shape.iter().map(usize::to_string).collect();
        let learnt = graph.parameters(id).into_iter().filter(|parameter| parameter.role.is_learnt());
        let n_parameters: usize = learnt.map(|parameter: Parameter| parameter.len()).sum();
        table.row([node.name.clone(), node.op.to_string(), shape.join(" × "), n_parameters.to_string()]);
    }
    print(&format!("{}{} parameters\n", table.to_text(), network.n_parameters()))
}
