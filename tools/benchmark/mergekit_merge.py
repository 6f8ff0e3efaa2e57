#!/usr/bin/env python3
"""Merges .safetensors files with mergekit: what a user would start, and its answer.

mergekit takes folders with a configuration beside the tensors, so that each input gets one, and
then this process becomes mergekit. Its model type names no architecture of a language model:
mergekit then takes the tensors as they are.
"""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

CONFIGURATION = {"model_type": "vit", "architectures": ["GeneratedTransformer"]}


def model_folder(tensors: Path, parent: Path) -> Path:
    """A folder that mergekit accepts as a model; the tensors stay where they are."""
    folder = parent / tensors.stem
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(CONFIGURATION))
    (folder / "model.safetensors").symlink_to(tensors.resolve())
    return folder


def recipe(method: str, models: list[Path]) -> dict[str, object]:
    """The merge in mergekit's words; its YAML may be JSON."""
    half = {"weight": 0.5} if method == "linear" else {}
    made: dict[str, object] = {
        "merge_method": method,
        "dtype": "float32",
        "models": [{"model": str(model), "parameters": half} for model in models],
    }
    if method == "slerp":
        made |= {"base_model": str(models[0]), "parameters": {"t": 0.5}}
    if method == "ties":
        tuned = [{"model": str(model), "parameters": {"weight": 1, "density": 0.5}}
                 for model in models[1:]]
        made |= {"base_model": str(models[0]), "models": tuned}
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("inputs", nargs="+", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--method", choices=["linear", "slerp", "ties"], required=True)
    chosen = parser.parse_args()
    # Beside the output: this process ends as mergekit, so that the next one has to tidy up.
    parent = chosen.output.absolute().parent / "mergekit-models"
    shutil.rmtree(parent, ignore_errors=True)
    models = [model_folder(path, parent) for path in chosen.inputs]
    written = parent / "recipe.yaml"
    written.write_text(json.dumps(recipe(chosen.method, models)))
    program = Path(sys.executable).parent / "mergekit-yaml"
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    os.execve(program, [str(program), str(written), str(chosen.output), "--quiet",
                        "--no-copy-tokenizer", "--no-write-model-card"], environment)


if __name__ == "__main__":
    main()
