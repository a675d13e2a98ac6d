//! The deviations of a network as a table: every layer and distance, beside what chance gives and what noise adds.

use vitrine_analysis::deviations::Deviation;
use vitrine_analysis::statistics::{Interval, mean};
use vitrine_lab::Table;

use super::measure_charts::{CORRELATION, COSINE, Distance, EUCLIDEAN, LEVEL, NORMALISED, over_seeds};
use super::measures::Measured;

/// The distances in the order of the thesis.
const ROWS: [Distance; 4] = [EUCLIDEAN, NORMALISED, COSINE, CORRELATION];

/// Every layer and distance of a network, over seeds; of a single seed with intervals over signals. `measured_on` says
/// how many these are.
pub fn table(networks: &[Vec<Measured>], measured_on: &str) -> Table {
    let interval = match networks.len() {
        1 => "95 % over signals".to_string(),
        n => format!("95 % over {n} seeds"),
    };
    let mut table = Table::new([
        format!("layer ({measured_on})"),
        "level".into(),
        "distance".into(),
        format!("within classes [{interval}]"),
        "labels permuted".into(),
        format!("between classes, debiased [{interval}]"),
        "labels permuted, debiased".into(),
        "between classes, plain (eq. 6.3)".into(),
        "undefined (vectors of zeros, class means shorter than their noise)".into(),
    ]);
    let levels = over_seeds(networks, |m| LEVEL(&m.deviations));
    for (l, level) in levels.iter().enumerate() {
        for (row, distance) in ROWS.iter().enumerate() {
            let of = |of: &dyn Fn(&Measured) -> Deviation| over_seeds(networks, of)[l];
            let per_seed: Vec<f64> =
                networks.iter().map(|n| (distance.plain)(&n[l].deviations.plain_inter)).collect();
            let n_undefined: usize = networks.iter().map(|n| undefined(distance, &n[l])).sum();
            table.row([
                if row == 0 { networks[0][l].layer.clone() } else { String::new() },
                if row == 0 { format!("{:.1}", level.mean) } else { String::new() },
                distance.name.to_string(),
                with_ends(of(&|m| (distance.inner)(&m.deviations))),
                number(of(&|m| (distance.inner)(&m.permuted)).mean),
                with_ends(of(&|m| (distance.inter)(&m.deviations))),
                number(of(&|m| (distance.inter)(&m.permuted)).mean),
                number(mean(&per_seed)),
                n_undefined.to_string(),
            ]);
        }
    }
    table
}

/// Signals and pairs of classes that a distance left out.
fn undefined(distance: &Distance, measured: &Measured) -> usize {
    (distance.inner)(&measured.deviations).n_undefined + (distance.inter)(&measured.deviations).n_undefined
}

fn with_ends(interval: Interval) -> String {
    format!("{} [{}, {}]", number(interval.mean), number(interval.lo), number(interval.hi))
}

/// Three significant digits, and no more than five places.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "–".into();
    }
    let decimals = (2 - value.abs().max(1e-5).log10().floor() as i32).clamp(0, 5) as usize;
    let text = format!("{value:.decimals$}").replace('-', "−");
    if text.chars().any(|c| ('1'..='9').contains(&c)) { text } else { "0".into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::thesis::ch6::measures::tests::network;

    #[test]
    fn a_table_says_what_its_intervals_are_over_and_how_many_signals_it_is_measured_on() {
        let of = |inner: f64| network([2.0; 4], [inner; 4], [0.1; 4]);
        let of_two = table(&[of(0.5), of(0.7)], "20 signals a class");
        let headers = of_two.headers();
        assert_eq!(headers[0], "layer (20 signals a class)");
        assert_eq!(headers[3], "within classes [95 % over 2 seeds]");
        assert_eq!(headers[5], "between classes, debiased [95 % over 2 seeds]");
        // 0.6 ± 12.706 · 0.1, Student's t of one degree of freedom.
        assert_eq!(of_two.rows()[0][..4], ["hidden0", "2.0", "Euclidean", "0.600 [−0.671, 1.87]"]);
        let of_one = table(&[of(0.5)], "20 signals a class");
        assert_eq!(of_one.headers()[3], "within classes [95 % over signals]");
        assert_eq!(of_one.rows()[0][3], "0.500 [0.490, 0.510]");
    }

    #[test]
    fn numbers_have_three_digits_that_mean_something() {
        assert_eq!(
            [3.318, -0.0123, 14.25, 0.000_001, 0.0].map(number),
            ["3.32", "−0.0123", "14.2", "0", "0"]
        );
        assert_eq!(number(f64::NAN), "–");
    }
}
