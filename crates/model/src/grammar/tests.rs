//! What is written parses, what is parsed prints as it was written, and what is wrong is pointed at.

use proptest::prelude::*;

use super::*;
use crate::graph::Activation;

fn spec(text: &str) -> NetworkSpec {
    text.parse().unwrap()
}

fn error(text: &str) -> String {
    text.parse::<NetworkSpec>().unwrap_err().to_string()
}

#[test]
fn layers_are_named_by_kind_and_place() {
    let names: Vec<String> =
        spec("cnn:100,conv5,conv9,50,60").layers().iter().map(|l| l.name.clone()).collect();
    assert_eq!(names, ["conv1", "conv2", "hidden1", "output"]);
}

#[test]
fn parameters_are_counted_by_hand() {
    assert_eq!(spec("mlp:100-100-60").n_parameters(), 100 * 100 + 100 + 100 * 60 + 60);
    assert_eq!(spec("cnn:100,conv7,60").n_parameters(), 7 + 1 + 100 * 60 + 60);
}

#[test]
fn the_code_of_a_bottleneck_is_its_narrowest_layer() {
    assert_eq!(spec("bottleneck:100-25-2-25-60").code_layer(), Some(1));
    assert_eq!(spec("mlp:100-60").code_layer(), None);
    let Family::Bottleneck(config) = spec("bottleneck:100-25-2-25-2-60").family().clone() else {
        panic!("a bottleneck")
    };
    assert_eq!((config.encoder.len(), config.code.n_units, config.decoder.len()), (1, 2, 2));
}

#[test]
fn a_code_that_is_not_the_narrowest_layer_is_refused() {
    let error = |config: BottleneckConfig| config.graph().unwrap_err().to_string();
    let wide = BottleneckConfig::new(100, 10, 60);
    assert!(error(wide.clone().with_encoder([10])).contains("hidden layer 1 10"));
    assert!(error(wide.clone().with_decoder([9])).contains("hidden layer 2 9"));
    assert!(wide.with_encoder([11]).with_decoder([10]).graph().is_ok());
}

#[test]
fn errors_point_at_the_part_that_is_wrong() {
    assert!(error("mlp").contains("no colon"));
    assert!(error("rnn:1-2").starts_with("`rnn`"));
    assert!(error("mlp:100").starts_with("`100`"));
    assert!(error("mlp:100-0-60").starts_with("`0` in `mlp:100-0-60`"));
    assert!(error("mlp:100-x-60").starts_with("`x`"));
    assert!(error("cnn:100,conv0,60").contains("1 to 100 taps"));
    assert!(error("cnn:100,conv5").contains("last layer is dense"));
    assert!(error("cnn:100,50,conv5,60").contains("before dense"));
    assert!(error("mlp:100-conv5-60").contains("belong to a cnn"));
    assert!(error("mlp:100-50+dropout1.5-60").contains("below 1"));
    assert!(error("mlp:100-50-60+relu").contains("takes no options"));
    assert!(error("bottleneck:100-60").contains("hidden layer"));
}

#[test]
fn a_second_activation_or_dropout_is_refused() {
    for (text, option) in
        [("mlp:9-5+relu+tanh-4", "tanh"), ("mlp:9-5+dropout0.2+relu+dropout0.3-4", "dropout0.3")]
    {
        let error = text.parse::<NetworkSpec>().unwrap_err().to_string();
        assert!(error.contains(&format!("+{option} is one too many")), "{error}");
    }
}

#[test]
fn an_unknown_option_is_answered_with_all_there_are() {
    let error = error("mlp:100-50+swish-60");
    assert!(error.starts_with("`50+swish`") && error.contains("no such option as +swish"), "{error}");
    for known in ["+relu", "+leaky_relu", "+gelu", "+silu", "+linear", "+dropout0.5"] {
        assert!(error.contains(known), "{error}");
    }
}

#[test]
fn options_change_a_layer_and_are_printed() {
    let text = "cnn:100,conv7+relu,50+linear+dropout0.5,60";
    let network = spec(text);
    assert_eq!(network.layers()[0].activation, Some(Activation::Relu));
    assert_eq!((network.layers()[1].activation, network.layers()[1].dropout), (None, 0.5));
    assert_eq!(network.to_string(), text);
}

#[test]
fn every_activation_is_an_option_of_either_kind_of_layer() {
    for activation in Activation::ALL {
        let network = spec(&format!("cnn:100,conv7+{0},50+{0},60", activation.word()));
        assert_eq!(network.layers()[0].activation, Some(activation));
        assert_eq!(network.layers()[1].activation, Some(activation));
        assert_eq!(spec(&network.to_string()), network);
    }
}

proptest! {
    #[test]
    fn what_is_printed_parses_to_the_same(
        taps in prop::collection::vec(1usize..20, 0..4),
        widths in prop::collection::vec(1usize..200, 1..4),
        option in prop::sample::select(vec!["", "+relu", "+tanh", "+gelu+dropout0.25"]),
    ) {
        let convs: String = taps.iter().map(|t| format!(",conv{t}{option}")).collect();
        let dense: String = widths.iter().map(|w| format!(",{w}")).collect();
        let text = format!("cnn:100{convs}{dense}");
        prop_assert_eq!(spec(&text).to_string(), text);
    }
}

