//! `vitrine capture`: what every node computes for every sample, as arrays for other programs.

use std::path::Path;

use ndarray::{ArrayD, ArrayViewD, Axis, concatenate};
use serde_json::json;
use vitrine_data::{DataSettings, Dataset, Split, Tree};
use vitrine_lab::capture::{
    ArchiveKind, CaptureEnd, Source, capture_to_archive, capture_to_folder, labels_npy,
};
use vitrine_lab::{StopFlag, data_streams, named_data, slip};
use vitrine_model::{Graph, NodeId};

use super::arguments::Common;
use super::model_commands::{Capture, Set};
use super::models::{self, OpenedModel};
use super::open;
use super::progress::Progress;
use super::terminal::{note, print};

pub fn run(common: &Common, args: &Capture, stop: &StopFlag) -> anyhow::Result<()> {
    let OpenedModel { id, model, recipe, .. } = models::open(common, &args.model)?;
    let (data, seed) = match (&args.data, recipe) {
        (Some(text), _) => named_data(text)?,
        (None, Some(recipe)) => (recipe.data, recipe.seed),
        (None, None) => {
            return Err(slip("--data: which samples? A model from a file brings none of its own"));
        }
    };
    let is_file = args.data.as_ref().is_some_and(|text| !text.ends_with(".toml"));
    let split = split(common, &data, seed, is_file && args.set == Set::All)?;
    let set = samples(split, args.set)?;
    let inputs = in_shape(&set, model.graph())?;
    let nodes = nodes(model.graph(), &args.layers)?;
    let inputs_id = set.content_hash();
    let source = Source { model: &*model, model_id: id, inputs, inputs_id, nodes };
    let watch = Progress::default();
    let end = match ArchiveKind::of(&args.out) {
        Some(kind) => capture_to_archive(&source, kind, &args.out, stop, &watch)?,
        None => capture_to_folder(&source, &Tree::at(&args.out), stop, &watch)?,
    };
    if let Some(path) = &args.labels {
        write_labels(path, &set)?;
    }
    tell(common, args, &end)
}

/// The sets of the data. Where the files are to be taken whole, no shares are taken of them, so that samples keep the
/// order that they have there.
fn split(common: &Common, data: &DataSettings, seed: u64, is_whole: bool) -> anyhow::Result<Split> {
    let folders = open::folders(common);
    let load = |data: DataSettings| data.load(&data_streams(seed), &folders);
    let without: [&[&str]; 3] = [&["validation", "test"], &["validation"], &["test"]];
    for parts in without.into_iter().filter(|_| is_whole) {
        let settings = parts.iter().try_fold(data.clone(), |data, part| data.with(part, "0"));
        match settings.and_then(load) {
            // A source that takes no shares, or brings such a set of its own.
            Err(error) if error.is_slip() => {}
            loaded => return Ok(loaded?),
        }
    }
    Ok(load(data.clone())?)
}

/// The samples asked for.
fn samples(Split { train, validation, test }: Split, set: Set) -> anyhow::Result<Dataset> {
    let chosen = match set {
        Set::All => joined([train, validation, test]),
        Set::Train => train,
        Set::Validation => validation,
        Set::Test => test,
    };
    match chosen.inputs().shape()[0] {
        0 => Err(slip("--set: there are no such samples in these data")),
        _ => Ok(chosen),
    }
}

/// Sets one after the other.
fn joined(sets: [Dataset; 3]) -> Dataset {
    let sets: Vec<Dataset> = sets.into_iter().filter(|set| 0 < set.inputs().shape()[0]).collect();
    let views: Vec<ArrayViewD<'_, f32>> = sets.iter().map(Dataset::inputs).collect();
    let Some(first) = sets.first() else { return Dataset::unlabelled(ArrayD::zeros(vec![0, 1])) };
    let inputs = concatenate(Axis(0), &views).expect("sets of one source have one shape");
    if !first.is_labelled() {
        return Dataset::unlabelled(inputs);
    }
    let labels = sets.iter().flat_map(|set| set.labels().iter().copied()).collect();
    Dataset::new(inputs, labels, first.classes().to_vec())
}

/// The samples in the shape that the network takes: as many values, in whatever axes.
fn in_shape<'a>(set: &'a Dataset, graph: &Graph) -> anyhow::Result<ArrayViewD<'a, f32>> {
    let inputs = set.inputs();
    let n = inputs.shape()[0];
    let shape = [&[n], graph.input_shape()].concat();
    let found = set.feature_shape().to_vec();
    inputs.into_shape_with_order(shape).map_err(|_| {
        let wanted = graph.input_shape();
        slip(format!("--data: its samples have the shape {found:?}, and the network takes {wanted:?}"))
    })
}

/// The nodes of these names; where none is named, all but the input.
fn nodes(graph: &Graph, names: &[String]) -> anyhow::Result<Vec<NodeId>> {
    if names.is_empty() {
        return Ok(graph.ids().filter(|&id| id != NodeId::INPUT).collect());
    }
    let mut nodes = Vec::new();
    for name in names {
        let id = graph.find(name).ok_or_else(|| {
            let known: Vec<&str> = graph.nodes().iter().map(|node| node.name.as_str()).take(30).collect();
            slip(format!("--layers: no node `{name}`; there are {}", known.join(", ")))
        })?;
        if !nodes.contains(&id) {
            nodes.push(id);
        }
    }
    Ok(nodes)
}

fn write_labels(path: &Path, set: &Dataset) -> anyhow::Result<()> {
    if !set.is_labelled() {
        return Err(slip("--labels: the samples have none"));
    }
    let (folder, name) = (path.parent().unwrap_or(Path::new("")), path.file_name());
    let name = name.ok_or_else(|| slip(format!("--labels {}: names no file", path.display())))?;
    let bytes = labels_npy(set.labels());
    if std::fs::read(path).is_ok_and(|there| there != bytes) {
        return Err(slip(format!(
            "--labels {}: is there already, with something else in it",
            path.display()
        )));
    }
    Ok(Tree::at(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
        .write_whole(name, &bytes)?)
}

fn tell(common: &Common, args: &Capture, end: &CaptureEnd) -> anyhow::Result<()> {
    let captured = &end.captured;
    if 0 < end.n_before {
        note(&format!("{} of {} samples were there already", end.n_before, captured.n_samples));
    }
    if common.json {
        let whole = json!({ "out": args.out, "samples": captured.n_samples, "nodes": captured.nodes });
        return print(&serde_json::to_string_pretty(&whole)?);
    }
    let (n_nodes, n_samples) = (captured.nodes.len(), captured.n_samples);
    print(&format!("{}: {n_nodes} nodes of {n_samples} samples\n", args.out.display()))
}
