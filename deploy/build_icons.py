"""Cut the icons the product uses out of an unpacked bootstrap-icons package into one sprite.

npm pack bootstrap-icons@1.13.2 && tar xzf bootstrap-icons-1.13.2.tgz
python deploy/build_icons.py package/icons
"""

import re
import sys
from pathlib import Path

SPRITE = Path(__file__).parent.parent / "shared_apps/core/static/vendor/icons.svg"
NAMES = """
    arrow-left arrow-repeat arrow-return-left arrow-right at bar-chart-line bell bookmark box-arrow-right
    building chat-dots check-circle-fill check-lg chevron-down clock clock-history copy diagram-3
    download envelope exclamation-triangle-fill eye eye-slash file-earmark-text flag folder globe2 grid
    hand-thumbs-up house incognito info-circle-fill journal-text key list list-check lock palette
    patch-check pause-circle pencil people person person-plus pin-angle-fill plus-lg question-circle scissors
    search share shop sign-merge-right star-fill tag three-dots trash unlock x-circle-fill x-lg
"""


def symbol(name: str, source: str) -> str:
    """One icon's file as a <symbol>, keeping only its paths."""
    paths = "".join(re.findall(r"<(?:path|circle|rect)\b.*?/>", source, re.DOTALL))
    return f'<symbol id="{name}" viewBox="0 0 16 16">{paths}</symbol>'


def main(folder: Path) -> None:
    """Write the sprite; a name that bootstrap-icons does not have stops the run."""
    symbols = [symbol(name, (folder / f"{name}.svg").read_text()) for name in NAMES.split()]
    body = "\n".join(symbols)
    SPRITE.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}\n</svg>\n')
    print(f"{len(symbols)} icons in {SPRITE.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
