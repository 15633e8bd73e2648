/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-facts.h - what is declared of a machine, from the command line */
#pragma once

#include "twin-ctl.h"
#include "twin-machine-diagnosis.h"

G_BEGIN_DECLS

#define TWIN_CTL_FACTS_BEARINGS 8

/* As the options say; set to zero first. */
typedef struct
{
  char    *kind, *group, *support, *usual, *other_speed;
  char   **bearing;
  double   rpm, mains_hz, pulley_mm, belt_mm, belt_ratio, npsh_margin;
  int      pole_pairs, blades, teeth, other_teeth;
  gboolean tacho;

  /* what became of them */
  TwinMachineFacts  facts;
  TwinShaftSpeed    shaft;
  TwinBearing       bearings[TWIN_CTL_FACTS_BEARINGS];
  TwinMachineLevels usual_levels, other_levels;
} TwinCtlFacts;

/* clang-format off */
#define TWIN_CTL_FACTS_ENTRIES(o)                                              \
  { "rpm", 0, 0, G_OPTION_ARG_DOUBLE, &(o)->rpm, NULL, NULL },                 \
  { "tacho", 0, 0, G_OPTION_ARG_NONE, &(o)->tacho, NULL, NULL },               \
  { "kind", 0, 0, G_OPTION_ARG_STRING, &(o)->kind, NULL, NULL },               \
  { "group", 0, 0, G_OPTION_ARG_STRING, &(o)->group, NULL, NULL },             \
  { "support", 0, 0, G_OPTION_ARG_STRING, &(o)->support, NULL, NULL },         \
  { "mains", 0, 0, G_OPTION_ARG_DOUBLE, &(o)->mains_hz, NULL, NULL },          \
  { "pole-pairs", 0, 0, G_OPTION_ARG_INT, &(o)->pole_pairs, NULL, NULL },      \
  { "blades", 0, 0, G_OPTION_ARG_INT, &(o)->blades, NULL, NULL },              \
  { "teeth", 0, 0, G_OPTION_ARG_INT, &(o)->teeth, NULL, NULL },                \
  { "other-teeth", 0, 0, G_OPTION_ARG_INT, &(o)->other_teeth, NULL, NULL },    \
  { "pulley", 0, 0, G_OPTION_ARG_DOUBLE, &(o)->pulley_mm, NULL, NULL },        \
  { "belt", 0, 0, G_OPTION_ARG_DOUBLE, &(o)->belt_mm, NULL, NULL },            \
  { "belt-ratio", 0, 0, G_OPTION_ARG_DOUBLE, &(o)->belt_ratio, NULL, NULL },   \
  { "npsh-margin", 0, 0, G_OPTION_ARG_DOUBLE, &(o)->npsh_margin, NULL, NULL }, \
  { "bearing", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(o)->bearing, NULL, NULL },   \
  { "usual", 0, 0, G_OPTION_ARG_FILENAME, &(o)->usual, NULL, NULL },           \
  { "other-speed", 0, 0, G_OPTION_ARG_FILENAME, &(o)->other_speed, NULL, NULL }
/* clang-format on */

#define TWIN_CTL_FACTS_HELP                                                    \
  "[--rpm N] [--tacho] [--kind motor|pump|fan|compressor|gearbox] "            \
  "[--group 1|2] [--support rigid|flexible] [--mains HZ] [--pole-pairs N] "    \
  "[--blades N] [--teeth N] [--other-teeth N] [--pulley MM] [--belt MM] "      \
  "[--belt-ratio R] [--npsh-margin R] [--bearing NAME|n,d,D,angle]…"

/* Checks them and fills the lower part. On anything else than TWIN_CTL_DONE a
 * sentence was printed. */
int  twin_ctl_facts_resolve (TwinCtlFacts *self, const TwinCtl *ctl);
void twin_ctl_facts_clear (TwinCtlFacts *self);

/* The levels object of a verdict, as --usual reads it. */
void twin_ctl_levels_build (JsonBuilder             *builder,
                            const TwinMachineLevels *levels);

G_END_DECLS
