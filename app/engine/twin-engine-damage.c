/* SPDX-License-Identifier: Apache-2.0 */
/* twin-engine-damage.c - how much of its rated life each bearing has used
 *
 * Palmgren-Miner over ISO 281, each minute: the load follows the load factor
 * from what is declared for rated power, the film follows the measured
 * temperature. It counts what the bearing went through, not its state: it
 * stands beside the remaining life, never instead of it.
 */
#include "twin-engine-thermal.h"

#include <math.h>
#include <string.h>

#include "twin-lubrication.h"

#define COUNT_US (60 * TWIN_US_PER_S)
#define LONGEST_US (10 * COUNT_US) /* more is a gap: nobody looked */
#define KEEP_US (10 * COUNT_US)
#define STOPPED 0.02 /* of rated speed */
#define SMALLEST 1e-5
#define LONG_H 1e5

typedef struct
{
  char                 *bearing; /* twin id */
  char                 *position;
  TwinEngineDamageState state;
  int64_t               since_us; /* fitted, or first counted */
  int64_t               counted_us, kept_us;
  double                kept_index;
  gboolean              told; /* the Life page has it */
} Damage;

static void
damage_clear (void *data)
{
  Damage *damage = data;

  g_free (damage->bearing);
  g_free (damage->position);
}

void
twin_engine_damage_free (TwinEngineMachine *machine)
{
  g_clear_pointer ((GArray **) &machine->damage, g_array_unref);
}

/* --- kept over a restart ----------------------------------------------------
 */

static void
load_kept (TwinEngine *self, Damage *damage)
{
  g_autofree char *key = g_strconcat ("damage/", damage->bearing, NULL);
  g_autofree char *text =
      twin_store_reader_get_setting (self->reader, key, NULL);
  TwinDamage *d = &damage->state.damage;
  double     *to[] = { &d->index, &d->hours, &d->revolutions, &d->load_p,
                       &d->hours_not_known };
  char       *at = text;

  if (text == NULL)
    return;

  damage->since_us = g_ascii_strtoll (at, &at, 10);
  for (size_t i = 0; i < G_N_ELEMENTS (to); i++)
    {
      char  *end;
      double value = g_ascii_strtod (at, &end);

      if (end == at || !isfinite (value) || value < 0)
        {
          g_warning ("The damage kept for %s cannot be used: “%s”",
                     damage->bearing, text);
          *d = (TwinDamage){ 0 };
          return;
        }
      *to[i] = value;
      at = end;
    }
  damage->kept_index = d->index;
}

static void
keep (TwinEngine *self, Damage *damage, int64_t now_us)
{
  g_autofree char  *key = g_strconcat ("damage/", damage->bearing, NULL);
  const TwinDamage *d = &damage->state.damage;
  const double      numbers[] = { d->index, d->hours, d->revolutions, d->load_p,
                                  d->hours_not_known };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  if (!twin_engine_batch_open (self))
    return;

  g_string_append_printf (text, "%" G_GINT64_FORMAT, damage->since_us);
  for (size_t i = 0; i < G_N_ELEMENTS (numbers); i++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_ascii_formatd (number, sizeof number, "%.12g", numbers[i]);
      g_string_append_printf (text, " %s", number);
    }
  if (!twin_store_set_setting (self->store, key, text->str, &error))
    {
      twin_engine_store_failed (self, g_steal_pointer (&error));
      return;
    }

  damage->kept_us = now_us;
  damage->kept_index = d->index;
}

/* --- counting ---------------------------------------------------------------
 */

static double
fresh_value (const TwinEngineSignal *signal)
{
  return signal != NULL && !signal->stale ? signal->v.value : NAN;
}

/* By its designation: cylindrical, spherical and tapered roller bearings. */
static TwinRolling
rolling_of (const char *designation)
{
  size_t digits = strspn (designation, "0123456789");

  if (g_ascii_toupper (designation[0]) == 'N' ||
      (digits == 5 && (designation[0] == '2' || designation[0] == '3')))
    return TWIN_ROLLING_ROLLER;
  return TWIN_ROLLING_BALL;
}

