/* SPDX-License-Identifier: Apache-2.0 */
/* twin-orders.h - maintenance orders: planned here, reported by the node
 *
 * Planning sends `scheduleMaintenance`; the order is REPORTED when the node's
 * reported property `maintenance` says the same; closing sends
 * `confirmMaintenance` and is DONE when the node carried it out. One thread;
 * see twin-fleet.h for the callbacks.
 */
#pragma once

#include "twin-commands.h"
#include "twin-document.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_ORDER_PLANNED,  /* command under way, or not sent yet */
  TWIN_ORDER_REPORTED, /* the node shows it */
  TWIN_ORDER_DONE,     /* confirmed, and the node cleared it */
  TWIN_ORDER_REFUSED,  /* the node rejected the plan; see message */
} TwinOrderState;

/* "planned", "reported", "done", "refused". */
const char *twin_order_state_to_string (TwinOrderState state);

/* Borrowed; valid until the next call. Also the row a store keeps. */
typedef struct
{
  char          *id;   /* 16 hexadecimal digits */
  char          *twin; /* the machine */
  char          *node;
  char          *date;  /* "2026-12-03", ISO 8601 */
  char          *work;  /* "Replace drive-end bearing" */
  char          *note;  /* or NULL */
  char         **parts; /* NULL-terminated, or NULL */
  char          *who;
  TwinOrderState state;
  char          *message;    /* why refused or still waiting, or NULL */
  int64_t        created_us; /* UTC, as all times here */
  int64_t        changed_us;
  char          *closing_note; /* or NULL */
} TwinOrder;

typedef struct
{
  gboolean (*keep) (const TwinOrder *order, void *user_data, GError **error);
  void (*changed) (const TwinOrder *order, void *user_data);
  void *user_data;
} TwinOrdersHooks;

typedef struct _TwinOrders TwinOrders;

/* Sends through @commands, which must outlive it. */
TwinOrders *twin_orders_new (TwinCommands          *commands,
                             const TwinClock       *clock,
                             const TwinOrdersHooks *hooks);
void        twin_orders_free (TwinOrders *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinOrders, twin_orders_free)

/* At start, as kept. */
void twin_orders_load (TwinOrders *self, const TwinOrder *order);

/* @plan: id, state and times are not looked at. Returns the new order
 * (borrowed), or NULL: ARGUMENT for a date that is none or an empty work,
 * STATE when the machine has an open order, KEEP. When the node cannot be
 * reached now the order stays PLANNED with a message, and
 * twin_orders_retry() sends it. */
const TwinOrder *twin_orders_plan (TwinOrders      *self,
                                   const TwinOrder *plan,
                                   GError         **error);

gboolean twin_orders_retry (TwinOrders *self, const char *id, GError **error);

/* STATE unless the order is PLANNED or REPORTED. */
gboolean twin_orders_close (TwinOrders *self,
                            const char *id,
                            const char *who,
                            const char *closing_note,
                            GError    **error);

/* Feed both: every change of a command, every verified `reported`. */
void twin_orders_command (TwinOrders *self, const TwinCommandState *state);
void twin_orders_reported (TwinOrders         *self,
                           const char         *node,
                           const TwinReported *reported);

const TwinOrder *twin_orders_lookup (TwinOrders *self, const char *id);
/* Newest first: const TwinOrder *, borrowed until the next call; @twin NULL:
 * of all machines. Caller unrefs. */
GPtrArray *twin_orders_list (TwinOrders *self, const char *twin);
/* The open (PLANNED or REPORTED) order of a machine, or NULL. */
const TwinOrder *twin_orders_find_open (TwinOrders *self, const char *twin);

G_END_DECLS
