/* SPDX-License-Identifier: Apache-2.0 */
/* twin-diagnosis.h - which part of a bearing is damaged, or that it is not seen
 *
 * Envelope evidence in the manner of Randall & Antoni (2011): cepstrum
 * pre-whitening, enhanced envelope spectrum and, at low rates, the power
 * spectrum itself; each fault's comb of lines is judged against combs at wrong
 * frequencies of the same record, so that no threshold depends on the machine.
 *
 * The answer is about the bearing named. "none" means that no signature was
 * found, not that the bearing is healthy.
 *
 * No I/O; a TwinTransform belongs to one thread at a time. The same samples
 * give the same verdict: the draw of wrong frequencies has a fixed seed.
 */
#pragma once

#include "twin-bearing.h"
#include "twin-envelope.h"
#include "twin-order.h"
#include "twin-quality.h"
#include "twin-scalars.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_ELEMENT_NONE,
  TWIN_ELEMENT_INNER,
  TWIN_ELEMENT_OUTER,
  TWIN_ELEMENT_BALL,
  TWIN_ELEMENT_CAGE,
  TWIN_ELEMENT_INCONCLUSIVE, /* the record cannot carry a judgement, or two
                                elements answer alike */
} TwinElement;

#define TWIN_ELEMENTS 6

/* "none", "inner", "outer", "ball", "cage", "inconclusive". */
const char *twin_element_name (TwinElement element);
gboolean    twin_element_parse (const char *name, TwinElement *element);
/* TRUE for inner, outer, ball, cage. */
gboolean twin_element_is_fault (TwinElement element);

typedef enum
{
  TWIN_SPEED_NAMEPLATE, /* rated or declared; searched within 3 % */
  TWIN_SPEED_ESTIMATED, /* from the signal itself */
  TWIN_SPEED_TACHO,     /* measured */
} TwinSpeedSource;

/* "nameplate", "estimated", "tacho". */
const char *twin_speed_source_name (TwinSpeedSource source);

typedef struct
{
  double          hz; /* > 0; anything else: not known */
  TwinSpeedSource source;
} TwinShaftSpeed;

#define TWIN_FAULT_HARMONICS 4
#define TWIN_FAULTS_MAX 8

/* A comb of lines found in the record. */
typedef struct
{
  TwinElement element;
  double      frequency_hz;
  double      order;    /* of shaft speed, as found */
  double      evidence; /* robust z against wrong frequencies */
  double      harmonics_hz[TWIN_FAULT_HARMONICS]; /* those above the floor */
  size_t      n_harmonics;
  double      sideband_hz; /* spacing; 0: this element has none */
  int         sidebands;   /* side lines found above the floor */
  gboolean    smeared; /* near whole orders, and the shaft's own lines are found
                          as far off: it is the speed that wanders */
  char bearing[48];    /* designation, for those of other bearings */
} TwinFaultTone;

typedef struct
{
  double full_scale_g; /* the sensor's limit; 0: not known */
  double
      baseline_level_g; /* carrier_rms_g of this sensor when healthy; 0: none */
  const TwinBearing *others; /* other bearings of the machine, or NULL */
  size_t             n_others;
  guint known_flags; /* TwinSignalFlag: what the caller knows about the data,
                        such as TWIN_SIGNAL_COPY of two channels */
  const TwinTrack *track;        /* how the shaft turned; NULL: not known */
  gboolean         steady_speed; /* do not look for a track in the signal */
  /* What outcomes of earlier diagnoses add to an element's z when elements are
   * ranked, of twin_reliability_shift(); 0: nothing. It chooses whom to suspect
   * and can hold a name back; it never gives one that z alone does not. */
  double experience[TWIN_ELEMENTS];
} TwinDiagnosisOptions;

typedef struct
{
  TwinElement verdict;
  TwinElement suspected;        /* TWIN_ELEMENT_NONE: nothing */
  double      z[TWIN_ELEMENTS]; /* by element, only faults are set; else NaN */
  double      best_z; /* the largest of inner, outer, ball; NaN: not judged */
  double      margin; /* best_z less the next */
  double      threshold; /* what best_z was held against */
  double      shaft_hz;  /* used; NaN: unknown */
  TwinSpeedSource speed_source;
  gboolean      speed_corrected; /* shaft_hz is from the signal, not as given */
  TwinFaultTone faults[TWIN_FAULTS_MAX]; /* of the bearing named, best first */
  size_t        n_faults;
  TwinFaultTone others[TWIN_FAULTS_MAX]; /* of the machine's other bearings */
  size_t        n_others;
  TwinScalars   scalars; /* g */
  double        velocity_rms_mm_s;
  double        carrier_rms_g; /* above the shaft's harmonics, 0.1 to 0.45 of
                                  the rate: the level that wear raises */
  TwinKurtogram     kurtogram; /* n_cells 0: not looked at */
  TwinBand          band;      /* its best */
  double            seconds;
  guint             quality; /* TwinSignalFlag */
  TwinTrust         trust;   /* what the data's faults leave of the verdict */
  TwinRecordQuality data;    /* the figures behind quality */
  double   speed_change;     /* (largest - least) / mean; NaN: not measured */
  gboolean tracked;          /* judged over the shaft's angle, not over time */
  char     why[400];         /* one sentence, and one about the data's faults */
} TwinBearingVerdict;

/**
 * twin_bearing_diagnose:
 * @samples_g: one axis, equidistant, without holes; 8 s at best, 2 s at least;
 * the first four million are looked at
 * @rate_hz: samples per second
 * @options: NULL: nothing further is known
 *
 * Never fails: what cannot be judged is inconclusive, and why says so.
 */
void twin_bearing_diagnose (TwinTransform              *transform,
                            const double               *samples_g,
                            size_t                      n,
                            double                      rate_hz,
                            const TwinShaftSpeed       *shaft,
                            const TwinBearing          *bearing,
                            const TwinDiagnosisOptions *options,
                            TwinBearingVerdict         *out);

/* --- the live rule: three of the last five ------------------------------ */

#define TWIN_LIVE_WINDOWS 5
#define TWIN_LIVE_AGREE 3

/* Set to zero before first use. */
typedef struct
{
  TwinElement last[TWIN_LIVE_WINDOWS];
  unsigned    pushed;
} TwinLiveRule;

/* Takes the next verdict. Returns the element that at least three of the last
 * five verdicts name, else TWIN_ELEMENT_NONE: never latched. @agree and
 * @windows (may be NULL): how many of how many name the most frequent one. */
TwinElement twin_live_rule_push (TwinLiveRule *self,
                                 TwinElement   verdict,
                                 int          *agree,
                                 int          *windows);

G_END_DECLS
