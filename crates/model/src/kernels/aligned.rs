//! Buffers that begin at a cache line, so that no vector lies across two.

use std::ops::{Deref, DerefMut};

use pulp::bytemuck::{self, Pod, Zeroable};

/// A cache line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
struct Line([f32; Line::LEN]);

impl Line {
    const LEN: usize = 16;
}

// SAFETY: zeros are floats.
unsafe impl Zeroable for Line {}
// SAFETY: floats without padding, for their size is the alignment.
unsafe impl Pod for Line {}

/// Floats from the start of a cache line on.
#[derive(Clone, Debug, Default)]
pub struct Aligned {
    lines: Vec<Line>,
    len: usize,
}

impl Aligned {
    pub fn zeros(len: usize) -> Aligned {
        Aligned { lines: vec![Line::zeroed(); len.div_ceil(Line::LEN)], len }
    }

    /// The first `len` values, of which there may be more afterwards than before; what they hold is not told.
    pub fn room(&mut self, len: usize) -> &mut [f32] {
        if self.len < len {
            *self = Aligned::zeros(len);
        }
        &mut self[..len]
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &bytemuck::cast_slice(&self.lines)[..self.len]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut bytemuck::cast_slice_mut(&mut self.lines)[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_begin_at_a_line_and_grow() {
        let mut buffer = Aligned::zeros(17);
        assert_eq!((buffer.len(), buffer.as_ptr().addr() % 64), (17, 0));
        assert_eq!(buffer.room(40).len(), 40);
        assert_eq!((buffer.len(), buffer.as_ptr().addr() % 64), (40, 0));
    }
}
