/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-queue.h"

#include "twin-clock.h"
#include "twin-thread.h"

enum
{
  N_MESSAGES = 20000,
};

static void
test_full_is_refused_and_counted (void)
{
  TwinQueue *queue = twin_queue_new (2, NULL);

  g_assert_true (twin_queue_push (queue, GINT_TO_POINTER (1)));
  g_assert_true (twin_queue_push (queue, GINT_TO_POINTER (2)));
  g_assert_false (twin_queue_push (queue, GINT_TO_POINTER (3)));
  g_assert_cmpuint (twin_queue_dropped (queue), ==, 1);
  g_assert_cmpint (GPOINTER_TO_INT (twin_queue_pop (queue, 0)), ==, 1);
  g_assert_cmpint (GPOINTER_TO_INT (twin_queue_pop (queue, 0)), ==, 2);
  g_assert_null (twin_queue_pop (queue, 0));
  twin_queue_free (queue);
}

static void
test_freed_with_what_it_holds (void)
{
  TwinQueue *queue = twin_queue_new (4, g_free);

  g_assert_true (twin_queue_push (queue, g_strdup ("left behind")));
  twin_queue_free (queue);
}

static void
produce (void *data)
{
  for (int i = 1; i <= N_MESSAGES; i++)
    while (!twin_queue_push (data, GINT_TO_POINTER (i)))
      g_thread_yield ();
  twin_queue_close (data);
}

static void
test_order_across_threads (void)
{
  TwinQueue  *queue = twin_queue_new (64, NULL);
  TwinThread *thread = twin_thread_new ("produce", produce, queue);
  int         expected = 1;

  while (expected <= N_MESSAGES)
    {
      void *message = twin_queue_pop (queue, twin_clock_monotonic_us () +
                                                 10 * TWIN_US_PER_S);

      g_assert_cmpint (GPOINTER_TO_INT (message), ==, expected);
      expected++;
    }

  g_assert_null (
      twin_queue_pop (queue, twin_clock_monotonic_us () + TWIN_US_PER_S));
  twin_thread_join (thread);
  twin_queue_free (queue);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/queue/full-is-refused-and-counted",
                   test_full_is_refused_and_counted);
  g_test_add_func ("/base/queue/freed-with-what-it-holds",
                   test_freed_with_what_it_holds);
  g_test_add_func ("/base/queue/order-across-threads",
                   test_order_across_threads);
  return g_test_run ();
}
