//! Filters and pools.

use super::attributes::{Call, size};
use super::translation::{Translation, floats};
use super::value::{Computed, Value};
use super::wrong::{Outcome, bad};
use crate::graph::{Op, TensorOp, Window};

/// Padding, strides and taps at most along an axis.
const MAX_REACH: usize = 1 << 16;

pub fn conv(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let (x, weight, bias) = (cx.computed(call.input(0)?)?, call.input(1)?, call.optional(2));
    let weight = floats(weight, "weights")?;
    let window = window(cx, call, x, Some(weight.shape()))?;
    let groups = size("group", call.int("group").unwrap_or(1))?;
    let n_filters = weight.shape()[0];
    let bias = bias.map(|bias| floats(bias, "bias")).transpose()?;
    let op = Op::Conv { n_filters, window, groups, has_bias: bias.is_some() };
    check(cx, &op, x, weight.shape(), bias.as_ref().map(ndarray::ArrayD::shape))?;
    cx.layer(call, op, x, with_bias(weight, bias))
}

pub fn conv_transpose(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let (x, weight, bias) = (cx.computed(call.input(0)?)?, call.input(1)?, call.optional(2));
    let weight = floats(weight, "weights")?;
    let mut window = window(cx, call, x, Some(weight.shape()))?;
    let n_axes = window.size.len();
    let groups = size("group", call.int("group").unwrap_or(1))?;
    let n_filters = weight.shape().get(1).map_or(0, |n| n.saturating_mul(groups));
    let more = axes(call, "output_padding", n_axes, 0)?;
    if call.ints("output_shape").is_some_and(|shape| !shape.is_empty()) || is_same(call) {
        // The padding follows from the shape that is asked for.
        let given = call.ints("output_shape").filter(|shape| !shape.is_empty());
        let places = cx.of_sample(x)[usize::from(!x.is_batched)..][1..].to_vec();
        for (axis, place) in places.iter().enumerate() {
            let reach = (window.size[axis] - 1) * window.dilation[axis] + 1;
            let whole = (place - 1) * window.stride[axis] + reach + more[axis];
            let wanted = match given {
                Some(shape) if shape.len() == n_axes => size("output_shape", shape[axis])?,
                Some(_) => return bad("has an output_shape of another number of axes"),
                None => place * window.stride[axis],
            };
            let cut = whole.saturating_sub(wanted);
            let is_lower = call.text("auto_pad") != Some("SAME_UPPER");
            let less = cut / 2;
            window.padding[axis] = if is_lower { (cut - less, less) } else { (less, cut - less) };
        }
    }
    let bias = bias.map(|bias| floats(bias, "bias")).transpose()?;
    let op = TensorOp::ConvTranspose { n_filters, window, groups, more, has_bias: bias.is_some() };
    let op = Op::Tensor(op);
    check(cx, &op, x, weight.shape(), bias.as_ref().map(ndarray::ArrayD::shape))?;
    cx.layer(call, op, x, with_bias(weight, bias))
}

pub fn max_pool(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    call.gives_one()?;
    let x = cx.computed(call.input(0)?)?;
    let window = window(cx, call, x, None)?;
    cx.layer(call, Op::MaxPool { window }, x, Vec::new())
}

pub fn average_pool(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let x = cx.computed(call.input(0)?)?;
    let window = window(cx, call, x, None)?;
    if window.dilation.iter().any(|&n| n != 1) {
        return bad("has a dilation; averages of neighbours are computed");
    }
    let counts_padding = call.flag("count_include_pad", false);
    cx.layer(call, Op::AveragePool { window, counts_padding }, x, Vec::new())
}

fn with_bias(
    weight: ndarray::ArrayD<f32>,
    bias: Option<ndarray::ArrayD<f32>>,
) -> Vec<(&'static str, ndarray::ArrayD<f32>)> {
    [("weight", weight)].into_iter().chain(bias.map(|bias| ("bias", bias))).collect()
}

