/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-ctl.h"

const TwinCtlVerb twin_ctl_engine_verbs[] = {
  { NULL },
};
