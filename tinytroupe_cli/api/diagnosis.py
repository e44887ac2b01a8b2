"""Reports the configuration and what is missing."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import platformdirs

from tinytroupe_cli.api.answer_cache import user_cache_path
from tinytroupe_cli.api.default_model import default_model_chooser
from tinytroupe_cli.api.local_models import LocalModelState, list_local_models
from tinytroupe_cli.api.running_servers import RunningServer, ServerAddress, running_servers
from tinytroupe_cli.api.settings import config_files, resolve_settings, setting_values
from tinytroupe_cli.api.versions import version_of, versions
from tinytroupe_cli.core.secrets import without_password
from tinytroupe_cli.models.port import Frozen, ModelConfig
from tinytroupe_cli.models.preflight import check_models, keys_set
from tinytroupe_cli.models.prices import PriceTable
from tinytroupe_cli.spec.roles import choose_models

__all__ = ["Diagnosis", "diagnose"]

_MALICIOUS = ("1.82.7", "1.82.8")


class Diagnosis(Frozen):
    """Everything `troupe doctor` shows; keys by name only."""

    versions: dict[str, str]
    models: dict[str, str]
    """Role -> model and the origin of the choice."""
    settings: dict[str, str]
    """Setting -> value and origin."""
    config_files: tuple[str, ...]
    keys: tuple[str, ...]
    """Names of the variables that hold API keys."""
    servers: tuple[RunningServer, ...]
    """Model servers that respond on this machine."""
    local_models: dict[str, str]
    folders: dict[str, str]
    prices: str
    missing: tuple[str, ...]

    def sections(self, uses: Mapping[str, str] | None = None) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Yield titles with rows of name and value; `uses` describes what each key's variable can be used for."""
        yield "Versions", list(self.versions.items())
        yield "Models in use", list(self.models.items())
        yield "Settings", list(self.settings.items())
        yield "Config files", [(name, "") for name in self.config_files] or [("none", "")]
        yield "Keys that are set", [(name, (uses or {}).get(name, "")) for name in self.keys] or [("none", "")]
        yield "Model servers on this machine", list(self._servers()) or [("none", "")]
        yield "Models on this machine", list(self.local_models.items())
        yield "Folders", [*self.folders.items(), ("price table", self.prices)]

    def _servers(self) -> Iterator[tuple[str, str]]:
        for server in self.servers:
            yield server.program, server.address + (f": {server.trouble}" if server.trouble else "")
            for model in server.models:
                yield f"  {model.name}", model.line


def diagnose(folder: Path, env: Mapping[str, str], places: Sequence[ServerAddress] | None = None) -> Diagnosis:
    """Collect what a command in this folder would use; raises `SpecError` for a wrong config.ini.

    `places` are the addresses to search for model servers; None: the usual ones.
    """
    settings = resolve_settings(folder, {})
    chosen = choose_models(None, settings, env, default_model_chooser(env, is_offline=False))
    prices = PriceTable()
    configs = [model.config for model in chosen.values()]
    found = check_models(configs, env, prices)
    local = {state.entry.name: state for state in list_local_models()}
    missing = [f"{finding.message}. {finding.hint}".strip() for finding in found]
    missing += [*_packages(), *_not_downloaded(configs, local)]
    return Diagnosis(
        versions={**versions(), "platform": platform.platform()},
        models={role: f"{model.config.name}  ({model.origin})" for role, model in chosen.items()},
        settings={
            name: f"{'-' if value is None else without_password(str(value))}  ({settings.origins[name]})"
            for name, value in setting_values(settings).items()
        },
        config_files=tuple(file.source for file in config_files(folder)),
        keys=tuple(keys_set(env)),
        servers=running_servers(settings, env, places),
        local_models={
            name: f"{state.entry.size}, {'downloaded: ' + str(state.path) if state.is_present else 'not downloaded'}"
            for name, state in local.items()
        },
        folders={
            "answers of earlier runs": str(user_cache_path(settings.cache_folder)),
            "your own people": platformdirs.user_data_dir("troupe", appauthor=False),
            "your config": platformdirs.user_config_dir("troupe", appauthor=False),
        },
        prices=f"LiteLLM {version_of('litellm')}, sha256 {prices.sha256[:12]}",
        missing=tuple(missing),
    )


def _not_downloaded(configs: Sequence[ModelConfig], local: Mapping[str, LocalModelState]) -> Iterator[str]:
    """Yield a sentence on each local model in use that is not here."""
    wanted = {config.name.removeprefix("local/") for config in configs if config.name.startswith("local/")}
    for name in sorted(wanted):
        if name in local and not local[name].is_present:
            yield f"{name} is not on this machine yet: troupe model pull {name}"


def _packages() -> list[str]:
    found: list[str] = []
    if not version_of("xllamacpp"):
        found.append("models on this machine need a package: pip install 'tinytroupe-cli[local]'")
    if version_of("litellm") in _MALICIOUS:
        found.append(f"LiteLLM {version_of('litellm')} is a malicious release: uninstall it and replace your API keys")
    return found
