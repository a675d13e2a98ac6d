//! What the one-layer network learned (thesis sec. 3.3.3): figures 3.14 and 3.15, claim C3.

use ndarray::{Array1, Array2};
use serde_json::json;
use vitrine_analysis::detectors::{
    FilterDetector, GaussianDerivative, LinearDetector, Padding, without_common_row,
};
use vitrine_analysis::errors::DetectionErrors;
use vitrine_analysis::profiles::Profile;
use vitrine_data::Sigma;
use vitrine_figures::{HeatMaps, Picture, StemChart, Stems};

use super::{MLPS, specs};
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::layers;
use crate::recipe::Recipe;
use crate::rows::BLOCK;
use crate::run_folder::Gallery;
use crate::section::{About, Section};

pub struct OneLayer;

static ABOUT: About = About {
    id: "3.3-one-layer",
    title: "The one-layer network: its weights beside a Gaussian derivative and the best linear detector",
    figures: &["3.14", "3.15"],
    tables: &[],
    claims: &["C3"],
};

/// The jump whose weight row is shown.
const JUMP: usize = 50;
/// Samples on either side of the jump over which rows are aligned and compared.
const REACH: usize = 10;

impl Section for OneLayer {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        plan.recipes(&specs(&MLPS[..1]))
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let s = &cx.plan.settings.signals;
        let networks = cx.networks(&specs(&MLPS[..1])[0])?;
        layers::keep(&mut findings, "mlp", &networks[0].network, &cx.evaluation(cx.plan.seeds[0]).dataset);
        let mut per_seed = Vec::new();
        for (network, &seed) in networks.iter().zip(&cx.plan.seeds) {
            let weights: Array2<f64> = network.network.weights.0[0].weight.mapv(f64::from);
            let profile = Profile::aligned(without_common_row(weights.view()).view(), s.first_jump, REACH);
            let fit = profile.fit_gaussian_derivative(0.3..=20.0);
            let signals = cx.evaluation(seed);
            let errors = |filter| {
                let padding = Padding::Reflect;
                let detector =
                    FilterDetector { filter, padding, first_jump: s.first_jump, last_jump: s.last_jump };
                let estimates = detector.detect(signals.dataset.inputs.view());
                DetectionErrors::in_blocks(&estimates, &signals.jumps, BLOCK)
            };
            per_seed.push(json!({
                "profile": errors(profile.filter()),
                "gaussian_derivative": errors(GaussianDerivative::default().filter()),
                "tau": fit.map(|f| f.tau),
                "correlation": fit.map(|f| f.correlation),
            }));
            if seed == cx.plan.seeds[0] {
                findings
                    .array("offsets", Array1::from_iter(profile.offsets.iter().map(|&o| o as f64)).view());
                findings.array("profile", Array1::from(profile.mean).view());
            }
        }
        findings.value("per_seed", per_seed)?;
        findings.value("first_jump", s.first_jump)?;
        findings.value("reach", REACH)?;
        let sigma = match s.sigma_before {
            Sigma::Fixed(sigma) => sigma,
            Sigma::Uniform { low, high } => (low + high) / 2.0,
        };
        let best = LinearDetector::best(s.jump_size, sigma, s.n_features, s.first_jump, s.last_jump);
        findings.array("best_linear_weight", best.weights.view());
        let derivative = GaussianDerivative::default().filter();
        let laid = (0..s.n_features).map(|i| derivative.tap(JUMP as isize - 1 - i as isize));
        findings.array("gaussian_derivative_row", Array1::from_iter(laid).view());
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let per_seed: Vec<serde_json::Value> = findings.get("per_seed")?;
        let number = |pointer: &str| -> Vec<f64> {
            per_seed
                .iter()
                .map(|seed| seed.pointer(pointer).and_then(|v| v.as_f64()).unwrap_or(f64::NAN))
                .collect()
        };
        let (profile, baseline) = (number("/profile/l1"), number("/gaussian_derivative/l1"));
        let gain: Vec<f64> = profile.iter().zip(&baseline).map(|(p, b)| p - b).collect();
        let sentence = "The one-layer network's weight rows are a smoothed first derivative, better than the Gaussian one.";
        Ok(vec![
            Claim::test(
                "C3.shape",
                sentence,
                "correlation of the rows, aligned on their jump and averaged over ± 10 samples, with a Gaussian derivative of fitted width, above 0.8",
                &number("/correlation"),
                Side::Above,
                0.8,
            ),
            Claim::test(
                "C3.better",
                sentence,
                "L1 of the averaged row as a filter less that of the Gaussian derivative (τ = 2.9), both over the allowed positions, below 0",
                &gain,
                Side::Below,
                0.0,
            ),
        ])
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let first_jump: usize = findings.get("first_jump")?;
        let mut weights = layers::weight_map("output", findings.matrix("mlp_output_weight")?);
        (weights.x_label, weights.y_label, weights.first_row) = ("position i", "jump position", first_jump);
        let mut means = layers::means_map("output", findings.matrix("mlp_output_means")?, first_jump, false);
        (means.y_label, means.first_row) = ("jump position of the unit", first_jump);
        let maps = HeatMaps { maps: vec![weights, means], n_columns: 2 };
        gallery.add_raster("3.14", Picture { width: 760, height: 340 }, &maps)?;
        let row = JUMP.saturating_sub(first_jump);
        let numbered = |values: ndarray::ArrayView1<f64>| -> Vec<(f64, f64)> {
            values.iter().enumerate().map(|(i, &v)| ((i + 1) as f64, v)).collect()
        };
        let (offsets, profile) = (findings.vector("offsets")?, findings.vector("profile")?);
        let panels = vec![
            Stems {
                title: "learned, jump at 50".into(),
                taps: numbered(findings.matrix("mlp_output_weight")?.row(row)),
            },
            Stems {
                title: "Gaussian derivative".into(),
                taps: numbered(findings.vector("gaussian_derivative_row")?),
            },
            Stems {
                title: "best linear detector".into(),
                taps: numbered(findings.matrix("best_linear_weight")?.row(row)),
            },
            Stems {
                title: "learned rows, aligned and averaged".into(),
                taps: offsets.iter().copied().zip(profile.iter().copied()).collect(),
            },
        ];
        let chart = StemChart {
            panels,
            x_label: "position, or offset from the jump",
            y_label: "weight",
            n_columns: 2,
        };
        gallery.add("3.15", Picture { width: 720, height: 480 }, &chart)
    }
}
