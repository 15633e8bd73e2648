/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a record is found and named; a sound one raises nothing.
 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "recordings.h"
#include "vibration.h"
#include "twin-diagnosis.h"
#include "twin-shaft.h"

#define SECONDS 8
#define SOUND_SEEDS 300
#define TRAP_SEEDS 12

static TwinTransform *transform;

typedef struct
{
  double *x;
  size_t  n;
  double  rate_hz, shaft_hz, mains_hz;
} Record;

/* A machine with lines of shaft and mains, noise and a resonance; every fourth
 * has no shaft line at all, every third no mains. */
static Record
make_machine (uint64_t seed, double rate_hz)
{
  Record    r = { .n = (size_t) (SECONDS * rate_hz), .rate_hz = rate_hz };
  SignalRng rng;

  signal_seed (&rng, seed);
  r.x = g_new0 (double, r.n);
  r.shaft_hz = 12 + 36 * signal_uniform (&rng);
  r.mains_hz = seed % 2 ? 50 : 60;

  signal_add_noise (r.x, r.n, 0.01, &rng);
  signal_add_resonance (r.x, r.n, rate_hz, 0.1 * rate_hz, 0.04,
                        0.02 * signal_uniform (&rng), &rng);
  for (int k = 1; k <= 5 && seed % 4 != 0; k++)
    signal_add_tone (r.x, r.n, rate_hz, k * r.shaft_hz,
                     (0.02 + 0.05 * signal_uniform (&rng)) / k,
                     2 * G_PI * signal_uniform (&rng));
  for (int k = 1; k <= 6 && seed % 3 != 0; k++)
    signal_add_tone (r.x, r.n, rate_hz, k * r.mains_hz,
                     0.002 + (k % 2 ? 0.001 : 0.01) * signal_uniform (&rng),
                     2 * G_PI * signal_uniform (&rng));
  return r;
}

/* As a converter does it. */
static void
quantize (Record *r, double step)
{
  for (size_t i = 0; i < r->n; i++)
    r->x[i] = step * round (r->x[i] / step);
}

/* What the diagnosis looks at before any evidence; the speed as tagged. */
static guint
look_at (const Record *r,
         double        rate_factor,
         double        speed_factor,
         double       *true_rate_hz)
{
  TwinQualityContext context = { .shaft_hz = r->shaft_hz * speed_factor,
                                 .in_g = TRUE };
  size_t             n = twin_transform_trim (r->n);
  g_autofree float  *work = g_new (float, n);
  TwinRecordQuality  quality;
  TwinShaftCheck     check;

  twin_quality_check (transform, r->x, r->n, r->rate_hz * rate_factor, &context,
                      &quality);
  *true_rate_hz = quality.true_rate_hz;
  if (quality.flags & (TWIN_SIGNAL_RATE | TWIN_SIGNAL_STUCK))
    return quality.flags;

  for (size_t i = 0; i < n; i++)
    work[i] = (float) (r->x[i] - quality.mean);
  twin_shaft_check (transform, work, n, r->rate_hz * rate_factor,
                    context.shaft_hz, FALSE, &check);
  return quality.flags |
         (check.corrected || check.refuted ? TWIN_SIGNAL_SPEED : 0);
}

static guint
flags_of (const Record *r, double rate_factor, double speed_factor)
{
  double unused;

  return look_at (r, rate_factor, speed_factor, &unused);
}

/* The same through a whole diagnosis. */
static guint
verdict_flags (const Record *r)
{
  TwinShaftSpeed     shaft = { r->shaft_hz, TWIN_SPEED_NAMEPLATE };
  TwinBearingVerdict verdict;

  twin_bearing_diagnose (transform, r->x, r->n, r->rate_hz, &shaft,
                         &signal_6205, NULL, &verdict);
  return verdict.quality;
}

