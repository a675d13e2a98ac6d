//! The results of a runs folder, to compare with those of an undisturbed one.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Values and claims of every section that is done, and the bytes of its arrays; weights of every network.
#[derive(PartialEq)]
pub struct Results {
    sections: BTreeMap<String, (Value, Value)>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Results {
    /// Reads a runs folder.
    pub fn read(runs: &Path) -> Results {
        let (mut sections, mut files) = (BTreeMap::new(), BTreeMap::new());
        for folder in entries(runs) {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let run = folder.join("smoke");
            if let Ok(bytes) = fs::read(run.join("findings.json")) {
                let findings: Value = serde_json::from_slice(&bytes).unwrap_or_default();
                sections.insert(name.clone(), (findings["values"].clone(), findings["claims"].clone()));
                keep(&mut files, &name, &run.join("arrays"));
            }
        }
        for network in entries(&runs.join("networks")) {
            let hash = network.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let is_set_aside = hash.contains('.');
            if let (false, Ok(bytes)) = (is_set_aside, fs::read(network.join("model.safetensors"))) {
                files.insert(hash, bytes);
            }
        }
        Results { sections, files }
    }

    /// What of these is missing or different in `other`; what that has besides does not count.
    pub fn difference(&self, other: &Results) -> Option<String> {
        self.difference_of(other, |_| true)
    }

    /// The same, but for networks that are not there: kept findings do not need them.
    pub fn difference_but_for_networks(&self, other: &Results) -> Option<String> {
        self.difference_of(other, |name| name.contains('/') || other.files.contains_key(name))
    }

    fn difference_of(&self, other: &Results, counts: impl Fn(&str) -> bool) -> Option<String> {
        for (name, found) in &self.sections {
            match other.sections.get(name) {
                None => return Some(format!("{name}: not there")),
                Some(again) if again != found => return Some(format!("{name}: other findings")),
                Some(_) => {}
            }
        }
        let differs = |(name, bytes): &(&String, &Vec<u8>)| other.files.get(*name) != Some(*bytes);
        self.files
            .iter()
            .filter(|(name, _)| counts(name))
            .find(differs)
            .map(|(name, _)| format!("{name}: other bytes"))
    }
}

fn keep(files: &mut BTreeMap<String, Vec<u8>>, section: &str, folder: &Path) {
    for path in entries(folder) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Ok(bytes) = fs::read(&path) {
            files.insert(format!("{section}/{name}"), bytes);
        }
    }
}

fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    paths.sort();
    paths
}
