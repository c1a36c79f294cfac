"""Starts one of the programs beside it, within limits.

    python -I -B launch.py PROGRAM MEMORY CPU

Memory in bytes, CPU in seconds. The process limits itself: whoever starts it would have to be
copied as a whole to do that between fork and exec.
"""

import resource
import runpy
import sys
from pathlib import Path


def limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    program, memory, seconds = sys.argv[1:]
    limit(int(memory), int(seconds))
    runpy.run_path(str(Path(__file__).parent / program), run_name="__main__")
