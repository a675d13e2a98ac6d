//! Buffers that are used again.

/// Buffers that nobody needs at the moment: new memory costs more than what is written into it.
#[derive(Default)]
pub struct Room {
    idle: Vec<Vec<f32>>,
}

impl Room {
    /// A buffer of at least so many values; what they are is not told.
    pub fn take(&mut self, len: usize) -> Vec<f32> {
        let fits = self.idle.iter().enumerate().filter(|(_, buffer)| len <= buffer.len());
        match fits.min_by_key(|(_, buffer)| buffer.len()) {
            Some((place, _)) => self.idle.swap_remove(place),
            None => {
                // All are too small, and the largest is the one to go.
                self.idle.sort_by_key(Vec::len);
                self.idle.pop();
                vec![0.0; len]
            }
        }
    }

    /// Gives one back.
    pub fn give(&mut self, buffer: Vec<f32>) {
        self.idle.push(buffer);
    }
}