static void
test_sound (void)
{
  int alarms = 0;

  for (uint64_t seed = 1; seed <= SOUND_SEEDS; seed++)
    {
      Record r = make_machine (seed, seed % 6 == 0 ? 12000 : 4000);
      guint  flags;

      /* Steps of a third of the noise to a thousandth. */
      quantize (&r, 0.003 / (double) (1 + 10 * (seed % 5)));
      flags = flags_of (&r, 1, 1);
      if (seed % 6 == 4)
        flags |= verdict_flags (&r);
      if (flags != 0)
        {
          g_autofree char *text = twin_signal_flags_describe (flags);

          g_test_message ("seed %u: %s", (unsigned) seed, text);
          alarms++;
        }
      g_free (r.x);
    }

  g_test_message ("%d of %d sound records flagged", alarms, SOUND_SEEDS);
  g_assert_cmpint (alarms, ==, 0);
}

/* --- traps -----------------------------------------------------------------
 */

static double
spread_of (const Record *r)
{
  return signal_rms (r->x, r->n);
}

static void
clip (Record *r)
{
  double limit = 0;

  for (size_t i = 0; i < r->n; i++)
    limit = fmax (limit, fabs (r->x[i]));
  limit *= 0.7;
  for (size_t i = 0; i < r->n; i++)
    r->x[i] = CLAMP (r->x[i], -limit, limit);
}

static void
drop (Record *r)
{
  for (size_t at = r->n / 9; at + 200 < r->n; at += r->n / 9)
    memset (r->x + at, 0, 120 * sizeof (double));
}

static void
hold (Record *r)
{
  for (size_t i = r->n / 3; i < r->n / 3 + 300; i++)
    r->x[i] = r->x[r->n / 3];
}

static void
stick (Record *r)
{
  for (size_t i = r->n / 2; i < r->n; i++)
    r->x[i] = r->x[r->n / 2];
}

static void
burst (Record *r)
{
  double    level = 8 * spread_of (r);
  SignalRng rng;

  signal_seed (&rng, 99);
  for (size_t i = 0; i < (size_t) (0.05 * r->rate_hz); i++)
    r->x[r->n / 3 + i] += level * signal_normal (&rng);
}

static void
hum (Record *r)
{
  double level = spread_of (r), mains = r->mains_hz > 0 ? r->mains_hz : 50;

  for (int k = 1; k <= 9; k += 2)
    signal_add_tone (r->x, r->n, r->rate_hz, k * mains, 1.5 * level / k, 0.3);
}

static void
shift (Record *r)
{
  for (size_t i = 0; i < r->n; i++)
    r->x[i] += 1.5;
}

static const struct
{
  const char *name;
  void (*spoil) (Record *r);
  TwinSignalFlag flag;
} traps[] = {
  { "clipped", clip, TWIN_SIGNAL_CLIPPED },
  { "zeros", drop, TWIN_SIGNAL_DROPOUT },
  { "held", hold, TWIN_SIGNAL_DROPOUT },
  { "stuck", stick, TWIN_SIGNAL_STUCK },
  { "burst", burst, TWIN_SIGNAL_BURST },
  { "mains", hum, TWIN_SIGNAL_MAINS },
  { "offset", shift, TWIN_SIGNAL_BIAS },
};

static Record
copy_record (const Record *r)
{
  Record copy = *r;

  copy.x = g_memdup2 (r->x, r->n * sizeof (double));
  return copy;
}

/* Each trap is named, and nothing else but it. */
static void
spoil_and_check (const Record *r, const char *who)
{
  guint before = flags_of (r, 1, 1);

  for (size_t t = 0; t < G_N_ELEMENTS (traps); t++)
    {
      Record           spoilt = copy_record (r);
      guint            flags;
      g_autofree char *text = NULL;

      traps[t].spoil (&spoilt);
      flags = flags_of (&spoilt, 1, 1);
      text = twin_signal_flags_describe (flags);
      if ((flags & ~before) != (guint) traps[t].flag)
        g_error ("%s, %s: flagged %s", who, traps[t].name,
                 text != NULL ? text : "nothing");
      g_free (spoilt.x);
    }
}

static void
test_traps (void)
{
  for (uint64_t seed = 1; seed <= TRAP_SEEDS; seed++)
    {
      Record           r = make_machine (seed, seed % 3 ? 4000 : 12000);
      g_autofree char *who = g_strdup_printf ("seed %u", (unsigned) seed);

      quantize (&r, 1e-5);
      spoil_and_check (&r, who);
      g_free (r.x);
    }
}

/* --- wrong rate, wrong tag -------------------------------------------------
 */

