/* SPDX-License-Identifier: Apache-2.0
 *
 * node-update-trial.c - does the new image work? Then keep it
 */
#include "node-update-private.h"

enum
{
  RESTART_US = 500000,  /* time for what was said to get out */
  SETTLE_US = 10000000, /* after a start, until the sensors have been read */
  LIMIT_US = 180000000,
  CLOCK_US = 20000000, /* a rate is measured over this long in all */
  SPAN_US = 1000000,   /* and in parts of this length */
};

static const double clock_tolerance = 1e-3;

/* One bit a sensor, in the order of the configuration. */
static uint32_t
alive (const node *n)
{
  uint32_t bits = 0, bit = 1;

  for (unsigned i = 0; i < n->config.n_accels; i++, bit <<= 1)
    if (!n->accels[i].failed && !n->accels[i].unfit)
      bits |= bit;
  for (unsigned i = 0; i < n->config.n_rtds; i++, bit <<= 1)
    if (n->signals[n->rtd_signal[i]].quality != NODE_QUALITY_BAD)
      bits |= bit;
  if (n->config.current.fitted &&
      n->signals[n->current_signal].quality != NODE_QUALITY_BAD)
    bits |= bit;
  return bits;
}

uint32_t
node_update_sensors (const node *n)
{
  size_t count = n->config.n_accels + n->config.n_rtds +
                 (n->config.current.fitted ? 1 : 0);

  return (1u << count) - 1;
}

void
node_update_pend (node *n, uint64_t now)
{
  node_update_install install;

  if (now < SETTLE_US) /* what is alive is not known yet */
    {
      n->update.due_us = SETTLE_US;
      return;
    }
  if (!node_update_kept (n, &install))
    {
      node_update_fail (n, BOOT_FLASH);
      return;
    }
  install.sensors = alive (n);
  if (!node_update_keep (n, &install) ||
      node_update_mark (n, BOOT_PENDING, n->update.slot, BOOT_GOOD) != HAL_OK)
    {
      node_update_fail (n, BOOT_FLASH);
      return;
    }
  node_update_enter (n, NODE_UPDATE_PENDING, BOOT_GOOD);
  n->update.due_us = 0;
  n->reset_at_us = now + RESTART_US;
}

/* Add up the time without a hole, second by second. */
static void
watch_clock (node_update_clock *c, const node_accel *a)
{
  uint64_t span = a->read_us - c->us;

  if (c->us != 0 && c->overruns == a->overruns)
    {
      if (span < SPAN_US)
        return;
      c->sum_us += (uint32_t) span;
      c->sum_count += (uint32_t) (a->samples.count - c->count);
    }
  c->us = a->read_us;
  c->count = a->samples.count;
  c->overruns = a->overruns;
}

/* The sensors' own oscillators against this image's idea of time. True when
 * all were measured; *@wrong: one was off. */
static bool
clocks_measured (node *n, bool *wrong)
{
  bool all = true;

  *wrong = false;
  for (unsigned i = 0; i < n->config.n_accels; i++)
    {
      node_update_clock *c = &n->update.clock[i];
      double             rate;

      if (!(n->update.sensors & 1u << i))
        continue; /* it was dead before */
      if (c->sum_us < CLOCK_US)
        watch_clock (c, &n->accels[i]);
      if (c->sum_us < CLOCK_US)
        {
          all = false;
          continue;
        }
      rate = (double) c->sum_count * 1e6 / (double) c->sum_us /
             n->accels[i].config.rate_hz;
      *wrong |= rate < 1 - clock_tolerance || rate > 1 + clock_tolerance;
    }
  return all;
}

/* What is not proved yet. */
static boot_reason
missing (node *n, uint64_t now, bool *hopeless)
{
  bool measured = clocks_measured (n, hopeless);

  if (*hopeless)
    return BOOT_CLOCK;
  if (n->mqtt.state != NODE_MQTT_ONLINE)
    return BOOT_BROKER;
  if ((n->update.sensors & ~alive (n)) != 0 || now < SETTLE_US)
    return BOOT_SENSOR;
  return measured ? BOOT_GOOD : BOOT_CLOCK;
}

static void
revert (node *n, boot_reason reason, uint64_t now)
{
  /* Should this fail the bootloader still counts the starts. */
  node_update_mark (n, BOOT_REVERTED, n->update.slot, reason);
  n->update.state = NODE_UPDATE_REVERTED;
  n->update.reason = reason;
  n->report_due = true;
  n->reset_at_us = now + RESTART_US;
}

void
node_update_trial (node *n, uint64_t now)
{
  bool        hopeless;
  boot_reason reason;

  if (n->reset_at_us != 0)
    return;
  n->update.due_us = now + 1000000 - now % 1000000;
  reason = missing (n, now, &hopeless);
  if (reason != BOOT_GOOD)
    {
      if (hopeless || now >= LIMIT_US)
        revert (n, reason, now);
      return;
    }
  if (node_update_mark (n, BOOT_CONFIRMED, n->update.slot, BOOT_GOOD) != HAL_OK)
    {
      if (now >= LIMIT_US)
        revert (n, BOOT_FLASH, now);
      return;
    }
  node_update_enter (n, NODE_UPDATE_CONFIRMED, BOOT_GOOD);
  node_update_conclude (n);
}
