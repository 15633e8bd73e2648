/* SPDX-License-Identifier: Apache-2.0 */
/* twin-bearing.h - bearing kinematics and the catalogue
 *
 * Orders are multiples of shaft speed for a fixed outer and a turning inner
 * ring without slip. Pure functions, any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A bearing by geometry, or by its four orders where those are given. */
typedef struct
{
  char     designation[48]; /* "6205-2RS JEM"; "" when only geometry is known */
  int      elements;        /* rolling elements a row */
  double   element_mm;      /* their diameter */
  double   pitch_mm;
  double   angle_deg;             /* contact angle */
  double   dynamic_kn, static_kn; /* load ratings C, C0; 0: not known */
  double   given_ftf, given_bpfo, given_bpfi, given_bsf; /* 0: from geometry */
  gboolean estimated; /* from boundary dimensions by a rule: how many elements
                         there are, and how thick, is not known */
} TwinBearing;

typedef struct
{
  double ftf;  /* cage */
  double bpfo; /* outer race */
  double bpfi; /* inner race */
  double bsf;  /* ball spin; a defect on a ball strikes at 2 × BSF */
} TwinBearingOrders;

typedef enum
{
  TWIN_BEARING_ERROR_GEOMETRY, /* impossible numbers, broken identities */
  TWIN_BEARING_ERROR_SYNTAX,
  TWIN_BEARING_ERROR_UNKNOWN, /* no such designation */
} TwinBearingError;

#define TWIN_BEARING_ERROR (twin_bearing_error_quark ())
GQuark twin_bearing_error_quark (void);

/* FALSE when the geometry cannot be, or given orders break BPFO + BPFI = Z or
 * BPFO = Z × FTF, or contradict the geometry where both are given, by more than
 * 0.5 %. */
gboolean twin_bearing_orders (const TwinBearing *self,
                              TwinBearingOrders *orders,
                              GError           **error);

/* A low multiple of a race's or ball's order lies within 2 % of a whole
 * number: harmonics of the shaft imitate a fault there. */
gboolean twin_bearing_is_integer_order (const TwinBearingOrders *orders);

/* "n,d,D,angle" in mm and degrees. */
gboolean twin_bearing_parse (const char  *text,
                             TwinBearing *bearing,
                             GError     **error);

typedef struct _TwinBearingCatalogue TwinBearingCatalogue;

/* @csv: the text of data/bearings.csv; columns by the header's names. @origin
 * names it in errors. Immutable once parsed: any thread. */
TwinBearingCatalogue *twin_bearing_catalogue_parse (const char *csv,
                                                    const char *origin,
                                                    GError    **error);
void                  twin_bearing_catalogue_free (TwinBearingCatalogue *self);

size_t twin_bearing_catalogue_size (const TwinBearingCatalogue *self);
const TwinBearing *twin_bearing_catalogue_get (const TwinBearingCatalogue *self,
                                               size_t index);
/* Where the row's numbers come from; one that begins with "estimated" marks its
 * bearing so. */
const char *twin_bearing_catalogue_source (const TwinBearingCatalogue *self,
                                           size_t                      index);

/* By designation: exact, case ignored; else the one row of which @name, spaces
 * and dashes ignored, is the beginning ("6205" finds "6205-2RS JEM" as long as
 * all such rows have the same geometry). NULL: none. */
const TwinBearing *twin_bearing_catalogue_find (
    const TwinBearingCatalogue *self,
    const char                 *name);

/* By designation or, when @text has commas, as geometry. */
gboolean twin_bearing_resolve (const TwinBearingCatalogue *catalogue,
                               const char                 *text,
                               TwinBearing                *bearing,
                               GError                    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinBearingCatalogue,
                               twin_bearing_catalogue_free)

G_END_DECLS