/// Refuses weights of other shapes than the op has, before they are laid down.
fn check(
    cx: &Translation,
    op: &Op,
    x: Computed,
    weight: &[usize],
    bias: Option<&[usize]>,
) -> Outcome<()> {
    let shape = &cx.of_sample(x)[usize::from(!x.is_batched)..];
    op.shape(&[shape]).map_err(|reason| super::wrong::Wrong::Bad(reason.to_string()))?;
    let expected = op.parameters(&[shape]);
    for (parameter, found) in expected.iter().zip([Some(weight), bias]) {
        if let Some(found) = found.filter(|&found| found != parameter.shape) {
            return bad(format!("has a {} of shape {found:?}, not {:?}", parameter.name, parameter.shape));
        }
    }
    Ok(())
}

fn is_same(call: &Call<'_>) -> bool {
    call.text("auto_pad").is_some_and(|text| text.starts_with("SAME"))
}

/// The window that a call's attributes state, over the axes after samples and channels.
fn window(cx: &Translation, call: &Call<'_>, x: Computed, weight: Option<&[usize]>) -> Outcome<Window> {
    let shape = cx.of_sample(x);
    let Some([_, places @ ..]) = shape.get(usize::from(!x.is_batched)..) else {
        return bad(format!("takes [samples, channels, ...], not an array of {} axes", shape.len()));
    };
    let n_axes = places.len();
    if !(1..=2).contains(&n_axes) {
        return bad(format!("slides over {n_axes} axes; windows over one or two are computed"));
    }
    if weight.is_some_and(|weight| weight.len() != n_axes + 2 || weight.contains(&0)) {
        return bad(format!("has weights of shape {:?} on samples of shape {shape:?}", weight.unwrap_or(&[])));
    }
    let of_weight = weight.map(|weight| weight[2..].to_vec());
    let of_call = call.ints("kernel_shape").map(|_| axes(call, "kernel_shape", n_axes, 1)).transpose()?;
    let sizes = match (of_weight, of_call) {
        (Some(weight), Some(call)) if weight != call => {
            return bad(format!("has a kernel_shape of {call:?} and weights of {weight:?}"));
        }
        (Some(sizes), _) | (None, Some(sizes)) => sizes,
        (None, None) => return bad("has no kernel_shape"),
    };
    let mut window = Window {
        stride: axes(call, "strides", n_axes, 1)?,
        dilation: axes(call, "dilations", n_axes, 1)?,
        is_partial: call.flag("ceil_mode", false),
        ..Window::of(sizes)
    };
    let all = window.size.iter().chain(&window.stride).chain(&window.dilation);
    if all.clone().any(|n| !(1..=MAX_REACH).contains(n)) {
        return bad("has a window, a stride or a dilation that no network has");
    }
    match call.text("auto_pad").unwrap_or("NOTSET") {
        "NOTSET" => {
            let pads = axes(call, "pads", 2 * n_axes, 0)?;
            window.padding = (0..n_axes).map(|axis| (pads[axis], pads[n_axes + axis])).collect();
        }
        "VALID" => {}
        same @ ("SAME_UPPER" | "SAME_LOWER") => {
            for (axis, &length) in places.iter().enumerate() {
                let reach = (window.size[axis] - 1) * window.dilation[axis] + 1;
                let n_places = length.div_ceil(window.stride[axis]);
                let all = ((n_places - 1) * window.stride[axis] + reach).saturating_sub(length);
                let less = all / 2;
                window.padding[axis] =
                    if same == "SAME_UPPER" { (less, all - less) } else { (all - less, less) };
            }
        }
        other => return bad(format!("pads by `{}`, which is not known", other.escape_debug())),
    }
    Ok(window)
}

/// A size for each axis, or the same for all.
fn axes(call: &Call<'_>, name: &str, n: usize, default: usize) -> Outcome<Vec<usize>> {
    match call.ints(name) {
        None | Some([]) => Ok(vec![default; n]),
        Some(values) if values.len() == n => {
            let sizes: Outcome<Vec<usize>> = values.iter().map(|&value| size(name, value)).collect();
            match sizes?.into_iter().map(|n| (n <= MAX_REACH).then_some(n)).collect() {
                Some(sizes) => Ok(sizes),
                None => bad(format!("has {name} of more than {MAX_REACH}")),
            }
        }
        Some(values) => bad(format!("has {} {name}, not {n}", values.len())),
    }
}
