/* SPDX-License-Identifier: Apache-2.0
 *
 * net-tls.h - TLS between a node and its broker, between hal.h and the socket
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "board.h"

/* The settings of all nodes: TLS 1.2 or newer, the broker's certificate checked
 * against @ca (NULL: the system's authorities); @cert and @key, both or
 * neither, are our own. NULL: it cannot be done, *@why says so (g_free). */
struct ssl_ctx_st *net_tls_new (const char *ca,
                                const char *cert,
                                const char *key,
                                char      **why);
void               net_tls_free (struct ssl_ctx_st *settings);

/* The one certificate in @path, in DER (g_free); NULL: *@why says why not
 * (g_free). */
uint8_t *net_tls_read_authority (const char *path, size_t *n, char **why);

/* On a socket that is open. False: out of memory. */
bool net_tls_begin (hal *h);

/* Go on with the handshake; HAL_NET_CLOSED: the broker is refused or refuses,
 * h->reason says why. */
hal_net_state net_tls_handshake (hal *h);

/* As hal_net_send and hal_net_recv. */
int32_t net_tls_send (hal *h, const uint8_t *data, size_t n);
int32_t net_tls_recv (hal *h, uint8_t *out, size_t n);

/* Bytes wait for the socket. */
bool net_tls_waits (const hal *h);

void net_tls_end (hal *h);

#endif
