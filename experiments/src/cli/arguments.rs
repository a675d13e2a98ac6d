//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use vitrine_lab::{Preset, RunName, Seeds};
use vitrine_model::{DeviceChoice, EngineChoice, NetworkSpec};

use super::model_argument::ModelArgument;
use super::model_commands::{Capture, Convert, Train};

/// A glass case for neural networks: trains small networks, looks inside them, says how they learn.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub common: Common,
}

/// Options of every command.
#[derive(Args, Debug)]
pub struct Common {
    /// Folder of trained networks and results
    #[arg(long, global = true, value_name = "DIR", default_value = "runs")]
    pub runs: PathBuf,
    /// Device that networks are trained on: cpu, ndarray, wgpu, cuda
    #[arg(long, global = true, default_value = "cpu")]
    pub device: DeviceChoice,
    /// Training engine: auto, fused (CPU, fast), general (any graph, any device)
    #[arg(long, global = true, default_value = "auto")]
    pub engine: EngineChoice,
    /// Cores to use [default: all]
    #[arg(long, global = true, value_name = "N")]
    pub threads: Option<usize>,
    /// Folder of the MNIST files
    #[arg(long, global = true, value_name = "DIR", env = "VITRINE_MNIST")]
    pub mnist: Option<PathBuf>,
    /// Results as JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// Say nothing but results and errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make tables and figures of the thesis: a chapter, section, table or figure, or all
    #[command(
        after_help = "Examples:\n  vitrine reproduce table3.4\n  vitrine reproduce ch3 --seeds 100..110\n  vitrine reproduce fig3.9 --set training.learning_rate=0.03\n  vitrine reproduce all --skip 6.4-mnist"
    )]
    Reproduce(Reproduce),
    /// Sections with their figures, tables and claims, and what is done
    List(RunArg),
    /// Train networks on data of any kind: the recipe, or the grid of recipes, of a file, or what the options say
    #[command(
        after_help = "Examples:\n  vitrine train recipe.toml\n  vitrine train --data iris.csv --network mlp:4-16-3 --seeds 5\n  vitrine train --data mnist --network cnn:1x28x28,conv5x5x6,pool2,conv5x5x16,pool2,120,84,10 --set optimiser=adam --set learning_rate=0.001"
    )]
    Train(Train),
    /// Write what every node of a model computes for every sample to files
    #[command(
        after_help = "Examples:\n  vitrine capture model.onnx --data x.npy --out activations.npz\n  vitrine capture runs/networks/0123456789abcdef --layers hidden1.relu,output --out activations.safetensors\n  vitrine capture weights.pt --network mlp:4-16-3 --data iris.csv --out activations --labels labels.npy"
    )]
    Capture(Capture),
    /// Write a model for other programs: .onnx or .safetensors
    #[command(
        after_help = "Examples:\n  vitrine convert runs/networks/0123456789abcdef model.onnx\n  vitrine convert weights.pt model.onnx --network mlp:4-16-3"
    )]
    Convert(Convert),
    /// Draw figures again from findings, for the report, a paper or a screen
    #[command(
        after_help = "Examples:\n  vitrine draw fig3.9\n  vitrine draw 3.3-mlp --format pdf --width 8.5cm\n  vitrine draw ch4 --format png --style screen --out slides"
    )]
    Draw(Draw),
    /// The claims of the thesis: tests, statistics with intervals, verdicts
    Claims(RunArg),
    /// Everything that is done as one HTML page; its links to files need the runs folder beside it
    Report {
        /// Which run
        #[command(flatten)]
        run: RunArg,
        /// Open it in a browser
        #[arg(long)]
        open: bool,
    },
    /// Run the sections of a report again and say what differs; exit code 1 if anything does
    Verify(Verify),
    /// Describe data: shape, classes, ranges, what is missing or double, leaks between the sets
    #[command(
        subcommand_negates_reqs = true,
        disable_help_subcommand = true,
        after_help = "Examples:\n  vitrine data iris.csv\n  vitrine data digits.csv,label=class,test=0.25,seed=0\n  vitrine data x.npy,y.npy --standardise\n  vitrine data recipe.toml --json"
    )]
    Data(Data),
    /// Devices compiled in, and which of them work here
    Devices,
    /// Show a network's layers and number of parameters, or the nodes of an ONNX file
    #[command(
        after_help = "Examples:\n  vitrine describe cnn:100,conv5,conv9,60\n  vitrine describe model.onnx\n  vitrine describe model.onnx --check io.npz"
    )]
    Describe(Describe),
}

/// Options of `describe`.
#[derive(Args, Debug)]
pub struct Describe {
    /// As in mlp:100-100-60, cnn:1x28x28,conv5x5x6,pool2,10 or bottleneck:100-25-2-25-60; an ONNX file, a trained
    /// network, or with --network weights of PyTorch, matched with it
    #[arg(value_name = "MODEL")]
    pub network: ModelArgument,
    /// The network that the weights of a .safetensors, .pt or .pth file belong to
    #[arg(long = "network", value_name = "SPEC")]
    pub spec: Option<NetworkSpec>,
    /// Of a checkpoint, the key of its state_dict
    #[arg(long, value_name = "KEY", requires = "spec")]
    pub key: Option<String>,
    /// Compare with stored values: arrays named as the file's inputs are fed, those named as nodes or values compared;
    /// exit code 1 if any differs
    #[arg(long, value_name = "FILE")]
    pub check: Option<PathBuf>,
    /// How far a value may be from the stored one, as a share of that
    #[arg(long, value_name = "SHARE", default_value_t = 1e-4, requires = "check")]
    pub rtol: f32,
    /// How far it may be beyond that
    #[arg(long, value_name = "DIFFERENCE", default_value_t = 1e-5, requires = "check")]
    pub atol: f32,
}

