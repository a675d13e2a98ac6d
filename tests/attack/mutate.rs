//! Bytes changed as accident and malice change them.

use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};

/// What a stranger writes where a number, a name or a list was.
const WORDS: [&str; 24] = [
    "0",
    "-1",
    "1e999",
    "NaN",
    "null",
    "99999999999999999999",
    "18446744073709551615",
    "4294967295",
    "1e308",
    "\"\"",
    "../../../etc/passwd",
    "/dev/zero",
    "<script>alert(1)</script>",
    "[[[[[[[[[[[[[[[[",
    "{}",
    "[]",
    "true",
    "\"x\"",
    "\0",
    "\u{202e}",
    "'",
    "}",
    "=",
    "\n",
];

/// The same bytes with one to four changes.
pub fn mutated(bytes: &[u8], rng: &mut impl Rng) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    for _ in 0..rng.random_range(1..=4) {
        change(&mut changed, rng);
    }
    changed
}

fn change(bytes: &mut Vec<u8>, rng: &mut impl Rng) {
    let place = |rng: &mut dyn Rng, n: usize| if n == 0 { 0 } else { (rng.next_u64() % n as u64) as usize };
    let n = bytes.len();
    let at = place(rng, n);
    let end = (at + place(rng, 64.min(n - at) + 1)).min(n);
    match rng.random_range(0..9) {
        0 if n != 0 => bytes[at] ^= 1 << rng.random_range(0..8),
        1 if n != 0 => bytes[at] = rng.random(),
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(at..end)),
        4 => {
            let copied = bytes[at..end].to_vec();
            bytes.splice(at..at, copied);
        }
        5 => {
            let more: Vec<u8> = (0..rng.random_range(1..40)).map(|_| rng.random()).collect();
            bytes.splice(at..at, more);
        }
        6 => bytes.splice(at..end, word(rng)).for_each(drop),
        // A number in the text, or a size in a header, becomes another.
        7 => {
            let digits = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
            let Some(start) = (at..n).find(|&i| digits(i)) else { return };
            let end = (start..n).find(|&i| !digits(i)).unwrap_or(n);
            bytes.splice(start..end, word(rng));
        }
        _ => {
            let huge = [0xff_u8; 8];
            let width = [1, 2, 4, 8].choose(rng).copied().unwrap_or(1).min(n - at);
            bytes[at..at + width].copy_from_slice(&huge[..width]);
        }
    }
}

fn word(rng: &mut impl Rng) -> Vec<u8> {
    WORDS.choose(rng).copied().unwrap_or_default().as_bytes().to_vec()
}
