"""What the probe is timed with, and the goals. A case is one entry of `FORWARDS` or `PROGRAMS`."""

from typing import NamedTuple


class Forward(NamedTuple):
    """A network computed batch after batch, every layer's output kept."""

    network: str
    """As in probe_keras.py and probe_torch_networks.py."""
    title: str
    batch: int
    goal: float | None
    """The most times as long as PyTorch takes."""


class Program(NamedTuple):
    """The whole program on a folder of shipped samples."""

    sample: str
    goal: float
    """Seconds."""


FORWARDS = [
    Forward("mlp", "MLP 4 x 1024", 256, 0.8),
    Forward("resnet-20", "ResNet-20, 32 x 32", 64, None),
    Forward("resnet-50", "ResNet-50, 224 x 224", 8, 0.9),
    Forward("vit-b-32", "ViT-B/32, 224 x 224", 32, 0.9),
    Forward("bert-6x384", "6 transformer blocks of 384, 128 tokens", 32, None),
]

PROGRAMS = [Program("mlp", 0.3), Program("cnn", 1)]

METRICS_GOAL = 0.15
"""The most that comparing three networks' features takes of their three forwards."""

MEMORY_GOAL = 1.1
"""The most times as much memory for many times as many samples."""