/// Options of `reproduce`.
#[derive(Args, Debug)]
pub struct Reproduce {
    /// ch3, 3.4, table3.4, fig3.9, all
    #[arg(default_value = "all")]
    pub targets: Vec<String>,
    /// How much work
    #[command(flatten)]
    pub preset: PresetArg,
    /// Of these, only the sections that this names; may be repeated
    #[arg(long, value_name = "TARGET")]
    pub only: Vec<String>,
    /// Leave out the sections that this names; may be repeated
    #[arg(long, value_name = "TARGET")]
    pub skip: Vec<String>,
    /// Seeds: 5 for 0 to 4, 100..110 for ten of them, 3,7,9; a run of its own [default: the preset's]
    #[arg(long, value_name = "SEEDS")]
    pub seeds: Option<Seeds>,
    /// Change a setting, as in signals.jump_size=2; may be repeated. A variant of its own: `vitrine list` names it
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Measure again what is done; trained networks are kept
    #[arg(long)]
    pub force: bool,
}

/// Options of `draw`.
#[derive(Args, Debug)]
pub struct Draw {
    /// Chapter, section, table or figure, or all
    #[arg(required = true)]
    pub targets: Vec<String>,
    /// Which run
    #[command(flatten)]
    pub run: RunArg,
    /// File format; may be repeated [default: pdf, where another option asks for files apart from the report's]
    #[arg(long, value_enum)]
    pub format: Vec<FigureFormat>,
    /// Width of the figures, as in 8.5cm, 85mm or 3.35in [default: what they were designed for]
    #[arg(long, value_name = "LENGTH", value_parser = centimetres)]
    pub width: Option<f64>,
    /// Text of 8 points for a paper, or larger for a screen [default: paper]
    #[arg(long, value_enum)]
    pub style: Option<FigureStyle>,
    /// Folder of the files [default: export/ in the section's folder]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// File formats of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FigureFormat {
    /// Vectors, text as text
    Svg,
    /// Pixels, 300 to the inch
    Png,
    /// Vectors, text as outlines
    Pdf,
}

/// What figures are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FigureStyle {
    /// Text of 8 points
    Paper,
    /// Larger text, thicker lines
    Screen,
}

/// A length in centimetres: `8.5cm`, `85mm`, `3.35in`.
fn centimetres(text: &str) -> Result<f64, String> {
    let units = [("cm", 1.0), ("mm", 0.1), ("in", 2.54)];
    let parsed = units.iter().find_map(|(unit, factor)| {
        let number: f64 = text.strip_suffix(unit)?.trim().parse().ok()?;
        Some(number * factor)
    });
    match parsed {
        Some(length) if (1.0..=100.0).contains(&length) => Ok(length),
        Some(_) => Err("want 1 cm to 100 cm".into()),
        None => Err("want a number with its unit, as in 8.5cm, 85mm or 3.35in".into()),
    }
}

/// Options of `verify`.
#[derive(Args, Debug)]
pub struct Verify {
    /// The report.json of a report
    pub report: PathBuf,
    /// Only the sections that this names; may be repeated
    #[arg(long, value_name = "TARGET")]
    pub only: Vec<String>,
    /// Folder to run in [default: a temporary one]
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// Use the trained networks of --runs instead of training them again
    #[arg(long)]
    pub reuse_networks: bool,
}

/// The preset.
#[derive(Args, Clone, Copy, Debug)]
pub struct PresetArg {
    /// How much work: smoke (seconds), quick (the thesis' settings but 15 epochs of MNIST, one to twelve seeds by cost), full (twenty seeds)
    #[arg(long, default_value = "quick")]
    pub preset: Preset,
}

/// A run that is there: a preset, or what differs from it.
#[derive(Args, Clone, Debug)]
pub struct RunArg {
    /// Which preset
    #[command(flatten)]
    pub preset: PresetArg,
    /// A run with seeds or settings of its own, as in quick+signals.jump_size=2; `vitrine list` names those there
    #[arg(long, value_name = "NAME", conflicts_with = "preset")]
    pub variant: Option<RunName>,
}

impl RunArg {
    /// The name of the run.
    pub fn name(&self) -> RunName {
        self.variant.clone().unwrap_or_else(|| self.preset.preset.into())
    }
}

/// Options of `data`.
#[derive(Args, Debug)]
pub struct Data {
    /// What else there is to do.
    #[command(subcommand)]
    pub files: Option<DataFiles>,
    /// A file, a folder, jump, mnist, or a recipe; after commas, settings as label=class, or a file of labels
    #[arg(required = true)]
    pub data: Option<String>,
    /// The column of the labels, by name or by number from 1 [default: the last]
    #[arg(long, value_name = "COLUMN")]
    pub label: Option<String>,
    /// Bring each feature to mean 0 and deviation 1, those of the training set
    #[arg(long)]
    pub standardise: bool,
}

/// Data files that are known by name.
#[derive(Debug, Subcommand)]
pub enum DataFiles {
    /// The four MNIST files: counts, sizes and checksums
    Mnist {
        /// Their folder [default: --mnist, or VITRINE_MNIST]
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
        /// Download what is missing from the public mirrors
        #[arg(long)]
        fetch: bool,
    },
}
