//! Filters and pools over signals and images, in burn. A signal is an image of one row.

use burn::tensor::Tensor;
use burn::tensor::module::{avg_pool2d, conv_transpose2d, conv2d, max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, ConvTransposeOptions, MaxPoolOptions};

use super::value::Value;
use crate::graph::Window;

/// A window over rows and columns.
struct Plane {
    size: [usize; 2],
    stride: [usize; 2],
    padding: [(usize, usize); 2],
    dilation: [usize; 2],
}

impl Plane {
    fn of(window: &Window) -> Plane {
        Plane {
            size: two(&window.size, 1),
            stride: two(&window.stride, 1),
            padding: two(&window.padding, (0, 0)),
            dilation: two(&window.dilation, 1),
        }
    }
}

/// The value of each axis; a signal has one row.
fn two<T: Copy>(values: &[T], of_row: T) -> [T; 2] {
    match *values {
        [column] => [of_row, column],
        [row, column] => [row, column],
        _ => unreachable!("a window has one or two axes"),
    }
}

/// `z[f, p] = b[f] + Σ_{c, k} w[f, c, k] x[c, p · stride + k]`; weights `[n_filters, channels / groups, kernel…]`.
pub(super) fn conv(
    x: Value<'_>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    window: &Window,
    groups: usize,
) -> Tensor<2> {
    let plane = Plane::of(window);
    let (x, padding) = zeros_around(images(x), plane.padding);
    let options = ConvOptions::new(plane.stride, padding, plane.dilation, groups);
    rows(conv2d(x, weight, bias, options))
}

/// `z[f, p · stride + k] += Σ_c w[c, f, k] x[c, p]`, then the padding cut off.
pub(super) fn conv_transpose(
    x: Value<'_>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    window: &Window,
    groups: usize,
    more: &[usize],
) -> Tensor<2> {
    let plane = Plane::of(window);
    let options = ConvTransposeOptions::new(plane.stride, [0; 2], two(more, 0), plane.dilation, groups);
    let mut z = conv_transpose2d(images(x), weight, bias, options);
    for (axis, (before, after)) in plane.padding.into_iter().enumerate() {
        let size = z.dims()[2 + axis];
        if before + after != 0 {
            z = z.narrow(2 + axis, before, size - before - after);
        }
    }
    rows(z)
}

/// The largest value of each window; what the padding holds is smaller than all.
pub(super) fn max_pool(x: Value<'_>, window: &Window) -> Tensor<2> {
    let Plane { size, stride, padding, dilation } = Plane::of(window);
    let options =
        MaxPoolOptions { kernel_size: size, stride, padding, dilation, ceil_mode: window.is_partial };
    rows(max_pool2d(images(x), options))
}

/// The mean of each window.
pub(super) fn average_pool(x: Value<'_>, window: &Window, counts_padding: bool) -> Tensor<2> {
    let Plane { size, stride, padding, .. } = Plane::of(window);
    let options = AvgPoolOptions {
        kernel_size: size,
        stride,
        padding,
        count_include_pad: counts_padding,
        ceil_mode: window.is_partial,
    };
    rows(avg_pool2d(images(x), options))
}

/// The mean of each channel.
pub(super) fn global_average(x: Value<'_>) -> Tensor<2> {
    let (n, channels) = (x.rows.dims()[0], x.shape[0]);
    let n_places: usize = x.shape[1..].iter().product();
    x.rows.reshape([n, channels, n_places]).mean_dim(2).reshape([n, channels])
}

/// `[n, channels, rows, columns]`.
fn images(Value { rows, shape }: Value<'_>) -> Tensor<4> {
    let n = rows.dims()[0];
    match *shape {
        [channels, length] => rows.reshape([n, channels, 1, length]),
        [channels, height, width] => rows.reshape([n, channels, height, width]),
        _ => unreachable!("the op's rule of shapes admits signals and images alone"),
    }
}

fn rows(images: Tensor<4>) -> Tensor<2> {
    let [n, channels, height, width] = images.dims();
    images.reshape([n, channels * height * width])
}

/// Padding that is the same on both sides is left to the filter. Another is laid down here: with such filters burn 0.22
/// computes wrong gradients on wgpu.
fn zeros_around(x: Tensor<4>, padding: [(usize, usize); 2]) -> (Tensor<4>, [usize; 2]) {
    let mut left = [0; 2];
    let mut x = x;
    for (axis, (before, after)) in padding.into_iter().enumerate() {
        if before == after {
            left[axis] = before;
            continue;
        }
        for (width, is_before) in [(before, true), (after, false)] {
            let mut shape = x.dims();
            shape[2 + axis] = width;
            if 0 < width {
                let zeros = Tensor::zeros(shape, &x.device());
                let parts = if is_before { vec![zeros, x] } else { vec![x, zeros] };
                x = Tensor::cat(parts, 2 + axis);
            }
        }
    }
    (x, left)
}
