//! The leaf functions beside the products: element-wise passes, compiled for several instruction sets and chosen
//! at run time.

use pulp::Arch;

use crate::elementary::exp;

/// Runs `pass` compiled for the widest vectors of this processor.
///
/// The pass and all that it calls must be `#[inline(always)]`: what is not inlined here is compiled for the oldest
/// processor.
#[inline(always)]
pub fn vectorised<R>(pass: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(pass)
}

/// Values that are summed side by side.
pub const LANES: usize = 8;

/// The largest value; of nothing, minus infinity. NaN counts as smaller than all.
#[inline(always)]
pub fn max(values: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = larger(*lane, value);
        }
    }
    for (lane, &value) in lanes.iter_mut().zip(rest) {
        *lane = larger(*lane, value);
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    larger(larger(larger(a, e), larger(c, g)), larger(larger(b, f), larger(d, h)))
}

/// The sum, in interleaved parts so that it is vectorised; always in the same order.
#[inline(always)]
pub fn sum(values: &[f32]) -> f32 {
    let mut lanes = [0.0; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane += value;
        }
    }
    for (lane, &value) in lanes.iter_mut().zip(rest) {
        *lane += value;
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// `b` where it is larger than `a`, otherwise `a`.
#[inline(always)]
fn larger(a: f32, b: f32) -> f32 {
    if a < b { b } else { a }
}

/// Adds the products `x · y` to the lanes, always in the same order.
#[inline(always)]
pub fn add_products(lanes: &mut [f32; LANES], x: &[f32], y: &[f32]) {
    let ((xs, x_rest), (ys, y_rest)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
    for (x, y) in xs.iter().zip(ys) {
        for i in 0..LANES {
            lanes[i] += x[i] * y[i];
        }
    }
    for (lane, (x, y)) in lanes.iter_mut().zip(x_rest.iter().zip(y_rest)) {
        *lane += x * y;
    }
}

/// `v ← e^(v − shift)` for every value.
#[inline(always)]
pub fn exp_shifted(values: &mut [f32], shift: f32) {
    let (chunks, rest) = values.as_chunks_mut::<LANES>();
    for v in chunks.as_flattened_mut() {
        *v = exp(*v - shift);
    }
    // The rest as a whole vector too: as dear as one of its values alone.
    let mut chunk = [0.0; LANES];
    chunk[..rest.len()].copy_from_slice(rest);
    for v in &mut chunk {
        *v = exp(*v - shift);
    }
    rest.copy_from_slice(&chunk[..rest.len()]);
}

/// `z[i] = b + Σ_k w[k] x[i + k − padding]`, with x zero beyond its ends; z is as long as x.
#[inline(always)]
pub fn correlate(
    x: &[f32],
    w: impl ExactSizeIterator<Item = f32> + Clone,
    b: f32,
    padding: usize,
    z: &mut [f32],
) {
    /// Values of z that are summed at once.
    const WIDTH: usize = 32;
    let all_taps = padding..x.len() + 1 + padding - w.len();
    let whole = if all_taps.len() < WIDTH { 0..0 } else { all_taps };
    for start in whole.clone().step_by(WIDTH) {
        // The last run reaches back into the one before, and finds the same values there.
        let start = start.min(whole.end - WIDTH);
        let mut sums = [b; WIDTH];
        for (k, w) in w.clone().enumerate() {
            let x: &[f32; WIDTH] = x[start + k - padding..].first_chunk().expect("all taps are inside");
            for i in 0..WIDTH {
                sums[i] += w * x[i];
            }
        }
        z[start..start + WIDTH].copy_from_slice(&sums);
    }
    for i in (0..whole.start).chain(whole.end..x.len()) {
        let mut sum = b;
        for (k, w) in w.clone().enumerate() {
            if padding <= i + k && i + k < x.len() + padding {
                sum += w * x[i + k - padding];
            }
        }
        z[i] = sum;
    }
}

/// `target ← keep · target + scale · values`.
#[inline(always)]
pub fn scale_add(target: &mut [f32], keep: f32, scale: f32, values: &[f32]) {
    for (t, &v) in target.iter_mut().zip(values) {
        *t = keep * *t + scale * v;
    }
}

/// `target ← target + scale · values`.
#[inline(always)]
pub fn add_scaled(target: &mut [f32], scale: f32, values: &[f32]) {
    for (t, &v) in target.iter_mut().zip(values) {
        *t += scale * v;
    }
}

/// `total ← Σ rows of values`.
#[inline(always)]
pub fn sum_rows(values: &[f32], total: &mut [f32]) {
    total.fill(0.0);
    for row in values.chunks_exact(total.len()) {
        add_scaled(total, 1.0, row);
    }
}

/// `max(0, ·)` of every value.
#[inline(always)]
pub fn relu(values: &mut [f32]) {
    values.iter_mut().for_each(|v| *v = if 0.0 < *v { *v } else { 0.0 });
}

/// `target ← target · factors`.
#[inline(always)]
pub fn multiply(target: &mut [f32], factors: &[f32]) {
    target.iter_mut().zip(factors).for_each(|(t, f)| *t *= f);
}

/// Sets the gradient to zero where the activation is.
#[inline(always)]
pub fn relu_gradient(gradient: &mut [f32], activation: &[f32]) {
    for (g, &a) in gradient.iter_mut().zip(activation) {
        *g = if 0.0 < a { *g } else { 0.0 };
    }
}

/// `target[k, j] = source[j, k]` for the first `rows` rows of the source, which are `source_stride` apart.
///
/// Blocks of 8 × 8 are turned in registers.
#[inline(always)]
pub fn transpose(
    source: &[f32],
    source_stride: usize,
    target: &mut [f32],
    target_stride: usize,
    rows: usize,
) {
    let depth = target.len() / target_stride;
    let (whole_rows, whole_depth) = (rows / 8 * 8, depth / 8 * 8);
    for j in (0..whole_rows).step_by(8) {
        for k in (0..whole_depth).step_by(8) {
            let block = std::array::from_fn(|i| {
                *source[(j + i) * source_stride + k..].first_chunk().expect("8 values")
            });
            for (i, row) in transposed(block).iter().enumerate() {
                target[(k + i) * target_stride + j..][..8].copy_from_slice(row);
            }
        }
    }
    for (k, target) in target.chunks_exact_mut(target_stride).enumerate() {
        let from = if k < whole_depth { whole_rows } else { 0 };
        for j in from..rows {
            target[j] = source[j * source_stride + k];
        }
    }
}

/// An 8 × 8 block turned by pairs, by fours and by halves, each a shuffle of two vectors.
#[inline(always)]
fn transposed(rows: [[f32; 8]; 8]) -> [[f32; 8]; 8] {
    let low = |a: [f32; 8], b: [f32; 8]| [a[0], b[0], a[1], b[1], a[4], b[4], a[5], b[5]];
    let high = |a: [f32; 8], b: [f32; 8]| [a[2], b[2], a[3], b[3], a[6], b[6], a[7], b[7]];
    let pairs_low = |a: [f32; 8], b: [f32; 8]| [a[0], a[1], b[0], b[1], a[4], a[5], b[4], b[5]];
    let pairs_high = |a: [f32; 8], b: [f32; 8]| [a[2], a[3], b[2], b[3], a[6], a[7], b[6], b[7]];
    let halves_low = |a: [f32; 8], b: [f32; 8]| [a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3]];
    let halves_high = |a: [f32; 8], b: [f32; 8]| [a[4], a[5], a[6], a[7], b[4], b[5], b[6], b[7]];
    let [r0, r1, r2, r3, r4, r5, r6, r7] = rows;
    let (p0, p1, p2, p3) = (low(r0, r1), high(r0, r1), low(r2, r3), high(r2, r3));
    let (p4, p5, p6, p7) = (low(r4, r5), high(r4, r5), low(r6, r7), high(r6, r7));
    let (q0, q1, q2, q3) = (pairs_low(p0, p2), pairs_high(p0, p2), pairs_low(p1, p3), pairs_high(p1, p3));
    let (q4, q5, q6, q7) = (pairs_low(p4, p6), pairs_high(p4, p6), pairs_low(p5, p7), pairs_high(p5, p7));
    [
        halves_low(q0, q4),
        halves_low(q1, q5),
        halves_low(q2, q6),
        halves_low(q3, q7),
        halves_high(q0, q4),
        halves_high(q1, q5),
        halves_high(q2, q6),
        halves_high(q3, q7),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_maxima_reach_the_last_value() {
        let values: Vec<f32> = (1..=11).map(|i| i as f32).collect();
        let mut lanes = [0.0; LANES];
        add_products(&mut lanes, &values, &values);
        assert_eq!((sum(&values), max(&values), sum(&lanes)), (66.0, 11.0, 506.0));
        assert_eq!(max(&[]), f32::NEG_INFINITY);
    }
}
