"""The checkpoints that are generated."""

from typing import NamedTuple

ITEM_BYTES = {"float32": 4, "float16": 2, "bfloat16": 2}
SMALL_TENSOR_BYTES = 1024 * 4


class Model(NamedTuple):
    """A kind of checkpoint: a vision transformer, or many small tensors."""

    type: str = "float32"
    gzip: int = 0
    """Level of compression, after the shuffle filter; 0 for contiguous tensors."""
    tensors: int | None = None
    """Count of tensors of 1,024 values; the size is then a result."""

    def name(self, size: int, seed: int) -> str:
        """What distinguishes the file from others, without its suffix."""
        extent = f"{self.tensors}-tensors" if self.tensors else str(size)
        compressed = f"-gzip{self.gzip}" if self.gzip else ""
        return f"network-{self.type}{compressed}-{extent}-{seed}"

    def arguments(self, size: int, seed: int) -> list[str]:
        """The arguments of generate.py."""
        extent = ["--tensors", str(self.tensors)] if self.tensors else ["--size", str(size)]
        return [*extent, "--type", self.type, "--gzip", str(self.gzip), "--seed", str(seed)]

    def values_size(self, size: int) -> int:
        """Bytes of the tensors' values before compression."""
        return self.tensors * SMALL_TENSOR_BYTES if self.tensors else size
