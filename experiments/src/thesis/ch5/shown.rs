//! Made inputs as figures show them.

use ndarray::ArrayView1;
use vitrine_explain::ascent::Ending;
use vitrine_figures::{SignalPanel, edge_before};

/// A made input, under what it is and how its ascent ended; the jump that it was made for is marked.
pub fn made_panel(what: &str, input: ArrayView1<f64>, outcome: Ending, jump: usize) -> SignalPanel {
    SignalPanel {
        title: format!("{what}: {}", in_words(outcome)),
        y_label: "input x[i]",
        signal: input.to_vec(),
        mark: Some(edge_before(jump)),
        ..SignalPanel::default()
    }
}

/// So many layers, in words.
pub fn n_layers(depth: usize) -> String {
    if depth == 1 { "1 layer".into() } else { format!("{depth} layers") }
}

/// How a row ended, in a few words for a title.
fn in_words(outcome: Ending) -> String {
    match outcome {
        Ending::Converged { steps } => format!("{steps} steps"),
        Ending::NotConverged { steps } => format!("not in {steps} steps"),
        Ending::Stalled { steps } => format!("stalled at {steps}"),
        Ending::Diverged { steps } => format!("diverged at {steps}"),
    }
}
