"""Reference arrays for every op: what PyTorch makes of the same weights and inputs.

    python assets/reference/ops.py

writes `ops/ops.safetensors` beside this script. Each case is a network of few units that holds the op, named by it:
`CASE/hidden1.weight` and so on are its weights, `CASE/inputs` and `CASE/labels` its samples; `CASE/logits` and
`CASE/loss`, the mean cross-entropy, what PyTorch computes; `CASE/gradient/hidden1.weight` and so on the loss' gradient;
`CASE/input_gradient` the gradient of each sample's own logit with respect to its input.
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


def cases():
    """By case the layers, by their names; what learns nothing has none."""
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
    for case, layers in cases():
        # Wide enough that the activations are seen on both sides and beyond their bends.
        x = (2 * torch.randn(N_SAMPLES, N_INPUTS)).requires_grad_()
        y = torch.randint(0, N_CLASSES, (N_SAMPLES,))
        logits = nn.Sequential(*(layer for _, layer in layers))(x)
        (input_gradient,) = torch.autograd.grad(logits.gather(1, y[:, None]).sum(), x, retain_graph=True)
        loss = nn.functional.cross_entropy(logits, y)
        loss.backward()
        arrays = {"inputs": x, "labels": y, "logits": logits, "loss": loss.reshape(1), "input_gradient": input_gradient}
        for name, layer in layers:
            for parameter, values in layer.named_parameters() if name else []:
                arrays[f"{name}.{parameter}"] = values
                arrays[f"gradient/{name}.{parameter}"] = values.grad
        tensors |= {f"{case}/{name}": array.detach().clone() for name, array in arrays.items()}
    save_file(tensors, OUT / "ops.safetensors", metadata={"torch": torch.__version__})


if __name__ == "__main__":
    main()
