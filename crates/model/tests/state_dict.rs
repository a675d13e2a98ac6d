//! Weights that PyTorch saved compute PyTorch's logits. Reference: `assets/reference/state_dicts.py`.

use std::path::PathBuf;

use ndarray::ArrayD;
use vitrine_data::read_arrays;
use vitrine_model::{MatchedBy, NetworkSpec, StateDict, open_model};

fn file(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/reference/state_dicts")).join(name)
}

/// How the weights of a file were found for a network, which then computes what PyTorch does.
fn found(name: &str, ending: &str, key: Option<&str>, spec: &str) -> MatchedBy {
    let spec: NetworkSpec = spec.parse().unwrap();
    let io = read_arrays(&file(&format!("{name}.io.safetensors"))).unwrap();
    let matching = StateDict::read(&file(&format!("{name}.{ending}")), key)
        .and_then(|file| file.weights_for(spec.graph()))
        .unwrap_or_else(|error| panic!("{error}"));
    let model = open_model(spec.graph(), &matching.weights).unwrap();
    let (inputs, expected): (&ArrayD<f32>, &ArrayD<f32>) = (&io["inputs"], &io["logits"]);
    let logits = &model.run(inputs.view(), &[spec.graph().logits()]).unwrap()[0];
    for (a, b) in logits.iter().zip(expected) {
        assert!((a - b).abs() < 1e-5, "{name}: {a} here, {b} in PyTorch");
    }
    matching.by
}

#[test]
fn a_sequential_is_found_by_its_order() {
    assert_eq!(found("sequential", "pt", None, "mlp:4-6-6-3"), MatchedBy::Order);
}

#[test]
fn the_order_of_the_file_tells_layers_of_one_shape_apart() {
    assert_eq!(found("unordered", "pt", None, "mlp:4-4-4-4"), MatchedBy::Order);
}

#[test]
fn a_checkpoint_is_read_by_its_key_and_names_its_keys_without_one() {
    assert_eq!(found("checkpoint", "pth", Some("model"), "mlp:4-4-4-4"), MatchedBy::Order);
    let spec: NetworkSpec = "mlp:4-4-4-4".parse().unwrap();
    let file = StateDict::read(&file("checkpoint.pth"), None).unwrap();
    let error = file.weights_for(spec.graph()).unwrap_err().to_string();
    assert!(error.contains("checkpoint of model, optimizer"), "{error}");
}

#[test]
fn numbers_of_half_precision_are_read() {
    assert_eq!(found("half", "pt", None, "mlp:4-6-6-3"), MatchedBy::Order);
}

#[test]
fn convolutional_networks_are_found_by_their_shapes() {
    let lenet = "cnn:1x16x16,conv5x5x3,pool2,conv3x3x4,pool2,12,5";
    assert_eq!(found("lenet", "safetensors", None, lenet), MatchedBy::Shape);
    let signals = "cnn:2x16,conv5x3+stride2+pad2+bn+tanh,avgpool2,3";
    assert_eq!(found("signals", "pt", None, signals), MatchedBy::Order);
}

#[test]
fn residual_blocks_are_those_of_torchvision() {
    let resnet = "cnn:3x8x8,conv3x3x4+same+nobias+bn,res3x3x4+bn,res3x3x6+stride2+bn,gap,3";
    assert_eq!(found("resnet", "safetensors", None, resnet), MatchedBy::Shape);
}
