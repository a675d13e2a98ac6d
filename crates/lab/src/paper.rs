//! The paper that studies belong to: what it calls things, what it shows and says, and how its studies are run.
//!
//! The bench knows no paper; it is handed this value.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::names::is_part_of;
use crate::register::{Register, RegisteredClaim, whole_claim};
use crate::run_name::RunName;
use crate::seeds::Seeds;

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
    /// Names seeds, which follow it.
    pub seeds: String,
    /// Runs a report again, whose path follows it.
    pub verify: String,
    /// Says how settings and seeds are changed, as HTML.
    pub change: String,
    /// What a program made the page with.
    pub generator: String,
}

impl Commands {
    /// The line that runs these studies as the run of that name did; `None` where the name does not tell how.
    pub fn of_run(&self, studies: &str, run: &RunName) -> Option<String> {
        let line = format!("{} {studies} {} {}", self.run, self.preset, run.preset());
        match run.seeds() {
            _ if !run.has_preset_settings() => None,
            Some(seeds) => Some(format!("{line} {} {}", self.seeds, seeds.parse::<Seeds>().ok()?)),
            None => Some(line),
        }
    }
}

impl Paper {
    /// The paper's titles and captions alone, without what it says: for what was made with other settings. What tests are
    /// called stays.
    pub fn without_statements(&self) -> Paper {
        let silent = |shown: &BTreeMap<String, Shown>| {
            let silent =
                |(name, shown): (&String, &Shown)| (name.clone(), Shown { says: None, ..shown.clone() });
            shown.iter().map(silent).collect()
        };
        let unsaid = |claim: &RegisteredClaim| RegisteredClaim { sentence: String::new(), ..claim.clone() };
        Paper {
            introduction: String::new(),
            register: Register { claims: self.register.claims.iter().map(unsaid).collect() },
            figures: silent(&self.figures),
            tables: silent(&self.tables),
            ..self.clone()
        }
    }

    /// What a figure shows: by its own name, else by the longest one that it is a part or variant of (`3.13a`,
    /// `4.14-linear`).
    pub fn figure(&self, name: &str) -> Option<&Shown> {
        let wholes = self.figures.iter().filter(|(key, _)| is_part_of(name, key));
        wholes.max_by_key(|(key, _)| key.len()).map(|(_, shown)| shown)
    }

    /// The sentence of the claim that a test belongs to: of `C16.start` that of C16.
    pub fn sentence(&self, id: &str) -> Option<&str> {
        let sentence = self.register.claim(whole_claim(id)).map(|claim| claim.sentence.as_str());
        sentence.filter(|sentence| !sentence.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_line_runs_a_preset_and_other_seeds_of_it_again() {
        let commands = Commands {
            run: "run".into(),
            preset: "--at".into(),
            seeds: "--over".into(),
            ..Default::default()
        };
        let line = |name: &str| commands.of_run("all", &name.parse().unwrap());
        assert_eq!(line("quick").as_deref(), Some("run all --at quick"));
        assert_eq!(line("quick+seeds=3,7").as_deref(), Some("run all --at quick --over 3,7"));
        assert_eq!(line("quick+seeds=3,7~0123abcd"), None);
        assert_eq!(line("quick+size=2"), None);
    }

    #[test]
    fn without_its_statements_a_paper_still_says_what_is_shown() {
        let mut paper = paper();
        paper.figures.get_mut("3.1").unwrap().says = Some("it is so".into());
        let silent = paper.without_statements();
        assert_eq!(silent.figure("3.1"), Some(&Shown { shows: "a".into(), says: None }));
        assert_eq!((silent.sentence("C12"), silent.register.claims.len()), (None, 1));
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
