//! An array as its file has it: bytes, and how they are to be understood.

use std::borrow::Cow;
use std::path::Path;

use ndarray::{ArrayD, IxDyn, ShapeBuilder};

use super::number::Number;
use crate::error::DataError;
use crate::file_sets::MAX_VALUES;
use crate::labels::Labels;

/// Whole numbers up to here are the same as floats of 64 bits.
const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;

/// An array whose bytes are as many as its shape and its numbers need.
#[derive(Clone, Debug)]
pub struct RawArray<'a> {
    pub shape: Vec<usize>,
    pub number: Number,
    pub is_big_endian: bool,
    /// Whether the first axis is the fastest.
    pub is_fortran: bool,
    pub bytes: Cow<'a, [u8]>,
}

impl RawArray<'_> {
    /// The bytes that an array of this shape has; `None` where no number holds them.
    pub fn n_bytes(shape: &[usize], number: Number) -> Option<u64> {
        let n_values = shape.iter().try_fold(1_u64, |n, &size| n.checked_mul(size as u64))?;
        n_values.checked_mul(number.size() as u64)
    }

    /// The values as inputs, `[n_samples, …]`; an array of one axis has one feature. `path` and `name` are for errors.
    pub fn inputs(&self, path: &Path, name: &str) -> Result<ArrayD<f32>, DataError> {
        if self.shape.is_empty() {
            let wrong = format!("{name} is a single number; its first axis must be that of the samples");
            return Err(DataError::bad(path, wrong));
        }
        let values = self.values(path, name)?;
        let values = if values.ndim() == 1 { values.insert_axis(ndarray::Axis(1)) } else { values };
        Ok(values)
    }

    /// The values.
    pub fn values(&self, path: &Path, name: &str) -> Result<ArrayD<f32>, DataError> {
        if MAX_VALUES < self.bytes.len() / self.number.size() {
            let wrong =
                format!("{name} has more than {MAX_VALUES} values, which is more than is held in memory");
            return Err(DataError::bad(path, wrong));
        }
        let values = self.numbers().map(|value| value as f32).collect();
        let shape = IxDyn(&self.shape).set_f(self.is_fortran);
        let values = ArrayD::from_shape_vec(shape, values);
        let values = values.map_err(|error| DataError::bad(path, format!("{name}: {error}")))?;
        Ok(if values.is_standard_layout() { values } else { values.as_standard_layout().into_owned() })
    }

    /// The values as labels: whole numbers, one for each sample.
    pub fn labels(&self, path: &Path, name: &str) -> Result<Labels, DataError> {
        if !matches!(self.shape[..], [_] | [_, 1]) {
            let wrong = format!(
                "labels `{name}` are an array {:?}; one number for each sample is needed",
                self.shape
            );
            return Err(DataError::bad(path, wrong));
        }
        let mut labels = Labels::default();
        for (sample, value) in self.numbers().enumerate() {
            if value.fract() != 0.0 || MAX_WHOLE < value.abs() || value.is_nan() {
                let wrong =
                    format!("the label of sample {sample} in `{name}` is {value}; labels are whole numbers");
                return Err(DataError::bad(path, wrong));
            }
            labels.push(&format!("{}", value as i64));
        }
        Ok(labels)
    }

    fn numbers(&self) -> impl Iterator<Item = f64> + '_ {
        self.bytes.chunks_exact(self.number.size()).map(|bytes| self.number.value(bytes, self.is_big_endian))
    }
}
