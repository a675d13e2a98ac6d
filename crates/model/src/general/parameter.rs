//! What a node learns, as burn's parameters of any rank.

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use ndarray::{ArrayD, ArrayViewD, IxDyn};

use crate::tensors::values;

/// A parameter on a device, by its number of axes. Matrices are kept as burn's `Linear` keeps them, `[n_in, n_out]`,
/// the transpose of PyTorch's; all others have PyTorch's shape.
#[derive(Debug, Module)]
pub(super) enum ParameterTensor {
    Vector(Param<Tensor<1>>),
    Matrix(Param<Tensor<2>>),
    Cube(Param<Tensor<3>>),
    Tesseract(Param<Tensor<4>>),
}

impl ParameterTensor {
    /// Of an array in PyTorch's shape.
    ///
    /// # Panics
    /// If it has no axis or more than four.
    pub fn new(array: ArrayViewD<'_, f32>, device: &Device) -> ParameterTensor {
        let shape = array.shape();
        let flat = |array: ArrayViewD<'_, f32>| -> Vec<f32> { array.iter().copied().collect() };
        match *shape {
            [a] => ParameterTensor::Vector(Param::from_data(TensorData::new(flat(array), [a]), device)),
            [a, b] => {
                let data = TensorData::new(flat(array.reversed_axes()), [b, a]);
                ParameterTensor::Matrix(Param::from_data(data, device))
            }
            [a, b, c] => {
                ParameterTensor::Cube(Param::from_data(TensorData::new(flat(array), [a, b, c]), device))
            }
            [a, b, c, d] => {
                let data = TensorData::new(flat(array), [a, b, c, d]);
                ParameterTensor::Tesseract(Param::from_data(data, device))
            }
            _ => panic!("a parameter has one to four axes, not the shape {shape:?}"),
        }
    }

    /// The array, in PyTorch's shape.
    pub fn array(&self) -> ArrayD<f32> {
        let (shape, values) = match self {
            ParameterTensor::Vector(p) => (p.dims().to_vec(), values(p.val())),
            ParameterTensor::Matrix(p) => {
                let transposed = p.val().transpose();
                (transposed.dims().to_vec(), values(transposed))
            }
            ParameterTensor::Cube(p) => (p.dims().to_vec(), values(p.val())),
            ParameterTensor::Tesseract(p) => (p.dims().to_vec(), values(p.val())),
        };
        ArrayD::from_shape_vec(IxDyn(&shape), values).expect("as many values as the shape has")
    }

    /// `[n]`.
    ///
    /// # Panics
    /// As all of these, if it has another number of axes.
    pub fn vector(&self) -> Tensor<1> {
        let ParameterTensor::Vector(p) = self else { panic!("{self:?} is no vector") };
        p.val()
    }

    /// `[n_in, n_out]`.
    pub fn matrix(&self) -> Tensor<2> {
        let ParameterTensor::Matrix(p) = self else { panic!("{self:?} is no matrix") };
        p.val()
    }

    /// `[channels_out, channels_in, kernel_size]`.
    pub fn cube(&self) -> Tensor<3> {
        let ParameterTensor::Cube(p) = self else { panic!("{self:?} has not three axes") };
        p.val()
    }

    /// `[n_filters, channels, rows, columns]`.
    pub fn tesseract(&self) -> Tensor<4> {
        let ParameterTensor::Tesseract(p) = self else { panic!("{self:?} has not four axes") };
        p.val()
    }

    pub fn n_axes(&self) -> usize {
        match self {
            ParameterTensor::Vector(_) => 1,
            ParameterTensor::Matrix(_) => 2,
            ParameterTensor::Cube(_) => 3,
            ParameterTensor::Tesseract(_) => 4,
        }
    }

    /// Puts another vector in its place, which no descent changes: one of a device that does not differentiate.
    pub fn put_vector(&mut self, values: Tensor<1>) {
        let parameter = self.as_vector();
        *parameter = Param::initialized(parameter.id, Tensor::from_inner(values));
    }

    pub fn as_vector(&mut self) -> &mut Param<Tensor<1>> {
        let ParameterTensor::Vector(p) = self else { panic!("{self:?} has not 1 axes") };
        p
    }

    pub fn as_matrix(&mut self) -> &mut Param<Tensor<2>> {
        let ParameterTensor::Matrix(p) = self else { panic!("{self:?} has not 2 axes") };
        p
    }

    pub fn as_cube(&mut self) -> &mut Param<Tensor<3>> {
        let ParameterTensor::Cube(p) = self else { panic!("{self:?} has not 3 axes") };
        p
    }

    pub fn as_tesseract(&mut self) -> &mut Param<Tensor<4>> {
        let ParameterTensor::Tesseract(p) = self else { panic!("{self:?} has not 4 axes") };
        p
    }
}
