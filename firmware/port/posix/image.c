/* SPDX-License-Identifier: Apache-2.0
 *
 * image.c - images of the host: what a slot's image stands for
 */
#include "image.h"

#include <stdlib.h>
#include <string.h>

static const char magic[] = "twin-node image 1";

/* One line: "hang [SECONDS]", "deaf", "clock FACTOR". */
static bool
take_line (const char *line, image_traits *out)
{
  char *end = NULL;

  if (strcmp (line, "deaf") == 0)
    out->deaf = true;
  else if (strcmp (line, "hang") == 0)
    out->hangs = true;
  else if (strncmp (line, "hang ", 5) == 0)
    {
      out->hangs = true;
      out->hangs_us = strtoul (line + 5, &end, 10) * 1000000ull;
    }
  else if (strncmp (line, "clock ", 6) == 0)
    {
      out->clock = strtod (line + 6, &end);
      return *end == '\0' && out->clock > 0.5 && out->clock < 2.0;
    }
  else
    return false;
  return end == NULL || *end == '\0';
}

/* The lines up to the empty one. */
static bool
read_text (char *text, image_traits *out)
{
  bool first = true;

  for (;;)
    {
      char *end = strchr (text, '\n');

      if (end == NULL)
        return false;
      *end = '\0';
      if (first ? strcmp (text, magic) != 0 : *text == '\0')
        return !first;
      if (!first && !take_line (text, out))
        return false;
      first = false;
      text = end + 1;
    }
}

void
image_boot (hal *h, const boot_identity *id, image_traits *out)
{
  boot_choice choice = boot_decide (h, id);
  char        text[IMAGE_HEAD_MAX + 1] = { 0 };
  uint32_t    n = choice.manifest.size < IMAGE_HEAD_MAX ? choice.manifest.size
                                                        : IMAGE_HEAD_MAX;

  *out = (image_traits){ .clock = 1 };
  if (choice.slot == BOOT_SLOT_NONE)
    return;

  out->from_slot = true;
  memcpy (out->digest, choice.manifest.digest, sizeof out->digest);
  if (hal_code_read (h, boot_image_at (choice.slot), text, n) != HAL_OK ||
      !read_text (text, out))
    *out = (image_traits){ .from_slot = true, .hangs = true, .clock = 1 };
}
