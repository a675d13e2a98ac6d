//! Random points, sixteen sets at a time, with the same bits on every processor.
//!
//! A group of sets lies coordinate by coordinate: `[n · p][16]`, so that vectors of any width up to 16 run across the
//! sets. Only operations that are rounded alike everywhere are used (no fused multiply-add, no library function).

use pulp::{Simd, WithSimd};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Sets of points that are drawn and judged side by side.
pub(super) const LANES: usize = 16;

/// One coordinate of each set of a group.
pub(super) type Row = [f32; LANES];

/// From which distribution the points come, independently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PointLaw {
    /// Uniform on the cube `[0, 1]^p`, as in the thesis.
    Cube,
    /// Uniform on the unit sphere.
    Sphere,
    /// Standard normal.
    Normal,
}

/// A stream of groups of points.
pub(super) struct Draw {
    law: PointLaw,
    p: usize,
    rng: ChaCha8Rng,
    words: Vec<[u32; LANES]>,
}

impl Draw {
    pub fn new(law: PointLaw, n: usize, p: usize, rng: ChaCha8Rng) -> Draw {
        // Normal numbers come in pairs.
        Draw { law, p, rng, words: vec![[0; LANES]; (n * p).next_multiple_of(2)] }
    }

    /// The next group, into `rows [n · p]`.
    pub fn fill(&mut self, rows: &mut [Row]) {
        self.rng.fill(self.words.as_flattened_mut());
        pulp::Arch::new().dispatch(Points { law: self.law, p: self.p, words: &self.words, rows });
    }
}

/// The points that random words stand for.
struct Points<'a> {
    law: PointLaw,
    p: usize,
    words: &'a [[u32; LANES]],
    rows: &'a mut [Row],
}

impl WithSimd for Points<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let Points { law, p, words, rows } = self;
        match law {
            PointLaw::Cube => uniform(words, rows),
            PointLaw::Normal => normal(words, rows),
            PointLaw::Sphere => {
                normal(words, rows);
                normalise(rows, p);
            }
        }
    }
}

/// Multiples of 2⁻²⁴ in [0, 1).
#[inline(always)]
fn unit(word: u32) -> f32 {
    (word >> 8) as i32 as f32 * (1.0 / 16_777_216.0)
}

#[inline(always)]
fn uniform(words: &[[u32; LANES]], rows: &mut [Row]) {
    for (row, words) in rows.iter_mut().zip(words) {
        for lane in 0..LANES {
            row[lane] = unit(words[lane]);
        }
    }
}

/// Box and Muller (1958): two uniform numbers give two normal ones.
#[inline(always)]
fn normal(words: &[[u32; LANES]], rows: &mut [Row]) {
    for (rows, words) in rows.chunks_mut(2).zip(words.as_chunks::<2>().0) {
        let (mut first, mut second) = ([0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            let radius = (-2.0 * ln(unit(words[0][lane]) + 1.0 / 16_777_216.0)).sqrt();
            let (sine, cosine) = turn(unit(words[1][lane]));
            (first[lane], second[lane]) = (radius * cosine, radius * sine);
        }
        rows[0] = first;
        if let Some(row) = rows.get_mut(1) {
            *row = second;
        }
    }
}

#[inline(always)]
fn normalise(rows: &mut [Row], p: usize) {
    for point in rows.chunks_exact_mut(p) {
        let mut squares = [0.0f32; LANES];
        for row in point.iter() {
            for lane in 0..LANES {
                squares[lane] += row[lane] * row[lane];
            }
        }
        for row in point {
            for lane in 0..LANES {
                // A point at the origin has no direction: probability 2⁻²⁴ at most, and it stays there.
                row[lane] /= squares[lane].max(f32::MIN_POSITIVE).sqrt();
            }
        }
    }
}

/// Natural logarithm of a normal positive number, to 2 units in the last place (Cephes, `logf`).
#[inline(always)]
fn ln(x: f32) -> f32 {
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    // The mantissa is brought into [√½, √2).
    let bits = x.to_bits().wrapping_sub(0x3f35_04f3);
    let exponent = (bits as i32 >> 23) as f32;
    let m = f32::from_bits((bits & 0x007f_ffff).wrapping_add(0x3f35_04f3)) - 1.0;
    let mut poly = 7.037_683_6e-2;
    poly = poly * m - 1.151_461e-1;
    poly = poly * m + 1.167_699_9e-1;
    poly = poly * m - 1.242_014_1e-1;
    poly = poly * m + 1.424_932_3e-1;
    poly = poly * m - 1.666_805_8e-1;
    poly = poly * m + 2.000_071_5e-1;
    poly = poly * m - 2.499_999_4e-1;
    poly = poly * m + 3.333_333e-1;
    let square = m * m;
    let tail = poly * m * square + exponent * LN_2_LOW - 0.5 * square;
    m + tail + exponent * LN_2_HIGH
}

/// Sine and cosine of `2π v`, 0 ≤ v < 1 (polynomials of Cephes, `sinf` and `cosf`).
#[inline(always)]
fn turn(v: f32) -> (f32, f32) {
    // The nearest quarter turn; what is left lies within ± π/4.
    let quarter = (4.0 * v + 0.5) as i32;
    let x = (v - quarter as f32 * 0.25) * std::f32::consts::TAU;
    let square = x * x;
    let sine = ((-1.951_529_6e-4 * square + 8.332_161e-3) * square - 1.666_665_5e-1) * square * x + x;
    let cosine = ((2.443_315_7e-5 * square - 1.388_731_6e-3) * square + 4.166_664_6e-2) * square * square
        - 0.5 * square
        + 1.0;
    let (s, c) = if quarter & 1 == 0 { (sine, cosine) } else { (cosine, -sine) };
    if quarter & 2 == 0 { (s, c) } else { (-s, -c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_and_turn_are_those_of_the_library() {
        for i in 1..=100_000 {
            let v = i as f32 / 100_001.0;
            let expected = f64::from(v).ln();
            assert!((f64::from(ln(v)) - expected).abs() <= 3e-7 * expected.abs().max(1e-6), "ln {v}");
            let (sine, cosine) = turn(v);
            let angle = f64::from(v) * std::f64::consts::TAU;
            assert!((f64::from(sine) - angle.sin()).abs() < 2e-6, "sin {v}");
            assert!((f64::from(cosine) - angle.cos()).abs() < 2e-6, "cos {v}");
        }
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(turn(0.0), (0.0, 1.0));
    }
}
