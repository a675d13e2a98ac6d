//! Unfinished training on the disk: sealed, finite, and of one device and engine.
//!
//! A line of JSON, then the state. Resumed on another device, or by another engine, training would end in numbers that
//! neither gives alone.

use serde::{Deserialize, Serialize};
use vitrine_data::{DataError, Tree};
use vitrine_model::{Graph, TrainState};

use crate::origin::Origin;
use crate::seal::checksum;

/// Unfinished training of the networks of a zoo, by their hashes.
pub struct Partials {
    tree: Tree,
}

/// The first line.
#[derive(Serialize, Deserialize)]
struct Head {
    device: String,
    engine: String,
    /// BLAKE3 of what follows the line.
    checksum: String,
}

impl Partials {
    pub fn new(tree: Tree) -> Partials {
        Partials { tree }
    }

    /// Writes the state of the network of that hash down, which `origin` trains.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, hash: &str, state: &TrainState, origin: &Origin) -> Result<(), DataError> {
        let state = state.to_bytes();
        let head =
            Head { device: origin.device.clone(), engine: origin.engine.clone(), checksum: checksum(&state) };
        let head = serde_json::to_string(&head).unwrap_or_else(|e| unreachable!("words are plain data: {e}"));
        self.tree.write_whole(name(hash), &[head.as_bytes(), b"\n", &state].concat())
    }

    /// The state of the network of that hash, where there is one.
    ///
    /// # Errors
    /// Why it cannot be resumed by what `origin` names.
    pub fn read(&self, hash: &str, graph: &Graph, origin: &Origin) -> Result<Option<TrainState>, String> {
        if !self.tree.path().join(name(hash)).exists() {
            return Ok(None);
        }
        let bytes = self.tree.read(name(hash)).map_err(|error| error.to_string())?;
        let path = self.tree.path().join(name(hash));
        self.parse(&bytes, graph, origin).map(Some).map_err(|why| format!("{}: {why}", path.display()))
    }

    fn parse(&self, bytes: &[u8], graph: &Graph, origin: &Origin) -> Result<TrainState, String> {
        let end = bytes.iter().position(|&byte| byte == b'\n').ok_or("no state of training")?;
        let (head, state) = (&bytes[..end], &bytes[end + 1..]);
        let head: Head = serde_json::from_slice(head).map_err(|e| format!("no state of training ({e})"))?;
        if head.checksum != checksum(state) {
            return Err("does not match its checksum".into());
        }
        if (&head.device, &head.engine) != (&origin.device, &origin.engine) {
            return Err(format!(
                "was begun on device {} by engine {}, and this is device {}, engine {}",
                head.device, head.engine, origin.device, origin.engine
            ));
        }
        TrainState::from_bytes(state, graph).map_err(|error| error.to_string())
    }

    /// Removes the state of the network of that hash, once it is trained.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self, hash: &str) -> Result<(), DataError> {
        self.tree.remove_file(name(hash))
    }
}

fn name(hash: &str) -> String {
    format!("{hash}.state")
}

#[cfg(test)]
mod tests {
    use vitrine_data::Streams;
    use vitrine_model::{NetworkSpec, Trainer};

    use super::*;

    #[test]
    fn a_state_is_resumed_by_what_made_it_and_by_nothing_else_and_not_with_one_bit_changed() {
        let dir = tempfile::tempdir().unwrap();
        let partials = Partials::new(Tree::at(dir.path()));
        let spec: NetworkSpec = "mlp:20-5-8".parse().unwrap();
        let state = Trainer::new(spec.graph()).start(&Streams::new(0));
        let origin = |device: &str, engine: &str| Origin {
            device: device.into(),
            engine: engine.into(),
            ..Origin::default()
        };
        let read = |origin| partials.read("ab", spec.graph(), &origin);
        assert_eq!(read(origin("cpu", "fused")), Ok(None));
        partials.write("ab", &state, &origin("cpu", "fused")).unwrap();
        assert_eq!(read(origin("cpu", "fused")), Ok(Some(state)));
        let said = read(origin("cpu", "general")).unwrap_err();
        assert!(said.contains("ab.state: was begun on device cpu by engine fused, and this is"), "{said}");
        assert!(read(origin("wgpu", "fused")).is_err());
        let path = dir.path().join("ab.state");
        let sound = std::fs::read(&path).unwrap();
        for place in (0..sound.len()).step_by(7) {
            let mut spoilt = sound.clone();
            spoilt[place] ^= 1;
            std::fs::write(&path, spoilt).unwrap();
            assert!(read(origin("cpu", "fused")).is_err(), "byte {place}");
        }
        partials.remove("ab").unwrap();
        assert_eq!(read(origin("cpu", "fused")), Ok(None));
    }
}
