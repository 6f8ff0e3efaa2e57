"""Everything but the merged values is as it was: bytes, attributes, links, orders, storage."""

from pathlib import Path

import h5py
from vectors import expect

from interop import formulas
from interop.checks import Checks
from interop.merges import compare, expected
from interop.structure import bytes_outside, differences, storage
from interop.tensors import shifted, vary

RELAID = (
    "tied.h5",
    "ordered.h5",
    "attributes.h5",
    "names.h5",
    "keras-tied.h5",
    "keras2-full-adam.h5",
    "keras3-full-adam.h5",
    "keras3-sgd.weights.h5",
)


def verbatim(checks: Checks) -> None:
    """Of contiguous templates the output is a copy whose tensors' ranges are overwritten."""
    paths = [checks.sample(f"{n}/{f}") for n in ("mlp", "cnn") for f in
             ("task-a-1.h5", "task-a-2.h5", "task-a-1.weights.h5")]  # fmt: skip
    for path in paths + [p for p in checks.vectors() if is_plain(p)]:
        other = vary(path, checks.out("varied.h5"), shifted)
        out = checks.out("verbatim.h5")
        with checks.check(f"{path.name}: outside of tensors every byte is the template's"):
            checks.program.done(
                "interpolate", path, other, "--alpha", "0.5", "-o", out, "--no-provenance"
            )
            old, new = bytes_outside(path), bytes_outside(out)
            assert len(old) == len(new), f"{len(new)} bytes, not {len(old)}"
            wrong = (
                [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
                if old != new
                else []
            )
            assert not wrong, f"{len(wrong)} bytes differ, the first at {wrong[:1]}"


def is_plain(path: Path) -> bool:
    """Whether all tensors that a merge computes are contiguous and were written."""
    tensors = expect.expectation(path)["tensors"]
    with h5py.File(path, "r") as file:
        compact = [
            name
            for name, dataset in expect.datasets(file).items()
            if dataset.id.get_create_plist().get_layout() != h5py.h5d.CONTIGUOUS
            or (dataset.size and not dataset.id.get_storage_size())
        ]
    finite = all(not t.get("stats", {}).get("nan") for t in tensors)
    return finite and not compact


def structures(checks: Checks) -> None:
    """Tree, links, attributes, creation order and user block, whatever way the output was made."""
    for path in checks.vectors():
        if path.name == "nonfinite.h5":
            continue
        other = vary(path, checks.out("varied.h5"), shifted)
        out = checks.out("structure.h5")
        with checks.check(f"vector {path.name}: the structure is the template's"):
            checks.program.done("interpolate", path, other, "--alpha", "0.5", "-o", out)
            found = differences(path, out, new_root_attributes=True)
            assert not found, f"{len(found)} differences: {found[0]}"


def later_changes(checks: Checks) -> None:
    """libhdf5 goes on where the merge stopped: attributes and groups are added and removed."""
    for path in checks.vectors():
        if path.name == "nonfinite.h5":
            continue
        out = checks.out("later.h5")
        with checks.check(f"vector {path.name}: h5py can change the output's root group"):
            checks.program.done("soup", path, path, "-o", out)
            with h5py.File(out, "r+") as file:
                file.attrs["ctl_merge"] = file.attrs["ctl_merge"] + "x" * 9000
                file.attrs["later"] = [1, 2, 3]
                file.create_group("later")
                del file.attrs["ctl_merge"]
            with h5py.File(path, "r") as old, h5py.File(out, "r") as new:
                assert set(new.attrs) == set(old.attrs) | {"later"}, f"{list(new.attrs)}"
                assert set(new) == set(old) | {"later"}, f"{list(new)}"


def relaid(checks: Checks) -> None:
    """The same where the element type changes, so that the file has to be laid out anew."""
    for name in RELAID:
        path = checks.vector(name)
        other = vary(path, checks.out("varied.h5"), shifted)
        out = checks.out("relaid.h5")
        with checks.check(f"vector {name}: --dtype float64 keeps the structure and is right"):
            checks.program.done(
                "interpolate", path, other, "--alpha", "0.5", "-o", out, "--dtype", "float64"
            )
            found = differences(path, out, new_root_attributes=True)
            assert not found, f"{len(found)} differences: {found[0]}"
            compare(
                out,
                expected([path, other], lambda a: formulas.interpolate(*a, 0.5), "float64"),
            )


def references(checks: Checks) -> None:
    """References hold addresses: they survive in a copy, and a new layout would break them."""
    for name in ("matlab-cells.h5", "records.h5"):
        path, out = checks.vector(name), checks.out("references.h5")
        with checks.check(f"vector {name}: a new layout is refused, as references would break"):
            outcome = checks.program.run("soup", path, path, "-o", out, "--dtype", "float16")
            assert outcome.code == 2 and "reference" in outcome.stderr, outcome.said()
            assert not out.exists(), "an output was left"


def chunks(checks: Checks) -> None:
    """Chunked and compressed templates, laid out as they were, contiguous, or compressed anew."""
    path = checks.out("chunked-without-lzf.h5")
    path.write_bytes(checks.vector("chunked.h5").read_bytes())
    with h5py.File(path, "r+") as file:
        # lzf is h5py's own: it is read, and whether it is written is the program's affair.
        for name in [name for name in file if "lzf" in name]:
            del file[name]
    other = vary(path, checks.out("varied.h5"), shifted)
    want = expected([path, other], formulas.mean)
    with checks.check("--layout keep keeps chunk shapes and filters, and the values are right"):
        out = checks.out("keep.h5")
        checks.program.done("soup", path, other, "-o", out, "--layout", "keep")
        compare(out, want)
        old, new = storage(path), storage(out)
        wrong = [name for name in old if old[name] != new[name]]
        assert not wrong, f"{wrong[0]}: {old[wrong[0]]} became {new[wrong[0]]}"
    with checks.check("--layout contiguous undoes chunks and filters, lzf too"):
        path = checks.vector("chunked.h5")
        other = vary(path, checks.out("varied.h5"), shifted)
        out = checks.out("contiguous.h5")
        checks.program.done("soup", path, other, "-o", out, "--layout", "contiguous")
        compare(out, expected([path, other], formulas.mean))
        with h5py.File(out, "r") as file:
            left = [n for n, d in expect.datasets(file).items() if d.size and d.chunks]
        assert not left, f"{left} are still chunked"
    for kind in ("float16", "float64"):
        with checks.check(f"--layout keep with --dtype {kind} is right"):
            path, other = checks.scratch / "chunked-without-lzf.h5", checks.out("varied.h5")
            vary(path, other, shifted)
            out = checks.out("keep-type.h5")
            checks.program.done("soup", path, other, "-o", out, "--layout", "keep", "--dtype", kind)
            compare(out, expected([path, other], formulas.mean, kind))
            shapes = {name: kept[0] for name, kept in storage(path).items()}
            assert shapes == {name: kept[0] for name, kept in storage(out).items()}


def ways(checks: Checks) -> None:
    """Threads, provenance and pipes don't change the values; two runs give the same bytes."""
    sources = [checks.sample(f"cnn/task-a-{i}.h5") for i in (1, 2, 3)]
    out, again = checks.out("once.h5"), checks.out("again.h5")
    with checks.check("one thread and two give the same file"):
        checks.program.done("soup", *sources, "-o", out, "--threads", "1")
        checks.program.done("soup", *sources, "-o", again, "--threads", "2")
        assert out.read_bytes() == again.read_bytes(), "the files differ"
    with checks.check("standard output gives the same file as --output FILE"):
        piped = checks.program.done("soup", *sources, "-o", "-").stdout
        assert piped == out.read_bytes(), f"{len(piped)} bytes differ from the file's"
    with checks.check("provenance adds to the root's attributes and to nothing else"):
        found = differences(sources[0], out, new_root_attributes=True)
        assert not found, f"{len(found)} differences: {found[0]}"


def run(checks: Checks) -> None:
    """All of this module's checks."""
    verbatim(checks)
    structures(checks)
    later_changes(checks)
    relaid(checks)
    references(checks)
    chunks(checks)
    ways(checks)
