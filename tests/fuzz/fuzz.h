/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz.h - what a fuzz target is
 *
 * One function that takes any bytes and must neither crash nor break an
 * invariant it asserts. Under clang it is linked with libFuzzer; under any
 * compiler with replay.c, which feeds it a corpus and mutations of it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);
