//! Values that are known before anything runs: weights, and shapes while they are computed with.

use ndarray::{ArrayD, IxDyn};
use rten_onnx::onnx::{DataLocation, DataType, TensorProto};

use super::files::Files;

/// A whole number of a shape, or how many samples there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    Number(i64),
    Batch,
}

/// An array that is known.
#[derive(Clone, Debug)]
pub enum Known {
    Floats(ArrayD<f32>),
    Wholes(ArrayD<Size>),
}

impl Known {
    pub fn shape(&self) -> &[usize] {
        match self {
            Known::Floats(array) => array.shape(),
            Known::Wholes(array) => array.shape(),
        }
    }

    pub fn len(&self) -> usize {
        self.shape().iter().product()
    }

    pub fn is_whole(&self) -> bool {
        matches!(self, Known::Wholes(_))
    }

    /// A row of sizes.
    pub fn sizes(sizes: Vec<Size>) -> Known {
        let n = sizes.len();
        Known::Wholes(ArrayD::from_shape_vec(IxDyn(&[n]), sizes).expect("as many as there are"))
    }

    /// Its values as numbers; `None` where it holds how many samples there are.
    pub fn floats(&self) -> Option<ArrayD<f32>> {
        match self {
            Known::Floats(array) => Some(array.clone()),
            Known::Wholes(array) => {
                let number = |size: &Size| match size {
                    Size::Number(number) => Some(*number as f32),
                    Size::Batch => None,
                };
                let values: Option<Vec<f32>> = array.iter().map(number).collect();
                Some(ArrayD::from_shape_vec(array.raw_dim(), values?).expect("as many as there are"))
            }
        }
    }

    /// Its values as sizes; `None` where they are no whole numbers.
    pub fn as_sizes(&self) -> Option<Vec<Size>> {
        match self {
            Known::Wholes(array) => Some(array.iter().copied().collect()),
            Known::Floats(_) => None,
        }
    }
}

/// The array of a tensor: as many bytes as its shape and type need, no more and no fewer.
pub fn known(tensor: &TensorProto, files: &Files) -> Result<Known, String> {
    let shape: Vec<usize> = tensor
        .dims
        .iter()
        .map(|&size| usize::try_from(size).map_err(|_| format!("has the shape {:?}", tensor.dims)))
        .collect::<Result<_, _>>()?;
    let n = shape.iter().try_fold(1_usize, |n, &size| n.checked_mul(size));
    let n =
        n.filter(|&n| n <= 1 << 32).ok_or_else(|| format!("has the shape {shape:?}, too large to read"))?;
    let kind = tensor.data_type.unwrap_or(UNDEFINED);
    let Some(width) = width(kind) else {
        return Err(format!("holds values of type {kind}; floats, whole numbers and truths are read"));
    };
    let bytes = match (&tensor.raw_data, tensor.data_location) {
        (_, Some(DataLocation::EXTERNAL)) => {
            Some(files.bytes(&tensor.external_data, (n as u64).saturating_mul(width as u64))?)
        }
        (Some(raw), _) => Some(raw.borrow().clone()),
        (None, _) => None,
    };
    let count = |found: usize| match found == n {
        true => Ok(()),
        false => Err(format!("has {found} values, its shape {shape:?} needs {n}")),
    };
    let dim = IxDyn(&shape);
    if is_float(kind) {
        let values = match bytes {
            Some(bytes) => {
                count(bytes.len() / width)?;
                floats(kind, &bytes)
            }
            None if kind == DataType::FLOAT => tensor.float_data.clone(),
            None if kind == DataType::DOUBLE => tensor.double_data.iter().map(|&v| v as f32).collect(),
            None => tensor.int32_data.iter().map(|&bits| half(kind, bits as u16)).collect(),
        };
        count(values.len())?;
        return Ok(Known::Floats(ArrayD::from_shape_vec(dim, values).expect("just counted")));
    }
    let values: Vec<i64> = match bytes {
        Some(bytes) => {
            count(bytes.len() / width)?;
            wholes(kind, &bytes)
        }
        None if kind == DataType::INT64 => tensor.int64_data.clone(),
        None => tensor.int32_data.iter().map(|&value| i64::from(value)).collect(),
    };
    count(values.len())?;
    let values = values.into_iter().map(Size::Number).collect();
    Ok(Known::Wholes(ArrayD::from_shape_vec(dim, values).expect("just counted")))
}

