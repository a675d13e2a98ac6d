//! Trains a network on noisy steps, then looks inside: how far classes are apart, layer by layer.

#![expect(clippy::print_stdout, reason = "an example says what it found")]

use vitrine_analysis::deviations::{ClassPairs, Deviations};
use vitrine_data::{JumpSource, Source, Streams};
use vitrine_model::{Network, NetworkSpec, Stop, TrainSettings, Trainer};

fn main() -> anyhow::Result<()> {
    let streams = Streams::new(0);
    let source = JumpSource { n_train: 3_000, n_validation: 600, n_test: 1_200, ..JumpSource::default() };
    let split = source.load(&streams.child("data"), &Default::default())?.split;

    let spec: NetworkSpec = "mlp:100-100+tanh-60".parse()?;
    let stop = Stop::ValidationLoss { patience: 10 };
    let settings = TrainSettings { learning_rate: 0.1, max_epochs: 60, stop, ..TrainSettings::default() };
    let trained =
        Trainer { settings, ..Trainer::new(spec.graph()) }.fit(&split, &streams.child("training"))?;
    println!("{} epochs, the {}th was best", trained.history.len(), trained.best_epoch);

    let network = Network::new(spec, trained.weights)?;
    let (inputs, labels) = (split.test.rows(), split.test.labels());
    let deviations = Deviations { pairs: ClassPairs::Adjacent, ..Deviations::default() };
    println!("{:<10}{:>22}{:>22}", "layer", "within classes, 1 - cos", "between, 1 - cos");
    for layer in network.capture(inputs) {
        let found = deviations.measure(layer.post.view(), labels, 60, &mut streams.rng("look"));
        let [inner, inter] = [found.inner, found.inter].map(|d| d.cosine.interval.mean);
        println!("{:<10}{inner:>22.3}{inter:>22.3}", layer.name);
    }
    Ok(())
}
