//! Are the codes of a two-unit bottleneck a curve that keeps clear of itself? (thesis sec. 4.3.1, figure 4.11)
//!
//! The class means, joined in the order of the jump position, make a polygonal line. A good embedding neither crosses
//! itself nor brings far-off classes nearer than neighbours.

use ndarray::{ArrayView1, ArrayView2};

use crate::statistics::quantile;

/// How well a polygonal line in the plane keeps clear of itself.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CurveShape {
    /// Pairs of segments that meet elsewhere than in the point that two successive ones share.
    pub n_self_intersections: usize,
    /// Median distance of neighbours along the line. NaN with fewer than two points.
    pub neighbour_distance: f64,
    /// Smallest distance of two points that are not neighbours. NaN with fewer than three points.
    pub nearest_others: f64,
}

impl CurveShape {
    /// The shape of the line through `points [n, 2]`, row by row.
    ///
    /// Rows that are not finite (a class without samples) are left out and those beside them joined.
    ///
    /// # Panics
    /// If there are not two columns.
    pub fn of(points: ArrayView2<f64>) -> CurveShape {
        assert_eq!(points.ncols(), 2, "points of the plane");
        let is_finite = |row: &ArrayView1<f64>| row.iter().all(|x| x.is_finite());
        let points: Vec<Point> =
            points.rows().into_iter().filter(is_finite).map(|row| [row[0], row[1]]).collect();
        let mut steps: Vec<f64> = points.windows(2).map(|pair| distance(pair[0], pair[1])).collect();
        steps.sort_unstable_by(f64::total_cmp);
        let others = (2..points.len()).flat_map(|i| (0..i - 1).map(move |j| (i, j)));
        CurveShape {
            n_self_intersections: self_intersections(&points),
            neighbour_distance: quantile(&steps, 0.5),
            nearest_others: others.map(|(i, j)| distance(points[i], points[j])).fold(f64::NAN, f64::min),
        }
    }

    /// Smallest distance of others over the usual distance of neighbours: above 1 in an open curve, near 0 where the
    /// curve comes back to itself. NaN where either is not known.
    pub fn clearance(&self) -> f64 {
        self.nearest_others / self.neighbour_distance
    }
}

type Point = [f64; 2];

fn distance(a: Point, b: Point) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

fn self_intersections(points: &[Point]) -> usize {
    let segments: Vec<[Point; 2]> = points.windows(2).map(|pair| [pair[0], pair[1]]).collect();
    let meets_earlier = |i: usize| {
        let folds_back = 0 < i && turns_back(segments[i - 1], segments[i]);
        let n_crossed = (0..i.saturating_sub(1)).filter(|&j| meet(segments[j], segments[i])).count();
        n_crossed + usize::from(folds_back)
    };
    (0..segments.len()).map(meets_earlier).sum()
}

/// Twice the signed area of a triangle: which side of the line through a and b is c on?
fn side(a: Point, b: Point, c: Point) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// Have two segments a point in common, ends included?
fn meet([a, b]: [Point; 2], [c, d]: [Point; 2]) -> bool {
    let (c_side, d_side, a_side, b_side) = (side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b));
    let crosses = c_side * d_side < 0.0 && a_side * b_side < 0.0;
    let touches = |area: f64, [from, to]: [Point; 2], point: Point| {
        let within = |i: usize| from[i].min(to[i]) <= point[i] && point[i] <= from[i].max(to[i]);
        area == 0.0 && within(0) && within(1)
    };
    crosses
        || touches(c_side, [a, b], c)
        || touches(d_side, [a, b], d)
        || touches(a_side, [c, d], a)
        || touches(b_side, [c, d], b)
}

/// Does the second of two joined segments run back over the first?
fn turns_back([a, b]: [Point; 2], [_, c]: [Point; 2]) -> bool {
    let along = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]);
    side(a, b, c) == 0.0 && along < 0.0
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn a_straight_line_keeps_clear_of_itself() {
        let shape = CurveShape::of(array![[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [3.0, 0.0]].view());
        assert_eq!(
            shape,
            CurveShape { n_self_intersections: 0, neighbour_distance: 1.0, nearest_others: 2.0 }
        );
        assert_eq!(shape.clearance(), 2.0);
    }

    #[test]
    fn a_bow_crosses_itself_once() {
        let shape = CurveShape::of(array![[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0]].view());
        assert_eq!(shape.n_self_intersections, 1);
        assert_eq!(shape.nearest_others, 2.0);
    }

    #[test]
    fn a_pentagram_crosses_itself_five_times() {
        let corner = |k: usize, i: usize| {
            let angle = (2 * k) as f64 * std::f64::consts::TAU / 5.0;
            if i == 0 { angle.cos() } else { angle.sin() }
        };
        // The last side ends a little before the first corner, so that the two do not also meet there.
        let mut star = ndarray::Array2::from_shape_fn((6, 2), |(k, i)| corner(k, i));
        for i in 0..2 {
            star[(5, i)] = corner(4, i) + 0.99 * (corner(5, i) - corner(4, i));
        }
        assert_eq!(CurveShape::of(star.view()).n_self_intersections, 5);
    }

    #[test]
    fn a_line_that_runs_back_over_itself_meets_itself() {
        assert_eq!(CurveShape::of(array![[0.0, 0.0], [2.0, 0.0], [1.0, 0.0]].view()).n_self_intersections, 1);
    }

    #[test]
    fn a_touching_end_counts() {
        let touching = array![[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [1.0, 0.0]];
        assert_eq!(CurveShape::of(touching.view()).n_self_intersections, 1);
    }

    #[test]
    fn a_class_without_samples_is_bridged() {
        let shape = CurveShape::of(array![[0.0, 0.0], [f64::NAN, 0.0], [1.0, 0.0]].view());
        assert_eq!(shape.neighbour_distance, 1.0);
        assert!(shape.nearest_others.is_nan());
    }
}
