"""Packs the module as the zip that a shop's back office takes: `python3 pack.py FOLDER`.

The same files make the same zip, byte for byte, wherever and whenever it is packed.
"""

import argparse
import re
import sys
import zipfile
from pathlib import Path

MODULE = Path(__file__).resolve().parent / "wordmouth"
# The first moment that a zip can name: when something was packed is nobody's business.
MOMENT = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644


def version() -> str:
    """The version that the module itself tells the shop."""
    told = re.search(r"\$this->version = '([0-9.]+)';", (MODULE / "wordmouth.php").read_text())
    if told is None:
        raise SystemExit("wordmouth.php names no version")
    return told[1]


def pack(folder: Path) -> Path:
    """Write `wordmouth-VERSION.zip` into the folder; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"wordmouth-{version()}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(MODULE.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                name = str(Path("wordmouth") / path.relative_to(MODULE))
                entry = zipfile.ZipInfo(name, MOMENT)
                entry.external_attr = READABLE << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(entry, path.read_bytes(), compresslevel=9)
    return target


def main() -> None:
    """Pack into the folder that was named, and say where."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("dist"))
    sys.stdout.write(f"{pack(parser.parse_args().folder)}\n")


if __name__ == "__main__":
    main()
