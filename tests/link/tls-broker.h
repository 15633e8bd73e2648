/* SPDX-License-Identifier: Apache-2.0 */
/* tls-broker.h - a real mosquitto with a TLS listener for each certificate */
#pragma once

#include "broker.h"

typedef enum
{
  TLS_RIGHT,
  TLS_WRONG_CA,
  TLS_WRONG_NAME,
  TLS_EXPIRED,
  TLS_EARLY,
  TLS_SELF,
  TLS_MUTUAL, /* the right one; wants a certificate of the client */
  TLS_COUNT,
} TlsCase;

typedef struct
{
  Broker   broker; /* its own listener is not encrypted */
  char    *folder; /* ca.pem, client.pem, client.key, other-ca.pem … */
  uint16_t port[TLS_COUNT];
} TlsBroker;

/* FALSE: openssl or mosquitto is not installed; the test is to be skipped. */
gboolean tls_broker_start (TlsBroker *self);
void     tls_broker_clear (TlsBroker *self);

/* A file of @self->folder; NULL stays NULL. Free with g_free. */
char *tls_broker_file (const TlsBroker *self, const char *name);
