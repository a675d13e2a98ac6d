"""Reference arrays for every op: what PyTorch makes of the same weights and inputs.

    python assets/reference/ops.py

writes `ops/ops.safetensors` beside this script. Each case is a network of few units that holds the op, named by it:
`CASE/hidden1.weight` and so on are its weights, `CASE/inputs` and `CASE/labels` its samples; `CASE/logits` and
`CASE/loss`, the mean cross-entropy, what PyTorch computes; `CASE/gradient/hidden1.weight` and so on the loss' gradient;
`CASE/input_gradient` the gradient of each sample's own logit with respect to its input. Logits and `input_gradient` are those
of a network in use, the loss and its gradients those of a network in training; `CASE/after/conv1.bn.running_mean` and so on
are the running means after it.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

OUT = Path(__file__).parent / "ops"
N_INPUTS, N_HIDDEN, N_CLASSES, N_SAMPLES = 7, 6, 4, 5

ACTIVATIONS = {
    "relu": nn.ReLU(),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "leaky_relu": nn.LeakyReLU(),
    "elu": nn.ELU(),
    "gelu": nn.GELU(),
    "silu": nn.SiLU(),
}


class Conv(nn.Conv1d):
    """One filter along the signal, same padding."""

    def __init__(self, taps):
        super().__init__(1, 1, taps, padding="same")

    def forward(self, x):
        return super().forward(x.unsqueeze(1)).squeeze(1)


class Residual(nn.Conv2d):
    """A filter with a way around it."""

    def forward(self, x):
        return x + super().forward(x)


def over_channels():
    """By case the shape of a sample and the layers over its channels."""
    yield "filters", (2, 4, 5), [("conv1", nn.Conv2d(2, 3, (2, 3), stride=(1, 2), padding=(1, 0)))]
    yield "filters_dilated", (1, 5, 4), [("conv1", nn.Conv2d(1, 2, 2, dilation=2, bias=False)), (None, nn.Tanh())]
    yield "filters_signal", (2, 7), [("conv1", nn.Conv1d(2, 3, 3, stride=2, padding=1))]
    yield "filters_grouped", (2, 3, 3), [("conv1", nn.Conv2d(2, 4, 2, groups=2))]
    rectified = [("conv1", nn.Conv2d(1, 2, 3)), (None, nn.ReLU())]
    yield "max_pool", (1, 6, 6), [*rectified, (None, nn.MaxPool2d(2))]
    yield "max_pool_padded", (2, 5, 4), [(None, nn.MaxPool2d(3, stride=2, padding=1))]
    yield "max_pool_partial", (2, 6), [(None, nn.MaxPool1d(3, stride=2, ceil_mode=True))]
    yield "average_pool", (1, 5, 4), [(None, nn.AvgPool2d(2, padding=1))]
    yield "average_pool_inside", (1, 5, 4), [(None, nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False))]
    yield "average_pool_partial", (1, 6), [(None, nn.AvgPool1d(3, stride=2, padding=1, ceil_mode=True))]
    yield "global_average", (1, 4, 4), [("conv1", nn.Conv2d(1, 3, 2)), (None, nn.AdaptiveAvgPool2d(1))]
    norm = nn.BatchNorm2d(2)
    for values in [norm.weight, norm.bias, norm.running_mean]:
        nn.init.normal_(values)
    nn.init.uniform_(norm.running_var, 0.5, 2.0)
    yield "batch_norm", (1, 4, 4), [("conv1", nn.Conv2d(1, 2, 2)), ("conv1.bn", norm), (None, nn.ReLU())]
    yield "residual", (1, 4, 4), [("conv1", nn.Conv2d(1, 2, 2)), ("conv2", Residual(2, 2, 3, padding=1)), (None, nn.Tanh())]


def cases():
    """By case the shape of a sample and the layers, by their names; what learns nothing has none."""
    for case, layers in over_vectors():
        yield case, (N_INPUTS,), layers
    for case, shape, layers in over_channels():
        layers.append((None, nn.Flatten()))
        n_values = nn.Sequential(*(layer for _, layer in layers)).eval()(torch.zeros(1, *shape)).shape[1]
        yield case, shape, [*layers, ("output", nn.Linear(n_values, N_CLASSES))]


def over_vectors():
    """By case the layers over vectors."""
    output = lambda n_in: ("output", nn.Linear(n_in, N_CLASSES))
    yield "dense", [("hidden1", nn.Linear(N_INPUTS, N_HIDDEN)), output(N_HIDDEN)]
    for taps in (1, 4, 5, 7):
        yield f"conv{taps}", [("conv1", Conv(taps)), output(N_INPUTS)]
    for word, activation in ACTIVATIONS.items():
        hidden = [("conv1", Conv(3)), (None, activation), ("hidden1", nn.Linear(N_INPUTS, N_HIDDEN))]
        yield word, [*hidden, (None, activation), output(N_HIDDEN)]
    yield "softmax", [("hidden1", nn.Linear(N_INPUTS, N_HIDDEN)), (None, nn.Softmax(dim=1)), output(N_HIDDEN)]


def main():
    torch.manual_seed(0)
    OUT.mkdir(exist_ok=True)
    tensors = {}
    for case, shape, layers in cases():
        # Wide enough that the activations are seen on both sides and beyond their bends.
        x = (2 * torch.randn(N_SAMPLES, *shape)).requires_grad_()
        y = torch.randint(0, N_CLASSES, (N_SAMPLES,))
        network = nn.Sequential(*(layer for _, layer in layers)).eval()
        logits = network(x)
        (input_gradient,) = torch.autograd.grad(logits.gather(1, y[:, None]).sum(), x, retain_graph=True)
        buffers = lambda: {f"{name}.{buffer}": values.clone() for name, layer in layers if name
                           for buffer, values in layer.named_buffers() if values.is_floating_point()}
        before = buffers()
        loss = nn.functional.cross_entropy(network.train()(x), y)
        loss.backward()
        arrays = {"inputs": x, "labels": y, "logits": logits, "loss": loss.reshape(1), "input_gradient": input_gradient}
        for name, layer in layers:
            for parameter, values in layer.named_parameters() if name else []:
                arrays[f"{name}.{parameter}"] = values
                arrays[f"gradient/{name}.{parameter}"] = values.grad
        arrays |= before | {f"after/{name}": values for name, values in buffers().items()}
        tensors |= {f"{case}/{name}": array.detach().clone() for name, array in arrays.items()}
    save_file(tensors, OUT / "ops.safetensors", metadata={"torch": torch.__version__})


if __name__ == "__main__":
    main()
