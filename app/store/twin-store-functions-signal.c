/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-store-functions-private.h"
gboolean
twin_store_signal_functions_add (TwinStoreFunctions *self)
{
  return TRUE;
}
