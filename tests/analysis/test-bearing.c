/* SPDX-License-Identifier: Apache-2.0 */
#include <glib.h>
#include <math.h>
#include <string.h>

#include "twin-bearing.h"

/* The makers' or the data sets' own orders, four digits. */
static void
test_table (void)
{
  static const struct
  {
    const char *geometry;
    double      ftf, bpfo, bpfi, bsf;
  } cases[] = {
    { "9,7.940,39.04,0", .3983, 3.5848, 5.4152, 2.3567 },
    { "8,6.746,28.50,0", .3816, 3.0532, 4.9468, 1.9940 },
    { "16,8.407,71.501,15.17", .4433, 7.0921, 8.9079, 4.1977 },
    { "13,3.5,25.6,0", .4316, 5.6113, 7.3887, 3.5888 },
    { "8,7.92,34.55,0", .3854, 3.0831, 4.9169, 2.0666 },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwinBearing       bearing;
      TwinBearingOrders orders;
      g_autoptr (GError) error = NULL;

      g_assert_true (twin_bearing_parse (cases[i].geometry, &bearing, &error));
      g_assert_no_error (error);
      g_assert_true (twin_bearing_orders (&bearing, &orders, &error));
      g_assert_cmpfloat_with_epsilon (orders.ftf, cases[i].ftf, 6e-5);
      g_assert_cmpfloat_with_epsilon (orders.bpfo, cases[i].bpfo, 6e-5);
      g_assert_cmpfloat_with_epsilon (orders.bpfi, cases[i].bpfi, 6e-5);
      g_assert_cmpfloat_with_epsilon (orders.bsf, cases[i].bsf, 6e-5);
      g_assert_cmpfloat_with_epsilon (orders.bpfo + orders.bpfi,
                                      bearing.elements, 1e-12);
      g_assert_cmpfloat_with_epsilon (orders.bpfo,
                                      bearing.elements * orders.ftf, 1e-12);
    }
}

static void
test_given_orders (void)
{
  TwinBearing       bearing = { .designation = "X",
                                .elements = 9,
                                .given_ftf = .3983,
                                .given_bpfo = 3.5848,
                                .given_bpfi = 5.4152,
                                .given_bsf = 2.357 };
  TwinBearingOrders orders;
  g_autoptr (GError) error = NULL;

  g_assert_true (twin_bearing_orders (&bearing, &orders, NULL));
  g_assert_cmpfloat (orders.bsf, ==, 2.357);

  bearing.given_bpfi = 5.5;
  g_assert_false (twin_bearing_orders (&bearing, &orders, &error));
  g_assert_error (error, TWIN_BEARING_ERROR, TWIN_BEARING_ERROR_GEOMETRY);
}

static void
test_integer_orders (void)
{
  TwinBearing       bearing;
  TwinBearingOrders orders;

  g_assert_true (twin_bearing_parse ("8,6.746,28.50,0", &bearing, NULL));
  g_assert_true (twin_bearing_orders (&bearing, &orders, NULL));
  g_assert_true (twin_bearing_is_integer_order (&orders));

  g_assert_true (twin_bearing_parse ("9,7.94,39.04,0", &bearing, NULL));
  g_assert_true (twin_bearing_orders (&bearing, &orders, NULL));
  g_assert_false (twin_bearing_is_integer_order (&orders));
}

static void
test_refused (void)
{
  static const char *const cases[] = {
    "",
    "9,7.94,39.04",
    "9,7.94,39.04,0,1",
    "nine,7.94,39.04,0",
    "9,7.94mm,39.04,0",
    "9.5,7.94,39.04,0",
    "9,39.04,7.94,0",
    "9,7.94,39.04,nan",
    "9,7.94,inf,0",
    "-9,7.94,39.04,0",
    "99,7.94,39.04,0", /* do not fit on the circle */
    "1e300,7.94,39.04,0",
    "9,7.94,39.04,80",
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      TwinBearing bearing;
      g_autoptr (GError) error = NULL;

      g_assert_false (twin_bearing_parse (cases[i], &bearing, &error));
      g_assert_nonnull (error);
    }
}

