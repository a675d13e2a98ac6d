//! CNNs of one to three conv layers beside the MLPs (thesis sec. 3.4.4): table 3.4, claims C1, C2 and the last part of C6.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::differences;
use vitrine_lab::claim::{Above, Below, Claim, claim};
use vitrine_lab::{About, Recipe, Study, Table};

use crate::thesis::Context;
use crate::thesis::detector::SIGNAL_PROCESSING;
use crate::thesis::networks::{CNNS, MLPS, of_chapter_3};
use crate::thesis::rows::{Compared, Comparison, compare, over_detectors};

pub struct Cnns;

static ABOUT: About = About {
    id: "3.4-cnn",
    title: "Every detector of chapter 3 beside the best possible",
    figures: &[],
    tables: &["3.4"],
    claims: &["C1", "C2", "C6"],
};

/// Errors of every detector, and those that claims are tested on by seed.
#[derive(Serialize, Deserialize)]
pub struct Found {
    comparison: Comparison,
    per_seed: BTreeMap<String, BySeed>,
}

/// Errors of one detector, one per seed.
#[derive(Serialize, Deserialize)]
struct BySeed {
    l1: Vec<f64>,
    p99_l1: Vec<f64>,
}

type Quantity = fn(&BySeed) -> &Vec<f64>;

/// The errors that claims are tested on: part of the id, name, field.
const QUANTITIES: [(&str, &str, Quantity); 2] =
    [("l1", "L1", |e| &e.l1), ("p99_l1", "99 % L1", |e| &e.p99_l1)];

impl Study for Cnns {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&of_chapter_3())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let Compared { comparison, by_seed } = compare(cx, &of_chapter_3())?;
        let per_seed = by_seed.into_iter().map(|(detector, errors)| {
            let l1 = errors.iter().map(|e| e.l1).collect();
            (detector, BySeed { l1, p99_l1: errors.iter().map(|e| e.p99_l1).collect() })
        });
        Ok(Found { comparison, per_seed: per_seed.collect() })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let mut claims = Vec::new();
        for (part, name, quantity) in QUANTITIES {
            let of = |detector: &str| quantity(&found.per_seed[detector]).clone();
            let worst = over_detectors(MLPS.into_iter().chain(CNNS).map(of), f64::max);
            let shallow = over_detectors([MLPS[0], MLPS[1]].map(of), f64::max);
            let deep = over_detectors([MLPS[2], MLPS[3]].map(of), f64::min);
            claims.push(
                claim(
                    format!("C1.{part}"),
                    format!("{name} of signal processing less that of the worst network"),
                )
                .mean_of(&differences(&of(SIGNAL_PROCESSING), &worst))
                .is(Above(0.0)),
            );
            claims.push(
                claim(
                    format!("C2.{part}"),
                    format!("{name} of the worse of 1 and 2 layers less the better of 3 and 4"),
                )
                .mean_of(&differences(&shallow, &deep))
                .is(Below(0.0)),
            );
        }
        let [two, three] = [CNNS[1], CNNS[2]].map(|network| &found.per_seed[network].p99_l1);
        claims.push(
            claim("C6.third", "99 % L1 of three conv layers less that of two")
                .mean_of(&differences(three, two))
                .meaning("no gain of a hundredth of a sample")
                .is(Above(-0.01)),
        );
        claims
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        vec![("3.4".into(), found.comparison.table())]
    }
}
