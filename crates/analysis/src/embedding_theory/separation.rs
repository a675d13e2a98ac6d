//! Points that keep a minimum distance from each other (figure 4.15).

use pulp::{Simd, WithSimd};

use super::draw::{Draw, LANES, Row};

/// A minimum distance between any two points of a set.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Separation {
    /// Smallest distance allowed.
    pub distance: f64,
    /// How it is reached.
    pub scheme: Scheme,
}

/// How points are made to keep their distance. The two give different distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// A set is drawn anew, whole, until all its points keep the distance.
    WholeSet,
    /// Point after point, each drawn anew until it keeps the distance from those before it; a set that leaves no room
    /// is begun anew.
    Sequential,
}

/// Sets drawn for one that is accepted, beyond which a distance counts as out of reach.
const MAX_SETS_PER_TRIAL: u64 = 100_000;
/// Draws of one point before its set is begun anew.
const MAX_TRIES_PER_POINT: usize = 1_000;

/// Hands out groups of sets that keep a distance.
pub(super) struct Separated {
    draw: Draw,
    separation: Separation,
    n: usize,
    p: usize,
    group: Vec<Row>,
    /// The lane of `group` that comes next.
    lane: usize,
    /// The point of that lane that comes next (sequential only).
    point: usize,
    n_sets: u64,
    n_accepted: u64,
}

impl Separated {
    pub fn new(draw: Draw, separation: Separation, n: usize, p: usize) -> Separated {
        let group = vec![[0.0; LANES]; n * p];
        Separated { draw, separation, n, p, group, lane: LANES, point: n, n_sets: 0, n_accepted: 0 }
    }

    /// The next group of accepted sets, into `rows [n · p]`; false if the distance is out of reach.
    pub fn fill(&mut self, rows: &mut [Row]) -> bool {
        (0..LANES).all(|lane| match self.separation.scheme {
            Scheme::WholeSet => self.whole_set(rows, lane),
            Scheme::Sequential => self.sequential(rows, lane),
        })
    }

    fn whole_set(&mut self, rows: &mut [Row], to: usize) -> bool {
        loop {
            if self.lane == LANES {
                if MAX_SETS_PER_TRIAL * (self.n_accepted + 10) < self.n_sets {
                    return false;
                }
                self.draw.fill(&mut self.group);
                self.n_sets += LANES as u64;
                self.lane = 0;
                self.mark_crowded();
            }
            let from = self.lane;
            self.lane += 1;
            if !self.group[0][from].is_nan() {
                rows.iter_mut().zip(&self.group).for_each(|(row, values)| row[to] = values[from]);
                self.n_accepted += 1;
                return true;
            }
        }
    }

    /// Puts NaN first in the sets whose points are too close.
    fn mark_crowded(&mut self) {
        let least = (self.separation.distance * self.separation.distance) as f32;
        let apart = pulp::Arch::new().dispatch(Apart { group: &self.group, p: self.p, least });
        for lane in (0..LANES).filter(|&lane| !apart[lane]) {
            self.group[0][lane] = f32::NAN;
        }
    }

    fn sequential(&mut self, rows: &mut [Row], to: usize) -> bool {
        let least = (self.separation.distance * self.separation.distance) as f32;
        let (n, p) = (self.n, self.p);
        loop {
            self.n_sets += 1;
            if MAX_SETS_PER_TRIAL / 100 * (self.n_accepted + 10) < self.n_sets {
                return false;
            }
            let is_placed = (0..n).all(|k| {
                (0..MAX_TRIES_PER_POINT).any(|_| {
                    self.next_point(rows, k, to);
                    let square = |j: usize| -> f32 {
                        (0..p).map(|i| (rows[k * p + i][to] - rows[j * p + i][to]).powi(2)).sum()
                    };
                    (0..k).all(|j| least <= square(j))
                })
            });
            if is_placed {
                self.n_accepted += 1;
                return true;
            }
        }
    }

    /// The next point of the stream becomes point `k` of set `to`.
    fn next_point(&mut self, rows: &mut [Row], k: usize, to: usize) {
        if self.point == self.n {
            (self.point, self.lane) = (0, self.lane + 1);
        }
        if LANES <= self.lane {
            self.draw.fill(&mut self.group);
            (self.point, self.lane) = (0, 0);
        }
        for i in 0..self.p {
            rows[k * self.p + i][to] = self.group[self.point * self.p + i][self.lane];
        }
        self.point += 1;
    }
}

/// Which sets have no two points closer than `√least`?
struct Apart<'a> {
    group: &'a [Row],
    p: usize,
    least: f32,
}

impl WithSimd for Apart<'_> {
    type Output = [bool; LANES];

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) -> [bool; LANES] {
        let Apart { group, p, least } = self;
        let mut nearest = [f32::INFINITY; LANES];
        for (k, point) in group.chunks_exact(p).enumerate() {
            for other in group.chunks_exact(p).take(k) {
                let mut squares = [0.0f32; LANES];
                for (a, b) in point.iter().zip(other) {
                    for lane in 0..LANES {
                        squares[lane] += (a[lane] - b[lane]) * (a[lane] - b[lane]);
                    }
                }
                for lane in 0..LANES {
                    nearest[lane] = if squares[lane] < nearest[lane] { squares[lane] } else { nearest[lane] };
                }
            }
        }
        nearest.map(|square| least <= square)
    }
}
