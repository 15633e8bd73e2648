/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-thermal.h - one thermal twin a measured bearing temperature
 *
 * Private to the engine; the pipeline thread only.
 */
#pragma once

#include "twin-engine-private.h"

#include "twin-drift.h"
#include "twin-thermal-cause.h"
#include "twin-thermal-learn.h"
#include "twin-thermal.h"

G_BEGIN_DECLS

/* Where the parameters come from. */
typedef enum
{
  TWIN_ENGINE_HEAT_DEFAULT,
  TWIN_ENGINE_HEAT_ALIKE,    /* machines alike have learnt theirs */
  TWIN_ENGINE_HEAT_DECLARED, /* by the bearing's property thermalModel */
  TWIN_ENGINE_HEAT_LEARNT,   /* from its own course */
} TwinEngineHeatSource;

typedef struct
{
  TwinEngineSignal    *signal; /* borrowed */
  char                *position;
  TwinThermal          thermal;
  TwinEngineHeatSource source;
  TwinThermalLearner  *learner;     /* NULL: nothing to learn, or not begun */
  double               worn_from_h; /* running hours when greased; NaN */
  TwinDrift            drift;       /* of the residual */
  int                  drift_told;  /* direction in the log */
  TwinThermalVerdict  *verdict;     /* NULL: none asked for */
  GArray              *points;      /* TwinThermalPoint; NULL: calm */
  double               sums[4];     /* of the minute at hand */
  int                  n_sums;
  int64_t              minute_us, calm_us, judged_us;
  int64_t              stepped_us, alike_us;
  int64_t              first_us; /* the first measurement, and its value */
  double               first;
  gboolean             looked;
  const char          *told; /* condition of the alarm that stands, or NULL */
} TwinEngineHeat;

/* --- twin-engine-thermal-kept.c --------------------------------------------
 */
/* The best model there is: learnt before, declared, or the default. */
void twin_engine_heat_load (TwinEngine *self, TwinEngineHeat *heat);
/* What was learnt and the drift's reference, for the next start. */
void twin_engine_heat_keep (TwinEngine *self, const TwinEngineHeat *heat);
/* The median of three and more machines alike, loosened. */
gboolean twin_engine_heat_alike (TwinEngine           *self,
                                 const TwinEngineHeat *heat,
                                 TwinThermalModel     *model);
/* A number of the bearing's twin; NaN: not declared. */
double twin_engine_place_number (TwinEngine            *self,
                                 const TwinEnginePlace *place,
                                 const char            *pointer);
/* A text of it; NULL: not declared. */
const char *twin_engine_place_text (TwinEngine            *self,
                                    const TwinEnginePlace *place,
                                    const char            *pointer);

/* --- twin-engine-thermal-cause.c -------------------------------------------
 */
/* The minute's means into the history, while something is wrong. */
void twin_engine_heat_remember (TwinEngineHeat         *heat,
                                int64_t                 now_us,
                                const TwinThermalInput *input);
/* Raises, changes or ends the alarms of @heat. */
void twin_engine_heat_tell (TwinEngine        *self,
                            TwinEngineMachine *machine,
                            TwinEngineHeat    *heat,
                            int64_t            now_us);

G_END_DECLS
