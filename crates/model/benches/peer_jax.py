"""JAX's time per training step: one `lax.scan` over the batches of an epoch, compiled: `peer_jax.py THREADS`."""

import os

import peers

peers.pin(peers.threads())
if peers.threads() == 1:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np


def initial(shape):
    n_in, layers = peers.parse(shape)
    rng = np.random.default_rng(0)
    weights = []
    for kind, size in layers:
        rows = size if kind == "dense" else 1
        columns = n_in if kind == "dense" else size
        bound = np.sqrt(6 / (rows + columns))
        weight = rng.uniform(-bound, bound, (columns, rows) if kind == "dense" else (1, 1, size))
        weights.append((jnp.float32(weight), jnp.zeros(rows, jnp.float32)))
        n_in = size if kind == "dense" else n_in
    return weights, [kind for kind, _ in layers]


def logits(weights, kinds, x):
    for place, ((weight, bias), kind) in enumerate(zip(weights, kinds)):
        if kind == "conv":
            x = jax.lax.conv(x[:, None, :], weight, (1,), "SAME")[:, 0, :] + bias
        else:
            x = x @ weight + bias
            x = jax.nn.relu(x) if place + 1 < len(kinds) else x
    return x


def step(shape):
    size = peers.batch_size(shape)
    inputs, labels = map(jnp.asarray, peers.dataset(shape, peers.N_SAMPLES))
    weights, kinds = initial(shape)
    n_steps = 12 if size == 1_000 else peers.N_SAMPLES // size

    def loss(weights, x, y):
        z = logits(weights, kinds, x)
        return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], 1))

    def descend(weights, batch):
        value, gradients = jax.value_and_grad(loss)(weights, inputs[batch], labels[batch])
        return jax.tree.map(lambda w, g: w - 0.01 * g, weights, gradients), value

    epoch = jax.jit(lambda weights, order: jax.lax.scan(descend, weights, order))
    rng = np.random.default_rng(0)

    def run():
        nonlocal weights
        order = rng.permutation(len(inputs))[:n_steps * size].reshape(n_steps, size)
        weights, losses = epoch(weights, jnp.asarray(order))
        losses.block_until_ready()

    return run, n_steps


def evaluate(shape):
    inputs, labels = map(jnp.asarray, peers.dataset(shape, peers.N_EVALUATED))
    weights, kinds = initial(shape)
    chunks = inputs.reshape(-1, 500, inputs.shape[1]), labels.reshape(-1, 500)

    def chunk(sums, batch):
        z, y = logits(weights, kinds, batch[0]), batch[1]
        loss = -jnp.sum(jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], 1))
        return (sums[0] + loss, sums[1] + jnp.sum(jnp.argmax(z, 1) == y)), None

    whole = jax.jit(lambda chunks: jax.lax.scan(chunk, (jnp.float32(0), 0), chunks)[0])
    return lambda: whole(chunks)[0].block_until_ready(), 1


peers.serve({"step": step, "evaluate": evaluate})
