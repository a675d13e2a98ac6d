//! Values by their places.

use super::attributes::Call;
use super::translation::{Translation, axis_of, numbers};
use super::value::{Computed, Value};
use super::wrong::{Outcome, bad, mixes};
use crate::graph::{Arrange, Op, TensorOp};

pub fn gather(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let (data, places) = (call.input(0)?.clone(), call.input(1)?.clone());
    let axis = axis_of(call.int("axis").unwrap_or(0), cx.n_axes(&data))?;
    by_places(cx, call, &data, &places, axis)
}

fn by_places(
    cx: &mut Translation,
    call: &Call<'_>,
    data: &Value,
    places: &Value,
    axis: usize,
) -> Outcome<Vec<Value>> {
    let x = cx.computed(data)?;
    if let Value::Known(constant) = places {
        let axis = cx.axis(x, axis as i64)?;
        let size = cx.of_sample(x)[axis];
        let shape = constant.array.shape().to_vec();
        let place = |place: i64| {
            let counted = if place < 0 { place.saturating_add(size as i64) } else { place };
            usize::try_from(counted).ok().filter(|&place| place < size)
        };
        let Some(places) = numbers(places)?.into_iter().map(place).collect::<Option<Vec<usize>>>() else {
            return bad(format!("takes places beyond an axis of {size} values"));
        };
        cx.spend(places.len())?;
        let op = Op::Tensor(TensorOp::Arrange(Arrange::Gather { axis, places, shape }));
        return cx.node(call, op, &[x.id], x);
    }
    let places = cx.computed(places)?;
    let is_batched = places.is_batched;
    if x.is_batched || (is_batched && axis != 0) {
        return mixes("takes places of one sample in another");
    }
    let op = Op::Tensor(TensorOp::Lookup { axis });
    cx.node(call, op, &[x.id, places.id], Computed { is_batched, ..x })
}

/// Columns by their places, of scikit-learn's classifiers the class by its place. The file's result has the samples
/// along its last axis, `[1, N]`; here they stay in front, `[N, 1]`.
pub fn features(cx: &mut Translation, call: &Call<'_>) -> Outcome<Vec<Value>> {
    let (data, places) = (call.input(0)?.clone(), call.input(1)?.clone());
    let n_axes = cx.n_axes(&data);
    if n_axes == 0 {
        return bad("takes columns of a single value");
    }
    by_places(cx, call, &data, &places, n_axes - 1)
}
