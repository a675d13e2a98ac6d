//! Whether what a study finds agrees with what its paper says of a figure or table: counted over the seeds at hand.
//!
//! `agreement("3.19").so("all weights have one sign", &per_seed, "…numbers…").because("…")`: a statement is cut into
//! parts that are each so or not so in a seed; how the whole stands follows from the counts by one rule.

use serde::{Deserialize, Serialize};

use crate::names::{figure_label, is_part_of};

/// A figure or table of the paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exhibit {
    /// A figure by its name, as in `3.19`.
    Figure(String),
    /// A table by its name, as in `3.4`.
    Table(String),
}

/// How our finding stands to the paper's statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stands {
    /// Every part of it is so in every seed.
    Agrees,
    /// Some of it is so, or in some seeds.
    Partly,
    /// No part of it is so in more than half of the seeds.
    Differs,
}

/// A statement of the paper beside what was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// What the statement is about.
    pub exhibit: Exhibit,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Why it is not so, where it is not and something can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A part of a statement, which is so or not so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The part in our words: `all weights have one sign`.
    pub statement: String,
    /// In how many seeds it is so.
    pub n_so: usize,
    /// In how many it was looked at; 0 where no seed is involved.
    pub n_seeds: usize,
    /// Whether it is so where no seed is involved.
    pub is_so: bool,
    /// The numbers that say so.
    pub numbers: String,
}

/// The agreement on a figure, without parts yet.
pub fn agreement(figure: &str) -> Agreement {
    Agreement { exhibit: Exhibit::Figure(figure.into()), parts: Vec::new(), why: None }
}

/// The agreement on a table, without parts yet.
pub fn table_agreement(table: &str) -> Agreement {
    Agreement { exhibit: Exhibit::Table(table.into()), ..agreement("") }
}

impl Agreement {
    /// A part that is so in some seeds and not in others, with the numbers that say so.
    #[must_use]
    pub fn so(mut self, statement: &str, per_seed: &[bool], numbers: impl Into<String>) -> Agreement {
        let n_so = per_seed.iter().filter(|&&so| so).count();
        self.parts.push(Part {
            statement: statement.into(),
            n_so,
            n_seeds: per_seed.len(),
            is_so: !per_seed.is_empty() && n_so == per_seed.len(),
            numbers: numbers.into(),
        });
        self
    }

    /// A part that no seed decides: of a formula, a filter made by hand, a simulation of many repeats.
    #[must_use]
    pub fn is(mut self, statement: &str, is_so: bool, numbers: impl Into<String>) -> Agreement {
        self.parts.push(Part {
            statement: statement.into(),
            n_so: 0,
            n_seeds: 0,
            is_so,
            numbers: numbers.into(),
        });
        self
    }

    /// Says why it is not so; left out where everything is.
    #[must_use]
    pub fn because(mut self, why: &str) -> Agreement {
        self.why = (self.stands() != Stands::Agrees).then(|| why.to_string());
        self
    }

    /// The same of as many reasons as there are.
    #[must_use]
    pub fn because_of(self, reasons: impl IntoIterator<Item = String>) -> Agreement {
        let reasons: Vec<String> = reasons.into_iter().collect();
        if reasons.is_empty() { self } else { self.because(&reasons.join("; ")) }
    }

    /// How the whole stands.
    pub fn stands(&self) -> Stands {
        let all = |is: fn(&Part) -> bool| !self.parts.is_empty() && self.parts.iter().all(is);
        if all(|part| part.is_so) {
            Stands::Agrees
        } else if all(Part::is_rather_not) {
            Stands::Differs
        } else {
            Stands::Partly
        }
    }
}

impl Part {
    /// How this part stands.
    pub fn stands(&self) -> Stands {
        match self.is_so {
            true => Stands::Agrees,
            false if self.is_rather_not() => Stands::Differs,
            false => Stands::Partly,
        }
    }

    /// Not so in more than half of the seeds.
    fn is_rather_not(&self) -> bool {
        if self.n_seeds == 0 { !self.is_so } else { 2 * self.n_so <= self.n_seeds }
    }

