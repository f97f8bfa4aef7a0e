"""What commands share: settings and resources, made when first needed."""

import os
from functools import cached_property

from portal.config import Settings
from portal.extensions import Resources


class CommandContext:
    """Made for each run of the command; ``--help`` needs nothing of it."""

    @cached_property
    def settings(self) -> Settings:
        """The settings of the environment."""
        return Settings.from_env(os.environ)

    @cached_property
    def resources(self) -> Resources:
        """The database and index of the settings."""
        return Resources.from_settings(self.settings)

    def close(self) -> None:
        """End what was begun; does nothing where nothing was needed."""
        if "resources" in vars(self):
            self.resources.close()
