//! What is written, byte by byte where that can be done by hand; ONNX Runtime's own reading of it is in
//! `assets/reference/onnx_export.py`.

use super::protobuf::Message;
use super::to_onnx;
use crate::grammar::NetworkSpec;
use crate::weights::{Init, Weights};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

#[test]
fn numbers_and_texts_are_written_as_protocol_buffers_has_them() {
    // The documentation's own examples: field 1 with 150, field 2 with "testing", field 3 with a message of the first.
    let first = Message::default().int(1, 150);
    assert_eq!(first.clone().into_bytes(), [0x08, 0x96, 0x01]);
    let second = Message::default().bytes(2, "testing").into_bytes();
    assert_eq!(second, [&[0x12, 0x07], &b"testing"[..]].concat());
    assert_eq!(Message::default().message(3, &first).into_bytes(), [0x1a, 0x03, 0x08, 0x96, 0x01]);
    assert_eq!(Message::default().int(1, -1).into_bytes().len(), 11);
    assert_eq!(Message::default().float(2, 1.0).into_bytes(), [0x15, 0, 0, 0x80, 0x3f]);
    // Field numbers from 16 on take two bytes.
    assert_eq!(Message::default().int(20, 2).into_bytes(), [0xa0, 0x01, 0x02]);
}

#[test]
fn weights_of_another_network_are_refused() {
    let spec: NetworkSpec = "mlp:3-2".parse().unwrap();
    let other: NetworkSpec = "mlp:4-2".parse().unwrap();
    let weights = Weights::init(other.graph(), Init::default(), &mut ChaCha8Rng::seed_from_u64(0));
    assert!(to_onnx(spec.graph(), &weights).unwrap_err().to_string().contains("output.weight"));
    let weights = Weights::init(spec.graph(), Init::default(), &mut ChaCha8Rng::seed_from_u64(0));
    assert!(to_onnx(spec.graph(), &weights).is_ok());
}
