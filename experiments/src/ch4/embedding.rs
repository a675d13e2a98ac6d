//! How probable is it that random points are embedded? (thesis sec. 4.3.4): figures 4.14 and 4.15, claim C9.

use serde::{Deserialize, Serialize};
use vitrine_analysis::embedding_theory::{
    Cell, MapKind, PointLaw, Probability, Scheme, Separation, Stopping, TRIALS_PER_BLOCK, simulate,
    successes_in_blocks,
};
use vitrine_figures::{LineChart, Panel, Picture, Series};

use crate::claim::{Claim, Side};
use crate::context::Context;
use crate::findings::Findings;
use crate::preset::Preset;
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct Embedding;

static ABOUT: About = About {
    id: "4.3-embedding",
    title: "The probability that random points in few dimensions can be told apart",
    figures: &["4.14", "4.15"],
    tables: &[],
    claims: &["C9"],
};

/// Simulations for claim C9, each with a seed of its own.
const N_REPEATS: u64 = 5;
/// Steps from n = 2p to 5p.
const N_STEPS: usize = 7;
/// Dimensions of figure 4.14.
const DIMENSIONS: [usize; 5] = [2, 4, 6, 8, 10];
/// Numbers of points of figure 4.15.
const SEPARATED: std::ops::RangeInclusive<usize> = 5..=8;
/// Distances of figure 4.15.
const DISTANCES: [f64; 3] = [0.0, 0.1, 0.2];

/// A cell with what was found, in a group that is drawn as one line.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Simulated {
    group: String,
    cell: Cell,
    found: Probability,
}

impl Section for Embedding {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let (stopping, n_blocks) = effort(cx.plan.preset);
        let seed = cx.plan.seeds[0];
        for (figure, cells) in [("4.14", cells_by_dimension()), ("4.15", cells_by_distance())] {
            let simulated = cells.into_iter().map(|(group, cell)| {
                crate::signals::check()?;
                Ok(Simulated { group, cell, found: simulate(&cell, &stopping, seed)? })
            });
            findings.value(figure, simulated.collect::<anyhow::Result<Vec<_>>>()?)?;
        }
        let mut repeats = Vec::new();
        for repeat in 0..N_REPEATS {
            repeats.push(worst_ratios(1 + repeat, n_blocks)?);
        }
        findings.value("worst_ratios", repeats)?;
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let sentence = "Embedding success falls with the number of points, rises with the dimension and with separation.";
        let repeats: Vec<[f64; 3]> = findings.get("worst_ratios")?;
        let nth = |k: usize| -> Vec<f64> { repeats.iter().map(|r| r[k]).collect() };
        let what = "centred map, uniform points; a repeat of the simulation counts as a seed";
        let test = |id: &str, text: &str, k: usize, side: Side| {
            Claim::test(id, sentence, &format!("{text} ({what})"), &nth(k), side, 1.0)
        };
        Ok(vec![
            test(
                "C9.points",
                "largest ratio of success from n to the next n of figure 4.14, below 1",
                0,
                Side::Below,
            ),
            test(
                "C9.dimension",
                "smallest ratio of success from p to p + 2 at equal n/p in figure 4.14, above 1",
                1,
                Side::Above,
            ),
            test(
                "C9.separation",
                "smallest ratio of success from r to the next r of figure 4.15, n = 5 to 7, above 1",
                2,
                Side::Above,
            ),
        ])
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let simulated: Vec<Simulated> = findings.get("4.14")?;
        for (part, map) in [("", MapKind::Centred), ("-linear", MapKind::Linear)] {
            let chosen: Vec<&Simulated> =
                simulated.iter().filter(|s| s.cell.map == map && s.cell.points == PointLaw::Cube).collect();
            let title = if map == MapKind::Centred { "centred map" } else { "linear map" };
            let panels = vec![panel(&chosen, title, false), panel(&chosen, title, true)];
            gallery.add(
                &format!("4.14{part}"),
                Picture { width: 760, height: 340 },
                &LineChart { panels },
            )?;
        }
        let laws = [(PointLaw::Cube, "cube"), (PointLaw::Sphere, "sphere"), (PointLaw::Normal, "normal")];
        let of_law = |&(law, name): &(PointLaw, &str)| {
            let chosen: Vec<&Simulated> =
                simulated.iter().filter(|s| s.cell.map == MapKind::Centred && s.cell.points == law).collect();
            panel(&chosen, &format!("centred map, {name}"), true)
        };
        let panels = laws.iter().map(of_law).collect();
        gallery.add("4.14-laws", Picture { width: 1_080, height: 340 }, &LineChart { panels })?;
        let simulated: Vec<Simulated> = findings.get("4.15")?;
        let scheme = |sequential: bool| {
            let chosen: Vec<&Simulated> =
                simulated.iter().filter(|s| s.group.contains("sequential") == sequential).collect();
            let title = if sequential { "point by point" } else { "whole sets" };
            panel(&chosen, &format!("p = 2, {title}"), true)
        };
        let panels = vec![scheme(false), scheme(true)];
        gallery.add("4.15", Picture { width: 760, height: 340 }, &LineChart { panels })
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let mut table = Table::new([
            "figure",
            "points",
            "map",
            "line",
            "p",
            "n",
            "probability",
            "95 % interval",
            "trials",
        ]);
        for figure in ["4.14", "4.15"] {
            for s in findings.get::<Vec<Simulated>>(figure).unwrap_or_default() {
                let share = s.found.share;
                table.row([
                    figure.to_string(),
                    format!("{:?}", s.cell.points).to_lowercase(),
                    format!("{:?}", s.cell.map).to_lowercase(),
                    s.group,
                    s.cell.p.to_string(),
                    s.cell.n.to_string(),
                    if s.found.successes == 0 { "0".into() } else { format!("{:.3e}", share.mean) },
                    format!("{:.2e} – {:.2e}", share.lo, share.hi),
                    s.found.trials.to_string(),
                ]);
            }
        }
        vec![("-embedding".into(), table)]
    }
}

