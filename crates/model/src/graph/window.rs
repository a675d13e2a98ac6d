//! Windows that slide over the spatial axes of a sample: those of filters and of pools.

use super::op_error::OpError;

/// A window over the axes after the first of `[channels, length]` or `[channels, height, width]`.
///
/// ```
/// use vitrine_model::Window;
/// let window = Window::of([5, 5]).strided(2).same();
/// assert_eq!(window.places(&[28, 27]).unwrap(), [14, 14]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Values along each axis.
    pub size: Vec<usize>,
    /// From one place to the next.
    pub stride: Vec<usize>,
    /// Values put before and after each axis: zeros for filters and averages, nothing for a maximum.
    pub padding: Vec<(usize, usize)>,
    /// From one value of the window to the next; 1 where they are neighbours.
    pub dilation: Vec<usize>,
    /// Whether a last place that reaches beyond the end counts (`ceil_mode` in PyTorch).
    pub is_partial: bool,
}

impl Window {
    /// A window of neighbours with stride 1 and without padding.
    pub fn of(size: impl Into<Vec<usize>>) -> Window {
        let size = size.into();
        let n_axes = size.len();
        Window {
            stride: vec![1; n_axes],
            padding: vec![(0, 0); n_axes],
            dilation: vec![1; n_axes],
            is_partial: false,
            size,
        }
    }

    /// The same with this stride along every axis.
    #[must_use]
    pub fn strided(self, stride: usize) -> Window {
        Window { stride: vec![stride; self.size.len()], ..self }
    }

    /// The same with as much padding before and after every axis.
    #[must_use]
    pub fn padded(self, padding: usize) -> Window {
        Window { padding: vec![(padding, padding); self.size.len()], ..self }
    }

    /// The same with the padding that keeps sizes at stride 1. Of an odd number of values, the one more comes after, as in
    /// PyTorch.
    #[must_use]
    pub fn same(self) -> Window {
        let around = |(&size, &dilation): (&usize, &usize)| {
            let all = size.saturating_sub(1).saturating_mul(dilation);
            (all / 2, all - all / 2)
        };
        Window { padding: self.size.iter().zip(&self.dilation).map(around).collect(), ..self }
    }

    /// How many places it has along each of these axes.
    ///
    /// # Errors
    /// When it has another number of axes, a number is zero, or it is larger than what it slides over.
    pub fn places(&self, spatial: &[usize]) -> Result<Vec<usize>, OpError> {
        let n_axes = self.size.len();
        if n_axes != spatial.len()
            || [self.stride.len(), self.padding.len(), self.dilation.len()] != [n_axes; 3]
        {
            return Err(OpError::WindowAxes { found: spatial.len(), expected: n_axes });
        }
        if self.size.iter().chain(&self.stride).chain(&self.dilation).any(|&n| n == 0) {
            return Err(OpError::EmptyWindow);
        }
        (0..n_axes).map(|axis| self.places_along(axis, spatial[axis])).collect()
    }

    fn places_along(&self, axis: usize, length: usize) -> Result<usize, OpError> {
        let (before, after) = self.padding[axis];
        let (stride, wide) = (self.stride[axis], length.saturating_add(before).saturating_add(after));
        let reach = (self.size[axis] - 1).saturating_mul(self.dilation[axis]).saturating_add(1);
        let Some(room) = wide.checked_sub(reach) else {
            return Err(OpError::WindowTooLarge { reach, length: wide });
        };
        let n_whole = room / stride + 1;
        // A partial place counts if it begins before the padding at the end.
        let begins_inside = n_whole * stride < length + before;
        Ok(n_whole + usize::from(self.is_partial && room % stride != 0 && begins_inside))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_pytorch() {
        assert_eq!(Window::of([5, 5]).places(&[28, 28]).unwrap(), [24, 24]);
        assert_eq!(Window::of([3, 3]).strided(2).padded(1).places(&[224, 224]).unwrap(), [112, 112]);
        assert_eq!(Window::of([7, 7]).strided(2).padded(3).places(&[224, 224]).unwrap(), [112, 112]);
        assert_eq!(Window::of([4]).same().places(&[10]).unwrap(), [10]);
        let partial = Window { is_partial: true, ..Window::of([2]).strided(2) };
        assert_eq!(partial.places(&[5]).unwrap(), [3]);
        assert_eq!(Window::of([2]).strided(2).places(&[5]).unwrap(), [2]);
        // nn.MaxPool1d(2, 3, padding=1, ceil_mode=True) on 4 values: the third place would begin within the padding.
        let in_padding = Window { is_partial: true, ..Window::of([2]).strided(3).padded(1) };
        assert_eq!(in_padding.places(&[4]).unwrap(), [2]);
        let dilated = Window { dilation: vec![2], ..Window::of([3]) };
        assert_eq!(dilated.places(&[10]).unwrap(), [6]);
    }

    #[test]
    fn what_does_not_fit_says_so() {
        let wrong = |window: Window, spatial: &[usize]| window.places(spatial).unwrap_err().to_string();
        assert!(wrong(Window::of([5, 5]), &[28]).contains("2 axes"));
        assert!(wrong(Window::of([0]), &[28]).contains("at least 1"));
        assert!(wrong(Window::of([29]), &[28]).contains("29"));
        assert!(wrong(Window::of([usize::MAX]), &[28]).contains("28"));
    }
}
