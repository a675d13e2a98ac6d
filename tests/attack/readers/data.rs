//! Readers of data: tables, arrays, series, images.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use image::{ImageFormat, Rgb, RgbImage};
use vitrine_data::{DataSettings, Description, Folders, Streams};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Reads bytes as a file of that name in a folder of its own, by the short form that names it, and describes it.
fn read(dir: &Path, folder: &str, name: &str, settings: &str, bytes: &[u8]) -> bool {
    let folder = dir.join(folder);
    if fs::create_dir_all(&folder).is_err() || fs::write(folder.join(name), bytes).is_err() {
        return false;
    }
    described(&format!("{}{settings}", folder.join(name).display()))
}

fn described(data: &str) -> bool {
    let Ok(settings) = DataSettings::from_short(data) else { return false };
    let loaded = settings.load_as_it_is(&Streams::new(0), &Folders::default());
    loaded.is_ok_and(|loaded| !Description::of(settings.name(), &loaded).kind.is_empty())
}

pub fn table() -> Vec<u8> {
    let row = |i: usize| format!("{i},{:.2},\"{}\"\n", i as f64 / 3.0, ["a", "b", "c"][i % 3]);
    format!("one,two,class\n{}", (0..12).map(row).collect::<String>()).into_bytes()
}

pub fn read_table(dir: &Path, bytes: &[u8]) -> bool {
    read(dir, "table", "t.csv", "", bytes)
}

/// Six samples of two rows of two numbers.
pub fn array() -> Vec<u8> {
    let header = format!("{:117}\n", "{'descr': '<f4', 'fortran_order': True, 'shape': (6, 2, 2), }");
    let numbers: Vec<u8> = (0..24).flat_map(|i| (i as f32).to_le_bytes()).collect();
    [b"\x93NUMPY\x01\x00\x76\x00", header.as_bytes(), &numbers].concat()
}

fn labels() -> Vec<u8> {
    let header = format!("{:117}\n", "{'descr': '|u1', 'fortran_order': False, 'shape': (6,), }");
    [b"\x93NUMPY\x01\x00\x76\x00", header.as_bytes(), &[0, 1, 0, 1, 0, 1]].concat()
}

pub fn read_array(dir: &Path, bytes: &[u8]) -> bool {
    read(dir, "array", "x.npy", "", bytes)
}

pub fn archive() -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("x.npy", array()), ("y.npy", labels())] {
        _ = writer.start_file(name, SimpleFileOptions::default());
        _ = writer.write_all(&bytes);
    }
    writer.finish().map(Cursor::into_inner).unwrap_or_default()
}

pub fn read_archive(dir: &Path, bytes: &[u8]) -> bool {
    read(dir, "archive", "x.npz", "", bytes)
}

pub fn tensors() -> Vec<u8> {
    let header = "{\"x\":{\"dtype\":\"F16\",\"shape\":[6,2],\"data_offsets\":[0,24]},\
                  \"y\":{\"dtype\":\"I32\",\"shape\":[6],\"data_offsets\":[24,48]}}";
    let labels: Vec<u8> = (0..6).flat_map(|i: i32| (i % 2).to_le_bytes()).collect();
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0x3c; 24], &labels].concat()
}

pub fn read_tensors(dir: &Path, bytes: &[u8]) -> bool {
    read(dir, "tensors", "x.safetensors", "", bytes)
}

pub fn series() -> Vec<u8> {
    let line = |i: usize| format!("{i},{},0.5:1,2,{i}:{}\n", i + 1, ["up", "down"][i % 2]);
    let header = "# a comment\n@problemName P\n@timeStamps false\n@univariate false\n@dimensions 2\n\
                  @equalLength true\n@seriesLength 3\n@classLabel true up down\n@data\n";
    format!("{header}{}", (0..8).map(line).collect::<String>()).into_bytes()
}

pub fn read_series(dir: &Path, bytes: &[u8]) -> bool {
    read(dir, "series", "s.ts", "", bytes)
}

pub fn label_first() -> Vec<u8> {
    let line = |i: usize| format!("{}\t{i}\t-1.5e-3\t{}\n", 1 + i % 2, i * i);
    (0..8).map(line).collect::<String>().into_bytes()
}

pub fn read_label_first(dir: &Path, bytes: &[u8]) -> bool {
    read(dir, "label-first", "s.tsv", ",kind=series", bytes)
}

/// An image of 9 × 7 pixels in colour.
pub fn picture(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = RgbImage::from_fn(9, 7, |x, y| Rgb([(x * 20) as u8, (y * 30) as u8, 99]));
    _ = image.write_to(&mut bytes, format);
    bytes.into_inner()
}

/// A folder of one class with this image.
pub fn read_picture(dir: &Path, ending: &str, bytes: &[u8]) -> bool {
    let folder = dir.join(format!("pictures-{ending}"));
    let class = folder.join("class");
    if fs::create_dir_all(&class).is_err() || fs::write(class.join(format!("i.{ending}")), bytes).is_err() {
        return false;
    }
    described(&format!("{},size=4x5", folder.display()))
}

/// Images of another size than MNIST's, without a test.
pub fn family() -> Vec<u8> {
    [&[0, 0, 8, 3, 0, 0, 0, 6, 0, 0, 0, 3, 0, 0, 0, 2][..], &[7; 36]].concat()
}

pub fn read_family(dir: &Path, bytes: &[u8]) -> bool {
    let folder = dir.join("family");
    let name = "emnist-letters-train-images-idx3-ubyte";
    _ = fs::create_dir_all(&folder);
    let labels = [0, 0, 8, 1, 0, 0, 0, 6, 1, 2, 3, 1, 2, 3];
    fs::write(folder.join("emnist-letters-train-labels-idx1-ubyte"), labels).is_ok()
        && fs::write(folder.join(name), bytes).is_ok()
        && described(&folder.display().to_string())
}
