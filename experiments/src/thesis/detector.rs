//! Ways to locate the jump: those that need no training, by name, and networks.

use ndarray::{Array1, Array2, ArrayView2};
use vitrine_analysis::detectors::{BayesPosterior, GaussianDerivative, LeastSquares, NoiseModel, Posterior};
use vitrine_data::{JumpSettings, Sigma};
use vitrine_model::{Network, Weights};

/// Names of the detectors that need no training, as in tables and `--json`.
pub const SIGNAL_PROCESSING: &str = "signal-processing";
/// The same filter that searches the possible positions only, as the other detectors do.
pub fn windowed_signal_processing(settings: &JumpSettings) -> String {
    format!("{SIGNAL_PROCESSING} ({}..{})", settings.first_jump, settings.last_jump)
}

/// The jump that leaves the smallest sum of squares.
pub const LEAST_SQUARES: &str = "least-squares";
/// The most probable jump: no detector is right more often.
pub const BAYES_MAP: &str = "bayes-map";
/// The median of the posterior: no detector has a smaller L1 error.
pub const BAYES_MEDIAN: &str = "bayes-median";
/// The rounded mean of the posterior: no detector has a smaller L2 error.
pub const BAYES_MEAN: &str = "bayes-mean";
/// The posterior, whose answer is the most probable position.
pub const BAYES_POSTERIOR: &str = "bayes posterior";

/// Whether a detector of that name is the thesis' filter, over whatever positions it searches.
pub fn is_signal_processing(detector: &str) -> bool {
    let rest = detector.strip_prefix(SIGNAL_PROCESSING);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(" ("))
}

/// The posterior over the jump position that knows how the signals were made.
pub fn bayes(settings: &JumpSettings) -> BayesPosterior {
    let noise = |sigma| match sigma {
        Sigma::Fixed(sigma) => NoiseModel::Known { sigma },
        Sigma::Uniform { low, high } => NoiseModel::Uniform { low, high },
    };
    BayesPosterior {
        jump_size: settings.jump_size,
        noise: noise(settings.sigma_before),
        noise_after: settings.sigma_after.map(noise),
        first_jump: settings.first_jump,
        last_jump: settings.last_jump,
    }
}

/// The same posterior as a network of one layer, so that what is asked of networks can be asked of it.
///
/// The logit of a jump at t is `Σ_{i ≥ t} (θ x[i] − θ²/2) / σ²`, up to what all positions share. `None` where σ is not
/// the same for all signals or is 0: the posterior is then no softmax of linear functions.
pub fn bayes_network(settings: &JumpSettings) -> Option<Network> {
    let (Sigma::Fixed(sigma), None) = (settings.sigma_before, settings.sigma_after) else { return None };
    if sigma <= 0.0 {
        return None;
    }
    let (n_classes, n_features) = (settings.n_classes(), settings.n_features);
    let slope = settings.jump_size / (sigma * sigma);
    let is_after = |class: usize, i: usize| settings.jump_of(class) <= i + 1;
    let weight =
        Array2::from_shape_fn(
            (n_classes, n_features),
            |(class, i)| {
                if is_after(class, i) { slope as f32 } else { 0.0 }
            },
        );
    let bias = Array1::from_shape_fn(n_classes, |class| {
        let n_after = (0..n_features).filter(|&i| is_after(class, i)).count();
        (-slope * settings.jump_size / 2.0 * n_after as f64) as f32
    });
    let spec = format!("mlp:{n_features}-{n_classes}").parse().ok()?;
    let weights = Weights::default().with("output", "weight", weight).with("output", "bias", bias);
    Network::new(spec, weights).ok()
}

/// Jump positions, counted from 1, that a network names for `signals [n_samples, n_features]`.
pub fn estimates(network: &Network, signals: ArrayView2<f32>, settings: &JumpSettings) -> Vec<usize> {
    network.predict(signals).into_iter().map(|label| settings.jump_of(label)).collect()
}

/// Jump positions, counted from 1, at the median of what a network gives to each position: the decision with the smallest
/// L1 error, if its probabilities are right.
pub fn median_estimates(network: &Network, signals: ArrayView2<f32>, settings: &JumpSettings) -> Vec<usize> {
    let probabilities = network.probabilities(signals).mapv(f64::from);
    Posterior::new(probabilities, settings.first_jump).median()
}

