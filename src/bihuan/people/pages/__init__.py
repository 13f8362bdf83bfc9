"""What the register's pages show: units, persons, roles, accounts, and what can be done there."""

from bihuan.people.pages.acts import PERSON_ACTS, UNIT_ACTS, Act
from bihuan.people.pages.lists import PAGE, adding
from bihuan.people.pages.persons import accounts, person, person_acts, persons, told_once
from bihuan.people.pages.roles import role, roles
from bihuan.people.pages.units import unit, unit_acts, units

__all__ = [
    "PAGE",
    "PERSON_ACTS",
    "UNIT_ACTS",
    "Act",
    "accounts",
    "adding",
    "person",
    "person_acts",
    "persons",
    "role",
    "roles",
    "told_once",
    "unit",
    "unit_acts",
    "units",
]
