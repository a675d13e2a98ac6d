//! Sources of files, as recipes write them, on small files made here.

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::folders::Folders;
use crate::settings::DataSettings;
use crate::split::Split;
use crate::streams::Streams;

/// Settings as a recipe in that folder writes them.
fn settings(folder: &Path, text: &str) -> DataSettings {
    toml::from_str::<DataSettings>(text).unwrap().in_folder(folder).unwrap()
}

fn load(folder: &Path, text: &str) -> Split {
    settings(folder, text).load(&Streams::new(0), &Folders::default()).unwrap()
}

fn error(folder: &Path, text: &str) -> String {
    settings(folder, text).load(&Streams::new(0), &Folders::default()).unwrap_err().to_string()
}

fn npy(shape: &str, values: &[f32]) -> Vec<u8> {
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    let header = format!("{header:<117}\n");
    let values: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    [&b"\x93NUMPY\x01\x00"[..], &(header.len() as u16).to_le_bytes(), header.as_bytes(), &values].concat()
}

fn npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        writer.start_file(format!("{name}.npy"), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn image(path: &Path, image: impl Into<DynamicImage>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, ImageFormat::Png).unwrap();
    fs::write(path, bytes.into_inner()).unwrap();
}

fn sizes(split: &Split) -> [usize; 3] {
    [&split.train, &split.validation, &split.test].map(|set| set.n_samples())
}

#[test]
fn settings_of_every_kind_read_back_as_they_were_written() {
    for text in [
        "kind = 'table'\npath = '/t.csv'\nlabel = 3\nheader = true\ndelimiter = 'tab'\nstandardise = true",
        "kind = 'table'\npath = '/t.csv'\nlabel = 'x'\nsplit = { test = '/u.csv', validation = 0.1, seed = 4 }",
        "kind = 'arrays'\ninputs = '/x.npy'\nlabels = '/y.npy'\nconcepts = ['a']\nnames = { masks = 'm' }",
        "kind = 'arrays'\npath = '/x.npy'\nclasses = 'fashion-mnist'\nsplit = { test = { inputs = '/u.npy', labels = '/v.npy' } }",
        "kind = 'idx'\npath = '/d'\nprefix = 'emnist-letters-'\nclasses = ['a', 'b']\ncontent = 'abc'",
        "kind = 'series'\npath = '/s.ts'\nsplit = { stratified = false }",
        "kind = 'images'\npath = '/i'\nsize = [28, 32]\ncorruption = { kind = 'noise_inputs' }",
    ] {
        let settings: DataSettings = toml::from_str(text).unwrap();
        assert_eq!(
            toml::from_str::<DataSettings>(&toml::to_string(&settings).unwrap()).unwrap(),
            settings,
            "{text}"
        );
    }
    for (text, field) in [
        ("kind = 'table'\nlabels = 'x'", "labels"),
        ("kind = 'series'\nsplit = { tset = 0.1 }", "tset"),
        ("kind = 'images'\nlabel = 'x'", "label"),
    ] {
        let error = toml::from_str::<DataSettings>(text).unwrap_err().to_string();
        assert!(error.contains(&format!("unknown field `{field}`")), "{error}");
    }
}

#[test]
fn what_is_in_files_is_content_and_where_they_are_is_not() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(here.path().join("a.csv"), "1,2,x\n3,4,y\n").unwrap();
    fs::write(there.path().join("b.csv"), "1,2,x\n3,4,y\n").unwrap();
    let of = |folder: &Path, name: &str| {
        let settings = settings(folder, &format!("kind = 'table'\npath = '{name}'"));
        settings.with_content(&Folders::default()).unwrap()
    };
    let [first, second] = [of(here.path(), "a.csv"), of(there.path(), "b.csv")];
    assert_ne!(first, second);
    assert_eq!(first.clone().without_paths(), second.without_paths());
    fs::write(here.path().join("a.csv"), "1,2,x\n3,5,y\n").unwrap();
    assert_ne!(of(here.path(), "a.csv").content, first.content);
    let error = first.load(&Streams::new(0), &Folders::default()).unwrap_err().to_string();
    assert!(error.starts_with("table: content is "), "{error}");
}

#[test]
fn files_are_read_once_for_what_is_known_of_them_until_they_change() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t.csv");
    fs::write(&path, "1,2,x\n3,4,y\n").unwrap();
    let (settings, folders) = (settings(dir.path(), "kind = 'table'\npath = 't.csv'"), Folders::default());
    assert_eq!(settings.about(&folders).unwrap().n_classes, 2);
    let written = fs::metadata(&path).unwrap().modified().unwrap();
    // Of the same length and time, so that only reading would tell.
    fs::write(&path, "1,2,x\n3,4,x\n").unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(written).unwrap();
    assert_eq!(settings.about(&folders).unwrap().n_classes, 2);
    assert_eq!(settings.about(&Folders::default()).unwrap().n_classes, 1);
}

#[test]
fn a_table_is_standardised_by_its_training_rows_and_keeps_names() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("t.csv"), "a,b,class\n1,5,x\n3,5,y\n").unwrap();
    fs::write(dir.path().join("u.csv"), "a,b,class\n4,6,z\n").unwrap();
    let text =
        "kind = 'table'\npath = 't.csv'\nstandardise = true\nsplit = { validation = 0, test = 'u.csv' }";
    let split = load(dir.path(), text);
    assert_eq!(split.train.values(), [-1.0, 0.0, 1.0, 0.0]);
    assert_eq!((split.test.values(), split.test.labels()), (&[2.0, 0.0][..], &[2][..]));
    assert_eq!(split.train.classes(), ["x", "y", "z"]);
    assert_eq!(split.test.feature_names().unwrap(), ["a", "b"]);
}

