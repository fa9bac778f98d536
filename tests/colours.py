"""Colours as others see them."""

import numpy as np
from matplotlib.colors import to_rgb

#: Severe forms, by Machado, Oliveira and Fernandes (2009); they work on linear light.
SIGHT = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
FROM_LINEAR = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
APART, APART_IN_GREY = 12.0, 6.0


def lab(colour, sight: str = "") -> np.ndarray:
    """Return a colour in CIELAB, as it is or as a colour-blind reader sees it."""
    rgb = np.asarray(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(SIGHT[sight]) @ linear, 0, 1) if sight else linear
    ratio = FROM_LINEAR @ linear / np.array([0.9505, 1.0, 1.089])
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def told_apart(one, other) -> bool:
    """Tell whether two colours differ for every reader, and in grey."""
    seen = all(np.linalg.norm(lab(one, s) - lab(other, s)) >= APART for s in ("", *SIGHT))
    return seen and abs(lab(one)[0] - lab(other)[0]) >= APART_IN_GREY
