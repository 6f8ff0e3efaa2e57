"""Tiny random models of Hugging Face's: `make FOLDER` writes them, `compare FOLDER` loads their soups.

Runs as a process of its own, in the environment that has PyTorch and transformers.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import (
    BertConfig,
    BertModel,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
)

SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
# The output of GPT-2, and of this Llama, is tied to the embedding: one tensor with two names.
MODELS = {
    "bert": (BertModel, BertConfig(vocab_size=97, intermediate_size=64, **SMALL)),
    "gpt2": (GPT2LMHeadModel, GPT2Config(vocab_size=97, n_embd=32, n_layer=2, n_head=4)),
    "llama": (
        LlamaForCausalLM,
        LlamaConfig(vocab_size=97, intermediate_size=64, tie_word_embeddings=True, **SMALL),
    ),
}
SHARD = "40KB"


def model(name: str, seed: int) -> PreTrainedModel:
    """A model with random weights, of which none is at its start: norms are ones there."""
    torch.manual_seed(seed)
    kind, config = MODELS[name]
    made = kind(config)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.copy_(torch.randn_like(parameter))
    return made.eval()


def make(folder: Path) -> None:
    """Two of each kind: in one file of safetensors, in several, and as PyTorch's own state dict."""
    for name in MODELS:
        for seed in (1, 2):
            made = model(name, seed)
            made.save_pretrained(folder / f"{name}-{seed}-whole")
            made.save_pretrained(folder / f"{name}-{seed}-parts", max_shard_size=SHARD)
            torch.save(made.state_dict(), folder / f"{name}-{seed}.bin")


def problem(name: str, path: Path) -> str | None:
    """What is wrong with a soup of the two models, if anything."""
    first, second = model(name, 1), model(name, 2)
    found, info = type(first).from_pretrained(path, output_loading_info=True)
    for key in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        if info[key]:
            return f"{key}: {sorted(map(str, info[key]))[:3]}"
    sources = (dict(first.named_parameters()), dict(second.named_parameters()))
    merged = dict(found.named_parameters())
    if merged.keys() != sources[0].keys():
        return f"other parameters: {sorted(merged.keys() ^ sources[0].keys())[:3]}"
    for key, values in merged.items():
        # Of two float32 numbers the sum in float64 is exact, so one rounding gives the mean.
        mean = (sources[0][key].double() + sources[1][key].double()) / 2
        if not torch.equal(values, mean.float()):
            return f"{key} isn't the mean"
    tokens = torch.arange(10)[None]
    if not torch.isfinite(found.eval()(tokens)[0]).all():
        return "it computes no numbers"
    return None


if __name__ == "__main__":
    work, place = sys.argv[1], Path(sys.argv[2])
    if work == "make":
        make(place)
        print(json.dumps(sorted(MODELS)))
    else:
        print(json.dumps({p.name: problem(p.name.split("-")[0], p) for p in place.glob("*-soup-*")}))
