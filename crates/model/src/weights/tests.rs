//! Draws, bytes and shapes; the bytes are those of the first version that wrote such files.

use ndarray::{Array1, Array2, array};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use safetensors::SafeTensors;

use super::*;
use crate::grammar::NetworkSpec;
use crate::graph::Graph;
use crate::train::TrainState;

fn graph(spec: &str) -> Graph {
    spec.parse::<NetworkSpec>().unwrap().graph().clone()
}

fn weights(spec: &str, init: Init) -> (Graph, Weights) {
    let graph = graph(spec);
    let weights = Weights::init(&graph, init, &mut ChaCha8Rng::seed_from_u64(5));
    (graph, weights)
}

/// BLAKE3 of the files of weights and of the state of training before its first epoch.
const GOLDEN: [(&str, Init, &str, &str); 9] = [
    (
        "mlp:20-16-12-8",
        Init::GlorotUniform,
        "2d4506ac9735081d7ca238693e94a01fe8744effed99430b719316a6c5228da9",
        "c47a206f29f9e00a7fd4135ec48acd19cac840f1d2538394dab2d93df3d629ba",
    ),
    (
        "mlp:20-16-12-8",
        Init::HeUniform,
        "a5890c80dc48fd255b534d04ae4212f86b8684eb41e838abbe72f69df9611c5c",
        "7b434836cdbb55b7e9491026b2094aa07720210c69b7b97af79bb3bb46793f60",
    ),
    (
        "mlp:20-16-12-8",
        Init::PyTorch,
        "f2f6e93e32d2ded6cb7578ba0345e3ae14184ad02aeddd517823ab1a4fa2c3d6",
        "6e83e4534aab3a9765ce0266a83f672ce0cc7c51777bc131ee1e7bb2e482b3e0",
    ),
    (
        "cnn:20,conv5,conv4+relu,10,8",
        Init::GlorotUniform,
        "9bf95cbbfb885fa8c9d0339b12598be3f5967bad0b871c06cbd347a696da7331",
        "8f195eb1de82530a7c20902a95283e8a8d7a3b3cb8d38f64b06fb512468f07af",
    ),
    (
        "cnn:20,conv5,conv4+relu,10,8",
        Init::HeUniform,
        "af53ac84d5b7eb4f9b5180326c2eaa7c86c895e790a5b5daae58520a41c88fa6",
        "fdd8899525d0de54847b1625aa145d61c44733647bb1366dcef6ccfb72764348",
    ),
    (
        "cnn:20,conv5,conv4+relu,10,8",
        Init::PyTorch,
        "1cf5ffa8fa55f8b37257dc551e8e9b2876984b06c3046da66a578fac6a2a00aa",
        "6afa40ca9943206295b99eb28f57628a11a806fffeee58afacc3a742d98f9eec",
    ),
    (
        "bottleneck:20-10-2-10-8",
        Init::GlorotUniform,
        "4f13e08260a41b431e3b25915a25e1422ef860ac051ad7148a0a5ba797b65725",
        "5244ece0549d2a7c9b11b5f74bd1926bedbc1e1dcbc2b3a0c6783ddf7cea9abe",
    ),
    (
        "bottleneck:20-10-2-10-8",
        Init::HeUniform,
        "2e8820694d9eafb2f299be8c9c9590285c049f29ea31e4aebc34731daa9aa70a",
        "c5b6e85885b39e45482ced583a0791258bfd060e061673e83a694c1241e04cc9",
    ),
    (
        "bottleneck:20-10-2-10-8",
        Init::PyTorch,
        "befd2128aa717a949ee7ac8d30592250335c8fb2507bd73a512cd620bed47836",
        "dd343df471605eca06b15278c7a1c205019058486682d1210cea9db44814a89a",
    ),
];

#[test]
fn draws_and_bytes_are_the_same_for_ever() {
    for (spec, init, file, state) in GOLDEN {
        let (_, weights) = weights(spec, init);
        assert_eq!(blake3::hash(&weights.to_safetensors()).to_hex().as_str(), file, "{spec} {init:?}");
        let bytes = TrainState::new(weights).to_bytes();
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), state, "state of {spec} {init:?}");
    }
}

