//! Points of the plane by class: embeddings, codes of a bottleneck (thesis figs. 3.2, 4.7, 4.8, 6.5, 6.6).

use ndarray::ArrayView2;
use plotters::coord::Shift;
use plotters::prelude::*;

use crate::canvas::{DrawResult, Drawing};
use crate::colour_bar::{BAR_WIDTH, ColourBar};
use crate::colour_map::{class_colour, kind_colour};
use crate::frame::{Chart, Counts, Frame, at_equal_scale, extent};
use crate::style::{INK, Style};

/// One cloud of points.
#[derive(Clone, Debug)]
pub struct Scatter<'a> {
    /// Above it.
    pub title: String,
    /// `[n_points, 2]`; what is no number is left out.
    pub points: ArrayView2<'a, f64>,
    /// Class of each point.
    pub labels: &'a [usize],
    /// Names of the axes. Without them there are no ticks, for coordinates that mean nothing.
    pub axes: Option<(&'a str, &'a str)>,
    /// Whether a line joins the means of the classes, in their order.
    pub joins_means: bool,
}

/// What classes are, and so how they are coloured and named.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Classes<'a> {
    /// Places along one quantity: colours along viridis, and a colour bar.
    Ordered {
        /// The quantity, with its unit.
        label: &'a str,
        /// Its value at class 0; each class adds 1.
        first: usize,
        /// Number of classes.
        n_classes: usize,
    },
    /// At most ten kinds: colours that are told apart, and a legend.
    Kinds {
        /// Their names.
        names: &'a [String],
    },
}

/// Clouds in a grid, row by row, with one key to their colours.
#[derive(Clone, Debug)]
pub struct Scatters<'a> {
    /// The clouds.
    pub clouds: Vec<Scatter<'a>>,
    /// What the classes are.
    pub classes: Classes<'a>,
    /// Columns of the grid.
    pub n_columns: usize,
}

/// Height of the legend, in pixels of the design.
const LEGEND: f64 = 24.0;

impl Drawing for Scatters<'_> {
    fn draw<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        let (width, height) = area.dim_in_pixel();
        let (body, key) = match self.classes {
            Classes::Ordered { .. } => area.split_horizontally(width as i32 - style.px(BAR_WIDTH)),
            Classes::Kinds { .. } => area.split_vertically(height as i32 - style.px(LEGEND)),
        };
        let n_rows = self.clouds.len().div_ceil(self.n_columns).max(1);
        let cells = body.split_evenly((n_rows, self.n_columns));
        cells.iter().zip(&self.clouds).try_for_each(|(cell, cloud)| cloud.draw(cell, self.classes, style))?;
        self.classes.draw_key(&key, style)
    }
}

impl Classes<'_> {
    fn n_classes(&self) -> usize {
        match self {
            Classes::Ordered { n_classes, .. } => *n_classes,
            Classes::Kinds { names } => names.len(),
        }
    }

    fn colour(&self, class: usize) -> RGBColor {
        match self {
            Classes::Ordered { n_classes, .. } => class_colour(class, *n_classes),
            Classes::Kinds { .. } => kind_colour(class),
        }
    }

    fn name(&self, class: usize) -> String {
        match self {
            Classes::Ordered { first, .. } => (first + class).to_string(),
            Classes::Kinds { names } => names[class].clone(),
        }
    }

    /// Classes in the order in which they claim room for their names: round numbers first.
    fn by_rank(&self) -> Vec<usize> {
        let mut classes: Vec<usize> = (0..self.n_classes()).collect();
        if let Classes::Ordered { first, .. } = self {
            classes.sort_by_key(|class| match first + class {
                n if n.is_multiple_of(10) => 0,
                n if n.is_multiple_of(5) => 1,
                _ => 2,
            });
        }
        classes
    }

    fn draw_key<B: DrawingBackend>(&self, area: &DrawingArea<B, Shift>, style: &Style) -> DrawResult<B> {
        match self {
            Classes::Ordered { label, first, n_classes } => {
                let (lo, hi) = (*first as f64, (*first + n_classes.saturating_sub(1)).max(first + 1) as f64);
                let ticks = (*first..=hi as usize).filter(|n| n.is_multiple_of(10) || *n_classes <= 10);
                let bar = ColourBar {
                    label,
                    ends: (lo, hi),
                    ticks: ticks.map(|n| (n as f64, n.to_string())).collect(),
                    colour: |value: f64| class_colour((value - lo).round() as usize, *n_classes),
                };
                bar.draw(area, style)
            }
            Classes::Kinds { names } => {
                let mut x = style.px(10.0);
                let y = style.px(LEGEND / 2.0);
                for (class, name) in names.iter().enumerate() {
                    let text = style.text();
                    area.draw(&Circle::new((x, y), style.px(4.0), kind_colour(class).filled()))?;
                    area.draw(&Text::new(
                        name.clone(),
                        (x + style.px(7.0), y - style.px(6.0)),
                        text.clone(),
                    ))?;
                    x += style.px(21.0) + area.estimate_text_size(name, &text)?.0 as i32;
                }
                Ok(())
            }
        }
    }
}

