//! `vitrine describe m.onnx`: the nodes of a network from a file, and whether it computes what was stored.

use std::collections::HashMap;
use std::path::Path;

use ndarray::ArrayD;
use serde_json::json;
use vitrine_data::read_regular;
use vitrine_lab::Table;
use vitrine_model::{Difference, GeneralModel, Imported, Node, NodeId, stored_arrays};

use super::arguments::{Common, Describe};
use super::terminal::print;

/// Bytes of a file of stored values at most.
const MAX_BYTES: u64 = 1 << 32;

pub fn run(common: &Common, path: &Path, args: &Describe) -> anyhow::Result<()> {
    let network = Imported::read(path)?;
    match &args.check {
        Some(values) => check(common, &network, values, args),
        None => describe(common, &network),
    }
}

fn describe(common: &Common, network: &Imported) -> anyhow::Result<()> {
    let graph = &network.graph;
    let name = |id: NodeId| graph[id].name.as_str();
    let n_parameters = |id: NodeId| -> usize {
        graph.parameters(id).iter().filter(|p| p.role.is_learnt()).map(|p| p.len()).sum()
    };
    let takes = |node: &Node| node.inputs.iter().map(|&id| name(id)).collect::<Vec<_>>();
    if common.json {
        let nodes: Vec<_> = graph
            .ids()
            .map(|id| {
                let node = &graph[id];
                json!({
                    "node": node.name, "operator": network.operator(id), "op": node.op.to_string(),
                    "takes": takes(node), "shape": node.shape, "parameters": n_parameters(id),
                })
            })
            .collect();
        let inputs: Vec<_> =
            network.inputs.iter().map(|input| json!({ "input": input.name, "shape": input.shape })).collect();
        let outputs: Vec<_> = network
            .outputs
            .iter()
            .map(|(output, node)| json!({ "output": output, "node": name(*node) }))
            .collect();
        let whole = json!({
            "nodes": nodes, "inputs": inputs, "outputs": outputs, "opset": network.opset,
            "producer": network.producer, "one_sample_is_all": network.is_whole(),
            "parameters": graph.n_parameters(),
        });
        return print(&serde_json::to_string_pretty(&whole)?);
    }
    let mut table = Table::new(["node", "operator", "computes", "takes", "shape", "parameters"]);
    for id in graph.ids() {
        let node = &graph[id];
        let operator = network.operator(id).unwrap_or("–");
        table.row([
            node.name.clone(),
            operator.into(),
            node.op.to_string(),
            takes(node).join(", "),
            shape(&node.shape),
            n_parameters(id).to_string(),
        ]);
    }
    let inputs = network.inputs.iter().map(|input| {
        let sizes = input.shape.iter().map(|size| size.map_or("n".into(), |size| size.to_string()));
        format!("input {}: [{}]\n", input.name, sizes.collect::<Vec<_>>().join(", "))
    });
    let outputs = network.outputs.iter().map(|(output, node)| match output == name(*node) {
        true => format!("output {output}\n"),
        false => format!("output {output}: node {}\n", name(*node)),
    });
    let whole = match network.is_whole() {
        true => "its nodes mix samples or need a fixed number of them: all of its input is one sample\n",
        false => "",
    };
    print(&format!(
        "{}{}{}{whole}opset {}, by {}\n{} parameters\n",
        table.to_text(),
        inputs.collect::<String>(),
        outputs.collect::<String>(),
        network.opset,
        if network.producer.is_empty() { "an unnamed program" } else { &network.producer },
        graph.n_parameters(),
    ))
}

/// `3×224×224`; of a single value `1`.
fn shape(shape: &[usize]) -> String {
    match shape {
        [] => "1".into(),
        _ => shape.iter().map(usize::to_string).collect::<Vec<_>>().join("×"),
    }
}

/// Compares with stored values, node by node.
fn check(common: &Common, network: &Imported, values: &Path, args: &Describe) -> anyhow::Result<()> {
    let arrays = arrays(values)?;
    let model = GeneralModel::new(&network.graph, &network.weights, common.device)?;
    let (differences, unknown) = network.compare(&model, &arrays, args.rtol, args.atol)?;
    let n_beyond = differences.iter().filter(|difference| 0 < difference.n_beyond).count();
    if common.json {
        let row = |difference: &Difference| {
            json!({
                "array": difference.name, "node": network.graph[difference.node].name,
                "largest": difference.largest, "place": difference.place,
                "here": difference.values[0], "stored": difference.values[1],
                "beyond": difference.n_beyond, "values": difference.n_values,
            })
        };
        let whole = json!({
            "arrays": differences.iter().map(row).collect::<Vec<_>>(), "unknown": unknown,
            "rtol": args.rtol, "atol": args.atol, "agrees": n_beyond == 0,
        });
        print(&serde_json::to_string_pretty(&whole)?)?;
    } else {
        let mut table = Table::new(["array", "node", "largest difference", "at", "here", "stored", "beyond"]);
        for difference in &differences {
            table.row([
                difference.name.clone(),
                network.graph[difference.node].name.clone(),
                format!("{:.2e}", difference.largest),
                format!("{:?}", difference.place),
                difference.values[0].to_string(),
                difference.values[1].to_string(),
                format!("{} of {}", difference.n_beyond, difference.n_values),
            ]);
        }
        let unknown: String = unknown
            .iter()
            .map(|name| format!("{name}: no node computes it; weights and constants are not compared\n"))
            .collect();
        print(&format!("{}{unknown}", table.to_text()))?;
    }
    anyhow::ensure!(
        !differences.is_empty(),
        "{}: no array is named as a node of the network",
        values.display()
    );
    anyhow::ensure!(
        n_beyond == 0,
        "{n_beyond} of {} arrays differ by more than {} + {} |stored|",
        differences.len(),
        args.atol,
        args.rtol
    );
    Ok(())
}

/// The arrays of a file by name.
fn arrays(path: &Path) -> anyhow::Result<HashMap<String, ArrayD<f32>>> {
    let bytes = read_regular(path, MAX_BYTES)?;
    stored_arrays(&bytes).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
}
