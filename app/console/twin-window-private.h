/* SPDX-License-Identifier: Apache-2.0 */
/* twin-window-private.h - what the files of the window share */
#pragma once

#include "twin-alarm-page.h"
#include "twin-alarm-strip.h"
#include "twin-first-page.h"
#include "twin-fleet-page.h"
#include "twin-machine-page.h"
#include "twin-meter.h"
#include "twin-plant-page.h"
#include "twin-status-strip.h"
#include "twin-table-page.h"
#include "twin-tree-panel.h"
#include "twin-window.h"

G_BEGIN_DECLS

struct _TwinWindow
{
  AdwApplicationWindow parent_instance;
  TwinLiveSession     *session;
  TwinMeter           *main_thread; /* borrowed from the application */
  AdwToastOverlay     *toasts;
  GtkWidget           *back_button;
  GtkWidget           *side_button;
  GtkLabel            *plant_name;
  GtkBox              *switcher;
  GtkLabel            *live_label;
  GtkWidget           *broker_button;
  GtkImage            *broker_icon;
  GtkLabel            *broker_label;
  GtkBox              *tally;
  GtkWidget           *tally_button;
  GtkRevealer         *banner;
  GtkLabel            *banner_text;
  GtkStack            *outer;
  AdwFlap             *flap;
  TwinTreePanel       *tree;
  GtkStack            *pages;
  TwinAlarmStrip      *strip;
  TwinStatusStrip     *status;
  TwinFirstPage       *first;
  GtkWidget           *plant_page;
  GtkWidget           *table_page;
  GtkWidget           *alarm_page;
  GtkWidget           *fleet_page;
  GtkWidget           *machine_page;
};

void twin_window_add_actions (TwinWindow *self);
void twin_window_show_page (TwinWindow *self, const char *name);
void twin_window_show_item (TwinWindow *self, const char *id);
/* A twin's machine page; what no machine page shows has a dialog. */
void twin_window_show_twin (TwinWindow *self, const char *id);
void twin_window_toast (TwinWindow *self, const char *text);
void twin_window_set_opening (TwinWindow *self, gboolean opening);
void twin_window_set_failure (TwinWindow *self, const char *message);
void twin_window_set_meters (TwinWindow *self,
                             TwinMeter  *main_thread,
                             TwinMeter  *gl);
void twin_window_note_callback (const char *what,
                                int64_t     duration_us,
                                gpointer    data);

G_END_DECLS
