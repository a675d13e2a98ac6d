//! How probable is it that random points are embedded? (thesis sec. 4.3.4): figures 4.14 and 4.15, claim C9.

use serde::{Deserialize, Serialize};
use vitrine_analysis::embedding_theory::{Cell, MapKind, PointLaw, Scheme, Stopping, simulate_while};
use vitrine_figures::{LineChart, Picture};
use vitrine_lab::{About, Agreement, Claim, Gallery, Preset, Study, Table};

use super::cells::{WorstRatios, by_dimension, by_distance};
use super::simulated::{
    Line, Simulated, dimension, distance, distance_sequential, of_figure_4_14, of_figure_4_15, panel,
};
use crate::thesis::Context;
use crate::thesis::paper::registered;

pub struct Embedding;

static ABOUT: About = About {
    id: "4.3-embedding",
    title: "The probability that random points in few dimensions can be told apart",
    figures: &["4.14", "4.14-linear", "4.15"],
    tables: &[],
    claims: &["C9"],
};

/// Simulations for claim C9, each with a seed of its own.
const N_REPEATS: u64 = 5;

/// Success by number of points.
#[derive(Serialize, Deserialize)]
pub struct Found {
    /// Figure 4.14.
    by_dimension: Vec<Simulated>,
    /// Figure 4.15, sets drawn whole.
    whole_sets: Vec<Simulated>,
    /// Figure 4.15, sets drawn point by point.
    sequential: Vec<Simulated>,
    /// One for each repeat of the simulation.
    worst_ratios: Vec<WorstRatios>,
}

impl Study for Embedding {
    type Given = Context;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Found> {
        let (stopping, n_blocks) = effort(cx.plan.preset);
        let stop = cx.zoo.stop();
        let try_all = |cells: Vec<Cell>| -> anyhow::Result<Vec<Simulated>> {
            let simulated = cells.into_iter().map(|cell| {
                let goes_on = || !stop.is_requested();
                let found = simulate_while(&cell, &stopping, cx.plan.first_seed(), &goes_on)?;
                Ok(Simulated { cell, found })
            });
            simulated.collect()
        };
        // Other seeds are other repeats.
        let first = 1u64.wrapping_add(cx.plan.first_seed().wrapping_mul(N_REPEATS));
        let repeat = |nth: u64| WorstRatios::estimate(first.wrapping_add(nth), n_blocks, stop);
        Ok(Found {
            by_dimension: try_all(by_dimension())?,
            whole_sets: try_all(by_distance(Scheme::WholeSet))?,
            sequential: try_all(by_distance(Scheme::Sequential))?,
            worst_ratios: (0..N_REPEATS).map(repeat).collect::<anyhow::Result<_>>()?,
        })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let test = |id: &str, ratio: fn(&WorstRatios) -> Option<f64>| {
            let repeats = found.worst_ratios.iter().map(|worst| ratio(worst).unwrap_or(f64::NAN));
            registered(id).over(&repeats.collect::<Vec<_>>())
        };
        vec![
            test("C9.points", |worst| worst.points),
            test("C9.dimension", |worst| worst.dimension),
            test("C9.separation", |worst| worst.separation),
        ]
    }

    fn agreements(&self, found: &Found) -> Vec<Agreement> {
        vec![
            of_figure_4_14("4.14", MapKind::Centred, &found.by_dimension),
            of_figure_4_14("4.14-linear", MapKind::Linear, &found.by_dimension),
            of_figure_4_15(&found.whole_sets, &found.sequential),
        ]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let chosen = |map: MapKind, law: PointLaw| {
            let cells = found.by_dimension.iter().filter(move |s| s.cell.map == map && s.cell.points == law);
            cells.map(|s| (dimension(s), s))
        };
        let wide = Picture { width: 760, height: 340 };
        let maps =
            [("4.14", MapKind::Centred, "centred map"), ("4.14-linear", MapKind::Linear, "linear map")];
        for (figure, map, title) in maps {
            let panels = [false, true].map(|log_y| panel(chosen(map, PointLaw::Cube), title, log_y));
            gallery.add(figure, wide, &LineChart { panels: panels.to_vec() })?;
        }
        let laws = [(PointLaw::Cube, "cube"), (PointLaw::Sphere, "sphere"), (PointLaw::Normal, "normal")];
        let panels = laws
            .map(|(law, name)| panel(chosen(MapKind::Centred, law), &format!("centred map, {name}"), true));
        let picture = Picture { width: 1_080, height: 340 };
        gallery.add("4.14-laws", picture, &LineChart { panels: panels.to_vec() })?;
        let whole = found.whole_sets.iter().map(|s| (distance(s), s));
        let sequential = found.sequential.iter().map(|s| (distance_sequential(s), s));
        let panels =
            vec![panel(whole, "p = 2, whole sets", true), panel(sequential, "p = 2, point by point", true)];
        gallery.add("4.15", wide, &LineChart { panels })
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
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
        let Found { by_dimension, whole_sets, sequential, .. } = found;
        let parts: [(&str, &[Simulated], Line); 3] = [
            ("4.14", by_dimension, dimension),
            ("4.15", whole_sets, distance),
            ("4.15", sequential, distance_sequential),
        ];
        for (figure, simulated, line) in parts {
            for s in simulated {
                let share = s.found.share;
                table.row([
                    figure.to_string(),
                    format!("{:?}", s.cell.points).to_lowercase(),
                    format!("{:?}", s.cell.map).to_lowercase(),
                    line(s),
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
