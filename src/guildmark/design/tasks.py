"""Work nobody waits for: videos that no version names any more are deleted."""

from __future__ import annotations

from datetime import timedelta

from guildmark.design import explainers
from guildmark.kernel.tasks import sweep


@sweep("design.unnamed_videos", every=timedelta(hours=6))
def forget_unnamed_videos() -> None:
    explainers.forget_unnamed()
