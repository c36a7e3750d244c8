"""./run bench [--json] [--quick]: how many times as fast as the field's own tools, side by side in one run.

Every ratio is the median over rounds that take turns on one core, of processor time. Writes bench/results.json,
docs/performance.md and docs/pictures/bench.svg, unless --quick is given: a quick run shows that everything works.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from bench import javascript, lists, measure, report, server, signing  # noqa: E402
from bench.measure import Taken  # noqa: E402

PEERS = ("pyld", "cryptography", "pynacl", "orjson", "django", "psycopg")


def machine(core: str) -> dict[str, Any]:
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": core,
        "python": platform.python_version(),
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {name: version(name) for name in PEERS} | javascript.versions(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")


class Bench:
    """The ratios so far, and how they came about."""

    def __init__(self, *, quick: bool) -> None:
        self.quick = quick
        self.rounds = 3 if quick else 9
        self.ratios: dict[str, float] = {}
        self.runs: dict[str, Any] = {}

    def take(self, name: str, taken: Taken, slow: str, fast: str = "ours") -> None:
        self.ratios[name] = taken.ratio(slow, fast)
        low, high = taken.spread(slow, fast)
        self.runs[name] = {"rounds": len(taken.rounds[fast]), "smallest": low, "largest": high}

    def beside_pyld(self, name: str, taken: Taken) -> None:
        """The two ratios to PyLD: as it is commonly used, and with contexts that it may keep."""
        for peer in signing.PYLD:
            self.take(f"{name}_vs_{peer}", taken, peer)

    def signing(self) -> None:
        batch, demo = signing.batch(self.rounds, self.quick)
        self.beside_pyld("sign_batch", batch)
        self.take("sign_batch_vs_digitalbazaar", batch, "digitalbazaar")
        self.take("sign_batch_vs_raw_ed25519", batch, "raw_ed25519")
        self.beside_pyld("sign_demo", demo)
        self.beside_pyld("sign_general", signing.general(self.rounds, self.quick))

    def verifying(self) -> None:
        own, foreign = signing.verifying(self.rounds, self.quick)
        self.beside_pyld("verify_own", own)
        self.runs["verify_own_vs_pyld"]["vs_digitalbazaar"] = own.ratio("digitalbazaar", "ours")
        self.beside_pyld("verify_foreign", foreign)

    def lists(self) -> None:
        taken = lists.shard(self.rounds)
        self.take("status_shard_vs_whole", taken, "whole", "shard")
        self.runs["status_shard_vs_whole"]["entries"] = [lists.MINIMUM_ENTRIES, lists.ENTRIES]

    def storing(self) -> None:
        rows = 5_000 if self.quick else 100_000
        rounds = "2" if self.quick else "5"
        with server.postgres() as address:
            with server.installation(address) as environment:
                self.put("store_stage_vs_naive", server.child("bench.storing", environment, "stage", rounds))
                few = "2000" if self.quick else "10000"
                times = "1" if self.quick else "3"
                self.put("pipeline_vs_naive", server.child("bench.storing", environment, "awards", times, few))
                self.put("list_vs_naive", server.child("bench.storing", environment, "pipeline", times, few))
                page = server.child("bench.pages", environment, rounds)
                page.pop("micro")
                page["ratio_200"] = page["ratio"]
                page["ratio"] = min(page["ratio"], page["ratio_304"])
                self.put("page_cached_vs_django", page)
            peaks = []
            for number in (1_000, rows):
                with server.installation(address) as environment:
                    peaks.append(server.child("bench.storing", environment, "memory", str(number))["peak"])
        self.ratios["memory_100k_over_1k"] = peaks[1] / peaks[0]
        self.runs["memory_100k_over_1k"] = {"rows": [1_000, rows]}

    def put(self, name: str, done: dict[str, Any]) -> None:
        self.ratios[name] = done.pop("ratio")
        low, high = done.pop("spread")
        self.runs[name] = {"smallest": low, "largest": high, **done}

    def all(self, tell: Callable[[str], None]) -> None:
        parts = {
            "signing": self.signing,
            "checking": self.verifying,
            "status lists": self.lists,
            "storing, pages, memory": self.storing,
        }
        for name, part in parts.items():
            began = time.monotonic()
            tell(f"{name} ...")
            part()
            tell(f"  done in {time.monotonic() - began:.0f} s")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the results as JSON and nothing else")
    parser.add_argument("--quick", action="store_true", help="few rounds and 5,000 rows; writes no report")
    options = parser.parse_args()
    bench = Bench(quick=options.quick)
    try:
        javascript.node()
        javascript.install()
        core = measure.pin()
        bench.all(lambda text: print(text, file=sys.stderr, flush=True))
    except javascript.PeerMissing as error:
        print(error, file=sys.stderr)
        return 2
    found = {
        "ratios": {name: round(bench.ratios[name], 3) for name in report.ROWS},
        "machine": machine(core),
        "runs": {"quick": options.quick, **report.rounded(bench.runs)},
    }
    if not options.quick:
        report.write(found)
    print(json.dumps(found, indent=1) if options.json else report.table(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
