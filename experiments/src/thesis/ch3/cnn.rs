//! CNNs of one to three conv layers beside the MLPs (thesis sec. 3.4.4): table 3.4, claims C1, C2 and the last part of C6.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::differences;
use vitrine_lab::{About, Claim, Recipe, Study, Table};

use crate::thesis::Context;
use crate::thesis::detector::{SIGNAL_PROCESSING, windowed_signal_processing};
use crate::thesis::extremes::{largest, over_detectors, smallest};
use crate::thesis::networks::{CNNS, MLPS, of_chapter_3};
use crate::thesis::paper::registered;
use crate::thesis::rows::{Compared, Comparison, compare};

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
    /// The name of signal processing that searches the possible positions only.
    windowed: String,
}

/// Errors of one detector, one per seed.
#[derive(Serialize, Deserialize)]
struct BySeed {
    l1: Vec<f64>,
    p99_l1: Vec<f64>,
}

type Quantity = fn(&BySeed) -> &Vec<f64>;

/// The errors that claims are tested on: part of the id, field.
const QUANTITIES: [(&str, Quantity); 2] = [("l1", |e| &e.l1), ("p99_l1", |e| &e.p99_l1)];

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
        let windowed = windowed_signal_processing(&cx.plan.settings.signals);
        Ok(Found { comparison, per_seed: per_seed.collect(), windowed })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let mut claims = Vec::new();
        for (part, quantity) in QUANTITIES {
            let of = |detector: &str| quantity(&found.per_seed[detector]).clone();
            let worst = over_detectors(MLPS.into_iter().chain(CNNS).map(of), largest);
            let shallow = over_detectors([MLPS[0], MLPS[1]].map(of), largest);
            let deep = over_detectors([MLPS[2], MLPS[3]].map(of), smallest);
            let against = |filter: &str| differences(&of(filter), &worst);
            claims.push(registered(&format!("C1.{part}")).over(&against(SIGNAL_PROCESSING)));
            claims.push(registered(&format!("C1.{part}_window")).over(&against(&found.windowed)));
            claims.push(registered(&format!("C2.{part}")).over(&differences(&shallow, &deep)));
        }
        let [two, three] = [CNNS[1], CNNS[2]].map(|network| &found.per_seed[network].p99_l1);
        claims.push(registered("C6.third").over(&differences(three, two)));
        claims
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        vec![("3.4".into(), found.comparison.table())]
    }
}
