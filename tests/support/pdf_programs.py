"""What other programs make of a PDF that is printed with them: poppler's, and Ghostscript."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

PROGRAMS = {"poppler": "pdftocairo", "ghostscript": "gs"}
SECONDS = 60


def poppler(data: bytes) -> bytes:
    """Printed to a PDF by evince and its like."""
    return _made_by(data, "pdftocairo", "-pdf", "in.pdf", "out.pdf")


def ghostscript(data: bytes) -> bytes:
    """Printed to a PDF by a printer of a desktop: no field is left."""
    return _made_by(data, "gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-dPreserveAnnots=false",
                    "-sDEVICE=pdfwrite", "-sOutputFile=out.pdf", "in.pdf")  # fmt: skip


def rasterized(data: bytes) -> bytes:
    """Printed as pictures of pages, as some programs do."""
    return _made_by(data, "gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-r150",
                    "-sDEVICE=pdfimage24", "-sOutputFile=out.pdf", "in.pdf")  # fmt: skip


def _made_by(data: bytes, *command: str) -> bytes:
    with TemporaryDirectory() as folder:
        Path(folder, "in.pdf").write_bytes(data)
        subprocess.run(command, cwd=folder, check=True, timeout=SECONDS, capture_output=True)
        return Path(folder, "out.pdf").read_bytes()


def needs(name: str) -> pytest.MarkDecorator:
    """Where the program is not installed, the test does not run, and the end of the run says so."""
    missing = shutil.which(PROGRAMS[name]) is None
    how = f"{PROGRAMS[name]} is not installed: apt-get install poppler-utils ghostscript"
    return pytest.mark.skipif(missing, reason=how)
