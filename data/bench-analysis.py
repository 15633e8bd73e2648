# SPDX-License-Identifier: Apache-2.0
"""The chain of `twinctl bench analysis` in numpy and scipy, as one would write
it there. Arguments: file of float64 samples, rate, rounds. Prints the least CPU
milliseconds of a block of one second and of the evidence of eight."""
import sys
import time

import numpy as np
from scipy import fft, ndimage

SHAFT, FTF, TONES = 24.6, 0.3983, (3.5848, 5.4152, 4.7134)


def hann(n):
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)


def block(x, rate, window):
    d = x - x.mean()
    rms = np.sqrt(np.mean(d * d))
    shape = rms / np.abs(d).mean()
    kurtosis = np.mean(d ** 4) / rms ** 4
    lines = np.abs(fft.rfft((d * window).astype(np.float32)))
    n = len(x)
    hz = np.arange(len(lines)) * rate / n
    velocity = np.sqrt(np.sum((lines[10:1000] / hz[10:1000]) ** 2))
    band = fft.rfft(d.astype(np.float32))[int(0.15 * n):int(0.25 * n)]
    envelope = np.abs(fft.ifft(band))
    return fft.rfft((envelope - envelope.mean()) * hann(len(envelope))), \
        shape, kurtosis, velocity


def welch(series, length, lines, window):
    starts = range(0, len(series) - length + 1, length // 2)
    cut = np.array([series[s:s + length] for s in starts])
    cut = (cut - cut.mean(axis=1, keepdims=True)) * window
    return (np.abs(fft.rfft(cut, axis=1)[:, :lines]) ** 2).sum(axis=0)


def excess(power, step):
    power[:2] = power[2]
    floor = ndimage.median_filter(power, int(30 / step) | 1) / np.log(2)
    ratio = power / (floor + 1e-300)
    for order in range(1, int(len(power) * step / SHAFT)):
        at = int(order * SHAFT / step)
        ratio[at - 1:at + 3] = np.minimum(ratio[at - 1:at + 3], 1)
    return np.log(np.maximum(ndimage.maximum_filter1d(ratio, 3), 0.05))


def judge(e, step, tone, side, harmonics):
    wrong = tone * SHAFT * np.linspace(0.7, 1.4, 80)
    slips = np.arange(-0.022, 0.008, step / (harmonics * tone * SHAFT))
    hz = np.append(wrong, tone * SHAFT)[:, None] * (1 + slips)
    score = np.zeros(hz.shape)
    for k in range(1, harmonics + 1):
        for off, weight in ((0, 1), (-side, 0.3), (side, 0.3)):
            at = ((k * hz + off) / step + 0.5).astype(int)
            score += weight * e[np.minimum(at, len(e) - 1)]
            if side == 0:
                break
    best = score.max(axis=1)
    middle = np.median(best[:-1])
    return (best[-1] - middle) / (np.median(np.abs(best[:-1] - middle)) + 0.05)


def evidence(x, rate):
    d = (x - x.mean()).astype(np.float32)
    n = len(d)
    top = 3 * 1.41 * TONES[1] * SHAFT + 2 * SHAFT
    lines = fft.rfft(d)
    modulus = np.abs(lines)
    modulus[modulus == 0] = 1
    full = np.zeros(n, np.complex64)
    full[1:n // 2] = (lines / modulus)[1:n // 2]
    squared = np.abs(fft.ifft(full)) ** 2
    length = 2 * int(rate)
    kinds = [(excess(welch(squared, length, int(2 * top), hann(length)), 0.5),
              3)]

    frame = 2 ** int(round(np.log2(rate / 190)))
    hop = max(1, int(rate / max(1500, 2.1 * top)))
    view = np.lib.stride_tricks.sliding_window_view(d, frame)[::hop]
    bands = np.abs(fft.rfft(view * hann(frame).astype(np.float32), axis=1)) ** 2
    length = int(2 * rate / hop)
    power = 0
    for b in range(1, frame // 2):
        series = bands[:, b] / bands[:, b].mean()
        power = power + welch(series, length, int(2 * top), hann(length))
    kinds.append((excess(power, 0.5), 3))

    if rate < 10000:
        fine = np.abs(0.5 * lines[1:-1] - 0.25 * (lines[2:] + lines[:-2])) ** 2
        smooth = ndimage.uniform_filter1d(ndimage.median_filter(fine, 9), 12)
        kinds.append((excess(smooth[::4].astype(float), 0.5), 8))

    return [judge(e, 0.5, tone, side, harmonics)
            for e, harmonics in kinds
            for tone, side in zip(TONES, (0, SHAFT, FTF * SHAFT))]


def least(call, rounds):
    best = float("inf")
    for _ in range(rounds):
        begin = time.process_time()
        call()
        best = min(best, time.process_time() - begin)
    return 1e3 * best


samples, rate = np.fromfile(sys.argv[1]), float(sys.argv[2])
second = samples[:int(rate)]
window = hann(len(second))
print(least(lambda: block(second, rate, window), 10 * int(sys.argv[3])),
      least(lambda: evidence(samples, rate), int(sys.argv[3])))
