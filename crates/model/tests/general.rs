//! The general engine and its model: every op against the fused engine, against finite differences in f64, and on
//! graphs that no other engine knows.

mod common;

use common::reference::Reference;
use common::{
    N_CLASSES, N_INPUTS, channel_graphs, inputs, known_graphs, other_graphs, shaped, split, title, weights,
};
use ndarray::ArrayD;
use proptest::prelude::*;
use std::ops::ControlFlow;
use vitrine_data::Streams;
use vitrine_model::{
    Activation, DeviceChoice, EngineChoice, FusedModel, GeneralModel, Gradients, Graph, GraphBuilder, Model,
    ModelError, NativeModel, NodeId, Objective, Op, Stop, Term, TrainEnd, TrainSettings, TrainState, Trainer,
};

#[test]
fn fifty_steps_have_the_losses_of_the_fused_engine_for_every_op() {
    common::assert_the_losses_of_the_processor(DeviceChoice::Cpu, common::fifty_steps().len());
}

fn general(graph: &Graph) -> GeneralModel {
    GeneralModel::new(graph, &weights(graph, 3), DeviceChoice::Cpu).unwrap()
}

/// Models of every engine that knows the graph.
fn models(graph: &Graph) -> Vec<Box<dyn Model>> {
    let fused = FusedModel::new(graph, &weights(graph, 3)).ok();
    let fused = fused.map(|fused| Box::new(fused) as Box<dyn Model>);
    let native = NativeModel::new(graph, &weights(graph, 3)).unwrap();
    let all: [Box<dyn Model>; 2] = [Box::new(general(graph)), Box::new(native)];
    fused.into_iter().chain(all).collect()
}

fn all_graphs() -> impl Iterator<Item = Graph> {
    known_graphs().into_iter().chain(channel_graphs()).chain(other_graphs())
}

fn assert_close(ours: f32, theirs: f64, what: &str) {
    assert!((f64::from(ours) - theirs).abs() < 1e-5 * (1.0 + theirs.abs()), "{what}: {ours}, not {theirs}");
}

#[test]
fn values_of_every_node_are_those_of_a_reference_in_f64() {
    for graph in all_graphs() {
        let reference = Reference::new(&graph, &weights(&graph, 3));
        let inputs = inputs(7, 5);
        let taps: Vec<NodeId> = graph.ids().collect();
        let ask = |model: Box<dyn Model>| model.run(shaped(&graph, inputs.clone()).view(), &taps).unwrap();
        let found: Vec<Vec<ArrayD<f32>>> = models(&graph).into_iter().map(ask).collect();
        for (row, input) in inputs.rows().into_iter().enumerate() {
            let input: Vec<f64> = input.iter().map(|&x| f64::from(x)).collect();
            for (id, expected) in taps.iter().zip(reference.values(&input, None)) {
                for found in &found {
                    let (node, found) = (&graph[*id], found[id.index()].index_axis(ndarray::Axis(0), row));
                    assert_eq!(found.shape(), node.shape);
                    for (&ours, &theirs) in found.iter().zip(&expected) {
                        assert_close(ours, theirs, &format!("{} of {}", node.name, title(&graph)));
                    }
                }
            }
        }
    }
}

/// A sum of its own for each row, with units of the logits and of a node in the middle.
fn objective(graph: &Graph, n: usize) -> Objective {
    let middle = graph.ids().nth(graph.nodes().len() / 2).unwrap();
    let mut objective = Objective::default();
    for row in 0..n {
        objective.push(&[
            Term { node: graph.logits(), unit: row % N_CLASSES, weight: 1.0 },
            Term { node: graph.logits(), unit: (row + 2) % N_CLASSES, weight: -0.5 },
            Term { node: middle, unit: row % graph[middle].n_units(), weight: 2.0 },
        ]);
    }
    objective
}

