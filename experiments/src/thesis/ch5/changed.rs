//! One signal, and how little it must change for each network to answer far off.

use std::collections::BTreeMap;

use ndarray::{ArrayView1, Axis};
use serde::{Deserialize, Serialize};
use vitrine_data::JumpSettings;
use vitrine_explain::fooling::Fooling;
use vitrine_figures::{SignalPanel, edge_before};
use vitrine_lab::Vector;
use vitrine_model::Network;

use super::fooled::FAR;

/// A signal, and what it was changed to.
#[derive(Serialize, Deserialize)]
pub struct FooledSignal {
    signal: Vector,
    fooled: BTreeMap<String, ChangedSignal>,
}

/// A signal changed so that a network's answer moves far.
#[derive(Serialize, Deserialize)]
struct ChangedSignal {
    signal: Vector,
    /// The jump answered before.
    before: usize,
    /// The jump answered to the changed signal.
    after: usize,
}

impl FooledSignal {
    /// Changes a signal, `[n_inputs]`, as little as moves each network's answer far.
    pub fn of(
        signal: ArrayView1<f32>,
        networks: &[(String, Network)],
        settings: &JumpSettings,
    ) -> anyhow::Result<FooledSignal> {
        let search = Fooling { tolerance: FAR, ..Fooling::default() };
        let changed = |(name, network): &(String, Network)| {
            let fooled = search.search(network, signal.insert_axis(Axis(0)))?;
            let changed = ChangedSignal {
                signal: Vector::of(fooled.inputs.row(0)),
                before: settings.jump_of(fooled.before[0]),
                after: settings.jump_of(fooled.after[0]),
            };
            Ok((name.clone(), changed))
        };
        let fooled = networks.iter().map(changed).collect::<anyhow::Result<_>>()?;
        Ok(FooledSignal { signal: Vector::of(signal), fooled })
    }

    /// The changed signal over the signal itself; none where the network is not among those that were fooled.
    pub fn panel(&self, network: &str) -> Option<SignalPanel> {
        let ChangedSignal { signal, before, after } = self.fooled.get(network)?;
        Some(SignalPanel {
            title: format!("{network}: {before} to {after}"),
            y_label: "signal x[i]",
            signal: signal.to_vec(),
            beneath: self.signal.to_vec(),
            mark: Some(edge_before(*before)),
            ..SignalPanel::default()
        })
    }
}