/// Estimated jump positions of `signals [n_samples, n_features]`, counted from 1, by every untrained detector.
///
/// The filter comes first, over the whole signal as in the thesis and over the possible positions.
pub fn detect_untrained(signals: ArrayView2<f32>, settings: &JumpSettings) -> Vec<(String, Vec<usize>)> {
    let posterior = bayes(settings).posterior(signals);
    let filter = GaussianDerivative::default();
    let windowed = filter.detect_within(signals, settings.first_jump, settings.last_jump);
    let least_squares = LeastSquares { first_jump: settings.first_jump, last_jump: settings.last_jump };
    vec![
        (SIGNAL_PROCESSING.into(), filter.detect(signals)),
        (windowed_signal_processing(settings), windowed),
        (LEAST_SQUARES.into(), least_squares.detect(signals)),
        (BAYES_MAP.into(), posterior.map()),
        (BAYES_MEAN.into(), posterior.rounded_mean()),
        (BAYES_MEDIAN.into(), posterior.median()),
    ]
}

#[cfg(test)]
mod tests {
    use vitrine_analysis::errors::DetectionErrors;
    use vitrine_data::Streams;

    use super::*;

    #[test]
    fn the_filter_is_off_by_less_where_it_searches_the_possible_positions_only() {
        let settings = JumpSettings::default();
        let signals = settings.draw(60_000, &Streams::new(0));
        let detected = detect_untrained(signals.dataset.rows(), &settings);
        let l1 = |detector: &str| {
            let (_, jumps) = detected.iter().find(|(name, _)| name == detector).expect(detector);
            DetectionErrors::of(jumps, &signals.jumps).l1
        };
        let (all, possible) = (l1(SIGNAL_PROCESSING), l1("signal-processing (21..80)"));
        assert!((all - 0.546).abs() < 0.01 && (possible - 0.509).abs() < 0.01, "{all} {possible}");
    }

    #[test]
    fn the_median_of_a_network_that_is_the_posterior_is_the_posterior_s_median() {
        let settings = JumpSettings { sigma_before: Sigma::Fixed(1.5), ..JumpSettings::default() };
        let signals = settings.draw(1_000, &Streams::new(0)).dataset;
        let network = bayes_network(&settings).unwrap();
        let posterior = bayes(&settings).posterior(signals.rows());
        let medians = median_estimates(&network, signals.rows(), &settings);
        assert_eq!(medians, posterior.median());
        assert_ne!(medians, posterior.map(), "another decision than the network's own");
    }

    #[test]
    fn the_posterior_knows_that_the_noise_changes_at_the_jump() {
        let settings = JumpSettings { sigma_after: Some(Sigma::Fixed(3.0)), ..JumpSettings::default() };
        let signals = settings.draw(600, &Streams::new(0));
        let errors = |settings: &JumpSettings| {
            let jumps = bayes(settings).posterior(signals.dataset.rows()).median();
            jumps.iter().zip(&signals.jumps).map(|(a, b)| a.abs_diff(*b)).sum::<usize>()
        };
        let unaware = JumpSettings { sigma_after: None, ..settings.clone() };
        assert!(2 * errors(&settings) < errors(&unaware), "{} {}", errors(&settings), errors(&unaware));
    }

    #[test]
    fn the_posterior_as_a_network_has_the_posterior_s_probabilities() {
        let settings = JumpSettings { sigma_before: Sigma::Fixed(1.5), ..JumpSettings::default() };
        let signals = settings.draw(200, &Streams::new(0)).dataset.rows().to_owned();
        let posterior = bayes(&settings).posterior(signals.view()).probabilities;
        let network = bayes_network(&settings).unwrap();
        for (p, q) in posterior.iter().zip(&network.probabilities(signals.view())) {
            assert!((p - f64::from(*q)).abs() < 1e-4, "{p} and {q}");
        }
        let uniform = JumpSettings { sigma_before: Sigma::Uniform { low: 0.5, high: 2.0 }, ..settings };
        assert_eq!(bayes_network(&uniform), None);
    }
}
