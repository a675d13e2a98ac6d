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