#[test]
fn glorot_weights_fill_their_range_and_biases_are_zero() {
    let (_, weights) = weights("mlp:100-50-60", Init::GlorotUniform);
    let bound = (6.0f32 / 150.0).sqrt();
    let first = weights.get("hidden1", "weight").unwrap();
    let largest = first.iter().fold(0.0f32, |m, w| m.max(w.abs()));
    assert!(0.99 * bound < largest && largest <= bound);
    let mut biases = weights.iter().filter(|array| array.parameter == "bias");
    assert!(biases.all(|array| array.values.iter().all(|&b| b == 0.0)));
}

#[test]
fn pytorch_s_biases_are_drawn_too() {
    let (_, weights) = weights("mlp:100-50-60", Init::PyTorch);
    let bias = weights.vector("hidden1", "bias").unwrap();
    assert!(bias.iter().any(|&b| b != 0.0));
    assert!(bias.iter().all(|&b| b.abs() <= 0.1));
}

#[test]
fn safetensors_keep_every_bit() {
    let (graph, weights) = weights("cnn:20,conv5,conv3,8", Init::PyTorch);
    let bytes = weights.to_safetensors();
    assert_eq!(Weights::from_safetensors(&bytes, &graph).unwrap(), weights);
    assert_eq!(bytes, weights.to_safetensors());
}

#[test]
fn tensors_have_pytorch_s_names_and_shapes() {
    let (_, weights) = weights("cnn:20,conv5,8", Init::GlorotUniform);
    let bytes = weights.to_safetensors();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    assert_eq!(file.tensor("conv1.weight").unwrap().shape(), [1, 1, 5]);
    assert_eq!(file.tensor("output.weight").unwrap().shape(), [8, 20]);
    assert_eq!(weights.matrix("conv1", "weight").unwrap().dim(), (1, 5));
}

#[test]
fn weights_of_another_network_are_refused_by_name_and_shape() {
    let (_, weights) = weights("mlp:20-10-8", Init::GlorotUniform);
    let other = graph("mlp:20-11-8");
    let error = Weights::from_safetensors(&weights.to_safetensors(), &other).unwrap_err().to_string();
    assert!(error.contains("hidden1.weight") && error.contains("[11, 20]"), "{error}");
    assert!(weights.check(&other).unwrap_err().to_string().contains("hidden1.weight"));
    assert!(Weights::from_safetensors(b"nonsense", &other).is_err());
    let error = Weights::from_safetensors(&weights.to_safetensors(), &graph("mlp:20-10-9-8")).unwrap_err();
    assert!(error.to_string().contains("hidden2.weight"), "{error}");
}

#[test]
fn as_many_values_in_another_shape_are_refused() {
    let turned = Weights::default().with("output", "weight", Array2::zeros((4, 8))).with(
        "output",
        "bias",
        Array1::zeros(8),
    );
    let error = Weights::from_safetensors(&turned.to_safetensors(), &graph("mlp:4-8")).unwrap_err();
    assert!(
        error.to_string().contains("output.weight: has shape [4, 8], the network needs [8, 4]"),
        "{error}"
    );
}

#[test]
fn a_tensor_of_another_type_is_refused() {
    let raw = |dtype, shape: Vec<usize>| {
        let n = shape.iter().product::<usize>() * if dtype == safetensors::Dtype::F64 { 8 } else { 4 };
        RawTensor { dtype, shape, bytes: vec![0; n] }
    };
    let tensors = [
        ("output.weight".to_string(), raw(safetensors::Dtype::F64, vec![8, 4])),
        ("output.bias".to_string(), raw(safetensors::Dtype::F32, vec![8])),
    ];
    let bytes = serialise(&tensors.into_iter().collect(), None);
    let error = Weights::from_safetensors(&bytes, &graph("mlp:4-8")).unwrap_err();
    assert!(error.to_string().contains("output.weight: holds F64, want F32"), "{error}");
}

#[test]
fn what_no_node_has_is_refused() {
    let graph = graph("mlp:2-1");
    let weights =
        Weights::default().with("output", "weight", array![[1.0, 2.0]]).with("output", "bias", array![0.0]);
    assert!(weights.check(&graph).is_ok());
    let more = weights.with("hidden9", "bias", array![0.0]);
    assert!(more.check(&graph).unwrap_err().to_string().contains("hidden9.bias"));
}
