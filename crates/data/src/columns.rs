//! Each feature over all samples: its range, mean and spread.

use ndarray::ArrayView2;

/// A column of a matrix; what is not finite is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// How many values are finite.
    pub n: usize,
    pub min: f32,
    pub max: f32,
    pub mean: f64,
    /// The standard deviation of the population; exactly 0 where all values are one.
    pub deviation: f64,
}

/// Every column of `rows`, in two passes row by row.
pub fn columns(rows: ArrayView2<'_, f32>) -> Vec<Column> {
    let none = Column { n: 0, min: f32::INFINITY, max: f32::NEG_INFINITY, mean: 0.0, deviation: 0.0 };
    let mut columns = vec![none; rows.ncols()];
    let finite = |column: &mut Column, value: f32, add: fn(&mut Column, f64)| {
        if value.is_finite() {
            add(column, f64::from(value));
        }
    };
    for row in rows.rows() {
        for (column, &value) in columns.iter_mut().zip(row) {
            finite(column, value, |column, value| {
                column.n += 1;
                column.mean += value;
                column.min = column.min.min(value as f32);
                column.max = column.max.max(value as f32);
            });
        }
    }
    columns.iter_mut().for_each(|column| column.mean /= column.n as f64);
    for row in rows.rows() {
        for (column, &value) in columns.iter_mut().zip(row) {
            finite(column, value, |column, value| column.deviation += (value - column.mean).powi(2));
        }
    }
    for column in &mut columns {
        let is_constant = column.max <= column.min;
        column.deviation = if is_constant { 0.0 } else { (column.deviation / column.n as f64).sqrt() };
    }
    columns
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn values_that_are_none_are_left_out_and_constants_have_no_deviation() {
        let [first, second, third] =
            columns(array![[1.0, 0.1, f32::NAN], [3.0, 0.1, 2.0], [f32::INFINITY, 0.1, 2.0]].view())[..]
        else {
            panic!("three columns")
        };
        assert_eq!((first.n, first.min, first.max, first.mean, first.deviation), (2, 1.0, 3.0, 2.0, 1.0));
        assert_eq!((second.n, second.deviation), (3, 0.0));
        assert_eq!((third.n, third.mean, third.deviation), (2, 2.0, 0.0));
    }
}
