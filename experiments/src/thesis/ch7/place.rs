//! Where the thesis' numbers lie as seen from ours: each is of one run, and so is held against what one more of ours
//! may yield.

use vitrine_lab::Table;

use crate::thesis::rows::{QUANTITIES, Quantity, Row};

/// Where the thesis' value lies as seen from ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Below,
    Within,
    Above,
}

/// Where the thesis' single run lies in the 95 % prediction interval of one more run of ours; `None` with one seed.
pub fn place(row: &Row, quantity: &Quantity) -> Option<Place> {
    let ours = (quantity.ours)(row);
    let thesis = (quantity.thesis)(row.thesis.as_ref()?);
    let (lo, hi) = ours.of_next()?;
    Some(match thesis {
        t if t < lo => Place::Below,
        t if hi < t => Place::Above,
        _ => Place::Within,
    })
}

/// The thesis' numbers that no run of ours is expected to yield, and how many it is; `None` where nothing is placed.
pub fn outside(rows: &[Row]) -> Option<Table> {
    const ALL: &[Quantity] = &QUANTITIES;
    let mut table = Table::new(["detector", "quantity", "one more run of ours (95 %)", "thesis", "lies"]);
    let (mut n_placed, mut n_within) = (0, 0);
    for (row, quantity) in rows.iter().flat_map(|row| ALL.iter().map(move |quantity| (row, quantity))) {
        let Some(place) = place(row, quantity) else { continue };
        n_placed += 1;
        let lies = match place {
            Place::Within => {
                n_within += 1;
                continue;
            }
            Place::Above => "above",
            Place::Below => "below",
        };
        let expected = (quantity.ours)(row).of_next();
        let thesis = row.thesis.as_ref().map(quantity.thesis);
        table.row([
            row.detector.clone(),
            quantity.heading.to_string(),
            expected.map_or("–".into(), |(lo, hi)| format!("{lo:.4} to {hi:.4}")),
            thesis.map_or("–".into(), |thesis| format!("{thesis:.4}")),
            lies.to_string(),
        ]);
    }
    let all = format!("all {n_placed} numbers");
    let within = format!("{n_within} within; chance alone leaves one in 20 outside");
    table.row([all, "–".into(), "–".into(), "–".into(), within]);
    (0 < n_placed).then_some(table)
}

#[cfg(test)]
pub mod tests {
    use vitrine_analysis::statistics::Interval;

    use super::*;
    use crate::thesis::printed::ThesisErrors;

    /// A row whose four errors are 1, 2 and 3 over three seeds: one more run is expected in 2 ± 4.968.
    pub fn row(detector: &str, thesis: f64) -> Row {
        let spread = Interval::of_mean(&[1.0, 2.0, 3.0]);
        Row {
            detector: detector.into(),
            l1: spread,
            l2: spread,
            p99_l1: spread,
            p99_l2: spread,
            accuracy: spread,
            floor_ratio: 1.0,
            median_floor_ratio: None,
            thesis: Some(ThesisErrors { l1: thesis, l2: thesis, p99_l1: thesis, p99_l2: thesis }),
            best_epoch: None,
        }
    }

    #[test]
    fn the_thesis_value_is_placed_among_what_one_more_run_may_yield() {
        let places = [-2.97, -2.96, 6.96, 6.97].map(|t| place(&row("a", t), &QUANTITIES[0]).unwrap());
        assert_eq!(places, [Place::Below, Place::Within, Place::Within, Place::Above]);
    }

    #[test]
    fn the_thesis_numbers_that_no_run_of_ours_may_yield_are_listed_and_counted() {
        let table = outside(&[row("a", 2.0), row("b", 6.97), row("c", -2.97)]).unwrap();
        let rows = table.rows();
        assert_eq!(rows.len(), 4 + 4 + 1);
        assert_eq!([&rows[0][0], &rows[0][3], &rows[0][4]], ["b", "6.9700", "above"]);
        assert_eq!([&rows[4][0], &rows[4][4]], ["c", "below"]);
        let all = ["all 12 numbers", "4 within; chance alone leaves one in 20 outside"];
        assert_eq!([&rows[8][0], &rows[8][4]], all);
        assert!(outside(&[Row { thesis: None, ..row("a", 2.0) }]).is_none());
    }
}
