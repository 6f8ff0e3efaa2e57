"""Runs inside of mergekit's environment: every merge that a file of jobs asks for.

Each job is {"recipe", "output", "seed"}. Random masks are drawn from the reference's numbers instead
of torch's global generator, so that the rest of DARE and DELLA can be compared.
"""

import json
import logging
import sys
import traceback
from typing import Any

import torch
from mergekit.config import MergeConfiguration
from mergekit.merge import run_merge
from mergekit.merge_methods import generalized_task_arithmetic
from mergekit.options import MergeOptions

from oracle.counter_random import uniform


class Numbers:
    """Which tensor and which source is being made sparse, and the numbers for it."""

    def __init__(self) -> None:
        self.seed, self.tensor, self.source = 0, "", 0

    def install(self) -> None:
        """Takes the place of torch's generator in mergekit's task arithmetic."""
        method = generalized_task_arithmetic.GeneralizedTaskArithmeticMerge
        merge_group, sparsify = method.merge_group, generalized_task_arithmetic.sparsify

        def named(this: Any, group: Any, /, **parameters: Any) -> torch.Tensor:
            self.tensor, self.source = group.metadata.name, 0
            return merge_group(this, group, **parameters)

        def counted(tensor: torch.Tensor, **options: Any) -> torch.Tensor:
            made = sparsify(tensor, **options)
            self.source += 1
            return made

        method.merge_group = named
        generalized_task_arithmetic.sparsify = counted
        torch.bernoulli = self.bernoulli

    def bernoulli(self, probability: torch.Tensor) -> torch.Tensor:
        """1 where the number of the element is below its probability."""
        numbers = uniform(self.seed, self.tensor, self.source, probability.numel())
        below = torch.from_numpy(numbers).reshape(probability.shape) < probability.double()
        return below.to(probability.dtype)


def main(path: str) -> int:
    """Does the jobs; prints one JSON line a job: null, or why it failed."""
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)
    numbers = Numbers()
    numbers.install()
    options = MergeOptions(quiet=True, copy_tokenizer=False, write_model_card=False)
    with open(path) as file:
        jobs = json.load(file)
    for job in jobs:
        numbers.seed = job["seed"]
        try:
            run_merge(MergeConfiguration.model_validate(job["recipe"]), job["output"], options)
        except Exception as error:  # noqa: BLE001: a job's failure is that job's result
            place = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__}: {error} ({place.name}:{place.lineno})"
        else:
            said = None
        print("result " + json.dumps(said), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