impl Scatter<'_> {
    fn draw<B: DrawingBackend>(
        &self,
        area: &DrawingArea<B, Shift>,
        classes: Classes<'_>,
        style: &Style,
    ) -> DrawResult<B> {
        let (width, height) = area.dim_in_pixel();
        // What the frame takes for its title, ticks and labels.
        let taken = if self.axes.is_some() { (80.0, 66.0) } else { (12.0, 34.0) };
        let room = (f64::from(width) - taken.0 * style.scale, f64::from(height) - taken.1 * style.scale);
        let along = |axis: usize| extent(self.points.column(axis).iter().copied());
        let (x, y) = at_equal_scale(along(0), along(1), room, 1.06);
        let mut chart = match self.axes {
            Some((x_label, y_label)) => {
                let counts = Counts::Neither;
                Frame { title: &self.title, x_label, y_label, x, y, log_y: false, counts }
                    .draw(area, style)?
            }
            None => {
                let mut builder = ChartBuilder::on(area);
                builder.margin(style.px(6.0));
                if !self.title.is_empty() {
                    builder.caption(&self.title, style.title());
                }
                builder.build_cartesian_2d(x, y)?
            }
        };
        // Small enough that clouds show their shape, large enough that a few points are seen.
        let radius = style.px((60.0 / (self.labels.len().max(1) as f64).sqrt()).clamp(0.9, 3.0));
        let dots = self
            .points
            .rows()
            .into_iter()
            .zip(self.labels)
            .filter(|(point, _)| point.iter().all(|x| x.is_finite()));
        chart.draw_series(dots.map(|(point, &class)| {
            Circle::new((point[0], point[1]), radius, classes.colour(class).filled())
        }))?;
        if self.joins_means {
            let means = (0..classes.n_classes()).filter_map(|class| self.centre_of(class, mean));
            chart.draw_series(LineSeries::new(means, style.line(INK, 1.2)))?;
        }
        self.write_names(&chart, area, classes, style)
    }

    /// Names of classes at their medians, as many as do not cover each other.
    fn write_names<B: DrawingBackend>(
        &self,
        chart: &Chart<'_, B>,
        area: &DrawingArea<B, Shift>,
        classes: Classes<'_>,
        style: &Style,
    ) -> DrawResult<B> {
        let text = style.text();
        let (corner_x, corner_y) = area.get_base_pixel();
        let mut written: Vec<[i32; 4]> = Vec::new();
        for class in classes.by_rank() {
            let Some(centre) = self.centre_of(class, median) else { continue };
            let name = classes.name(class);
            let (width, height) = area.estimate_text_size(&name, &text)?;
            let (width, height) = (width as i32, height as i32);
            let at = chart.backend_coord(&centre);
            let (x, y) = (at.0 - corner_x - width / 2, at.1 - corner_y - height / 2);
            let place =
                [x - style.px(2.0), y - style.px(1.0), x + width + style.px(2.0), y + height + style.px(1.0)];
            if written.iter().any(|other| overlap(&place, other)) {
                continue;
            }
            written.push(place);
            // A pale rim keeps the name legible on points of any colour.
            let rim = text.clone().color(&WHITE);
            for (dx, dy) in [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)] {
                area.draw(&Text::new(
                    name.clone(),
                    (x + style.px(1.0) * dx, y + style.px(1.0) * dy),
                    rim.clone(),
                ))?;
            }
            area.draw(&Text::new(name, (x, y), text.clone()))?;
        }
        Ok(())
    }

    /// The centre of a class, coordinate by coordinate; nothing of a class without points.
    fn centre_of(&self, class: usize, centre: fn(Vec<f64>) -> Option<f64>) -> Option<(f64, f64)> {
        let along = |axis: usize| {
            let column = self.points.column(axis);
            let of_class =
                column.iter().zip(self.labels).filter(|(x, label)| **label == class && x.is_finite());
            centre(of_class.map(|(x, _)| *x).collect())
        };
        Some((along(0)?, along(1)?))
    }
}

