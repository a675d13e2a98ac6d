//! The paper that studies belong to: what it calls things, what it shows and says, and how its studies are run.
//!
//! The bench knows no paper; it is handed this value.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::register::{Register, whole_claim};

/// A paper.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Paper {
    /// Its title, at the head of the report.
    pub title: String,
    /// What it is and who wrote it, as HTML: it stands before what the report holds.
    pub introduction: String,
    /// What its own statements are headed with.
    pub voice: String,
    /// How its studies are run.
    pub commands: Commands,
    /// Titles of the chapters by number.
    pub chapters: BTreeMap<String, String>,
    /// Its claims with all tests that they are put to.
    pub register: Register,
    /// Figures by number.
    pub figures: BTreeMap<String, Shown>,
    /// Tables by number.
    pub tables: BTreeMap<String, Shown>,
}

/// A figure or table: what is shown, and what the paper says of its own.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The caption.
    pub shows: String,
    /// The paper's statement, where it makes one.
    pub says: Option<String>,
}

/// The command lines that a reader of the report is pointed to.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Commands {
    /// Runs studies, whose ids follow it.
    pub run: String,
    /// Names a preset, whose name follows it.
    pub preset: String,
    /// Runs a report again, whose path follows it.
    pub verify: String,
    /// Says how settings and seeds are changed, as HTML.
    pub change: String,
    /// What a program made the page with.
    pub generator: String,
}

impl Commands {
    /// The line that runs these studies at a preset.
    pub fn run_at(&self, studies: &str, preset: impl std::fmt::Display) -> String {
        format!("{} {studies} {} {preset}", self.run, self.preset)
    }
}

impl Paper {
    /// What a figure shows: by its own name, else by the longest one that it is a part or variant of (`3.13a`,
    /// `4.14-linear`).
    pub fn figure(&self, name: &str) -> Option<&Shown> {
        let is_part = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_digit());
        let wholes =
            self.figures.iter().filter(|(key, _)| name.strip_prefix(key.as_str()).is_some_and(is_part));
        wholes.max_by_key(|(key, _)| key.len()).map(|(_, shown)| shown)
    }

    /// The sentence of the claim that a test belongs to: of `C16.start` that of C16.
    pub fn sentence(&self, id: &str) -> Option<&str> {
        self.register.claim(whole_claim(id)).map(|claim| claim.sentence.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::RegisteredClaim;

    fn paper() -> Paper {
        let shown = |shows: &str| Shown { shows: shows.into(), says: None };
        Paper {
            register: Register { claims: vec![RegisteredClaim::new("C12", "claim 12", Vec::new())] },
            figures: [("3.1", "a"), ("3.13", "b"), ("4.14", "c")]
                .map(|(name, shows)| (name.to_string(), shown(shows)))
                .into(),
            ..Paper::default()
        }
    }

    #[test]
    fn parts_and_variants_of_a_figure_share_its_caption() {
        let paper = paper();
        let shows = |name: &str| paper.figure(name).map(|f| f.shows.as_str());
        assert_eq!([shows("3.13a"), shows("4.14-linear"), shows("3.1")], [Some("b"), Some("c"), Some("a")]);
        assert_eq!(shows("9.1"), None);
    }

    #[test]
    fn a_test_has_the_sentence_of_its_claim() {
        let paper = paper();
        assert_eq!((paper.sentence("C12.start"), paper.sentence("C13")), (Some("claim 12"), None));
    }
}
