//! Small files of every kind, and what the program says of them.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use image::{GrayImage, ImageFormat, Luma};

/// Writes a file, making its folder.
pub fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

/// What a command prints that succeeds.
pub fn ok(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The same as JSON.
pub fn json(command: &mut Command) -> serde_json::Value {
    serde_json::from_str(&ok(command)).unwrap()
}

/// The folder `shared/data` beside the checkout, or that of `VITRINE_DATA`; else a line that says what was skipped.
pub fn real() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let dir = env::var_os("VITRINE_DATA").map_or(beside, PathBuf::from);
    let dir = dir.is_dir().then_some(dir);
    if dir.is_none() {
        _ = writeln!(std::io::stderr(), "skipped: no real data sets; set VITRINE_DATA to their folder");
    }
    dir
}

/// A table of `n` rows with two features and three classes.
pub fn csv(n: usize) -> String {
    let row = |i: usize| format!("{i},{},{}\n", 2 * i, ["a", "b", "c"][i % 3]);
    format!("one,two,class\n{}", (0..n).map(row).collect::<String>())
}

/// An array of floats of 32 bits.
pub fn npy(shape: &str, values: &[f32]) -> Vec<u8> {
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    let header = format!("{header:<117}\n");
    let values: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    [&b"\x93NUMPY\x01\x00"[..], &(header.len() as u16).to_le_bytes(), header.as_bytes(), &values].concat()
}

/// One array of a `.safetensors` file.
pub fn safetensors(name: &str, shape: &str, values: &[f32]) -> Vec<u8> {
    let end = 4 * values.len();
    let header = format!("{{{name:?}:{{\"dtype\":\"F32\",\"shape\":{shape},\"data_offsets\":[0,{end}]}}}}");
    let values: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &values].concat()
}

/// Files of `n` images of this size, without a test.
pub fn idx(n: u8, rows: u8, columns: u8) -> [(&'static str, Vec<u8>); 2] {
    let images = [0, 0, 8, 3, 0, 0, 0, n, 0, 0, 0, rows, 0, 0, 0, columns].into_iter();
    let pixels = (0..n).flat_map(|i| vec![i; usize::from(rows) * usize::from(columns)]);
    let labels = [0, 0, 8, 1, 0, 0, 0, n].into_iter().chain((0..n).map(|i| i % 3));
    [
        ("train-images-idx3-ubyte", images.chain(pixels).collect()),
        ("train-labels-idx1-ubyte", labels.collect()),
    ]
}

/// A grey image.
pub fn png(width: u32, height: u32, grey: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let image = GrayImage::from_pixel(width, height, Luma([grey]));
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}
