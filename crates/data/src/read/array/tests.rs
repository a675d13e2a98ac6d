//! Arrays of hand-made files, and what is said of broken ones.

use std::io::{Cursor, Write};
use std::path::Path;

use ndarray::{ArrayD, array};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

fn npy(header: &str, values: &[u8]) -> Vec<u8> {
    let header = format!("{header:<117}\n");
    [&b"\x93NUMPY\x01\x00"[..], &(header.len() as u16).to_le_bytes(), header.as_bytes(), values].concat()
}

fn header(descr: &str, shape: &str) -> String {
    format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}")
}

fn npz(arrays: &[(&str, Vec<u8>)], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in arrays {
        writer.start_file(format!("{name}.npy"), options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn values(bytes: &[u8], name: &str) -> ArrayD<f32> {
    let path = Path::new("file");
    ArrayFile::open(path, bytes).unwrap().array(path, name).unwrap().inputs(path, name).unwrap()
}

fn error(bytes: &[u8], name: &str) -> String {
    let path = Path::new("file");
    let inputs = |bytes| ArrayFile::open(path, bytes)?.array(path, name)?.inputs(path, name);
    let error = inputs(bytes).unwrap_err().to_string();
    assert_eq!(error.lines().count(), 1, "{error}");
    error
}

#[test]
fn every_kind_of_number_is_read_in_either_order_of_bytes() {
    for (descr, bytes) in [
        ("|b1", vec![1, 0]),
        ("|u1", vec![1, 0]),
        ("|i1", vec![1, 0]),
        ("<u2", vec![1, 0, 0, 0]),
        (">u2", vec![0, 1, 0, 0]),
        ("<i4", vec![1, 0, 0, 0, 0, 0, 0, 0]),
        (">i8", [1_i64.to_be_bytes(), 0_i64.to_be_bytes()].concat()),
        ("<u8", [1_u64.to_le_bytes(), 0_u64.to_le_bytes()].concat()),
        ("<f2", vec![0, 0x3c, 0, 0]),
        (">f2", vec![0x3c, 0, 0, 0]),
        ("<f4", [1_f32.to_le_bytes(), 0_f32.to_le_bytes()].concat()),
        (">f8", [1_f64.to_be_bytes(), 0_f64.to_be_bytes()].concat()),
    ] {
        assert_eq!(
            values(&npy(&header(descr, "(1, 2)"), &bytes), ""),
            array![[1.0, 0.0]].into_dyn(),
            "{descr}"
        );
    }
}

#[test]
fn arrays_of_fortran_order_other_versions_and_one_axis_are_read() {
    let fortran = "{'fortran_order': True, \"shape\": (2L, 2L), 'descr': '|u1'}";
    assert_eq!(values(&npy(fortran, &[1, 3, 2, 4]), ""), array![[1.0, 2.0], [3.0, 4.0]].into_dyn());
    assert_eq!(values(&npy(&header("|u1", "(3,)"), &[1, 2, 3]), ""), array![[1.0], [2.0], [3.0]].into_dyn());
    let header = header("|u1", "(1, 1, 1, 1)");
    for version in [2, 3] {
        let start = [&b"\x93NUMPY"[..], &[version, 0], &(header.len() as u32).to_le_bytes()].concat();
        let bytes = [&start, header.as_bytes(), &[7]].concat();
        assert_eq!(values(&bytes, "").shape(), [1, 1, 1, 1]);
    }
}

#[test]
fn what_is_no_array_of_numbers_is_told_what_it_is() {
    for (bytes, words) in [
        (npy(&header("|O", "(2,)"), &[]), "holds Python objects, which are code and not read (`|O`)"),
        (npy(&header("<U3", "(2,)"), &[]), "holds texts"),
        (npy(&header("<c16", "(2,)"), &[]), "holds complex numbers"),
        (npy("{'descr': [('a', '<f4')], 'shape': (1,)}", &[]), "holds records of several fields"),
        (npy(&header("|u1", "()"), &[1]), "is a single number"),
        (npy("{'descr'", &[]), "its header `{'descr'` is not understood"),
        (npy(&header("|u1", "(2, 2)"), &[1]), "its header promises 132 bytes, but there are 129"),
        (npy(&header("|u1", "(1,)"), &[1, 2]), "its header promises 129 bytes, and there are more"),
        (npy(&header("<f8", "(99999999999, 99999999999)"), &[]), "which no file holds"),
        (b"\x93NUMPY\x01".to_vec(), "ends within its header"),
        (
            b"\x93NUMPY\x09\x00\x00\x00".to_vec(),
            "is of version 9 of the .npy format; versions 1 to 3 are read",
        ),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec(), "its header would have 4294967295 bytes"),
        (b"nothing".to_vec(), "is neither .npy, .npz nor sound .safetensors"),
    ] {
        let said = error(&bytes, "");
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn an_archive_gives_its_arrays_by_name_packed_or_not() {
    let x = npy(&header("|u1", "(1, 2)"), &[1, 2]);
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        let bytes = npz(&[("x", x.clone()), ("y", x.clone())], method);
        assert_eq!(values(&bytes, "x"), array![[1.0, 2.0]].into_dyn());
        assert!(error(&bytes, "z").contains("has no array `z`; it has `x`, `y`"));
    }
}

#[test]
fn an_archive_that_is_broken_or_holds_a_bomb_is_refused() {
    let x = npy(&header("|u1", "(1, 2)"), &[1, 2]);
    let mut bytes = npz(&[("x", x.clone())], CompressionMethod::Deflated);
    bytes.truncate(bytes.len() / 2);
    assert!(error(&bytes, "x").contains("is no sound .npz"));
    let bomb = [x, vec![0; 1 << 20]].concat();
    let said = error(&npz(&[("x", bomb)], CompressionMethod::Deflated), "x");
    assert!(said.ends_with("its header promises 130 bytes, and there are more"), "{said}");
}

#[test]
fn tensors_of_half_floats_and_booleans_are_read_and_lying_headers_are_not() {
    let file = |header: &str, values: &[u8]| {
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), values].concat()
    };
    for (dtype, bytes) in
        [("F16", vec![0, 0x3c, 0, 0]), ("BF16", vec![0x80, 0x3f, 0, 0]), ("BOOL", vec![1, 0])]
    {
        let header = format!(
            "{{\"x\":{{\"dtype\":\"{dtype}\",\"shape\":[1,2],\"data_offsets\":[0,{}]}}}}",
            bytes.len()
        );
        assert_eq!(values(&file(&header, &bytes), "x"), array![[1.0, 0.0]].into_dyn(), "{dtype}");
    }
    let lies = "{\"x\":{\"dtype\":\"F64\",\"shape\":[99999999,99999999],\"data_offsets\":[0,8]}}";
    assert!(error(&file(lies, &[0; 8]), "x").contains("is neither .npy, .npz nor sound .safetensors"));
}

#[test]
fn labels_are_whole_numbers_one_for_each_sample() {
    let path = Path::new("y.npy");
    let labels = |bytes: &[u8]| {
        let labels = ArrayFile::open(path, bytes)?.array(path, "")?.labels(path, "");
        labels.map(|labels| labels.words().to_vec())
    };
    let floats = [2_f32, -1.0].iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
    assert_eq!(labels(&npy(&header("<f4", "(2, 1)"), &floats)).unwrap(), ["2", "-1"]);
    let half = [0.0_f32, 0.5].iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
    let said = labels(&npy(&header("<f4", "(2,)"), &half)).unwrap_err().to_string();
    assert!(
        said.contains("the label of sample 1") && said.contains("is 0.5; labels are whole numbers"),
        "{said}"
    );
    let said = labels(&npy(&header("|u1", "(1, 2)"), &[1, 2])).unwrap_err().to_string();
    assert!(said.contains("are an array [1, 2]; one number for each sample is needed"), "{said}");
}