#[test]
fn gradients_at_every_node_are_finite_differences_for_every_op() {
    for graph in all_graphs() {
        let reference = Reference::new(&graph, &weights(&graph, 3));
        let (inputs, objective) = (inputs(6, 7), objective(&graph, 6));
        let at: Vec<NodeId> = graph.ids().collect();
        let ask = |model: Box<dyn Model>| {
            model.gradient(shaped(&graph, inputs.clone()).view(), &objective, &at).unwrap()
        };
        let found: Vec<Gradients> = models(&graph).into_iter().map(ask).collect();
        for (row, input) in inputs.rows().into_iter().enumerate() {
            let input: Vec<f64> = input.iter().map(|&x| f64::from(x)).collect();
            let terms = objective.row(row);
            let value = Reference::sum(terms, &reference.values(&input, None));
            found.iter().for_each(|found| assert_close(found.values[row], value, &title(&graph)));
            for (place, &node) in at.iter().enumerate() {
                let expected = reference.gradient(&input, terms, node);
                for found in &found {
                    let ours = found.at[place].index_axis(ndarray::Axis(0), row);
                    for (&ours, &theirs) in ours.iter().zip(&expected) {
                        assert_close(ours, theirs, &format!("at {} of {}", graph[node].name, title(&graph)));
                    }
                }
            }
        }
    }
}

/// The gradient of the mean cross-entropy with respect to each parameter, from a single step of length 1.
fn step(graph: &Graph, engine: EngineChoice, n: usize) -> Vec<ArrayD<f32>> {
    let settings = TrainSettings {
        learning_rate: 1.0,
        batch_size: n,
        max_epochs: 1,
        stop: Stop::MaxEpochs,
        ..TrainSettings::default()
    };
    let trainer = Trainer { settings, engine, ..Trainer::new(graph) };
    let before = weights(graph, 3);
    let start = TrainState::new(before.clone());
    let mut go_on = |_: &TrainState| ControlFlow::Continue(());
    let end = trainer.resume(start, &split(n, 9), &Streams::new(0), &mut go_on).unwrap();
    let TrainEnd::Finished(trained) = end else { unreachable!("nothing breaks off") };
    before.iter().zip(trained.weights.iter()).map(|(before, after)| &before.values - &after.values).collect()
}

#[test]
fn gradients_of_parameters_are_finite_differences_for_every_op() {
    // Dropout and normalisation apart: the reference has no masks, and sees no batch.
    let differs_in_training = |graph: &Graph| {
        graph.nodes().iter().any(|node| matches!(node.op, Op::Dropout { .. } | Op::BatchNorm { .. }))
    };
    let without_dropout = |activation| {
        let conv = GraphBuilder::input([N_INPUTS]).conv1d("conv1", 3).activation(activation);
        conv.dense("hidden1", 9).activation(activation).dense("output", N_CLASSES).softmax().build().unwrap()
    };
    let graphs =
        all_graphs().filter(|graph| !differs_in_training(graph)).chain(Activation::ALL.map(without_dropout));
    let set = split(8, 9).train;
    let inputs: Vec<Vec<f64>> =
        set.rows().rows().into_iter().map(|row| row.iter().map(|&x| f64::from(x)).collect()).collect();
    for graph in graphs {
        let mut reference = Reference::new(&graph, &weights(&graph, 3));
        // The second is the fused engine wherever that knows the graph.
        let mut found =
            [EngineChoice::General, EngineChoice::Auto].map(|engine| step(&graph, engine, 8).into_iter());
        for id in graph.ids() {
            for (place, parameter) in graph.parameters(id).iter().enumerate() {
                let expected = reference.slopes(&inputs, set.labels(), id.index(), place);
                for found in &mut found {
                    for (&ours, &theirs) in found.next().unwrap().iter().zip(&expected) {
                        let what = format!("{}.{} of {}", graph[id].name, parameter.name, title(&graph));
                        assert_close(ours, theirs, &what);
                    }
                }
            }
        }
    }
}

