#!/bin/sh
# Prints the first Python from 3.12 on that can make a virtual environment. Each is asked for its version, because
# version managers leave shims on the PATH that cannot run; their real versions lie beside the shims' folder.
fits() { [ -n "$1" ] && "$1" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 12))' </dev/null 2>/dev/null; }
found() { command -v "$1" && exit 0; }

for name in "$PYTHON" python3.13 python3.14 python3.12; do
  fits "$name" && found "$name"
done
managers=$(command -v python3 pyenv | while read -r path; do dirname "$(dirname "$path")"; done)
for root in "$PYENV_ROOT" "$HOME/.pyenv" $managers; do
  for path in "$root"/versions/3.13*/bin/python "$root"/versions/3.1[2-9]*/bin/python; do
    fits "$path" && found "$path"
  done
done
fits python3 && found python3
echo "No Python 3.12 or newer found. Install one, or name it: make run PYTHON=/path/to/python3.13" >&2
exit 1
