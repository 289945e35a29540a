"""`make audit`: are weaknesses known of what requirements/dev.txt pins? Without a network it says so and passes."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SECONDS = 300


def verdict(said: str, complaint: str) -> tuple[int, str]:
    """The exit status and what to print, from pip-audit's JSON and what it complained of."""
    try:
        packages = json.loads(said)["dependencies"]
    except (ValueError, KeyError):
        reason = (complaint.strip().splitlines() or ["pip-audit said nothing"])[-1]
        return 0, f"audit SKIPPED: the service could not be asked ({reason[:200]})"
    weak = [(one, problem) for one in packages for problem in one.get("vulns", ())]
    if weak:
        lines = (
            f"{one['name']} {one['version']}: {problem['id']}, mended in {', '.join(problem['fix_versions']) or 'none'}"
            for one, problem in weak
        )
        return 1, "\n".join(lines)
    unseen = [one["name"] for one in packages if "skip_reason" in one]
    seen = len(packages) - len(unseen)
    if not seen:
        return 0, f"audit SKIPPED: the index knows none of the {len(packages)} packages"
    told = f"audit: {seen} packages, none with a known weakness"
    return 0, f"{told}; not audited: {', '.join(unseen)}" if unseen else told


def main() -> int:
    """Ask, and print the verdict."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", "requirements/dev.txt", "--require-hashes",
               "--disable-pip", "--format", "json", "--progress-spinner", "off"]  # fmt: skip
    try:
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603
        status, told = verdict(ran.stdout, ran.stderr)
    except subprocess.TimeoutExpired:
        status, told = verdict("", f"no answer within {SECONDS} s")
    sys.stdout.write(f"{told}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
