//! Every kind of malformed data: one line that says where and what would be right, exit code 1, or 2 where the call is wrong.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::files::{csv, idx, npy, png, safetensors, write};
use crate::support::vitrine;

/// The one line of `vitrine data` that fails with that code.
#[track_caller]
fn refused(folder: &Path, data: &str, code: i32, words: &[&str]) {
    let output = vitrine(folder).current_dir(folder).args(["data", data]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.trim_end().lines().count()), (Some(code), 1), "{data}: {said}");
    assert!(
        !said.contains("panicked") && words.iter().all(|word| said.contains(word)),
        "{data}: {words:?}: {said}"
    );
}

#[test]
fn calls_that_are_wrong_are_usage_errors() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    write(folder, "t.csv", csv(30).as_bytes());
    write(folder, "x.npy", &npy("(2, 1)", &[1.0, 2.0]));
    write(folder, "y.npy", &npy("(2,)", &[0.0, 1.0]));
    write(folder, "t.xyz", b"");
    refused(folder, "minst", 2, &["`minst`", "jump, mnist", ".csv"]);
    refused(folder, "t.xyz", 2, &["`t.xyz` is of no kind that is read"]);
    refused(folder, "t.csv,labl=class", 2, &["table has no setting `labl`", "label, header, delimiter"]);
    refused(folder, "t.csv,label=klass", 2, &["label = klass", "`one`, `two`, `class`"]);
    refused(folder, "t.csv,class", 2, &["`class`", "label=class"]);
    refused(folder, "t.csv,test=1.5", 2, &["test = 1.5", "0 to 1"]);
    refused(folder, "t.csv,standardise=maybe", 2, &["standardise = maybe", "true or false"]);
    refused(folder, "t.csv,kind=tabel", 2, &["kind = tabel", "table"]);
    refused(folder, "t.csv,delimiter=xy", 2, &["delimiter = xy"]);
    refused(folder, "jump,n_train=5", 2, &["jump has no setting `n_train` here"]);
    refused(folder, "x.npy,classes=a/b", 2, &["classes = a, b", "no labels"]);
    refused(folder, "x.npy,concepts=a", 2, &["concepts = a", "no masks"]);
    refused(folder, "x.npy,y.npy,classes=a/a", 2, &["classes = a", "a name of its own"]);
}

#[test]
fn tables() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    refused(folder, "none.csv", 1, &["none.csv", "No such file"]);
    for (text, words) in [
        ("", "holds no rows"),
        ("a,b,c\n1,,x\n", "line 2, column `b`: the cell is empty"),
        ("a,b,c\n1,NA,x\n", "line 2, column `b`: `NA` stands for a missing value"),
        ("a,b,c\n1,red,x\n", "line 2, column `b`: `red` is no number"),
        ("a,b,c\n1,2\n", "line 2: 2 cells, where the first row has 3"),
    ] {
        write(folder, "t.csv", text.as_bytes());
        refused(folder, "t.csv", 1, &["t.csv", words]);
    }
    write(folder, "t.csv", csv(30).as_bytes());
    write(folder, "other.csv", csv(3).replace("two", "too").as_bytes());
    refused(folder, "t.csv,test=other.csv", 1, &["other.csv: the names of the columns: one, too", "t.csv"]);
}

#[test]
fn arrays() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    let x = npy("(2, 2)", &[1.0, 2.0, 3.0, 4.0]);
    write(folder, "good.npy", &x);
    for (name, bytes, words) in [
        ("x.npy", b"nothing".to_vec(), "neither .npy, .npz nor sound .safetensors"),
        ("x.npy", npy("(99999999999, 9999999999)", &[]), "which no file holds"),
        ("x.npy", npy("(2, 3)", &[0.0]), "promises 152 bytes, but there are 132"),
        ("x.npy", npy("(0, 3)", &[]), "holds no samples"),
        ("x.npy", npy("(3, 0)", &[]), "samples of no values"),
        ("x.npz", b"PK\x03\x04".to_vec(), "is no sound .npz"),
        ("x.safetensors", safetensors("x", "[9,9]", &[0.0]), "sound .safetensors"),
    ] {
        write(folder, name, &bytes);
        refused(folder, name, 1, &[name, words]);
    }
    write(folder, "y.npy", &npy("(3,)", &[0.0, 1.0, 1.0]));
    refused(folder, "good.npy,y.npy", 1, &["y.npy: number of labels: 3, but 2 samples in good.npy"]);
    write(folder, "y.npy", &npy("(2,)", &[0.0, 0.5]));
    refused(folder, "good.npy,y.npy", 1, &["the label of sample 1", "labels are whole numbers"]);
}

#[test]
fn series() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    let header = "@classLabel true a b\n@data\n";
    for (text, words) in [
        (format!("{header}1,2:a\n1,2,3:b\n"), "line 4: a series of 3 values, and one of 2 in line 3"),
        (format!("{header}1,?:a\n"), "line 3: value 2 is missing (`?`)"),
        (format!("{header}1,2:c\n"), "the label `c` is none of those of @classLabel"),
        ("@timeStamps true\n".into(), "line 1: has time stamps"),
        ("1,2:a\n".into(), "before @data"),
    ] {
        write(folder, "s.ts", text.as_bytes());
        refused(folder, "s.ts", 1, &["s.ts", words]);
    }
    write(folder, "S_TRAIN.tsv", b"1\t1\t2\n2\t1\tNaN\n");
    refused(folder, "S_TRAIN.tsv", 1, &["line 2: a series of 1 values, filled up to 2", "one length"]);
}

