"""Weights as PyTorch users save them, with inputs and the logits that PyTorch computes.

    python assets/reference/state_dicts.py

writes `state_dicts/` beside this script: small `.pt` and `.safetensors` files, and beside each `NAME.io.safetensors` with
`inputs` and `logits`. Modules are called by other names than Vitrine's, some of them in no order of the alphabet.
"""

from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

OUT = Path(__file__).parent / "state_dicts"


class Unordered(nn.Module):
    """Layers of one shape, whose names do not tell their order; the file does."""

    def __init__(self):
        super().__init__()
        self.zeta, self.middle, self.alpha = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 4)

    def forward(self, x):
        return self.alpha(torch.relu(self.middle(torch.relu(self.zeta(x)))))


class LeNet(nn.Module):
    """LeNet-5 of few filters."""

    def __init__(self):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(1, 3, 5), nn.Conv2d(3, 4, 3)
        self.f1, self.f2 = nn.Linear(4 * 2 * 2, 12), nn.Linear(12, 5)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        x = self.pool(torch.relu(self.c2(self.pool(torch.relu(self.c1(x))))))
        return self.f2(torch.relu(self.f1(x.flatten(1))))


class Block(nn.Module):
    """A basic block as torchvision's."""

    def __init__(self, n_in, n_out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(n_in, n_out, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(n_out)
        self.conv2 = nn.Conv2d(n_out, n_out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(n_out)
        self.downsample = None
        if stride != 1 or n_in != n_out:
            self.downsample = nn.Sequential(nn.Conv2d(n_in, n_out, 1, stride, bias=False), nn.BatchNorm2d(n_out))

    def forward(self, x):
        way = x if self.downsample is None else self.downsample(x)
        x = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(x)) + way)


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.layer1 = nn.Sequential(Block(4, 4, 1))
        self.layer2 = nn.Sequential(Block(4, 6, 2))
        self.fc = nn.Linear(6, 3)

    def forward(self, x):
        x = self.layer2(self.layer1(torch.relu(self.bn1(self.conv1(x)))))
        return self.fc(x.mean((2, 3)))


def sequential():
    return nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 3))


def signals():
    return nn.Sequential(nn.Conv1d(2, 3, 5, stride=2, padding=2), nn.BatchNorm1d(3), nn.Tanh(), nn.AvgPool1d(2),
                         nn.Flatten(), nn.Linear(12, 3))


# Name, network, shape of a sample, how it is saved.
CASES = [
    ("sequential", sequential, (4,), lambda model, path: torch.save(model.state_dict(), f"{path}.pt")),
    ("unordered", Unordered, (4,), lambda model, path: torch.save(model.state_dict(), f"{path}.pt")),
    ("checkpoint", Unordered, (4,), lambda model, path: torch.save(
        {"epoch": 3, "model": model.state_dict(), "optimizer": torch.optim.Adam(model.parameters()).state_dict()}, f"{path}.pth")),
    ("half", sequential, (4,), lambda model, path: torch.save(
        OrderedDict((name, value.half()) for name, value in model.state_dict().items()), f"{path}.pt")),
    ("lenet", LeNet, (1, 16, 16), lambda model, path: save_file(model.state_dict(), f"{path}.safetensors")),
    ("signals", signals, (2, 16), lambda model, path: torch.save(model.state_dict(), f"{path}.pt")),
    ("resnet", ResNet, (3, 8, 8), lambda model, path: save_file(model.state_dict(), f"{path}.safetensors")),
]


def main():
    OUT.mkdir(exist_ok=True)
    for name, network, shape, save in CASES:
        torch.manual_seed(0)
        model = network()
        x = torch.randn(5, *shape)
        model.train()
        for _ in range(3):
            model(torch.randn(20, *shape))
        model.eval()
        save(model, OUT / name)
        if name == "half":
            model = model.half().float()
        with torch.no_grad():
            save_file({"inputs": x, "logits": model(x)}, OUT / f"{name}.io.safetensors")


main()
