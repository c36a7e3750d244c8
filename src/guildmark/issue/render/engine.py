"""Runs the typesetter: our templates, our fonts, data as data, no other file in reach."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import typst

from guildmark.issue.render.lettering import FONTS_DIR

TEMPLATES_DIR: Final = Path(__file__).parent / "templates"
_per_thread = threading.local()


@lru_cache(maxsize=1)
def _fonts() -> Any:
    """Read the bundled fonts once per process; neither the system's nor the typesetter's own are used."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS_DIR)])


def _compiler() -> Any:
    """Return this thread's compiler. Its root is the folder of our templates: it can read nothing else."""
    compiler = getattr(_per_thread, "compiler", None)
    if compiler is None:
        nowhere = str(TEMPLATES_DIR / "packages")  # no package is ever found or fetched
        compiler = typst.Compiler(
            root=str(TEMPLATES_DIR),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            package_path=nowhere,
            package_cache_path=nowhere,
        )
        _per_thread.compiler = compiler
    return compiler


def _inputs(data: dict[str, Any], extra: dict[str, str]) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False, separators=(",", ":")), **extra}


def typeset(
    template: Literal["badge", "certificate"],
    data: dict[str, Any],
    *,
    extra: dict[str, str] | None = None,
    stamp: datetime,
    output: Literal["pdf", "svg", "png"],
    pixels_per_inch: float = 144.0,
) -> bytes:
    """Compile ``templates/{template}.typ`` with ``data`` (reaches it as a JSON string) and return the file.

    ``extra`` holds further strings that the template reads from ``sys.inputs`` as they are. ``stamp`` is
    the only time that enters a PDF, so that equal input gives equal bytes. PDF is written as PDF/UA-1
    and PDF/A-3a. Raises typst.TypstError if a template is at fault.
    """
    made = _compiler().compile(
        input=str(TEMPLATES_DIR / f"{template}.typ"),
        format=output,
        ppi=pixels_per_inch,
        sys_inputs=_inputs(data, extra or {}),
        pdf_standards=["ua-1", "a-3a"] if output == "pdf" else [],
        timestamp=stamp,
    )
    return bytes(made[0] if isinstance(made, list) else made)
