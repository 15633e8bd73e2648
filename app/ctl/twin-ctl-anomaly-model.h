/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-anomaly-model.h - what twinctl anomaly train keeps in a file */
#pragma once

#include "twin-ctl.h"
#include "twin-process.h"

G_BEGIN_DECLS

typedef struct
{
  char           **features; /* of process.p columns, NULL-terminated */
  TwinProcessModel process;
} TwinCtlAnomalyModel;

void twin_ctl_anomaly_model_free (TwinCtlAnomalyModel *self);

/* JSON; @path NULL: to standard output. */
gboolean twin_ctl_anomaly_model_save (const TwinCtlAnomalyModel *self,
                                      const char                *path,
                                      GError                   **error);

/* NULL with a sentence: not readable, not such a file, values that cannot
 * be. */
TwinCtlAnomalyModel *twin_ctl_anomaly_model_load (const char *path,
                                                  GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinCtlAnomalyModel, twin_ctl_anomaly_model_free)

G_END_DECLS
