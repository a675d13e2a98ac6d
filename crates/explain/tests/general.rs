//! The methods over the general model: the answers of the fused one, and samples of any shape.

use ndarray::{Array2, array};
use rand::RngExt;
use vitrine_data::Streams;
use vitrine_explain::ascent::{Ascent, Normalise};
use vitrine_explain::fooling::{Fooling, Norm};
use vitrine_explain::{Stage, probability, unit};
use vitrine_model::{
    DeviceChoice, FusedModel, GeneralModel, Graph, GraphBuilder, Init, Model, NetworkSpec, Objective, Term,
    Weights,
};

const SHAPES: [&str; 3] = ["mlp:20-16+tanh-8", "cnn:20,conv5+silu,12,8", "bottleneck:20-10-3-10-8"];
const N_ROWS: usize = 130;

fn models(spec: &str) -> (FusedModel, GeneralModel) {
    let spec: NetworkSpec = spec.parse().unwrap();
    let weights = Weights::init(spec.graph(), Init::PyTorch, &mut Streams::new(1).rng("weights"));
    let general = GeneralModel::new(spec.graph(), &weights, DeviceChoice::Cpu).unwrap();
    (FusedModel::new(spec.graph(), &weights).unwrap(), general)
}

fn inputs() -> Array2<f32> {
    let mut rng = Streams::new(2).rng("inputs");
    Array2::from_shape_simple_fn((N_ROWS, 20), || rng.random_range(-1.5..1.5))
}

/// A class each, less half of what a unit of the first layer gives.
fn objective(graph: &Graph) -> Objective {
    let first = &graph.layers()[0].name;
    let mut objective = Objective::default();
    for row in 0..N_ROWS {
        let hidden = unit(graph, first, Stage::Post, row % 5).unwrap();
        objective.push(&[probability(graph, row % 8).unwrap(), Term { weight: -0.5, ..hidden }]);
    }
    objective
}

#[test]
fn an_ascent_leads_where_the_fused_model_s_leads() {
    for spec in SHAPES {
        let (fused, general) = models(spec);
        let ascent = Ascent {
            rate: 0.05,
            normalise: Normalise::Length,
            target: Some(0.4),
            max_steps: 40,
            ..Ascent::default()
        };
        let climb =
            |model: &dyn Model| ascent.climb(model, &objective(model.graph()), inputs().view()).unwrap();
        let (ours, theirs) = (climb(&general), climb(&fused));
        let distance = (&ours.inputs - &theirs.inputs).iter().fold(0f32, |m, d| d.abs().max(m));
        assert!(distance < 1e-3, "{spec}: {distance}");
        assert_eq!(ours.endings, theirs.endings, "{spec}");
    }
}

#[test]
fn changes_that_move_an_answer_are_as_small_as_the_fused_model_s() {
    for spec in SHAPES {
        let (fused, general) = models(spec);
        let search = |model: &dyn Model| Fooling::default().search(model, inputs().view()).unwrap();
        let (ours, theirs) = (search(&general), search(&fused));
        assert_eq!((&ours.before, &ours.after), (&theirs.before, &theirs.after), "{spec}");
        // Where a bottleneck's units are all dead, as for most of these rows, nothing moves the answer.
        let moved = theirs.sizes.iter().flatten().count();
        assert!(N_ROWS / 4 < moved, "{spec}: {moved}");
        for sizes in ours.sizes.iter().zip(&theirs.sizes) {
            let is_close = match sizes {
                (Some(ours), Some(theirs)) => (ours - theirs).abs() < 1e-3 * (0.1 + theirs),
                (ours, theirs) => ours == theirs,
            };
            assert!(is_close, "{spec}: {sizes:?}");
        }
    }
}

#[test]
fn samples_may_have_any_shape() {
    // A softmax and nothing else: the logits are the input, of shape [1, 3].
    let graph = GraphBuilder::input([1, 3]).softmax().build().unwrap();
    let model = GeneralModel::new(&graph, &Weights::default(), DeviceChoice::Cpu).unwrap();
    let starts = array![[[0.0f32, 0.0, 0.0]], [[0.0, 1.0, 3.0]]];
    let middle = Objective::same(&[probability(&graph, 1).unwrap()], 2);
    let ascent = Ascent { rate: 1.0, target: Some(0.9), ..Ascent::default() };
    let climbed = ascent.climb(&model, &middle, starts.view()).unwrap();
    assert_eq!(climbed.inputs.shape(), [2, 1, 3]);
    assert!(climbed.endings.iter().all(|ending| ending.steps_to_target().is_some()), "{climbed:?}");
    assert!(climbed.values.iter().all(|&p| 0.9 < p));

    // From (0, 1, 3) the nearest point with two largest values is (0, 2, 2): √2 away, or 1 in every element.
    let size = |norm| Fooling { norm, ..Fooling::default() }.search(&model, starts.view()).unwrap().sizes[1];
    assert!((size(Norm::L2).unwrap() - 2f64.sqrt()).abs() < 1e-4);
    assert!((size(Norm::Max).unwrap() - 1.0).abs() < 1e-4);
}
