"""The networks of probe_keras.py in PyTorch: the same layers, shapes and sizes."""

from collections.abc import Callable

from torch import Tensor, nn
from torch.nn import functional

# Nothing here overwrites its input: the features that hooks keep must stay what they were.


def unit(inputs: int, outputs: int, size: int, stride: int = 1, bias: bool = False) -> nn.Module:
    """A convolution with its normalisation."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=bias),
                         nn.BatchNorm2d(outputs))


class Residual(nn.Module):
    """The input, projected where its shape changes, plus what a body makes of it."""

    def __init__(self, body: nn.Module, shortcut: nn.Module | None) -> None:
        super().__init__()
        self.body, self.shortcut, self.relu = body, shortcut, nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.body(x) + (self.shortcut(x) if self.shortcut else x))


def residual_20() -> nn.Module:
    blocks: list[nn.Module] = []
    channels = 16
    for filters in (16, 32, 64):
        for _ in range(3):
            stride = 1 if filters == channels else 2
            body = nn.Sequential(unit(channels, filters, 3, stride), nn.ReLU(),
                                 unit(filters, filters, 3))
            shortcut = unit(channels, filters, 1, stride) if stride == 2 else None
            blocks.append(Residual(body, shortcut))
            channels = filters
    return nn.Sequential(unit(3, 16, 3), nn.ReLU(), *blocks, nn.AdaptiveAvgPool2d(1),
                         nn.Flatten(), nn.Linear(64, 10))


def residual_50() -> nn.Module:
    """As keras.applications has it: the stride in a block's first convolution, biases."""
    blocks: list[nn.Module] = []
    channels = 64
    for filters, count in ((64, 3), (128, 4), (256, 6), (512, 3)):
        for number in range(count):
            stride = 2 if number == 0 and filters > 64 else 1
            body = nn.Sequential(
                unit(channels, filters, 1, stride, bias=True), nn.ReLU(),
                unit(filters, filters, 3, bias=True), nn.ReLU(),
                unit(filters, 4 * filters, 1, bias=True))
            shortcut = unit(channels, 4 * filters, 1, stride, bias=True) if number == 0 else None
            blocks.append(Residual(body, shortcut))
            channels = 4 * filters
    return nn.Sequential(unit(3, 64, 7, 2, bias=True), nn.ReLU(), nn.MaxPool2d(3, 2, 1), *blocks,
                         nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000))


class Attention(nn.Module):
    """Attention of a sequence to itself, with one projection to queries, keys and values."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.project, self.output = nn.Linear(width, 3 * width), nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        batch, length, width = x.shape
        heads = self.project(x).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        context = functional.scaled_dot_product_attention(heads[0], heads[1], heads[2])
        return self.output(context.transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    """A transformer's block, normalised before its parts or behind them."""

    def __init__(self, width: int, heads: int, is_normalised_before: bool) -> None:
        super().__init__()
        self.is_normalised_before = is_normalised_before
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.dense = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(),
                                   nn.Linear(4 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        if self.is_normalised_before:
            x = x + self.attention(self.first(x))
            return x + self.dense(self.second(x))
        x = self.first(x + self.attention(x))
        return self.second(x + self.dense(x))


class VisionTransformer(nn.Module):
    """ViT-B/32 without the class token."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 768, 32, 32)
        self.blocks = nn.Sequential(*[Block(768, 12, True) for _ in range(12)])
        self.norm, self.head = nn.LayerNorm(768), nn.Linear(768, 1000)

    def forward(self, x: Tensor) -> Tensor:
        x = self.blocks(self.patches(x).flatten(2).transpose(1, 2))
        return self.head(self.norm(x).mean(1))


def mlp() -> nn.Module:
    hidden = [part for _ in range(4) for part in (nn.Linear(1024, 1024), nn.ReLU())]
    return nn.Sequential(*hidden, nn.Linear(1024, 10))


NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "mlp": (mlp, (1024,)),
    "resnet-20": (residual_20, (3, 32, 32)),
    "resnet-50": (residual_50, (3, 224, 224)),
    "vit-b-32": (VisionTransformer, (3, 224, 224)),
    "bert-6x384": (lambda: nn.Sequential(*[Block(384, 6, False) for _ in range(6)]), (128, 384)),
}
"""Each network with the shape of a sample."""
