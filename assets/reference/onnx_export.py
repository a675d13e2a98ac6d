"""Networks that Vitrine writes as ONNX, run by ONNX Runtime: the same logits to 1e-5, node by node.

    python assets/reference/onnx_export.py path/to/vitrine

trains a network of every kind of layer for an epoch on drawn samples, converts it, and compares what the program and
ONNX Runtime compute for every node of the file. It needs numpy, onnx and onnxruntime, and says what is furthest apart.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

ACTIVATIONS = ["relu", "sigmoid", "tanh", "leaky_relu", "elu", "gelu", "silu", "linear"]
NETWORKS = [
    ((9,), "mlp:9-7-res7-res5+bn-6+bn+tanh+dropout0.2-3"),
    ((9,), "bottleneck:9-6-2-6-3"),
    ((12,), "cnn:12,conv5,conv4+relu,3"),
    ((2, 20), "cnn:2x20,conv7x6+stride2+pad3+bn,pool2,conv3x4+same,avgpool2,5,3"),
    ((1, 28, 28), "cnn:1x28x28,conv5x5x6,pool2,conv5x5x16,pool2,120,84,3"),
    ((3, 16, 16), "cnn:3x16x16,conv3x3x8+same+nobias+bn,res3x3x8+bn,pool3+stride2+pad1,res3x3x12+stride2+bn,gap,3"),
    ((1, 9, 8), "cnn:1x9x8,conv4x3x3+same+linear,avgpool3+stride2+pad1,4,3"),
    *[((6,), f"mlp:6-5+{word}-3") for word in ACTIVATIONS],
]


def main():
    program = Path(sys.argv[1]).resolve()
    rng = np.random.default_rng(0)
    furthest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)

        def run(*arguments):
            subprocess.run([program, "--quiet", *map(str, arguments)], cwd=folder, check=True, capture_output=True)

        for place, (shape, spec) in enumerate(NETWORKS):
            x = rng.standard_normal((60, *shape)).astype(np.float32)
            np.save(folder / f"x{place}.npy", x)
            np.save(folder / f"y{place}.npy", np.arange(60) % 3)
            run("train", "--data", f"x{place}.npy,y{place}.npy", "--network", spec, "--set", "max_epochs=2",
                "--set", "batch_size=20", "--runs", f"runs{place}")
            [network] = [p for p in (folder / f"runs{place}/networks").iterdir() if not p.name.startswith(".")]
            run("convert", network, f"{place}.onnx")
            run("capture", network, "--data", f"x{place}.npy", "--out", f"{place}.npz")
            model = onnx.load(folder / f"{place}.onnx")
            onnx.checker.check_model(model, full_check=True)
            names = [node.output[0] for node in model.graph.node]
            del model.graph.output[:]
            model.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in names)
            session = onnxruntime.InferenceSession(model.SerializeToString())
            theirs = dict(zip(names, session.run(None, {"input": x})))
            ours = np.load(folder / f"{place}.npz")
            apart = max(np.abs(ours[name].reshape(-1) - theirs[name].reshape(-1)).max() for name in ours.files)
            print(f"{apart:.1e}  {len(ours.files):3} nodes  {spec}")
            furthest = max(furthest, apart)
    print(f"{furthest:.1e} apart at most")
    sys.exit(furthest > 1e-5)


main()
