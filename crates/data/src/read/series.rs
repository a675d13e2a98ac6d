//! Time series as the UCR and UEA archives have them: `.ts`, and `.tsv` or `.txt` with the label first.
//!
//! A. Bagnall et al., "The UEA multivariate time series classification archive, 2018", arXiv:1811.00075.

use std::path::Path;

use ndarray::{ArrayD, IxDyn};

use super::shown::{listed, shown};
use crate::error::DataError;
use crate::labels::Labels;

/// What stands where a value is not known, in small letters.
const MISSING: [&str; 4] = ["", "nan", "?", "na"];

/// Series of one length.
#[derive(Clone, Debug)]
pub struct Series {
    /// `[n, length]`; of several dimensions `[n, n_dimensions, length]`.
    pub values: ArrayD<f32>,
    pub labels: Option<Labels>,
}

/// The series of a file whose content is `bytes`: with lines that start with `@`, or with the label first in each line.
///
/// # Errors
/// Series of unlike length, missing values, time stamps, labels that are not declared: each with its line.
pub fn read_series(path: &Path, bytes: &[u8], has_header: bool) -> Result<Series, DataError> {
    let text = str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let text = text.map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count();
        DataError::line(path, line as u64, None, "is no text in UTF-8")
    })?;
    let lines =
        text.lines().enumerate().map(|(i, line)| Line { path, number: 1 + i as u64, text: line.trim() });
    let lines = lines.filter(|line| !line.text.is_empty());
    if has_header { with_header(path, lines) } else { label_first(path, lines) }
}

/// A line of the file.
#[derive(Clone, Copy)]
struct Line<'a> {
    path: &'a Path,
    number: u64,
    text: &'a str,
}

impl Line<'_> {
    fn wrong(&self, wrong: impl Into<String>) -> DataError {
        DataError::line(self.path, self.number, None, wrong)
    }

    /// A value of the line, which is its `k`th.
    fn value(&self, k: usize, text: &str) -> Result<f32, DataError> {
        let text = text.trim();
        if MISSING.contains(&text.to_lowercase().as_str()) {
            let wrong = format!(
                "value {} is missing ({}); fill it in, or cut all series to one length",
                k + 1,
                shown(text)
            );
            return Err(self.wrong(wrong));
        }
        match text.parse::<f32>() {
            Ok(value) if value.is_finite() => Ok(value),
            Ok(_) => Err(self.wrong(format!("value {}, {}, is not finite in 32 bits", k + 1, shown(text)))),
            Err(_) => Err(self.wrong(format!("value {}, {}, is no number", k + 1, shown(text)))),
        }
    }
}

/// Series as they are read, of the shape of the first.
#[derive(Default)]
struct Gathered {
    values: Vec<f32>,
    labels: Labels,
    n: usize,
    /// The shape of a series, and the line of the first.
    first: Option<(usize, usize, u64)>,
}

impl Gathered {
    /// One series more, whose values have been added.
    fn series(&mut self, line: &Line<'_>, n_dimensions: usize, length: usize) -> Result<(), DataError> {
        let (first_dimensions, first_length, first_line) =
            *self.first.get_or_insert((n_dimensions, length, line.number));
        if n_dimensions != first_dimensions {
            let wrong = format!("{n_dimensions} dimensions, and {first_dimensions} in line {first_line}");
            return Err(line.wrong(wrong));
        }
        if length != first_length {
            return Err(unequal(line, length, first_length, first_line));
        }
        self.n += 1;
        Ok(())
    }

    fn finish(self, path: &Path, is_labelled: bool) -> Result<Series, DataError> {
        let Some((n_dimensions, length, _)) = self.first else {
            return Err(DataError::bad(path, "holds no series"));
        };
        let shape = match n_dimensions {
            1 => vec![self.n, length],
            _ => vec![self.n, n_dimensions, length],
        };
        let values = ArrayD::from_shape_vec(IxDyn(&shape), self.values);
        let values = values.map_err(|error| DataError::bad(path, error.to_string()))?;
        Ok(Series { values, labels: is_labelled.then_some(self.labels) })
    }
}

fn unequal(line: &Line<'_>, length: usize, first_length: usize, first_line: u64) -> DataError {
    line.wrong(format!(
        "a series of {length} values, and one of {first_length} in line {first_line}; series must be of one length"
    ))
}

