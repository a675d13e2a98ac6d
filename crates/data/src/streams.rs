//! Named random streams: every use of randomness draws from its own stream of a named seed.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// A seed from which streams are drawn by name; equal seeds and names give equal streams on every platform.
///
/// ```
/// # use vitrine_data::Streams;
/// use rand::Rng;
/// let streams = Streams::new(7);
/// assert_eq!(streams.rng("noise").next_u64(), streams.rng("noise").next_u64());
/// assert_ne!(streams.rng("noise").next_u64(), streams.rng("order").next_u64());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Streams {
    seed: u64,
    path: String,
}

impl Streams {
    /// The streams of a seed.
    pub fn new(seed: u64) -> Streams {
        Streams { seed, path: String::new() }
    }

    /// The seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The stream of that name: ChaCha with 8 rounds, keyed by the BLAKE3 hash of seed and name.
    pub fn rng(&self, name: &str) -> ChaCha8Rng {
        let mut hasher = blake3::Hasher::new_derive_key("vitrine random stream v1");
        hasher.update(&self.seed.to_le_bytes());
        hasher.update(self.path.as_bytes());
        hasher.update(name.as_bytes());
        ChaCha8Rng::from_seed(*hasher.finalize().as_bytes())
    }

    /// The streams of a part of the work; its names do not meet those of other parts.
    pub fn child(&self, name: &str) -> Streams {
        Streams { seed: self.seed, path: format!("{}{name}/", self.path) }
    }
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    #[test]
    fn streams_are_the_same_for_ever() {
        assert_eq!(Streams::new(0).rng("noise").next_u64(), 13_212_854_899_140_616_103);
    }

    #[test]
    fn a_child_and_its_parent_have_different_streams() {
        let streams = Streams::new(0);
        assert_ne!(streams.child("train").rng("noise").next_u64(), streams.rng("noise").next_u64());
        assert_eq!(streams.child("train").rng("noise").next_u64(), streams.rng("train/noise").next_u64());
    }
}
