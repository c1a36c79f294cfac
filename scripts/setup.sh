#!/bin/sh
# Make .venv hold what a requirements file asks for:  scripts/setup.sh requirements.txt
# Called by the Makefile, which remembers what is done. PYTHON=… chooses the interpreter.
set -eu

requirements=$1

fail() {
    { echo; printf '%s\n' "$@"; } >&2
    exit 1
}

# Python 3.11 or later?
is_good() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if is_good "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 or later is needed, and was not found." \
        "Debian 12 or later, Ubuntu 24.04 or later: sudo apt-get install python3 python3-venv" \
        "If it is somewhere special: make PYTHON=/path/to/python3.12 run"
}

make_venv() {
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "This Python ($python) comes without venv, which keeps our packages apart from yours." \
            "Debian, Ubuntu: sudo apt-get install python3-venv"
    rm -rf .venv
    "$python" -m venv .venv
}

is_good .venv/bin/python || make_venv

echo "Setting up Python packages in .venv, as $requirements lists them (about a minute, once) …"
.venv/bin/python -m pip install -qq --disable-pip-version-check -r "$requirements" ||
    fail "The packages could not be installed; pip says why above." \
        "The first set-up needs a way to a Python package index. Try again: what arrived is kept."
