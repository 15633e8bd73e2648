/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-verdict.h - a bearing's verdict in JSON and for people */
#pragma once

#include "twin-ctl.h"
#include "twin-diagnosis.h"

G_BEGIN_DECLS

/* Adds the members of the verdict to the object that @builder is in. */
void twin_ctl_verdict_build (JsonBuilder              *builder,
                             const TwinBearingVerdict *verdict);

/* The member "quality": the names of @quality's flags (TwinSignalFlag). */
void twin_ctl_quality_build (JsonBuilder *builder, guint quality);

void twin_ctl_verdict_print (const TwinBearingVerdict *verdict);

/* A member; null where @value is no number. */
void twin_ctl_add_number (JsonBuilder *builder, const char *name, double value);

/* The features object: r.m.s., peak, kurtosis, crest, velocity. */
void twin_ctl_features_build (JsonBuilder       *builder,
                              const TwinScalars *scalars,
                              double             velocity_mm_s);

G_END_DECLS
