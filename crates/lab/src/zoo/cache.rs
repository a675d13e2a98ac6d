//! Networks that were read, kept in memory as far as it goes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::trained::TrainedNetwork;

/// Bytes of weights kept at most: those of a whole paper over many seeds would not all fit.
const MAX_BYTES: usize = 1 << 28;

/// The networks used last, by the hash of their recipe.
#[derive(Default)]
pub struct Cache(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    networks: HashMap<String, Entry>,
    n_bytes: usize,
    clock: u64,
}

struct Entry {
    network: Arc<TrainedNetwork>,
    n_bytes: usize,
    last_used: u64,
}

impl Cache {
    /// The network of that hash, if it is kept.
    pub fn get(&self, hash: &str) -> Option<Arc<TrainedNetwork>> {
        let mut kept = self.locked();
        kept.clock += 1;
        let clock = kept.clock;
        let entry = kept.networks.get_mut(hash)?;
        entry.last_used = clock;
        Some(entry.network.clone())
    }

    /// Keeps a network, and lets go of those that were not used for longest.
    pub fn insert(&self, hash: String, network: Arc<TrainedNetwork>) {
        let n_bytes = bytes_of(&network);
        let mut kept = self.locked();
        kept.clock += 1;
        let entry = Entry { network, n_bytes, last_used: kept.clock };
        kept.n_bytes += n_bytes;
        if let Some(before) = kept.networks.insert(hash, entry) {
            kept.n_bytes -= before.n_bytes;
        }
        while MAX_BYTES < kept.n_bytes {
            let oldest = kept.networks.iter().min_by_key(|(_, entry)| entry.last_used);
            let Some(oldest) = oldest.map(|(hash, _)| hash.clone()) else { break };
            kept.n_bytes -= kept.networks.remove(&oldest).map_or(0, |entry| entry.n_bytes);
        }
    }

    fn locked(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes of a network's weights and checkpoints, and of its history.
fn bytes_of(network: &TrainedNetwork) -> usize {
    let n_weights = network.recipe.network.n_parameters() * (1 + network.checkpoints.len());
    size_of::<f32>() * n_weights + size_of::<vitrine_model::EpochRecord>() * network.history.len()
}
