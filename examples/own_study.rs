//! A study of one's own: does a wider hidden layer locate steps better? It trains what it needs into a zoo, tests a claim
//! over seeds, and leaves findings, a figure, a table and a report in a folder, which is the argument (default: a
//! temporary one).

#![expect(clippy::print_stdout, reason = "an example says what it found")]

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use vitrine_data::{DataSettings, JumpSource};
use vitrine_figures::{LineChart, Panel, Picture, Series};
use vitrine_lab::activations::accuracy;
use vitrine_lab::register::{Above, Register, Registered, RegisteredClaim};
use vitrine_lab::{
    About, Claim, Code, Gallery, Given, Job, Listed, Origin, Paper, Plan, Preset, Recipe, Study, Table,
    Workshop, Zoo, report,
};
use vitrine_model::TrainSettings;

/// What the study is given.
struct Bench {
    zoo: Zoo,
    seeds: Vec<u64>,
}

impl Given for Bench {
    fn plan(&self) -> Plan {
        Plan::of(Preset::Quick, self.seeds.clone(), toml::Table::new())
    }

    fn zoo(&self) -> &Zoo {
        &self.zoo
    }
}

struct Width;

const WIDTHS: [usize; 3] = [5, 20, 80];

/// Accuracies by width and seed.
#[derive(Serialize, Deserialize)]
struct Found {
    accuracies: Vec<Vec<f64>>,
}

/// The test of the study, stated before anything is measured.
fn wider_is_better() -> Registered {
    Registered::mean("C1", "accuracy of 80 hidden units less that of 5", Above(0.0))
}

impl Width {
    fn recipe(width: usize, seed: u64) -> Recipe {
        Recipe {
            seed,
            network: format!("mlp:100-{width}-60").parse().expect("a network"),
            data: DataSettings::from(JumpSource {
                n_train: 1_200,
                n_validation: 0,
                n_test: 600,
                ..Default::default()
            }),
            output_start: Default::default(),
            training: TrainSettings { learning_rate: 0.05, max_epochs: 30, ..Default::default() },
        }
    }
}

impl Study for Width {
    type Given = Bench;
    type Findings = Found;

    fn about(&self) -> &'static About {
        &About {
            id: "1-width",
            title: "Accuracy by width of the hidden layer",
            figures: &["1"],
            tables: &["1"],
            claims: &["C1"],
        }
    }

    fn recipes(&self, bench: &Bench) -> Vec<Recipe> {
        WIDTHS.iter().flat_map(|&w| bench.seeds.iter().map(move |&seed| Width::recipe(w, seed))).collect()
    }

    fn run(&self, bench: &Bench) -> anyhow::Result<Found> {
        let accuracy_of = |width: usize, seed: u64| {
            let trained = bench.zoo.obtain_one(&Width::recipe(width, seed))?;
            Ok(accuracy(&trained.network, &trained.recipe.load_data(bench.zoo.folders())?.test))
        };
        let by_seed = |&width: &usize| bench.seeds.iter().map(|&seed| accuracy_of(width, seed)).collect();
        Ok(Found { accuracies: WIDTHS.iter().map(by_seed).collect::<anyhow::Result<_>>()? })
    }

    fn claims(&self, found: &Found) -> Vec<Claim> {
        let gains: Vec<f64> = found.accuracies[2]
            .iter()
            .zip(&found.accuracies[0])
            .map(|(wide, narrow)| wide - narrow)
            .collect();
        vec![wider_is_better().over(&gains)]
    }

    fn draw(&self, found: &Found, gallery: &mut Gallery) -> anyhow::Result<()> {
        let mean = |values: &Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
        let points = WIDTHS.iter().zip(&found.accuracies).map(|(&w, a)| (w as f64, mean(a))).collect();
        let panel = Panel {
            x_label: "hidden units".into(),
            y_label: "accuracy".into(),
            series: vec![Series { name: "mean over seeds".into(), points }],
            ..Panel::default()
        };
        gallery.add("1", Picture { width: 400, height: 280 }, &LineChart { panels: vec![panel] })
    }

    fn tables(&self, found: &Found) -> Vec<(String, Table)> {
        let mut table = Table::new(["hidden units", "accuracy by seed"]);
        for (width, accuracies) in WIDTHS.iter().zip(&found.accuracies) {
            let cells: Vec<String> = accuracies.iter().map(|a| format!("{a:.3}")).collect();
            table.row([width.to_string(), cells.join(" ")]);
        }
        vec![("1".into(), table)]
    }
}

fn main() -> anyhow::Result<()> {
    let temporary = tempfile::tempdir()?;
    let runs = std::env::args_os().nth(1).map_or(temporary.path().to_path_buf(), PathBuf::from);
    let studies: &[Listed<Bench>] = &[&Width];
    let bench = Bench { zoo: Zoo::new(Workshop::new(&runs)), seeds: vec![0, 1, 2] };
    let code = |_: &str| Code::of_program();
    let job = Job { given: &|_| &bench, runs: &runs, origin: Origin::default(), code: &code, force: false };
    job.run(studies, &mut |study, ended| {
        let Some(stored) = ended.outcome.stored() else { anyhow::bail!("it did not run") };
        study.tables(stored)?.iter().for_each(|(_, table)| println!("{}", table.to_text()));
        Ok(())
    })?;
    let claim = RegisteredClaim::new("C1", "Wider layers locate steps better.", vec![wider_is_better()]);
    let register = Register { claims: vec![claim] };
    let paper = Paper { title: "How wide?".into(), voice: "Paper".into(), register, ..Paper::default() };
    let written = report::write(&paper, studies, &runs, &Preset::Quick.into())?;
    for tested in written.ledger.tests() {
        println!("{} {}: {}", tested.test.id, tested.verdict_words(), tested.test.words());
    }
    println!("{written}");
    Ok(())
}
