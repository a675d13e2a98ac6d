//! PNG and JPEG images as arrays of pixels.

use std::io::Cursor;
use std::path::Path;

use image::imageops::FilterType;
use image::{DynamicImage, ImageFormat, ImageReader, Limits};

use super::shown::one_line;
use crate::error::DataError;

/// Wider or higher images are not decoded.
const MAX_SIDE: u32 = 8192;
/// Bytes that the pixels of an image may have: a small file can be unpacked to any number.
const MAX_MEMORY: u64 = 1 << 26;

/// An image, its pixels 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    pub n_rows: usize,
    pub n_columns: usize,
    /// `[rows, columns]` of a grey image, `[rows, columns, 3]` of one in colour.
    pub pixels: Vec<f32>,
    pub is_grey: bool,
}

/// The image whose file has the content `bytes`, brought to `size`, rows and columns, where one is given. What is
/// transparent is not: the channel that says so is left out.
///
/// # Errors
/// What is no PNG or JPEG, is damaged, has more than 8192 rows or columns, or more than 64 MiB of pixels.
pub fn read_image(path: &Path, bytes: &[u8], size: Option<[usize; 2]>) -> Result<Image, DataError> {
    let bad = |wrong: String| DataError::bad(path, wrong);
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let reader = reader.as_mut().map_err(|error| bad(one_line(error)))?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)) {
        return Err(bad("is neither a PNG nor a JPEG image".into()));
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_MEMORY);
    reader.limits(limits);
    let reader = std::mem::replace(reader, ImageReader::new(Cursor::new(&[])));
    let image = reader.decode().map_err(|error| bad(format!("is no sound image ({})", one_line(error))))?;
    let image = match size {
        Some([n_rows, n_columns]) => {
            image.resize_exact(n_columns as u32, n_rows as u32, FilterType::Triangle)
        }
        None => image,
    };
    Ok(pixels(&image))
}

fn pixels(image: &DynamicImage) -> Image {
    let is_grey = !image.color().has_color();
    let pixels = if is_grey { image.to_luma32f().into_raw() } else { image.to_rgb32f().into_raw() };
    Image { n_rows: image.height() as usize, n_columns: image.width() as usize, pixels, is_grey }
}

impl Image {
    /// Adds the pixels channel by channel, `[rows, columns]` each; a grey image has three equal channels in colour.
    pub fn add_to(&self, values: &mut Vec<f32>, in_colour: bool) {
        match (self.is_grey, in_colour) {
            (true, false) => values.extend(&self.pixels),
            (true, true) => (0..3).for_each(|_| values.extend(&self.pixels)),
            (false, _) => {
                (0..3).for_each(|channel| values.extend(self.pixels.iter().skip(channel).step_by(3)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{GrayImage, Luma, Rgb, RgbImage};

    use super::*;

    fn file(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.into().write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn read(bytes: &[u8], size: Option<[usize; 2]>) -> Result<Image, String> {
        read_image(Path::new("i.png"), bytes, size).map_err(|error| error.to_string())
    }

    #[test]
    fn grey_images_are_rows_of_pixels_and_coloured_ones_three_channels() {
        let grey = GrayImage::from_fn(3, 2, |x, y| Luma([if (x, y) == (2, 1) { 255 } else { 0 }]));
        let image = read(&file(grey, ImageFormat::Png), None).unwrap();
        assert_eq!((image.n_rows, image.n_columns, image.is_grey), (2, 3, true));
        assert_eq!(image.pixels, [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
        let coloured = RgbImage::from_fn(2, 1, |x, _| Rgb(if x == 0 { [255, 0, 0] } else { [0, 0, 255] }));
        let image = read(&file(coloured, ImageFormat::Png), None).unwrap();
        let mut values = Vec::new();
        image.add_to(&mut values, true);
        assert_eq!(values, [1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn images_are_resized_where_asked_and_jpeg_is_read_as_png_is() {
        let grey = GrayImage::from_pixel(8, 6, Luma([255]));
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let image = read(&file(grey.clone(), format), Some([2, 4])).unwrap();
            assert_eq!((image.n_rows, image.n_columns), (2, 4));
            assert!(image.pixels.iter().all(|pixel| (pixel - 1.0).abs() < 0.01), "{:?}", image.pixels);
        }
    }

    #[test]
    fn what_is_no_image_or_a_damaged_one_is_one_line() {
        let whole = file(GrayImage::from_pixel(64, 64, Luma([7])), ImageFormat::Png);
        for (bytes, words) in [
            (&b"nothing"[..], "is neither a PNG nor a JPEG image"),
            (b"GIF89a", "is neither a PNG nor a JPEG image"),
            (b"", "is neither a PNG nor a JPEG image"),
            (&whole[..whole.len() / 2], "is no sound image ("),
        ] {
            let said = read(bytes, None).unwrap_err();
            assert!(said.contains(words) && said.lines().count() == 1, "{said}");
        }
        // A header that promises 4 billion by 4 billion pixels; its checksum is right.
        let mut huge = whole.clone();
        huge[16..24].fill(0xff);
        assert!(read(&huge, None).unwrap_err().contains("is no sound image ("));
    }
}
