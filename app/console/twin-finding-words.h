/* SPDX-License-Identifier: Apache-2.0 */
/* twin-finding-words.h - a diagnosis in words: what, how sure, and why not
 *
 * Pure but for the translation. Strings are the caller's to free; NULL where
 * there is nothing to say.
 */
#pragma once

#include "twin-update.h"

G_BEGIN_DECLS

/* "Outer race", "I am not sure: outer race suspected", … */
char *twin_finding_dup_headline (const TwinFindingUpdate *finding);

/* "z 8.4, above the 4.0 that are needed". */
char *twin_finding_dup_strength (const TwinFindingUpdate *finding);

/* "6.3 ahead of the next part": where some part answers at all. */
char *twin_finding_dup_lead (const TwinFindingUpdate *finding);

/* "5 of the last 5 records, confirmed"; "2 of the last 5, 3 are needed". */
char *twin_finding_dup_agreement (const TwinFindingUpdate *finding);

/* "8.0 s of de/acceleration x". */
char *twin_finding_dup_record (const TwinFindingUpdate *finding);

G_END_DECLS
