/* SPDX-License-Identifier: Apache-2.0 */
/* twin-machine-diagnosis.h - faults of a machine beyond its bearings
 *
 * Ten rules over one to three axes of one record. Each gives evidence, the
 * counter-checks that were made and how they came out, and what would have to
 * be known to be sure; none guesses. Where a threshold comes from:
 *
 *  - whether a line is there: its power over the record's own floor
 *    (twin-line-view.h), so that no machine needs a threshold of its own;
 *  - whether it matters: ISO 20816-3, velocity of the family of lines above
 *    zone boundary B/C of the group and support declared; where they are not,
 *    above the highest B/C of all classes (7.1 mm/s) to be named and above the
 *    lowest (2.8 mm/s) to be suspected; or, with usual levels, a change by
 *    more than a quarter of B/C (ISO 20816-1, criterion II). Families that a
 *    sound machine does not have at all (half orders, belt) are a change from
 *    nothing;
 *  - patterns: ISO 13373-3 and Mobley et al.: 1× at least 80 % of the
 *    velocity, 2× at least half of 1×, axial at least half of radial;
 *  - gear: side band energy ratio of 1 and more (Hanna, Hatch, Kalb, Weiss and
 * Luo 2011);
 *  - resonance: amplification above 2.5 and a separation margin of 15 % (API
 *    684); acceleration that grows faster than the fourth power of speed, as
 *    no unbalance of a stiff rotor does;
 *  - steady: amplitude within 15 % over the record and phase between axes
 *    coherent to 0.9 [engineering default];
 *  - pole-pass side bands: a tenth of their carrier [engineering default].
 *
 * "none" means that no signature was found, never that the machine is healthy.
 *
 * No I/O; a TwinTransform belongs to one thread at a time. The same samples
 * give the same verdict.
 */
#pragma once

#include "twin-diagnosis.h"
#include "twin-severity.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_MACHINE_UNBALANCE,
  TWIN_MACHINE_MISALIGNMENT,
  TWIN_MACHINE_BENT_SHAFT,
  TWIN_MACHINE_LOOSENESS,
  TWIN_MACHINE_RESONANCE,
  TWIN_MACHINE_BELT,
  TWIN_MACHINE_BLADE_PASS,
  TWIN_MACHINE_GEAR_MESH,
  TWIN_MACHINE_ELECTRICAL,
  TWIN_MACHINE_CAVITATION,
  TWIN_MACHINE_FAULTS,
} TwinMachineFault;

typedef enum
{
  TWIN_ANSWER_NONE,           /* looked for and not found */
  TWIN_ANSWER_NOT_ASSIGNABLE, /* could not be looked for; why and needs say */
  TWIN_ANSWER_SUSPECTED,      /* fits, but something is not ruled out */
  TWIN_ANSWER_NAMED,
} TwinAnswer;

typedef enum
{
  TWIN_CHECK_PASSED,   /* the other explanation is ruled out */
  TWIN_CHECK_FAILED,   /* it explains the lines, too */
  TWIN_CHECK_NOT_DONE, /* what it takes is missing */
} TwinCheckOutcome;

/* "unbalance", "misalignment", "bent shaft", "looseness", "resonance", "belt",
 * "blade pass", "gear mesh", "electrical", "cavitation". */
const char *twin_machine_fault_name (TwinMachineFault fault);
gboolean twin_machine_fault_parse (const char *name, TwinMachineFault *fault);
/* "none", "not assignable", "suspected", "named". */
const char *twin_answer_name (TwinAnswer answer);
/* "passed", "failed", "not done". */
const char *twin_check_outcome_name (TwinCheckOutcome outcome);

typedef enum
{
  TWIN_MACHINE_KIND_UNKNOWN,
  TWIN_MACHINE_KIND_MOTOR,
  TWIN_MACHINE_KIND_PUMP,
  TWIN_MACHINE_KIND_FAN,
  TWIN_MACHINE_KIND_COMPRESSOR,
  TWIN_MACHINE_KIND_GEARBOX,
} TwinMachineKind;

/* "motor" …; FALSE when @name is none of them. */
gboolean twin_machine_kind_parse (const char *name, TwinMachineKind *kind);

enum
{
  TWIN_MACHINE_AXES = 3,
  TWIN_MACHINE_AXIAL = 2,
};

/* What a diagnosis measured, to be held against later (usual) or taken at
 * another speed. r.m.s.; NaN: not measured. Lists go by axis. */
