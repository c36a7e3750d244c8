"""The command line: ``guildmark [--data DIR] COMMAND ...``.

Only the module of the command that was asked for is imported, so that ``guildmark verify`` starts quickly,
needs
no data directory and never loads Django. A command is a module of :mod:`guildmark.site.commands` with
``add_arguments(parser)`` and ``run(args) -> int``.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from guildmark import __version__

#: Exit code of a command that could not be carried out as it was given.
USAGE_ERROR = 2

#: Every command and its line of help. One that is not installed is left out.
COMMANDS = {
    "verify": "check a credential: a file, an address or standard input",
    "sceptic": "answer a sceptic's twelve questions from a credential alone",
    "trust": "export what others need to check our credentials offline",
    "serve": "serve this installation",
    "demo": "make the demo academy once and serve it",
    "worker": "run background tasks",
    "migrate": "bring the database up to date",
    "setup": "make the organisation and its owner",
    "user": "make and change accounts",
    "issue-batch": "issue completion records by a list, or sign what waits",
    "standard": "standards as files: check, export, import, fork",
    "advise": "say what to award, from a file of answers",
    "diff": "say what changed between two versions of a standard",
    "skills": "import, list, search and export skills frameworks",
    "lint": "check the wording of a claim",
    "log": "check what the log of standards proves",
    "jose": "issue and verify tokens with a key file, for the VC-JOSE-COSE test suite",
    "vc-api": "serve the conformance face for test suites on this machine",
    "backup": "write everything, keys included, into one archive",
    "restore": "bring an archive back into an empty data directory",
    "doctor": "look for what is wrong with this installation",
    "dossier": "write everything that defends a published version into one file",
    "impostor": "how likely somebody passes a standard without the skill",
}


def module_name(command: str) -> str:
    return f"guildmark.site.commands.{command.replace('-', '_')}"


def available() -> dict[str, str]:
    """The commands whose module is there, with their help."""
    return {name: text for name, text in COMMANDS.items() if find_spec(module_name(name)) is not None}


def take_data_dir(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """Take ``--data DIR`` out of the arguments, wherever it stands before ``--``; the last one wins."""
    found: str | None = None
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return found, [*rest, word, *waiting]
        if word == "--data" and waiting:
            found = waiting.pop(0)
        elif word.startswith("--data="):
            found = word.partition("=")[2]
        else:
            rest.append(word)
    return found, rest


def build_parser(chosen: str | None) -> argparse.ArgumentParser:
    """The parser of all commands; only the chosen one has its arguments filled in."""
    parser = argparse.ArgumentParser(
        prog="guildmark", description=__doc__.split("\n")[0] if __doc__ else None
    )
    parser.add_argument("--version", action="version", version=f"guildmark {__version__}")
    # Taken out before parsing (see take_data_dir); named here for the help and for a missing value.
    parser.add_argument("--data", metavar="DIR", help="data directory, before or after the command")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, text in available().items():
        sub = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        if name == chosen:
            import_module(module_name(name)).add_arguments(sub)
    return parser


def chosen_command(arguments: Sequence[str]) -> str | None:
    return next((word for word in arguments if not word.startswith("-")), None)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Errors are one or two lines on standard error, never a
    traceback.
    """
    data, arguments = take_data_dir(sys.argv[1:] if argv is None else argv)
    if data is not None:
        os.environ["GUILDMARK_DATA"] = data
    try:
        parser = build_parser(chosen_command(arguments))
        args = parser.parse_args(arguments)
        if args.command is None:
            parser.print_help()
            return USAGE_ERROR
        return run(args)
    except SystemExit as stopped:  # argparse has already said why
        return stopped.code if isinstance(stopped.code, int) else USAGE_ERROR


def run(args: argparse.Namespace) -> int:
    """Run the command that was parsed, with every expected error put into words."""
    from guildmark.config import ConfigError
    from guildmark.kernel.problems import GuildmarkError

    try:
        return int(import_module(module_name(args.command)).run(args))
    except (GuildmarkError, ConfigError) as error:
        print(f"guildmark {args.command}: {error}", file=sys.stderr)
        return USAGE_ERROR
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (``| head``): keep the interpreter from complaining on its way
        # out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


if __name__ == "__main__":
    raise SystemExit(main())
