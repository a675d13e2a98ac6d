//! Matrices as products take them.

/// A row-major matrix, or the transpose of one.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    pub values: &'a [f32],
    pub rows: usize,
    pub columns: usize,
    pub row_stride: usize,
    pub column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// `rows × columns` values, row by row.
    ///
    /// # Panics
    /// If there are fewer values than that.
    pub fn new(values: &'a [f32], rows: usize, columns: usize) -> Matrix<'a> {
        Matrix { values: &values[..rows * columns], rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// The transpose, without moving a value.
    pub fn t(self) -> Matrix<'a> {
        Matrix {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }

    /// Whether the values reach to the last element.
    pub fn is_whole(&self) -> bool {
        let last = (self.rows - 1) * self.row_stride + (self.columns - 1) * self.column_stride;
        last < self.values.len()
    }

    /// The part from `row` and `column` on, of so many `rows` and `columns`.
    pub fn part(self, row: usize, rows: usize, column: usize, columns: usize) -> Matrix<'a> {
        let from = row * self.row_stride + column * self.column_stride;
        Matrix { values: &self.values[from..], rows, columns, ..self }
    }
}