static void
test_catalogue (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("TWIN_SOURCE_ROOT"),
                                            "data", "bearings.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (TwinBearingCatalogue) catalogue = NULL;
  g_autoptr (GError) error = NULL;
  const TwinBearing *row;
  TwinBearing        bearing;
  TwinBearingOrders  orders;
  size_t             estimated = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  catalogue = twin_bearing_catalogue_parse (text, path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (twin_bearing_catalogue_size (catalogue), >=, 60);

  for (size_t i = 0; i < twin_bearing_catalogue_size (catalogue); i++)
    {
      row = twin_bearing_catalogue_get (catalogue, i);
      g_assert_true (
          twin_bearing_catalogue_find (catalogue, row->designation) == row);
      g_assert_cmpstr (twin_bearing_catalogue_source (catalogue, i), !=, "");
      g_assert_true (twin_bearing_orders (row, &orders, &error));
      g_assert_no_error (error);
      g_assert_cmpfloat_with_epsilon ((orders.bpfo + orders.bpfi) /
                                          row->elements,
                                      1, 0.005);
      g_assert_cmpfloat_with_epsilon (orders.bpfo /
                                          (row->elements * orders.ftf),
                                      1, 0.005);
      estimated += row->estimated;
    }

  g_test_message ("%zu bearings, %zu of them estimated",
                  twin_bearing_catalogue_size (catalogue), estimated);
  g_assert_true (twin_bearing_catalogue_find (catalogue, "NU208")->estimated);
  g_assert_false (twin_bearing_catalogue_find (catalogue, "6205")->estimated);

  /* Beginning, spaces and case do not matter; ambiguity does. */
  row = twin_bearing_catalogue_find (catalogue, "6205-2RSJEM");
  g_assert_nonnull (row);
  g_assert_true (twin_bearing_catalogue_find (catalogue, "6205") == row);
  g_assert_true (twin_bearing_catalogue_find (catalogue, "6205-2rs jem") ==
                 row);
  g_assert_null (twin_bearing_catalogue_find (catalogue, "62"));
  g_assert_null (twin_bearing_catalogue_find (catalogue, ""));

  g_assert_true (
      twin_bearing_resolve (catalogue, "9,7.94,39.04,0", &bearing, NULL));
  g_assert_false (twin_bearing_resolve (catalogue, "4711", &bearing, &error));
  g_assert_error (error, TWIN_BEARING_ERROR, TWIN_BEARING_ERROR_UNKNOWN);
}

static void
test_bad_catalogue (void)
{
  static const struct
  {
    const char *csv, *part;
  } cases[] = {
    { "", "no header" },
    { "designation,elements,element_mm\n", "pitch_mm" },
    { "designation,elements,element_mm,pitch_mm\nA,9,7.94,39.04\n\nB,9,x,39\n",
      "file:4" },
    { "designation,elements,element_mm,pitch_mm\n\"A\"\"B,9", "file:2" },
    { "designation,elements,element_mm,pitch_mm\nA,9,40,39\n", "file:2" },
    { "designation,elements,element_mm,pitch_mm,ftf,bpfo,bpfi,bsf\n"
      "B7,9,7.94,39.04,.3983,3.5848,5.4152,4.7135\n",
      "B7" }, /* twice the ball's spin in its place */
    { "designation,elements,element_mm,pitch_mm,ftf,bpfo,bpfi,bsf\n"
      "B8,9,,,.3983,3.5848,5.5,2.357\n",
      "B8" },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (
          twin_bearing_catalogue_parse (cases[i].csv, "file", &error));
      g_assert_nonnull (error);
      g_assert_nonnull (strstr (error->message, cases[i].part));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/bearing/orders-from-geometry", test_table);
  g_test_add_func ("/analysis/bearing/given-orders", test_given_orders);
  g_test_add_func ("/analysis/bearing/integer-orders", test_integer_orders);
  g_test_add_func ("/analysis/bearing/impossible-is-refused", test_refused);
  g_test_add_func ("/analysis/bearing/catalogue", test_catalogue);
  g_test_add_func ("/analysis/bearing/bad-catalogue-names-the-line",
                   test_bad_catalogue);
  return g_test_run ();
}
