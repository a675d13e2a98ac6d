//! The map from two dimensions to three, worked and drawn (thesis sec. 4.3.2): figures 4.12 and 4.13.

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, array};
use serde::{Deserialize, Serialize};
use vitrine_analysis::embedding_theory::Construction;
use vitrine_figures::{Mark, Picture, Sketch, SketchPanel, Stroke};
use vitrine_lab::{About, Agreement, Gallery, Matrix, Study, Table, Vector, agreement};

use crate::thesis::Context;

pub struct Toy;

static ABOUT: About = About {
    id: "4.3-toy",
    title: "Three points of the plane taken to three unit vectors by the Moore–Penrose inverse",
    figures: &["4.12", "4.13"],
    tables: &[],
    claims: &[],
};

/// Numbers that come from one another by arithmetic alone are equal to this.
const EQUAL: f64 = 1e-9;

/// The map from the plane to space and, for the picture in two dimensions, from a line to the plane.
#[derive(Serialize, Deserialize)]
pub struct Found {
    plane: Worked,
    line: Worked,
}

/// A [`Construction`], step by step.
#[derive(Serialize, Deserialize)]
struct Worked {
    points: Matrix,
    mean: Vector,
    forward: Matrix,
    inverse: Matrix,
    images: Matrix,
    weight: Matrix,
    bias: Vector,
}

impl Study for Toy {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, _cx: &Context) -> anyhow::Result<Found> {
        Ok(Found {
            // Three points of the unit square that are not in line.
            plane: Worked::of(array![[0.2, 0.3], [0.8, 0.4], [0.4, 0.9]]),
            line: Worked::of(array![[0.25], [0.75]]),
        })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        let both = [&found.plane, &found.line];
        let far_from_the_projection =
            both.map(Worked::distance_to_the_projection).into_iter().fold(0.0, f64::max);
        let third = 1.0 / 3.0_f64.sqrt();
        let first = found.plane.images.column(0);
        let is_printed = (first[0] - (1.0 - third)).abs() < EQUAL && (first[1] + third).abs() < EQUAL;
        let numbers = format!("F⁺w1 = ({:.3}, {:.3}, {:.3})", first[0], first[1], first[2]);
        vec![
            agreement("4.12").is(
                "of the image of each point its own coordinate is the largest",
                found.plane.is_one_hot(),
                &numbers,
            ),
            agreement("4.13")
                .is(
                    "each image is its unit vector projected on the plane orthogonal to (1, 1, 1), or from one dimension to two on the line orthogonal to (1, 1)",
                    far_from_the_projection < EQUAL,
                    format!("to within {far_from_the_projection:.0e}"),
                )
                .is("its own coordinate alone is positive", both.iter().all(|worked| worked.only_own_is_positive()), &numbers)
                .is("F⁺w1 is (1 − 1/√3, −1/√3, −1/√3), as printed", is_printed, &numbers)
                .because(
                    "the unit vector along K is (1, 1, 1)/√3, so that each coordinate of the part of e1 along K is \
                     (1/√3)² = 1/3; the print leaves the square out",
                ),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let Worked { points, mean, images, .. } = &found.plane;
        let mut square = SketchPanel {
            title: "points of the plane".into(),
            x_label: "first unit".into(),
            y_label: "second unit".into(),
            ..SketchPanel::default()
        };
        for (k, point) in points.rows().into_iter().enumerate() {
            square.marks.push(mark(at(point), format!("v{}", k + 1), k));
            square.strokes.push(Stroke {
                points: vec![at(mean.view()), at(point)],
                colour: k,
                is_thin: true,
            });
        }
        square.marks.push(below(at(mean.view()), "m".into(), 6));
        let mut targets = space("unit vectors, to be reached");
        for k in 0..3 {
            let unit = unit_vector(k);
            targets.marks.push(mark(seen(unit.view()), format!("e{}", k + 1), k));
        }
        gallery.add(
            "4.12",
            Picture { width: 640, height: 340 },
            &Sketch { panels: vec![square, targets] },
        )?;
        let panels = vec![projected(images.view()), projected_on_a_line(found.line.images.view())];
        gallery.add("4.13", Picture { width: 640, height: 340 }, &Sketch { panels })
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut table = Table::new(["", "e1", "e2", "e3"]);
        for (k, image) in found.plane.images.columns().into_iter().enumerate() {
            let cells = image.iter().map(|value| format!("{value:.4}"));
            table.row([format!("F⁺ w{}", k + 1)].into_iter().chain(cells));
        }
        vec![("-construction".into(), table)]
    }
}

impl Worked {
    fn of(points: Array2<f64>) -> Worked {
        let made = Construction::of(points.view());
        let matrix = |array: &Array2<f64>| Matrix::of(array.view());
        let vector = |array: &Array1<f64>| Vector::of(array.view());
        Worked {
            points: matrix(&made.points),
            mean: vector(&made.mean),
            forward: matrix(&made.forward),
            inverse: matrix(&made.inverse),
            images: matrix(&made.images),
            weight: matrix(&made.layer.weight),
            bias: vector(&made.layer.bias),
        }
    }

    /// Whether the largest coordinate of each image is its own.
    fn is_one_hot(&self) -> bool {
        self.images
            .columns()
            .into_iter()
            .enumerate()
            .all(|(k, image)| image.iter().enumerate().all(|(i, &value)| i == k || value < image[k]))
    }