/// `.ts`: lines that start with `@`, then a series a line, dimensions and label between colons.
fn with_header<'a>(path: &Path, lines: impl Iterator<Item = Line<'a>>) -> Result<Series, DataError> {
    let mut is_data = false;
    // Whether series have labels, and which there are where that is said.
    let (mut is_labelled, mut declared) = (false, Vec::new());
    let mut gathered = Gathered::default();
    for line in lines.filter(|line| !line.text.starts_with('#')) {
        if !is_data {
            let mut words = line.text.split_whitespace();
            let key = words.next().unwrap_or_default().to_lowercase();
            let value = words.next().unwrap_or_default();
            let is_true = value.eq_ignore_ascii_case("true");
            match key.as_str() {
                "@data" => is_data = true,
                "@classlabel" => {
                    is_labelled = is_true;
                    declared = words.map(String::from).collect();
                }
                "@targetlabel" if is_true => {
                    return Err(
                        line.wrong("has numbers to be predicted (@targetLabel); only classes are read")
                    );
                }
                "@timestamps" if is_true => {
                    return Err(line.wrong("has time stamps; series without them are read"));
                }
                "@equallength" if value.eq_ignore_ascii_case("false") => {
                    return Err(line
                        .wrong("series of unequal length (@equalLength false); they must be of one length"));
                }
                key if key.starts_with('@') => {}
                _ => {
                    return Err(line.wrong(format!(
                        "{} before @data; a .ts file starts with lines of @",
                        shown(line.text)
                    )));
                }
            }
            continue;
        }
        let mut parts: Vec<&str> = line.text.split(':').collect();
        if is_labelled {
            let label = parts.pop().unwrap_or_default().trim();
            if parts.is_empty() || label.is_empty() {
                return Err(line.wrong("has no label after its last colon"));
            }
            if !declared.is_empty() && !declared.iter().any(|known| known == label) {
                let wrong = format!(
                    "the label {} is none of those of @classLabel, {}",
                    shown(label),
                    listed(&declared)
                );
                return Err(line.wrong(wrong));
            }
            gathered.labels.push(label);
        }
        if parts.iter().any(|part| part.trim_start().starts_with('(')) {
            return Err(line.wrong("has time stamps in parentheses; series without them are read"));
        }
        let mut length = None;
        for part in &parts {
            let mut n = 0;
            for (k, value) in part.split(',').enumerate() {
                gathered.values.push(line.value(k, value)?);
                n += 1;
            }
            let first = *length.get_or_insert(n);
            if n != first {
                return Err(unequal(&line, n, first, line.number));
            }
        }
        gathered.series(&line, parts.len(), length.unwrap_or_default())?;
    }
    if !is_data {
        return Err(DataError::bad(path, "has no line @data, after which the series of a .ts file stand"));
    }
    gathered.finish(path, is_labelled)
}

/// `.tsv` and `.txt`: the label, then the values, with tabs, commas or blanks between them.
fn label_first<'a>(path: &Path, lines: impl Iterator<Item = Line<'a>>) -> Result<Series, DataError> {
    let mut gathered = Gathered::default();
    for line in lines {
        let delimiter = ['\t', ','].into_iter().find(|&delimiter| line.text.contains(delimiter));
        let mut cells: Vec<&str> = match delimiter {
            Some(delimiter) => line.text.split(delimiter).map(str::trim).collect(),
            None => line.text.split_whitespace().collect(),
        };
        // Series that are shorter than others end in values that are none.
        let n_cells = cells.len();
        while 2 < cells.len() && MISSING.contains(&cells[cells.len() - 1].to_lowercase().as_str()) {
            cells.pop();
        }
        if cells.len() < n_cells {
            return Err(line.wrong(format!(
                "a series of {} values, filled up to {}; series must be of one length",
                cells.len() - 1,
                n_cells - 1
            )));
        }
        let [label, values @ ..] = &cells[..] else { continue };
        if values.is_empty() || MISSING.contains(&label.to_lowercase().as_str()) {
            return Err(line.wrong("is no series: a label, then values, with tabs between them"));
        }
        gathered.labels.push(&plain(label));
        for (k, value) in values.iter().enumerate() {
            gathered.values.push(line.value(k, value)?);
        }
        gathered.series(&line, 1, values.len())?;
    }
    gathered.finish(path, true)
}

/// A label that is a whole number without its digits after the point: `1.0000000e+00` is 1.
fn plain(label: &str) -> String {
    match label.parse::<f64>() {
        Ok(number) if number.fract() == 0.0 && number.abs() < 1e9 => format!("{}", number as i64),
        _ => label.into(),
    }
}

#[cfg(test)]
mod tests;
