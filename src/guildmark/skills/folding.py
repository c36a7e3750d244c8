"""From text to the stems that are indexed and asked for: the same on both databases, because it is done here."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

#: Letters and digits, with the signs that end names such as C++ and C#.
_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?")
_LANGUAGES = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish",
    "hu": "hungarian", "it": "italian", "lt": "lithuanian", "nl": "dutch", "no": "norwegian", "nb": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
STOP_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        ["a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "at", "be", "been", "before", "being", "both", "but", "by", "can", "could", "did", "do", "does", "doing", "during", "each", "either", "etc", "for", "from", "had", "has", "have", "having", "how", "if", "in", "into", "is", "it", "its", "itself", "may", "more", "most", "must", "no", "nor", "not", "of", "off", "on", "once", "only", "or", "other", "our", "out", "over", "own", "per", "same", "shall", "should", "so", "some", "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "through", "to", "too", "under", "until", "up", "upon", "using", "use", "very", "was", "were", "what", "when", "where", "which", "while", "who", "whom", "whose", "why", "will", "with", "within", "without", "would", "you", "your", "given"]
    ),
    "de": frozenset(
        ["aber", "alle", "als", "also", "am", "an", "auch", "auf", "aus", "bei", "beim", "bis", "da", "damit", "dann", "das", "dass", "dem", "den", "der", "des", "die", "dies", "diese", "dieser", "dieses", "doch", "du", "durch", "ein", "eine", "einem", "einen", "einer", "eines", "er", "es", "etwa", "für", "gegen", "hat", "haben", "hier", "ich", "ihm", "ihn", "ihr", "ihre", "im", "in", "indem", "ins", "ist", "ja", "jede", "jeder", "jedes", "kann", "können", "man", "mit", "nach", "nicht", "noch", "nur", "ob", "oder", "ohne", "sein", "seine", "sich", "sie", "sind", "so", "soll", "sowie", "über", "um", "und", "uns", "unter", "usw", "vom", "von", "vor", "war", "wenn", "werden", "wie", "wird", "wo", "zu", "zum", "zur", "zwischen"]
    ),
    "es": frozenset(
        ["a", "al", "algo", "ante", "aquel", "aquella", "así", "aun", "aunque", "cada", "como", "con", "contra", "cual", "cuando", "de", "del", "desde", "donde", "dos", "el", "ella", "ellas", "ellos", "en", "entre", "era", "es", "esa", "ese", "eso", "esta", "este", "esto", "estos", "está", "están", "fue", "ha", "han", "hasta", "hay", "la", "las", "le", "les", "lo", "los", "más", "me", "mediante", "mi", "mismo", "muy", "nada", "ni", "no", "nos", "o", "otra", "otras", "otro", "otros", "para", "pero", "por", "porque", "puede", "que", "quien", "se", "según", "ser", "si", "sin", "sobre", "son", "su", "sus", "también", "tanto", "te", "todo", "todos", "tras", "tu", "un", "una", "unas", "uno", "unos", "y", "ya"]
    ),
    "fr": frozenset(
        ["a", "à", "au", "aux", "avec", "ce", "ces", "cette", "comme", "d", "dans", "de", "des", "du", "elle", "en", "entre", "est", "et", "être", "eu", "il", "ils", "l", "la", "le", "les", "leur", "leurs", "mais", "même", "n", "ne", "nous", "on", "ou", "où", "par", "pas", "pour", "qu", "que", "qui", "s", "sa", "sans", "se", "ses", "si", "son", "sont", "sous", "sur", "un", "une", "vos", "votre", "y"]
    ),
    "it": frozenset(
        ["a", "ad", "ai", "al", "alla", "alle", "anche", "che", "chi", "ci", "come", "con", "da", "dal", "dalla", "dei", "del", "della", "delle", "di", "e", "ed", "gli", "i", "il", "in", "la", "le", "lo", "ma", "nei", "nel", "nella", "non", "o", "per", "più", "se", "si", "sono", "su", "sul", "sulla", "tra", "un", "una", "uno"]
    ),
}  # fmt: skip
MAX_TERM = 64
MAX_WORDS = 4_000


def base_language(tag: str) -> str:
    """``de-AT`` gives ``de``; nothing gives nothing."""
    return tag.replace("_", "-").split("-", 1)[0].lower()[:8]


def stemmed(tag: str) -> bool:
    """Whether words of this language are stemmed; otherwise they are only folded."""
    return base_language(tag) in _LANGUAGES


def unaccented(text: str) -> str:
    """Without accents (NFKD less its combining marks)."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=60_000)
def _stem(word: str, language: str) -> str:
    name = _LANGUAGES.get(language)
    stem = snowballstemmer.stemmer(name).stemWord(word) if name else word
    return unaccented(stem)[:MAX_TERM]


@lru_cache(maxsize=16)
def _stops(language: str) -> frozenset[str]:
    """The stop words of a language; of all, where the language is not known."""
    words = STOP_WORDS.get(language, frozenset()) if language else frozenset().union(*STOP_WORDS.values())
    return words | {unaccented(word) for word in words}


def guessed(texts: Iterable[str]) -> str:
    """The language in which texts are written, by their stop words; empty where that is not clear."""
    hits: Counter[str] = Counter()
    for text in texts:
        for word in _WORD.findall(text.casefold()):
            hits.update(language for language, words in STOP_WORDS.items() if word in words)
    (best, most), (_, second) = (*hits.most_common(2), ("", 0), ("", 0))[:2]
    return best if most >= 5 and most >= 1.5 * second else ""


def terms(text: str, language: str) -> list[str]:
    """The stems of a text in their order, stop words left out; at most the first 4,000 words count."""
    base = base_language(language)
    stops = _stops(base)
    words = _WORD.findall(unicodedata.normalize("NFC", text).casefold())[:MAX_WORDS]
    return [
        _stem(word, base) for word in words if word not in stops and (len(word) > 1 or not word.isalpha())
    ]