    /// Whether the own coordinate of each image is its only one above zero.
    fn only_own_is_positive(&self) -> bool {
        self.images.indexed_iter().all(|((i, k), &value)| (i == k) == (0.0 < value))
    }

    /// The largest distance in a coordinate of an image from what is left of `e_k` without its part along (1, …, 1).
    fn distance_to_the_projection(&self) -> f64 {
        let n = self.images.nrows();
        let projection = Array2::<f64>::eye(n) - 1.0 / n as f64;
        (&*self.images - &projection).fold(0.0, |largest: f64, difference| largest.max(difference.abs()))
    }
}

fn mark(at: (f64, f64), label: String, colour: usize) -> Mark {
    Mark { at, label, colour, is_below: false }
}

fn below(at: (f64, f64), label: String, colour: usize) -> Mark {
    Mark { is_below: true, ..mark(at, label, colour) }
}

fn at(point: ArrayView1<'_, f64>) -> (f64, f64) {
    (point[0], point[1])
}

fn unit_vector(k: usize) -> Array1<f64> {
    Array2::eye(3).row(k).to_owned()
}

/// Space seen along its diagonal's side, each axis at an angle of its own.
fn seen(point: ArrayView1<'_, f64>) -> (f64, f64) {
    let (x, y, z) = (point[0], point[1], point[2]);
    (0.95 * y - 0.6 * x, z - 0.55 * x - 0.1 * y)
}

/// A panel with the three axes of space.
fn space(title: &str) -> SketchPanel {
    let mut panel = SketchPanel { title: title.into(), hides_axes: true, ..SketchPanel::default() };
    for k in 0..3 {
        let end = unit_vector(k) * 1.25;
        let stroke = Stroke { points: vec![(0.0, 0.0), seen(end.view())], colour: 6, is_thin: true };
        panel.strokes.push(stroke);
    }
    panel
}

/// Figure 4.13a: the images `F⁺ w_k` are the projections of `e_k` on the plane orthogonal to (1, 1, 1).
fn projected(images: ArrayView2<'_, f64>) -> SketchPanel {
    let mut panel = space("projected on the plane orthogonal to K");
    let mut triangle: Vec<(f64, f64)> = images.columns().into_iter().map(seen).collect();
    triangle.push(triangle[0]);
    panel.strokes.push(Stroke { points: triangle, colour: 2, is_thin: false });
    let kernel = array![0.8, 0.8, 0.8];
    let ends = vec![seen((&kernel * -0.35).view()), seen(kernel.view())];
    panel.strokes.push(Stroke { points: ends, colour: 1, is_thin: false });
    panel.marks.push(mark(seen(kernel.view()), "K".into(), 1));
    for (k, image) in images.columns().into_iter().enumerate() {
        let unit = unit_vector(k);
        panel.strokes.push(Stroke { points: vec![seen(unit.view()), seen(image)], colour: k, is_thin: true });
        panel.marks.push(mark(seen(unit.view()), format!("e{}", k + 1), k));
        panel.marks.push(below(seen(image), format!("F⁺w{}", k + 1), k));
    }
    panel
}

/// Figure 4.13b: the same from one dimension to two.
fn projected_on_a_line(images: ArrayView2<'_, f64>) -> SketchPanel {
    let mut panel = SketchPanel {
        title: "the same from one dimension to two".into(),
        x_label: "first output".into(),
        y_label: "second output".into(),
        ..SketchPanel::default()
    };
    let lines = [([1.0, 1.0], "K", 1), ([-1.0, 1.0], "orthogonal", 2)];
    for ([x, y], name, colour) in lines {
        let end = (0.75 * x, 0.75 * y);
        panel.strokes.push(Stroke { points: vec![(-end.0, -end.1), end], colour, is_thin: false });
        panel.marks.push(mark(end, name.into(), colour));
    }
    let units = Array2::<f64>::eye(2);
    for (k, image) in images.axis_iter(Axis(1)).enumerate() {
        let unit = at(units.row(k));
        panel.strokes.push(Stroke { points: vec![unit, at(image)], colour: 6, is_thin: true });
        panel.marks.push(mark(unit, format!("e{}", k + 1), 0));
        panel.marks.push(below(at(image), format!("F⁺w{}", k + 1), 0));
    }
    panel
}

#[cfg(test)]
mod tests {
    use vitrine_lab::{Saved, Stands};

    use super::*;

    fn found() -> Found {
        let worked = Worked::of;
        Found {
            plane: worked(array![[0.2, 0.3], [0.8, 0.4], [0.4, 0.9]]),
            line: worked(array![[0.25], [0.75]]),
        }
    }

    #[test]
    fn the_construction_agrees_but_for_the_printed_coordinates() {
        let [problem, solved] = Toy.agreements(&found()).try_into().unwrap();
        assert_eq!(problem.stands(), Stands::Agrees);
        assert_eq!(solved.parts.iter().map(|part| part.is_so).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!(solved.parts[2].numbers, "F⁺w1 = (0.667, -0.333, -0.333)");
    }

    #[test]
    fn images_that_change_places_differ() {
        let mut found = found();
        found.plane.images = Saved(array![[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]);
        let [problem, solved] = Toy.agreements(&found).try_into().unwrap();
        assert_eq!([problem.stands(), solved.stands()], [Stands::Differs, Stands::Differs]);
    }
}
