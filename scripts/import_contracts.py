"""An import contract that import-linter does not bring: a package that imports the standard library only.

import-linter's own `forbidden` contract needs the forbidden names listed; this one forbids every name that is neither
the standard library's nor the package's own, so that a library added tomorrow is covered too.
"""

from __future__ import annotations

import sys

import grimp
from importlinter import Contract, ContractCheck, fields, output


class StandardLibraryContract(Contract):
    """Each of `packages`, with all modules below it, imports only itself and the standard library."""

    type_name = "standard_library"

    packages = fields.ListField(subfield=fields.StringField())

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every direct import; an indirect one starts with a direct one that is already wrong."""
        illegal: list[tuple[str, str]] = []
        packages: list[str] = self.packages  # type: ignore[assignment]  # a field turns into its value
        for package in packages:
            for module in sorted({package} | graph.find_descendants(package)):
                for imported in sorted(graph.find_modules_directly_imported_by(module)):
                    own = imported == package or imported.startswith(package + ".")
                    if not own and imported.partition(".")[0] not in sys.stdlib_module_names:
                        illegal.append((module, imported))
        return ContractCheck(kept=not illegal, metadata={"illegal": illegal})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import that broke the contract."""
        for module, imported in check.metadata["illegal"]:
            output.print_error(f"{module} may not import {imported}: it is not in the standard library", bold=False)
