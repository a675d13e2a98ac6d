//! Links in a runs folder that somebody sent: nothing outside is written through them.
#![cfg(unix)]

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::vitrine;

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

#[test]
fn a_linked_folder_of_results_is_refused_by_name_and_what_it_leads_to_stays() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("index.html"), "theirs").unwrap();
    for linked in ["report", "3.1-examples", "networks"] {
        let runs = tempfile::tempdir().unwrap();
        let link = runs.path().join(linked);
        symlink(outside.path(), &link).unwrap();
        let arguments = ["reproduce", "3.1-examples", "3.4-cnn", "--preset", "smoke", "--quiet"];
        let output = vitrine(runs.path()).args(arguments).output().unwrap();
        let said = words(&output.stdout) + &words(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{linked}: {said}");
        assert!(said.contains(&format!("/{linked}: is a link")), "{linked}: {said}");
        let there: Vec<_> =
            fs::read_dir(outside.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(there, [outside.path().join("index.html")], "{linked}");
        assert_eq!(fs::read_to_string(&there[0]).unwrap(), "theirs");
    }
    // The folder of results itself may be one.
    let runs = tempfile::tempdir().unwrap();
    let link = outside.path().join("runs");
    symlink(runs.path(), &link).unwrap();
    let arguments = ["reproduce", "fig3.1", "--preset", "smoke"];
    assert!(vitrine(&link).args(arguments).output().unwrap().status.success());
}

#[test]
fn links_at_the_names_of_unfinished_files_lead_no_writer_out() {
    let (runs, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let theirs = outside.path().join("theirs");
    fs::write(&theirs, "theirs").unwrap();
    let written = fs::metadata(&theirs).unwrap().modified().unwrap();
    let run = || {
        let arguments = ["reproduce", "fig3.1", "fig4.12", "--preset", "smoke", "--force"];
        let output = vitrine(runs.path()).args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", words(&output.stderr));
    };
    run();
    let files: Vec<PathBuf> = files_below(runs.path());
    let has = |file: &str| files.contains(&runs.path().join(file));
    assert!(has("3.1-examples/smoke/figures/fig3.1.png") && has("3.1-examples/smoke/findings.json"));
    assert!(has("report/index.html"));
    for file in &files {
        let name = words(file.file_name().unwrap().as_encoded_bytes());
        for hidden in
            [format!(".{name}"), format!(".{name}.part"), format!(".{name}.tmp"), format!("{name}.tmp")]
        {
            symlink(&theirs, file.with_file_name(hidden)).unwrap();
        }
    }
    run();
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs");
    assert_eq!(fs::metadata(&theirs).unwrap().modified().unwrap(), written);
    assert!(files.iter().all(|file| fs::symlink_metadata(file).unwrap().is_file()));
}

#[test]
fn a_link_at_the_name_of_an_unfinished_network_is_replaced_and_what_it_leads_to_stays() {
    let (runs, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(outside.path().join("done.json"), "theirs").unwrap();
    let recipe = runs.path().join("recipe.toml");
    let text = "network = \"mlp:100-60\"\n[data]\nkind = \"jump\"\nn_train = 60\nn_validation = 60\nn_test = 60\n\
        [training]\nmax_epochs = 1\n";
    fs::write(&recipe, text).unwrap();
    let train = || {
        let output = vitrine(runs.path()).args(["train", "--json"]).arg(&recipe).output().unwrap();
        assert!(output.status.success(), "{}", words(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    };
    let trained = train();
    let networks = runs.path().join("networks");
    let hash = trained[0]["hash"].as_str().unwrap();
    fs::remove_dir_all(networks.join(hash)).unwrap();
    symlink(outside.path(), networks.join(format!(".new-{hash}"))).unwrap();
    assert_eq!(train()[0]["hash"], trained[0]["hash"]);
    assert!(fs::symlink_metadata(networks.join(hash)).unwrap().is_dir());
    assert_eq!(files_below(outside.path()), [outside.path().join("done.json")]);
    assert_eq!(fs::read_to_string(outside.path().join("done.json")).unwrap(), "theirs");
}
