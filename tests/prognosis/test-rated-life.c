/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>

#include "twin-lubrication.h"
#include "twin-rated-life.h"

static gboolean
near (double value, double wanted, double tolerance)
{
  return fabs (value - wanted) <= tolerance * fabs (wanted);
}

/* Published upper lives of the XJTU-SY rig (UER204), and PRONOSTIA's
 * condition 1, where the load is the rating. */
static void
test_published_lives (void)
{
  static const struct
  {
    double c, p, rpm, hours;
  } cases[] = {
    { 12.82, 12, 2100, 9.677 },
    { 12.82, 11, 2250, 11.726 },
    { 12.82, 10, 2400, 14.632 },
    { 4.0, 4.0, 1800, 9.26 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_true (near (twin_rated_life_l10h (TWIN_ROLLING_BALL, cases[i].c,
                                               cases[i].p, cases[i].rpm),
                         cases[i].hours, 1e-4));
}

static void
test_twice_the_load (void)
{
  g_assert_true (near (twin_rated_life_l10 (TWIN_ROLLING_BALL, 10, 1) /
                           twin_rated_life_l10 (TWIN_ROLLING_BALL, 10, 2),
                       8, 1e-12));
  g_assert_true (near (twin_rated_life_l10 (TWIN_ROLLING_ROLLER, 10, 1) /
                           twin_rated_life_l10 (TWIN_ROLLING_ROLLER, 10, 2),
                       10.08, 1e-3));
}

static void
test_not_known (void)
{
  const TwinRatedLife no_load = { .c = 10, .p = NAN, .rpm = 1500 };

  g_assert_true (isnan (twin_rated_life_l10 (TWIN_ROLLING_BALL, 10, NAN)));
  g_assert_true (isnan (twin_rated_life_l10 (TWIN_ROLLING_BALL, 0, 1)));
  g_assert_true (isnan (twin_rated_life_l10h (TWIN_ROLLING_BALL, 10, 1, 0)));
  g_assert_true (isnan (twin_rated_life_aiso (TWIN_ROLLING_BALL, 0, 1)));
  g_assert_true (isnan (twin_rated_life_modified_h (&no_load, NULL)));
}

static void
test_reliability (void)
{
  static const double a1[][2] = { { 0.90, 1 },    { 0.95, 0.64 },
                                  { 0.96, 0.55 }, { 0.97, 0.47 },
                                  { 0.98, 0.37 }, { 0.99, 0.25 } };

  for (size_t i = 0; i < G_N_ELEMENTS (a1); i++)
    g_assert_true (near (twin_rated_life_a1 (a1[i][0]), a1[i][1], 1e-9));
  for (double r = 0.9; r < 0.985; r += 0.005)
    g_assert_cmpfloat (twin_rated_life_a1 (r), >,
                       twin_rated_life_a1 (r + 0.005));
  g_assert_true (isnan (twin_rated_life_a1 (0.89)));
  g_assert_true (isnan (twin_rated_life_a1 (0.995)));
  g_assert_true (isnan (twin_rated_life_a1 (NAN)));
}

static void
test_aiso (void)
{
  static const struct
  {
    double kappa, ratio, ball;
  } cases[] = { { 1, 0.2, 6.9 }, { 4, 0.2, 33 }, { 0.4, 0.2, 0.43 } };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_true (near (twin_rated_life_aiso (TWIN_ROLLING_BALL,
                                               cases[i].kappa, cases[i].ratio),
                         cases[i].ball, 0.01));

  for (TwinRolling r = TWIN_ROLLING_BALL; r <= TWIN_ROLLING_ROLLER; r++)
    {
      /* A bracket that is used up, a film thicker than counts, no film. */
      g_assert_cmpfloat (twin_rated_life_aiso (r, 4, 10), ==, 50);
      g_assert_cmpfloat (twin_rated_life_aiso (r, 9, 0.1), ==,
                         twin_rated_life_aiso (r, 4, 0.1));
      g_assert_cmpfloat (twin_rated_life_aiso (r, 0.05, 1), ==, 0.1);
      g_assert_true (near (twin_rated_life_aiso (r, 1, 0), 0.1, 1e-12));

      /* The three lines meet, so κ has no steps, and more is never worse. */
      for (double kappa = 0.1; kappa < 4; kappa *= 1.001)
        {
          double here = twin_rated_life_aiso (r, kappa, 0.1);
          double next = twin_rated_life_aiso (r, kappa * 1.001, 0.1);

          g_assert_cmpfloat (next, >=, here);
          g_assert_cmpfloat (next, <, here * 1.02);
          g_assert_cmpfloat (twin_rated_life_aiso (r, kappa, 0.2), >=, here);
        }
    }
}

static void
test_modified (void)
{
  TwinRatedLife life = { .c = 14.8,
                         .c0 = 7.8,
                         .p = 1.5,
                         .pitch_mm = 39.04,
                         .rpm = 1500,
                         .kappa = 1,
                         .ec = 0.5 };
  double basic = twin_rated_life_l10h (TWIN_ROLLING_BALL, 14.8, 1.5, 1500);
  double aiso, hours;

  hours = twin_rated_life_modified_h (&life, &aiso);
  g_assert_true (near (hours, aiso * basic, 1e-12));
  g_assert_true (
      near (aiso,
            twin_rated_life_aiso (TWIN_ROLLING_BALL, 1, 0.5 * 7.8 / 22 / 1.5),
            1e-12));

  life.reliability = 0.99;
  g_assert_true (near (twin_rated_life_modified_h (&life, NULL),
                       0.25 * aiso * basic, 1e-9));

  /* Nothing known of the lubricant: the basic life, and it says so. */
  life.reliability = 0;
  life.kappa = NAN;
  g_assert_true (
      near (twin_rated_life_modified_h (&life, &aiso), basic, 1e-12));
  g_assert_cmpfloat (aiso, ==, 1);
}

static void
test_spread (void)
{
  g_assert_true (near (twin_rated_life_spread (0.9, 1.5), 1, 1e-12));
  g_assert_true (near (twin_rated_life_spread (0.5, 1.5), 3.51, 1e-3));
  g_assert_true (near (twin_rated_life_spread (0.5, 10.0 / 9), 5.45, 2e-3));
  g_assert_true (isnan (twin_rated_life_spread (1, 1.5)));
}

/* Half a life at 10 kN and half of the other one at 5 kN use up one. */
static void
test_damage (void)
{
  const double c = 12.82, rpm = 2400;
  double       high = twin_rated_life_l10h (TWIN_ROLLING_BALL, c, 10, rpm);
  double       low = twin_rated_life_l10h (TWIN_ROLLING_BALL, c, 5, rpm);
  TwinDamage   damage = { 0 }, bits = { 0 };
  double       mean;

  twin_damage_add (&damage, TWIN_ROLLING_BALL, high / 2, 10, rpm, high);
  g_assert_true (near (damage.index, 0.5, 1e-12));
  g_assert_true (
      near (twin_damage_mean_load (&damage, TWIN_ROLLING_BALL), 10, 1e-12));

  twin_damage_add (&damage, TWIN_ROLLING_BALL, low / 2, 5, rpm, low);
  g_assert_true (near (damage.index, 1, 1e-12));

  /* At its mean load the bearing is used up after the same revolutions. */
  mean = twin_damage_mean_load (&damage, TWIN_ROLLING_BALL);
  g_assert_true (near (twin_rated_life_l10 (TWIN_ROLLING_BALL, c, mean),
                       damage.revolutions, 1e-9));

  for (int i = 0; i < 60000; i++)
    twin_damage_add (&bits, TWIN_ROLLING_BALL, high / 60000, 10, rpm, high);
  g_assert_true (near (bits.index, 1, 1e-9));

  /* Standstill does not wear; a load nobody knows is not made up. */
  twin_damage_add (&bits, TWIN_ROLLING_BALL, 100, 10, 0, NAN);
  twin_damage_add (&bits, TWIN_ROLLING_BALL, 7, NAN, rpm, NAN);
  g_assert_true (near (bits.index, 1, 1e-9));
  g_assert_true (near (bits.hours_not_known, 7, 1e-12));
}

static void
test_viscosity (void)
{
  const TwinOil oil = { 100, 11.1 }, upside_down = { 10, 20 };
  TwinOil       grade;

  g_assert_true (near (twin_oil_viscosity (&oil, 40), 100, 1e-9));
  g_assert_true (near (twin_oil_viscosity (&oil, 100), 11.1, 1e-9));
  /* As a chart of an ISO VG 100 oil of index 95 reads. */
  g_assert_true (near (twin_oil_viscosity (&oil, 70), 27.5, 0.05));
  g_assert_true (isnan (twin_oil_viscosity (&upside_down, 70)));
  g_assert_true (isnan (twin_oil_viscosity (&oil, NAN)));

  twin_oil_from_grade (&grade, 100);
  g_assert_true (near (grade.v100, 11.1, 0.05));
  twin_oil_from_grade (&grade, 320);
  g_assert_true (near (grade.v100, 24, 0.05));
  twin_oil_from_grade (&grade, 0);
  g_assert_true (isnan (twin_oil_viscosity (&grade, 70)));
}

static void
test_kappa (void)
{
  const TwinOil oil = { 100, 11.1 };
  double        slow = twin_lubrication_reference (999.999, 50);
  double        fast = twin_lubrication_reference (1000, 50);

  /* The two lines of the standard meet within 3 %. */
  g_assert_true (near (slow, fast, 0.03));
  g_assert_true (near (fast, 4500 / sqrt (1000.0 * 50), 1e-12));
  g_assert_true (near (twin_lubrication_kappa (&oil, 70, 1500, 39.04),
                       twin_oil_viscosity (&oil, 70) /
                           twin_lubrication_reference (1500, 39.04),
                       1e-12));
  g_assert_true (isnan (twin_lubrication_kappa (&oil, 70, 0, 39.04)));
}

static void
test_cleanliness (void)
{
  double last = INFINITY;

  for (TwinCleanliness c = 0; c < TWIN_N_CLEANLINESSES; c++)
    {
      double least, most, middle;

      twin_cleanliness_ec (c, 40, &least, &most, &middle);
      g_assert_cmpfloat (least, <=, middle);
      g_assert_cmpfloat (middle, <=, most);
      g_assert_cmpfloat (most, <=, 1);
      g_assert_cmpfloat (middle, <, last);
      g_assert_cmpint (twin_cleanliness_from_name (twin_cleanliness_name (c)),
                       ==, (int) c);
      last = middle;
    }
  g_assert_cmpint (twin_cleanliness_from_name ("spotless"), ==, -1);
  g_assert_cmpint (twin_cleanliness_from_name (NULL), ==, -1);
}

static void
test_grease (void)
{
  g_assert_cmpfloat (twin_grease_life_h (10000, 70), ==, 10000);
  g_assert_cmpfloat (twin_grease_life_h (10000, 40), ==, 10000);
  g_assert_true (near (twin_grease_life_h (10000, 85), 5000, 1e-12));
  g_assert_true (near (twin_grease_life_h (10000, 100), 2500, 1e-12));
  g_assert_true (isnan (twin_grease_life_h (0, 85)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rated-life/published-lives", test_published_lives);
  g_test_add_func ("/rated-life/twice-the-load", test_twice_the_load);
  g_test_add_func ("/rated-life/not-known", test_not_known);
  g_test_add_func ("/rated-life/reliability", test_reliability);
  g_test_add_func ("/rated-life/aiso", test_aiso);
  g_test_add_func ("/rated-life/modified", test_modified);
  g_test_add_func ("/rated-life/spread", test_spread);
  g_test_add_func ("/rated-life/damage", test_damage);
  g_test_add_func ("/lubrication/viscosity", test_viscosity);
  g_test_add_func ("/lubrication/kappa", test_kappa);
  g_test_add_func ("/lubrication/cleanliness", test_cleanliness);
  g_test_add_func ("/lubrication/grease", test_grease);
  return g_test_run ();
}