#[test]
fn lenet_5_has_the_shapes_of_its_figure() {
    let network = spec("cnn:1x28x28,conv5x5x6,pool2,conv5x5x16,pool2,120,84,10");
    let shapes: Vec<(&str, &[usize])> =
        network.graph().nodes().iter().map(|node| (node.name.as_str(), &node.shape[..])).collect();
    let expected: [(&str, &[usize]); 14] = [
        ("input", &[1, 28, 28]),
        ("conv1", &[6, 24, 24]),
        ("conv1.relu", &[6, 24, 24]),
        ("pool1", &[6, 12, 12]),
        ("conv2", &[16, 8, 8]),
        ("conv2.relu", &[16, 8, 8]),
        ("pool2", &[16, 4, 4]),
        ("flatten", &[256]),
        ("hidden1", &[120]),
        ("hidden1.relu", &[120]),
        ("hidden2", &[84]),
        ("hidden2.relu", &[84]),
        ("output", &[10]),
        ("output.softmax", &[10]),
    ];
    assert_eq!(shapes, expected);
    assert_eq!(network.n_parameters(), 156 + 2_416 + 30_840 + 10_164 + 850);
}

#[test]
fn what_is_normalised_is_one_layer_with_its_norm() {
    let network = spec("cnn:3x8x8,conv3x3x4+same+nobias+bn,gap,5+bn+tanh,2");
    let layers = network.layers();
    let names: Vec<&str> = layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["conv1", "hidden1", "output"]);
    // 3 · 3 · 3 · 4 weights, a scale and a shift for each of 4 filters; running means are no parameters.
    assert_eq!(layers[0].n_parameters(), 108 + 8);
    assert_eq!(layers[1].n_parameters(), 4 * 5 + 5 + 10);
    assert_eq!(layers[1].activation, Some(Activation::Tanh));
    let name = |id| network.graph()[id].name.as_str();
    assert_eq!((name(layers[0].pre), name(layers[0].post)), ("conv1.bn", "conv1.relu"));
}

#[test]
fn a_residual_block_adds_its_input_or_a_shortcut_of_it() {
    let network = spec("cnn:4x8x8,res3x3x4+bn,res3x3x6+stride2+bn,gap,2");
    let names: Vec<&str> = network.graph().nodes().iter().map(|node| node.name.as_str()).collect();
    let first = [
        "res1.conv1",
        "res1.conv1.bn",
        "res1.conv1.relu",
        "res1.conv2",
        "res1.conv2.bn",
        "res1.add",
        "res1.relu",
    ];
    assert_eq!(names[1..8], first);
    assert_eq!(names[13..17], ["res2.shortcut", "res2.shortcut.bn", "res2.add", "res2.relu"]);
    let add = &network.graph()[network.graph().find("res1.add").unwrap()];
    assert_eq!(add.inputs, [network.graph().find("res1.conv2.bn").unwrap(), crate::graph::NodeId::INPUT]);
    assert_eq!(network.graph()[network.graph().find("res2.relu").unwrap()].shape, [6, 4, 4]);
    let dense = spec("mlp:9-res9-res5+tanh-2");
    assert_eq!(dense.n_parameters(), 2 * (9 * 9 + 9) + (9 * 5 + 5) + (5 * 5 + 5) + (9 * 5 + 5) + 5 * 2 + 2);
}

#[test]
fn layers_over_channels_print_as_they_are_written() {
    for text in [
        "cnn:1x28x28,conv5x5x6,pool2,conv5x5x16,pool2,120,84,10",
        "cnn:3x32x32,conv3x3x16+same+nobias+bn,res3x3x16+bn,res3x3x32+stride2+bn,gap,10",
        "cnn:2x50,conv7x16+stride2+pad3+tanh+dropout0.25,pool3+stride2+pad1,avgpool2+dropout0.5,20+bn+linear,4",
        "cnn:1x9x6,conv3x2x4+linear,pool3x2+stride2,3",
        "mlp:9-res9+bn-5+bn+tanh+dropout0.5-2",
    ] {
        assert_eq!(spec(text).to_string(), text);
    }
    assert_eq!(spec("cnn:1x9x9,conv3x3x4+bn+relu,pool2x2,3").to_string(), "cnn:1x9x9,conv3x3x4+bn,pool2,3");
}

#[test]
fn errors_over_channels_say_what_would_be_right() {
    assert!(error("cnn:28x,conv5x5x6,10").contains("as in 1x28x28"));
    assert!(error("cnn:1x28x28,conv5x6,10").contains("conv5x6` in"));
    assert!(error("cnn:1x28x28,conv5x6,10").contains("rows, columns and filters"));
    assert!(error("cnn:1x28,conv5x5x6,10").contains("taps and filters"));
    assert!(error("cnn:1x28x28,conv29x29x6,10").contains("window reaches over 29"));
    assert!(error("cnn:1x28x28,conv5x5x6").contains("last layer is dense"));
    assert!(error("cnn:1x28x28,50,conv5x5x6,10").contains("before dense"));
    assert!(error("cnn:1x28x28,gap,conv5x5x6,10").contains("follow gap"));
    assert!(error("cnn:1x28x28,gap2,10").contains("without a size"));
    assert!(error("cnn:1x28x28,pool2+relu,10").contains("no such option as +relu"));
    assert!(error("cnn:1x28x28,pool2+pad2,10").contains("half its window"));
    assert!(error("cnn:1x28x28,conv5x5x6+stride0,10").contains("from 1 to 1024"));
    assert!(error("cnn:100,conv7x16,10").contains("cnn:1x100"));
    assert!(error("mlp:9-5+stride2-4").contains("no such option as +stride2"));
}
