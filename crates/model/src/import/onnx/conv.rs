//! Filters and pools.

use super::attributes::{Call, size};
use super::taken::floats;
use super::translation::Translation;
use super::value::{Computed, Value};
use super::wrong::{Outcome, bad};
use crate::graph::{Arrange, Op, TensorOp, Window};

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
    let mut more = axes(call, "output_padding", n_axes, 0)?;
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
            let (cut, missing) = (whole.saturating_sub(wanted), wanted.saturating_sub(whole));
            more[axis] += missing;
            if MAX_REACH < more[axis] {
                return bad("has an output_shape that no padding gives");
            }
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
    pool(cx, call, x, window, |window| Op::MaxPool { window })
}

pub fn average_pool(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let x = cx.computed(call.input(0)?)?;
    let window = window(cx, call, x, None)?;
    if window.dilation.iter().any(|&n| n != 1) {
        return bad("has a dilation; averages of neighbours are computed");
    }
    let counts_padding = call.flag("count_include_pad", false);
    pool(cx, call, x, window, |window| Op::AveragePool { window, counts_padding })
}

/// A pool over one or two axes; over three it is one over the last two and then one over the first.
fn pool(
    cx: &mut Translation,
    call: &Call<'_>,
    x: Computed,
    window: Window,
    op: impl Fn(Window) -> Op,
) -> Outcome<Vec<Value>> {
    if window.size.len() < 3 {
        return cx.layer(call, op(window), x, Vec::new());
    }
    let reshape = |shape: Vec<usize>| Op::Tensor(TensorOp::Arrange(Arrange::Reshape { shape }));
    let of = |axes: std::ops::Range<usize>| Window {
        size: window.size[axes.clone()].to_vec(),
        stride: window.stride[axes.clone()].to_vec(),
        padding: window.padding[axes.clone()].to_vec(),
        dilation: window.dilation[axes].to_vec(),
        is_partial: window.is_partial,
    };
    let shape = cx.of_sample(x).to_vec();
    let [before @ .., depth, height, width] = &shape[..] else { return bad("takes [channels, ...]") };
    let n = before.iter().product::<usize>();
    let planes =
        cx.step(call, "planes", reshape(vec![n.saturating_mul(*depth), *height, *width]), &[x.id])?;
    let planes = cx.step(call, "pooled_planes", op(of(1..3)), &[planes])?;
    let [_, rows, columns] = cx.of_sample(Computed { id: planes, ..x })[..] else {
        return bad("takes planes");
    };
    let deep = cx.step(call, "deep", reshape(vec![n, *depth, rows * columns]), &[planes])?;
    let first = of(0..1);
    let with_one = |all: Vec<usize>| [all, vec![1]].concat();
    let along = Window {
        size: with_one(first.size),
        stride: with_one(first.stride),
        padding: [first.padding, vec![(0, 0)]].concat(),
        dilation: with_one(first.dilation),
        is_partial: window.is_partial,
    };
    let pooled = cx.step(call, "pooled", op(along), &[deep])?;
    let n_deep = cx.of_sample(Computed { id: pooled, ..x })[1];
    cx.node(call, reshape([before, &[n_deep, rows, columns]].concat()), &[pooled], x)
}

fn with_bias(
    weight: ndarray::ArrayD<f32>,
    bias: Option<ndarray::ArrayD<f32>>,
) -> Vec<(&'static str, ndarray::ArrayD<f32>)> {
    [("weight", weight)].into_iter().chain(bias.map(|bias| ("bias", bias))).collect()
}

/// Refuses weights of other shapes than the op has, before they are laid down.
fn check(cx: &Translation, op: &Op, x: Computed, weight: &[usize], bias: Option<&[usize]>) -> Outcome<()> {
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
    let most = if weight.is_some() { 2 } else { 3 };
    if !(1..=most).contains(&n_axes) {
        return bad(format!("slides over {n_axes} axes; 1 to {most} are computed"));
    }
    if weight.is_some_and(|weight| weight.len() != n_axes + 2 || weight.contains(&0)) {
        return bad(format!(
            "has weights of shape {:?} on samples of shape {shape:?}",
            weight.unwrap_or(&[])
        ));
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
