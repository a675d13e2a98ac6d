//! Networks as burn modules: a stack of layers with one forward path.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv1d, Conv1dConfig};
use burn::nn::{Linear, PaddingConfig1d};
use burn::tensor::{Device, Tensor, TensorData};
use ndarray::{Array1, ArrayD, IxDyn};

use crate::chain::{Chain, Link, LinkKind};
use crate::error::ModelError;
use crate::graph::Graph;
use crate::tensors::{activate, values};
use crate::weights::Weights;

/// A layer of weights.
#[derive(Debug, Module)]
pub(crate) enum Layer {
    /// Every unit sees every input.
    Dense(Linear),
    /// One filter along the signal.
    Conv(Conv1d),
}

/// A network on a device, of any chain of layers.
#[derive(Debug, Module)]
pub(crate) struct Classifier {
    layers: Vec<Layer>,
    #[module(skip)]
    links: Vec<Link>,
}

impl Classifier {
    /// A network with these weights on `device`.
    ///
    /// # Errors
    /// When the graph is no chain of layers.
    pub fn new(graph: &Graph, weights: &Weights, device: &Device) -> Result<Classifier, ModelError> {
        let links = Chain::of(graph, "autodiff")?.links;
        let layer = |link: &Link| match link.kind {
            LinkKind::Dense => Layer::Dense(dense(link, weights, device)),
            LinkKind::Conv { kernel_size } => Layer::Conv(conv(link, kernel_size, weights, device)),
        };
        Ok(Classifier { layers: links.iter().map(layer).collect(), links })
    }

    /// Logits `[batch, n_classes]` of `x [batch, n_inputs]`.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.forward_masked(x, &[])
    }

    /// The same with the activations of layer l multiplied by `masks[l]`, where there is one.
    pub fn forward_masked(&self, x: Tensor<2>, masks: &[Option<Tensor<2>>]) -> Tensor<2> {
        self.layers.iter().zip(&self.links).enumerate().fold(x, |x, (l, (layer, link))| {
            let pre = match layer {
                Layer::Dense(dense) => dense.forward(x),
                Layer::Conv(conv) => conv.forward(x.unsqueeze_dim::<3>(1)).squeeze_dim::<2>(1),
            };
            let post = match link.activation {
                Some(activation) => activate(activation, pre),
                None => pre,
            };
            match masks.get(l) {
                Some(Some(mask)) => post * mask.clone(),
                _ => post,
            }
        })
    }

    /// The layers of the chain.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The layers, to be changed.
    pub fn layers_mut(&mut self) -> &mut [Layer] {
        &mut self.layers
    }

    /// The weights, read back from the device.
    pub fn weights(&self) -> Weights {
        let mut weights = Weights::default();
        for (layer, link) in self.layers.iter().zip(&self.links) {
            let (shape, weight, bias) = match layer {
                // burn keeps dense weights as [n_in, n_out].
                Layer::Dense(dense) => {
                    (vec![link.n_out, link.n_in], values(dense.weight.val().transpose()), &dense.bias)
                }
                Layer::Conv(conv) => (conv.weight.dims().to_vec(), values(conv.weight.val()), &conv.bias),
            };
            let bias = bias.as_ref().map_or_else(Vec::new, |bias| values(bias.val()));
            let weight = ArrayD::from_shape_vec(IxDyn(&shape), weight).expect("the shape of the layer");
            weights.set(&link.name, "weight", weight);
            weights.set(&link.name, "bias", Array1::from(bias));
        }
        weights
    }
}

fn dense(link: &Link, weights: &Weights, device: &Device) -> Linear {
    let weight = weights.matrix(&link.name, "weight").expect("weights of this network");
    let transposed: Vec<f32> = weight.t().iter().copied().collect();
    Linear {
        weight: Param::from_data(TensorData::new(transposed, [link.n_in, link.n_out]), device),
        bias: Some(bias(link, weights, device)),
    }
}

fn conv(link: &Link, kernel_size: usize, weights: &Weights, device: &Device) -> Conv1d {
    let weight = weights.get(&link.name, "weight").expect("weights of this network");
    let weight: Vec<f32> = weight.iter().copied().collect();
    Conv1d {
        weight: Param::from_data(TensorData::new(weight, [1, 1, kernel_size]), device),
        bias: Some(bias(link, weights, device)),
        ..Conv1dConfig::new(1, 1, kernel_size).with_padding(PaddingConfig1d::Same).init(device)
    }
}

fn bias(link: &Link, weights: &Weights, device: &Device) -> Param<Tensor<1>> {
    let bias = weights.vector(&link.name, "bias").expect("weights of this network").to_vec();
    let shape = [bias.len()];
    Param::from_data(TensorData::new(bias, shape), device)
}
