//! Arrays and seconds as fields of findings: in a run folder an array is a `.npy` file of its own, and seconds, which
//! differ from run to run, stand apart from the values.
//!
//! A type of findings derives `Serialize` and `Deserialize` and holds [`Vector`], [`Matrix`] and [`Seconds`] as fields
//! wherever it likes. [`disassemble`] turns it into values with references, arrays and seconds under the names of their
//! paths; [`assemble`] puts it together again.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Deref;

use anyhow::{Context as _, bail};
use ndarray::{Array, ArrayD, ArrayView, Dimension, Ix1, Ix2};
use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::names::slug;
use crate::nan::NanForNull;

/// An array among findings.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved<D: Dimension>(pub Array<f64, D>);

/// A vector among findings.
pub type Vector = Saved<Ix1>;

/// A matrix among findings.
pub type Matrix = Saved<Ix2>;

/// How long something took, among findings.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Seconds(pub f64);

/// Findings taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parts {
    /// Everything but arrays and seconds, with a reference in the place of each.
    pub values: Value,
    /// The arrays by name.
    pub arrays: BTreeMap<String, ArrayD<f64>>,
    /// Seconds by what took them.
    pub seconds: BTreeMap<String, f64>,
}

/// The key of a reference to an array; no findings have a field of that name.
const ARRAY: &str = "$array";
/// The key of a reference to seconds.
const SECONDS: &str = "$seconds";

impl<D: Dimension> Saved<D> {
    /// The array of these numbers, in double precision.
    pub fn of<T: Copy + Into<f64>>(array: ArrayView<'_, T, D>) -> Saved<D> {
        Saved(array.mapv(Into::into))
    }
}

impl<D: Dimension> Deref for Saved<D> {
    type Target = Array<f64, D>;

    fn deref(&self) -> &Array<f64, D> {
        &self.0
    }
}

impl Vector {
    /// Whole numbers as a vector: labels, positions, counts.
    pub fn of_counts(counts: &[usize]) -> Vector {
        Saved(counts.iter().map(|&count| count as f64).collect())
    }

    /// The whole numbers of such a vector.
    pub fn counts(&self) -> Vec<usize> {
        self.iter().map(|&count| count as usize).collect()
    }
}

impl FromIterator<f64> for Vector {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Vector {
        Saved(values.into_iter().collect())
    }
}

/// What a reference stands for while findings are taken apart or put together.
#[derive(Default)]
struct Shelf {
    arrays: Vec<ArrayD<f64>>,
    seconds: Vec<f64>,
}

thread_local! {
    /// serde hands no context to a field: this is it, for the thread that serialises.
    static SHELF: RefCell<Option<Shelf>> = const { RefCell::new(None) };
}

/// Runs `work` with a shelf, and returns what is on it then; the thread's shelf is empty again afterwards, even if the
/// work panics.
fn with_shelf<R>(shelf: Shelf, work: impl FnOnce() -> R) -> (R, Shelf) {
    struct Clear;
    impl Drop for Clear {
        fn drop(&mut self) {
            SHELF.take();
        }
    }
    let _clear = Clear;
    SHELF.set(Some(shelf));
    let result = work();
    (result, SHELF.take().unwrap_or_default())
}

fn put<T>(value: T, side: fn(&mut Shelf) -> &mut Vec<T>) -> Option<usize> {
    SHELF.with_borrow_mut(|shelf| {
        let side = side(shelf.as_mut()?);
        side.push(value);
        Some(side.len() - 1)
    })
}

fn take<T: Clone>(place: usize, side: fn(&mut Shelf) -> &mut Vec<T>) -> Option<T> {
    SHELF.with_borrow_mut(|shelf| side(shelf.as_mut()?).get(place).cloned())
}

impl<D: Dimension> Serialize for Saved<D> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let place = put(self.0.clone().into_dyn(), |shelf| &mut shelf.arrays);
        let place =
            place.ok_or_else(|| S::Error::custom("arrays of findings are written by a run folder"))?;
        BTreeMap::from([(ARRAY, place)]).serialize(to)
    }
}

