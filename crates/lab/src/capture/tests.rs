//! Captures are what the model computes, whatever the batch, and go on where they were broken off.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::{Array2, ArrayD, ArrayViewD};
use ndarray_npy::read_npy;
use vitrine_data::{Streams, Tree};
use vitrine_model::{
    Gradients, Graph, Init, Model, ModelError, NetworkSpec, NodeId, Objective, Weights, open_model,
};

use super::*;
use crate::stop::StopFlag;
use crate::watch::Unwatched;

/// A model that asks for a stop after some calls.
struct StopsAfter<'a> {
    model: &'a dyn Model,
    calls: AtomicUsize,
    stop: (usize, StopFlag),
}

impl Model for StopsAfter<'_> {
    fn graph(&self) -> &Graph {
        self.model.graph()
    }

    fn run(&self, inputs: ArrayViewD<f32>, taps: &[NodeId]) -> Result<Vec<ArrayD<f32>>, ModelError> {
        if self.calls.fetch_add(1, Ordering::SeqCst) + 1 == self.stop.0 {
            self.stop.1.request();
        }
        self.model.run(inputs, taps)
    }

    fn gradient(&self, x: ArrayViewD<f32>, o: &Objective, at: &[NodeId]) -> Result<Gradients, ModelError> {
        self.model.gradient(x, o, at)
    }
}

fn model(text: &str) -> Box<dyn Model + Send + Sync> {
    let spec: NetworkSpec = text.parse().unwrap();
    let weights = Weights::init(spec.graph(), Init::PyTorch, &mut Streams::new(3).rng("weights"));
    open_model(spec.graph(), &weights).unwrap()
}

fn inputs(n: usize) -> ArrayD<f32> {
    Array2::from_shape_fn((n, 36), |(i, j)| ((i * 36 + j) as f32 * 0.37).sin())
        .into_shape_with_order((n, 1, 6, 6))
        .unwrap()
        .into_dyn()
}

fn source<'a>(model: &'a dyn Model, inputs: &'a ArrayD<f32>) -> Source<'a> {
    let nodes = model.graph().ids().skip(1).collect();
    Source { model, model_id: "m".into(), inputs: inputs.view(), inputs_id: "x".into(), nodes }
}

fn assert_whole(folder: &Path, source: &Source<'_>) {
    let expected = source.model.run(source.inputs.view(), &source.nodes).unwrap();
    for (&node, expected) in source.nodes.iter().zip(expected) {
        let name = &source.model.graph()[node].name;
        let found: ArrayD<f32> = read_npy(folder.join(format!("{name}.npy"))).unwrap();
        assert_eq!(found, expected, "{name}");
    }
}

const CNN: &str = "cnn:1x6x6,conv3x3x4,pool2,5,3";

#[test]
fn a_folder_holds_every_node_and_is_not_made_twice() {
    let dir = tempfile::tempdir().unwrap();
    let (model, x) = (model(CNN), inputs(2_300));
    let source = source(&*model, &x);
    let (tree, stop) = (Tree::at(dir.path().join("acts")), StopFlag::default());
    let end = capture_to_folder(&source, &tree, &stop, &Unwatched).unwrap();
    assert_eq!((end.n_before, end.captured.n_done), (0, 2_300));
    assert_whole(tree.path(), &source);
    assert_eq!(capture_to_folder(&source, &tree, &stop, &Unwatched).unwrap().n_before, 2_300);
    let other = Source { inputs_id: "y".into(), ..source };
    let error = capture_to_folder(&other, &tree, &stop, &Unwatched).unwrap_err().to_string();
    assert!(error.contains("another folder is wanted"), "{error}");
}

#[test]
fn a_stopped_capture_goes_on_to_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let (model, x, stop) = (model(CNN), inputs(2_300), StopFlag::default());
    let stopping = StopsAfter { model: &*model, calls: AtomicUsize::new(0), stop: (2, stop.clone()) };
    let tree = Tree::at(dir.path());
    let error = capture_to_folder(&source(&stopping, &x), &tree, &stop, &Unwatched).unwrap_err();
    assert!(error.is::<crate::Interrupted>(), "{error}");
    assert!(!dir.path().join("conv1.npy").exists());
    let source = source(&*model, &x);
    let end = capture_to_folder(&source, &tree, &StopFlag::default(), &Unwatched).unwrap();
    assert_eq!(end.n_before, 2_000);
    assert_whole(dir.path(), &source);
}

#[test]
fn a_folder_with_something_else_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("thesis.txt"), "mine").unwrap();
    let (model, x) = (model(CNN), inputs(3));
    let tree = Tree::at(dir.path());
    let error = capture_to_folder(&source(&*model, &x), &tree, &StopFlag::default(), &Unwatched).unwrap_err();
    assert!(error.to_string().contains("holds thesis.txt"), "{error}");
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn archives_hold_the_same_arrays_under_the_nodes_own_names() {
    let dir = tempfile::tempdir().unwrap();
    let (model, x) = (model(CNN), inputs(7));
    let source = source(&*model, &x);
    let expected = source.model.run(x.view(), &source.nodes).unwrap();
    let path = dir.path().join("acts.safetensors");
    capture_to_archive(&source, ArchiveKind::Safetensors, &path, &StopFlag::default(), &Unwatched).unwrap();
    let bytes = std::fs::read(&path).unwrap();
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    for (&node, expected) in source.nodes.iter().zip(&expected) {
        let tensor = file.tensor(&model.graph()[node].name).unwrap();
        let values: Vec<f32> = tensor.data().as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect();
        assert_eq!((tensor.shape(), values), (expected.shape(), expected.iter().copied().collect()));
    }
    let path = dir.path().join("acts.npz");
    capture_to_archive(&source, ArchiveKind::Npz, &path, &StopFlag::default(), &Unwatched).unwrap();
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert!(names.contains(&"conv1.relu.npy".to_string()) && names.len() == source.nodes.len());
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut archive.by_name("output.npy").unwrap(), &mut bytes).unwrap();
    std::fs::write(dir.path().join("o.npy"), bytes).unwrap();
    let found: ArrayD<f32> = read_npy(dir.path().join("o.npy")).unwrap();
    assert_eq!(found, expected[expected.len() - 2]);
    let again = capture_to_archive(&source, ArchiveKind::Npz, &path, &StopFlag::default(), &Unwatched);
    assert!(again.unwrap_err().to_string().contains("is there already"));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 3, "nothing temporary is left");
}