    /// In one sentence: `all weights have one sign: in 3 of 10 seeds (…)`.
    pub fn words(&self) -> String {
        let count = match (self.n_seeds, self.is_so) {
            (0, true) => "so".to_string(),
            (0 | 1, false) => "not so".to_string(),
            (1, true) => "so with one seed".to_string(),
            (n, true) => format!("in all {n} seeds"),
            (n, false) if self.n_so == 0 => format!("in none of {n} seeds"),
            (n, false) => format!("in {} of {n} seeds", self.n_so),
        };
        let numbers = if self.numbers.is_empty() { String::new() } else { format!(" ({})", self.numbers) };
        format!("{}: {count}{numbers}", self.statement)
    }
}

impl Stands {
    /// As on the page.
    pub fn word(self) -> &'static str {
        match self {
            Stands::Agrees => "agrees",
            Stands::Partly => "agrees in part",
            Stands::Differs => "differs",
        }
    }
}

impl Exhibit {
    /// `Figure 3.19`, `Our figure 5 fooling`, `Table 3.4`.
    pub fn label(&self) -> String {
        match self {
            Exhibit::Figure(name) => figure_label(name),
            Exhibit::Table(name) => format!("Table {name}"),
        }
    }
}

/// The agreement on a figure: by its own name, else by the longest one that it is a part or variant of.
pub fn of_figure<'a>(agreements: &'a [Agreement], name: &str) -> Option<&'a Agreement> {
    let key = |agreement: &'a Agreement| match &agreement.exhibit {
        Exhibit::Figure(key) if is_part_of(name, key) => Some((key.len(), agreement)),
        _ => None,
    };
    agreements.iter().filter_map(key).max_by_key(|(length, _)| *length).map(|(_, agreement)| agreement)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_agrees_where_every_part_is_so_in_every_seed_and_differs_where_none_is_in_most() {
        let of = |first: &[bool], second: &[bool]| agreement("1").so("a", first, "").so("b", second, "");
        assert_eq!(of(&[true, true], &[true]).stands(), Stands::Agrees);
        assert_eq!(of(&[true, true, false], &[true]).stands(), Stands::Partly);
        assert_eq!(of(&[true, false], &[false]).stands(), Stands::Differs);
        assert_eq!(of(&[true, true], &[false]).stands(), Stands::Partly);
        assert_eq!(agreement("1").is("a", true, "").stands(), Stands::Agrees);
        assert_eq!(agreement("1").so("a", &[], "").stands(), Stands::Differs, "nothing shows it");
    }

    #[test]
    fn a_part_says_in_how_many_seeds_it_is_so() {
        let words =
            |per_seed: &[bool], numbers: &str| agreement("1").so("a", per_seed, numbers).parts[0].words();
        assert_eq!(words(&[true, false, true], "0.2 to 0.4"), "a: in 2 of 3 seeds (0.2 to 0.4)");
        assert_eq!(words(&[true; 5], ""), "a: in all 5 seeds");
        assert_eq!(words(&[false; 5], ""), "a: in none of 5 seeds");
        assert_eq!([words(&[true], ""), words(&[false], "")], ["a: so with one seed", "a: not so"]);
        assert_eq!(agreement("1").is("b", true, "").parts[0].words(), "b: so");
    }

    #[test]
    fn a_reason_stands_only_where_something_differs() {
        assert_eq!(agreement("1").is("a", true, "").because("x").why, None);
        let differs = || agreement("1").is("a", false, "");
        assert_eq!(differs().because("x").why.as_deref(), Some("x"));
        assert_eq!(differs().because_of(["x".into(), "y".into()]).why.as_deref(), Some("x; y"));
        assert_eq!(differs().because_of(None).why, None);
    }

    #[test]
    fn parts_and_variants_of_a_figure_share_its_agreement() {
        let agreements = [agreement("3.1"), agreement("3.13"), table_agreement("3.13")];
        let found = |name: &str| of_figure(&agreements, name).map(|a| a.exhibit.label());
        assert_eq!(found("3.13a").as_deref(), Some("Figure 3.13"));
        assert_eq!((found("3.1").as_deref(), found("3.2")), (Some("Figure 3.1"), None));
    }
}
