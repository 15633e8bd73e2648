/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-sources.h - model files of a command line, read */
#pragma once

#include "twin-ctl.h"
#include "twin-model-set.h"

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *files;   /* char * */
  GPtrArray *texts;   /* char * */
  GArray    *sources; /* TwinModelSource */
} TwinCtlSources;

void twin_ctl_sources_init (TwinCtlSources *self);
void twin_ctl_sources_clear (TwinCtlSources *self);

/* Every file of @argv from 1, and every .json below a folder. */
gboolean twin_ctl_sources_read (TwinCtlSources *self,
                                int             argc,
                                char          **argv,
                                GError        **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TwinCtlSources, twin_ctl_sources_clear)

G_END_DECLS
