//! How the learning rate changes over training.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

/// The learning rate of each epoch, as a share of the first one's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Schedule {
    /// The same in all epochs.
    #[default]
    #[serde(deserialize_with = "vitrine_data::no_fields")]
    Constant,
    /// Multiplied by `gamma` after every `step_size` epochs (as PyTorch's `StepLR`).
    Step {
        /// Epochs of one rate.
        step_size: usize,
        /// Factor from a rate to the next.
        gamma: f64,
    },
    /// Half a cosine from 1 down to 0 over `epochs`, and 0 after them (Loshchilov and Hutter 2017, eq. 5, without
    /// restarts; as PyTorch's `CosineAnnealingLR` up to there).
    Cosine {
        /// Epochs from 1 to 0.
        epochs: usize,
    },
}

impl Schedule {
    /// The share in epoch `epoch`, counted from 1.
    pub fn share(&self, epoch: usize) -> f64 {
        let done = epoch.saturating_sub(1);
        match *self {
            Schedule::Constant => 1.0,
            Schedule::Step { step_size, gamma } => gamma.powf((done / step_size.max(1)) as f64),
            Schedule::Cosine { epochs } => {
                let way = (done as f64 / epochs.max(1) as f64).min(1.0);
                0.5 * (1.0 + (PI * way).cos())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::Stop;

    #[test]
    fn shares_by_hand() {
        let shares = |schedule: Schedule| [1, 2, 3, 4, 5, 9].map(|epoch| schedule.share(epoch));
        assert_eq!(shares(Schedule::Constant), [1.0; 6]);
        let step = Schedule::Step { step_size: 2, gamma: 0.5 };
        assert_eq!(shares(step), [1.0, 1.0, 0.5, 0.5, 0.25, 0.0625]);
        let half = std::f64::consts::FRAC_1_SQRT_2 / 2.0;
        let cosine = [1.0, 0.5 + half, 0.5, 0.5 - half, 0.0, 0.0];
        let found = shares(Schedule::Cosine { epochs: 4 });
        assert!(found.iter().zip(cosine).all(|(a, b)| (a - b).abs() < 1e-15), "{found:?}");
    }

    #[test]
    fn a_field_of_another_kind_is_refused() {
        let error = |text: &str| serde_json::from_str::<Schedule>(text).unwrap_err().to_string();
        assert!(error(r#"{"kind": "constant", "gamma": 0.5}"#).contains("unknown field `gamma`"));
        assert!(error(r#"{"kind": "cosine", "epochs": 5, "gamma": 0.5}"#).contains("unknown field `gamma`"));
        let stop = serde_json::from_str::<Stop>(r#"{"when": "max_epochs", "patience": 5}"#).unwrap_err();
        assert!(stop.to_string().contains("unknown field `patience`"), "{stop}");
    }
}
