/* SPDX-License-Identifier: Apache-2.0 */
/* twin-enrolment.h - a node and this console get to know each other's keys
 *
 * The one-time token from the node's label proves both; then it is burnt. One
 * thread; see twin-fleet.h for the callbacks.
 */
#pragma once

#include "twin-enrol.h"
#include "twin-fleet.h"

G_BEGIN_DECLS

typedef enum
{
  TWIN_ENROLMENT_WAITING,
  TWIN_ENROLMENT_DONE,
  TWIN_ENROLMENT_FAILED, /* no answer: wrong token, burnt token or offline */
} TwinEnrolmentStatus;

typedef struct
{
  /* @node_key: keep it before anything else; NULL unless DONE. @message: a
   * sentence when FAILED, else NULL. */
  void (*changed) (const char         *node,
                   TwinEnrolmentStatus status,
                   const uint8_t      *node_key,
                   const char         *message,
                   void               *user_data);
  void *user_data;
} TwinEnrolmentHooks;

typedef struct _TwinEnrolment TwinEnrolment;

TwinEnrolment *twin_enrolment_new (const TwinFleetIo        *io,
                                   const TwinEnrolmentHooks *hooks);
void           twin_enrolment_free (TwinEnrolment *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TwinEnrolment, twin_enrolment_free)

/* Sends `enrol`; again after 5 s and 10 s with the same nonce; FAILED after
 * 15 s. @token: 32 hexadecimal digits, dashes and spaces as on the label.
 * Begins anew when one is under way. ARGUMENT when the token is none. */
gboolean twin_enrolment_begin (TwinEnrolment *self,
                               const char    *node,
                               const char    *token,
                               TwinKeyRole    role,
                               const char    *name,
                               GError       **error);

/* A message on the node's `enrolled` topic. DENIED when it does not verify or
 * answers another enrolment; TRUE and ignored when none is under way. */
gboolean twin_enrolment_message (TwinEnrolment *self,
                                 const char    *node,
                                 const uint8_t *data,
                                 size_t         size,
                                 GError       **error);

void twin_enrolment_tick (TwinEnrolment *self);

G_END_DECLS