/* What the rated life takes that does not change from minute to minute. */
static void
describe_bearing (TwinEngine              *self,
                  const TwinEngineBearing *bearing,
                  TwinEngineDamageState   *state)
{
  const char *word =
      twin_engine_place_text (self, bearing->place, "/cleanliness");
  double grade = twin_engine_place_number (self, bearing->place, "/oilGrade");
  int    cleanliness = twin_cleanliness_from_name (word);

  state->rated_load_kn =
      twin_engine_place_number (self, bearing->place, "/equivalentLoad") / 1000;
  state->life = (TwinRatedLife){
    .rolling = rolling_of (bearing->bearing.designation),
    .c = bearing->bearing.dynamic_kn,
    .c0 = bearing->bearing.static_kn,
    .pitch_mm = bearing->bearing.pitch_mm,
    .ec = NAN,
  };
  state->oil = (TwinOil){ NAN, NAN };
  if (isfinite (grade))
    twin_oil_from_grade (&state->oil, grade);
  if (cleanliness >= 0)
    twin_cleanliness_ec ((TwinCleanliness) cleanliness, state->life.pitch_mm,
                         NULL, NULL, &state->life.ec);

  state->why_not = !bearing->known || !(state->life.c > 0)
                       ? "its load rating is in no catalogue"
                   : !(state->rated_load_kn > 0) ? "no load declared"
                                                 : NULL;
}

static Damage *
damage_of (TwinEngine              *self,
           TwinEngineMachine       *machine,
           const TwinEngineBearing *bearing,
           int64_t                  now_us)
{
  GArray *all = machine->damage;
  Damage  fresh = { .bearing = g_strdup (bearing->place->id),
                    .position = g_strdup (bearing->position),
                    .since_us = now_us,
                    .counted_us = now_us };

  if (all == NULL)
    {
      machine->damage = all = g_array_new (FALSE, TRUE, sizeof (Damage));
      g_array_set_clear_func (all, damage_clear);
    }
  for (guint i = 0; i < all->len; i++)
    {
      Damage *one = &g_array_index (all, Damage, i);

      if (strcmp (one->bearing, fresh.bearing) == 0)
        {
          damage_clear (&fresh);
          return one;
        }
    }

  /* Not all at the same moment. */
  fresh.kept_us =
      now_us - (int64_t) (g_str_hash (fresh.bearing) % 10) * COUNT_US;
  load_kept (self, &fresh);
  describe_bearing (self, bearing, &fresh.state);
  g_array_append_val (all, fresh);
  return &g_array_index (all, Damage, all->len - 1);
}

/* @elapsed_us at what is measured now. */
static void
add_minute (TwinEngineMachine       *machine,
            const TwinEngineBearing *bearing,
            TwinEngineDamageState   *state,
            int64_t                  elapsed_us)
{
  TwinRatedLife *life = &state->life;
  const char    *source;

  life->p = state->rated_load_kn * fresh_value (machine->roles[TWIN_ROLE_LOAD]);
  life->rpm = 60 * twin_engine_machine_shaft (machine, &source);
  if (life->rpm < STOPPED * machine->rated_rpm)
    life->rpm = 0;
  life->kappa =
      twin_lubrication_kappa (&state->oil, fresh_value (bearing->temperature),
                              life->rpm, life->pitch_mm);
  state->life_h = twin_rated_life_modified_h (life, &state->aiso);
  twin_damage_add (&state->damage, life->rolling,
                   twin_clock_seconds_from_us (elapsed_us) / 3600, life->p,
                   life->rpm, state->life_h);
}

static void
count (TwinEngine              *self,
       TwinEngineMachine       *machine,
       const TwinEngineBearing *bearing,
       int64_t                  now_us)
{
  Damage                *damage = damage_of (self, machine, bearing, now_us);
  TwinEngineDamageState *state = &damage->state;
  int64_t                elapsed_us = now_us - damage->counted_us;
  gboolean               due;

  if (elapsed_us < COUNT_US)
    return;

  damage->counted_us = now_us;
  describe_bearing (self, bearing, state);
  if (elapsed_us <= LONGEST_US && state->why_not == NULL)
    add_minute (machine, bearing, state, elapsed_us);

  due = now_us - damage->kept_us >= KEEP_US &&
        state->damage.index != damage->kept_index;
  if (due)
    keep (self, damage, now_us);
  if (due || !damage->told)
    twin_engine_life_post (self, machine);
  damage->told = TRUE;
}

void
twin_engine_damage_tick (TwinEngine *self, int64_t now_us)
{
  for (guint i = 0; i < self->machines->len; i++)
    {
      TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);

      if (!twin_engine_place_counts (machine->place))
        continue;
      for (guint k = 0; k < machine->bearings->len; k++)
        count (self, machine, g_ptr_array_index (machine->bearings, k), now_us);
    }
}

