"""Exhibits on place: the map and the distances."""

import pandas as pd

from alliance.geography import numbers as geography
from explainer.exhibits.kit import register
from explainer.text import wording as facts


def _km(frame: pd.DataFrame, mark: str, name: str) -> str:
    found = frame[(frame["mark"] == mark) & (frame["name"] == name)]
    return facts.number(float(found["km"].iloc[0])) if len(found) else ""


def _map_alt(frame: pd.DataFrame) -> str:
    atami = _km(frame, "ring", "As far as Atami is from Tokyo")
    ring = f" A dashed ring of {atami} kilometres around Yonaguni, the distance from Tokyo to Atami, ends short of "
    ring = f"{ring}Taiwan's coast." if atami else ""
    return (
        f"Map of the waters around Taiwan. A line of {_km(frame, 'line', 'Yonaguni to Taiwan')} kilometres joins "
        f"Yonaguni, an island of Japan, to Taiwan's east coast.{ring} Ishigaki and Miyako lie farther east, "
        f"the Senkaku/Diaoyu Islands north of them, Kadena on Okinawa in the north-east. A small map shows Tokyo "
        f"{_km(frame, 'line', 'Tokyo to Taipei')} kilometres from Taipei."
    )


register(
    "map",
    geography.map_frame,
    lambda f: (
        f"Yonaguni is {_km(f, 'line', 'Yonaguni to Taiwan')} kilometres from Taiwan, Tokyo "
        f"{_km(f, 'line', 'Tokyo to Taipei')} from Taipei"
    ),
    _map_alt,
    calculated=True,
    rows=lambda f: f.drop_duplicates(["name", "mark"]),
)


register(
    "distances",
    geography.distances,
    lambda f: "Japan and Taiwan are {} km or {} km apart, depending on the ends".format(
        *f.set_index("distance_id")["km"][["yonaguni-taiwan", "tokyo-taipei"]].map(facts.number)
    ),
    row_id="distance_id",
    calculated=True,
)
