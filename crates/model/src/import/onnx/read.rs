//! From the bytes of a file to a graph with weights.

use std::path::Path;

use rten_onnx::onnx::ModelProto;

use super::assemble::parts;
use super::decoded::{Decoded, shown};
use super::guard;
use super::parts::Parts;
use super::translation::Batch;
use super::wrong::Wrong;
use crate::import::error::ImportError;

/// The network of a file's bytes; data beside it are read from `folder`.
pub fn from_bytes(path: &Path, bytes: &[u8], folder: Option<&Path>) -> Result<Parts, ImportError> {
    let wrong = |reason: String| ImportError::File { path: path.into(), reason };
    guard::check(bytes).map_err(wrong)?;
    let model = ModelProto::parse_buf(bytes).map_err(|error| wrong(format!("no ONNX file: {error}")))?;
    let file = Decoded::new(model, folder).map_err(wrong)?;
    file.check_operators(path)?;
    let batch = file.batch().map_err(wrong)?;
    let at = |(node, wrong): (Option<usize>, Wrong)| {
        let reason = match wrong {
            Wrong::Bad(reason) => reason,
            Wrong::Mixes(reason) => {
                format!("{reason}; the file leaves the number of samples open: export with a fixed one")
            }
        };
        match node.map(|place| &file.graph.node[place]) {
            None => ImportError::File { path: path.into(), reason },
            Some(node) => ImportError::Node {
                path: path.into(),
                node: shown(node),
                operator: node.op_type.clone().unwrap_or_default(),
                reason,
            },
        }
    };
    match (parts(&file, batch), batch) {
        (Err((_, Wrong::Mixes(_))), Batch::Fixed(_)) => parts(&file, Batch::Whole).map_err(at),
        (made, _) => made.map_err(at),
    }
}