void
twin_engine_damage_keep_all (TwinEngine *self)
{
  int64_t now_us = twin_clock_utc_us ();

  for (guint i = 0; i < self->machines->len; i++)
    {
      TwinEngineMachine *machine = g_ptr_array_index (self->machines, i);
      GArray            *all = machine->damage;

      for (guint k = 0; all != NULL && k < all->len; k++)
        {
          Damage *damage = &g_array_index (all, Damage, k);

          if (damage->state.damage.index != damage->kept_index)
            keep (self, damage, now_us);
        }
    }
}

/* --- what others ask --------------------------------------------------------
 */

gboolean
twin_engine_damage_state (const TwinEngineMachine *machine,
                          const TwinEnginePlace   *bearing,
                          TwinEngineDamageState   *out)
{
  GArray *all = machine->damage;

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const Damage *damage = &g_array_index (all, Damage, i);

      if (strcmp (damage->bearing, bearing->id) != 0)
        continue;

      *out = damage->state;
      return damage->state.why_not == NULL;
    }

  return FALSE;
}

/* "Drive end: 3.1 % of its rated life used in 412 h (24,000 h at 0.62 kN)." */
static void
describe_one (const Damage *damage, GString *text)
{
  const TwinEngineDamageState *state = &damage->state;
  const TwinDamage            *d = &state->damage;

  g_string_append_printf (text, "%s%c%s: ", text->len > 0 ? "\n" : "",
                          g_ascii_toupper (damage->position[0]),
                          damage->position + 1);
  if (state->why_not != NULL)
    {
      g_string_append_printf (text, "not known: %s.", state->why_not);
      return;
    }
  if (!(d->hours > 0))
    {
      g_string_append (text, d->hours_not_known > 0
                                 ? "not known: load or speed is not measured."
                                 : "nothing counted yet.");
      return;
    }

  if (d->index < SMALLEST)
    g_string_append (text, "less than 0.001 %");
  else
    g_string_append_printf (text, "%.2g %%", 100 * d->index);
  g_string_append_printf (text,
                          " of its rated life used in %.1f h (mean load "
                          "%.2f kN",
                          d->hours,
                          twin_damage_mean_load (d, state->life.rolling));
  if (state->life_h > LONG_H)
    g_string_append (text, "; as now it lasts over 100,000 h");
  else if (state->life_h > 0)
    g_string_append_printf (text, "; as now it lasts %.0f h", state->life_h);
  g_string_append (text, ").");
  if (d->hours_not_known > 0.1)
    g_string_append_printf (text, " %.1f h more are not known.",
                            d->hours_not_known);
}

char *
twin_engine_damage_describe (const TwinEngineMachine *machine)
{
  GArray  *all = machine->damage;
  GString *text;

  if (all == NULL && machine->bearings->len > 0)
    return NULL;

  text = g_string_new (NULL);
  for (guint i = 0; all != NULL && i < all->len; i++)
    describe_one (&g_array_index (all, Damage, i), text);

  return g_string_free (text, FALSE);
}

/* --- a new bearing ----------------------------------------------------------
 */

/* The orders of the console say "Replace bearing 6205 …". */
static gboolean
is_replacement (const char *work)
{
  g_autofree char *lower = g_utf8_strdown (work != NULL ? work : "", -1);

  return strstr (lower, "replace") != NULL && strstr (lower, "bearing") != NULL;
}

void
twin_engine_damage_order (TwinEngine *self, const TwinOrder *order)
{
  TwinEnginePlace *place = twin_engine_place_find (self, order->twin);
  GArray          *all;

  if (order->state != TWIN_ORDER_DONE || place == NULL ||
      place->machine == NULL)
    return;

  twin_engine_thermal_relearn (self, place->machine);
  all = place->machine->damage;
  for (guint i = 0; is_replacement (order->work) && all != NULL && i < all->len;
       i++)
    {
      Damage    *damage = &g_array_index (all, Damage, i);
      TwinDamage old = damage->state.damage;

      /* "Replace bearing, drive end" is about one of them. */
      if (strstr (order->work, " end") != NULL &&
          strstr (order->work, damage->position) == NULL)
        continue;

      damage->state.damage = (TwinDamage){ 0 };
      damage->since_us = twin_clock_utc_us ();
      keep (self, damage, damage->since_us);
      twin_engine_log (self, "maintenance", place->machine->place->id,
                       order->who,
                       "Damage index of the bearing, %s, begins anew; the old "
                       "one had used %.2g %% of its rated life in %.0f h.",
                       damage->position, 100 * old.index, old.hours);
    }
}
