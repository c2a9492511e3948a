"""Builds the optional compiled core; where it cannot be built, the package is installed without it."""

import os
import platform
import sys
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

CORE = Path("boilerstrip", "_core")
SHARED = "boilerstrip._core._shared"
"""What Cython would otherwise put into every module, and have compiled with each: half of their code."""


class BuildWhereThereIsACompiler(build_ext):
    """An extension that cannot be built costs one line of the log, whatever the reason.

    ``optional`` alone does not do it: where there is no compiler at all, setuptools 84 raises an ``OSError`` past it.
    """

    def finalize_options(self) -> None:
        """Let the modules be compiled beside each other: compiling is most of the time that an install takes."""
        super().finalize_options()
        self.parallel = self.parallel or os.cpu_count() or 1

    def build_extension(self, extension: Extension) -> None:
        """Build one module of the core, or say that the Python code will do its work."""
        try:
            super().build_extension(extension)
        except Exception as error:
            report(f"{extension.name} is left out: {' '.join(str(error).split())}")


def report(line: str) -> None:
    """Write one line to the log."""
    print(f"boilerstrip: {line}", file=sys.stderr)


def find_extensions() -> list[Extension]:
    """The modules of the core as C sources; none on another Python, whose objects lie otherwise."""
    if platform.python_implementation() != "CPython":
        return []
    headers = sorted(str(path) for pattern in ("*.h", "*.pxi") for path in CORE.glob(pattern))
    arguments = [] if sys.platform == "win32" else ["-O3", "-g0"]
    modules = {f"boilerstrip._core.{path.stem}": str(path) for path in sorted(CORE.glob("*.pyx"))}
    sources = {SHARED: "_shared.c", **modules}
    extensions = [
        Extension(name, [source], depends=headers, extra_compile_args=arguments) for name, source in sources.items()
    ]
    try:
        return translate(extensions)
    except Exception:
        return [built for extension in extensions for built in translate_if_possible(extension)]


def translate(extensions: list[Extension]) -> list[Extension]:
    """The modules as C sources, made side by side."""
    from Cython.Build import cythonize

    translated: list[Extension] = cythonize(
        extensions, build_dir="build", language_level=3, shared_utility_qualified_name=SHARED, quiet=True,
        nthreads=os.cpu_count() or 1,
    )  # fmt: skip
    for extension in translated:
        extension.optional = (
            True  # cythonize forgets it, and an editable install would miss the file that was not built
        )
    return translated


def translate_if_possible(extension: Extension) -> list[Extension]:
    """The module as C source; nothing without Cython, or with one that refuses it."""
    try:
        return translate([extension])
    except Exception as error:
        report(f"{extension.name} is left out: {type(error).__name__}: {error}")
        return []


setup(ext_modules=find_extensions(), cmdclass={"build_ext": BuildWhereThereIsACompiler})