/// When a cell is known well enough, and blocks per cell of a repeat.
fn effort(preset: Preset) -> (Stopping, u64) {
    let stopping = |relative_half_width, trials_without_success, max_trials| Stopping {
        relative_half_width,
        trials_without_success,
        max_trials,
    };
    match preset {
        Preset::Smoke => (stopping(0.5, 20_000, 20_000), 2),
        Preset::Quick => (stopping(0.1, 10_000_000, 20_000_000), 20),
        Preset::Full => (Stopping::default(), 80),
    }
}

/// n = 2p to 5p in equal steps.
fn n_points(p: usize) -> impl Iterator<Item = usize> {
    (0..N_STEPS).map(move |step| 2 * p + step * p / 2)
}

fn cells_by_dimension() -> Vec<(String, Cell)> {
    let mut cells = Vec::new();
    for points in [PointLaw::Cube, PointLaw::Sphere, PointLaw::Normal] {
        for map in [MapKind::Centred, MapKind::Linear] {
            for p in DIMENSIONS {
                cells.extend(
                    n_points(p).map(|n| (format!("p = {p}"), Cell { p, n, points, map, separation: None })),
                );
            }
        }
    }
    cells
}

fn cells_by_distance() -> Vec<(String, Cell)> {
    let mut cells = Vec::new();
    for (scheme, name) in [(Scheme::WholeSet, ""), (Scheme::Sequential, ", sequential")] {
        for distance in DISTANCES {
            cells
                .extend(SEPARATED.map(|n| (format!("r = {distance}{name}"), separated(n, distance, scheme))));
        }
    }
    cells
}

fn separated(n: usize, distance: f64, scheme: Scheme) -> Cell {
    let separation = (0.0 < distance).then_some(Separation { distance, scheme });
    Cell { p: 2, n, points: PointLaw::Cube, map: MapKind::Centred, separation }
}

/// The ratios of neighbouring cells that lie nearest to, or beyond, what the claim says: along n, p and r.
fn worst_ratios(seed: u64, n_blocks: u64) -> anyhow::Result<[f64; 3]> {
    let share = |cell: Cell, n_blocks: u64| -> anyhow::Result<f64> {
        crate::signals::check()?;
        let trials = (n_blocks * TRIALS_PER_BLOCK) as f64;
        Ok(successes_in_blocks(&cell, seed, 0..n_blocks)? as f64 / trials)
    };
    let (points, map) = (PointLaw::Cube, MapKind::Centred);
    let mut by_dimension = Vec::new();
    for p in DIMENSIONS {
        let cells = n_points(p).map(|n| share(Cell { p, n, points, map, separation: None }, n_blocks));
        by_dimension.push(cells.collect::<anyhow::Result<Vec<f64>>>()?);
    }
    // Zero successes are no ratio; the next step down has then been taken already.
    let ratio = |from: f64, to: f64| (0.0 < from && 0.0 < to).then_some(to / from);
    let along_n = by_dimension.iter().flat_map(|row| row.windows(2).filter_map(|w| ratio(w[0], w[1])));
    let along_p = by_dimension
        .windows(2)
        .flat_map(|rows| rows[0].iter().zip(&rows[1]).filter_map(|(&from, &to)| ratio(from, to)));
    let mut along_r = f64::INFINITY;
    for n in *SEPARATED.start()..*SEPARATED.end() {
        let shares = DISTANCES.map(|distance| share(separated(n, distance, Scheme::WholeSet), 10 * n_blocks));
        let shares: Vec<f64> = shares.into_iter().collect::<anyhow::Result<_>>()?;
        along_r = shares.windows(2).filter_map(|w| ratio(w[0], w[1])).fold(along_r, f64::min);
    }
    Ok([along_n.fold(0.0, f64::max), along_p.fold(f64::INFINITY, f64::min), along_r])
}

/// Success against the number of points, a line for each group.
fn panel(simulated: &[&Simulated], title: &str, log_y: bool) -> Panel {
    let mut panel = Panel {
        title: title.into(),
        x_label: "number of points n".into(),
        y_label: "probability of success".into(),
        log_y,
        ..Panel::default()
    };
    for s in simulated {
        let at = match panel.series.iter().position(|line| line.name == s.group) {
            Some(at) => at,
            None => {
                panel.series.push(Series { name: s.group.clone(), points: Vec::new() });
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
