/* SPDX-License-Identifier: Apache-2.0
 *
 * plant.h - the fleet file: which nodes there are, and what they sit on
 *
 * The format is described in firmware/README.md. Host only: GLib allowed.
 */
#ifndef PLANT_H
#define PLANT_H

#include <glib.h>

#include "factory.h"
#include "machine.h"
#include "node-config.h"

typedef struct
{
  char          *name; /* of the machine's twin */
  node_config    config;
  machine_params machine;
  double         g_range;
  char          *replay_file; /* relative to the replay folder, or NULL */
  double         replay_rate_hz;
  double         replay_g_per_lsb;
  double         offline_after_s; /* 0: never */
  double         offline_for_s;
  uint32_t       flash_size;
  GStringChunk  *strings; /* of the plant */
} plant_node;

typedef struct
{
  char         *plant; /* name on the wire */
  GPtrArray    *nodes; /* of plant_node, owned */
  GStringChunk *strings;
} plant;

#define PLANT_ERROR (plant_error_quark ())
GQuark plant_error_quark (void);

typedef enum
{
  PLANT_ERROR_READ,  /* not to be read, or no JSON */
  PLANT_ERROR_VALUE, /* a key is missing, or has a value it cannot have */
} plant_error;

/* Read @path. @age_scale > 0 overrules the file's; @seed is added to every
 * machine's own. The caller frees it. */
plant *plant_load (const char *path,
                   double      age_scale,
                   uint64_t    seed,
                   GError    **error);

/* A plant of one node that plays @file. */
plant *plant_of_recording (const char *file,
                           double      rate_hz,
                           double      rpm,
                           double      g_per_lsb);

/* How a board is to reach its broker by TLS. */
typedef struct
{
  const char    *name; /* what the broker's certificate must say */
  uint32_t       port;
  const uint8_t *ca; /* its authority, X.509 in DER */
  size_t         ca_n;
} plant_tls;

/* The factory page of a board that is to be @node, its network the one that
 * QEMU's user mode makes, its broker in clear (@tls NULL) or by TLS; bytes put
 * into @page, 0: it does not fit. */
uint32_t plant_factory_page (const plant_node *node,
                             const plant_tls  *tls,
                             uint8_t           page[FACTORY_PAGE_SIZE]);

void plant_free (plant *p);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (plant, plant_free)

#endif
