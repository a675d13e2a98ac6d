//! CNNs of one to three conv layers beside the MLPs (thesis sec. 3.4.4): table 3.4, claims C1, C2 and the last part of C6.

use serde_json::json;

use super::{C6, CNNS, MLPS, specs};
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::detector::SIGNAL_PROCESSING;
use crate::findings::Findings;
use crate::recipe::Recipe;
use crate::rows;
use crate::section::{About, Section};
use crate::table::Table;

pub struct Cnns;

static ABOUT: About = About {
    id: "3.4-cnn",
    title: "Every detector of chapter 3 beside the best possible",
    figures: &[],
    tables: &["3.4"],
    claims: &["C1", "C2", "C6"],
};

impl Section for Cnns {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        plan.recipes(&specs(&[&MLPS[..], &CNNS[..]].concat()))
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let comparison = rows::compare(cx, &specs(&[&MLPS[..], &CNNS[..]].concat()))?;
        (findings.rows, findings.timings) = (comparison.rows, comparison.seconds);
        for (detector, errors) in &comparison.per_seed {
            let l1: Vec<f64> = errors.iter().map(|e| e.l1).collect();
            let p99_l1: Vec<f64> = errors.iter().map(|e| e.p99_l1).collect();
            findings.value(&format!("per_seed {detector}"), json!({ "l1": l1, "p99_l1": p99_l1 }))?;
        }
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let mut claims = Vec::new();
        for (part, quantity) in [("l1", "L1"), ("p99_l1", "99 % L1")] {
            let per_seed = |detector: &str| -> anyhow::Result<Vec<f64>> {
                let all: serde_json::Value = findings.get(&format!("per_seed {detector}"))?;
                Ok(serde_json::from_value(all[part].clone())?)
            };
            let worst = combine(
                &MLPS.iter().chain(&CNNS).map(|n| per_seed(n)).collect::<Result<Vec<_>, _>>()?,
                f64::max,
            );
            let shallow = combine(&[per_seed(MLPS[0])?, per_seed(MLPS[1])?], f64::max);
            let deep = combine(&[per_seed(MLPS[2])?, per_seed(MLPS[3])?], f64::min);
            claims.push(Claim::test(
                &format!("C1.{part}"),
                "Networks beat the fixed-width filter.",
                &format!("{quantity} of signal processing less that of the worst network, above 0"),
                &differences(&per_seed(SIGNAL_PROCESSING)?, &worst),
                Side::Above,
                0.0,
            ));
            claims.push(Claim::test(
                &format!("C2.{part}"),
                "One or two dense layers do at least as well as three or four.",
                &format!("{quantity} of the worse of 1 and 2 layers less the better of 3 and 4, below 0"),
                &differences(&shallow, &deep),
                Side::Below,
                0.0,
            ));
        }
        let p99_l1 = |detector: &str| -> anyhow::Result<Vec<f64>> {
            let all: serde_json::Value = findings.get(&format!("per_seed {detector}"))?;
            Ok(serde_json::from_value(all["p99_l1"].clone())?)
        };
        claims.push(Claim::test(
            "C6.third",
            C6,
            "99 % L1 of three conv layers less that of two, above −0.01: no gain of a hundredth of a sample",
            &differences(&p99_l1(CNNS[2])?, &p99_l1(CNNS[1])?),
            Side::Above,
            -0.01,
        ));
        Ok(claims)
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        vec![("3.4".into(), rows::table(&findings.rows, &findings.timings))]
    }
}

/// Seed by seed, the largest or smallest over detectors.
fn combine(detectors: &[Vec<f64>], pick: fn(f64, f64) -> f64) -> Vec<f64> {
    let n_seeds = detectors.first().map_or(0, Vec::len);
    (0..n_seeds).filter_map(|seed| detectors.iter().map(|d| d[seed]).reduce(pick)).collect()
}

/// Seed by seed, `a − b`: both ran on the same signals.
fn differences(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}
