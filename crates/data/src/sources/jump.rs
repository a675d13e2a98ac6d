//! Jump signals as a source of training data: `kind = "jump"` in a recipe.

use serde::{Deserialize, Serialize};

use super::n_train::check_n_train;
use crate::about::About;
use crate::error::DataError;
use crate::folders::Folders;
use crate::generate::JumpSettings;
use crate::source::{Loaded, Source};
use crate::split::Split;
use crate::streams::Streams;

/// Values of the largest set that is drawn, 16 GiB of them: more is taken for a slip of the pen.
const MAX_VALUES: usize = 1 << 32;

/// Jump signals, drawn from the streams of the children `train`, `validation` and `test`, so that the size of one set
/// changes nothing in another. The default is what the thesis trains on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct JumpSource {
    /// Training signals.
    pub n_train: usize,
    /// Validation signals.
    pub n_validation: usize,
    /// Test signals.
    pub n_test: usize,
    /// The signals.
    pub signals: JumpSettings,
}

impl Default for JumpSource {
    fn default() -> Self {
        JumpSource { n_train: 12_000, n_validation: 6_000, n_test: 6_000, signals: JumpSettings::default() }
    }
}

impl Source for JumpSource {
    fn name(&self) -> &'static str {
        "jump"
    }

    fn check(&self) -> Result<(), DataError> {
        check_n_train(self.n_train)?;
        self.signals.check()?;
        for (name, n_samples) in
            [("n_train", self.n_train), ("n_validation", self.n_validation), ("n_test", self.n_test)]
        {
            if MAX_VALUES < n_samples.saturating_mul(self.signals.n_features) {
                let expected = format!("a set of more than {MAX_VALUES} values would not fit in memory");
                return Err(DataError::setting(name, n_samples, expected));
            }
        }
        Ok(())
    }

    fn about(&self, _folders: &Folders) -> Result<About, DataError> {
        Ok(About {
            feature_shape: vec![self.signals.n_features],
            n_classes: self.signals.n_classes(),
            n_train: self.n_train,
            n_made: self.n_train.saturating_add(self.n_validation).saturating_add(self.n_test),
        })
    }

    fn load(&self, streams: &Streams, _folders: &Folders) -> Result<Loaded, DataError> {
        let draw = |n_samples, name| self.signals.draw(n_samples, &streams.child(name)).dataset;
        let split = Split {
            train: draw(self.n_train, "train"),
            validation: draw(self.n_validation, "validation"),
            test: draw(self.n_test, "test"),
        };
        Ok(Loaded { split, content: None, not_finite: Vec::new() })
    }
}
