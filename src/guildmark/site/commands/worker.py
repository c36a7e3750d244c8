"""``guildmark worker``: runs tasks and sweeps until it is told to stop."""

from __future__ import annotations

import argparse
import os
import signal
from types import FrameType


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help="run what is due, then stop")
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when the process that started this one is gone"
    )


def run(args: argparse.Namespace) -> int:
    from guildmark.site.commands import _django

    _django.setup()
    from guildmark.kernel import tasks

    if args.once:
        tasks.run_sweeps(force=True)
        print(f"{tasks.run_until_idle()} tasks ran.")
        return 0
    stopped = False
    parent = os.getppid()

    def stop(signum: int, frame: FrameType | None) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    tasks.work_forever(lambda: stopped or (args.with_parent and os.getppid() != parent))
    return 0
