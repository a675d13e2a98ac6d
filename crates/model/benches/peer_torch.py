"""PyTorch's time per training step, evaluation and forward pass: `peer_torch.py THREADS [compiled]`."""

import sys

import peers

peers.pin(peers.threads())

import torch
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(peers.threads())
COMPILED = "compiled" in sys.argv[2:]


class Conv(nn.Conv1d):
    """One filter along the signal."""

    def __init__(self, kernel_size):
        super().__init__(1, 1, kernel_size, padding="same")

    def forward(self, x):
        return super().forward(x.unsqueeze(1)).squeeze(1)


def network_of_images(shape):
    (channels, *size), layers = peers.parse_image(shape)
    modules = []
    n_in = None
    for place, (kind, *settings) in enumerate(layers):
        if kind == "conv":
            kernel, n_filters = settings
            modules += [nn.Conv2d(channels, n_filters, kernel), nn.ReLU()]
            channels, size = n_filters, [length - taps + 1 for length, taps in zip(size, kernel)]
        elif kind == "pool":
            modules.append(nn.MaxPool2d(*settings))
            size = [length // settings[0] for length in size]
        else:
            if n_in is None:
                modules.append(nn.Flatten())
                n_in = channels * size[0] * size[1]
            modules.append(nn.Linear(n_in, *settings))
            n_in = settings[0]
            if place + 1 < len(layers):
                modules.append(nn.ReLU())
    return nn.Sequential(*modules)


def network(shape):
    if peers.is_of_images(shape):
        return network_of_images(shape)
    n_in, layers = peers.parse(shape)
    modules = []
    for place, (kind, size) in enumerate(layers):
        if kind == "conv":
            modules.append(Conv(size))
        else:
            modules.append(nn.Linear(n_in, size))
            n_in = size
            if place + 1 < len(layers):
                modules.append(nn.ReLU())
    return nn.Sequential(*modules)


def step(shape):
    size = peers.batch_size(shape)
    inputs, labels = map(torch.from_numpy, peers.dataset(shape, peers.N_SAMPLES))
    model = network(shape)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.01)
    n_steps = 12 if size == 1_000 else peers.N_SAMPLES // size
    forward = torch.compile(lambda x, y: F.cross_entropy(model(x), y)) if COMPILED else (
        lambda x, y: F.cross_entropy(model(x), y))

    def run():
        order = torch.randperm(len(inputs))
        for i in range(n_steps):
            batch = order[i * size:(i + 1) * size]
            optimiser.zero_grad()
            forward(inputs[batch], labels[batch]).backward()
            optimiser.step()

    return run, n_steps


def evaluate(shape):
    """In chunks of the size that is fastest here."""
    inputs, labels = map(torch.from_numpy, peers.dataset(shape, peers.N_EVALUATED))
    model = network(shape)

    def chunked(chunk):
        def run():
            with torch.inference_mode():
                for i in range(0, len(inputs), chunk):
                    logits = model(inputs[i:i + chunk])
                    F.cross_entropy(logits, labels[i:i + chunk], reduction="sum").item()
                    (logits.argmax(1) == labels[i:i + chunk]).sum().item()
        return run

    best = min([100, 250, 500, 1_000, 4_000, 60_000], key=lambda chunk: peers.timed(chunked(chunk), 1)["best"])
    return chunked(best), 1


def forward(shape):
    """The logits of all images, in chunks of the size that is fastest here."""
    inputs = torch.from_numpy(peers.dataset(shape, peers.N_IMAGES)[0])
    model = network(shape)

    def chunked(chunk):
        def run():
            with torch.inference_mode():
                for i in range(0, len(inputs), chunk):
                    model(inputs[i:i + chunk])
        return run

    best = min([25, 50, 100, 250, 500, 1_000], key=lambda chunk: peers.timed(chunked(chunk), 1)["best"])
    return chunked(best), 1


peers.serve({"step": step, "evaluate": evaluate, "forward": forward})
