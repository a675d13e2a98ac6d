//! One image of a digit beside the mean of many (thesis fig. 6.10).

use anyhow::Context as _;
use ndarray::{Array2, ArrayView1, Axis, concatenate, s};
use serde::{Deserialize, Serialize};
use vitrine_data::{Dataset, mnist};
use vitrine_figures::{ColourMap, HeatMap, HeatMaps, Picture};
use vitrine_lab::{Gallery, Matrix};

/// The digit shown.
pub const DIGIT: usize = 5;
/// Images that are averaged.
const N_AVERAGED: usize = 1_000;

/// Images `[n_rows, n_columns]` of the digit, the lowest row first as in a heat map.
#[derive(Serialize, Deserialize)]
pub struct DigitImages {
    n_averaged: usize,
    one_image: Matrix,
    averaged_image: Matrix,
}

impl DigitImages {
    /// The first image of the digit in MNIST's `set`, and the mean of the first thousand.
    ///
    /// # Errors
    /// When there is none.
    pub fn of(set: &Dataset) -> anyhow::Result<DigitImages> {
        let inputs = set.rows();
        let of_digit = inputs.rows().into_iter().zip(set.labels()).filter(|(_, label)| **label == DIGIT);
        let images: Vec<_> = of_digit.map(|(image, _)| image.insert_axis(Axis(0))).take(N_AVERAGED).collect();
        let none = || format!("no image of the digit {DIGIT} among the {} of MNIST", set.n_samples());
        let images = concatenate(Axis(0), &images).with_context(none)?;
        let mean = images.mean_axis(Axis(0)).with_context(none)?;
        Ok(DigitImages {
            n_averaged: images.nrows(),
            one_image: upright(images.row(0)),
            averaged_image: upright(mean.view()),
        })
    }

    /// The mean image as a network reads it, `[1, n_pixels]`.
    pub fn averaged(&self) -> Array2<f32> {
        let pixels = self.averaged_image.slice(s![..;-1, ..]);
        Array2::from_shape_fn((1, pixels.len()), |(_, i)| {
            pixels[[i / pixels.ncols(), i % pixels.ncols()]] as f32
        })
    }

    /// Draws both in grey, side by side.
    ///
    /// # Errors
    /// When the figure cannot be drawn or written.
    pub fn draw(&self, figure: &str, gallery: &mut Gallery) -> anyhow::Result<()> {
        let maps = vec![
            map(format!("one \"{DIGIT}\""), &self.one_image),
            map(format!("{} averaged", self.n_averaged), &self.averaged_image),
        ];
        gallery.add_raster(figure, Picture { width: 640, height: 300 }, &HeatMaps { maps, n_columns: 2 })
    }
}

/// Rows are numbered from below in a heat map, and from above in an image.
fn upright(pixels: ArrayView1<f32>) -> Matrix {
    let [_, n_rows, n_columns] = mnist::IMAGE_SHAPE;
    let image = pixels.to_shape((n_rows, n_columns)).expect("an image has rows × columns pixels");
    Matrix::of(image.slice(s![..;-1, ..]))
}

fn map(title: String, image: &Matrix) -> HeatMap<'_> {
    HeatMap {
        title,
        x_label: "column (pixels)",
        y_label: "row from below (pixels)",
        value_label: "intensity",
        first_column: 1,
        first_row: 1,
        values: image.view(),
        colours: ColourMap::Ink,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_image_of_one_image_is_read_as_that_image() {
        let image = Array2::from_shape_fn((1, 784), |(_, i)| i as f32);
        let images = DigitImages::of(&Dataset::numbered(image.clone(), vec![DIGIT], 10)).unwrap();
        assert_eq!(images.averaged(), image);
    }
    #[test]
    fn digits_are_drawn_in_grey() {
        let image = Matrix::of(Array2::<f64>::zeros((28, 28)).view());
        assert_eq!(map("5".into(), &image).colours, ColourMap::Ink);
    }
}
