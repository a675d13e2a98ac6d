//! Which of the arrays of a file are the inputs, the labels and the masks of which set.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::DataError;
use crate::read::shown::{listed, shown};

/// What arrays are called in a file of several; where nothing is said, they are found by their usual names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArrayNames {
    /// The inputs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inputs: Option<String>,
    /// The labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
    /// The masks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masks: Option<String>,
}

/// The names of the arrays of one set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub inputs: String,
    pub labels: Option<String>,
    pub masks: Option<String>,
}

const INPUTS: [&str; 8] = ["inputs", "x", "X", "data", "images", "features", "signals", "arr_0"];
const LABELS: [&str; 8] = ["labels", "y", "Y", "targets", "label", "target", "classes", "arr_1"];
const MASKS: [&str; 2] = ["masks", "mask"];
/// What follows the name of an array of a set, for training, validation and test.
const SETS: [&[&str]; 3] = [&["_train"], &["_validation", "_valid", "_val"], &["_test"]];

/// The arrays of training, validation and test among those of a file; a file of one array that has no name has no
/// names. Labels are looked for where they `are_within`.
pub fn choose(
    path: &Path,
    names: &[String],
    given: &ArrayNames,
    are_within: bool,
) -> Result<[Option<Chosen>; 3], DataError> {
    if names.is_empty() {
        let named = [&given.inputs, &given.labels, &given.masks].into_iter().flatten().next();
        if let Some(name) = named {
            let wrong =
                format!("holds a single array without a name, and none that is called {}", shown(name));
            return Err(DataError::bad(path, wrong));
        }
        let chosen = Chosen { inputs: String::new(), labels: None, masks: None };
        return Ok([Some(chosen), None, None]);
    }
    let of_set = |endings: &[&str]| -> Option<Chosen> {
        let find = |usual: &[&str]| {
            let mut wanted =
                endings.iter().flat_map(|ending| usual.iter().map(move |name| format!("{name}{ending}")));
            wanted.find(|name| names.contains(name))
        };
        let labels = find(&LABELS).filter(|_| are_within);
        Some(Chosen { inputs: find(&INPUTS)?, labels, masks: find(&MASKS) })
    };
    if given.inputs.is_none()
        && let [Some(train), validation, test] = SETS.map(of_set)
    {
        return Ok([Some(train), validation, test]);
    }
    let whole = of_set(&[""]);
    let found = |part: fn(&Chosen) -> Option<String>| whole.as_ref().and_then(part);
    let only = match names {
        [only] => Some(only.clone()),
        _ => None,
    };
    let inputs = given.inputs.clone().or_else(|| found(|c| Some(c.inputs.clone()))).or(only);
    let Some(inputs) = inputs else {
        let wrong =
            format!("which of its arrays {} are the inputs? Name them, or call them `inputs`", listed(names));
        return Err(DataError::bad(path, wrong));
    };
    let usual =
        |all: &[&str]| all.iter().find(|name| names.iter().any(|n| n == *name)).map(|name| name.to_string());
    let labels = given.labels.clone().or_else(|| usual(&LABELS)).filter(|name| are_within && *name != inputs);
    let masks = given.masks.clone().or_else(|| usual(&MASKS)).filter(|name| *name != inputs);
    Ok([Some(Chosen { inputs, labels, masks }), None, None])
}

/// The name of the one array of a file of labels.
pub fn only(path: &Path, names: &[String]) -> Result<String, DataError> {
    let usual = || LABELS.iter().find(|name| names.iter().any(|n| n == *name));
    match names {
        [] => Ok(String::new()),
        [only] => Ok(only.clone()),
        _ => usual().map(|name| name.to_string()).ok_or_else(|| {
            DataError::bad(
                path,
                format!("which of its arrays {} are the labels? Call them `labels`", listed(names)),
            )
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(names: &[&str], given: ArrayNames) -> [Option<Chosen>; 3] {
        let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
        choose(Path::new("file"), &names, &given, true).unwrap()
    }

    fn set(inputs: &str, labels: Option<&str>, masks: Option<&str>) -> Option<Chosen> {
        let [labels, masks] = [labels, masks].map(|name| name.map(String::from));
        Some(Chosen { inputs: inputs.into(), labels, masks })
    }

    #[test]
    fn usual_names_are_found_and_given_ones_come_first() {
        let none = ArrayNames::default;
        assert_eq!(chosen(&["X", "y", "masks"], none()), [set("X", Some("y"), Some("masks")), None, None]);
        assert_eq!(chosen(&["signals2"], none()), [set("signals2", None, None), None, None]);
        let given = ArrayNames { inputs: Some("a".into()), labels: Some("b".into()), masks: None };
        assert_eq!(chosen(&["a", "b", "x", "y"], given), [set("a", Some("b"), None), None, None]);
    }

    #[test]
    fn sets_of_one_file_are_told_by_the_ends_of_their_names() {
        let sets = chosen(&["x_test", "x_train", "y_test", "y_train"], ArrayNames::default());
        assert_eq!(sets, [set("x_train", Some("y_train"), None), None, set("x_test", Some("y_test"), None)]);
    }

    #[test]
    fn arrays_that_could_be_anything_are_asked_about() {
        let names = ["a".to_string(), "b".to_string()];
        let error = choose(Path::new("f.npz"), &names, &ArrayNames::default(), true).unwrap_err().to_string();
        assert_eq!(
            error,
            "f.npz: which of its arrays `a`, `b` are the inputs? Name them, or call them `inputs`"
        );
    }
}
