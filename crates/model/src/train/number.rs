//! What rules of descent compute with: numbers, and tensors value by value.

use std::ops::{Add, Div, Mul, Sub};

use burn::tensor::Tensor;

/// A number, or a tensor whose values are each taken as one.
pub(crate) trait Number:
    Clone
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Add<f32, Output = Self>
    + Mul<f32, Output = Self>
{
    fn square_root(self) -> Self;
}

impl Number for f32 {
    #[inline(always)]
    fn square_root(self) -> f32 {
        self.sqrt()
    }
}

impl<const D: usize> Number for Tensor<D> {
    fn square_root(self) -> Tensor<D> {
        self.sqrt()
    }
}
