//! Simulated cells as lines of figures 4.14 and 4.15, and beside what the thesis says of them.

use serde::{Deserialize, Serialize};
use vitrine_analysis::embedding_theory::{Cell, MapKind, PointLaw, Probability};
use vitrine_analysis::statistics::Interval;
use vitrine_figures::{Panel, Series};
use vitrine_lab::numbers::short;
use vitrine_lab::{Agreement, agreement};

use super::cells::ratios;

/// How many times as often "much easier" is at the least.
const MUCH: f64 = 10.0;

/// A cell with what was found.
#[derive(Serialize, Deserialize)]
pub struct Simulated {
    pub cell: Cell,
    pub found: Probability,
}

/// Names the line of a figure that a cell lies on.
pub type Line = fn(&Simulated) -> String;

/// The line of figure 4.14 that a cell lies on.
pub fn dimension(s: &Simulated) -> String {
    format!("p = {}", s.cell.p)
}

/// The line of figure 4.15 that a cell lies on, sets drawn whole.
pub fn distance(s: &Simulated) -> String {
    format!("r = {}", s.cell.separation.map_or(0.0, |separation| separation.distance))
}

/// The same, sets drawn point by point.
pub fn distance_sequential(s: &Simulated) -> String {
    format!("{}, sequential", distance(s))
}

/// Success against the number of points, for cells with the names of their lines.
pub fn panel<'a>(cells: impl Iterator<Item = (String, &'a Simulated)>, title: &str, log_y: bool) -> Panel {
    let mut panel = Panel {
        title: title.into(),
        x_label: "number of points n".into(),
        y_label: "probability of success".into(),
        log_y,
        ..Panel::default()
    };
    for (line, s) in cells {
        let at = match panel.series.iter().position(|series| series.name == line) {
            Some(at) => at,
            None => {
                panel.series.push(Series { name: line, points: Vec::new() });
                panel.intervals.push(Vec::new());
                panel.series.len() - 1
            }
        };
        let (n, share) = (s.cell.n as f64, s.found.share);
        // Without a success there is an upper bound alone, drawn as a bar.
        if 0 < s.found.successes {
            panel.series[at].points.push((n, share.mean));
        }
        let lo = if s.found.successes == 0 { share.hi / 10.0 } else { share.lo };
        panel.intervals[at].push((n, lo, share.hi));
    }
    panel
}

/// Figure 4.14, of uniform points and the centred map, which the thesis shows, or the linear one, which its text names.
pub fn of_figure_4_14(figure: &str, map: MapKind, cells: &[Simulated]) -> Agreement {
    let of_map = |map: MapKind| -> Vec<&Simulated> {
        cells.iter().filter(|s| s.cell.map == map && s.cell.points == PointLaw::Cube).collect()
    };
    let share_of = |simulated: &[&Simulated], p: usize, n: usize| {
        let of_cell = simulated.iter().find(|s| (s.cell.p, s.cell.n) == (p, n));
        of_cell.map_or(Interval::of_mean(&[]), |s| s.found.share)
    };
    let shown = of_map(map);
    let share = |p: usize, n: usize| share_of(&shown, p, n);
    let (other, its_name) = match map {
        MapKind::Linear => (MapKind::Centred, "centred"),
        MapKind::Centred | MapKind::Affine => (MapKind::Linear, "linear"),
    };
    let of_the_other = share_of(&of_map(other), 10, 50);
    let worst = along_lines(&shown, |s| s.cell.p).into_iter().reduce(f64::max);
    let [wide, tight] = [[8, 10], [2, 4]].map(|dimensions| dimensions.map(|p| share(p, 5 * p)));
    let least_of_wide = wide.iter().map(|share| share.lo).fold(f64::NAN, f64::min);
    let most_of_tight = tight.iter().map(|share| share.hi).fold(f64::NAN, f64::max);
    let means = |[a, b]: [Interval; 2]| format!("{} and {}", short(a.mean), short(b.mean));
    let bounds = |share: Interval| format!("95 % interval {} to {}", short(share.lo), short(share.hi));
    let [two, ten] = [share(2, 10), share(10, 50)];
    let smallest_fall =
        worst.map_or("no successes".into(), |ratio| format!("smallest fall: to {ratio:.2} times"));
    let falls: Vec<String> = [smallest_fall].into_iter().chain(where_none_succeeds(&shown)).collect();
    let succeed = short(of_the_other.mean);
    let why = if map == MapKind::Linear && 0.1 < of_the_other.lo && ten.lo <= 0.1 {
        format!(
            "for p = 10 and n = 50 the thesis' number fits the {its_name} map ({succeed} of the trials), not the \
             linear one that its text names"
        )
    } else {
        format!("with the {its_name} map ten dimensions and fifty points succeed in {succeed} of the trials")
    };
    agreement(figure)
        .is(
            "success falls from each n to the next, for every p, as far as any trial succeeds",
            worst.is_some_and(|ratio| ratio < 1.0),
            falls.join("; "),
        )
        .is(
            "at n = 5p it is at least ten times as frequent for p = 8 and 10 as for p = 2 and 4",
            MUCH * most_of_tight <= least_of_wide,
            format!("{} against {}", means(wide), means(tight)),
        )
        .is("for p = 2 and n = 10 it is below 0.00001", two.hi < 1e-5, bounds(two))
        .is("for p = 10 and n = 50 it is above 0.1", 0.1 < ten.lo, bounds(ten))
        .because(&why)
}