#[test]
fn folders_of_images_and_of_the_mnist_family() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    std::fs::create_dir(folder.join("empty")).unwrap();
    refused(folder, "empty", 1, &["empty: holds no folders with images"]);
    write(&folder.join("images/a"), "1.png", &png(2, 3, 0));
    write(&folder.join("images/b"), "2.png", &png(3, 3, 0));
    refused(folder, "images", 1, &["images/b/2.png", "3 × 3, but 3 × 2 in images/a/1.png", "size"]);
    write(&folder.join("images/b"), "2.png", b"nothing");
    refused(folder, "images", 1, &["images/b/2.png: is neither a PNG nor a JPEG image"]);
    write(&folder.join("images/b"), "notes.txt", b"");
    refused(folder, "images", 1, &["images/b/notes.txt: is no image"]);
    let [(images, mut pixels), (labels, values)] = idx(3, 2, 2);
    pixels.pop();
    write(&folder.join("idx"), images, &pixels);
    refused(folder, "idx", 1, &["idx: lacks the labels of the training set"]);
    write(&folder.join("idx"), labels, &values);
    refused(folder, "idx", 1, &["train-images-idx3-ubyte: its header promises 28 bytes, but there are 27"]);
}

#[test]
fn recipes_whose_network_and_data_do_not_fit() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "t.csv", csv(30).as_bytes());
    write(dir.path(), "x.npy", &npy("(2, 2)", &[1.0, 2.0, 3.0, 4.0]));
    for (network, data, code, words) in [
        (
            "mlp:3-3",
            "kind = \"table\"\npath = \"t.csv\"",
            2,
            "2 features and 3 classes, so it must go from 2 to 3",
        ),
        ("mlp:2-2", "kind = \"arrays\"\npath = \"x.npy\"", 2, "have no labels"),
        ("mlp:2-3", "kind = \"table\"", 2, "the file of the data must be named"),
        ("mlp:2-3", "kind = \"table\"\npath = \"t.csv\"\nsplit = { tset = 0.2 }", 2, "tset"),
        ("mlp:2-3", "kind = \"table\"\npath = \"none.csv\"", 1, "none.csv"),
    ] {
        let recipe =
            write(dir.path(), "recipe.toml", format!("network = {network:?}\n[data]\n{data}\n").as_bytes());
        let output = vitrine(dir.path()).arg("train").arg(&recipe).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{data}: {said}");
        assert!(said.contains(words) && said.contains("recipe.toml"), "{words}: {said}");
    }
}

#[cfg(unix)]
#[test]
fn pipes_and_folders_in_the_place_of_files() {
    let dir = tempfile::tempdir().unwrap();
    let made = Command::new("mkfifo").arg(dir.path().join("t.csv")).status().unwrap();
    assert!(made.success());
    refused(dir.path(), "t.csv", 1, &["t.csv: a pipe, a socket or a device, where a file is wanted"]);
    std::fs::create_dir(dir.path().join("x.npy")).unwrap();
    refused(dir.path(), "x.npy,kind=arrays", 1, &["x.npy: a folder, where a file is wanted"]);
    std::os::unix::fs::symlink("/dev/zero", dir.path().join("s.ts")).unwrap();
    refused(dir.path(), "s.ts", 1, &["s.ts: a pipe, a socket or a device, where a file is wanted"]);
}

#[cfg(unix)]
#[test]
fn headers_that_lie_about_sizes_and_files_that_unpack_to_a_gigabyte_take_little_memory() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path();
    write(folder, "x.npy", &npy("(1000000000,)", &[1.0]));
    write(folder, "x.safetensors", &safetensors("x", "[1000000000]", &[1.0]));
    // The width of a PNG image, 8192, and its height; their checksum is not looked at before the size is.
    let mut image = png(2, 2, 7);
    image[16..24].copy_from_slice(&[0, 0, 0x20, 0, 0, 0, 0x20, 0]);
    write(&folder.join("images/a"), "1.png", &image);
    let mut writer = ZipWriter::new(File::create(folder.join("x.npz")).unwrap());
    writer.start_file("x.npy", SimpleFileOptions::default().compression_level(Some(1))).unwrap();
    writer.write_all(&npy("(2,)", &[1.0, 2.0])).unwrap();
    let zeros = vec![0; 1 << 20];
    (0..1 << 10).for_each(|_| writer.write_all(&zeros).unwrap());
    writer.finish().unwrap();
    for (data, words) in [
        ("x.npy", "its header promises 4000000128 bytes, but there are 132"),
        ("x.safetensors", "sound .safetensors"),
        ("images", "1.png: is no sound image"),
        ("x.npz", "its header promises 136 bytes, and there are more"),
    ] {
        let program = env!("CARGO_BIN_EXE_vitrine");
        let script = format!("ulimit -v 1000000; exec '{program}' --threads 1 data {data}");
        let output = Command::new("sh").current_dir(folder).args(["-c", &script]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), said.trim_end().lines().count()), (Some(1), 1), "{data}: {said}");
        assert!(said.contains(words), "{data}: {said}");
    }
}
