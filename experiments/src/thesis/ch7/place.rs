//! Where the thesis' numbers lie as seen from ours: each is of one run, and so is held against what one more of ours
//! may yield.

use vitrine_lab::Agreement;

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

/// Adds whether all of the thesis' numbers are what one more run of ours may yield, where the rows say so of any.
pub fn with_the_thesis_numbers(agreement: Agreement, rows: &[Row]) -> Agreement {
    const ALL: &[Quantity] = &QUANTITIES;
    let of_row = |row| ALL.iter().filter_map(move |q| Some((row, q, place(row, q)?)));
    let placed: Vec<(&Row, &Quantity, Place)> = rows.iter().flat_map(of_row).collect();
    if placed.is_empty() {
        return agreement;
    }
    let named = |wanted: Place| -> Vec<String> {
        let of_row = |row: &Row| {
            let is_it = |p: &&(&Row, &Quantity, Place)| p.0.detector == row.detector && p.2 == wanted;
            let headings: Vec<&str> = placed.iter().filter(is_it).map(|p| p.1.heading).collect();
            (!headings.is_empty()).then(|| format!("{} {}", row.detector, headings.join(", ")))
        };
        rows.iter().filter_map(of_row).collect()
    };
    let n_within = placed.iter().filter(|p| p.2 == Place::Within).count();
    let mut numbers = vec![format!("{n_within} of {}; chance alone leaves one in 20 outside", placed.len())];
    for (words, wanted) in [("above it", Place::Above), ("below it", Place::Below)] {
        let names = named(wanted);
        if !names.is_empty() {
            numbers.push(format!("{words} {}", names.join("; ")));
        }
    }
    agreement.is(
        "the thesis' numbers lie within what one more run of ours is expected to yield (95 %)",
        n_within == placed.len(),
        numbers.join("; "),
    )
}

#[cfg(test)]
pub mod tests {
    use vitrine_analysis::statistics::Interval;
    use vitrine_lab::table_agreement;

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
    fn the_thesis_numbers_that_no_run_of_ours_may_yield_are_counted_and_named() {
        let part = |rows: &[Row]| with_the_thesis_numbers(table_agreement("7.1"), rows).parts.pop();
        let of = |rows: &[Row]| part(rows).map(|part| (part.is_so, part.numbers)).unwrap();
        let all = "L1, L2, 99 % L1, 99 % L2";
        let (is_so, numbers) = of(&[row("a", 2.0), row("b", 6.97), row("c", -2.97)]);
        let expected =
            format!("4 of 12; chance alone leaves one in 20 outside; above it b {all}; below it c {all}");
        assert_eq!((is_so, numbers), (false, expected));
        assert!(of(&[row("a", 2.0)]).0);
        assert!(part(&[Row { thesis: None, ..row("a", 2.0) }]).is_none());
    }
}
