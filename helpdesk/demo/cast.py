"""Who is there: three agencies, everybody's role, and people in every state of a license."""

from dataclasses import dataclass
from typing import Any

from helpdesk.models.role import Role

HARBOR, NORTH, EAST = "Harbor House", "North Star Outreach", "Eastside Family Shelter"
AGENCIES: dict[str, dict[str, Any]] = {
    HARBOR: {"hmis_id": "HH-01", "address": "100 River Street\nDetroit, MI 48207",
             "phone": "313-555-0110", "contact": "Alma Reyes",
             "contact_email": "alma.reyes@example.org", "seats": 40},
    NORTH: {"hmis_id": "NS-02", "phone": "313-555-0120", "contact": "Milo Grant"},
    EAST: {},
}  # fmt: skip
"""With their profiles, as far as HAND knows them."""


@dataclass(frozen=True)
class Someone:
    """`steps` are those of the license after it is made; None: no license at all.

    `level` is the access level, `days` how long the license is still good, `idle` how many days
    ago the last log-in was (None: nobody knows). `absence` is the step that reports one, with its
    day and that of the return, in days from now; `watch`: so many hours are left to log in.
    `unused`: so many days ago it became inactive. `moves_to`: the agency they are of from today on.
    """

    username: str
    name: str
    agency: str | None
    role: Role | None = None
    steps: tuple[str, ...] | None = ()
    level: str = "case_manager_1"
    days: int = 200
    idle: int | None = 3
    email: bool = True
    absence: tuple[str, int, int | None] | None = None
    watch: int | None = None
    unused: int | None = None
    moves_to: str | None = None


BROUGHT_BACK = ("inactivate", "reactivate")

CAST = (
    Someone("morgan.hale", "Morgan Hale", None, Role.MANAGER, None),
    Someone("sam.reed", "Sam Reed", None, Role.STAFF, None),
    Someone("joan.abara", "Joan Abara", None, Role.STAFF, None),
    Someone("dana.price", "Dana Price", HARBOR, Role.AGENCY_ADMIN, level="agency_administrator",
            idle=0),
    Someone("lee.tran", "Lee Tran", NORTH, Role.AGENCY_ADMIN, level="agency_administrator",
            days=41),
    Someone("rosa.klein", "Rosa Klein", EAST, Role.AGENCY_ADMIN, level="agency_administrator"),
    Someone("maria.lopez", "María López", HARBOR, steps=("lock",), idle=1),
    Someone("omar.haddad", "Omar Haddad", HARBOR, level="case_manager_2", days=310),
    Someone("ruth.okafor", "Ruth Okafor", HARBOR, level="agency_staff", days=150),
    Someone("ben.ito", "Ben Ito", HARBOR, steps=("inactivate",), idle=48),
    Someone("tess.moran", "Tess Moran", HARBOR, steps=("expire",), days=-12, idle=40),
    Someone("gail.novak", "Gail Novak", HARBOR, steps=("lock",), email=False, level="volunteer"),
    Someone("hugo.brandt", "Hugo Brandt", HARBOR, days=18, idle=2),
    Someone("lena.fox", "Lena Fox", HARBOR, days=88, idle=33, level="read_only"),
    Someone("ana.silva", "Ana Silva", NORTH, steps=("lock",)),
    Someone("paul.weiss", "Paul Weiss", NORTH, level="agency_staff"),
    Someone("kim.bauer", "Kim Bauer", NORTH, level="case_manager_2", idle=9),
    Someone("ivy.stone", "Ivy Stone", NORTH, steps=("lock",)),
    Someone("noor.aziz", "Noor Aziz", NORTH, steps=("suspend",)),
    Someone("carl.dietz", "Carl Dietz", NORTH, steps=("note_deletion",), days=-90, idle=150),
    Someone("wen.li", "Wén Lǐ", NORTH, idle=None),
    Someone("jo.sund", "Jo Sund", NORTH, steps=("expire",), days=-3),
    Someone("abe.marsh", "Abe Marsh", NORTH, steps=("inactivate",), idle=61),
    Someone("olga.reyes", "Olga Reyes", EAST, steps=("expire",), days=-30, idle=70),
    Someone("tim.vance", "Tim Vance", EAST, steps=("inactivate",), idle=39),
    Someone("sara.boyd", "Sara Boyd", EAST, days=29),
    Someone("max.engel", "Max Engel", EAST, steps=("inactivate",), idle=44),
    Someone("nina.patel", "Nina Patel", EAST, level="agency_staff", days=320),
    Someone("june.park", "June Park", HARBOR, steps=("inactivate",), idle=38),
    Someone("vera.blum", "Vera Blum", HARBOR, days=25, idle=1),
    Someone("ada.moss", "Ada Moss", HARBOR, level="agency_staff", days=44),
    Someone("theo.wynn", "Theo Wynn", NORTH, steps=("expire",), days=-8, idle=12),
    # From here on, those about whom the next sweep, or one soon after it, has something to say.
    Someone("iris.vogt", "Iris Vogt", EAST, days=60),
    Someone("mia.roth", "Mia Roth", EAST, days=30),
    Someone("dev.rao", "Dev Rao", EAST, days=14),
    Someone("cora.lunn", "Cora Lunn", EAST, days=7, level="volunteer"),
    Someone("gus.berg", "Gus Berg", EAST, days=1),
    Someone("lou.hart", "Lou Hart", EAST, days=-1),
    Someone("pat.quinn", "Pat Quinn", NORTH, idle=30),
    Someone("zoe.marks", "Zoe Marks", NORTH, idle=35, level="read_only"),
    Someone("ray.holt", "Ray Holt", NORTH, idle=36),
    Someone("ned.cole", "Ned Cole", EAST, absence=("plan_leave", 0, 30)),
    Someone("ian.moor", "Ian Moor", NORTH, idle=26, absence=("take_leave", -25, 3)),
    Someone("eva.lang", "Eva Lang", NORTH, idle=22, absence=("take_leave", -21, 0)),
    Someone("sue.hahn", "Sue Hahn", EAST, absence=("plan_departure", -1, None)),
    Someone("kit.dorn", "Kit Dorn", EAST, moves_to=NORTH),
    Someone("bob.lund", "Bob Lund", NORTH, steps=BROUGHT_BACK, idle=40, watch=20),
    Someone("amy.kerr", "Amy Kerr", NORTH, steps=BROUGHT_BACK, idle=41, watch=-1),
    Someone("tom.roe", "Tom Roe", EAST, steps=("inactivate",), idle=90, unused=54),
    Someone("una.voss", "Una Voss", EAST, steps=("inactivate",), idle=97, unused=61),
)  # fmt: skip

SIGN_IN_AS = {"morgan.hale", "sam.reed", "joan.abara", "dana.price", "lee.tran", "rosa.klein",
              "omar.haddad", "kim.bauer", "hugo.brandt", "june.park", "vera.blum",
              "theo.wynn"}  # fmt: skip
