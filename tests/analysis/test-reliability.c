/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "twin-decision.h"
#include "twin-reliability.h"

#define PUMP "dtmi:com:example:Pump"
#define FAN "dtmi:com:example:Fan"
#define COUNT(journal) G_N_ELEMENTS (journal)

static TwinReliability
outer_on (const TwinOutcome *journal, size_t n, const char *class_name)
{
  TwinReliability out;

  twin_reliability_compute (journal, n, "outer", class_name,
                            TWIN_RELIABILITY_WEIGHT, &out);
  return out;
}

static void
fill (TwinOutcome *journal, size_t n, size_t right, const char *class_name)
{
  for (size_t i = 0; i < n; i++)
    journal[i] =
        (TwinOutcome){ (int64_t) i + 1, 0, "outer",
                       i < right ? TWIN_OUTCOME_CONFIRMED : TWIN_OUTCOME_FALSE,
                       class_name };
}

/* Nothing happened here: what was measured, and no shift. */
static void
test_prior (void)
{
  TwinReliability  r = outer_on (NULL, 0, PUMP);
  TwinReliability  cage;
  g_autofree char *text = twin_reliability_describe (&r, "outer");

  g_assert_cmpfloat_with_epsilon (r.prior, 51.5 / 53, 1e-12);
  g_assert_cmpfloat_with_epsilon (r.mean, r.prior, 1e-12);
  g_assert_cmpfloat (r.p05, <, 0.95);
  g_assert_cmpfloat (fabs (twin_reliability_shift (&r, "outer")), <, 1e-12);
  g_assert_cmpstr (text, ==,
                   "not checked here yet; on test rigs 51 of 51 were right");

  twin_reliability_compute (NULL, 0, "cage", PUMP, TWIN_RELIABILITY_WEIGHT,
                            &cage);
  g_assert_cmpfloat_with_epsilon (cage.mean, 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (cage.p05 + cage.p95, 1, 1e-9);
}

/* Beta (1, 1) after nothing, Beta (10, 2) after nine of ten: quantiles of the
 * tables, by a weight of two and a prior of one half. */
static void
test_known_beta (void)
{
  TwinOutcome     journal[10];
  TwinReliability r;

  fill (journal, COUNT (journal), 9, PUMP);
  for (size_t i = 0; i < COUNT (journal); i++)
    journal[i].fault = "cage";

  twin_reliability_compute (journal, 0, "cage", PUMP, 2, &r);
  g_assert_cmpfloat_with_epsilon (r.p05, 0.05, 1e-9);
  g_assert_cmpfloat_with_epsilon (r.p95, 0.95, 1e-9);

  twin_reliability_compute (journal, 10, "cage", PUMP, 2, &r);
  g_assert_cmpfloat_with_epsilon (r.mean, 10.0 / 12, 1e-12);
  g_assert_cmpfloat_with_epsilon (r.p05, 0.6356, 5e-4);
  g_assert_cmpfloat_with_epsilon (r.p95, 0.9667, 5e-4);
}

static void
test_outcomes_move (void)
{
  TwinOutcome      journal[10];
  TwinReliability  before = outer_on (NULL, 0, PUMP), good, bad, elsewhere;
  g_autofree char *text = NULL, *other = NULL;

  fill (journal, COUNT (journal), 9, PUMP);
  good = outer_on (journal, COUNT (journal), PUMP);
  g_assert_cmpuint (good.right, ==, 9);
  g_assert_cmpuint (good.wrong, ==, 1);
  g_assert_cmpfloat (good.p95 - good.p05, <, 0.3);
  text = twin_reliability_describe (&good, "outer");
  g_assert_true (g_str_has_prefix (text, "right in 9 of 10 cases here, "));

  fill (journal, COUNT (journal), 0, PUMP);
  bad = outer_on (journal, COUNT (journal), PUMP);
  g_assert_cmpfloat (bad.mean, <, 0.3);
  g_assert_cmpfloat_with_epsilon (twin_reliability_shift (&bad, "outer"),
                                  -TWIN_RELIABILITY_SHIFT_MAX, 1e-12);

  /* Another class hears of it, by the weight of the prior and no more. */
  elsewhere = outer_on (journal, COUNT (journal), FAN);
  g_assert_cmpuint (elsewhere.wrong, ==, 0);
  g_assert_cmpuint (elsewhere.others_wrong, ==, 10);
  g_assert_cmpfloat (elsewhere.mean, <, before.mean);
  g_assert_cmpfloat (elsewhere.p95 - elsewhere.p05, >, bad.p95 - bad.p05);
  other = twin_reliability_describe (&elsewhere, "outer");
  g_assert_nonnull (strstr (other, "on others"));

  /* "Unknown" is counted and moves nothing. */
  for (size_t i = 0; i < COUNT (journal); i++)
    journal[i].verdict = TWIN_OUTCOME_UNKNOWN;
  good = outer_on (journal, COUNT (journal), PUMP);
  g_assert_cmpuint (good.unclear, ==, 10);
  g_assert_cmpfloat_with_epsilon (good.mean, before.mean, 1e-15);
}

/* What is taken back was never there, to the last bit; and that can be taken
 * back as well. */
static void
test_undo_is_exact (void)
{
  TwinOutcome journal[] = {
    { 1, 0, "outer", TWIN_OUTCOME_CONFIRMED, PUMP },
    { 2, 0, "outer", TWIN_OUTCOME_FALSE, PUMP },
    { 3, 2, "outer", TWIN_OUTCOME_FALSE, PUMP },
    { 4, 3, "outer", TWIN_OUTCOME_FALSE, PUMP },
  };
  TwinReliability first = outer_on (journal, 1, PUMP);
  TwinReliability second = outer_on (journal, 2, PUMP);
  TwinReliability undone = outer_on (journal, 3, PUMP);
  TwinReliability again = outer_on (journal, 4, PUMP);

  g_assert_true (undone.mean == first.mean && undone.p05 == first.p05);
  g_assert_true (undone.wrong == first.wrong && undone.p95 == first.p95);
  g_assert_true (again.mean == second.mean && again.p05 == second.p05);
  g_assert_cmpfloat (second.mean, <, first.mean);
  g_assert_true (twin_outcome_counts (journal, 4, 1));
  g_assert_false (twin_outcome_counts (journal, 3, 1));
}

/* The stated interval holds what it says: shares drawn from the prior, ten
 * outcomes each, the true share inside nine times of ten. */
static void
test_interval_holds (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261121);
  int inside = 0;

  for (int trial = 0; trial < 2000; trial++)
    {
      TwinOutcome     journal[10];
      TwinReliability r;
      double          p = g_rand_double (rand);
      size_t          right = 0;

      for (size_t i = 0; i < COUNT (journal); i++)
        right += g_rand_double (rand) < p;
      fill (journal, COUNT (journal), right, PUMP);
      for (size_t i = 0; i < COUNT (journal); i++)
        journal[i].fault = "cage";
      twin_reliability_compute (journal, COUNT (journal), "cage", PUMP, 2, &r);
      inside += p >= r.p05 && p <= r.p95;
    }

  g_assert_cmpint (inside, >=, 1760);
  g_assert_cmpint (inside, <=, 1840);
}

