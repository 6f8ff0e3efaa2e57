"""Every merge method against the reference of tools/oracle, laws that all of them obey, and the page."""

from interop.checks import Checks
from interop.methods import conduct, examples, exactness, laws
from interop.methods.method_cases import CASES, VERBS


def run(checks: Checks) -> None:
    """All of this module's checks; verbs that the program lacks are failures of their own."""
    lacking = {verb for verb in VERBS if not present(checks, verb)}
    for group in (examples, exactness, laws, conduct):
        group.run(checks, lacking)
    skipped = sum(case.verb in lacking for case in CASES)
    if skipped:
        print(f"      {skipped} of {len(CASES)} cases weren't run: {', '.join(sorted(lacking))}")


def present(checks: Checks, verb: str) -> bool:
    """Whether the program knows the verb."""
    found = False
    with checks.check(f"there is a verb {verb}"):
        outcome = checks.program.run(verb, "--help")
        found = outcome.code == 0 and verb in outcome.stdout.decode()
        assert found, outcome.said()
    return found
