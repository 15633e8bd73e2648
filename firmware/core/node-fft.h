/* SPDX-License-Identifier: Apache-2.0
 *
 * node-fft.h - power spectrum of 1024 samples, Hann window
 *
 * One for all of a node's accelerometers. The samples in pairs are 512 complex
 * values; KissFFT transforms the even and the odd ones, 256 each, one after
 * the other in the same memory: 6 KB of the caller's, on its stack, and 2.3 KB
 * of tables, where 512 at once would take 12.4 and KissFFT's own real transform
 * 18.5. No allocation, no I/O.
 */
#ifndef NODE_FFT_H
#define NODE_FFT_H

#include <stdbool.h>
#include <stdint.h>

enum
{
  NODE_FFT_SIZE = 1024,
  NODE_FFT_HOP = NODE_FFT_SIZE / 2, /* between segments that overlap by half */
  NODE_FFT_BINS = NODE_FFT_SIZE / 2,
  NODE_FFT_WORK = NODE_FFT_SIZE + NODE_FFT_SIZE / 2, /* floats */
  NODE_FFT_STATE = 2312, /* bytes that KissFFT asks for, at most */
};

typedef struct
{
  void    *transform; /* into state, or NULL */
  uint64_t state[NODE_FFT_STATE / sizeof (uint64_t)];
} node_fft;

/* False: KissFFT wants more than NODE_FFT_STATE bytes. */
bool node_fft_init (node_fft *f);

/* Take the mean from the samples in @work[0…1023], window them, and put their
 * one-sided power spectrum in @work[0…511]: bin k is at k × rate / 1024, and
 * the sum over a band is its mean square (a sine's line is spread over four
 * bins). The rest of @work is overwritten. */
void node_fft_power (const node_fft *f, float work[NODE_FFT_WORK]);

#endif
