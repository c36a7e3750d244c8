"""Collect what the pages say, for translators, and compile what they wrote.

``python tools/messages.py`` brings ``src/guildmark/site/locale/*/LC_MESSAGES/django.po`` up to date and compiles them.
``--check`` changes nothing and ends with 1 when something is missing. Texts in templates are marked by
``translate``; texts in Python by ``_`` or, where Django is not loaded, by ``marked``, ``said``, ``said_in`` or ``numbered`` of
:mod:`guildmark.kernel.words`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "guildmark"
LOCALE = PACKAGE / "site" / "locale"
LANGUAGES = ("de", "es")
#: Functions that mark a text: how many of their arguments are texts, and whether the first is a context.
KEYWORDS = {
    "_": (1, False), "marked": (1, False), "gettext": (1, False), "gettext_lazy": (1, False),
    "gettext_noop": (1, False), "ngettext": (2, False), "ngettext_lazy": (2, False),
    "said": (1, False), "said_in": (2, True), "numbered": (2, False), "pgettext": (2, True), "pgettext_lazy": (2, True), "npgettext": (3, True),
}  # fmt: skip
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
#: What Django makes of a marked text in a template.
CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)", re.DOTALL)


def sources() -> list[Path]:
    """Every file of the package that may say something to a person."""
    found = [path for kind in ("*.py", "*.html", "*.txt") for path in PACKAGE.rglob(kind)]
    return sorted(path for path in found if "migrations" not in path.parts and "locale" not in path.parts)


def calls_of_python(text: str) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in KEYWORDS:
            texts = [
                one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            if len(texts) >= KEYWORDS[name][0]:
                yield name, texts


def calls_of_template(text: str, origin: str) -> Iterator[tuple[str, list[str]]]:
    for match in CALL.finditer(templatize(text, origin=origin)):
        yield match.group(1), list(ast.literal_eval(f"({match.group(2)},)"))


def collected() -> polib.POFile:
    """What is marked now, sorted, without places: a line that moves changes no catalogue."""
    found: dict[tuple[str, str], polib.POEntry] = {}
    for path in sources():
        text = path.read_text("utf-8")
        calls = calls_of_python(text) if path.suffix == ".py" else calls_of_template(text, str(path))
        for name, texts in calls:
            count, in_context = KEYWORDS[name]
            context = texts.pop(0) if in_context else None
            entry = found.setdefault(
                (context or "", texts[0]), polib.POEntry(msgid=texts[0], msgctxt=context)
            )
            if count - in_context == 2:
                entry.msgid_plural = texts[1]
            if re.search(r"%\(\w+\)[sd]", texts[0]) and "python-format" not in entry.flags:
                entry.flags.append("python-format")
    made = polib.POFile()
    made.extend(found[key] for key in sorted(found, key=lambda key: (key[1], key[0])))
    return made


def brought_up_to_date(language: str, template: polib.POFile) -> polib.POFile:
    """The catalogue with exactly the texts that are marked now; what was translated stays."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    known = {(e.msgctxt, e.msgid): e for e in polib.pofile(str(path))} if path.exists() else {}
    made = polib.POFile(wrapwidth=110)
    made.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": language,
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    for entry in template:
        before = known.get((entry.msgctxt, entry.msgid))
        fresh = polib.POEntry(msgid=entry.msgid, msgctxt=entry.msgctxt, flags=entry.flags)
        if entry.msgid_plural:
            fresh.msgid_plural = entry.msgid_plural
            fresh.msgstr_plural = before.msgstr_plural if before and before.msgstr_plural else {0: "", 1: ""}
        else:
            fresh.msgstr = before.msgstr if before else ""
        made.append(fresh)
    return made


PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")


def problems(language: str, catalogue: polib.POFile) -> list[str]:
    """What a translator still has to do: texts that are missing, and places that do not fit."""
    found = []
    for entry in catalogue:
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if not all(texts):
            found.append(f"{language}: not translated: {entry.msgid!r}")
            continue
        wanted = set(PLACE.findall(entry.msgid)) | set(PLACE.findall(entry.msgid_plural or ""))
        for text in texts:
            given = set(PLACE.findall(text))
            if not given <= wanted or (not entry.msgid_plural and given != wanted):
                found.append(f"{language}: the places do not fit: {entry.msgid!r}")
    return found


def main() -> int:
    check = "--check" in sys.argv[1:]
    template, found = collected(), []
    for language in LANGUAGES:
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        catalogue = brought_up_to_date(language, template)
        found += problems(language, catalogue)
        if check:
            if not path.exists() or str(polib.pofile(str(path), wrapwidth=110)) != str(catalogue):
                found.append(f"{language}: the catalogue is behind; run tools/messages.py")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        print(f"{language}: {len(catalogue)} texts, {len(catalogue.translated_entries())} translated")
    for line in found[:40]:
        print(line, file=sys.stderr)
    if len(found) > 40:
        print(f"... and {len(found) - 40} more", file=sys.stderr)
    return 1 if check and found else 0


if __name__ == "__main__":
    raise SystemExit(main())