/// From which n on no trial succeeds, for the p of which that is so; `None` where some do at every n.
fn where_none_succeeds(cells: &[&Simulated]) -> Option<String> {
    let mut dimensions: Vec<usize> = cells.iter().map(|s| s.cell.p).collect();
    dimensions.sort_unstable();
    dimensions.dedup();
    let of_dimension = |p: usize| {
        let of_p = || cells.iter().filter(move |s| s.cell.p == p);
        let last_success = of_p().filter(|s| 0 < s.found.successes).map(|s| s.cell.n).max().unwrap_or(0);
        let first = of_p().map(|s| s.cell.n).filter(|&n| last_success < n).min()?;
        let is_last = of_p().all(|s| s.cell.n <= first);
        Some(if is_last { format!("p = {p} at n = {first}") } else { format!("p = {p} from n = {first} on") })
    };
    let of_dimensions: Vec<String> = dimensions.into_iter().filter_map(of_dimension).collect();
    (!of_dimensions.is_empty()).then(|| format!("none succeeds for {}", of_dimensions.join(", for ")))
}

/// Figure 4.15, of sets that are drawn whole until their points keep the distance, and of points drawn one by one.
pub fn of_figure_4_15(whole_sets: &[Simulated], sequential: &[Simulated]) -> Agreement {
    let mut said = agreement("4.15");
    for (cells, drawn) in [(whole_sets, "sets are drawn whole"), (sequential, "points are drawn one by one")]
    {
        let cells: Vec<&Simulated> = cells.iter().collect();
        let worst = along_lines(&cells, |s| s.cell.n).into_iter().reduce(f64::min);
        said = said.is(
            &format!("success rises with each step of r = 0, 0.1, 0.2 at each n from 5 to 8, where {drawn}"),
            worst.is_some_and(|ratio| 1.0 < ratio),
            worst.map_or("no successes".into(), |ratio| format!("smallest rise: to {ratio:.2} times")),
        );
    }
    said
}

/// The ratios of success from each cell of a line to the next, over all lines: cells that have `line` in common.
fn along_lines(cells: &[&Simulated], line: fn(&Simulated) -> usize) -> Vec<f64> {
    let mut lines: Vec<usize> = cells.iter().map(|s| line(s)).collect();
    lines.sort_unstable();
    lines.dedup();
    let of_line = |which: usize| -> Vec<f64> {
        let shares = cells.iter().filter(|s| line(s) == which).map(|s| s.found.share.mean);
        ratios(&shares.collect::<Vec<_>>()).collect()
    };
    lines.into_iter().flat_map(of_line).collect()
}

#[cfg(test)]
mod tests {
    use vitrine_analysis::embedding_theory::Scheme;
    use vitrine_lab::Stands;

    use super::super::cells::{by_dimension, by_distance};
    use super::*;

    /// Cells with these successes in ten thousand million trials.
    fn simulated(cells: Vec<Cell>, successes: impl Fn(&Cell) -> u64) -> Vec<Simulated> {
        let of = |cell: Cell| {
            let (successes, trials) = (successes(&cell), 10_000_000_000);
            Simulated {
                cell,
                found: Probability { successes, trials, share: Interval::of_share(successes, trials) },
            }
        };
        cells.into_iter().map(of).collect()
    }

    #[test]
    fn tight_bottlenecks_agree_where_they_fail_and_differ_where_all_succeed_alike() {
        let steep = simulated(by_dimension(), |cell| (cell.p as u64).pow(8) * (70 - cell.n as u64));
        for (figure, map) in [("4.14", MapKind::Centred), ("4.14-linear", MapKind::Linear)] {
            assert_eq!(of_figure_4_14(figure, map, &steep).stands(), Stands::Agrees);
        }
        let alike = of_figure_4_14("4.14", MapKind::Centred, &simulated(by_dimension(), |_| 500_000_000));
        assert_eq!(alike.stands(), Stands::Differs);
        assert_eq!(alike.parts[0].numbers, "smallest fall: to 1.00 times");
        assert_eq!(
            alike.why.unwrap(),
            "with the linear map ten dimensions and fifty points succeed in 0.05 of the trials"
        );
    }

    #[test]
    fn where_none_succeeds_is_said_and_that_a_number_of_the_linear_map_fits_the_centred_one() {
        let found = simulated(by_dimension(), |cell| match (cell.map, cell.p) {
            (MapKind::Centred, _) => 3_000_000_000,
            (_, 2) if 8 <= cell.n => 0,
            (_, 4) if cell.n == 20 => 0,
            _ => 1_000 * (70 - cell.n as u64),
        });
        let said = of_figure_4_14("4.14-linear", MapKind::Linear, &found);
        let numbers = &said.parts[0].numbers;
        assert!(
            numbers.ends_with("times; none succeeds for p = 2 from n = 8 on, for p = 4 at n = 20"),
            "{numbers}"
        );
        assert_eq!(
            said.why.unwrap(),
            "for p = 10 and n = 50 the thesis' number fits the centred map (0.3 of the trials), not the linear one \
             that its text names"
        );
    }

    #[test]
    fn separation_agrees_where_each_step_of_it_helps() {
        let of = |successes: fn(&Cell) -> u64| {
            let [whole, sequential] = [Scheme::WholeSet, Scheme::Sequential]
                .map(|scheme| simulated(by_distance(scheme), successes));
            of_figure_4_15(&whole, &sequential).stands()
        };
        let helps = |cell: &Cell| 1_000 + (1_000.0 * cell.separation.map_or(0.0, |s| s.distance)) as u64;
        assert_eq!(of(helps), Stands::Agrees);
        assert_eq!(of(|_| 1_000), Stands::Differs);
        assert_eq!(of(|_| 0), Stands::Differs, "nothing shows it");
    }
}
