"""Install DuckDB's library for the v2 engine, which brings none, into the environment running this.

    .venv-v2/bin/python scripts/install_v2_driver.py

The library comes out of a pinned npm package, whose hash is checked; beside it lies the manifest by
which the engine finds it when ADBC_DRIVER_PATH names their folder. Where it cannot be had, a line
says why, and the tests that need it are skipped.
"""

from __future__ import annotations

import base64
import hashlib
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "@duckdb/node-bindings-linux-x64@1.5.6-r.1"
SHA512 = "IXcrZJE6kEqM0Z4wwdVnGBHX/frOS33VPNAwDXQ/Q+Fs84b058Qe94chrCCIcNJlG8Y3UHIUU4eBeCQxW5mN1Q=="
LIBRARY = "libduckdb.so"
MANIFEST = """\
manifest_version = 1

[Driver]
entrypoint = "duckdb_adbc_init"

[Driver.shared]
linux_amd64 = "{library}"
"""


def fetch(folder: Path) -> str | None:
    """Get the package's archive into a folder; say why not, or None when it went well."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return "it is for Linux on x86-64"
    if not (npm := shutil.which("npm")):
        return "there is no npm"
    command = [npm, "pack", "--silent", "--fetch-retries=1", PACKAGE]
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True)
    return f"npm could not get {PACKAGE}" if done.returncode else None


def unpack(archive: Path, folder: Path) -> None:
    """Check the archive, take the library out of it, and write the manifest."""
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != SHA512:
        sys.exit(f"{PACKAGE} is not the file that was pinned: sha512 {digest}")
    folder.mkdir(exist_ok=True)
    library = folder / LIBRARY
    with tarfile.open(archive) as files, library.open("wb") as copy:
        shutil.copyfileobj(files.extractfile(f"package/{LIBRARY}"), copy)
    (folder / "duckdb.toml").write_text(MANIFEST.format(library=library))


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        if reason := fetch(Path(temporary)):
            print(f"the v2 engine's DuckDB cannot be installed ({reason}): its test is skipped")
            return 0
        (archive,) = Path(temporary).glob("*.tgz")
        unpack(archive, Path(sys.prefix) / "driver")
    return 0


if __name__ == "__main__":
    sys.exit(main())
