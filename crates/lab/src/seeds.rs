//! The seeds of a run, as they are asked for and written down.

use std::fmt;
use std::iter;
use std::ops::{Deref, Range};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// More seeds are taken for a slip of the keyboard: twenty settle what five leave open.
const MAX_SEEDS: u64 = 10_000;
/// Seeds are below this, since TOML has no larger numbers.
const END: u64 = 1 << 63;

/// At least one seed, no seed twice. Read from `5` (the first five: 0 to 4), `100..110` (ten, the end is not among
/// them), `3,7,9` (these), and mixtures of the last two; written so that it is read as the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<u64>", into = "Vec<u64>")]
pub struct Seeds(Vec<u64>);

impl Seeds {
    /// The first `n` seeds, from 0.
    ///
    /// # Panics
    /// If `n` is 0.
    pub fn first(n: u64) -> Seeds {
        assert!(0 < n, "at least one seed");
        Seeds((0..n).collect())
    }
}

impl Deref for Seeds {
    type Target = [u64];

    fn deref(&self) -> &[u64] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Seeds {
    type Item = &'a u64;
    type IntoIter = std::slice::Iter<'a, u64>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl TryFrom<Vec<u64>> for Seeds {
    type Error = String;

    fn try_from(seeds: Vec<u64>) -> Result<Seeds, String> {
        if seeds.is_empty() {
            return Err("at least one seed is needed".into());
        }
        if let Some(seed) = seeds.iter().find(|seed| END <= **seed) {
            return Err(format!("seed {seed} is too large: seeds are below 2^63"));
        }
        let mut sorted = seeds.clone();
        sorted.sort_unstable();
        match sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(format!("seed {} is named twice", pair[0])),
            None => Ok(Seeds(seeds)),
        }
    }
}

impl From<Seeds> for Vec<u64> {
    fn from(seeds: Seeds) -> Vec<u64> {
        seeds.0
    }
}

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Seeds, String> {
        let mut ranges: Vec<Range<u64>> = match number(text) {
            Ok(n) => iter::once(0..n).collect(),
            Err(_) => text.split(',').map(range).collect::<Result<_, _>>()?,
        };
        ranges.retain(|range| !range.is_empty());
        let n: u64 = ranges.iter().map(|range| range.end - range.start).fold(0, u64::saturating_add);
        if MAX_SEEDS < n {
            return Err(format!("{n} seeds are too many: at most {MAX_SEEDS} seeds"));
        }
        ranges.into_iter().flatten().collect::<Vec<u64>>().try_into()
    }
}

/// Ranges of a list: a seed, or a span of them.
fn range(text: &str) -> Result<Range<u64>, String> {
    let Some((start, end)) = text.split_once("..") else {
        let seed = number(text)?;
        return Ok(seed..seed.saturating_add(1));
    };
    let (start, end) = (number(start)?, number(end)?);
    if end <= start {
        return Err(format!("{text} holds no seed: a span ends above its start, as in 100..110"));
    }
    Ok(start..end)
}

fn number(text: &str) -> Result<u64, String> {
    // A sign is no part of a seed, though Rust would read it.
    let digits = Some(text.trim()).filter(|text| text.starts_with(|c: char| c.is_ascii_digit()));
    digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| {
        format!("`{text}` is no seed; want a number as in 5, a span as in 100..110, or a list as in 3,7,9")
    })
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let runs: Vec<&[u64]> = self.0.chunk_by(|a, b| a + 1 == *b).collect();
        for (place, run) in runs.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            match run {
                // Alone, a number would be read as how many there are.
                [one] if 1 < runs.len() => write!(f, "{comma}{one}")?,
                _ => write!(f, "{comma}{}..{}", run[0], run[run.len() - 1] + 1)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<u64> {
        text.parse::<Seeds>().unwrap_or_else(|why| panic!("{text}: {why}")).into()
    }

    #[test]
    fn a_number_is_how_many_a_span_leaves_its_end_out_and_a_list_is_as_it_stands() {
        assert_eq!(read("5"), [0, 1, 2, 3, 4]);
        assert_eq!(read("100..103"), [100, 101, 102]);
        assert_eq!(read("3,7,9"), [3, 7, 9]);
        assert_eq!(read("0..3, 7"), [0, 1, 2, 7]);
        assert_eq!(read("7..8"), [7]);
    }

    #[test]
    fn what_is_written_is_read_as_the_same_seeds() {
        for (text, written) in
            [("5", "0..5"), ("7..8", "7..8"), ("3,7,9", "3,7,9"), ("0,1,2,7", "0..3,7"), ("9,3", "9,3")]
        {
            let seeds: Seeds = text.parse().unwrap();
            assert_eq!((seeds.to_string().as_str(), seeds.to_string().parse()), (written, Ok(seeds)));
        }
    }

    #[test]
    fn slips_say_what_is_wrong() {
        for (text, why) in [
            ("0", "at least one seed"),
            ("", "`` is no seed"),
            ("five", "`five` is no seed"),
            ("-3", "`-3` is no seed"),
            ("+3", "`+3` is no seed"),
            ("3,", "`` is no seed"),
            ("110..100", "110..100 holds no seed"),
            ("5..5", "5..5 holds no seed"),
            ("3,3", "seed 3 is named twice"),
            ("0..5,2", "seed 2 is named twice"),
            ("10001", "at most 10000 seeds"),
            ("0..9223372036854775807,0..9223372036854775807,0..9223372036854775807", "at most 10000 seeds"),
            ("18446744073709551615", "at most 10000 seeds"),
            ("18446744073709551616", "is no seed"),
            ("3,9223372036854775808", "below 2^63"),
        ] {
            let error = text.parse::<Seeds>().unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
