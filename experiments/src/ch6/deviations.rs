//! Deviations within and between classes, layer by layer, learning and memorising (thesis sec. 6.4): figures 6.7 to
//! 6.9, 6.13 and 6.14, claims C12 and C14.

use vitrine_analysis::deviations::ClassPairs;
use vitrine_figures::{LineChart, Picture};

use super::measures::{self, Measured, draw_all, measure, panel, without_output};
use super::{pair, pair_recipes, shuffled_training_set};
use crate::claim::{Claim, Side};
use crate::context::{Context, Plan};
use crate::findings::Findings;
use crate::recipe::{Recipe, data_streams};
use crate::run_folder::Gallery;
use crate::section::{About, Section};
use crate::table::Table;

pub struct LayerDeviations;

static ABOUT: About = About {
    id: "6.4-deviations",
    title: "Deviations within and between classes by layer, learning and memorising",
    figures: &["6.7", "6.8", "6.9", "6.13", "6.14"],
    tables: &[],
    claims: &["C12", "C14"],
};

/// Network and labelling that are measured, with the name under which they are kept.
const CASES: [(&str, &str); 3] = [
    ("learning", "learning"),
    ("memorising_shuffled", "memorising, labels it was trained on"),
    ("memorising_true", "memorising, true labels"),
];

impl Section for LayerDeviations {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn recipes(&self, plan: &Plan) -> Vec<Recipe> {
        pair_recipes(plan)
    }

    fn run(&self, cx: &Context) -> anyhow::Result<Findings> {
        let mut findings = cx.findings(&ABOUT);
        let mut cases: [Vec<Vec<Measured>>; 3] = Default::default();
        for &seed in &cx.plan.seeds {
            let [learning, memorising] = pair(cx, seed)?.map(|trained| trained.network.clone());
            let evaluation = cx.evaluation(seed);
            let shuffled = shuffled_training_set(&cx.plan, seed)?;
            let mut rng = data_streams(seed).rng("deviations");
            let mut measured = |network, set: &vitrine_data::Dataset| {
                measure(network, set, &set.labels, ClassPairs::Adjacent, &mut rng)
            };
            cases[0].push(measured(&learning, &evaluation.dataset));
            cases[1].push(measured(&memorising, &shuffled));
            cases[2].push(measured(&memorising, &evaluation.dataset));
        }
        for ((name, _), per_seed) in CASES.iter().zip(cases) {
            findings.value(name, per_seed)?;
        }
        Ok(findings)
    }

    fn claims(&self, findings: &Findings) -> anyhow::Result<Vec<Claim>> {
        let learning: Vec<Vec<Measured>> = findings.get("learning")?;
        let memorising: Vec<Vec<Measured>> = findings.get("memorising_shuffled")?;
        let c12 = "Learning shrinks inner-class deviation layer by layer; memorising raises it.";
        let c14 = "The activation level rises with depth.";
        let cosine = |m: &Measured| m.deviations.inner.cosine.interval.mean;
        let level = |m: &Measured| m.deviations.activation_level.interval.mean;
        let largest_step = |network: &Vec<Measured>| steps(network, cosine).fold(f64::NEG_INFINITY, f64::max);
        let smallest_rise = |network: &Vec<Measured>| {
            let [input, hidden @ ..] = without_output(network) else { return f64::NAN };
            hidden.iter().map(|m| cosine(m) - cosine(input)).fold(f64::INFINITY, f64::min)
        };
        let smallest_step = |network: &Vec<Measured>| steps(network, level).fold(f64::INFINITY, f64::min);
        let over_seeds = |networks: &[Vec<Measured>], f: &dyn Fn(&Vec<Measured>) -> f64| -> Vec<f64> {
            networks.iter().map(f).collect()
        };
        Ok(vec![
            Claim::test(
                "C12.learning",
                c12,
                "inner-class cosine deviation of the learning network: the largest step from a layer to the next, input to last hidden, below 0",
                &over_seeds(&learning, &largest_step),
                Side::Below,
                0.0,
            ),
            Claim::test(
                "C12.memorising",
                c12,
                "inner-class cosine deviation of the memorising network under its labels: the lowest hidden layer less the input, above 0",
                &over_seeds(&memorising, &smallest_rise),
                Side::Above,
                0.0,
            ),
            Claim::test(
                "C14",
                c14,
                "activation level of the learning network: the smallest step from a layer to the next, input to last hidden, above 0",
                &over_seeds(&learning, &smallest_step),
                Side::Above,
                0.0,
            ),
        ])
    }

    fn draw(&self, findings: &Findings, gallery: &mut Gallery) -> anyhow::Result<()> {
        let first = |name: &str| -> anyhow::Result<Vec<Measured>> {
            let per_seed: Vec<Vec<Measured>> = findings.get(name)?;
            Ok(without_output(&per_seed[0]).to_vec())
        };
        let learning = first("learning")?;
        let wide = Picture { width: 640, height: 280 };
        let lines: [(&str, measures::Pick); 2] =
            [("inner-class", |l| l.inner.euclidean), ("inter-class", |l| l.inter.euclidean)];
        let euclidean = panel(&learning, "learning: Euclidean", "distance", &lines);
        gallery.add("6.7", Picture { width: 320, height: 280 }, &LineChart { panels: vec![euclidean] })?;
        let normalised: [(&str, measures::Pick); 2] = [
            ("inner-class", |l| l.inner.normalised_euclidean),
            ("inter-class", |l| l.inter.normalised_euclidean),
        ];
        let panels = vec![
            panel(&learning, "learning: activation level", "mean |a|₁", &[("level", |l| l.activation_level)]),
            panel(&learning, "learning: normalised Euclidean", "distance / level", &normalised),
        ];
        gallery.add("6.8", wide, &LineChart { panels })?;
        let [_, angles] = measures::all_panels(&learning, "learning");
        gallery.add("6.9", wide, &angles)?;
        draw_all(gallery, "6.13", &first("memorising_shuffled")?, "")?;
        draw_all(gallery, "6.14", &first("memorising_true")?, "")
    }

    fn tables(&self, findings: &Findings) -> Vec<(String, Table)> {
        let mut table = Table::new([
            "network",
            "layer",
            "level",
            "inner Euclid.",
            "inner norm.",
            "inner cos.",
            "inner corr.",
            "inter Euclid.",
            "inter norm.",
            "inter cos.",
            "inter corr.",
            "undefined",
        ]);
        for (name, title) in CASES {
            let per_seed: Vec<Vec<Measured>> = findings.get(name).unwrap_or_default();
            for m in per_seed.first().into_iter().flatten() {
                let d = &m.deviations;
                let all = [&d.inner, &d.inter]
                    .map(|x| [x.euclidean, x.normalised_euclidean, x.cosine, x.correlation]);
                let numbers = all.as_flattened().iter().map(|v| format!("{:.4}", v.interval.mean));
                let n_undefined: usize = all.as_flattened().iter().map(|v| v.n_undefined).sum();
                let head =
                    [title.to_string(), m.layer.clone(), format!("{:.1}", d.activation_level.interval.mean)];
                table.row(head.into_iter().chain(numbers).chain([n_undefined.to_string()]));
            }
        }
        vec![("-deviations".into(), table)]
    }
}

/// By how much a measure changes from each layer to the next, the softmax left out.
fn steps(network: &[Measured], value: impl Fn(&Measured) -> f64) -> impl Iterator<Item = f64> {
    let values: Vec<f64> = without_output(network).iter().map(value).collect();
    (1..values.len()).map(move |l| values[l] - values[l - 1])
}
