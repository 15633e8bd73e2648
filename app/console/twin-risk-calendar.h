/* SPDX-License-Identifier: Apache-2.0 */
/* twin-risk-calendar.h - a month whose days are shaded by the risk of waiting
 *
 * Days before the 5 % point of remaining life are calm, up to 50 % shaded, up
 * to 95 % darker. Without an estimate nothing is shaded, and it says so. Main
 * thread only. Signal "changed".
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TWIN_TYPE_RISK_CALENDAR (twin_risk_calendar_get_type ())
G_DECLARE_FINAL_TYPE (TwinRiskCalendar,
                      twin_risk_calendar,
                      TWIN,
                      RISK_CALENDAR,
                      GtkWidget)

/* Seconds from now; NaN: not estimable. */
GtkWidget *twin_risk_calendar_new (double p05_s, double p50_s, double p95_s);

/* "2026-12-03" */
void  twin_risk_calendar_set_date (TwinRiskCalendar *self, const char *date);
char *twin_risk_calendar_dup_date (TwinRiskCalendar *self);

G_END_DECLS
