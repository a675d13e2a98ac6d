//! How much is attacked, and with which seed.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// The short count, or the full one with `VITRINE_ATTACK=full`.
pub fn of(short: usize, full: usize) -> usize {
    if is_full() { full } else { short }
}

/// Whether the full form was asked for.
pub fn is_full() -> bool {
    std::env::var("VITRINE_ATTACK").is_ok_and(|word| word == "full")
}

/// The random stream of one attack.
pub fn rng(attack: u64) -> ChaCha8Rng {
    let seed = std::env::var("VITRINE_ATTACK_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0_u64);
    ChaCha8Rng::seed_from_u64(seed.wrapping_mul(1_000).wrapping_add(attack))
}