fn mean(values: Vec<f64>) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Whether two rectangles `[left, top, right, bottom]` have a pixel in common.
fn overlap(a: &[i32; 4], b: &[i32; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::picture::Picture;

    const SIZE: Picture = Picture { width: 300, height: 240 };

    fn svg(points: &Array2<f64>, labels: &[usize], classes: Classes<'_>) -> String {
        let cloud =
            Scatter { title: "codes".into(), points: points.view(), labels, axes: None, joins_means: false };
        SIZE.svg(&Scatters { clouds: vec![cloud], classes, n_columns: 1 }).unwrap()
    }

    #[test]
    fn a_name_that_would_cover_another_is_left_out() {
        let positions = Classes::Ordered { label: "position", first: 29, n_classes: 3 };
        let apart = svg(&array![[0.0, 0.0], [50.0, 50.0], [100.0, 0.0]], &[0, 1, 2], positions);
        let named = |text: &str, name: &str| text.lines().any(|line| line.trim() == name);
        assert!(["29", "30", "31"].iter().all(|name| named(&apart, name)));
        let close = svg(&array![[0.0, 0.0], [0.1, 0.0], [100.0, 0.0]], &[0, 1, 2], positions);
        // The colour bar has its own 29, 30 and 31.
        let count = |text: &str, name: &str| text.lines().filter(|line| line.trim() == name).count();
        assert!(count(&close, "29") < count(&apart, "29"), "30 is rounder, and was first");
        assert_eq!(count(&close, "30"), count(&apart, "30"));
    }

    #[test]
    fn kinds_have_a_legend_and_colours_of_their_own() {
        let names = ["cat".to_string(), "dog".to_string()];
        let text = svg(&array![[0.0, 0.0], [1.0, 1.0]], &[0, 1], Classes::Kinds { names: &names });
        for part in ["cat", "dog", "#332288", "#DDCC77"] {
            assert!(text.contains(part), "{part} is missing from {text}");
        }
    }

    #[test]
    fn points_that_are_no_numbers_and_classes_without_points_are_left_out() {
        let positions = Classes::Ordered { label: "position", first: 0, n_classes: 3 };
        let text = svg(&array![[0.0, f64::NAN], [1.0, 1.0]], &[0, 1], positions);
        assert_eq!(text.matches("<circle").count(), 1);
        svg(&Array2::zeros((0, 2)), &[], positions);
    }

    #[test]
    fn rectangles_that_touch_do_not_overlap() {
        assert!(!overlap(&[0, 0, 10, 10], &[10, 0, 20, 10]));
        assert!(overlap(&[0, 0, 10, 10], &[9, 9, 20, 20]));
    }
}
