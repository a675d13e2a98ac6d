//! What a network takes for what.

use ndarray::Array2;
use vitrine_data::Dataset;
use vitrine_model::Network;

/// Samples by their class, row by row, and by the class that the network gives them, column by column.
///
/// # Panics
/// If the set has another width than the network.
pub fn confusion(network: &Network, set: &Dataset) -> Array2<usize> {
    let mut counts = Array2::zeros((set.n_classes(), network.spec().n_outputs()));
    for (&class, predicted) in set.labels().iter().zip(network.predict(set.rows())) {
        counts[(class, predicted)] += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use vitrine_model::Weights;

    use super::*;

    #[test]
    fn rows_are_classes_and_columns_what_they_are_taken_for() {
        let weights = Weights::default().with("output", "weight", array![[1.0, 0.0], [0.0, 1.0]]).with(
            "output",
            "bias",
            array![0.0, 0.0],
        );
        let network = Network::new("mlp:2-2".parse().unwrap(), weights).unwrap();
        let inputs = array![[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]];
        let set = Dataset::numbered(inputs, vec![0, 0, 1], 2);
        assert_eq!(confusion(&network, &set), array![[1, 1], [0, 1]]);
    }
}