static const double rate_factors[] = { 0.9,  10.0 / 12, 44.1 / 48, 1.1,
                                       1.25, 2.0 / 3,   1.6 };
static const double speed_factors[] = { 1.025, 0.975, 0.94, 1.08,
                                        1.11,  0.8,   1.2,  1.25 };

typedef struct
{
  int tried, named, either, right;
} Count;

static void
try_rates (const Record *r, Count *count, const char *who)
{
  for (size_t i = 0; i < G_N_ELEMENTS (rate_factors); i++)
    {
      double true_hz = 0;
      guint  flags = look_at (r, rate_factors[i], 1, &true_hz);

      count->tried++;
      count->right += fabs (true_hz / r->rate_hz - 1) < 0.005;
      count->named += (flags & TWIN_SIGNAL_RATE) != 0;
      count->either += (flags & (TWIN_SIGNAL_RATE | TWIN_SIGNAL_SPEED)) != 0;
      if (!(flags & TWIN_SIGNAL_RATE))
        g_test_message ("%s, rate %.2f: %u", who, rate_factors[i], flags);
    }
}

static void
try_speeds (const Record *r, Count *count, const char *who)
{
  for (size_t i = 0; i < G_N_ELEMENTS (speed_factors); i++)
    {
      double tag = speed_factors[i] * r->shaft_hz;
      guint  flags = flags_of (r, 1, speed_factors[i]);

      /* A tag that says what the mains does finds its lines. */
      if (fabs (tag - r->mains_hz) < 0.01 * tag)
        continue;

      count->tried++;
      count->named += (flags & TWIN_SIGNAL_SPEED) != 0;
      count->either += (flags & TWIN_SIGNAL_RATE) != 0;
      if (flags != TWIN_SIGNAL_SPEED)
        g_test_message ("%s at %.2f Hz, tag %.3f: %u", who, r->shaft_hz,
                        speed_factors[i], flags);
    }
}

static void
test_rate_and_tag (void)
{
  Count rates = { 0 }, speeds = { 0 };

  for (uint64_t seed = 1; seed <= 3 * TRAP_SEEDS; seed++)
    {
      Record           r = make_machine (seed, seed % 3 ? 4000 : 12000);
      g_autofree char *who = g_strdup_printf ("seed %u", (unsigned) seed);

      /* Those with lines of shaft and of mains can tell. */
      if (seed % 3 != 0 && seed % 4 != 0)
        try_rates (&r, &rates, who);
      if (seed % 4 != 0)
        try_speeds (&r, &speeds, who);
      g_free (r.x);
    }

  g_test_message ("wrong rate: %d of %d named (%d by its value), %d flagged; "
                  "wrong tag: %d of %d "
                  "named, %d taken for a rate",
                  rates.named, rates.tried, rates.right, rates.either,
                  speeds.named, speeds.tried, speeds.either);
  g_assert_cmpint (rates.named, >=, rates.tried * 9 / 10);
  g_assert_cmpint (speeds.named, ==, speeds.tried);
  g_assert_cmpint (speeds.either, ==, 0);
}

/* --- copies ----------------------------------------------------------------
 */

static void
check_copies (const Record *r, const char *who)
{
  g_autofree double *b = g_new (double, r->n);
  double             level = spread_of (r);
  TwinQualityCopy    found;
  SignalRng          rng;

  signal_seed (&rng, 5);
  for (int kind = 0; kind < 4; kind++)
    {
      size_t lag = kind == 0 ? 0 : 37 * (size_t) kind;

      for (size_t i = 0; i < r->n; i++)
        {
          b[i] = (kind == 2 ? -0.3 : 1.7) * r->x[i >= lag ? i - lag : 0];
          if (kind == 3)
            b[i] += 0.1 * level * signal_normal (&rng);
        }

      twin_quality_compare (transform, r->x, b, r->n, r->rate_hz, &found);
      if (!found.copy)
        g_error ("%s: copy %d not found: breadth %.2f, agreement %.3f", who,
                 kind, found.breadth, found.agreement);
      g_assert_cmpfloat_with_epsilon (found.delay_s, (double) lag / r->rate_hz,
                                      0.1 / r->rate_hz);
      g_assert_cmpfloat_with_epsilon (found.gain, kind == 2 ? -0.3 : 1.7, 0.05);
    }
}

