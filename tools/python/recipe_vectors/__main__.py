"""Asks mergekit what it makes of recipes.

mergekit plans each recipe over small Llama models, whose names are what matters; nothing is merged.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy
import yaml
from mergekit.architecture import arch_info_for_config
from mergekit.config import MergeConfiguration
from mergekit.options import MergeOptions
from mergekit.plan import MergePlanner
from safetensors.numpy import save_file
from transformers import LlamaConfig

LAYERS = 4

# Each shows one rule of how parameters are found; A, B and C are models.
RECIPES = [
    """
merge_method: linear
models:
  - {model: A, parameters: {weight: [0, 1, 0.25]}}
  - model: B
    parameters: {weight: [{filter: self_attn, value: 0.5}, {filter: mlp, value: [1, 3]}, {value: 2}]}
""",
    """
merge_method: slerp
base_model: A
models: [{model: A}, {model: B}]
parameters:
  t:
    - {filter: self_attn, value: [0, 0.5, 0.3, 0.7, 1]}
    - {filter: mlp, value: [1, 0.5, 0.7, 0.3, 0]}
    - {value: 0.5}
""",
    """
merge_method: slerp
base_model: B
slices:
  - sources: [{model: A, layer_range: [0, 3]}, {model: B, layer_range: [1, 4]}]
    parameters: {t: [{filter: mlp, value: [0.1, 0.9]}, {filter: layers.0, value: 0.3}]}
  - sources: [{model: A, layer_range: [2, 3]}, {model: B, layer_range: [3, 4]}]
    parameters: {t: [0.2, 0.8]}
parameters: {t: 0.6}
""",
    """
merge_method: ties
base_model: C
models:
  - {model: A, parameters: {weight: 0.3, density: [0.2, 0.9]}}
  - {model: B, parameters: {weight: [0.1, 0.2, 0.4]}}
parameters:
  density: [{filter: norm, value: 1.0}, {value: 0.5}]
  normalize: [true, false]
  lambda: 1.5
  rescale: true
""",
    """
merge_method: passthrough
slices:
  - sources:
      - model: A
        layer_range: [0, 3]
        parameters:
          scale: [{filter: o_proj, value: 0.0}, {filter: layers.1, value: 0.5}, {value: 1.0}]
  - sources: [{model: B, layer_range: [1, 4]}]
    parameters: {scale: [1.0, 2.0]}
""",
    """
merge_method: della
base_model: C
slices:
  - sources:
      - {model: A, layer_range: [0, 4], parameters: {weight: 1e-1, density: 0.6, epsilon: [0.1, 0.2]}}
      - {model: B, layer_range: [0, 4]}
      - {model: C, layer_range: [0, 4]}
    parameters: {weight: [{filter: "*", value: [0.5, 0.7]}], density: 0.4}
""",
    """
merge_method: breadcrumbs_ties
base_model: A
models:
  - {model: B, parameters: {weight: 1, gamma: 0.05}}
  - {model: C, parameters: {weight: 2, density: 0.9}}
""",
    """
merge_method: model_stock
base_model: A
models: [{model: B}, {model: C}]
parameters: {filter_wise: [{filter: mlp, value: true}]}
""",
]


def write_model(folder: Path) -> None:
    """A model whose configuration and names are all that planning looks at."""
    config = LlamaConfig(
        hidden_size=2, intermediate_size=2, num_attention_heads=1, num_key_value_heads=1,
        num_hidden_layers=LAYERS, vocab_size=4, architectures=["LlamaForCausalLM"],
        tie_word_embeddings=False,
    )
    config.save_pretrained(folder)
    attention = [f"self_attn.{part}_proj" for part in "qkvo"]
    inner = [f"mlp.{part}_proj" for part in ("gate", "up", "down")]
    norms = ["input_layernorm", "post_attention_layernorm"]
    names = ["model.embed_tokens", "model.norm", "lm_head"]
    for layer in range(LAYERS):
        names += [f"model.layers.{layer}.{part}" for part in attention + inner + norms]
    zero = numpy.zeros(1, numpy.float32)
    save_file({f"{name}.weight": zero for name in names}, folder / "model.safetensors")


def plan(text: str, folders: dict[str, Path]) -> list[dict[str, Any]]:
    """What mergekit plans for each tensor; inputs in its order."""
    known = {str(folder): name for name, folder in folders.items()}

    def place(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {inner: place(part, inner) for inner, part in value.items()}
        if isinstance(value, list):
            return [place(part) for part in value]
        return str(folders[value]) if key in ("model", "base_model") else value

    config = MergeConfiguration.model_validate(place(yaml.safe_load(text)))
    first = config.base_model or config.referenced_models()[0]
    model_config = first.config()
    planner = MergePlanner(
        config, arch_info_for_config(model_config), MergeOptions(), model_config)
    # The public ways plan reading and writing too, which needs no look here.
    planner._plan()
    tensors = []
    for weight, task in planner._tensors:
        inputs = [
            {
                "model": known[str(model)],
                "name": task.gather_tensors.weight_info[model].name,
                "parameters": dict(task.input_parameters.get(model, {})),
            }
            for model in task.model_order
        ]
        tensors.append(
            {"name": weight.name, "parameters": dict(task.parameters), "inputs": inputs})
    return tensors


def main() -> None:
    """Writes recipes with mergekit's plans to the file that the argument names."""
    output = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch:
        folders = {name: Path(scratch) / name for name in "ABC"}
        for folder in folders.values():
            folder.mkdir()
            write_model(folder)
        cases = [{"recipe": text, "tensors": plan(text, folders)} for text in RECIPES]
    output.write_text(json.dumps({"layers": LAYERS, "cases": cases}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
