//! Every detector (thesis sec. 7.1): table 7.1, with what a single run of ours may yield beside what the thesis printed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vitrine_lab::{About, Agreement, Recipe, Study, Table};

use super::l1_by_seed::L1BySeed;
use super::place::{Place, outside, place};
use crate::thesis::Context;
use crate::thesis::detector::SIGNAL_PROCESSING;
use crate::thesis::networks::of_table_7_1;
use crate::thesis::printed::{corrections, errors};
use crate::thesis::rows::{
    Compared, Comparison, FLOOR_HEADINGS, QUANTITIES, Quantity, Row, compare, with_spread,
};

pub struct AllDetectors;

static ABOUT: About = About {
    id: "7-table",
    title: "Every detector: ours over seeds, the thesis', the best possible",
    figures: &[],
    tables: &["7.1"],
    claims: &[],
};

/// Errors of every detector, and whether a single run of ours may yield the thesis'.
#[derive(Serialize, Deserialize)]
pub struct Found {
    comparison: Comparison,
    thesis_within_our_spread: BTreeMap<String, Within>,
    l1: L1BySeed,
}

/// Whether the thesis' errors of one detector lie within the spread of our runs.
#[derive(Serialize, Deserialize)]
struct Within {
    l1: bool,
    l2: bool,
    p99_l1: bool,
    p99_l2: bool,
}

impl Study for AllDetectors {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, cx: &Context) -> Vec<Recipe> {
        cx.plan.recipes(&of_table_7_1())
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let Compared { comparison, by_seed } = compare(cx, &of_table_7_1())?;
        let rows = comparison.rows.iter();
        let within = rows.filter_map(|row| Some((row.detector.clone(), Within::of(row)?))).collect();
        Ok(Found { comparison, thesis_within_our_spread: within, l1: L1BySeed::of(&by_seed) })
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        vec![found.l1.agreement()]
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let rows = &found.comparison.rows;
        let mut tables = vec![("7.1".into(), beside_the_thesis(&found.comparison))];
        tables.extend(outside(rows).map(|table| ("-outside".to_string(), table)));
        // Corrections of numbers that are not shown would be numbers of the thesis beside a variant's.
        if rows.iter().any(|row| row.thesis.is_some()) {
            tables.push(("-corrections".into(), errata()));
        }
        tables
    }
}

impl Within {
    /// `None` where the thesis has no such detector, or with one seed.
    fn of(row: &Row) -> Option<Within> {
        let is_within = |quantity: &Quantity| Some(place(row, quantity)? == Place::Within);
        let [l1, l2, p99_l1, p99_l2] = &QUANTITIES;
        Some(Within {
            l1: is_within(l1)?,
            l2: is_within(l2)?,
            p99_l1: is_within(p99_l1)?,
            p99_l2: is_within(p99_l2)?,
        })
    }
}

/// Ours with the interval of the mean, the smallest of the thesis' detectors in brackets; the thesis' value with a sign:
/// `✓` within the spread of our runs, `↓` below it, `↑` above it, `†` corrected.
fn beside_the_thesis(comparison: &Comparison) -> Table {
    let rows = &comparison.rows;
    let mut headers = vec!["detector".to_string()];
    for quantity in &QUANTITIES {
        headers.extend([quantity.heading.to_string(), format!("thesis {}", quantity.heading)]);
    }
    headers.push("accuracy".into());
    headers.extend(FLOOR_HEADINGS.map(String::from));
    let mut table = Table::new(headers);
    for row in rows {
        let mut cells = vec![row.detector.clone()];
        for quantity in &QUANTITIES {
            let ours = with_spread(&(quantity.ours)(row));
            let is_smallest = Some(row.detector.as_str()) == smallest(rows, quantity);
            cells.push(if is_smallest { format!("[{ours}]") } else { ours });
            cells.push(thesis_cell(row, quantity));
        }
        cells.push(format!("{:.3}", row.accuracy.mean));
        cells.extend(row.floor_cells());
        table.row(cells);
    }
    table.row(comparison.floor_row(table.headers().len()));
    table
}

/// The thesis' detector with the smallest of our errors.
fn smallest<'a>(rows: &'a [Row], quantity: &Quantity) -> Option<&'a str> {
    let of_thesis =
        rows.iter().filter(|row| errors(&row.detector).is_some() || row.detector == SIGNAL_PROCESSING);
    let mean = |row: &&Row| (quantity.ours)(row).mean;
    of_thesis.min_by(|a, b| mean(a).total_cmp(&mean(b))).map(|row| row.detector.as_str())
}

fn thesis_cell(row: &Row, quantity: &Quantity) -> String {
    let Some(thesis) = &row.thesis else { return "–".into() };
    let is_corrected =
        corrections().iter().any(|c| c.detector == row.detector && c.quantity == quantity.name);
    let sign = match place(row, quantity) {
        Some(Place::Below) => " ↓",
        Some(Place::Within) => " ✓",
        Some(Place::Above) => " ↑",
        None => "",
    };
    format!("{:.4}{}{sign}", (quantity.thesis)(thesis), if is_corrected { "†" } else { "" })
}

/// The thesis' errors in print.
fn errata() -> Table {
    let mut table = Table::new(["detector", "quantity", "printed", "meant", "why"]);
    for correction in corrections() {
        let heading = QUANTITIES.iter().find(|q| q.name == correction.quantity).map_or("", |q| q.heading);
        table.row([
            correction.detector.clone(),
            heading.to_string(),
            correction.printed.clone(),
            format!("{:.4} †", correction.meant),
            correction.why.clone(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use vitrine_analysis::statistics::Interval;

    use super::super::place::tests::row;
    use super::*;

    #[test]
    fn one_seed_places_nothing() {
        let one = Row { l1: Interval::of_mean(&[1.0]), ..row("a", 1.0) };
        assert_eq!(place(&one, &QUANTITIES[0]), None);
        assert_eq!(thesis_cell(&one, &QUANTITIES[0]), "1.0000");
    }

    #[test]
    fn a_corrected_number_is_marked() {
        let row = row("bottleneck:100-25-2-25-60", 1.2621);
        assert_eq!(thesis_cell(&row, &QUANTITIES[3]), "1.2621† ✓");
        assert_eq!(thesis_cell(&row, &QUANTITIES[2]), "1.2621 ✓");
        assert!(errata().to_csv().unwrap().starts_with(
            b"detector,quantity,printed,meant,why\nbottleneck:100-25-2-25-60,99 % L2,0.2621,1.2621"
        ));
    }

    #[test]
    fn every_network_of_the_table_has_the_thesis_errors() {
        let networks = of_table_7_1();
        assert_eq!(networks.len(), 13);
        assert!(networks.iter().all(|spec| errors(&spec.to_string()).is_some()));
    }
}
