//! Messages in the wire format of Protocol Buffers, as far as an ONNX file needs them: fields by number, in order.

/// A message in the making.
#[derive(Clone, Debug, Default)]
pub struct Message(Vec<u8>);

/// How a field's value is written.
const VARINT: u64 = 0;
const BYTES: u64 = 2;
const FIXED32: u64 = 5;

impl Message {
    /// A whole number.
    #[must_use]
    pub fn int(mut self, field: u64, value: i64) -> Message {
        self.tag(field, VARINT);
        // Negative numbers are written as their two's complement.
        self.varint(value as u64);
        self
    }

    /// A number in single precision.
    #[must_use]
    pub fn float(mut self, field: u64, value: f32) -> Message {
        self.tag(field, FIXED32);
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// Text, or bytes.
    #[must_use]
    pub fn bytes(mut self, field: u64, value: impl AsRef<[u8]>) -> Message {
        let value = value.as_ref();
        self.tag(field, BYTES);
        self.varint(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    /// A message within it.
    #[must_use]
    pub fn message(self, field: u64, value: &Message) -> Message {
        self.bytes(field, &value.0)
    }

    /// The same field for each of many.
    #[must_use]
    pub fn each<T>(
        self,
        values: impl IntoIterator<Item = T>,
        put: impl Fn(Message, T) -> Message,
    ) -> Message {
        values.into_iter().fold(self, put)
    }

    /// Its bytes.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    fn tag(&mut self, field: u64, kind: u64) {
        self.varint(field << 3 | kind);
    }

    /// Seven bits a byte, the lowest first; all but the last have the highest bit set.
    fn varint(&mut self, mut value: u64) {
        while 0x7f < value {
            self.0.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}
