//! Networks for those who use burn: the one place where its types are public.
//!
//! In the manner of burn's guide a config is made a module by `init(&device)`, and the module trains with burn's own
//! optimisers.

use burn::tensor::{Device, Distribution, Tensor};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::module::GraphModule;
use crate::error::ModelError;
use crate::grammar::{BottleneckConfig, Cnn1dConfig, MlpConfig};
use crate::graph::{Graph, GraphError};
use crate::tensors::values;
use crate::weights::{Init, Weights};

/// For users of burn.
///
/// ```
/// use burn::nn::loss::CrossEntropyLossConfig;
/// use burn::optim::{AdamConfig, GradientsParams};
/// use burn::tensor::{Device, Distribution, Int, Tensor};
/// use vitrine_model::MlpConfig;
///
/// let device = Device::flex().autodiff();
/// let mut model = MlpConfig::new(4, 3).with_hidden([8]).init(&device);
/// let mut optimiser = AdamConfig::new().init();
///
/// let x = Tensor::<2>::random([10, 4], Distribution::Default, &device);
/// let labels = Tensor::<1, Int>::from_ints([0, 1, 2, 0, 1, 2, 0, 1, 2, 0], &device);
/// let cross_entropy = CrossEntropyLossConfig::new().init(&device);
/// let loss = |model: &vitrine_model::GraphModule| cross_entropy.forward(model.forward(x.clone()), labels.clone());
///
/// let before = loss(&model);
/// let gradients = GradientsParams::from_grads(before.backward(), &model);
/// model = optimiser.step(0.01, model, gradients);
/// assert!(loss(&model).into_scalar::<f32>() < before.into_scalar::<f32>());
/// assert_eq!(model.weights().get("hidden1", "weight").unwrap().shape(), [8, 4]);
/// ```
impl GraphModule {
    /// A graph with initial weights, uniform by Glorot and Bengio, biases zero. They are drawn on the host from a seed
    /// that the device draws, so that `device.seed` decides them.
    pub fn init(graph: &Graph, device: &Device) -> GraphModule {
        let weights = Weights::init(graph, Init::GlorotUniform, &mut device_rng(device));
        GraphModule::new(graph, &weights, device).expect("weights of this graph")
    }

    /// A graph with these weights.
    ///
    /// # Errors
    /// When the weights are not the graph's.
    pub fn from_weights(
        graph: &Graph,
        weights: &Weights,
        device: &Device,
    ) -> Result<GraphModule, ModelError> {
        GraphModule::new(graph, weights, device)
    }

    /// Logits `[n_samples, n_classes]` of `x [n_samples, n_inputs]`; samples of more axes come row by row.
    ///
    /// On a device that differentiates, dropout is at work, as that of burn, and batch normalisation is by the batch; its
    /// running means stay as they are. On another, or after `model.valid()`, dropout changes nothing, and batch
    /// normalisation is by the running means.
    ///
    /// # Panics
    /// If `x` has another width than a sample has values.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let [n, n_inputs] = x.dims();
        assert_eq!(n_inputs, self.graph().input_shape().iter().product::<usize>(), "the width of a sample");
        let device = x.device();
        if !device.is_autodiff() || !self.differs_in_training() {
            return self.logits(x, None);
        }
        let mut training = self.training(n, &mut device_rng(&device), &device.inner());
        self.logits(x, Some(&mut training))
    }
}

impl MlpConfig {
    /// The network as a burn module with initial weights, drawn as by [`GraphModule::init`].
    ///
    /// # Panics
    /// If the settings make no network; [`MlpConfig::graph`] says why.
    pub fn init(&self, device: &Device) -> GraphModule {
        init(self.graph(), device)
    }
}

impl Cnn1dConfig {
    /// The network as a burn module with initial weights, drawn as by [`GraphModule::init`].
    ///
    /// # Panics
    /// If the settings make no network; [`Cnn1dConfig::graph`] says why.
    pub fn init(&self, device: &Device) -> GraphModule {
        init(self.graph(), device)
    }
}

impl BottleneckConfig {
    /// The network as a burn module with initial weights, drawn as by [`GraphModule::init`].
    ///
    /// # Panics
    /// If the settings make no network; [`BottleneckConfig::graph`] says why.
    pub fn init(&self, device: &Device) -> GraphModule {
        init(self.graph(), device)
    }
}

fn init(graph: Result<Graph, GraphError>, device: &Device) -> GraphModule {
    match graph {
        Ok(graph) => GraphModule::init(&graph, device),
        Err(error) => panic!("{error}"),
    }
}

/// A generator on the host from a seed that the device draws.
fn device_rng(device: &Device) -> ChaCha8Rng {
    let drawn = Tensor::<1>::random([2], Distribution::Default, &device.clone().inner());
    let seed = values(drawn).iter().fold(0, |seed, part| (seed << 32) | u64::from(part.to_bits()));
    ChaCha8Rng::seed_from_u64(seed)
}
