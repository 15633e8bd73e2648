/* SPDX-License-Identifier: Apache-2.0
 *
 * net.c - hal.h's byte stream to the configured broker, in clear
 */
#include "board.h"
#include "stream.h"

hal_status
hal_net_open (hal *h)
{
  if (!h->has_net || h->tls_name != NULL)
    return HAL_ERR_CLOSED;
  return stream_open (h->broker, h->broker_port);
}

hal_net_state
hal_net_poll (hal *h)
{
  return stream_state ();
}

int32_t
hal_net_send (hal *h, const uint8_t *data, size_t n)
{
  return stream_send (data, n);
}

int32_t
hal_net_recv (hal *h, uint8_t *out, size_t n)
{
  return stream_recv (out, n);
}

const char *
hal_net_reason (hal *h)
{
  if (!h->has_net)
    return "the board has no network";
  return h->tls_name != NULL ? "is to be spoken to by TLS, which this image "
                               "has not: take twin-node-tls"
                             : stream_reason ();
}

void
hal_net_close (hal *h)
{
  stream_close ();
}
