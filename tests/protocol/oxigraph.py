"""Another implementation's canonical form of our documents."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox

from guildmark.protocol import contexts


def canonical(document: dict[str, Any]) -> str:
    """The canonical form by pyoxigraph alone; it loads no contexts, so they are put in place of their addresses."""
    local = document["@context"]
    urls = local if isinstance(local, list) else [local]
    inlined = [json.loads(contexts.raw(url))["@context"] for url in urls]
    text = json.dumps({**document, "@context": inlined})
    dataset = ox.Dataset(ox.parse(text.encode(), format=ox.RdfFormat.JSON_LD))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(ox.serialize([quad], format=ox.RdfFormat.N_QUADS).decode() for quad in dataset))
