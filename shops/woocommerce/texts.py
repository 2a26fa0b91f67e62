"""Writes the texts of the plug-in for translators: `python3 texts.py`.

They are found where WordPress's functions for translation are called with the plug-in's own domain.
"""

import re
import sys
from pathlib import Path

PLUGIN = Path(__file__).resolve().parent / "wordmouth"
TEMPLATE = PLUGIN / "languages" / "wordmouth.pot"
CALLED = re.compile(
    r"(?:/\* translators: (?P<note>[^\n]+?) \*/\s*[^\n]*?)?"
    r"\b(?:__|esc_html__|esc_attr__)\( '(?P<text>(?:[^'\\]|\\.)+)', 'wordmouth' \)"
)
HEAD = """\
# Texts of Wordmouth for WooCommerce. Free under the GPL, version 2 or later.
msgid ""
msgstr ""
"Project-Id-Version: Wordmouth for WooCommerce {version}\\n"
"Language: \\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"X-Domain: wordmouth\\n"
"""


def template() -> str:
    """All texts, each once, with the files that say it."""
    places: dict[str, list[str]] = {}
    notes: dict[str, str] = {}
    for path in sorted(PLUGIN.rglob("*.php")):
        for found in CALLED.finditer(path.read_text()):
            text = found["text"].replace("\\'", "'")
            here = path.relative_to(PLUGIN).as_posix()
            if here not in places.setdefault(text, []):
                places[text].append(here)
            if found["note"]:
                notes[text] = found["note"]
    main = (PLUGIN / "wordmouth.php").read_text()
    version = re.search(r"^ \* Version: +(\S+)$", main, re.MULTILINE)
    parts = [HEAD.format(version=version[1] if version else "")]
    for text, files in places.items():
        lines = [f"#. translators: {notes[text]}"] if text in notes else []
        lines += [f"#: {file}" for file in files]
        # Such as %s or %1$d: translators' tools then look whether it is still there.
        lines += ["#, php-format"] if re.search(r"%(?:\d\$)?[sd]", text) else []
        lines += [f'msgid "{_quoted(text)}"', 'msgstr ""', ""]
        parts.append("\n".join(lines))
    return "\n".join(parts)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def main() -> None:
    """Write the template, and say where."""
    TEMPLATE.write_text(template())
    sys.stdout.write(f"{TEMPLATE}\n")


if __name__ == "__main__":
    main()
