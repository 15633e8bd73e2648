/* SPDX-License-Identifier: Apache-2.0
 *
 * net.c - hal.h's byte stream by non-blocking sockets
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net-tls.h"

static void
drop (hal *h)
{
  if (h->ssl != NULL)
    net_tls_end (h);
  if (h->fd >= 0)
    close (h->fd);
  h->fd = -1;
}

static bool
reach_address (hal *h, const board_address *to)
{
  int one = 1;

  drop (h);
  h->fd = socket (to->address.ss_family,
                  SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (h->fd < 0)
    {
      h->reason = strerrordesc_np (errno);
      return false;
    }

  h->sockets++;
  h->readable = true;
  setsockopt (h->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (connect (h->fd, (const struct sockaddr *) &to->address, to->length) ==
          0 ||
      errno == EINPROGRESS)
    return true;
  h->reason = strerrordesc_np (errno);
  return false;
}

/* The next of the broker's addresses; false when all were tried. */
static bool
reach_next (hal *h)
{
  const board_broker *b = h->broker;

  while (h->tried < b->n_addresses)
    {
      unsigned i = (h->address + h->tried++) % b->n_addresses;

      if (reach_address (h, &b->addresses[i]))
        return true;
    }
  drop (h);
  return false;
}

hal_status
hal_net_open (hal *h)
{
  hal_net_close (h);
  h->reason = NULL;
  h->tried = 0;
  if (h->cut || h->image.deaf || !reach_next (h))
    return HAL_ERR_CLOSED;

  h->net = HAL_NET_OPENING;
  return HAL_OK;
}

/* The socket's connect is over: the one that worked is tried first next time.
 */
static hal_net_state
connected (hal *h)
{
  int       error = 0;
  socklen_t size = sizeof error;

  if (getsockopt (h->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
    error = errno;
  if (error != 0)
    {
      h->reason = strerrordesc_np (error);
      return reach_next (h) ? HAL_NET_OPENING : HAL_NET_CLOSED;
    }

  h->address = (h->address + h->tried - 1) % h->broker->n_addresses;
  h->tried = h->broker->n_addresses;
  h->reason = NULL;
  if (h->broker->tls == NULL)
    return HAL_NET_OPEN;
  return net_tls_begin (h) ? net_tls_handshake (h) : HAL_NET_CLOSED;
}

hal_net_state
hal_net_poll (hal *h)
{
  struct pollfd p = { .fd = h->fd, .events = POLLOUT };

  if (h->net != HAL_NET_OPENING)
    return h->net;

  if (h->ssl != NULL)
    h->net = net_tls_handshake (h);
  else if (poll (&p, 1, 0) > 0)
    h->net = connected (h);
  if (h->net == HAL_NET_CLOSED)
    drop (h);
  return h->net;
}

static int32_t
judge (ssize_t n)
{
  if (n >= 0)
    return (int32_t) n;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR
             ? 0
             : HAL_ERR_CLOSED;
}

int32_t
hal_net_send (hal *h, const uint8_t *data, size_t n)
{
  if (h->net != HAL_NET_OPEN)
    return HAL_ERR_CLOSED;
  if (h->ssl != NULL)
    return net_tls_send (h, data, n);
  return judge (send (h->fd, data, n, MSG_NOSIGNAL | MSG_DONTWAIT));
}

int32_t
hal_net_recv (hal *h, uint8_t *out, size_t n)
{
  ssize_t got;

  if (h->net != HAL_NET_OPEN)
    return HAL_ERR_CLOSED;
  if (h->ssl != NULL)
    return net_tls_recv (h, out, n);
  if (h->polled && !h->readable)
    return 0; /* a look costs a system call, and nodes look often */
  got = recv (h->fd, out, n, MSG_DONTWAIT);
  h->readable = got > 0;
  return got == 0 ? HAL_ERR_CLOSED : judge (got);
}

void
hal_net_close (hal *h)
{
  drop (h);
  h->net = HAL_NET_CLOSED;
}

const char *
hal_net_reason (hal *h)
{
  return h->reason;
}

bool
board_net_waits (const hal *h)
{
  return (h->net == HAL_NET_OPENING && h->ssl == NULL) || net_tls_waits (h);
}

void
board_cut_link (hal *h, bool cut)
{
  if (cut == h->cut)
    return;
  h->cut = cut;
  if (cut)
    hal_net_close (h);
}
