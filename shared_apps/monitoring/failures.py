"""Says what went wrong without any value: exception messages and local variables may be personal."""

from pathlib import Path
from traceback import walk_tb

_ROOT = Path(__file__).resolve().parent.parent.parent
_MOST_FRAMES = 30


def describe(error: BaseException) -> tuple[str, str]:
    """Return the path of the exception's class, and file, line and function of each frame, causes first."""
    return _name(error), "\n".join(_lines(error)[-_MOST_FRAMES:])


def _lines(error: BaseException) -> list[str]:
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    before = [*_lines(cause), "then:"] if cause is not None else []
    frames = [
        f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return [*before, _name(error), *frames]


def _name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _short(filename: str) -> str:
    path = Path(filename)
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return str(path.relative_to(_ROOT)) if path.is_relative_to(_ROOT) else path.name
