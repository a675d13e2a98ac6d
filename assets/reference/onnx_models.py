"""Networks exported to ONNX by PyTorch's two exporters and by skl2onnx, with stored values.

For every model a file `NAME.onnx` and `NAME.safetensors` (`NAME.npz` too): inputs and outputs under their names in the
file, inner values under the names that hooks give them, and gradients of logit 1 with respect to the input and two
inner values, by autograd, as `gradient/VALUE`.

    python assets/reference/onnx_models.py FOLDER        all of them
    python assets/reference/onnx_models.py --store       the small ones, into assets/reference/onnx/

Needs torch, torchvision, onnx, onnxscript, onnxruntime, skl2onnx, scikit-learn, safetensors.
"""

import argparse
import copy
import contextlib
import io
import pathlib
import tempfile
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.numpy import save_file
from torch import nn

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent


def mlp():
    return nn.Sequential(nn.Linear(8, 12), nn.Tanh(), nn.Linear(12, 6), nn.ReLU(), nn.Linear(6, 4)), (8,)


def lenet(filters=(6, 16), units=(120, 84)):
    a, b = filters
    c, d = units
    net = nn.Sequential(
        nn.Conv2d(1, a, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(a, b, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(b * 25, c), nn.ReLU(), nn.Linear(c, d), nn.ReLU(), nn.Linear(d, 10),
    )
    return net, (1, 28, 28)


def small_lenet():
    return lenet((2, 3), (12, 8))


def cnn1d():
    net = nn.Sequential(
        nn.Conv1d(2, 4, 5, padding=2), nn.BatchNorm1d(4), nn.ReLU(), nn.MaxPool1d(2),
        nn.Conv1d(4, 6, 3, stride=2), nn.BatchNorm1d(6), nn.GELU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(6, 3),
    )
    # Running means that are not those of the start.
    net.train()
    for _ in range(5):
        net(torch.randn(16, 2, 40) * 2 + 1)
    return net, (2, 40)


class Branches(nn.Module):
    """Two branches over one image, concatenated."""

    def __init__(self):
        super().__init__()
        self.wide = nn.Conv2d(3, 4, 5, padding=2)
        self.narrow = nn.Conv2d(3, 6, 1)
        self.norm = nn.BatchNorm2d(10)
        self.mix = nn.Conv2d(10, 8, 3, stride=2, groups=2)
        self.output = nn.Linear(8, 5)

    def forward(self, x):
        both = torch.cat([torch.relu(self.wide(x)), nn.functional.silu(self.narrow(x))], 1)
        z = nn.functional.leaky_relu(self.mix(self.norm(both)))
        return self.output(z.mean((2, 3)))


def branches():
    return Branches(), (3, 12, 12)


def resnet18(side):
    import torchvision

    net = torchvision.models.resnet18(weights=None, num_classes=10)
    for module in net.modules():
        if isinstance(module, nn.ReLU):
            module.inplace = False
    return net, (3, side, side)


MODELS = {
    "mlp": mlp, "lenet": lenet, "small-lenet": small_lenet, "cnn1d": cnn1d, "branches": branches,
    "resnet18-32": lambda: resnet18(32), "resnet18-224": lambda: resnet18(224),
}
STORED = ["mlp", "small-lenet", "cnn1d", "branches"]


def export(net, x, path, is_new, is_dynamic):
    more = {}
    if is_new and is_dynamic:
        more["dynamic_shapes"] = ({0: torch.export.Dim("batch", min=1, max=4096)},)
    elif is_dynamic:
        more["dynamic_axes"] = {"input": {0: "batch"}, "logits": {0: "batch"}}
    with contextlib.redirect_stdout(io.StringIO()):
        torch.onnx.export(
            net, (x,), str(path), input_names=["input"], output_names=["logits"], dynamo=is_new, verbose=False, **more
        )


def values_of(path, x):
    """Every float value of the file that rests on its input, computed by ONNX Runtime."""
    model = onnx.load(path)
    given = {value.name for value in model.graph.input} | {value.name for value in model.graph.initializer}
    names = [name for node in model.graph.node for name in node.output if name and name not in given]
    outputs = {value.name for value in model.graph.output}
    for name in names:
        if name not in outputs:
            model.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    with tempfile.TemporaryDirectory() as folder:
        copy = str(pathlib.Path(folder) / "all.onnx")
        onnx.save(model, copy)
        session = onnxruntime.InferenceSession(copy, options, providers=["CPUExecutionProvider"])
    found = session.run(names, {session.get_inputs()[0].name: x})
    return {name: value for name, value in zip(names, found) if getattr(value, "dtype", None) == np.float32}


def gradients(net, x, found):
    """Of logit 1, in double precision: with respect to the input and two inner values, found in the file by their numbers."""
    net, x = copy.deepcopy(net).double(), x.double()
    inner = []
    hooks = []

    def keep(_, __, out):
        out.retain_grad()
        inner.append(out)

    for module in net.modules():
        if not list(module.children()):
            hooks.append(module.register_forward_hook(keep))
    x = x.clone().requires_grad_()
    logits = net(x)
    logits[:, 1].sum().backward()
    for hook in hooks:
        hook.remove()
    given = {"gradient/input": x.grad.numpy()}
    # A filter that a normalisation is folded into computes what that gives; what is computed in place is changed.
    both = []
    for value in inner:
        if value.grad is None:
            continue
        for name, theirs in found.items():
            if theirs.shape == tuple(value.shape) and np.allclose(theirs, value.detach().numpy(), atol=1e-4):
                both.append((name, value.grad.numpy()))
                break
    for name, gradient in [both[0], both[len(both) // 2]]:
        given[f"gradient/{name}"] = gradient
    in_single = lambda value: value.astype(np.float32)
    return in_single(logits.detach().numpy()), {name: in_single(value) for name, value in given.items()}



def write_torch(folder, names, is_stored):
    for name in names:
        torch.manual_seed(0)
        net, shape = MODELS[name]()
        net.eval()
        for is_new in [True, False]:
            for is_dynamic in [True, False]:
                full = f"{name}-{'new' if is_new else 'old'}-{'any' if is_dynamic else 'one'}"
                if is_stored and (name not in ["mlp", "small-lenet"] and not is_dynamic):
                    continue
                export(net, torch.randn(3 if is_dynamic else 1, *shape), folder / f"{full}.onnx", is_new, is_dynamic)
                x = torch.randn(2 if is_dynamic else 1, *shape)
                found = values_of(str(folder / f"{full}.onnx"), x.numpy())
                logits, given = gradients(net, x, found)
                assert np.allclose(found["logits"], logits, atol=1e-3), full
                arrays = {"input": x.numpy(), "logits": logits, **given}
                if not is_stored or sum(value.nbytes for value in found.values()) < 60_000:
                    arrays = {**found, **arrays}
                if "224" in name:
                    arrays = {key: value for key, value in arrays.items() if value.nbytes < 4_000_000}
                if is_stored:
                    # One file: weights that the new exporter would put beside it.
                    model = onnx.load(folder / f"{full}.onnx")
                    for node in model.graph.node:
                        del node.metadata_props[:]
                        node.doc_string = ""
                    del model.metadata_props[:]
                    (folder / f"{full}.onnx.data").unlink(missing_ok=True)
                    beside = {"save_as_external_data": True, "location": f"{full}.onnx.data", "size_threshold": 0}
                    onnx.save(model, folder / f"{full}.onnx", **(beside if name == "mlp" and is_new else {}))
                save_file({key: np.ascontiguousarray(value) for key, value in arrays.items()},
                          str(folder / f"{full}.safetensors"))
                if not is_stored:
                    plain = {key: value for key, value in arrays.items() if not key.startswith("gradient/")}
                    np.savez(folder / f"{full}.npz", **plain)
                (folder / f"{full}.safetensors").chmod(0o644)
                for beside in folder.glob("*.onnx.data"):
                    beside.chmod(0o644)
                print(full, len(arrays), [key for key in arrays if key.startswith("gradient/")])


def write_sklearn(folder):
    from skl2onnx import to_onnx
    from sklearn.neural_network import MLPClassifier

    rng = np.random.RandomState(0)
    x = rng.randn(300, 4).astype(np.float32)
    y = (x[:, 0] + x[:, 1] > 0).astype(int) + (x[:, 2] > 1)
    model = MLPClassifier((8,), max_iter=60, random_state=0).fit(x, y)
    file = to_onnx(model, x[:1], options={id(model): {"zipmap": False}})
    (folder / "sklearn-mlp.onnx").write_bytes(file.SerializeToString())
    found = values_of(str(folder / "sklearn-mlp.onnx"), x[:7])
    arrays = {
        "X": x[:7], **found,
        "probabilities": model.predict_proba(x[:7]).astype(np.float32),
        "label": model.predict(x[:7]).astype(np.int64),
    }
    save_file({key: np.ascontiguousarray(value) for key, value in arrays.items()}, str(folder / "sklearn-mlp.safetensors"))
    (folder / "sklearn-mlp.safetensors").chmod(0o644)
    np.savez(folder / "sklearn-mlp.npz", **arrays)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=pathlib.Path)
    parser.add_argument("--store", action="store_true")
    parser.add_argument("--only", nargs="*")
    args = parser.parse_args()
    folder = HERE / "onnx" if args.store else args.folder or pathlib.Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    names = args.only or (STORED if args.store else list(MODELS))
    write_torch(folder, names, args.store)
    write_sklearn(folder)
    if args.store:
        (folder / "sklearn-mlp.npz").unlink()
    print(folder)


if __name__ == "__main__":
    main()
