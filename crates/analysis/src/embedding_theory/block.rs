//! One block of trials: the unit that threads share out, with a random stream of its own.

use ndarray::Array2;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::cell::{Cell, CellError, TRIALS_PER_BLOCK};
use super::decision;
use super::draw::{Draw, LANES, PointLaw, Row};
use super::output_layer::MapKind;
use super::screen::Screen;
use super::separation::{Scheme, Separated};

/// Successes among the [`TRIALS_PER_BLOCK`] trials of that block.
pub(super) fn successes_in_block(cell: &Cell, seed: u64, block: u64) -> Result<u64, CellError> {
    let (n, p) = (cell.n, cell.p);
    let centred = cell.map != MapKind::Linear;
    let mut source = Source::new(cell, stream(cell, seed, block));
    let mut screen = Screen::new(n, p, centred);
    let mut rows = vec![[0.0; LANES]; n * p];
    let mut n_successes = 0;
    for _ in 0..TRIALS_PER_BLOCK / LANES as u64 {
        if !source.fill(&mut rows) {
            return Err(CellError::OutOfReach {
                n,
                p,
                distance: cell.separation.map_or(0.0, |s| s.distance),
            });
        }
        let verdicts = screen.judge(&rows);
        n_successes += u64::from(verdicts.succeeded.count_ones());
        for lane in (0..LANES).filter(|lane| verdicts.unsure >> lane & 1 == 1) {
            n_successes += u64::from(decision::is_embedded(set_of(&rows, n, p, lane).view(), centred));
        }
    }
    Ok(n_successes)
}

/// The points `[n, p]` of one set of a group.
pub(super) fn set_of(rows: &[Row], n: usize, p: usize, lane: usize) -> Array2<f64> {
    Array2::from_shape_fn((n, p), |(k, i)| f64::from(rows[k * p + i][lane]))
}

/// Keyed by the seed and what the points hang on; the map is left out, so that all maps judge the same points.
fn stream(cell: &Cell, seed: u64, block: u64) -> ChaCha8Rng {
    let law = match cell.points {
        PointLaw::Cube => 0,
        PointLaw::Sphere => 1,
        PointLaw::Normal => 2,
    };
    let (scheme, distance) = match cell.separation {
        None => (0, 0.0),
        Some(separation) => match separation.scheme {
            Scheme::WholeSet => (1, separation.distance),
            Scheme::Sequential => (2, separation.distance),
        },
    };
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&distance.to_bits().to_le_bytes());
    key[16..22].copy_from_slice(&(cell.n as u64).to_le_bytes()[..6]);
    key[22..28].copy_from_slice(&(cell.p as u64).to_le_bytes()[..6]);
    key[28..30].copy_from_slice(&[law, scheme]);
    let mut rng = ChaCha8Rng::from_seed(key);
    rng.set_stream(block);
    rng
}

/// Where groups of sets come from.
pub(super) enum Source {
    Free(Draw),
    Separated(Separated),
}

impl Source {
    pub fn new(cell: &Cell, rng: ChaCha8Rng) -> Source {
        let draw = Draw::new(cell.points, cell.n, cell.p, rng);
        match cell.separation {
            None => Source::Free(draw),
            Some(separation) => Source::Separated(Separated::new(draw, separation, cell.n, cell.p)),
        }
    }

    /// The next group, into `rows [n · p]`; false if the points cannot keep their distance.
    pub fn fill(&mut self, rows: &mut [Row]) -> bool {
        match self {
            Source::Free(draw) => {
                draw.fill(rows);
                true
            }
            Source::Separated(separated) => separated.fill(rows),
        }
    }
}
