/* SPDX-License-Identifier: Apache-2.0
 *
 * net-lwip.c - one TCP connection by lwIP's raw interface
 *
 * Everything runs in the superloop: callbacks come out of stream_poll() only.
 */
#include "stream.h"

#include <lwip/etharp.h>
#include <lwip/init.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcp.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>

#include "clock.h"
#include "lan9118.h"

static struct
{
  struct netif    netif;
  struct tcp_pcb *pcb;
  hal_net_state   state;
  bool            ended;  /* the other end sends no more */
  struct pbuf    *rx;     /* received, not yet taken */
  const char     *reason; /* why it is closed */
  uint32_t        random;
} stream;

uint32_t
stream_random (void)
{
  stream.random = stream.random * 1664525u + 1013904223u;
  return stream.random >> 8;
}

uint32_t
sys_now (void)
{
  return (uint32_t) (clock_us () / 1000);
}

static err_t
put_frame (struct netif *netif, struct pbuf *p)
{
  if (!lan9118_put_begin (p->tot_len))
    return ERR_BUF;
  for (const struct pbuf *at = p; at != NULL; at = at->next)
    lan9118_put (at->payload, at->len);
  lan9118_put_end ();
  return ERR_OK;
}

static err_t
begin_netif (struct netif *netif)
{
  netif->name[0] = 'e';
  netif->name[1] = '0';
  netif->mtu = 1500;
  netif->hwaddr_len = ETH_HWADDR_LEN;
  netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_LINK_UP;
  netif->output = etharp_output;
  netif->linkoutput = put_frame;
  return ERR_OK;
}

static ip4_addr_t
address_of (const uint8_t octets[4])
{
  ip4_addr_t address;

  IP4_ADDR (&address, octets[0], octets[1], octets[2], octets[3]);
  return address;
}

bool
stream_start (const factory_net *net, uint32_t random)
{
  ip4_addr_t address = address_of (net->address);
  ip4_addr_t mask = address_of (net->mask);
  ip4_addr_t gateway = address_of (net->gateway);

  if (!lan9118_start (stream.netif.hwaddr))
    return false;
  stream.random = random;
  lwip_init ();
  if (netif_add (&stream.netif, &address, &mask, &gateway, NULL, begin_netif,
                 ethernet_input) == NULL)
    return false;
  netif_set_default (&stream.netif);
  netif_set_up (&stream.netif);
  lan9118_arm ();
  return true;
}

/* A frame for which there is no memory is lost, as on the wire. */
static bool
take_frame (void)
{
  size_t       n = lan9118_get_begin ();
  struct pbuf *p;

  if (n == 0)
    return false;
  p = n <= LAN9118_FRAME_MAX ? pbuf_alloc (PBUF_RAW, (u16_t) n, PBUF_POOL)
                             : NULL;
  for (struct pbuf *at = p; at != NULL; at = at->next)
    lan9118_get (at->payload, at->len);
  lan9118_get_end ();
  if (p != NULL && stream.netif.input (p, &stream.netif) != ERR_OK)
    pbuf_free (p);
  return true;
}

void
stream_poll (void)
{
  /* What arrives between the last look and the arming is seen by one more. */
  do
    {
      while (take_frame ())
        ;
      lan9118_arm ();
    }
  while (take_frame ());
  sys_check_timeouts ();
}

uint64_t
stream_idle_us (void)
{
  uint32_t ms = sys_timeouts_sleeptime ();

  return ms == SYS_TIMEOUTS_SLEEPTIME_INFINITE ? UINT32_MAX
                                               : (uint64_t) ms * 1000;
}

static void
drop_received (void)
{
  if (stream.rx != NULL)
    pbuf_free (stream.rx);
  stream.rx = NULL;
}

static err_t
on_connected (void *data, struct tcp_pcb *pcb, err_t error)
{
  stream.state = HAL_NET_OPEN;
  return ERR_OK;
}

static err_t
on_received (void *data, struct tcp_pcb *pcb, struct pbuf *p, err_t error)
{
  if (p == NULL)
    stream.ended = true;
  else if (stream.rx == NULL)
    stream.rx = p;
  else
    pbuf_cat (stream.rx, p);
  return ERR_OK;
}

/* lwIP has freed the connection. */
static void
on_error (void *data, err_t error)
{
  stream.reason = error == ERR_RST    ? "the other end refuses or resets it"
                  : error == ERR_ABRT ? "no answer, given up"
                                      : "the network failed";
  stream.pcb = NULL;
  stream.state = HAL_NET_CLOSED;
  drop_received ();
}

hal_status
stream_open (const uint8_t address[4], uint16_t port)
{
  ip_addr_t to = address_of (address);

  stream_close ();
  stream.pcb = tcp_new ();
  if (stream.pcb == NULL)
    return HAL_ERR_IO;

  tcp_recv (stream.pcb, on_received);
  tcp_err (stream.pcb, on_error);
  tcp_nagle_disable (stream.pcb);
  stream.ended = false;
  stream.state = HAL_NET_OPENING;
  if (tcp_connect (stream.pcb, &to, port, on_connected) != ERR_OK)
    {
      stream_close ();
      return HAL_ERR_CLOSED;
    }
  return HAL_OK;
}

hal_net_state
stream_state (void)
{
  return stream.state;
}

const char *
stream_reason (void)
{
  return stream.reason;
}

int32_t
stream_send (const uint8_t *data, size_t n)
{
  size_t room;

  if (stream.state != HAL_NET_OPEN)
    return HAL_ERR_CLOSED;

  room = tcp_sndbuf (stream.pcb);
  if (n > room)
    n = room;
  if (n > TCP_MSS)
    n = TCP_MSS;
  if (n == 0 ||
      tcp_write (stream.pcb, data, (u16_t) n, TCP_WRITE_FLAG_COPY) != ERR_OK)
    return 0;
  tcp_output (stream.pcb);
  return (int32_t) n;
}

int32_t
stream_recv (uint8_t *out, size_t n)
{
  u16_t got;

  if (stream.state != HAL_NET_OPEN)
    return HAL_ERR_CLOSED;
  if (stream.rx == NULL)
    {
      stream.reason = "the other end closed it";
      return stream.ended ? HAL_ERR_CLOSED : 0;
    }

  got =
      pbuf_copy_partial (stream.rx, out, n < TCP_WND ? (u16_t) n : TCP_WND, 0);
  stream.rx = pbuf_free_header (stream.rx, got);
  tcp_recved (stream.pcb, got);
  return got;
}

void
stream_close (void)
{
  struct tcp_pcb *pcb = stream.pcb;

  stream.pcb = NULL;
  stream.state = HAL_NET_CLOSED;
  if (pcb != NULL)
    {
      tcp_recv (pcb, NULL);
      tcp_err (pcb, NULL);
      if (stream.rx != NULL) /* unread, it would turn the end into a reset */
        tcp_recved (pcb, stream.rx->tot_len);
      if (tcp_close (pcb) != ERR_OK)
        tcp_abort (pcb);
    }
  drop_received ();
}

bool
stream_drained (void)
{
  for (const struct tcp_pcb *pcb = tcp_active_pcbs; pcb != NULL;
       pcb = pcb->next)
    if (pcb->unsent != NULL || pcb->unacked != NULL)
      return false;
  return true;
}