/// The type of a tensor that states none.
const UNDEFINED: DataType = DataType(0);

/// Bytes of a value.
fn width(kind: DataType) -> Option<usize> {
    match kind {
        DataType::FLOAT | DataType::INT32 | DataType::UINT32 => Some(4),
        DataType::DOUBLE | DataType::INT64 | DataType::UINT64 => Some(8),
        DataType::FLOAT16 | DataType::BFLOAT16 | DataType::INT16 | DataType::UINT16 => Some(2),
        DataType::INT8 | DataType::UINT8 | DataType::BOOL => Some(1),
        _ => None,
    }
}

/// Whether values of a type are no whole numbers.
pub fn is_float(kind: DataType) -> bool {
    matches!(kind, DataType::FLOAT | DataType::DOUBLE | DataType::FLOAT16 | DataType::BFLOAT16)
}

fn floats(kind: DataType, bytes: &[u8]) -> Vec<f32> {
    match kind {
        DataType::FLOAT => bytes.as_chunks().0.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect(),
        DataType::DOUBLE => {
            bytes.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes) as f32).collect()
        }
        _ => bytes.as_chunks().0.iter().map(|&bytes| half(kind, u16::from_le_bytes(bytes))).collect(),
    }
}

fn wholes(kind: DataType, bytes: &[u8]) -> Vec<i64> {
    match kind {
        DataType::INT64 | DataType::UINT64 => {
            bytes.as_chunks().0.iter().map(|&bytes| i64::from_le_bytes(bytes)).collect()
        }
        DataType::INT32 => {
            bytes.as_chunks().0.iter().map(|&bytes| i32::from_le_bytes(bytes).into()).collect()
        }
        DataType::UINT32 => {
            bytes.as_chunks().0.iter().map(|&bytes| u32::from_le_bytes(bytes).into()).collect()
        }
        DataType::INT16 => {
            bytes.as_chunks().0.iter().map(|&bytes| i16::from_le_bytes(bytes).into()).collect()
        }
        DataType::UINT16 => {
            bytes.as_chunks().0.iter().map(|&bytes| u16::from_le_bytes(bytes).into()).collect()
        }
        DataType::INT8 => bytes.iter().map(|&byte| i64::from(byte as i8)).collect(),
        _ => bytes.iter().map(|&byte| i64::from(byte)).collect(),
    }
}

/// A number of 16 bits, of IEEE's form or of the upper half of 32.
fn half(kind: DataType, bits: u16) -> f32 {
    if kind == DataType::BFLOAT16 {
        return f32::from_bits(u32::from(bits) << 16);
    }
    let (sign, exponent, fraction) = (bits >> 15, i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    let size = match exponent {
        0 => fraction * 2.0_f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1024.0 + fraction) * 2.0_f32.powi(exponent - 25),
    };
    if sign == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_16_bits_are_those_of_ieee() {
        let value = |bits| half(DataType::FLOAT16, bits);
        assert_eq!([value(0x3c00), value(0xc000), value(0x3555)], [1.0, -2.0, 0.333_251_95]);
        assert_eq!([value(0x0001), value(0x7c00)], [2.0_f32.powi(-24), f32::INFINITY]);
        assert_eq!(half(DataType::BFLOAT16, 0x3fc0), 1.5);
    }

    #[test]
    fn a_tensor_that_lies_about_its_size_is_refused_and_nothing_is_allocated() {
        let tensor = |dims: Vec<i64>| TensorProto {
            dims,
            data_type: Some(DataType::FLOAT),
            raw_data: Some(vec![0; 12].into()),
            ..TensorProto::default()
        };
        let files = Files::new(None);
        assert_eq!(known(&tensor(vec![3]), &files).unwrap().shape(), [3]);
        for dims in [vec![4], vec![1 << 31], vec![-1], vec![1 << 40, 1 << 40]] {
            assert!(known(&tensor(dims), &files).is_err());
        }
    }
}
