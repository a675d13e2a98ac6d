//! `vitrine data`: describes data; `vitrine data mnist` checks the files, or fetches them where there is a network.

use std::path::PathBuf;

use serde_json::json;
use vitrine_data::mnist;
use vitrine_lab::{Table, slip};

use super::arguments::{Common, Data, DataFiles};
use super::describe_data;
use super::terminal::{note, print};

pub fn run(common: &Common, data: &Data) -> anyhow::Result<()> {
    match data {
        Data { files: Some(_), data: Some(_), .. }
        | Data { files: Some(_), label: Some(_), .. }
        | Data { files: Some(_), standardise: true, .. } => {
            Err(slip("data mnist: describes no other data and takes none of their options"))
        }
        Data { files: Some(DataFiles::Mnist { dir, fetch }), .. } => mnist_files(common, dir.clone(), *fetch),
        Data { data, label, standardise, .. } => {
            describe_data::run(common, data.as_deref().unwrap_or_default(), label.as_deref(), *standardise)
        }
    }
}

fn mnist_files(common: &Common, dir: Option<PathBuf>, fetch: bool) -> anyhow::Result<()> {
    let dir: PathBuf = dir.or_else(|| common.mnist.clone()).ok_or_else(|| {
        slip("data mnist: no folder given; name it with --dir DIR or the environment variable VITRINE_MNIST")
    })?;
    if fetch {
        mnist::fetch(&dir, &mut |line| note(line))?;
    }
    let checks = mnist::checksums(&dir)?;
    let data = mnist::Mnist::read(&dir)?;
    if common.json {
        let files: Vec<_> = checks
            .iter()
            .map(|c| json!({ "file": c.name, "path": c.path.display().to_string(), "md5": c.md5, "matches": c.matches }))
            .collect();
        let whole =
            json!({ "files": files, "n_train": data.train.n_samples(), "n_test": data.test.n_samples() });
        return print(&serde_json::to_string_pretty(&whole)?);
    }
    let mut table = Table::new(["file", "MD5 of the content", "the original?"]);
    for check in &checks {
        table.row([
            check.name.to_string(),
            check.md5.clone(),
            if check.matches { "match" } else { "mismatch" }.into(),
        ]);
    }
    print(&format!(
        "{}{} training and {} test images of 28 × 28 pixels\n",
        table.to_text(),
        data.train.n_samples(),
        data.test.n_samples()
    ))
}
