//! Tables as a source of training data: `kind = "table"` in a recipe.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::DataError;
use crate::file_sets::{FileSets, Samples};
use crate::file_source::{FileSource, yes_or_no};
use crate::labels::classes_of;
use crate::read::bounds::read_data;
use crate::read::content::Content;
use crate::read::table::{Format, LabelAt, Table, read_table};
use crate::split_settings::{Part, SplitSettings};

/// Rows of a CSV or TSV file: one column is the label, all others are features, which are numbers.
///
/// ```toml
/// [data]
/// kind = "table"
/// path = "iris.csv"
/// label = "class"
/// standardise = true
/// split = { validation = 0.2, test = 0.2, seed = 0 }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TableSource {
    /// The file.
    pub path: PathBuf,
    /// The column of the labels, by its name or its number from 1; `"none"` where there is none. Where nothing is said,
    /// the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<Column>,
    /// Whether the first row names the columns; where nothing is said, it does if no cell of it is a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// What stands between cells: a character, or `"tab"`, `"comma"`, `"semicolon"`, `"space"`. Where nothing is said, the
    /// one of comma, tab, semicolon and bar that is most often in the first line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// Whether each feature is brought to mean 0 and standard deviation 1: by those of the training set, in all sets. A
    /// feature that is constant in the training set becomes 0.
    pub standardise: bool,
    /// Where validation and test come from.
    pub split: SplitSettings,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Column {
    /// By its number, from 1.
    Number(usize),
    /// By its name.
    Name(String),
}

impl TableSource {
    fn format(&self) -> Result<Format, DataError> {
        let delimiter = match self.delimiter.as_deref() {
            None => None,
            Some("tab" | "\\t") => Some(b'\t'),
            Some("comma") => Some(b','),
            Some("semicolon") => Some(b';'),
            Some("space") => Some(b' '),
            Some(word) => match word.as_bytes() {
                [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\"\r\n".contains(byte) => {
                    Some(*byte)
                }
                _ => {
                    let right = "one character that is no letter or digit, or tab, comma, semicolon, space";
                    return Err(DataError::setting("delimiter", word.escape_debug(), right));
                }
            },
        };
        Ok(Format { has_header: self.header, delimiter })
    }

    fn read_one(&self, path: &Path, role: &str, content: &mut Content) -> Result<Table, DataError> {
        let number;
        let label = match &self.label {
            None => LabelAt::Last,
            Some(Column::Name(name)) if name == "none" => LabelAt::Nowhere,
            Some(Column::Name(name)) => LabelAt::Named(name),
            Some(Column::Number(k)) => {
                number = k.to_string();
                LabelAt::Named(&number)
            }
        };
        let bytes = read_data(path)?;
        content.add(role, &bytes);
        read_table(path, &bytes, self.format()?, label)
    }
}

impl FileSource for TableSource {
    const NAME: &'static str = "table";

    fn check_own(&self) -> Result<(), DataError> {
        for part in [&self.split.validation, &self.split.test] {
            if let Some(Part::Arrays { inputs, .. }) = part {
                let right = "a share, or the file of a table";
                return Err(DataError::setting("split", inputs.display(), right));
            }
        }
        self.format().map(|_| ())
    }

    fn all_paths(&mut self) -> Vec<&mut PathBuf> {
        std::iter::once(&mut self.path).chain(self.split.paths()).collect()
    }

    fn files(&self) -> Result<Vec<PathBuf>, DataError> {
        Ok(self.clone().all_paths().into_iter().map(|path| path.clone()).collect())
    }

    fn read(&self) -> Result<FileSets, DataError> {
        let mut content = Content::default();
        let first = self.read_one(&self.path, "train", &mut content)?;
        let mut rest = [None, None];
        for (set, (role, part)) in
            rest.iter_mut().zip([("validation", &self.split.validation), ("test", &self.split.test)])
        {
            let Some(Part::File(path)) = part else { continue };
            let table = self.read_one(path, role, &mut content)?;
            if table.names != first.names {
                let list =
                    |names: &Option<Vec<String>>| names.as_ref().map_or("none".into(), |n| n.join(", "));
                return Err(DataError::Unlike {
                    path: path.clone(),
                    other: self.path.clone(),
                    what: "the names of the columns",
                    here: list(&table.names).escape_debug().to_string(),
                    there: list(&first.names).escape_debug().to_string(),
                });
            }
            *set = Some(samples(path, table));
        }
        let feature_names = first.names.clone();
        let [validation, test] = rest;
        let train = samples(&self.path, first);
        let all = [Some(&train), validation.as_ref(), test.as_ref()];
        let words = all.into_iter().flatten().filter_map(|s| s.labels.as_ref()).flat_map(|l| l.words());
        let classes = classes_of(words);
        Ok(FileSets { classes, train, validation, test, feature_names, content: content.finish() })
    }

    fn common(&self) -> (&SplitSettings, bool) {
        (&self.split, self.standardise)
    }

    fn common_mut(&mut self) -> (&mut SplitSettings, &mut bool) {
        (&mut self.split, &mut self.standardise)
    }

    fn keys(&self) -> &'static [&'static str] {
        &["label", "header", "delimiter"]
    }

    fn set_own(&mut self, key: &str, value: &str) -> Result<(), DataError> {
        match key {
            "label" => {
                self.label = Some(value.parse().map_or_else(|_| Column::Name(value.into()), Column::Number))
            }
            "header" => self.header = Some(yes_or_no("header", value)?),
            _ => self.delimiter = Some(value.into()),
        }
        Ok(())
    }
}

fn samples(path: &Path, table: Table) -> Samples {
    Samples { path: path.into(), inputs: table.features.into_dyn(), labels: table.labels, masks: None }
}
