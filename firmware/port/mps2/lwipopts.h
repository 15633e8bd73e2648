/* SPDX-License-Identifier: Apache-2.0
 *
 * lwipopts.h - lwIP for one TCP connection out, from one superloop
 *
 * A full window must fit the Ethernet chip's FIFO (10 KB) and the pool.
 */
#ifndef LWIPOPTS_H
#define LWIPOPTS_H

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET 0
#define LWIP_NETCONN 0
#define LWIP_NOASSERT 1
#define LWIP_STATS 0

#define LWIP_ARP 1
#define LWIP_ICMP 1 /* a node can be pinged */
#define LWIP_TCP 1
#define LWIP_UDP 0
#define LWIP_RAW 0
#define IP_FRAG 0
#define IP_REASSEMBLY 0
#define ARP_QUEUEING 0
#define ARP_TABLE_SIZE 4
#define LWIP_RANDOMIZE_INITIAL_LOCAL_PORTS 1 /* each boot has others */

#define MEM_ALIGNMENT 4
#define MEM_SIZE 8192
#define TCP_MSS 1460
#define TCP_WND (4 * TCP_MSS)
#define TCP_SND_BUF (4 * TCP_MSS)
#define TCP_SND_QUEUELEN 16
#define TCP_QUEUE_OOSEQ 0
#define MEMP_NUM_TCP_SEG 16
#define MEMP_NUM_TCP_PCB 4
#define MEMP_NUM_TCP_PCB_LISTEN 1
#define MEMP_NUM_PBUF 4
#define PBUF_POOL_SIZE 16
#define PBUF_POOL_BUFSIZE 512

#endif