#[test]
fn graphs_that_the_fused_engine_does_not_know_train_by_the_general_one() {
    let settings = TrainSettings {
        max_epochs: 30,
        learning_rate: 0.1,
        batch_size: 20,
        ..common::fifty_steps()[1].clone()
    };
    for graph in other_graphs() {
        let train = |engine| {
            let trainer = Trainer { settings: settings.clone(), engine, ..Trainer::new(&graph) };
            trainer.fit(&split(60, 1), &Streams::new(2))
        };
        let [auto, general] =
            [EngineChoice::Auto, EngineChoice::General].map(|engine| train(engine).unwrap());
        assert_eq!(auto.weights, general.weights, "{}", title(&graph));
        assert!(auto.history[29].train_loss < 0.95 * auto.history[0].train_loss, "{} learns", title(&graph));
        let refusal = train(EngineChoice::Fused).unwrap_err();
        assert!(matches!(refusal, ModelError::Engine { engine: "fused", .. }), "{refusal}");
        assert!(refusal.to_string().contains("node `"), "{refusal}");
    }
}

#[test]
fn engines_are_known_by_their_words_and_the_old_one_by_its_alias() {
    for engine in [EngineChoice::Auto, EngineChoice::Fused, EngineChoice::General] {
        assert_eq!(engine.to_string().parse(), Ok(engine));
    }
    assert_eq!("autodiff".parse(), Ok(EngineChoice::General));
    assert!("quick".parse::<EngineChoice>().unwrap_err().contains("auto, fused, general"));
}

#[test]
fn questions_that_do_not_fit_are_refused() {
    let graph = &known_graphs()[0];
    let model = general(graph);
    let wide = ndarray::Array2::zeros((2, N_INPUTS + 1));
    assert!(matches!(model.run(wide.view().into_dyn(), &[]), Err(ModelError::Inputs { .. })));
    let inputs = inputs(2, 0);
    let other = known_graphs().pop().unwrap();
    assert!(graph.nodes().len() < other.nodes().len());
    let error = model.run(inputs.view().into_dyn(), &[other.output()]).unwrap_err();
    assert!(matches!(error, ModelError::NoSuchNode { .. }), "{error}");
    let short = Objective::units(graph.logits(), &[0]);
    let error = model.gradient(inputs.view().into_dyn(), &short, &[NodeId::INPUT]).unwrap_err();
    assert!(matches!(error, ModelError::Rows { n_objectives: 1, n_samples: 2 }), "{error}");
    let none = model.gradient(
        inputs.slice(ndarray::s![..0, ..]).into_dyn(),
        &Objective::default(),
        &[NodeId::INPUT],
    );
    assert_eq!(none.unwrap().at[0].shape(), [0, N_INPUTS]);
}

#[test]
fn a_node_after_the_objective_has_no_gradient() {
    let graph = known_graphs().pop().unwrap();
    let first = graph.layers()[0].pre;
    let objective = Objective::units(first, &[0, 1, 2]);
    let at = [graph.logits(), first];
    let found = general(&graph).gradient(inputs(3, 1).view().into_dyn(), &objective, &at).unwrap();
    assert!(found.at[0].iter().all(|&g| g == 0.0));
    assert_eq!(found.at[1].sum(), 3.0);
}

#[test]
fn a_sample_has_the_same_bits_alone_and_among_others() {
    use ndarray::s;
    // More than a chunk of rows, and more inputs than burn's products sum up in one go.
    let wide = GraphBuilder::input([600]).dense("hidden1", 30).activation(Activation::Tanh);
    let graph = wide.dense("output", N_CLASSES).softmax().build().unwrap();
    let model = GeneralModel::new(&graph, &weights(&graph, 3), DeviceChoice::Cpu).unwrap();
    let inputs = ndarray::Array2::from_shape_fn((1_001, 600), |(i, j)| ((i * 7 + j) as f32).sin());
    let taps: Vec<NodeId> = graph.ids().collect();
    let all = model.run(inputs.view().into_dyn(), &taps).unwrap();
    let slopes = |rows: std::ops::Range<usize>| {
        let objective = Objective::same(objective(&graph, 1).row(0), rows.len());
        model.gradient(inputs.slice(s![rows, ..]).into_dyn(), &objective, &taps).unwrap()
    };
    let all_slopes = slopes(0..1_001);
    for rows in [0..1, 1_000..1_001, 3..5, 0..17, 400..1_000] {
        let some = model.run(inputs.slice(s![rows.clone(), ..]).into_dyn(), &taps).unwrap();
        let some_slopes = slopes(rows.clone());
        for (some, all) in some.iter().zip(&all).chain(some_slopes.at.iter().zip(&all_slopes.at)) {
            assert_eq!(some, all.slice_axis(ndarray::Axis(0), rows.clone().into()), "rows {rows:?}");
        }
        assert_eq!(some_slopes.values, all_slopes.values[rows]);
    }
}

