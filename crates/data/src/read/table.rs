//! Tables of numbers as text: CSV, TSV and their like, with a column of labels.

use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};
use ndarray::Array2;

use super::shown::{listed, one_line, shown};
use crate::error::DataError;
use crate::file_sets::MAX_VALUES;
use crate::labels::Labels;

/// What stands where a value is not known, in small letters.
const MISSING: [&str; 6] = ["", "na", "n/a", "nan", "?", "null"];
/// Delimiters that are looked for, in this order.
const DELIMITERS: [u8; 4] = [b',', b'\t', b';', b'|'];
/// More rows than this, most of them with a label of their own, have no classes.
const FEW_ROWS: usize = 20;

/// How a table is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Format {
    /// Whether the first row names the columns; `None` where that is told by whether it holds a number.
    pub has_header: Option<bool>,
    /// What stands between cells; `None` for the one that occurs most in the first line.
    pub delimiter: Option<u8>,
}

/// Which column is the label.
#[derive(Clone, Copy, Debug)]
pub enum LabelAt<'a> {
    /// The last one.
    Last,
    /// The one of that name or, where none has it, of that number, counted from 1.
    Named(&'a str),
    /// None: samples without labels.
    Nowhere,
}

/// A table that was read.
#[derive(Clone, Debug)]
pub struct Table {
    /// `[n_rows, n_features]`.
    pub features: Array2<f32>,
    /// The names of the features, where the table has a header.
    pub names: Option<Vec<String>>,
    pub labels: Option<Labels>,
}

/// Reads a table whose content is `bytes`; the path is for errors.
///
/// # Errors
/// A table without rows, rows of unlike length, a label column that is not there, cells that are missing or no finite
/// numbers, labels that are no classes: each with its line and column.
pub fn read_table(path: &Path, bytes: &[u8], format: Format, label: LabelAt<'_>) -> Result<Table, DataError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let delimiter = format.delimiter.unwrap_or_else(|| delimiter(bytes));
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .delimiter(delimiter)
        .from_reader(bytes);
    let mut row = StringRecord::new();
    let mut next = |row: &mut StringRecord| reader.read_record(row).map_err(|error| of_csv(path, error));
    if !next(&mut row)? {
        return Err(DataError::bad(path, "holds no rows"));
    }
    let has_header = format.has_header.unwrap_or_else(|| !row.iter().any(is_number));
    let columns = Columns::of(path, &row, has_header, label)?;
    let (mut values, mut n_rows) = (Vec::new(), 0);
    let mut labels = columns.label.is_some().then(Labels::default);
    let mut is_row = !has_header || next(&mut row)?;
    while is_row {
        let line = row.position().map_or(0, csv::Position::line);
        if row.len() != columns.n {
            let wrong = format!("{} cells, where the first row has {}", row.len(), columns.n);
            return Err(DataError::line(path, line, None, wrong));
        }
        for (k, cell) in row.iter().enumerate() {
            let wrong = |wrong: String| DataError::line(path, line, Some(columns.named(k)), wrong);
            let is_missing = MISSING.contains(&cell.to_lowercase().as_str());
            if is_missing {
                let right = "fill it in, or leave the row out";
                return Err(wrong(match cell {
                    "" => format!("the cell is empty; {right}"),
                    _ => format!("{} stands for a missing value; {right}", shown(cell)),
                }));
            }
            if Some(k) == columns.label {
                labels.iter_mut().for_each(|labels| labels.push(cell));
                continue;
            }
            match cell.parse::<f32>() {
                Ok(value) if value.is_finite() => values.push(value),
                Ok(_) => {
                    return Err(wrong(format!(
                        "{} is not finite in 32 bits; features are finite numbers",
                        shown(cell)
                    )));
                }
                Err(_) => {
                    let right =
                        "features are numbers: write it as one, leave the column out, or make it the label";
                    return Err(wrong(format!("{} is no number; {right}", shown(cell))));
                }
            }
        }
        n_rows += 1;
        if MAX_VALUES < values.len() {
            return Err(DataError::bad(path, format!("holds more than {MAX_VALUES} numbers")));
        }
        is_row = next(&mut row)?;
    }
    if n_rows == 0 {
        return Err(DataError::bad(path, "holds no rows below its header"));
    }
    if let (Some(labels), Some(k)) = (&labels, columns.label) {
        let n_classes = labels.words().len();
        if FEW_ROWS <= n_rows && n_rows < 2 * n_classes {
            let wrong = format!(
                "column {} has {n_classes} different values in {n_rows} rows; the label must be a column of classes",
                columns.named(k)
            );
            return Err(DataError::bad(path, wrong));
        }
    }
    let n_features = columns.n - usize::from(columns.label.is_some());
    let features = Array2::from_shape_vec((n_rows, n_features), values);
    let features = features.map_err(|error| DataError::bad(path, error.to_string()))?;
    Ok(Table { features, names: columns.feature_names(), labels })
}

/// The columns of a table.
struct Columns {
    n: usize,
    names: Option<Vec<String>>,
    label: Option<usize>,
}

impl Columns {
    fn of(
        path: &Path,
        first: &StringRecord,
        has_header: bool,
        label: LabelAt<'_>,
    ) -> Result<Columns, DataError> {
        let n = first.len();
        let names = has_header.then(|| first.iter().map(String::from).collect::<Vec<_>>());
        let label = match label {
            LabelAt::Nowhere => None,
            LabelAt::Last => Some(n - 1),
            LabelAt::Named(name) => {
                let named = || names.as_ref()?.iter().position(|known| known == name);
                let numbered = || name.parse::<usize>().ok()?.checked_sub(1).filter(|&k| k < n);
                let Some(k) = named().or_else(numbered) else {
                    let columns = match &names {
                        Some(names) => format!("its columns are {}", listed(names)),
                        None => format!("it has {n} columns without names, counted from 1"),
                    };
                    let right = format!("{} has no such column; {columns}", path.display());
                    return Err(DataError::setting("label", one_line(name), right));
                };
                Some(k)
            }
        };
        if n <= usize::from(label.is_some()) {
            let wrong = "has a single column; it must have one of features beside that of labels";
            return Err(DataError::bad(path, wrong));
        }
        Ok(Columns { n, names, label })
    }

    /// A column for an error.
    fn named(&self, k: usize) -> String {
        match &self.names {
            Some(names) => shown(&names[k]),
            None => (k + 1).to_string(),
        }
    }

    fn feature_names(&self) -> Option<Vec<String>> {
        let names = self.names.as_ref()?.iter().enumerate();
        Some(names.filter(|(k, _)| Some(*k) != self.label).map(|(_, name)| name.clone()).collect())
    }
}

/// What stands most often between the cells of the first line.
fn delimiter(bytes: &[u8]) -> u8 {
    let first =
        bytes.split(|&byte| byte == b'\n').find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    let count = |delimiter: u8| first.iter().filter(|&&byte| byte == delimiter).count();
    // Of equals the first.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| count(delimiter)).unwrap_or(b',')
}

fn is_number(cell: &str) -> bool {
    cell.parse::<f64>().is_ok_and(f64::is_finite)
}

fn of_csv(path: &Path, error: csv::Error) -> DataError {
    match (error.position(), error.kind()) {
        (Some(position), csv::ErrorKind::Utf8 { .. }) => {
            DataError::line(path, position.line(), None, "is no text in UTF-8")
        }
        _ => DataError::bad(path, one_line(error)),
    }
}

#[cfg(test)]
mod tests;
