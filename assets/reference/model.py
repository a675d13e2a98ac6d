"""Reference arrays for the networks: what PyTorch makes of the same weights and inputs.

    python assets/reference/model.py

writes one small safetensors file per network beside this script: initial weights, inputs, labels, logits, mean
cross-entropy, the gradient of each sample's own logit with respect to its input, and the weights after ten steps
of gradient descent on the whole set, without and with momentum and weight decay.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

OUT = Path(__file__).parent / "model"


class Conv(nn.Module):
    """One filter along the signal, same padding."""

    def __init__(self, taps):
        super().__init__()
        self.conv = nn.Conv1d(1, 1, taps, padding="same")

    def forward(self, x):
        return self.conv(x.unsqueeze(1)).squeeze(1)


torch.manual_seed(0)

NETWORKS = {
    "mlp:20-16-12-8": {"hidden1": nn.Linear(20, 16), "hidden2": nn.Linear(16, 12), "output": nn.Linear(12, 8)},
    "cnn:20,conv5,conv4+relu,8": {"conv1": Conv(5), "conv2": Conv(4), "output": nn.Linear(20, 8)},
    "bottleneck:20-10-2-10-8": {
        "hidden1": nn.Linear(20, 10),
        "hidden2": nn.Linear(10, 2),
        "hidden3": nn.Linear(2, 10),
        "output": nn.Linear(10, 8),
    },
}


def forward(layers, x):
    for name, layer in layers.items():
        x = layer(x)
        if name.startswith("hidden") or name == "conv2":
            x = torch.relu(x)
    return x


def weights(layers, prefix=""):
    tensors = {}
    for name, layer in layers.items():
        inner = layer.conv if isinstance(layer, Conv) else layer
        tensors[f"{prefix}{name}.weight"] = inner.weight.detach().clone()
        tensors[f"{prefix}{name}.bias"] = inner.bias.detach().clone()
    return tensors


def sgd(parameters, **settings):
    return torch.optim.SGD(parameters, lr=0.1, **settings), None


def adam(parameters):
    optimiser = torch.optim.Adam(parameters, lr=0.02, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.01)
    return optimiser, torch.optim.lr_scheduler.StepLR(optimiser, step_size=4, gamma=0.5)


def train(layers, x, y, optimiser, **settings):
    start = {name: {k: v.clone() for k, v in layer.state_dict().items()} for name, layer in layers.items()}
    optimiser, schedule = optimiser([p for layer in layers.values() for p in layer.parameters()], **settings)
    for _ in range(10):
        optimiser.zero_grad()
        nn.functional.cross_entropy(forward(layers, x), y).backward()
        optimiser.step()
        if schedule:
            schedule.step()
    trained = {name: {k: v.clone() for k, v in layer.state_dict().items()} for name, layer in layers.items()}
    for name, layer in layers.items():
        layer.load_state_dict(start[name])
    return trained


def main():
    OUT.mkdir(exist_ok=True)
    for spec, layers in NETWORKS.items():
        x = torch.randn(30, 20, requires_grad=True)
        y = torch.randint(0, 8, (30,))
        logits = forward(layers, x)
        logits.gather(1, y[:, None]).sum().backward()
        tensors = weights(layers)
        tensors |= {"inputs": x.detach().clone(), "labels": y.to(torch.int64), "logits": logits.detach().clone()}
        tensors |= {"loss": nn.functional.cross_entropy(logits, y).detach().reshape(1), "input_gradient": x.grad.clone()}
        x = x.detach()
        momentum = {"momentum": 0.5, "weight_decay": 0.01}
        for prefix, optimiser, settings in [("plain/", sgd, {}), ("momentum/", sgd, momentum), ("adam/", adam, {})]:
            for name, state in train(layers, x, y, optimiser, **settings).items():
                for key, value in state.items():
                    tensors[f"{prefix}{name}.{key.removeprefix('conv.')}"] = value
        family = spec.split(":")[0]
        save_file(tensors, OUT / f"{family}.safetensors", metadata={"network": spec, "torch": torch.__version__})


if __name__ == "__main__":
    main()
