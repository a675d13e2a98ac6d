//! A look at the bytes before they are decoded: every length lies within what surrounds it, nothing is nested deeper
//! than networks are, and there are not more parts than memory holds.
//!
//! The decoder takes lengths at their word, and calls itself for graphs within attributes.

/// Graphs within graphs at most; what has any is refused later, with the node's name.
const MAX_DEPTH: usize = 8;
/// Nodes, attributes, tensors and names at most.
const MAX_PARTS: usize = 2_000_000;

/// What a message is, by what may be nested in it.
#[derive(Clone, Copy)]
enum Message {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    ValueInfo,
    Type,
    TensorType,
    Shape,
    Sequence,
    /// Texts and numbers alone.
    Plain,
}

impl Message {
    /// What the field of a number is, where it is a message that the decoder opens.
    fn field(self, number: u64) -> Option<Message> {
        match (self, number) {
            (Message::Model, 7) | (Message::Attribute, 6) => Some(Message::Graph),
            (Message::Model, 8 | 14) | (Message::Tensor, 13) | (Message::Shape, 1) => Some(Message::Plain),
            (Message::Graph, 1) => Some(Message::Node),
            (Message::Graph, 5) | (Message::Attribute, 5) => Some(Message::Tensor),
            (Message::Graph, 11..=13) => Some(Message::ValueInfo),
            (Message::Node, 5) => Some(Message::Attribute),
            (Message::ValueInfo, 2) | (Message::Sequence, 1) => Some(Message::Type),
            (Message::Type, 1) => Some(Message::TensorType),
            (Message::Type, 4) => Some(Message::Sequence),
            (Message::TensorType, 2) => Some(Message::Shape),
            _ => None,
        }
    }
}

/// Refuses bytes that the decoder should not see.
pub fn check(bytes: &[u8]) -> Result<(), String> {
    let mut n_parts = 0;
    check_message(bytes, Message::Model, 0, &mut n_parts)
}

fn check_message(bytes: &[u8], message: Message, depth: usize, n_parts: &mut usize) -> Result<(), String> {
    if 4 * MAX_DEPTH < depth {
        return Err(format!("graphs are nested more than {MAX_DEPTH} deep"));
    }
    let mut rest = bytes;
    while !rest.is_empty() {
        let (key, length) = (number(&mut rest)?, rest.len());
        *n_parts += 1;
        if MAX_PARTS < *n_parts {
            return Err(format!("more than {MAX_PARTS} parts"));
        }
        match key & 7 {
            0 => drop(number(&mut rest)?),
            1 => skip(&mut rest, 8)?,
            2 => {
                let size = usize::try_from(number(&mut rest)?).unwrap_or(usize::MAX);
                let inside = rest.get(..size).ok_or_else(|| no_onnx(bytes.len() - length))?;
                if let Some(message) = message.field(key >> 3) {
                    check_message(inside, message, depth + 1, n_parts)?;
                }
                skip(&mut rest, size)?;
            }
            5 => skip(&mut rest, 4)?,
            _ => return Err(no_onnx(bytes.len() - length)),
        }
    }
    Ok(())
}

fn no_onnx(place: usize) -> String {
    format!(
        "no ONNX file: a part at byte {place} of what surrounds it reaches beyond it, or is of no known kind"
    )
}

fn skip(rest: &mut &[u8], size: usize) -> Result<(), String> {
    *rest = rest.get(size..).ok_or_else(|| no_onnx(0))?;
    Ok(())
}

/// A number of up to ten bytes of seven bits, the lowest first.
fn number(rest: &mut &[u8]) -> Result<u64, String> {
    let mut value = 0;
    for i in 0..10 {
        let (&byte, after) = rest.split_first().ok_or_else(|| no_onnx(0))?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(no_onnx(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_beyond_the_end_and_deep_nests_are_refused() {
        assert!(check(&[]).is_ok());
        // A graph of two bytes, where one is left.
        assert!(check(&[7 << 3 | 2, 2, 0]).is_err());
        // A length that would wrap around.
        assert!(check(&[0xf2, 0x07, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]).is_err());
        let mut nest: Vec<u8> = Vec::new();
        for _ in 0..40 {
            for field in [6, 5, 1] {
                let mut length = nest.len();
                let mut outer = vec![field << 3 | 2];
                while 0x80 <= length {
                    outer.push((length & 0x7f) as u8 | 0x80);
                    length >>= 7;
                }
                outer.push(length as u8);
                nest = [outer, nest].concat();
            }
        }
        // Node in attribute in graph, and so on; the innermost is a graph of the model.
        nest[0] = 7 << 3 | 2;
        let error = check(&nest);
        assert!(error.is_ok() || error.unwrap_err().contains("nested"));
    }
}
