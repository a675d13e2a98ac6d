//! Hostile surroundings: other processes and programs, pipes and endless files, names that are no text, full disks, interrupts.
//! Nothing hangs, nothing panics, nothing outside is read or written, and the exit code says how it went.
#![cfg(unix)]

mod support;

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use support::vitrine;

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a command ends with, unless it hangs.
fn ended(command: &mut Command) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while child.try_wait().unwrap().is_none() {
        if patience < Instant::now() {
            child.kill().unwrap();
            panic!("{command:?} hangs");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    assert!(!words(&output.stderr).contains("panicked"), "{}", words(&output.stderr));
    output
}

/// The one line of a command that fails with that code.
fn failing(code: i32, command: &mut Command) -> String {
    let output = ended(command);
    let said = words(&output.stderr);
    assert_eq!((output.status.code(), said.trim_end().lines().count()), (Some(code), 1), "{said}");
    said
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// A recipe that trains within a second.
fn recipe(folder: &Path, training: &str) -> PathBuf {
    let path = folder.join("recipe.toml");
    let text = format!(
        "network = \"mlp:100-60\"\n[data]\nkind = \"jump\"\nn_train = 600\nn_validation = 120\nn_test = 120\n[training]\n{training}\n"
    );
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn four_processes_on_one_folder_end_as_one_does() {
    let (shared, alone) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let targets = ["3.1-examples", "3.3-mlp", "3.4-cnn", "4.2-errors", "5.2-cnn-inputs"];
    let start = |runs: &Path| {
        let mut command = vitrine(runs);
        command.arg("reproduce").args(targets).args(["--preset", "smoke", "--threads", "1"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let all = [0; 4].map(|_| start(shared.path()));
    for child in all {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", words(&output.stderr));
        assert!(words(&output.stdout).contains("0 not run, 0 failed"), "{}", words(&output.stdout));
    }
    assert!(start(alone.path()).wait().unwrap().success());
    let report = |runs: &Path| fs::read(runs.join("report/report.json")).unwrap();
    assert!(report(shared.path()) == report(alone.path()), "the reports differ");
    let list = ended(vitrine(shared.path()).args(["list", "--preset", "smoke", "--json"]));
    let list: Value = serde_json::from_slice(&list.stdout).unwrap();
    let done = list.as_array().unwrap().iter().filter(|section| section["done"] == true);
    assert_eq!(done.count(), targets.len());
}

#[test]
fn what_is_no_file_is_refused_as_a_recipe_a_report_and_data() {
    let dir = tempfile::tempdir().unwrap();
    let fifo = dir.path().join("fifo");
    pipe(&fifo);
    for (path, found) in [
        (Path::new("/dev/zero"), "a pipe, a socket or a device"),
        (&fifo, "a pipe, a socket or a device"),
        (dir.path(), "a folder"),
    ] {
        let says = format!("{}: {found}, where a file is wanted", path.display());
        for command in ["train", "verify"] {
            let said = failing(1, vitrine(dir.path()).arg(command).arg(path));
            assert!(said.contains(&says), "{command}: {said}");
        }
    }
    let images = dir.path().join("train-images-idx3-ubyte");
    fs::rename(&fifo, &images).unwrap();
    let said = failing(1, vitrine(dir.path()).args(["data", "mnist", "--dir"]).arg(dir.path()));
    assert!(said.contains("ubyte: a pipe, a socket or a device, where a file is wanted"), "{said}");
    let long = dir.path().join("long.toml");
    fs::write(&long, "#".repeat((1 << 20) + 1)).unwrap();
    let said = failing(1, vitrine(dir.path()).arg("train").arg(&long));
    assert!(said.contains("long.toml: longer than 1048576 bytes"), "{said}");
}

#[test]
fn a_small_gzip_file_that_unpacks_to_a_gigabyte_is_read_no_further_than_its_header_says() {
    let dir = tempfile::tempdir().unwrap();
    let file = fs::File::create(dir.path().join("train-images-idx3-ubyte.gz")).unwrap();
    let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packer.write_all(&[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28]).unwrap();
    let zeros = vec![0; 1 << 20];
    (0..1 << 10).for_each(|_| packer.write_all(&zeros).unwrap());
    packer.finish().unwrap();
    for name in ["train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"] {
        fs::write(dir.path().join(name), [0, 0, 8, 1, 0, 0, 0, 0]).unwrap();
    }
    // No more memory than half of what the file would take.
    let program = env!("CARGO_BIN_EXE_vitrine");
    let mut command = Command::new("sh");
    let script = format!("ulimit -v 1000000; exec '{program}' --threads 1 data mnist --dir \"$0\"");
    let said = failing(1, command.arg("-c").arg(script).arg(dir.path()));
    assert!(said.contains("its header promises 1584 bytes, and there are more"), "{said}");
}

#[test]
fn paths_that_are_no_text_are_shown_as_far_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let runs = dir.path().join(OsStr::from_bytes(b"runs-\xff"));
    fs::create_dir(&runs).unwrap();
    let json = |arguments: &[&str]| {
        let output = ended(vitrine(&runs).args(arguments).args(["--preset", "smoke", "--json"]));
        assert!(output.status.success(), "{}", words(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    json(&["reproduce", "fig3.1"]);
    assert!(json(&["report"])["report"].as_str().unwrap().ends_with("runs-\u{fffd}/report/index.html"));
    json(&["list"]);
    json(&["claims"]);
    ended(vitrine(&runs).args(["draw", "fig3.1", "--preset", "smoke"]));
    let recipe = recipe(&runs, "max_epochs = 1");
    assert!(ended(vitrine(&runs).arg("--json").arg("train").arg(recipe)).status.success());
    for (set, n) in [("train", 2), ("t10k", 1)] {
        let images = [0, 0, 8, 3, 0, 0, 0, n, 0, 0, 0, 28, 0, 0, 0, 28].into_iter();
        let images: Vec<u8> = images.chain(std::iter::repeat_n(0, 784 * usize::from(n))).collect();
        fs::write(runs.join(format!("{set}-images-idx3-ubyte")), images).unwrap();
        fs::write(
            runs.join(format!("{set}-labels-idx1-ubyte")),
            [&[0, 0, 8, 1, 0, 0, 0, n][..], &vec![1; n.into()]].concat(),
        )
        .unwrap();
    }
    let output = ended(vitrine(&runs).args(["data", "mnist", "--json", "--dir"]).arg(&runs));
    let data: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(data["files"][0]["path"].as_str().unwrap().contains("runs-\u{fffd}/train"), "{data}");
}

#[test]
fn no_git_that_lies_on_the_path_is_run() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let (git, was_run) = (dir.path().join("git"), dir.path().join("was-run"));
    fs::write(&git, format!("#!/bin/sh\n: > '{}'\n", was_run.display())).unwrap();
    fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).unwrap();
    let others = std::env::var_os("PATH").unwrap_or_default();
    let path =
        std::env::join_paths(std::iter::once(dir.path().to_path_buf()).chain(std::env::split_paths(&others)));
    let path = path.unwrap();
    for arguments in [&["list"][..], &["reproduce", "fig3.1"], &["report"]] {
        let mut command = vitrine(dir.path());
        let output = ended(command.args(arguments).args(["--preset", "smoke"]).env("PATH", &path));
        assert!(output.status.success(), "{}", words(&output.stderr));
        assert!(!was_run.exists(), "{arguments:?}");
    }
    assert!(Command::new("sh").args(["-c", "git"]).env("PATH", &path).status().unwrap().success());
    assert!(was_run.exists(), "it would have been noticed");
}

#[test]
fn a_full_disk_is_named_as_such_and_leaves_nothing_half_written() {
    let runs = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_vitrine");
    // No file longer than 8 KiB: the recipe fits and the weights, 24 KiB, do not. The signal that says so is ignored, as
    // a full disk sends none.
    let limited = |arguments: &str| {
        let script =
            format!("trap '' XFSZ; ulimit -f 16; exec '{program}' --threads 1 --runs \"$0\" {arguments}");
        let mut command = Command::new("sh");
        command.arg("-c").arg(script).arg(runs.path()).arg(recipe(runs.path(), "max_epochs = 1"));
        command
    };
    let said = failing(1, &mut limited("train \"$1\" --quiet"));
    assert!(said.contains("model.safetensors: cannot be written (File too large"), "{said}");
    let left = |folder: &Path| -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|e| words(e.unwrap().file_name().as_bytes()));
        entries.filter(|name| name.starts_with(".new") || name.ends_with(".part")).collect()
    };
    assert!(left(&runs.path().join("networks")).is_empty());
    let said = failing(1, &mut limited("reproduce fig3.1 --preset smoke --quiet"));
    assert!(
        said.contains("3.1-examples/smoke/") && said.contains("cannot be written (File too large"),
        "{said}"
    );
    for folder in ["", "arrays", "figures", "tables"] {
        let folder = runs.path().join("3.1-examples/smoke").join(folder);
        assert!(!folder.is_dir() || left(&folder).is_empty(), "{}", folder.display());
    }
    let list = ended(vitrine(runs.path()).args(["list", "--preset", "smoke", "--json"]));
    assert_eq!(serde_json::from_slice::<Value>(&list.stdout).unwrap()[0]["done"], false);
}

#[test]
fn weights_that_are_no_numbers_are_no_network_and_the_others_are_trained() {
    let runs = tempfile::tempdir().unwrap();
    let path = recipe(runs.path(), "max_epochs = 1\nlearning_rate = 1e38\nstop = { when = \"max_epochs\" }");
    let text = fs::read_to_string(&path).unwrap().replace("n_validation = 120", "n_validation = 0");
    fs::write(&path, text).unwrap();
    let output = ended(vitrine(runs.path()).arg("train").arg(&path));
    let said = words(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("mlp:100-60 seed 0: training diverged in epoch 1"), "{said}");
    let stored = fs::read_dir(runs.path().join("networks")).unwrap().map(|e| e.unwrap().file_name());
    assert!(stored.into_iter().all(|name| name.as_bytes().starts_with(b".")));
}

/// Starts training that takes minutes, and stops it once its state is on the disk.
fn interrupted_training(runs: &Path, recipe: &Path) -> PathBuf {
    let mut child = vitrine(runs).arg("train").arg(recipe).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    interrupt(child.id());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let states = fs::read_dir(runs.join("networks/.partial")).unwrap();
    states.map(|state| state.unwrap().path()).next().unwrap()
}

fn interrupt(process: u32) {
    assert!(Command::new("kill").args(["-INT", &process.to_string()]).status().unwrap().success());
}

#[test]
fn unfinished_training_with_a_flipped_bit_or_of_another_engine_begins_anew_and_says_so() {
    let runs = tempfile::tempdir().unwrap();
    let long = recipe(runs.path(), "max_epochs = 1000000\nstop = { when = \"max_epochs\" }");
    for engine in ["fused", "general"] {
        let state = interrupted_training(runs.path(), &long);
        let says = if engine == "fused" {
            let mut bytes = fs::read(&state).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            fs::write(&state, bytes).unwrap();
            "does not match its checksum; training starts anew"
        } else {
            "was begun on device cpu by engine fused, and this is device cpu, engine general; training starts anew"
        };
        let child = vitrine(runs.path())
            .args(["--engine", engine, "train"])
            .arg(&long)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(1_500));
        interrupt(child.id());
        let said = words(&child.wait_with_output().unwrap().stderr);
        assert!(said.contains(says), "{said}");
        fs::remove_file(state).unwrap();
    }
}

#[test]
fn a_network_s_seal_names_its_engine_and_notices_every_changed_digit_of_its_own() {
    let runs = tempfile::tempdir().unwrap();
    let recipe = recipe(runs.path(), "max_epochs = 2");
    let train = || {
        let output = ended(vitrine(runs.path()).arg("--json").arg("train").arg(&recipe));
        let rows: Value = serde_json::from_slice(&output.stdout).unwrap();
        (rows[0]["hash"].as_str().unwrap().to_string(), words(&output.stderr))
    };
    let (hash, _) = train();
    let done = runs.path().join(format!("networks/{hash}/done.json"));
    let text = fs::read_to_string(&done).unwrap();
    let parsed: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((parsed["engine"].as_str(), parsed["device"].as_str()), (Some("fused"), Some("cpu")));
    assert!(!train().1.contains("damaged"), "sound as it is");
    fs::write(&done, text.replace("\"n_epochs\": 2", "\"n_epochs\": 3")).unwrap();
    let (_, said) = train();
    assert!(said.contains("damaged (done.json does not match its own checksum)"), "{said}");
}

#[test]
fn an_interrupt_is_heard_within_two_seconds() {
    let runs = tempfile::tempdir().unwrap();
    // Minutes of work, each in a loop of its own kind: ascents, the same over seeds, fooling, comparisons of detectors.
    let long = ["n_starts=20000", "n_fooled=20000", "n_evaluation=400000", "ascent.max_steps=100000"];
    let settings = long.iter().flat_map(|setting| ["--set", setting]);
    for section in ["5.1-mlp-inputs", "5.3-numbers", "5.3-fooling", "3.4-cnn"] {
        let child = vitrine(runs.path())
            .args(["reproduce", section, "--preset", "smoke", "--threads", "2", "--quiet"])
            .args(settings.clone())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(1_500));
        let asked = Instant::now();
        interrupt(child.id());
        let output = child.wait_with_output().unwrap();
        let (waited, said) = (asked.elapsed(), words(&output.stderr));
        assert_eq!(output.status.code(), Some(130), "{section}: {said}");
        assert!(waited < Duration::from_secs(2), "{section}: {waited:?}");
        assert!(said.contains("interrupted: finished networks are kept"), "{section}: {said}");
    }
}
