#!/usr/bin/env python3
"""Answers every line of standard input with a pass of a network in PyTorch, as network-benchmark
does: NAME BATCH THREADS. Eager mode, with hooks on every leaf module that keep its output."""

import sys
import time

import torch
from torch import Tensor

from probe_torch_networks import NETWORKS


def main() -> None:
    name, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    make, shape = NETWORKS[name]
    network = make().eval()
    kept: list[Tensor] = []
    for module in network.modules():
        if not list(module.children()):
            module.register_forward_hook(lambda _module, _inputs, output: kept.append(output))
    samples = 2 * torch.rand(batch, *shape) - 1
    with torch.inference_mode():
        for _ in sys.stdin:
            wall, processor = time.perf_counter(), time.process_time()
            network(samples)
            wall, processor = time.perf_counter() - wall, time.process_time() - processor
            kept.clear()
            print(wall * 1e3, processor * 1e3, flush=True)


if __name__ == "__main__":
    main()
