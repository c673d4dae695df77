"""What clients learn of a runtime: its metadata and version. Source: spec/metadata.md."""

from chain.frame.metadata.apis import APIS, Api, Method
from chain.frame.metadata.export import VERSIONS, describe, export
from chain.frame.metadata.version import RUNTIME_VERSION, RuntimeVersion, api_id, runtime_version

__all__ = [
    "APIS",
    "RUNTIME_VERSION",
    "VERSIONS",
    "Api",
    "Method",
    "RuntimeVersion",
    "api_id",
    "describe",
    "export",
    "runtime_version",
]
