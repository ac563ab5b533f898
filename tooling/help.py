"""`make help`: the targets of the Makefile and the sentence behind each `##`."""

import re

from tooling.places import ROOT

_TARGET = re.compile(r"^(?P<name>[a-z-]+):.*?## (?P<sentence>.+)$", re.MULTILINE)


def targets() -> dict[str, str]:
    """Return each documented target with its sentence, in the Makefile's order."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return {match["name"]: match["sentence"] for match in _TARGET.finditer(makefile)}


def main() -> None:
    """Print them."""
    for name, sentence in targets().items():
        print(f"  make {name:<12} {sentence}")


if __name__ == "__main__":
    main()
