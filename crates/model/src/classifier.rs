//! Networks as burn modules: a stack of layers with one forward path that shows each layer to a tap.

use burn::module::{Module, Param};
use burn::nn::conv::{Conv1d, Conv1dConfig};
use burn::nn::{Linear, PaddingConfig1d};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};
use ndarray::{Array1, Array2};

use crate::spec::{Activation, LayerKind, NetworkSpec};
use crate::weights::{LayerWeights, Weights};

/// A layer of weights.
#[derive(Debug, Module)]
pub enum Layer {
    /// Every unit sees every input.
    Dense(Linear),
    /// One filter along the signal.
    Conv(Conv1d),
}

/// A network on a device, of any specification.
#[derive(Debug, Module)]
pub struct Classifier {
    layers: Vec<Layer>,
    #[module(skip)]
    spec: NetworkSpec,
}

/// What the tap sees of a layer, `[batch, n_units]` each.
#[derive(Debug)]
pub struct Tap<'a> {
    /// The layer's name.
    pub name: &'a str,
    /// Before the activation.
    pub pre: &'a Tensor<2>,
    /// After it; of the output layer the same, for the softmax is in the loss.
    pub post: &'a Tensor<2>,
}

impl Classifier {
    /// A network with these weights on `device`.
    pub fn new(spec: &NetworkSpec, weights: &Weights, device: &Device) -> Classifier {
        let layer = |(layer, weights): (&crate::spec::LayerSpec, &LayerWeights)| match layer.kind {
            LayerKind::Dense { n_in, n_out } => Layer::Dense(dense(n_in, n_out, weights, device)),
            LayerKind::Conv1d { kernel_size, .. } => Layer::Conv(conv(kernel_size, weights, device)),
        };
        Classifier { layers: spec.layers().iter().zip(&weights.0).map(layer).collect(), spec: spec.clone() }
    }

    /// Logits `[batch, n_classes]` of `x [batch, n_inputs]`.
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.forward_tapped(x, &mut |_| {})
    }

    /// The same, showing every layer to `tap` on the way.
    pub fn forward_tapped(&self, x: Tensor<2>, tap: &mut dyn FnMut(Tap<'_>)) -> Tensor<2> {
        self.pass(x, &[], tap)
    }

    /// The same with the activations of layer l multiplied by `masks[l]`, where there is one.
    pub(crate) fn forward_masked(&self, x: Tensor<2>, masks: &[Option<Tensor<2>>]) -> Tensor<2> {
        self.pass(x, masks, &mut |_| {})
    }

    fn pass(&self, x: Tensor<2>, masks: &[Option<Tensor<2>>], tap: &mut dyn FnMut(Tap<'_>)) -> Tensor<2> {
        self.layers.iter().zip(self.spec.layers()).enumerate().fold(x, |x, (l, (layer, spec))| {
            let pre = match layer {
                Layer::Dense(dense) => dense.forward(x),
                Layer::Conv(conv) => conv.forward(x.unsqueeze_dim::<3>(1)).squeeze_dim::<2>(1),
            };
            let post = match spec.activation {
                Activation::Relu => relu(pre.clone()),
                Activation::Identity => pre.clone(),
            };
            tap(Tap { name: &spec.name, pre: &pre, post: &post });
            match masks.get(l) {
                Some(Some(mask)) => post * mask.clone(),
                _ => post,
            }
        })
    }

    /// The layers.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The layers, to be changed.
    pub(crate) fn layers_mut(&mut self) -> &mut [Layer] {
        &mut self.layers
    }

    /// The weights, read back from the device.
    pub fn weights(&self) -> Weights {
        let layer = |(layer, spec): (&Layer, &crate::spec::LayerSpec)| {
            let (weight, bias) = match layer {
                // burn keeps dense weights as [n_in, n_out].
                Layer::Dense(dense) => (values(dense.weight.val().transpose()), dense.bias.as_ref()),
                Layer::Conv(conv) => (values(conv.weight.val()), conv.bias.as_ref()),
            };
            let bias = bias.map_or_else(Vec::new, |bias| values(bias.val()));
            LayerWeights {
                name: spec.name.clone(),
                weight: Array2::from_shape_vec(spec.weight_shape(), weight).expect("the shape of the layer"),
                bias: Array1::from_vec(bias),
            }
        };
        Weights(self.layers.iter().zip(self.spec.layers()).map(layer).collect())
    }
}

fn dense(n_in: usize, n_out: usize, weights: &LayerWeights, device: &Device) -> Linear {
    let transposed: Vec<f32> = weights.weight.t().iter().copied().collect();
    Linear {
        weight: Param::from_data(TensorData::new(transposed, [n_in, n_out]), device),
        bias: Some(Param::from_data(TensorData::new(weights.bias.to_vec(), [n_out]), device)),
    }
}

fn conv(kernel_size: usize, weights: &LayerWeights, device: &Device) -> Conv1d {
    let weight: Vec<f32> = weights.weight.iter().copied().collect();
    Conv1d {
        weight: Param::from_data(TensorData::new(weight, [1, 1, kernel_size]), device),
        bias: Some(Param::from_data(TensorData::new(weights.bias.to_vec(), [1]), device)),
        ..Conv1dConfig::new(1, 1, kernel_size).with_padding(PaddingConfig1d::Same).init(device)
    }
}

/// The values of a tensor, on the host.
pub(crate) fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().convert::<f32>().try_into_vec::<f32>().expect("just converted to f32")
}
