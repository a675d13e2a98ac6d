//! Filters of signal processing (thesis sec. 3.2): figures 3.3, 3.4, 3.6 and 3.16, eq. 3.3 and 3.4 against simulation.

use ndarray::{Array1, s};
use serde_json::json;
use vitrine_analysis::detectors::{GaussianDerivative, Padding};
use vitrine_analysis::filters::Filter;
use vitrine_figures::{LineChart, Panel, Picture, Series, StemChart, Stems};

use crate::context::Context;
use crate::findings::Findings;
use crate::recipe::data_streams;
use crate::run_folder::Gallery;
use crate::section::{About, Section};

pub struct Filters;

static ABOUT: About = About {
    id: "3.2-filters",
    title: "Smoothing, difference and mixed filters on a noisy step; their gain and noise",
    figures: &["3.3", "3.4", "3.6", "3.16"],
    tables: &[],
    claims: &[],
};

/// Jump of the signal that is filtered, and of the local views of figure 3.16.
const JUMP: usize = 50;

impl Section for Filters {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let signals = cx.evaluation(cx.plan.seeds[0]);
        let of_jump: Vec<usize> = (0..signals.jumps.len()).filter(|&i| signals.jumps[i] == JUMP).collect();
        let first =
            *of_jump.first().ok_or_else(|| anyhow::anyhow!("no signal jumps at {JUMP}: --set signals"))?;
        let signal = signals.dataset.inputs.row(first);
        findings.array("signal", signal);
        let parts = Filter::mixed().split();
        for (name, filter) in
            [("mixed", &Filter::mixed()), ("smoothing", &parts.smoothing), ("difference", &parts.difference)]
        {
            findings.array(&format!("{name}_filtered"), filter.convolve(signal, Padding::Edge).view());
        }
        let detector = GaussianDerivative::default();
        let gaussian = Filter::gaussian(detector.window, detector.tau);
        for (name, filter) in [("gaussian", &gaussian), ("gaussian_derivative", &detector.filter())] {
            findings.array(&format!("{name}_taps"), Array1::from(filter.taps().to_vec()).view());
            findings
                .array(&format!("{name}_lags"), Array1::from_iter(filter.lags().map(|l| l as f64)).view());
        }
        let filters = [
            ("mixed", Filter::mixed()),
            ("smoothing of 4", Filter::smoothing(4)),
            ("difference", Filter::difference()),
            ("gaussian", gaussian),
            ("gaussian derivative", detector.filter()),
        ];
        for (name, filter) in filters {
            findings.value(name, moments(cx, &filter))?;
        }
        Ok(findings)
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let panel = |title: &str, name: &str| {
            let line = |series: &str, array: &str| {
                let points =
                    findings.vector(array)?.iter().enumerate().map(|(i, &v)| ((i + 1) as f64, v)).collect();
                anyhow::Ok(Series { name: series.into(), points })
            };
            anyhow::Ok(Panel {
                title: title.into(),
                x_label: "position i".into(),
                y_label: "value".into(),
                series: vec![line("signal", "signal")?, line("filtered", &format!("{name}_filtered"))?],
                ..Panel::default()
            })
        };
        let mixed = panel("[1 1 1 1 −1]", "mixed")?;
        gallery.add(
            "3.3",
            Picture { width: 480, height: 280 },
            &LineChart { panels: vec![mixed.clone()] },
        )?;
        let panels = vec![panel("[1 1 1 0 0]", "smoothing")?, panel("[0 0 0 1 −1]", "difference")?, mixed];
        gallery.add("3.4", Picture { width: 960, height: 280 }, &LineChart { panels })?;
        let stems = |title: &str, name: &str, around: f64| {
            let (lags, taps) =
                (findings.vector(&format!("{name}_lags"))?, findings.vector(&format!("{name}_taps"))?);
            let taps = lags.iter().zip(taps).map(|(&l, &t)| (around + l, t)).collect();
            anyhow::Ok(Stems { title: title.into(), taps })
        };
        let chart = |panels: Vec<Stems>, n_columns| StemChart {
            panels,
            x_label: "position",
            y_label: "weight",
            n_columns,
        };
        let picture = Picture { width: 400, height: 260 };
        gallery.add(
            "3.6",
            picture,
            &chart(vec![stems("Gaussian, τ = 2.9, 19 taps", "gaussian", 0.0)?], 1),
        )?;
        let difference = Stems { title: "(c) first difference".into(), taps: vec![(-1.0, -1.0), (0.0, 1.0)] };
        let panels = vec![
            stems("(a) Gaussian", "gaussian", 0.0)?,
            stems("(b) Gaussian at 50", "gaussian", JUMP as f64)?,
            difference,
            stems("(d) both, at 50", "gaussian_derivative", JUMP as f64)?,
        ];
        gallery.add("3.16", Picture { width: 640, height: 460 }, &chart(panels, 2))
    }
}

/// Norm, gain, and mean and variance of the filtered step at its jump: by eq. 3.3 and 3.4, and simulated.
fn moments(cx: &Context, filter: &Filter) -> serde_json::Value {
    const N_SIMULATED: usize = 20_000;
    let settings =
        vitrine_data::JumpSettings { first_jump: JUMP, last_jump: JUMP, ..cx.plan.settings.signals.clone() };
    let simulated = settings.draw(N_SIMULATED, &data_streams(cx.plan.seeds[0]).child("filters"));
    let reach = filter.taps().len();
    let around = s![JUMP - 1 - reach..(JUMP + reach).min(settings.n_features)];
    let values: Vec<f64> = simulated
        .dataset
        .inputs
        .rows()
        .into_iter()
        .map(|signal| filter.convolve(signal.slice(around), Padding::Edge)[reach])
        .collect();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64;
    let sigma = simulated.sigmas[0][0];
    json!({
        "norm": filter.norm(),
        "gain": filter.gain(),
        "mean_at_jump": filter.step_mean(settings.n_features, JUMP, settings.jump_size)[JUMP - 1],
        "mean_at_jump_simulated": mean,
        "variance": filter.filtered_variance(sigma),
        "variance_simulated": variance,
    })
}
