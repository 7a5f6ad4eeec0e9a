"""Messages as programs send them and what a reader should see, all invented for this repository."""

from pathlib import Path

FOLDER = Path(__file__).parent


def cases() -> dict[str, tuple[str, str]]:
    """Return the message and what is shown, by file and name."""
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        pieces = ("\n" + path.read_text()).split("\n@@ ")[1:]
        for message, shown in zip(pieces[::2], pieces[1::2], strict=True):
            name, _, text = message.partition("\n")
            assert shown.startswith("shown"), name
            found[f"{path.stem}: {name}"] = (text, shown.removeprefix("shown").strip("\n"))
    return found
