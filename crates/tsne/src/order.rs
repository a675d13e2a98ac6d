//! An order of points in which those that are close in the plane are close in memory (Morton 1966).

use crate::point::Point;

/// The numbers of `points` along a curve that fills the rectangle around them.
pub(crate) fn along_curve(points: &[Point]) -> Vec<usize> {
    const CELLS: f32 = 65_535.0;
    let range = |c: usize| {
        let values = points.iter().map(|point| point[c]);
        values.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
    };
    let ranges = [range(0), range(1)];
    let cell = |point: &Point, c: usize| {
        let (low, high) = ranges[c];
        let share = (point[c] - low) / (high - low);
        // A side without length has a single cell.
        if share.is_finite() { (share * CELLS) as u32 } else { 0 }
    };
    let codes: Vec<u32> = points.iter().map(|point| interleaved(cell(point, 0), cell(point, 1))).collect();
    let mut order: Vec<usize> = (0..points.len()).collect();
    order.sort_by_key(|&i| codes[i]);
    order
}

/// The bits of two numbers below 2¹⁶ in turn.
fn interleaved(x: u32, y: u32) -> u32 {
    let spread = |mut bits: u32| {
        for (shift, mask) in [(8, 0x00ff_00ff), (4, 0x0f0f_0f0f), (2, 0x3333_3333), (1, 0x5555_5555)] {
            bits = (bits | bits << shift) & mask;
        }
        bits
    };
    spread(x) | spread(y) << 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_taken_in_turn() {
        assert_eq!(interleaved(0b11, 0b01), 0b0111);
        assert_eq!(interleaved(0xffff, 0xffff), u32::MAX);
    }

    #[test]
    fn the_order_visits_quarter_after_quarter() {
        let points = [[0.0, 0.0], [1.0, 1.0], [0.1, 0.1], [0.9, 0.9], [1.0, 0.0]];
        assert_eq!(along_curve(&points), [0, 2, 4, 3, 1]);
    }
}