typedef struct
{
  double shaft_hz;
  double velocity_mm_s[TWIN_MACHINE_AXES]; /* broad-band, as ISO 20816-3 */
  double order_mm_s[TWIN_MACHINE_AXES][3]; /* 1×, 2×, 3× */
  double halves_mm_s[TWIN_MACHINE_AXES];   /* ½× … 9½× together */
  double belt_mm_s[TWIN_MACHINE_AXES];     /* 1 … 4 × belt together */
  double blade_mm_s[TWIN_MACHINE_AXES];
  double twice_line_mm_s[TWIN_MACHINE_AXES];
  double noise_g[TWIN_MACHINE_AXES]; /* over 2 kHz, lines taken out */
} TwinMachineLevels;

/* What is known of the machine; 0 or NULL: not known. */
typedef struct
{
  TwinMachineKind     kind;
  TwinSeverityGroup   group;
  TwinSeveritySupport support;
  double line_hz; /* that its motor is fed with: the mains, or an inverter */
  int    pole_pairs;
  int    blades;                     /* or vanes of the impeller */
  int    teeth;                      /* of the gear on this shaft */
  int    other_teeth;                /* of the gear it runs in */
  double pulley_mm;                  /* pitch diameter on this shaft */
  double belt_mm;                    /* length of the belt */
  double belt_ratio;                 /* speed of the driven shaft ÷ ours */
  double npsh_margin;                /* available ÷ required head */
  double load;                       /* of rated */
  const TwinBearing       *bearings; /* of the machine */
  size_t                   n_bearings;
  const TwinMachineLevels *usual;       /* when it was sound, same state */
  const TwinMachineLevels *other_speed; /* a run at another speed */
} TwinMachineFacts;

/* One to three axes of one accelerometer, sampled together: two radial ones
 * and the axial one, NULL where there is none. g. */
typedef struct
{
  const double *axes[TWIN_MACHINE_AXES];
  const double *far_axial; /* axial at the machine's other end, same clock */
  size_t        n;         /* samples of each */
  double        rate_hz;
  double        full_scale_g; /* 0: not known */
} TwinMachineRecord;

typedef struct
{
  char     label[24]; /* "1×", "2 × mains", "mesh + 1×" */
  char     axis;      /* 'x', 'y', 'z' (axial) */
  double   hz, order; /* order NaN: speed not known */
  double   rms_g, velocity_mm_s;
  double   snr; /* power over the floor */
  gboolean present;
} TwinMachineLine;

typedef struct
{
  char             text[160]; /* what was asked, and what came out */
  TwinCheckOutcome outcome;
} TwinMachineCheck;

#define TWIN_MACHINE_LINES_MAX 16
#define TWIN_MACHINE_CHECKS_MAX 6

typedef struct
{
  TwinMachineFault fault;
  TwinAnswer       answer;
  double           level_mm_s; /* of the family; NaN: it has none */
  double           limit_mm_s; /* what it was held against; NaN: nothing */
  TwinMachineLine  lines[TWIN_MACHINE_LINES_MAX];
  size_t           n_lines;
  TwinMachineCheck checks[TWIN_MACHINE_CHECKS_MAX];
  size_t           n_checks;
  char             why[256];   /* one sentence with the figures */
  char             needs[200]; /* what would make it sure; "": nothing */
} TwinMachineFinding;

typedef struct
{
  TwinMachineFinding findings[TWIN_MACHINE_FAULTS]; /* named first, then by
                                                       level over limit */
  TwinMachineLevels levels;
  double            shaft_hz; /* used; NaN: not known or refuted */
  gboolean          speed_corrected;
  double            seconds, df_hz;
  guint             quality;   /* TwinSignalFlag */
  char              limit[96]; /* what velocities are held against */
} TwinMachineVerdict;

/**
 * twin_machine_diagnose:
 * @record: 8 s at best, 2 s and 20 turns at least; the first 16 s are used
 * @shaft: hz 0: not known, then rules of shaft orders are not assignable
 *
 * Never fails: what cannot be judged is not assignable, and why says so.
 */
void twin_machine_diagnose (TwinTransform           *transform,
                            const TwinMachineRecord *record,
                            const TwinShaftSpeed    *shaft,
                            const TwinMachineFacts  *facts,
                            TwinMachineVerdict      *out);

/* The first finding that is named, else NULL. */
const TwinMachineFinding *twin_machine_verdict_named (
    const TwinMachineVerdict *self);

/* --- the live rule: three of the last five, for each fault --------------- */

/* Set to zero before first use. A bit a verdict, the newest lowest. */
typedef struct
{
  guint8   named[TWIN_MACHINE_FAULTS];
  unsigned pushed;
} TwinMachineLiveRule;

/* Takes the next verdict; bit f of the result: at least three of the last
 * five name fault f. Never latched. */
guint twin_machine_live_rule_push (TwinMachineLiveRule      *self,
                                   const TwinMachineVerdict *verdict);

/* How many of the last five name @fault. */
int twin_machine_live_rule_agree (const TwinMachineLiveRule *self,
                                  TwinMachineFault           fault);

G_END_DECLS