/* Two sensors on one machine: the same lines, the same blows through other
 * paths. */
static void
test_copies (void)
{
  for (uint64_t seed = 1; seed <= TRAP_SEEDS; seed++)
    {
      Record           r = make_machine (seed, 4000), other;
      g_autofree char *who = g_strdup_printf ("seed %u", (unsigned) seed);
      TwinQualityCopy  found;
      SignalRng        rng;

      check_copies (&r, who);

      other = copy_record (&r);
      signal_seed (&rng, 700 + seed);
      for (size_t i = r.n - 1; i > 20; i--)
        other.x[i] = 0.4 * other.x[i] - 0.3 * other.x[i - 3] +
                     0.5 * other.x[i - 11] + 0.2 * other.x[i - 20];
      signal_add_noise (other.x, r.n, 0.002, &rng);
      twin_quality_compare (transform, r.x, other.x, r.n, 4000, &found);
      g_test_message ("seed %u: another path: breadth %.2f, agreement %.2f",
                      (unsigned) seed, found.breadth, found.agreement);
      g_assert_false (found.copy);

      /* Strong shaft lines at two axes, weak noise of their own. */
      memset (r.x, 0, r.n * sizeof (double));
      memset (other.x, 0, r.n * sizeof (double));
      for (int k = 1; k <= 6; k++)
        {
          signal_add_tone (r.x, r.n, 4000, k * r.shaft_hz, 0.5 / k, k);
          signal_add_tone (other.x, r.n, 4000, k * r.shaft_hz,
                           signal_uniform (&rng) / k,
                           2 * G_PI * signal_uniform (&rng));
        }
      signal_add_noise (r.x, r.n, 0.002, &rng);
      signal_add_noise (other.x, r.n, 0.002, &rng);
      twin_quality_compare (transform, r.x, other.x, r.n, 4000, &found);
      g_test_message ("seed %u: strong lines: breadth %.2f, agreement %.2f",
                      (unsigned) seed, found.breadth, found.agreement);
      g_assert_false (found.copy);
      g_free (other.x);
      g_free (r.x);
    }
}

/* --- real records ----------------------------------------------------------
 */

static Record
record_of (const Recording *row)
{
  return (Record){ .x = row->samples,
                   .n = row->n,
                   .rate_hz = row->rate_hz,
                   .shaft_hz = row->rpm / 60 };
}

static void
test_recordings (void)
{
  g_autoptr (GPtrArray) all = recordings_load ();
  Count rates = { 0 }, speeds = { 0 };

  if (all == NULL)
    return;

  for (guint i = 0; i < all->len; i++)
    {
      const Recording *row = g_ptr_array_index (all, i);
      Record           r = record_of (row);

      try_rates (&r, &rates, row->file);
      try_speeds (&r, &speeds, row->file);
      if (i % 4 == 0)
        {
          spoil_and_check (&r, row->file);
          check_copies (&r, row->file);
        }
      if (i + 1 < all->len)
        {
          const Recording *next = g_ptr_array_index (all, i + 1);
          TwinQualityCopy  found;

          if (strcmp (row->machine, next->machine) != 0)
            continue;
          twin_quality_compare (transform, row->samples, next->samples, row->n,
                                row->rate_hz, &found);
          g_test_message ("%s and %s: breadth %.2f, agreement %.2f", row->file,
                          next->file, found.breadth, found.agreement);
          g_assert_false (found.copy);
        }
    }

  g_test_message ("wrong rate: %d of %d named (%d by its value), %d flagged; "
                  "wrong tag: %d of %d "
                  "named, %d taken for a rate",
                  rates.named, rates.tried, rates.right, rates.either,
                  speeds.named, speeds.tried, speeds.either);
  /* Some rates make one mains of the other, and some records have no line of
   * their shaft: those cannot be told. */
  g_assert_cmpint (rates.either, >=, rates.tried * 7 / 10);
  g_assert_cmpint (speeds.named, >=, speeds.tried * 8 / 10);
  g_assert_cmpint (speeds.either, ==, 0);
}

/* --- what the verdict makes of it ------------------------------------------
 */

