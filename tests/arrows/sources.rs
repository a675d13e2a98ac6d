//! The texts of a workspace: read once, so that the rules are functions of text and their tests need no disk.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use super::code::{Code, is_test_file};

/// Manifests, Rust sources and READMEs by their path from the root, with `/` between folders.
pub struct Sources(BTreeMap<String, Source>);

struct Source {
    text: String,
    /// Read when it is first asked for, once for all rules.
    code: OnceLock<Code>,
}

/// A broken rule, where it is broken and what would be right.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    pub path: String,
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

impl Sources {
    /// Those of `crates` and `experiments` below `root`.
    pub fn read(root: &Path) -> Sources {
        let mut texts = BTreeMap::new();
        for folder in ["crates", "experiments"] {
            read_folder(root, folder, &mut texts);
        }
        Sources::new(texts)
    }

    /// Those of a workspace that is nowhere: paths and texts.
    pub fn of(texts: &[(&str, &str)]) -> Sources {
        Sources::new(texts.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect())
    }

    fn new(texts: BTreeMap<String, String>) -> Sources {
        Sources(
            texts.into_iter().map(|(path, text)| (path, Source { text, code: OnceLock::new() })).collect(),
        )
    }

    pub fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(|source| source.text.as_str())
    }

    /// The code of a Rust file.
    pub fn code(&self, path: &str) -> Option<&Code> {
        self.0.get(path).map(|source| source.code.get_or_init(|| Code::read(path, &source.text)))
    }

    /// Paths and texts in a folder, at any depth.
    pub fn under(&self, folder: &str) -> impl Iterator<Item = (&str, &str)> {
        let start = format!("{folder}/");
        self.0
            .iter()
            .filter(move |(path, _)| path.starts_with(&start))
            .map(|(p, s)| (p.as_str(), s.text.as_str()))
    }

    /// The code in a folder, at any depth: what is in a `src`, tests apart.
    pub fn codes_under(&self, folder: &str) -> impl Iterator<Item = (&str, &Code)> {
        let is_code = |path: &str| path.contains("/src/") && path.ends_with(".rs") && !is_test_file(path);
        self.under(folder)
            .filter(move |(path, _)| is_code(path))
            .filter_map(|(path, _)| Some((path, self.code(path)?)))
    }

    /// The folders that hold a package, such as `crates/lab`.
    pub fn packages(&self) -> Vec<&str> {
        self.0.keys().filter_map(|path| path.strip_suffix("/Cargo.toml")).collect()
    }
}

/// The last part of a folder's path: `lab` of `crates/lab`.
pub fn short(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

fn read_folder(root: &Path, folder: &str, texts: &mut BTreeMap<String, String>) {
    let entries = fs::read_dir(root.join(folder)).unwrap_or_else(|e| panic!("{folder}: {e}"));
    for entry in entries {
        let entry = entry.unwrap_or_else(|e| panic!("{folder}: {e}"));
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{folder}/{name}");
        if entry.path().is_dir() {
            if name != "target" && !name.starts_with('.') {
                read_folder(root, &path, texts);
            }
        } else if [".rs", ".md", "Cargo.toml"].iter().any(|end| name.ends_with(end)) {
            let text = fs::read_to_string(root.join(&path)).unwrap_or_else(|e| panic!("{path}: {e}"));
            texts.insert(path, text);
        }
    }
}