impl<'de, D: Dimension> Deserialize<'de> for Saved<D> {
    fn deserialize<F: Deserializer<'de>>(from: F) -> Result<Saved<D>, F::Error> {
        let place = BTreeMap::<String, usize>::deserialize(from)?.get(ARRAY).copied();
        let array = place.and_then(|place| take(place, |shelf| &mut shelf.arrays));
        let array = array.ok_or_else(|| F::Error::custom("an array is missing"))?;
        array.into_dimensionality().map(Saved).map_err(F::Error::custom)
    }
}

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let place = put(self.0, |shelf| &mut shelf.seconds);
        let place =
            place.ok_or_else(|| S::Error::custom("seconds of findings are written by a run folder"))?;
        BTreeMap::from([(SECONDS, place)]).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<F: Deserializer<'de>>(from: F) -> Result<Seconds, F::Error> {
        let place = BTreeMap::<String, usize>::deserialize(from)?.get(SECONDS).copied();
        let seconds = place.and_then(|place| take(place, |shelf| &mut shelf.seconds));
        seconds.map(Seconds).ok_or_else(|| F::Error::custom("seconds are missing"))
    }
}

/// Takes findings apart.
///
/// # Errors
/// What serde says, as of a map whose keys are no strings.
pub fn disassemble(findings: &impl Serialize) -> anyhow::Result<Parts> {
    let (values, mut shelf) = with_shelf(Shelf::default(), || serde_json::to_value(findings));
    let mut values = values.context("findings cannot be written")?;
    let mut parts = Parts::default();
    name_all(&mut values, "", &mut shelf, &mut parts)?;
    parts.values = values;
    Ok(parts)
}

/// Puts findings together again.
///
/// # Errors
/// When they are of another type, or an array is missing.
pub fn assemble<F: DeserializeOwned>(
    values: &Value,
    arrays: &BTreeMap<String, ArrayD<f64>>,
    seconds: &BTreeMap<String, f64>,
) -> anyhow::Result<F> {
    let mut values = values.clone();
    let mut shelf = Shelf::default();
    fetch_all(&mut values, arrays, seconds, &mut shelf)?;
    with_shelf(shelf, || F::deserialize(NanForNull(values))).0.context("findings of another kind")
}

/// The one entry of a reference.
fn reference(value: &mut Value) -> Option<(&'static str, &mut Value)> {
    let fields = value.as_object_mut().filter(|fields| fields.len() == 1)?;
    let key = [ARRAY, SECONDS].into_iter().find(|key| fields.contains_key(*key))?;
    Some((key, fields.get_mut(key)?))
}

