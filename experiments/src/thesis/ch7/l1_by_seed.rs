//! Which detectors are best and which are worse than signal processing, seed by seed (thesis table 7.1).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_analysis::statistics::mean;
use vitrine_lab::numbers::{percent_span, span};
use vitrine_lab::{Agreement, table_agreement};

use crate::thesis::detector::SIGNAL_PROCESSING;
use crate::thesis::extremes::{largest, over_detectors, smallest};
use crate::thesis::networks::{BOTTLENECKS, CNNS, MLPS};
use crate::thesis::printed;
use crate::thesis::rows::ErrorsBySeed;

/// An error is clearly smaller by this share of the other.
const CLEAR: f64 = 0.25;

/// L1 of each detector of the thesis, by seed.
#[derive(Serialize, Deserialize)]
pub struct L1BySeed(BTreeMap<String, Vec<f64>>);

impl L1BySeed {
    /// L1 of the thesis' detectors among those compared.
    pub fn of(by_seed: &ErrorsBySeed) -> L1BySeed {
        let wanted = || MLPS.iter().chain(&CNNS).chain(&BOTTLENECKS).chain(&[SIGNAL_PROCESSING]);
        let l1 = |name: &str| Some((name.to_string(), by_seed.get(name)?.iter().map(|e| e.l1).collect()));
        L1BySeed(wanted().filter_map(|name| l1(name)).collect())
    }

    /// What the thesis says of table 7.1.
    pub fn agreement(&self) -> Agreement {
        let baseline = &self.0[SIGNAL_PROCESSING];
        let of = |names: &[&str], pick: fn(&[f64]) -> f64| {
            over_detectors(names.iter().map(|name| self.0[*name].clone()), pick)
        };
        // Of several detectors, that with the smallest or largest mean.
        let named = |names: &[&str], extreme: fn(f64, f64) -> f64| -> String {
            let means: Vec<f64> = names.iter().map(|name| mean(&self.0[*name])).collect();
            let wanted = means.iter().copied().reduce(extreme);
            let place = means.iter().position(|&l1| Some(l1) == wanted);
            place.map_or("–".into(), |place| names[place].to_string())
        };
        let below = |a: &[f64], b: &[f64]| -> Vec<bool> { a.iter().zip(b).map(|(a, b)| a < b).collect() };
        let others = [&MLPS[..], &CNNS].concat();
        let [worst, best_bottleneck] = [of(&others, largest), of(&BOTTLENECKS, smallest)];
        let (shallow, deeper) = (&MLPS[..2], [&MLPS[2..], &CNNS, &BOTTLENECKS].concat());
        let [best_shallow, best_of_the_rest] = [of(shallow, smallest), of(&deeper, smallest)];
        let gains: Vec<f64> =
            worst.iter().zip(baseline).map(|(worst, baseline)| 1.0 - worst / baseline).collect();
        let largest_shallow = of(shallow, largest);
        let said = table_agreement("7.1")
            .so(
                "every MLP and CNN has a smaller L1 than signal processing",
                &below(&worst, baseline),
                format!(
                    "the largest {}, on average that of {}; signal processing {}",
                    span(&worst, 2),
                    named(&others, f64::max),
                    span(baseline, 2)
                ),
            )
            .so(
                "it is clearly smaller, by a quarter or more, as in table 3.2",
                &gains.iter().map(|&gain| CLEAR <= gain).collect::<Vec<_>>(),
                format!("the largest by {}", percent_span(&gains)),
            )
            .so(
                "none of the six bottlenecks has a smaller L1 than signal processing",
                &below(&best_bottleneck, baseline).iter().map(|is_below| !is_below).collect::<Vec<_>>(),
                format!(
                    "the smallest {}, on average that of {}",
                    span(&best_bottleneck, 2),
                    named(&BOTTLENECKS, f64::min)
                ),
            )
            .so(
                "the smallest L1 of all networks is that of the one-layer network or of the two-layer MLP",
                &below(&best_shallow, &best_of_the_rest),
                format!(
                    "{}, on average that of {}; of the others {}, that of {}",
                    span(&best_shallow, 3),
                    named(shallow, f64::min),
                    span(&best_of_the_rest, 3),
                    named(&deeper, f64::min)
                ),
            )
            .so(
                "both of them have a smaller L1 than every other network",
                &below(&largest_shallow, &best_of_the_rest),
                format!("the larger of the two {}", span(&largest_shallow, 3)),
            );
        said.because_of((mean(&gains) < CLEAR).then(|| why_not_clearly(&named(&others, f64::max), &gains)))
    }
}

/// What the largest of the networks' errors is smaller by, ours and the thesis'.
fn why_not_clearly(network: &str, gains: &[f64]) -> String {
    let theirs = |name: &str| printed::errors(name).map_or(f64::NAN, |errors| errors.l1);
    format!(
        "the L1 of {network} is smaller than that of signal processing by {:.0} % on average, in the thesis by {:.0} %",
        100.0 * mean(gains),
        100.0 * (1.0 - theirs(network) / theirs(SIGNAL_PROCESSING))
    )
}

#[cfg(test)]
mod tests {
    use vitrine_lab::Stands;

    use super::*;

    fn one_seed(baseline: f64, network: f64, bottleneck: f64, two_layers: f64) -> L1BySeed {
        let all =
            |names: &[&str], l1: f64| names.iter().map(|n| (n.to_string(), vec![l1])).collect::<Vec<_>>();
        let rows = [
            all(&[SIGNAL_PROCESSING], baseline),
            all(&[&MLPS[..], &CNNS].concat(), network),
            all(&BOTTLENECKS, bottleneck),
            all(&MLPS[..2], two_layers),
        ];
        L1BySeed(rows.concat().into_iter().collect())
    }

    #[test]
    fn the_table_agrees_where_networks_beat_and_bottlenecks_do_not() {
        let agrees = one_seed(0.55, 0.35, 0.6, 0.3).agreement();
        assert_eq!(agrees.stands(), Stands::Agrees);
        assert_eq!(
            agrees.parts[3].numbers,
            "0.300, on average that of mlp:100-60; of the others 0.350, that of mlp:100-100-100-60"
        );
        assert_eq!(one_seed(0.55, 0.35, 0.4, 0.3).agreement().stands(), Stands::Partly);
        let hardly = one_seed(0.4, 0.36, 0.6, 0.3).agreement();
        assert_eq!((hardly.stands(), hardly.parts[1].is_so), (Stands::Partly, false));
        assert_eq!(
            hardly.why.as_deref(),
            Some(
                "the L1 of mlp:100-100-100-60 is smaller than that of signal processing by 10 % on average, in the thesis \
                 by 35 %"
            )
        );
        assert_eq!(one_seed(0.3, 0.35, 0.2, 0.4).agreement().stands(), Stands::Differs);
    }
}