/* A verdict on z of inner, outer and ball alone; lines and level are there,
 * and none lies where the shaft's harmonics are. */
static TwinBearingVerdict
decide (const double z[3], const double experience[3])
{
  const TwinElement elements[] = { TWIN_ELEMENT_INNER, TWIN_ELEMENT_OUTER,
                                   TWIN_ELEMENT_BALL };
  const TwinDecisionNature nature = { .rate_hz = 12000 };
  TwinDiagnosisOptions     options = { 0 };
  TwinBearingVerdict       verdict = { .carrier_rms_g = 1,
                                       .n_faults = 3,
                                       .shaft_hz = 7.4 };

  for (int i = 0; i < 3; i++)
    {
      verdict.z[elements[i]] = z[i];
      options.experience[elements[i]] = experience[i];
      verdict.faults[i] = (TwinFaultTone){ .element = elements[i],
                                           .frequency_hz = 33 + i,
                                           .order = (33 + i) / 7.4,
                                           .n_harmonics = 3,
                                           .harmonics_hz = { 33, 66, 141 } };
    }
  twin_decision_make (&verdict, &options, &nature);
  return verdict;
}

static void
test_experience_holds_back (void)
{
  const double       none[3] = { 0 }, bad[3] = { -0.5, 0, 0 };
  const double       good[3] = { 0.5, 0, 0 }, outer[3] = { 0, 0.5, 0 };
  TwinBearingVerdict v = decide ((double[]){ 4.2, 1, 0 }, none);

  g_assert_cmpint (v.verdict, ==, TWIN_ELEMENT_INNER);
  v = decide ((double[]){ 4.2, 1, 0 }, bad);
  g_assert_cmpint (v.verdict, ==, TWIN_ELEMENT_INCONCLUSIVE);
  g_assert_cmpint (v.suspected, ==, TWIN_ELEMENT_INNER);
  g_assert_cmpfloat_with_epsilon (v.threshold, 4.5, 1e-12);
  v = decide ((double[]){ 4.6, 1, 0 }, bad);
  g_assert_cmpint (v.verdict, ==, TWIN_ELEMENT_INNER);

  v = decide ((double[]){ 3.8, 1, 0 }, good);
  g_assert_cmpint (v.verdict, ==, TWIN_ELEMENT_INCONCLUSIVE);
  v = decide ((double[]){ 3.6, 3.4, 0 }, outer);
  g_assert_cmpint (v.suspected, ==, TWIN_ELEMENT_OUTER);
  g_assert_cmpfloat_with_epsilon (v.best_z, 3.4, 1e-12);
}

