//! Arrays find their parameters by name, order or shape, and a mismatch shows both sides.

use std::path::PathBuf;

use ndarray::{ArrayD, IxDyn};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;

use super::order::natural;
use super::{MatchedBy, StateDict, StateDictError};
use crate::grammar::NetworkSpec;
use crate::weights::{Init, Weights};

fn spec(text: &str) -> NetworkSpec {
    text.parse().unwrap()
}

fn weights(spec: &NetworkSpec) -> Weights {
    Weights::init(spec.graph(), Init::PyTorch, &mut ChaCha8Rng::seed_from_u64(1))
}

/// A safetensors file of arrays under other names.
fn file(dir: &TempDir, arrays: &[(&str, &ArrayD<f32>)]) -> PathBuf {
    let mut renamed = Weights::default();
    for (name, values) in arrays {
        let (module, parameter) = name.rsplit_once('.').unwrap();
        renamed.set(module, parameter, (*values).clone());
    }
    let path = dir.path().join("w.safetensors");
    std::fs::write(&path, renamed.to_safetensors()).unwrap();
    path
}

/// The same weights with the nodes renamed in their order.
fn under(dir: &TempDir, weights: &Weights, names: &[(&str, &str)]) -> PathBuf {
    let renamed: Vec<(String, &ArrayD<f32>)> = weights
        .iter()
        .map(|array| {
            let name = names.iter().find(|(node, _)| *node == array.node).unwrap().1;
            (format!("{name}.{}", array.parameter), &array.values)
        })
        .collect();
    file(dir, &renamed.iter().map(|(name, values)| (name.as_str(), *values)).collect::<Vec<_>>())
}

#[test]
fn names_are_compared_as_people_count() {
    let mut names = ["layer10.conv", "layer2.conv", "layer2.bn", "a", "layer02.d"];
    names.sort_by_cached_key(|name| natural(name));
    assert_eq!(names, ["a", "layer2.bn", "layer2.conv", "layer02.d", "layer10.conv"]);
}

#[test]
fn own_names_are_taken_first() {
    let dir = TempDir::new().unwrap();
    let spec = spec("mlp:4-3-3-3");
    let ours = weights(&spec);
    let path = dir.path().join("w.safetensors");
    std::fs::write(&path, ours.to_safetensors()).unwrap();
    let found = StateDict::read(&path, None).unwrap().weights_for(spec.graph()).unwrap();
    assert_eq!((found.by, found.weights), (MatchedBy::Name, ours));
}

#[test]
fn layers_of_a_sequential_are_found_in_the_order_of_their_numbers() {
    let dir = TempDir::new().unwrap();
    let spec = spec("mlp:3-3-3-3-3");
    let ours = weights(&spec);
    let names = [("hidden1", "0"), ("hidden2", "2"), ("hidden3", "4"), ("output", "10")];
    let found =
        StateDict::read(&under(&dir, &ours, &names), None).unwrap().weights_for(spec.graph()).unwrap();
    assert_eq!(found.weights, ours);
    assert_eq!(found.modules[3], ("output".into(), "10".into()));
}

#[test]
fn layers_of_any_names_are_found_by_their_shapes() {
    let dir = TempDir::new().unwrap();
    let spec = spec("cnn:1x8x8,conv3x3x2+nobias+bn,conv3x3x2,5,2");
    let ours = weights(&spec);
    let names = [
        ("conv1", "z.conv"),
        ("conv1.bn", "y.norm"),
        ("conv2", "x.conv"),
        ("hidden1", "fc"),
        ("output", "a"),
    ];
    let found =
        StateDict::read(&under(&dir, &ours, &names), None).unwrap().weights_for(spec.graph()).unwrap();
    assert_eq!((found.by, &found.weights), (MatchedBy::Shape, &ours));
}

#[test]
fn a_mismatch_shows_both_sides() {
    let dir = TempDir::new().unwrap();
    let path = under(&dir, &weights(&spec("mlp:4-3-2")), &[("hidden1", "fc1"), ("output", "fc2")]);
    let error = StateDict::read(&path, None).unwrap().weights_for(spec("mlp:4-5-2").graph()).unwrap_err();
    let text = error.to_string();
    for line in ["hidden1: bias [5], weight [5, 4]", "fc1: bias [3], weight [3, 4]", "≠ output"] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn what_is_no_such_file_says_so() {
    let dir = TempDir::new().unwrap();
    let graph = spec("mlp:4-2");
    let read = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        StateDict::read(&path, None).and_then(|file| file.weights_for(graph.graph())).unwrap_err().to_string()
    };
    assert!(read("w.bin", b"x").contains(".safetensors, .pt and .pth"));
    assert!(read("w.safetensors", b"x").contains("no sound safetensors file"));
    assert!(read("w.pt", b"x").contains("no sound file of torch.save"));
    let nan = ArrayD::from_elem(IxDyn(&[2, 4]), f32::NAN);
    let bias = ArrayD::zeros(IxDyn(&[2]));
    let path = file(&dir, &[("0.weight", &nan), ("0.bias", &bias)]);
    let found = StateDict::read(&path, None).unwrap().weights_for(graph.graph());
    assert!(matches!(found, Err(StateDictError::NotFinite { name, .. }) if name == "0.weight"));
}
