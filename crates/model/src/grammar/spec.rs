//! Network specifications: short strings that say which layers a network has.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::bottleneck::BottleneckConfig;
use super::cnn::CnnConfig;
use super::cnn1d::Cnn1dConfig;
use super::error::{SpecError, Wrong};
use super::mlp::MlpConfig;
use crate::graph::{Graph, GraphError, Layer};

/// A family of networks, the word before the colon, with its settings.
#[derive(Clone, Debug, PartialEq)]
pub enum Family {
    /// Dense layers.
    Mlp(MlpConfig),
    /// Conv layers of one filter along a signal, then dense ones.
    Cnn(Cnn1dConfig),
    /// Layers over channels, then dense ones.
    Channels(CnnConfig),
    /// Dense layers of which one is narrowest.
    Bottleneck(BottleneckConfig),
}

impl Family {
    /// Its nodes.
    ///
    /// # Errors
    /// When the settings make no network.
    pub fn graph(&self) -> Result<Graph, GraphError> {
        match self {
            Family::Mlp(config) => config.graph(),
            Family::Cnn(config) => config.graph(),
            Family::Channels(config) => config.graph(),
            Family::Bottleneck(config) => config.graph(),
        }
    }

    fn parse(spec: &str) -> Result<Family, Wrong> {
        let forms = "a network is mlp:100-100-60, cnn:100,conv5,60, cnn:1x28x28,conv5x5x6,pool2,10 or bottleneck:100-2-60";
        let Some((word, rest)) = spec.split_once(':') else {
            return Err(Wrong::new(spec, format!("no colon; {forms}")));
        };
        match word {
            "mlp" => MlpConfig::parse(rest).map(Family::Mlp),
            "cnn" if CnnConfig::is_written(rest) => CnnConfig::parse(rest).map(Family::Channels),
            "cnn" => Cnn1dConfig::parse(rest).map(Family::Cnn),
            "bottleneck" => BottleneckConfig::parse(rest).map(Family::Bottleneck),
            _ => Err(Wrong::new(word, forms)),
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Family::Mlp(config) => write!(f, "mlp:{config}"),
            Family::Cnn(config) => write!(f, "cnn:{config}"),
            Family::Channels(config) => write!(f, "cnn:{config}"),
            Family::Bottleneck(config) => write!(f, "bottleneck:{config}"),
        }
    }
}

/// A network of a family: its settings and its graph. Written down it is a string.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NetworkSpec {
    family: Family,
    graph: Graph,
}

impl NetworkSpec {
    /// The family with its settings.
    pub fn family(&self) -> &Family {
        &self.family
    }

    /// The nodes.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// Number of inputs.
    pub fn n_inputs(&self) -> usize {
        self.graph.input_shape().iter().product()
    }

    /// Number of outputs.
    pub fn n_outputs(&self) -> usize {
        self.graph[self.graph.logits()].n_units()
    }

    /// The layers, the output last.
    pub fn layers(&self) -> &[Layer] {
        self.graph.layers()
    }

    /// Number of weights and biases.
    pub fn n_parameters(&self) -> usize {
        self.graph.n_parameters()
    }

    /// Index of the narrowest hidden layer, the code of a bottleneck; `None` without hidden layers.
    pub fn code_layer(&self) -> Option<usize> {
        let hidden = self.layers().len() - 1;
        (0..hidden).min_by_key(|&l| self.layers()[l].n_units)
    }
}

impl PartialEq for NetworkSpec {
    fn eq(&self, other: &NetworkSpec) -> bool {
        self.family == other.family
    }
}

impl TryFrom<Family> for NetworkSpec {
    type Error = GraphError;

    fn try_from(family: Family) -> Result<NetworkSpec, GraphError> {
        Ok(NetworkSpec { graph: family.graph()?, family })
    }
}

impl TryFrom<MlpConfig> for NetworkSpec {
    type Error = GraphError;

    fn try_from(config: MlpConfig) -> Result<NetworkSpec, GraphError> {
        Family::Mlp(config).try_into()
    }
}

impl TryFrom<Cnn1dConfig> for NetworkSpec {
    type Error = GraphError;

    fn try_from(config: Cnn1dConfig) -> Result<NetworkSpec, GraphError> {
        Family::Cnn(config).try_into()
    }
}

impl TryFrom<CnnConfig> for NetworkSpec {
    type Error = GraphError;

    fn try_from(config: CnnConfig) -> Result<NetworkSpec, GraphError> {
        Family::Channels(config).try_into()
    }
}

impl TryFrom<BottleneckConfig> for NetworkSpec {
    type Error = GraphError;

    fn try_from(config: BottleneckConfig) -> Result<NetworkSpec, GraphError> {
        Family::Bottleneck(config).try_into()
    }
}

impl FromStr for NetworkSpec {
    type Err = SpecError;

    fn from_str(spec: &str) -> Result<NetworkSpec, SpecError> {
        let family = Family::parse(spec).map_err(|wrong| wrong.within(spec))?;
        NetworkSpec::try_from(family).map_err(|error| Wrong::new(spec, error.to_string()).within(spec))
    }
}

impl TryFrom<String> for NetworkSpec {
    type Error = SpecError;

    fn try_from(spec: String) -> Result<NetworkSpec, SpecError> {
        spec.parse()
    }
}

impl fmt::Display for NetworkSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.family.fmt(f)
    }
}

impl From<NetworkSpec> for String {
    fn from(spec: NetworkSpec) -> String {
        spec.to_string()
    }
}
