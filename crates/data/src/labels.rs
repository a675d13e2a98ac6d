//! Labels as files have them: words, from which classes are made once all sets are read.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

/// Numbers from 0 up to here are taken for the indices of classes.
const MAX_INDEX: usize = 1 << 16;

/// A word for each sample; each different word is kept once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels {
    words: Vec<String>,
    places: HashMap<String, usize>,
    of_samples: Vec<usize>,
}

impl Labels {
    /// The label of one sample more.
    pub fn push(&mut self, word: &str) {
        let place = match self.places.get(word) {
            Some(&place) => place,
            None => {
                self.words.push(word.into());
                self.places.insert(word.into(), self.words.len() - 1);
                self.words.len() - 1
            }
        };
        self.of_samples.push(place);
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        self.of_samples.len()
    }

    /// The different words.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The same under other words: `names[i]` for the word that is the number `i`.
    ///
    /// # Panics
    /// If a word is no index of `names`.
    pub fn renamed(&self, names: &[String]) -> Labels {
        let name = |word: &String| {
            let index: usize = word.parse().unwrap_or_else(|_| panic!("{word} is no index"));
            names[index].clone()
        };
        let words: Vec<String> = self.words.iter().map(name).collect();
        let mut labels = Labels::default();
        self.of_samples.iter().for_each(|&word| labels.push(&words[word]));
        labels
    }

    /// The class of each sample.
    ///
    /// # Panics
    /// If a word is none of `classes`.
    pub fn indices(&self, classes: &[String]) -> Vec<usize> {
        let places: HashMap<&str, usize> = classes.iter().enumerate().map(|(i, c)| (c.as_str(), i)).collect();
        let of_words: Vec<usize> = self.words.iter().map(|word| places[word.as_str()]).collect();
        self.of_samples.iter().map(|&word| of_words[word]).collect()
    }
}

impl<'a> FromIterator<&'a str> for Labels {
    fn from_iter<I: IntoIterator<Item = &'a str>>(words: I) -> Labels {
        let mut labels = Labels::default();
        words.into_iter().for_each(|word| labels.push(word));
        labels
    }
}

/// The classes of these words: each once, numbers in the order of their values and before other words.
pub fn classes_of<'a>(words: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut classes: Vec<String> = words.into_iter().collect::<BTreeSet<_>>().into_iter().cloned().collect();
    classes.sort_by(|a, b| compare(a, b));
    classes
}

/// The same of labels that number the outputs of a network: where 0 is among them, classes that no sample has are
/// classes too, so that class 3 is 3 though there is no 2.
pub fn numbered_classes_of<'a>(words: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let classes = classes_of(words);
    let indices: Option<Vec<usize>> = classes.iter().map(|class| class.parse().ok()).collect();
    match indices.as_deref() {
        Some([0, .., last]) if *last < MAX_INDEX => (0..=*last).map(|class| class.to_string()).collect(),
        _ => classes,
    }
}

fn compare(a: &str, b: &str) -> Ordering {
    let number = |word: &str| word.parse::<f64>().ok();
    match (number(a), number(b)) {
        (Some(x), Some(y)) => x.total_cmp(&y).then_with(|| a.cmp(b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(words: &[&str], classes: fn(&[String]) -> Vec<String>) -> Vec<String> {
        classes(words.iter().copied().collect::<Labels>().words())
    }

    #[test]
    fn classes_are_the_words_in_order_and_numbers_sort_as_numbers() {
        let of = |words: &[&str]| sorted(words, |words| classes_of(words));
        assert_eq!(of(&["b", "a", "b"]), ["a", "b"]);
        assert_eq!(of(&["10", "9", "-1", "x"]), ["-1", "9", "10", "x"]);
    }

    #[test]
    fn numbers_from_zero_are_indices_of_classes_and_others_are_not() {
        let of = |words: &[&str]| sorted(words, |words| numbered_classes_of(words));
        assert_eq!(of(&["3", "0"]), ["0", "1", "2", "3"]);
        assert_eq!(of(&["1", "2"]), ["1", "2"]);
        assert_eq!(of(&["0", "99999999999"]), ["0", "99999999999"]);
        assert_eq!(of(&["0"]), ["0"]);
    }

    #[test]
    fn each_sample_has_the_index_of_its_word() {
        let labels: Labels = ["b", "a", "b"].into_iter().collect();
        assert_eq!(labels.indices(&["a".into(), "b".into()]), [1, 0, 1]);
    }
}
