"""Packs the plug-in as the zip that WordPress takes: `python3 pack.py FOLDER`.

The same files make the same zip, byte for byte, wherever and whenever it is packed.
"""

import argparse
import re
import sys
import zipfile
from pathlib import Path

PLUGIN = Path(__file__).resolve().parent / "wordmouth"
# The first moment that a zip can name.
MOMENT = (1980, 1, 1, 0, 0, 0)
READABLE = 0o100644


def version() -> str:
    """The version that the plug-in itself tells WordPress."""
    told = re.search(r"^ \* Version: +([0-9.]+)$", (PLUGIN / "wordmouth.php").read_text(), re.M)
    if told is None:
        raise SystemExit("wordmouth.php names no version")
    return told[1]


def main() -> None:
    """Pack into the folder that was named, and say where."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("dist"))
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    # Not the name under which the module for thirty bees and PrestaShop is packed.
    target = folder / f"wordmouth-for-woocommerce-{version()}.zip"
    with zipfile.ZipFile(target, "w") as packed:
        for path in sorted(each for each in PLUGIN.rglob("*") if each.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(PLUGIN.parent).as_posix(), MOMENT)
            entry.external_attr = READABLE << 16
            packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    sys.stdout.write(f"{target}\n")


if __name__ == "__main__":
    main()