/// Gives every reference a name, that of its path, and moves what it stands for under it.
fn name_all(value: &mut Value, path: &str, shelf: &mut Shelf, parts: &mut Parts) -> anyhow::Result<()> {
    if let Some((key, slot)) = reference(value) {
        let place = slot.as_u64().context("a reference is a number")? as usize;
        let name = if key == ARRAY {
            let name = free_name(path, |name| !parts.arrays.contains_key(name));
            parts.arrays.insert(name.clone(), std::mem::take(&mut shelf.arrays[place]));
            name
        } else {
            let name = free_name(path, |name| !parts.seconds.contains_key(name));
            parts.seconds.insert(name.clone(), shelf.seconds[place]);
            name
        };
        *slot = Value::String(name);
        return Ok(());
    }
    let below = |name: &str| if path.is_empty() { name.to_string() } else { format!("{path}_{name}") };
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                name_all(inner, &below(&slug(name)), shelf, parts)?;
            }
        }
        Value::Array(items) => {
            for (i, inner) in items.iter_mut().enumerate() {
                name_all(inner, &below(&i.to_string()), shelf, parts)?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// The name itself, or with the first number that makes it free: two paths may be spelled alike.
fn free_name(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|k| format!("{name}-{k}"));
    std::iter::once(name.to_string()).chain(numbered).find(|name| is_free(name)).unwrap_or_default()
}

/// The reverse of [`name_all`]: numbers in the place of names.
fn fetch_all(
    value: &mut Value,
    arrays: &BTreeMap<String, ArrayD<f64>>,
    seconds: &BTreeMap<String, f64>,
    shelf: &mut Shelf,
) -> anyhow::Result<()> {
    if let Some((key, slot)) = reference(value) {
        let name = slot.as_str().context("a reference is a name")?;
        let place = if key == ARRAY {
            let Some(array) = arrays.get(name) else { bail!("no array {name}") };
            shelf.arrays.push(array.clone());
            shelf.arrays.len() - 1
        } else {
            shelf.seconds.push(seconds.get(name).copied().unwrap_or(f64::NAN));
            shelf.seconds.len() - 1
        };
        *slot = place.into();
        return Ok(());
    }
    let fetch = |inner: &mut Value| fetch_all(inner, arrays, seconds, shelf);
    match value {
        Value::Object(fields) => fields.values_mut().try_for_each(fetch),
        Value::Array(items) => items.iter_mut().try_for_each(fetch),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn assemble<F: DeserializeOwned>(parts: &Parts) -> anyhow::Result<F> {
        super::assemble(&parts.values, &parts.arrays, &parts.seconds)
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Layer {
        name: String,
        means: Matrix,
    }

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Found {
        layers: BTreeMap<String, Layer>,
        curves: Vec<Vector>,
        share: f64,
        training: Seconds,
    }

    fn found() -> Found {
        let layer = Layer { name: "first".into(), means: Saved(array![[1.0, f64::NAN], [3.0, 4.0]]) };
        Found {
            layers: BTreeMap::from([("mlp:2-2".to_string(), layer)]),
            curves: vec![Vector::of_counts(&[1, 2]), [0.5].into_iter().collect()],
            share: 0.25,
            training: Seconds(7.5),
        }
    }

    #[test]
    fn arrays_and_seconds_are_named_by_their_paths_and_leave_references() {
        let parts = disassemble(&found()).unwrap();
        assert_eq!(parts.arrays.keys().collect::<Vec<_>>(), ["curves_0", "curves_1", "layers_mlp-2-2_means"]);
        assert_eq!(parts.seconds, BTreeMap::from([("training".to_string(), 7.5)]));
        assert_eq!(parts.values["layers"]["mlp:2-2"]["means"]["$array"], "layers_mlp-2-2_means");
        assert_eq!(parts.values["share"], 0.25);
    }

    #[test]
    fn what_was_taken_apart_is_put_together_again_to_the_bit() {
        let parts = disassemble(&found()).unwrap();
        let again: Found = assemble(&parts).unwrap();
        assert_eq!(disassemble(&again).unwrap().values, parts.values);
        assert!(again.layers["mlp:2-2"].means[(0, 1)].is_nan());
        assert_eq!((again.curves[0].counts(), again.training), (vec![1, 2], Seconds(7.5)));
    }

    #[test]
    fn paths_that_are_spelled_alike_keep_their_arrays_apart() {
        let both = BTreeMap::from([("a-b", Vector::of_counts(&[1])), ("a:b", Vector::of_counts(&[2]))]);
        let parts = disassemble(&both).unwrap();
        assert_eq!(parts.arrays.keys().collect::<Vec<_>>(), ["a-b", "a-b-2"]);
        let again: BTreeMap<String, Vector> = assemble(&parts).unwrap();
        assert_eq!(again["a:b"].counts(), [2]);
    }

    #[test]
    fn a_missing_array_or_findings_of_another_kind_are_errors() {
        let mut parts = disassemble(&found()).unwrap();
        parts.arrays.remove("curves_1");
        assert!(format!("{:#}", assemble::<Found>(&parts).unwrap_err()).contains("no array curves_1"));
        assert!(assemble::<BTreeMap<String, Vector>>(&disassemble(&found()).unwrap()).is_err());
        assert!(serde_json::to_string(&found()).unwrap_err().to_string().contains("run folder"));
    }
}
