//! The command line of what takes a model, or makes one.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use vitrine_lab::Seeds;
use vitrine_model::NetworkSpec;

/// Which model.
#[derive(Args, Clone, Debug)]
pub struct ModelArgs {
    /// A trained network (its folder, or its hash below --runs), an ONNX file, or with --network a .safetensors, .pt or
    /// .pth file
    #[arg(value_name = "MODEL")]
    pub model: String,
    /// The network that the weights of a .safetensors, .pt or .pth file belong to
    #[arg(long, value_name = "SPEC")]
    pub network: Option<NetworkSpec>,
    /// Of a checkpoint, the key of its state_dict
    #[arg(long, value_name = "KEY", requires = "network")]
    pub key: Option<String>,
}

/// Options of `train`.
#[derive(Args, Debug)]
pub struct Train {
    /// A recipe in TOML; `network` and `seed` may be lists
    #[arg(required_unless_present_all = ["data", "network"], conflicts_with_all = ["data", "network", "seeds", "set"])]
    pub recipe: Option<PathBuf>,
    /// Instead of a recipe: the data, as for `vitrine data`
    #[arg(long, value_name = "DATA", requires = "network")]
    pub data: Option<String>,
    /// The network; may be repeated
    #[arg(long, value_name = "SPEC", requires = "data")]
    pub network: Vec<NetworkSpec>,
    /// Seeds: 5 for 0 to 4, 100..110 for ten of them, 3,7,9 [default: 0]
    #[arg(long, value_name = "SEEDS", requires = "data")]
    pub seeds: Option<Seeds>,
    /// A setting of training, as in optimiser=adam, learning_rate=0.001, schedule.kind=cosine; may be repeated
    #[arg(long, value_name = "KEY=VALUE", requires = "data")]
    pub set: Vec<String>,
}

/// Options of `capture`.
#[derive(Args, Debug)]
pub struct Capture {
    /// Which model.
    #[command(flatten)]
    pub model: ModelArgs,
    /// The samples: a file, a folder, jump, mnist, or a recipe, as for `vitrine data` [default: those that the network was
    /// trained with]
    #[arg(long, value_name = "DATA")]
    pub data: Option<String>,
    /// Which of the samples
    #[arg(long, value_enum, default_value_t = Set::All)]
    pub set: Set,
    /// The nodes, by name, joined by commas; `vitrine describe` names those there [default: all]
    #[arg(long, value_name = "NODES", value_delimiter = ',')]
    pub layers: Vec<String>,
    /// A file ending in .npz or .safetensors, or a folder of .npy files; what was broken off in a folder is gone on with
    #[arg(long, value_name = "FILE|DIR")]
    pub out: PathBuf,
    /// Write the labels of the samples to this .npy file, too
    #[arg(long, value_name = "FILE")]
    pub labels: Option<PathBuf>,
}

/// Samples of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Set {
    /// A file as it is; of sources with sets of their own, training, validation and test one after the other
    All,
    /// The training set
    Train,
    /// The validation set
    Validation,
    /// The test set
    Test,
}

/// Options of `convert`.
#[derive(Args, Debug)]
pub struct Convert {
    /// Which model.
    #[command(flatten)]
    pub model: ModelArgs,
    /// The file to write, by its ending .onnx or .safetensors; one that is there is not overwritten
    #[arg(value_name = "FILE")]
    pub to: PathBuf,
}
