/* SPDX-License-Identifier: Apache-2.0 */
/* twin-link.h - the two MQTT connections of a console to one plant
 *
 * One carries records, state and commands, the other waveforms and firmware,
 * so that bulk never delays telemetry. Each has its own network thread, which
 * only copies what arrives into the bounded queue it was given; what does not
 * fit is dropped and counted, and replay brings records back. A lost connection
 * is tried again after 0.5 s, 1 s, 2 s … 30 s, until twin_link_stop().
 *
 * Sessions are clean: whatever was published while a connection was down is
 * not delivered later. The user asks every node what it holds after each
 * CONNECTED of TWIN_LINE_RECORDS (TwinCompleteness does).
 */
#pragma once

#include "twin-queue.h"
#include "twin-topic.h"

G_BEGIN_DECLS

#define TWIN_LINK_ERROR (twin_link_error_quark ())
GQuark twin_link_error_quark (void);

typedef enum
{
  TWIN_LINK_ERROR_OPTION,  /* an address or file that cannot be used */
  TWIN_LINK_ERROR_OFFLINE, /* not connected now: nothing was sent */
  TWIN_LINK_ERROR_PUBLISH, /* refused by the library, e.g. too large */
} TwinLinkError;

typedef enum
{
  TWIN_LINE_RECORDS,
  TWIN_LINE_WAVEFORMS,
} TwinLine;

typedef enum
{
  TWIN_LINE_STOPPED,
  TWIN_LINE_CONNECTING,
  TWIN_LINE_CONNECTED, /* and subscribed */
  TWIN_LINE_LOST,      /* will be tried again */
} TwinLineState;

/* One message as it arrived. Finished and unchanging; freed by its taker. */
typedef struct
{
  char    *topic;
  GBytes  *payload; /* may be empty, never NULL */
  gboolean retained;
  TwinLine line;
  int64_t  arrival_utc_us;
  int64_t  arrival_monotonic_us;
} TwinMessage;

/* For the queue's free_func too. */
void twin_message_free (void *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinMessage, twin_message_free)

typedef struct
{
  char    *plant;   /* a topic name */
  char    *install; /* of this installation, [A-Za-z0-9]{1,32} */
  char    *host;
  uint16_t port;
  char    *username;  /* or NULL */
  char    *password;  /* or NULL */
  gboolean tls;       /* broker's certificate and name are checked, always */
  char    *ca_file;   /* PEM; NULL: the system's certificates */
  char    *cert_file; /* PEM, with key_file: the client's own; or NULL */
  char    *key_file;
} TwinLinkOptions;

/* From "mqtt://[user[:password]@]host[:1883]" or "mqtts://…[:8883]"; a bare
 * "host" or "host:port" is mqtt. Other fields start empty. Fails (OPTION) with
 * a sentence. */
TwinLinkOptions *twin_link_options_parse (const char *url,
                                          const char *plant,
                                          GError    **error);
TwinLinkOptions *twin_link_options_copy (const TwinLinkOptions *options);
void             twin_link_options_free (TwinLinkOptions *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinLinkOptions, twin_link_options_free)

typedef struct _TwinLink TwinLink;

/* Called by the network thread of @line, at every change of state; must not
 * wait and must not call twin_link_stop(). @cause: a sentence for the operator
 * when @state is LOST ("Could not reach the broker at plant-a:1883: connection
 * refused"), else NULL. */
typedef void (*TwinLineStateFunc) (TwinLine      line,
                                   TwinLineState state,
                                   const char   *cause,
                                   void         *user_data);

/* Copies @options. The queues (may be one and the same) take TwinMessage and
 * must outlive the link. Fails (OPTION). */
TwinLink *twin_link_new (const TwinLinkOptions *options,
                         TwinQueue             *records,
                         TwinQueue             *waveforms,
                         TwinLineStateFunc      state_func,
                         void                  *user_data,
                         GError               **error);

/* Starts the network threads and returns at once. */
void twin_link_start (TwinLink *self);
/* Disconnects, joins the threads; no callback comes after it. Within a second,
 * unless the system's name service is slow. Not from a callback. */
void twin_link_stop (TwinLink *self);
void twin_link_free (TwinLink *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinLink, twin_link_free)

/* Any thread; never waits for the network. On the records line. OFFLINE when
 * that is not connected: commands are never kept for later. */
gboolean twin_link_publish (TwinLink   *self,
                            const char *topic,
                            GBytes     *payload,
                            int         qos,
                            gboolean    retain,
                            GError    **error);

/* The same on the waveforms line: firmware, so that it never delays a
 * command. */
gboolean twin_link_publish_bulk (TwinLink   *self,
                                 const char *topic,
                                 GBytes     *payload,
                                 int         qos,
                                 GError    **error);

typedef struct
{
  TwinLineState state;
  char          cause[256]; /* of the last loss, or empty */
  uint64_t      received;   /* messages, since twin_link_new() */
  uint64_t      received_bytes;
  uint64_t      dropped; /* did not fit the queue */
  uint64_t      published;
  uint64_t      connects;
  uint64_t      refused;     /* payloads too large to be ours */
  int64_t       next_try_us; /* UTC while LOST, else TWIN_TIME_NONE */
  int64_t round_trip_us; /* to the broker and back, looked at every 10 s; -1:
                            not known */
} TwinLineStats;

/* Any thread. */
void twin_link_get_stats (TwinLink *self, TwinLine line, TwinLineStats *out);

G_END_DECLS