static void
test_downgrade (void)
{
  size_t               n = SECONDS * 12000;
  g_autofree double   *x = g_new0 (double, n);
  SignalFault          fault = { .element = TWIN_ELEMENT_OUTER,
                                 .shaft_hz = 24.4,
                                 .carrier_hz = 3000,
                                 .damping = 0.03,
                                 .rms = 0.02 };
  TwinShaftSpeed       shaft = { 24.4, TWIN_SPEED_TACHO };
  TwinDiagnosisOptions options = { .known_flags = TWIN_SIGNAL_COPY };
  TwinBearingOrders    orders;
  TwinBearingVerdict   verdict;
  SignalRng            rng;

  g_assert_true (twin_bearing_orders (&signal_6205, &orders, NULL));
  signal_seed (&rng, 11);
  signal_add_noise (x, n, 0.02, &rng);
  signal_add_fault (x, n, 12000, &fault, &orders, &rng);
  twin_bearing_diagnose (transform, x, n, 12000, &shaft, &signal_6205, NULL,
                         &verdict);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_OUTER);
  g_assert_cmpint (verdict.trust, ==, TWIN_TRUST_FULL);

  /* Of whose sensor the lines are nobody can say. */
  twin_bearing_diagnose (transform, x, n, 12000, &shaft, &signal_6205, &options,
                         &verdict);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_INCONCLUSIVE);
  g_assert_cmpint (verdict.suspected, ==, TWIN_ELEMENT_OUTER);
  g_assert_cmpint (verdict.trust, ==, TWIN_TRUST_NONE);
  g_assert_nonnull (strstr (verdict.why, "another channel"));

  /* Clipping asks for more: so clear a fault has it. */
  for (size_t i = 0; i < n; i++)
    x[i] = CLAMP (x[i], -0.05, 0.05);
  twin_bearing_diagnose (transform, x, n, 12000, &shaft, &signal_6205, NULL,
                         &verdict);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_OUTER);
  g_assert_cmpint (verdict.trust, ==, TWIN_TRUST_REDUCED);
  g_assert_cmpfloat (verdict.threshold, ==, 5);
  g_assert_nonnull (strstr (verdict.why, "clipped"));

  /* "Nothing found" in clipped noise is left open. */
  memset (x, 0, n * sizeof (double));
  signal_add_noise (x, n, 0.02, &rng);
  for (size_t i = 0; i < n; i++)
    x[i] = CLAMP (x[i], -0.04, 0.04);
  twin_bearing_diagnose (transform, x, n, 12000, &shaft, &signal_6205, NULL,
                         &verdict);
  g_assert_cmpint (verdict.verdict, ==, TWIN_ELEMENT_INCONCLUSIVE);
  g_assert_nonnull (strstr (verdict.why, "Left open"));
}

/* A slow rate and an endless record: looked at in no time. */
static void
test_endless (void)
{
  size_t             n = 1000000;
  g_autofree double *x = g_new0 (double, n);
  TwinQualityContext context = { .shaft_hz = 0.1, .in_g = TRUE };
  TwinRecordQuality  quality;
  TwinTrack          track = { 0 };
  SignalRng          rng;

  signal_seed (&rng, 12);
  signal_add_noise (x, n, 0.02, &rng);
  twin_quality_check (transform, x, n, 1, &context, &quality);
  g_assert_cmpuint (quality.flags & TWIN_SIGNAL_RATE, ==, 0);
  g_assert_false (
      twin_track_from_lines (transform, x, n, 100, 10, 0.25, &track));
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  transform = twin_transform_new ();
  g_test_add_func ("/analysis/quality/sound-raises-nothing", test_sound);
  g_test_add_func ("/analysis/quality/traps-are-named", test_traps);
  g_test_add_func ("/analysis/quality/wrong-rate-and-wrong-tag",
                   test_rate_and_tag);
  g_test_add_func ("/analysis/quality/copied-channels", test_copies);
  g_test_add_func ("/analysis/quality/verdict-is-downgraded", test_downgrade);
  g_test_add_func ("/analysis/quality/endless-records", test_endless);
  g_test_add_func ("/analysis/quality/traps-from-real-records",
                   test_recordings);

  status = g_test_run ();
  twin_transform_free (transform);
  return status;
}