#[test]
fn masks_travel_with_their_samples() {
    let dir = tempfile::tempdir().unwrap();
    let numbers: Vec<f32> = (0..40).map(|i| i as f32).collect();
    // Mask values are those of the inputs, so that each sample can be told by its masks.
    let arrays = [
        ("x", npy("(10, 4)", &numbers)),
        ("y", npy("(10,)", &[0.0; 10])),
        ("masks", npy("(10, 1, 4)", &numbers)),
    ];
    fs::write(dir.path().join("d.npz"), npz(&arrays)).unwrap();
    let text = "kind = 'arrays'\npath = 'd.npz'\nconcepts = ['edge']";
    let split = load(dir.path(), text);
    assert_eq!(sizes(&split), [6, 2, 2]);
    for set in [&split.train, &split.validation, &split.test] {
        let masks = set.masks().unwrap();
        assert_eq!(masks.concepts(), ["edge"]);
        assert_eq!(masks.values().iter().copied().collect::<Vec<_>>(), set.values());
    }
    let said = error(dir.path(), "kind = 'arrays'\npath = 'd.npz'\nconcepts = ['a', 'b']");
    assert!(said.contains("concepts = a, b:") && said.contains("has masks of 1 concepts"), "{said}");
    fs::write(
        dir.path().join("d.npz"),
        npz(&[("x", npy("(2, 2)", &[0.0; 4])), ("masks", npy("(2, 2)", &[0.0; 4]))]),
    )
    .unwrap();
    let said = error(dir.path(), "kind = 'arrays'\npath = 'd.npz'");
    assert!(
        said.contains("masks `masks` are an array [2, 2]; for inputs [2, 2], [2, concepts, 2] is needed"),
        "{said}"
    );
}

#[test]
fn sets_of_one_archive_are_the_sets_and_labels_number_the_classes() {
    let dir = tempfile::tempdir().unwrap();
    let arrays = [
        ("x_train", npy("(5, 2)", &[0.0; 10])),
        ("y_train", npy("(5,)", &[0.0, 0.0, 0.0, 0.0, 3.0])),
        ("x_test", npy("(1, 2)", &[0.0; 2])),
        ("y_test", npy("(1,)", &[1.0])),
    ];
    fs::write(dir.path().join("mnist.npz"), npz(&arrays)).unwrap();
    let split = load(dir.path(), "kind = 'arrays'\npath = 'mnist.npz'");
    assert_eq!((sizes(&split), split.train.n_classes()), ([4, 1, 1], 4));
    let named = load(dir.path(), "kind = 'arrays'\npath = 'mnist.npz'\nclasses = 'fashion-mnist'");
    assert_eq!((named.train.n_classes(), &named.test.classes()[named.test.labels()[0]][..]), (10, "Trouser"));
    let said = error(dir.path(), "kind = 'arrays'\npath = 'mnist.npz'\nclasses = ['a', 'b', 'c']");
    assert_eq!(said, "classes = a, b, c: the label 3 is no index of these 3 names, from 0");
    let said = error(dir.path(), "kind = 'arrays'\npath = 'mnist.npz'\nsplit = { test = 0.5 }");
    assert!(
        said.starts_with("test = 0.5: ") && said.ends_with("holds a test set; leave this setting out"),
        "{said}"
    );
}

#[test]
fn labels_cannot_be_shuffled_where_there_are_none() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("x.npy"), npy("(2, 2)", &[0.0; 4])).unwrap();
    for kind in ["shuffle_labels", "redraw_labels"] {
        let text =
            format!("kind = 'arrays'\npath = 'x.npy'\ncorruption = {{ kind = '{kind}', fraction = 1.0 }}");
        assert!(error(dir.path(), &text).contains("have no labels"));
    }
    let unlabelled = load(dir.path(), "kind = 'arrays'\npath = 'x.npy'");
    assert!(!unlabelled.train.is_labelled() && unlabelled.train.n_samples() == 2);
}

#[test]
fn images_of_sets_are_grey_or_all_in_colour_and_brought_to_one_size_where_asked() {
    let dir = tempfile::tempdir().unwrap();
    for (set, n) in [("train", 5), ("test", 1)] {
        for class in ["cat", "dog"] {
            for i in 0..n {
                let path = dir.path().join(set).join(class).join(format!("{i}.png"));
                image(&path, GrayImage::from_pixel(3, 2, Luma([i])));
            }
        }
    }
    let text = format!("kind = 'images'\npath = '{}'", dir.path().display());
    let split = load(dir.path(), &text);
    assert_eq!((sizes(&split), split.train.feature_shape()), ([8, 2, 2], &[1, 2, 3][..]));
    assert_eq!(split.train.classes(), ["cat", "dog"]);
    image(&dir.path().join("test/cat/1.png"), RgbImage::from_pixel(4, 4, Rgb([255, 0, 0])));
    assert!(error(dir.path(), &text).contains("1.png: rows × columns"));
    let split = load(dir.path(), &format!("{text}\nsize = [2, 3]"));
    assert_eq!((split.train.feature_shape(), split.test.n_samples()), (&[3, 2, 3][..], 3));
    assert_eq!(split.test.rows().row(1).to_vec(), [[1.0; 6], [0.0; 6], [0.0; 6]].concat());
    let said = error(dir.path(), &format!("{text}\nsize = [0, 3]"));
    assert!(said.starts_with("size = [0, 3]: rows and columns of 1 to 4096"), "{said}");
}
