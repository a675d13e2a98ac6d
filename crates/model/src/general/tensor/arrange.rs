//! Values moved, cut, repeated or laid beside each other.

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::stretch::{N_AXES, stretched};
use crate::general::value::{Value, of_all, one};
use crate::graph::{Arrange, PadMode, blocks};

pub(super) fn forward(arrange: &Arrange, inputs: Vec<Value<'_>>) -> Tensor<2> {
    match arrange {
        Arrange::Reshape { .. } => one(inputs).rows,
        Arrange::Transpose { order } => transpose(one(inputs), order),
        Arrange::Concat { axis } => concat(inputs, *axis),
        Arrange::Slice { axis, start, step, length } => {
            let (x, n) = with_n(one(inputs));
            let along = x.along(*axis);
            let cut = match step {
                1 => along.narrow(1, *start, *length),
                _ => {
                    let places = (0..*length as isize).map(|i| *start as isize + i * step);
                    at_places(along, places)
                }
            };
            flat(cut, n)
        }
        Arrange::Gather { axis, places, .. } => {
            let (x, n) = with_n(one(inputs));
            flat(at_places(x.along(*axis), places.iter().map(|&place| place as isize)), n)
        }
        Arrange::Pad { widths, mode } => pad(one(inputs), widths, *mode),
        Arrange::Expand { shape } => stretched(one(inputs), shape),
    }
}

/// Rows of `data` along an axis, by the whole numbers that `places` holds.
pub(super) fn look_up(data: Value<'_>, places: Value<'_>, axis: usize) -> Tensor<2> {
    let size = data.shape[axis];
    let [n, n_places] = places.rows.dims();
    let (last, device) = (size as f32 - 1.0, places.rows.device());
    let counted = places.rows.detach().trunc();
    let from_end = counted.clone().lower_scalar(0.0).float() * size as f32;
    let places = (counted + from_end).clamp(0.0, last);
    let (data, n_data) = with_n(data);
    let before: usize = data.shape[..axis].iter().product();
    let data = data.along(axis);
    let after = data.dims()[2];
    if n_data == 1 {
        // [before, n · places, after], and the samples to the front.
        let found = data.select(1, places.int().reshape([n * n_places]));
        let found = found.reshape([before, n, n_places * after]).swap_dims(0, 1);
        return found.reshape([n, before * n_places * after]);
    }
    // Every sample has rows of its own, which lie one after another: [n · before · size, after].
    let starts: Vec<f32> = (0..n_data * before).map(|i| (i * size) as f32).collect();
    let starts = Tensor::<1>::from_data(TensorData::new(starts, [n_data * before]), &inner(&device));
    let starts = starts.int().reshape([n_data, before, 1]);
    let places = of_all(places, n_data).int().reshape([n_data, 1, n_places]);
    let all = (starts.expand([n_data, before, n_places]) + places.expand([n_data, before, n_places]))
        .reshape([n_data * before * n_places]);
    data.reshape([n_data * before * size, after]).select(0, all).reshape([n_data, before * n_places * after])
}

fn inner(device: &Device) -> Device {
    device.clone().inner()
}

fn transpose(x: Value<'_>, order: &[usize]) -> Tensor<2> {
    let (sizes, moved) = blocks(x.shape, order);
    let [n, n_units] = x.rows.dims();
    let mut shape = [1; N_AXES];
    let mut axes: [usize; N_AXES] = std::array::from_fn(|axis| axis);
    shape[0] = n;
    for (place, (&size, &from)) in sizes.iter().zip(&moved).enumerate() {
        (shape[1 + place], axes[1 + place]) = (size, 1 + from);
    }
    x.rows.reshape(shape).permute(axes).reshape([n, n_units])
}

fn concat(inputs: Vec<Value<'_>>, axis: usize) -> Tensor<2> {
    let n = inputs.iter().map(|value| value.rows.dims()[0]).max().unwrap_or(1);
    let along = |value: Value<'_>| Value { rows: of_all(value.rows, n), ..value }.along(axis);
    flat(Tensor::cat(inputs.into_iter().map(along).collect(), 1), n)
}

fn pad(x: Value<'_>, widths: &[(isize, isize)], mode: PadMode) -> Tensor<2> {
    let (x, n) = with_n(x);
    let (mut rows, mut shape) = (x.rows, x.shape.to_vec());
    for (axis, &(before, after)) in widths.iter().enumerate() {
        if (before, after) == (0, 0) {
            continue;
        }
        let size = shape[axis] as isize;
        let along = Value { rows, shape: &shape }.along(axis);
        let inside = |place: isize| (0..size).contains(&place);
        let padded = match mode {
            PadMode::Constant(value) => around(along, before, after, value),
            PadMode::Reflect => {
                let mirrored = |place: isize| match place {
                    place if inside(place) => place,
                    place if place < 0 => -place,
                    place => 2 * (size - 1) - place,
                };
                at_places(along, (-before..size + after).map(mirrored))
            }
            PadMode::Edge => at_places(along, (-before..size + after).map(|place| place.clamp(0, size - 1))),
            PadMode::Wrap => at_places(along, (-before..size + after).map(|place| place.rem_euclid(size))),
        };
        shape[axis] = (size + before + after) as usize;
        rows = flat(padded, n);
    }
    rows
}

/// A value before and after the middle axis; below zero as many places are cut off.
fn around(x: Tensor<3>, before: isize, after: isize, value: f32) -> Tensor<3> {
    let [outer, size, inner] = x.dims();
    let (cut_before, cut_after) = ((-before).max(0) as usize, (-after).max(0) as usize);
    let device = x.device();
    let kept = x.narrow(1, cut_before, size - cut_before - cut_after);
    let filled =
        |width: isize| (0 < width).then(|| Tensor::<3>::full([outer, width as usize, inner], value, &device));
    Tensor::cat(filled(before).into_iter().chain([kept]).chain(filled(after)).collect(), 1)
}

fn at_places(x: Tensor<3>, places: impl Iterator<Item = isize>) -> Tensor<3> {
    let places: Vec<i32> = places.map(|place| place as i32).collect();
    let n = places.len();
    let places = Tensor::<1, Int>::from_data(TensorData::new(places, [n]), &inner(&x.device()));
    x.select(1, places)
}

fn with_n(x: Value<'_>) -> (Value<'_>, usize) {
    let n = x.rows.dims()[0];
    (x, n)
}

fn flat(x: Tensor<3>, n: usize) -> Tensor<2> {
    let n_values: usize = x.dims().iter().product();
    x.reshape([n, n_values / n])
}
