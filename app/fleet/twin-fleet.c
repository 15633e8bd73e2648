/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-fleet.h"

GQuark
twin_fleet_error_quark (void)
{
  return g_quark_from_static_string ("twin-fleet-error-quark");
}
