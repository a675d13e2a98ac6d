//! Which detectors are best and which are worse than signal processing, seed by seed (thesis table 7.1).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_lab::numbers::range;
use vitrine_lab::{Agreement, table_agreement};

use crate::thesis::detector::SIGNAL_PROCESSING;
use crate::thesis::networks::{BOTTLENECKS, CNNS, MLPS};
use crate::thesis::rows::{ErrorsBySeed, over_detectors};

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
        let of = |names: &[&str], pick: fn(f64, f64) -> f64| {
            over_detectors(names.iter().map(|name| self.0[*name].clone()), pick)
        };
        let below = |a: &[f64], b: &[f64]| -> Vec<bool> { a.iter().zip(b).map(|(a, b)| a < b).collect() };
        let others = [&MLPS[..], &CNNS].concat();
        let [worst, best_bottleneck] = [of(&others, f64::max), of(&BOTTLENECKS, f64::min)];
        let (shallow, deeper) = (&MLPS[..2], [&MLPS[2..], &CNNS, &BOTTLENECKS].concat());
        let [best_shallow, best_of_the_rest] = [of(shallow, f64::min), of(&deeper, f64::min)];
        table_agreement("7.1")
            .so(
                "every MLP and CNN has a smaller L1 than signal processing",
                &below(&worst, baseline),
                format!("the worst {}, signal processing {}", range(&worst, 2), range(baseline, 2)),
            )
            .so(
                "no bottleneck has a smaller L1 than signal processing",
                &below(&best_bottleneck, baseline).iter().map(|is_below| !is_below).collect::<Vec<_>>(),
                format!("the best {}", range(&best_bottleneck, 2)),
            )
            .so(
                "the smallest L1 of all networks is that of the one-layer network or of the two-layer MLP",
                &below(&best_shallow, &best_of_the_rest),
                format!("{}, of the others {}", range(&best_shallow, 3), range(&best_of_the_rest, 3)),
            )
    }
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
            all(&[MLPS[1]], two_layers),
        ];
        L1BySeed(rows.concat().into_iter().collect())
    }

    #[test]
    fn the_table_agrees_where_networks_beat_and_bottlenecks_do_not() {
        assert_eq!(one_seed(0.55, 0.35, 0.6, 0.3).agreement().stands(), Stands::Agrees);
        assert_eq!(one_seed(0.55, 0.35, 0.4, 0.3).agreement().stands(), Stands::Partly);
        assert_eq!(one_seed(0.3, 0.35, 0.2, 0.4).agreement().stands(), Stands::Differs);
    }
}
