"""Programs that wait for a word and do one pass of a network: started once, asked in turn.

Measured programs that each live for the whole case neither pay for their start nor for the other's
memory, and passes that follow each other meet the same load of the machine.
"""

import subprocess
from collections.abc import Sequence


class PeerFailed(Exception):
    """A program that gave no answer; what it has to say stands on standard error."""


class Waiting:
    """A started program, for use in a `with` statement."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.arguments = list(arguments)
        self.process = subprocess.Popen(self.arguments, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def ask(self, word: str) -> list[float]:
        """Has it do one pass; the answer is milliseconds by the clock and of the processor, of
        each part of the pass."""
        assert self.process.stdin and self.process.stdout
        try:
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            raise PeerFailed(f"{self.arguments[0]} gave no answer to \"{word}\"")
        return [float(figure) for figure in answer.split()]

    def __enter__(self) -> "Waiting":
        return self

    def __exit__(self, *_: object) -> None:
        assert self.process.stdin
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self.process.wait()
