"""The progress bar of long commands."""

from __future__ import annotations

from typing import TextIO

WIDTH = 32


class Bar:
    """A progress bar on a terminal; silent elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self.out, self.live = out, out.isatty()

    def show(self, done: int, total: int, label: str = "") -> None:
        if self.live:
            filled = WIDTH * done // total if total else WIDTH
            words = f" {label}" if label else ""
            self.out.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {done:,} of {total:,}{words}\x1b[K")
            self.out.flush()

    def end(self) -> None:
        if self.live:
            self.out.write("\n")
