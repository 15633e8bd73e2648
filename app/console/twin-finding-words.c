/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-finding-words.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "twin-machine-words.h"

/* Records of the last five that have to agree. */
#define AGREE 3
#define WINDOWS 5

static gboolean
names_a_part (const TwinFindingUpdate *finding)
{
  return twin_words_family_of (finding->verdict) != NULL;
}

/* The middle of a sentence is not capital. */
static char *
dup_low (const char *text)
{
  char *low = g_strdup (text);

  low[0] = g_ascii_tolower (low[0]);
  return low;
}

char *
twin_finding_dup_headline (const TwinFindingUpdate *finding)
{
  const char      *verdict = twin_words_verdict (finding->verdict);
  g_autofree char *suspect = NULL;

  if (names_a_part (finding))
    return finding->confirmed
               ? g_strdup (verdict)
               : g_strdup_printf (_ ("%s, not confirmed yet"), verdict);
  if (g_strcmp0 (finding->verdict, "inconclusive") != 0)
    return g_strdup (verdict);
  if (finding->suspected == NULL)
    return g_strdup (_ ("I am not sure"));

  suspect = dup_low (twin_words_verdict (finding->suspected));
  return g_strdup_printf (_ ("I am not sure: %s suspected"), suspect);
}

char *
twin_finding_dup_strength (const TwinFindingUpdate *finding)
{
  if (!isfinite (finding->z))
    return NULL;
  if (!(finding->threshold > 0))
    return g_strdup_printf (_ ("z %.1f"), finding->z);
  return g_strdup_printf (finding->z >= finding->threshold
                              ? _ ("z %.1f, above the %.1f that are needed")
                              : _ ("z %.1f, below the %.1f that are needed"),
                          finding->z, finding->threshold);
}

char *
twin_finding_dup_lead (const TwinFindingUpdate *finding)
{
  if (!isfinite (finding->margin) ||
      (!names_a_part (finding) && finding->suspected == NULL))
    return NULL;
  return g_strdup_printf (_ ("%.1f ahead of the next part"), finding->margin);
}

char *
twin_finding_dup_agreement (const TwinFindingUpdate *finding)
{
  if (finding->windows == 0 || finding->agree == 0)
    return NULL;
  if (finding->confirmed)
    return g_strdup_printf (_ ("%d of the last %d records, confirmed"),
                            finding->agree, finding->windows);
  if (finding->windows < WINDOWS)
    return g_strdup_printf (_ ("%d of %d so far, %d are needed"),
                            finding->agree, finding->windows, AGREE);
  return g_strdup_printf (_ ("%d of the last %d records, %d are needed"),
                          finding->agree, finding->windows, AGREE);
}

char *
twin_finding_dup_record (const TwinFindingUpdate *finding)
{
  return g_strdup_printf (_ ("%.1f s of %s %c"), finding->seconds,
                          finding->sensor, finding->axis);
}
