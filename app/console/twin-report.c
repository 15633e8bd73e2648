/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-report.h"

#include <stdio.h>
#include <unistd.h>

uint64_t
twin_report_get_resident (void)
{
  g_autofree char   *text = NULL;
  unsigned long long total, resident;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL) ||
      sscanf (text, "%llu %llu", &total, &resident) != 2)
    return 0;

  return resident * (uint64_t) sysconf (_SC_PAGESIZE);
}

static const char *
link_word (TwinLinkState state)
{
  static const char *const words[] = { "none", "connecting", "up", "lost" };

  return words[state];
}

void
twin_report_print (TwinLivePlant   *plant,
                   const TwinMeter *main_thread,
                   const TwinMeter *gl,
                   double           seconds)
{
  const TwinStatusUpdate *status = twin_live_plant_get_status (plant);
  guint                   alarms[5];
  guint                   machines[TWIN_STATE_STALE + 1];
  TwinMeterFigures        own, drawing;

  if (status == NULL)
    {
      printf ("%6.1f s  starting\n", seconds);
      fflush (stdout);
      return;
    }

  twin_live_plant_count_alarms (plant, alarms);
  twin_live_plant_count_machines (plant, machines);
  twin_meter_read (main_thread, &own);
  twin_meter_read (gl, &drawing);
  printf ("%6.1f s  link %s  %5.0f msg/s  lag %.3f s  records "
          "%" G_GUINT64_FORMAT "  gaps %" G_GUINT64_FORMAT
          "  losses %" G_GUINT64_FORMAT "  conflicts %" G_GUINT64_FORMAT
          "  dropped blocks %" G_GUINT64_FORMAT
          "  machines normal %u stale %u unknown %u  alarms %u/%u/%u/%u"
          "  spectrum %.3f s  main p99 %.1f ms max %.1f ms (%s)  gl p99 %.1f ms"
          "  rss %.1f MB\n",
          seconds, link_word (status->link), status->messages_per_s,
          status->lag_s, status->records_stored, status->open_gaps,
          status->known_losses, status->identity_conflicts,
          status->dropped_blocks, machines[TWIN_STATE_NORMAL],
          machines[TWIN_STATE_STALE], machines[TWIN_STATE_UNKNOWN], alarms[1],
          alarms[2], alarms[3], alarms[4], status->analysis_s,
          own.p99_us / 1000.0, own.max_us / 1000.0, own.slowest,
          drawing.p99_us / 1000.0, twin_report_get_resident () / 1e6);
  fflush (stdout);
}

void
twin_report_print_summary (const TwinMeter *main_thread, const TwinMeter *gl)
{
  TwinMeterFigures own, drawing;

  twin_meter_read (main_thread, &own);
  twin_meter_read (gl, &drawing);
  printf ("main thread, own callbacks: n %" G_GUINT64_FORMAT
          "  p50 %.2f ms  p99 %.2f ms (bar 16)  max %.2f ms (bar 50, %s)\n",
          own.count, own.p50_us / 1000.0, own.p99_us / 1000.0,
          own.max_us / 1000.0, own.slowest);
  printf ("drawing by GL, beside it: n %" G_GUINT64_FORMAT
          "  p50 %.2f ms  p99 %.2f ms  max %.2f ms\n",
          drawing.count, drawing.p50_us / 1000.0, drawing.p99_us / 1000.0,
          drawing.max_us / 1000.0);
  fflush (stdout);
}
