/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-link-probe.h"

#include "twin-clock.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum
{
  SLICE_MS = 100,
};

typedef struct
{
  int64_t deadline_us;
  gboolean (*go_on) (void *user_data);
  void *user_data;
} Patience;

/* Waits for the outcome of a connect under way; an errno, 0 when it stands. */
static int
await (int fd, const Patience *patience)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };
  int           status = ETIMEDOUT;
  socklen_t     size = sizeof status;

  while (patience->go_on (patience->user_data) &&
         twin_clock_monotonic_us () < patience->deadline_us)
    if (poll (&poll_fd, 1, SLICE_MS) > 0)
      {
        getsockopt (fd, SOL_SOCKET, SO_ERROR, &status, &size);
        return status;
      }

  return ETIMEDOUT;
}

static int
try_address (const struct addrinfo *address, const Patience *patience)
{
  int fd = socket (address->ai_family,
                   address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
                   address->ai_protocol);
  int status;

  if (fd < 0)
    return errno;

  status = connect (fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
  if (status == EINPROGRESS)
    status = await (fd, patience);
  close (fd);
  return status;
}

/* strerror()'s words with a small letter, as they follow a colon. */
static char *
describe (int status)
{
  char *text = g_strdup (g_strerror (status));

  if (g_ascii_isupper (text[0]) && !g_ascii_isupper (text[1]))
    text[0] = g_ascii_tolower (text[0]);
  return text;
}

gboolean
twin_link_probe (const char *host,
                 uint16_t    port,
                 int64_t     timeout_us,
                 gboolean (*go_on) (void *user_data),
                 void  *user_data,
                 char **cause)
{
  const Patience patience = { twin_clock_monotonic_us () + timeout_us, go_on,
                              user_data };
  const struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                  .ai_socktype = SOCK_STREAM };
  g_autofree char      *service = g_strdup_printf ("%u", port);
  struct addrinfo      *addresses = NULL;
  int                   status, rc;

  rc = getaddrinfo (host, service, &hints, &addresses);
  if (rc != 0)
    {
      *cause = rc == EAI_NONAME ? g_strdup ("the name is not known")
                                : g_strdup (gai_strerror (rc));
      return FALSE;
    }

  status = EHOSTUNREACH;
  for (struct addrinfo *at = addresses; at != NULL && status != 0;
       at = at->ai_next)
    status = try_address (at, &patience);
  freeaddrinfo (addresses);

  if (status != 0)
    *cause = describe (status);
  return status == 0;
}