/// Chains of up to four layers of any op.
fn chains() -> impl Strategy<Value = Graph> {
    let activation = proptest::option::of(proptest::sample::select(Activation::ALL.to_vec()));
    let layer = (any::<bool>(), 1usize..9, activation, any::<bool>());
    (2usize..16, proptest::collection::vec(layer, 0..4), 1usize..6, any::<bool>()).prop_map(
        |(n_inputs, layers, n_outputs, has_softmax)| {
            let mut builder = GraphBuilder::input([n_inputs]);
            let mut width = n_inputs;
            for (place, (is_conv, size, activation, has_dropout)) in layers.into_iter().enumerate() {
                let name = format!("layer{place}");
                builder = match is_conv {
                    true => builder.conv1d(&name, size.min(width)),
                    false => builder.dense(&name, size),
                };
                width = if is_conv { width } else { size };
                builder = activation.into_iter().fold(builder, GraphBuilder::activation);
                builder = if has_dropout { builder.dropout(0.25) } else { builder };
            }
            builder = builder.dense("output", n_outputs);
            if has_softmax { builder.softmax() } else { builder }.build().unwrap()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_general_model_and_the_fused_one_answer_alike(graph in chains(), seed in 0u64..1_000, n in 1usize..5) {
        use rand::RngExt;
        let weights = weights(&graph, seed);
        let general = GeneralModel::new(&graph, &weights, DeviceChoice::Cpu).unwrap();
        let fused = FusedModel::new(&graph, &weights).unwrap();
        let mut rng = Streams::new(seed).rng("question");
        let width = graph.input_shape()[0];
        let inputs = ndarray::Array2::from_shape_simple_fn((n, width), || rng.random_range(-2.0f32..2.0)).into_dyn();
        let nodes: Vec<NodeId> = graph.ids().collect();
        let mut objective = Objective::default();
        for _ in 0..n {
            let mut term = || {
                let node = nodes[rng.random_range(0..nodes.len())];
                let unit = rng.random_range(0..graph[node].n_units());
                Term { node, unit, weight: rng.random_range(-1.0..1.0) }
            };
            objective.push(&[term(), term(), term()]);
        }
        let close = |a: &ArrayD<f32>, b: &ArrayD<f32>| {
            a.shape() == b.shape() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5)
        };
        let [ours, theirs] = [&general as &dyn Model, &fused].map(|model| model.run(inputs.view(), &nodes).unwrap());
        for ((id, a), b) in nodes.iter().zip(&ours).zip(&theirs) {
            prop_assert!(close(a, b), "{} of {}: {a}, {b}", graph[*id].name, title(&graph));
        }
        let [ours, theirs] =
            [&general as &dyn Model, &fused].map(|model| model.gradient(inputs.view(), &objective, &nodes).unwrap());
        for (a, b) in ours.values.iter().zip(&theirs.values) {
            prop_assert!((a - b).abs() < 1e-5, "{}: {a}, {b}", title(&graph));
        }
        for ((id, a), b) in nodes.iter().zip(&ours.at).zip(&theirs.at) {
            prop_assert!(close(a, b), "at {} of {}: {a}, {b}", graph[*id].name, title(&graph));
        }
    }
}
