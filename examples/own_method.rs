//! A method of one's own: occlusion (Zeiler and Fergus 2014). Each input is set to zero in turn; what the winning logit
//! loses is how much the network looks there. It asks any `Model` and knows no engine.

#![expect(clippy::print_stdout, reason = "an example says what it found")]

use ndarray::{Array1, Array2, ArrayView1};
use vitrine_data::{JumpSource, Source, Streams};
use vitrine_model::{Model, ModelError, Network, NetworkSpec, TrainSettings, Trainer};

/// By how much each of the inputs, set to zero, lowers the logit of `class`: `[n_inputs]`.
fn occlusion(model: &dyn Model, input: ArrayView1<f32>, class: usize) -> Result<Array1<f32>, ModelError> {
    let n = input.len();
    // The input itself, then one row for each input that is missing.
    let rows = Array2::from_shape_fn((n + 1, n), |(row, i)| if row == i + 1 { 0.0 } else { input[i] });
    let logits = model.run(rows.view().into_dyn(), &[model.graph().logits()])?.swap_remove(0);
    let of_class = logits.index_axis(ndarray::Axis(1), class);
    Ok(Array1::from_shape_fn(n, |i| of_class[0] - of_class[i + 1]))
}

fn main() -> anyhow::Result<()> {
    let streams = Streams::new(0);
    let source = JumpSource { n_train: 3_000, n_validation: 600, n_test: 60, ..JumpSource::default() };
    let split = source.load(&streams.child("data"), &Default::default())?.split;
    let spec: NetworkSpec = "mlp:100-60".parse()?;
    let settings = TrainSettings { learning_rate: 0.1, max_epochs: 40, ..TrainSettings::default() };
    let trained =
        Trainer { settings, ..Trainer::new(spec.graph()) }.fit(&split, &streams.child("training"))?;
    let network = Network::new(spec, trained.weights)?;
    let (signal, class) = (split.test.rows().row(0).to_owned(), split.test.labels()[0]);
    let missed = occlusion(&network, signal.view(), class)?;
    let mut order: Vec<usize> = (0..missed.len()).collect();
    order.sort_by(|&a, &b| missed[b].total_cmp(&missed[a]));
    println!("the step is at {}; the network misses most the positions", split.test.classes()[class]);
    order[..5].iter().for_each(|&i| println!("  {:>3}: {:.2}", i + 1, missed[i]));
    Ok(())
}
