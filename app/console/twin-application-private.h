/* SPDX-License-Identifier: Apache-2.0 */
/* twin-application-private.h - what the files of the application share */
#pragma once

#include "twin-application.h"
#include "twin-demo.h"
#include "twin-live-session.h"
#include "twin-meter.h"
#include "twin-window.h"

G_BEGIN_DECLS

/* The command line; strings owned. */
typedef struct
{
  gboolean demo;
  char    *demo_folder;
  int      seed;
  double   age_scale;
  char    *broker;
  char    *store;
  char    *plant;
  gboolean report;
  int      quit_after_s; /* 0: never */
  char    *show;         /* item id, or "item/tab" */
} TwinApplicationOptions;

struct _TwinApplication
{
  AdwApplication         parent_instance;
  TwinApplicationOptions options;
  GSettings             *settings; /* NULL: the schema is not installed */
  TwinWindow            *window;
  TwinLiveSession       *session;
  TwinDemo              *demo;
  GQueue                 imports; /* texts still to be imported (owned) */
  TwinMeter             *main_thread;
  TwinMeter             *gl;
  int64_t                started_us;
  guint                  report_timer;
  guint                  quit_timer;
  int                    exit;
  gboolean               closing;
};

/* Opens the plant that the command line or the settings name, or none. */
void twin_application_open_plant (TwinApplication *self);

void twin_application_open_store (TwinApplication *self,
                                  const char      *store,
                                  const char      *broker);
void twin_application_start_demo (TwinApplication *self);

/* Closes what is open, then calls @done on the main thread. */
typedef void (*TwinApplicationDone) (TwinApplication *self);
void twin_application_close_plant (TwinApplication    *self,
                                   TwinApplicationDone done);

G_END_DECLS
