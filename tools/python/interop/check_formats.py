"""Other containers than HDF5, against the libraries that own them."""

import json
import zipfile

import keras
import ml_dtypes
import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from interop import formulas
from interop.checks import Checks

Arrays = dict[str, np.ndarray]


def arrays(seed: int) -> Arrays:
    """Weights of every type that safetensors and NumPy share, an integer, and odd names."""
    random = np.random.default_rng(seed)
    made = {f"layers.{i}.weight": random.normal(size=(17, 9)).astype("f4") for i in range(12)}
    made["half"] = random.normal(size=99).astype("f2")
    made["double/größe"] = random.normal(size=(3, 1, 2)).astype("f8")
    made["count"] = np.array(3, "i8")
    return made


def mean(sources: list[Arrays], name: str) -> np.ndarray:
    """The exact mean, rounded once; integers are the first's."""
    first = sources[0][name]
    if first.dtype.kind == "i":
        return first
    return formulas.rounded(formulas.mean([source[name] for source in sources]), first.dtype)


def same(found: np.ndarray, wanted: np.ndarray, name: str) -> None:
    """Bit for bit, with type and shape."""
    assert found.dtype == wanted.dtype, f"{name}: {found.dtype}, not {wanted.dtype}"
    assert found.shape == wanted.shape, f"{name}: {found.shape}, not {wanted.shape}"
    assert found.tobytes() == wanted.tobytes(), f"{name}: values differ"


def safetensors_files(checks: Checks) -> None:
    """What the library reads of our outputs: values, metadata, and the 8-bit types."""
    sources = [arrays(seed) for seed in (1, 2, 3)]
    narrow = {"b": ml_dtypes.bfloat16, "e4": ml_dtypes.float8_e4m3fn, "e5": ml_dtypes.float8_e5m2}
    paths = []
    for seed, source in enumerate(sources):
        random = np.random.default_rng(seed)
        source.update({k: random.normal(size=301).astype(t) for k, t in narrow.items()})
        paths.append(checks.out(f"{seed}.safetensors"))
        save_file(source, paths[-1], metadata={"format": "pt", "n": str(seed)})
    with checks.check("safetensors: the mean of three, every floating-point type"):
        out = checks.out("mean.safetensors")
        checks.program.done("soup", *paths, "-o", out)
        with safe_open(out, "np") as file:
            assert set(file.keys()) == set(sources[0])
            assert file.metadata()["n"] == "0" and "ctl_merge" in file.metadata()
        header = json.loads(out.read_bytes()[8:][: int.from_bytes(out.read_bytes()[:8], "little")])
        start = 8 + int.from_bytes(out.read_bytes()[:8], "little")
        for name, wanted in ((n, mean(sources, n)) for n in sources[0]):
            begin, end = header[name]["data_offsets"]
            data = out.read_bytes()[start + begin : start + end]
            assert data == wanted.tobytes(), f"{name}: values differ"
    with checks.check("safetensors: sharded, by the index and by the folder"):
        folder = checks.out("sharded")
        folder.mkdir()
        names = sorted(sources[0])
        parts = {"a.safetensors": names[:5], "b.safetensors": names[5:]}
        for part, chosen in parts.items():
            save_file({n: sources[0][n] for n in chosen}, folder / part)
        weights = {n: part for part, chosen in parts.items() for n in chosen}
        (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weights}))
        for path in (folder, folder / "model.safetensors.index.json"):
            checks.program.done("diff", path, paths[0])


def numpy_files(checks: Checks) -> None:
    """Archives stored and deflated, in either order of axes and bytes."""
    sources = [arrays(seed) for seed in (4, 5)]
    for source in sources:
        source["fortran"] = np.asfortranarray(source["layers.0.weight"])
        source["big"] = source["half"].astype(">f2")
    stored, deflated = checks.out("stored.npz"), checks.out("deflated.npz")
    np.savez(stored, **sources[0])
    np.savez_compressed(deflated, **sources[1])
    for first, second in ((stored, deflated), (deflated, stored)):
        with checks.check(f"npz: the mean, modelled on the {first.stem} one"):
            out = checks.out("mean.npz")
            checks.program.done("soup", first, second, "-o", out, "--force")
            with zipfile.ZipFile(out) as archive:
                assert archive.testzip() is None
            order = sources if first == stored else sources[::-1]
            with np.load(out) as found:
                assert set(found.files) == set(sources[0])
                for name in found.files:
                    same(found[name], mean(order, name), name)


def keras_archives(checks: Checks) -> None:
    """`.keras` files: the merged model loads and has the mean of the weights."""
    models, paths = [], []
    for seed in (1, 2):
        keras.utils.set_random_seed(seed)
        stack = [keras.Input((6, 6, 1)), keras.layers.Conv2D(3, 3), keras.layers.Flatten()]
        model = keras.Sequential([*stack, keras.layers.BatchNormalization(), keras.layers.Dense(2)])
        model.compile("adam", "mse")
        random = np.random.default_rng(seed)
        model.fit(random.normal(size=(8, 6, 6, 1)), random.normal(size=(8, 2)), verbose=0)
        models.append(model)
        paths.append(checks.out(f"{seed}.keras"))
        model.save(paths[-1])
    for options in ([], ["--optimizer", "drop"], ["--dtype", "float64"]):
        with checks.check(f"keras archive: loads as the mean {' '.join(options)}".strip()):
            out = checks.out("mean.keras")
            checks.program.done("soup", *paths, "-o", out, "--force", *options)
            with zipfile.ZipFile(out) as archive:
                assert archive.testzip() is None
            merged = keras.models.load_model(out).get_weights()
            for a, b, found in zip(*(m.get_weights() for m in models), merged, strict=True):
                wanted = ((a.astype("f8") + b) / 2).astype(found.dtype)
                same(found, wanted, "weight")
    with checks.check("keras archive and .weights.h5 merge"):
        weights = checks.out("2.weights.h5")
        models[1].save_weights(weights)
        mixed, pure = checks.out("mixed.keras"), checks.out("pure.keras")
        checks.program.done("soup", paths[0], weights, "-o", mixed)
        checks.program.done("soup", *paths, "-o", pure)
        checks.program.done("diff", mixed, pure)


def conversions(checks: Checks) -> None:
    """From Keras's HDF5 to the others and back, read by their own libraries."""
    path = checks.sample("cnn/task-a-1.h5")
    converted = [checks.out("c.safetensors"), checks.out("c.npz")]
    for out, suffix in zip(converted, ("safetensors", "npz"), strict=True):
        with checks.check(f"convert: .h5 to .{suffix} and back"):
            back = checks.out(f"{suffix}.h5")
            checks.program.done("convert", path, out)
            checks.program.done("convert", out, back)
            checks.program.done("diff", path, back)
            found = load_file(out) if suffix == "safetensors" else dict(np.load(out))
            assert len(found) > 10, "tensors are missing"
    with checks.check("a merge of .h5, .safetensors and .npz is that of three .h5"):
        mixed, pure = checks.out("three.h5"), checks.out("pure.h5")
        checks.program.done("soup", path, *converted, "-o", mixed)
        checks.program.done("soup", path, path, path, "-o", pure)
        checks.program.done("diff", mixed, pure)


def run(checks: Checks) -> None:
    """All of this module's checks."""
    safetensors_files(checks)
    numpy_files(checks)
    keras_archives(checks)
    conversions(checks)
