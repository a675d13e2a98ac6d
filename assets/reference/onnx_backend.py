"""Runs the backend tests of the installed `onnx` package through the program, and says how many pass.

    python assets/reference/onnx_backend.py target/release/vitrine
    python assets/reference/onnx_backend.py --store          a handful of them into assets/reference/onnx/backend/

A case is a model with inputs and outputs. It passes where all outputs are within rtol 1e-4 and atol 1e-5; it is refused
where it has operators that are not known, which are counted; anything else is a failure. Needs onnx and safetensors.
"""

import argparse
import collections
import pathlib
import shutil
import subprocess
import tempfile

import numpy as np
import onnx
from onnx import numpy_helper
from safetensors.numpy import save_file

DATA = pathlib.Path(onnx.__file__).parent / "backend/test/data"
SETS = ["pytorch-converted", "pytorch-operator", "simple"]
STORE = pathlib.Path(__file__).parent / "onnx/backend"
STORED = [
    "pytorch-converted/test_AvgPool1d", "pytorch-converted/test_Conv2d_dilated", "pytorch-converted/test_ConvTranspose2d",
    "pytorch-converted/test_Embedding", "pytorch-converted/test_GLU_dim", "pytorch-converted/test_Linear_no_bias",
    "pytorch-converted/test_PReLU_2d_multiparam", "pytorch-converted/test_PixelShuffle",
    "pytorch-converted/test_ReflectionPad2d", "pytorch-converted/test_log_softmax_dim3",
    "pytorch-operator/test_operator_add_size1_broadcast", "pytorch-operator/test_operator_addmm",
    "pytorch-operator/test_operator_index", "pytorch-operator/test_operator_non_float_params",
    "simple/test_expand_shape_model4", "simple/test_sign_model",
]


def tensor(path):
    proto = onnx.TensorProto()
    proto.ParseFromString(path.read_bytes())
    return numpy_helper.to_array(proto)


def cases(folder):
    """The arrays of each data set of a case, by name."""
    model = onnx.load(folder / "model.onnx")
    given = {value.name for value in model.graph.initializer}
    inputs = [value.name for value in model.graph.input if value.name not in given]
    outputs = [value.name for value in model.graph.output]
    for data in sorted(folder.glob("test_data_set_*")):
        arrays = {}
        for kind, names in [("input", inputs), ("output", outputs)]:
            for place, name in enumerate(names):
                arrays[name] = tensor(data / f"{kind}_{place}.pb")
        yield {name: np.array(value, order="C") for name, value in arrays.items()}


def run(program, folder, scratch):
    """Whether a case passes, or what is said of it."""
    try:
        sets = list(cases(folder))
    except Exception as error:
        sets = []
        said = subprocess.run([program, "describe", folder / "model.onnx"], capture_output=True, text=True)
        return "refused" if "operators that are not known" in said.stderr else "failed", said.stderr.strip() or str(error)
    for arrays in sets:
        arrays = {k: v if v.dtype != object and v.dtype.kind in "fiub" else np.zeros(1, np.float32) for k, v in arrays.items()}
        save_file(arrays, str(scratch / "io.safetensors"))
        said = subprocess.run(
            [program, "describe", folder / "model.onnx", "--check", scratch / "io.safetensors"],
            capture_output=True, text=True, timeout=60,
        )
        if "operators that are not known" in said.stderr:
            return "refused", said.stderr.strip()
        if said.returncode != 0:
            return "failed", (said.stdout + said.stderr).strip()
    return "passed", ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?")
    parser.add_argument("--store", action="store_true")
    parser.add_argument("--sets", nargs="*", default=SETS)
    args = parser.parse_args()
    if args.store:
        STORE.mkdir(parents=True, exist_ok=True)
        for name in STORED:
            short = name.split("/")[1].removeprefix("test_")
            shutil.copy(DATA / name / "model.onnx", STORE / f"{short}.onnx")
            save_file(next(cases(DATA / name)), str(STORE / f"{short}.safetensors"))
            (STORE / f"{short}.safetensors").chmod(0o644)
        return
    with tempfile.TemporaryDirectory() as scratch:
        for name in args.sets:
            counts, operators = collections.Counter(), collections.Counter()
            for folder in sorted((DATA / name).glob("test_*")):
                outcome, said = run(args.program, folder, pathlib.Path(scratch))
                counts[outcome] += 1
                if outcome == "refused":
                    for part in said.split("not known: ")[1].split(", "):
                        operators[part.split(" ")[0]] += 1
                if outcome == "failed":
                    print(f"{name}/{folder.name}: {said[-600:]}")
            print(f"{name}: {dict(counts)}; refused for {dict(operators)}")


if __name__ == "__main__":
    main()
