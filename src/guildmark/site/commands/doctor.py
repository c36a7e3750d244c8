"""``guildmark doctor``: looks at the installation as it runs and says what is wrong and how to mend it."""

from __future__ import annotations

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(args: argparse.Namespace) -> int:
    import json

    from guildmark.config import ConfigError, default_data_dir

    if not default_data_dir().is_dir():
        raise ConfigError(f"--data: there is no installation in {default_data_dir()}")
    from guildmark.site.commands import _django

    _django.setup()
    from guildmark.site import health

    findings = health.examine()
    if args.json:
        print(json.dumps([finding.__dict__ for finding in findings], indent=1))
    else:
        for finding in findings:
            print(f"{finding.level:5} {finding.about}: {finding.words}")
            if finding.mend:
                print(f"      {finding.mend}")
    return 1 if any(finding.level == "wrong" for finding in findings) else 0
