"""The nouns of this room, by subject."""

from bihuan.fleet.models.passes import Pass
from bihuan.fleet.models.register import Depot, Device, DeviceDay, Shift, Vehicle
from bihuan.fleet.models.tracks import Keeping, LastPosition, Look, Position

__all__ = [
    "Depot",
    "Device",
    "DeviceDay",
    "Keeping",
    "LastPosition",
    "Look",
    "Pass",
    "Position",
    "Shift",
    "Vehicle",
]
