"""Sharpen a draft table by softmax regression over each script's classes, on drawn examples.

Adagrad on the entries that the draft has; features are dropped at random so that no single one is leant on.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

DROPPED = 0.3  # of the features of an example
SPARED = 0.9  # how often close kin is left out where the text is of a kind that there is none of in it
RATE, BIAS_RATE = 0.08, 0.01


@dataclass(slots=True)
class Examples:
    """Found slots of all examples one after another; ``begin`` has one more entry than there are examples."""

    slots: NDArray[np.int64]
    begin: NDArray[np.int64]
    seen: NDArray[np.int64]
    label: NDArray[np.int64]
    apart: NDArray[np.bool_]  # not held against close kin: of a kind of text that there is none of in those


@njit(cache=True)
def epoch(
    slots,
    example_begin,
    seen,
    label,
    apart,
    close,
    order,
    begin,
    count,
    local,
    weight,
    weight_sum,
    bias,
    bias_sum,
    classes,
    seed,
):  # type: ignore[no-untyped-def]
    """Run over the examples once and return the mean loss."""
    np.random.seed(seed)
    logits = np.zeros(256)  # a stray feature of another script may point past ``classes``
    loss = 0.0
    for example in order:
        first, last = example_begin[example], example_begin[example + 1]
        keep = np.random.random(last - first) >= DROPPED
        n = seen[example] * (1 - DROPPED)
        logits[:] = 0.0
        for k in range(classes):
            logits[k] = bias[0, k] + n * bias[1, k]
        for i in range(first, last):
            if keep[i - first]:
                s = slots[i]
                for e in range(begin[s], begin[s] + count[s]):
                    logits[local[e]] += weight[e]
        logits[classes:] = 0.0
        if apart[example] and np.random.random() < SPARED:
            for k in range(classes):
                if close[k]:
                    logits[k] = -1e9
        top = logits[:classes].max()
        total = 0.0
        for k in range(classes):
            logits[k] = np.exp(logits[k] - top)
            total += logits[k]
        y = label[example]
        p = logits[y] / total
        loss -= np.log(max(p, 1e-30))
        if p > 0.9995:
            continue
        for k in range(classes):
            logits[k] /= total
        logits[y] -= 1.0
        for k in range(classes):
            g = logits[k]
            if abs(g) > 1e-3:
                bias_sum[0, k] += g * g
                bias[0, k] -= BIAS_RATE * g / np.sqrt(bias_sum[0, k] + 1.0)
                bias_sum[1, k] += g * g * n * n
                bias[1, k] -= BIAS_RATE * g * n / np.sqrt(bias_sum[1, k] + 1.0)
        for i in range(first, last):
            if keep[i - first]:
                s = slots[i]
                for e in range(begin[s], begin[s] + count[s]):
                    g = logits[local[e]] if local[e] < classes else 0.0
                    if abs(g) > 1e-4:
                        weight_sum[e] += g * g
                        weight[e] -= RATE * g / np.sqrt(weight_sum[e] + 0.05)
    return loss / len(order)
