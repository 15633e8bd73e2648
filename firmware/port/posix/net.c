/* SPDX-License-Identifier: Apache-2.0
 *
 * net.c - hal.h's byte stream by non-blocking sockets
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "board.h"

hal_status
hal_net_open (hal *h)
{
  const board_address *b =
      &h->broker->addresses[h->attempt % h->broker->n_addresses];
  int one = 1;

  hal_net_close (h);
  if (h->cut || h->image.deaf)
    return HAL_ERR_CLOSED;

  h->attempt++; /* one that works is kept, below */
  h->fd = socket (b->address.ss_family,
                  SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (h->fd < 0)
    return HAL_ERR_IO;

  setsockopt (h->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (connect (h->fd, (const struct sockaddr *) &b->address, b->length) != 0 &&
      errno != EINPROGRESS)
    {
      hal_net_close (h);
      return HAL_ERR_CLOSED;
    }
  h->net = HAL_NET_OPENING;
  return HAL_OK;
}

hal_net_state
hal_net_poll (hal *h)
{
  struct pollfd p = { .fd = h->fd, .events = POLLOUT };
  int           error = 0;
  socklen_t     size = sizeof error;

  if (h->net != HAL_NET_OPENING)
    return h->net;
  if (poll (&p, 1, 0) <= 0)
    return h->net;

  if (getsockopt (h->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 ||
      error != 0)
    hal_net_close (h);
  else
    {
      h->net = HAL_NET_OPEN;
      h->attempt--;
    }
  return h->net;
}

int32_t
hal_net_send (hal *h, const uint8_t *data, size_t n)
{
  ssize_t sent;

  if (h->net != HAL_NET_OPEN)
    return HAL_ERR_CLOSED;
  sent = send (h->fd, data, n, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent >= 0)
    return (int32_t) sent;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR
             ? 0
             : HAL_ERR_CLOSED;
}

int32_t
hal_net_recv (hal *h, uint8_t *out, size_t n)
{
  ssize_t got;

  if (h->net != HAL_NET_OPEN)
    return HAL_ERR_CLOSED;
  got = recv (h->fd, out, n, MSG_DONTWAIT);
  if (got > 0)
    return (int32_t) got;
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
    return 0;
  return HAL_ERR_CLOSED;
}

void
hal_net_close (hal *h)
{
  if (h->fd >= 0)
    close (h->fd);
  h->fd = -1;
  h->net = HAL_NET_CLOSED;
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
