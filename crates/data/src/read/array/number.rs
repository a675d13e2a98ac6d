//! Kinds of numbers in files.

use half::{bf16, f16};

/// A kind of number, as many bytes wide as its name says bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    Bool,
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F16,
    Bf16,
    F32,
    F64,
}

impl Number {
    /// Bytes of one.
    pub fn size(self) -> usize {
        match self {
            Number::Bool | Number::U8 | Number::I8 => 1,
            Number::U16 | Number::I16 | Number::F16 | Number::Bf16 => 2,
            Number::U32 | Number::I32 | Number::F32 => 4,
            Number::U64 | Number::I64 | Number::F64 => 8,
        }
    }

    /// The value of bytes in the order of the machine that wrote them, least first unless `is_big_endian`.
    ///
    /// # Panics
    /// If there are not [`size`](Number::size) bytes.
    pub fn value(self, bytes: &[u8], is_big_endian: bool) -> f64 {
        let mut little = [0; 8];
        let little = &mut little[..self.size()];
        little.copy_from_slice(bytes);
        if is_big_endian {
            little.reverse();
        }
        self.of_little(little)
    }

    fn of_little(self, bytes: &[u8]) -> f64 {
        fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
            bytes.try_into().expect("as many bytes as the number has")
        }
        match self {
            Number::Bool => f64::from(u8::from(bytes[0] != 0)),
            Number::U8 => f64::from(bytes[0]),
            Number::U16 => f64::from(u16::from_le_bytes(array(bytes))),
            Number::U32 => f64::from(u32::from_le_bytes(array(bytes))),
            Number::U64 => u64::from_le_bytes(array(bytes)) as f64,
            Number::I8 => f64::from(i8::from_le_bytes(array(bytes))),
            Number::I16 => f64::from(i16::from_le_bytes(array(bytes))),
            Number::I32 => f64::from(i32::from_le_bytes(array(bytes))),
            Number::I64 => i64::from_le_bytes(array(bytes)) as f64,
            Number::F16 => f16::from_le_bytes(array(bytes)).to_f64(),
            Number::Bf16 => bf16::from_le_bytes(array(bytes)).to_f64(),
            Number::F32 => f64::from(f32::from_le_bytes(array(bytes))),
            Number::F64 => f64::from_le_bytes(array(bytes)),
        }
    }
}
