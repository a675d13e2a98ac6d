//! Names of classes that files know by their numbers alone.

use serde::{Deserialize, Serialize};

use crate::error::DataError;

/// The classes of Fashion-MNIST (Xiao, Rasul, Vollgraf 2017), class 0 first.
const FASHION_MNIST: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

/// Names for numbered classes, the first class first: a list, or `"fashion-mnist"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ClassNames {
    /// These names.
    List(Vec<String>),
    /// Those of a data set that is known by this name.
    Known(KnownNames),
}

/// Data sets whose classes have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownNames {
    /// Ten kinds of clothes.
    FashionMnist,
}

impl ClassNames {
    /// The names that a word of the short form stands for: one of a known set, or several with `/` between them.
    pub(crate) fn of_word(word: &str) -> ClassNames {
        match word {
            "fashion-mnist" => ClassNames::Known(KnownNames::FashionMnist),
            _ => ClassNames::List(word.split('/').map(String::from).collect()),
        }
    }

    /// The names.
    pub(crate) fn names(&self) -> Vec<String> {
        match self {
            ClassNames::List(names) => names.clone(),
            ClassNames::Known(KnownNames::FashionMnist) => FASHION_MNIST.map(String::from).to_vec(),
        }
    }
}

/// Numbered classes under the names that are given, where some are. A set may lack the last classes.
///
/// # Errors
/// Labels that are no indices of those names, and a name that stands twice.
pub fn check_named(classes: &[String], names: &[String]) -> Result<(), DataError> {
    if let Some(twice) = names.iter().enumerate().find(|(i, name)| names[..*i].contains(name)) {
        return Err(DataError::setting(
            "classes",
            twice.1.escape_debug(),
            "each class has a name of its own",
        ));
    }
    let is_index = |class: &String| class.parse::<usize>().is_ok_and(|index| index < names.len());
    match classes.iter().find(|class| !is_index(class)) {
        Some(class) => {
            let right = format!("the label {class} is no index of these {} names, from 0", names.len());
            Err(DataError::setting("classes", names.join(", "), right))
        }
        None => Ok(()),
    }
}