/* Whatever was learnt, no name is given that the evidence alone does not. */
static void
test_experience_names_nothing (void)
{
  const double none[3] = { 0 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (20261121);
  int held = 0;

  for (int trial = 0; trial < 20000; trial++)
    {
      double             z[3], experience[3];
      TwinBearingVerdict with, without;

      for (int i = 0; i < 3; i++)
        {
          z[i] = g_rand_double_range (rand, -1, 7);
          experience[i] =
              g_rand_double_range (rand, -TWIN_RELIABILITY_SHIFT_MAX,
                                   TWIN_RELIABILITY_SHIFT_MAX);
        }
      with = decide (z, experience);
      without = decide (z, none);
      if (twin_element_is_fault (with.verdict))
        g_assert_cmpint (with.verdict, ==, without.verdict);
      held += twin_element_is_fault (without.verdict) &&
              !twin_element_is_fault (with.verdict);
    }

  g_assert_cmpint (held, >, 0);
}

static void
test_words (void)
{
  for (int i = TWIN_OUTCOME_CONFIRMED; i <= TWIN_OUTCOME_UNKNOWN; i++)
    {
      TwinOutcomeVerdict verdict;

      g_assert_true (twin_outcome_verdict_parse (twin_outcome_verdict_name (
                                                     (TwinOutcomeVerdict) i),
                                                 &verdict));
      g_assert_cmpint (verdict, ==, i);
    }
  g_assert_false (
      twin_outcome_verdict_parse ("right", &(TwinOutcomeVerdict){ 0 }));
  g_assert_true (twin_outcome_fault_is_known ("ball"));
  g_assert_true (twin_outcome_fault_is_known ("bent shaft"));
  g_assert_false (twin_outcome_fault_is_known ("inconclusive"));
  g_assert_false (twin_outcome_fault_is_known (NULL));
  g_assert_false (
      twin_outcome_verdict_parse (NULL, &(TwinOutcomeVerdict){ 0 }));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reliability/prior", test_prior);
  g_test_add_func ("/reliability/known-beta", test_known_beta);
  g_test_add_func ("/reliability/outcomes-move", test_outcomes_move);
  g_test_add_func ("/reliability/undo-is-exact", test_undo_is_exact);
  g_test_add_func ("/reliability/interval-holds", test_interval_holds);
  g_test_add_func ("/reliability/experience-holds-back",
                   test_experience_holds_back);
  g_test_add_func ("/reliability/experience-names-nothing",
                   test_experience_names_nothing);
  g_test_add_func ("/reliability/words", test_words);
  return g_test_run ();
}
