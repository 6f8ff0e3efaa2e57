"""Runs the program under test."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """What a run left behind."""

    code: int
    stdout: bytes
    stderr: str

    def json(self) -> Any:
        """Standard output as JSON; a failed run's message where it isn't."""
        try:
            return json.loads(self.stdout)
        except ValueError as error:
            raise AssertionError(f"no JSON on stdout ({error}); {self.said()}") from error

    def said(self) -> str:
        """The exit code and the end of what was said, on one line, for failures."""
        return f"exit {self.code}: {' '.join(self.stderr.split())[-400:]}"


@dataclass(frozen=True)
class Program:
    """The path of ctl-merge or ctl-probe; every run has a deadline, as a hang must fail and not hang."""

    path: Path
    seconds: float = 120

    def run(self, *arguments: object, stdin: bytes | None = None) -> Outcome:
        """Runs it with the arguments as texts."""
        command = [str(self.path), *(str(argument) for argument in arguments)]
        done = subprocess.run(command, input=stdin, capture_output=True, timeout=self.seconds)
        return Outcome(done.returncode, done.stdout, done.stderr.decode(errors="replace"))

    def done(self, *arguments: object, stdin: bytes | None = None) -> Outcome:
        """Runs it; a run that doesn't end with 0 is an error."""
        outcome = self.run(*arguments, stdin=stdin)
        assert outcome.code == 0, f"{' '.join(map(str, arguments))}: {outcome.said()}"
        return outcome
