"""Runs the backend tests of the installed `onnx` package through the program, and says how many pass.

    python assets/reference/onnx_backend.py target/release/vitrine
    python assets/reference/onnx_backend.py --store          a handful of them into assets/reference/onnx/backend/
    python assets/reference/onnx_backend.py PROGRAM --sets node --keep    and one of each operator

A case is a model with inputs and outputs. It passes where all outputs are within rtol 1e-4 and atol 1e-5; it is refused
where it has operators that are not known, which are counted; anything else is a failure. Needs onnx and safetensors.

The set `node` is made of the package's tests of single operators: their inputs but the first become fixed values of the
file, as exporters write weights, shapes and axes. Those of a version later than 24 are marked as of 24.
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


def write_nodes(folder):
    """The tests of single operators as files."""
    from onnx.backend.test.case.node import collect_testcases

    for case in collect_testcases(None):
        model = case.model
        if model is None or "expanded" in case.name or not case.data_sets:
            continue
        inputs, outputs = case.data_sets[0]
        arrays = [*inputs, *outputs]
        if not all(isinstance(array, (np.ndarray, np.generic)) and array.dtype.kind in "fib" for array in arrays):
            continue
        for opset in model.opset_import:
            if opset.domain in ["", "ai.onnx"]:
                opset.version = min(opset.version, 24)
        for value, array in list(zip(model.graph.input, inputs))[1:]:
            model.graph.initializer.append(numpy_helper.from_array(np.asarray(array), value.name))
        data = folder / case.name / "test_data_set_0"
        data.mkdir(parents=True)
        (folder / case.name / "model.onnx").write_bytes(model.SerializeToString())
        for kind, values in [("input", inputs[:1]), ("output", outputs)]:
            for place, array in enumerate(values):
                proto = numpy_helper.from_array(np.asarray(array))
                (data / f"{kind}_{place}.pb").write_bytes(proto.SerializeToString())


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


def keep(folder):
    """Stores a case."""
    short = folder.name.removeprefix("test_")
    shutil.copy(folder / "model.onnx", STORE / f"{short}.onnx")
    save_file(next(cases(folder)), str(STORE / f"{short}.safetensors"))
    (STORE / f"{short}.safetensors").chmod(0o644)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?")
    parser.add_argument("--store", action="store_true")
    parser.add_argument("--keep", action="store_true", help="store the smallest passing case of each operator")
    parser.add_argument("--sets", nargs="*", default=SETS)
    args = parser.parse_args()
    if args.store:
        STORE.mkdir(parents=True, exist_ok=True)
        for name in STORED:
            keep(DATA / name)
        return
    with tempfile.TemporaryDirectory() as scratch:
        for name in args.sets:
            counts, operators = collections.Counter(), collections.Counter()
            passed = {}
            if name == "node":
                write_nodes(pathlib.Path(scratch) / name)
            for folder in sorted(((pathlib.Path(scratch) if name == "node" else DATA) / name).glob("test_*")):
                outcome, said = run(args.program, folder, pathlib.Path(scratch))
                counts[outcome] += 1
                if outcome == "passed":
                    operator = onnx.load(folder / "model.onnx").graph.node[-1].op_type
                    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
                    if size < passed.get(operator, (6_000, None))[0]:
                        passed[operator] = (size, folder)
                if outcome == "refused":
                    for part in said.split("not known: ")[1].split(", "):
                        operators[part.split(" ")[0]] += 1
                if outcome == "failed":
                    print(f"{name}/{folder.name}: {said[-600:]}")
            print(f"{name}: {dict(counts)}; refused for {dict(operators)}")
            if args.keep:
                for _, folder in passed.values():
                    keep(folder)


if __name__ == "__main__":
    main()
