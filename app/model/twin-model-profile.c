/* SPDX-License-Identifier: Apache-2.0 */
/* What Azure Digital Twins wants beyond the language. That only Interfaces are
 * at the top, Components have none themselves, and DTDL v2 neither extends nor
 * holds v3, the language says already. */
#include "twin-model-builder.h"

/* That service's sentences about one kind of element. */
static void
check_element (TwinModelBuilder *self, TwinElement *e)
{
  if (e->dtdl > 3)
    twin_model_element_issue (self, e, "@context", -1, "adtVersion",
                              "Azure Digital Twins takes DTDL v2 and v3; this "
                              "is v%d",
                              e->dtdl);
  if (e->class == TWIN_CLASS_COMMAND)
    twin_model_element_issue (self, e, NULL, -1, "adtCommand",
                              "Azure Digital Twins has no Commands; take “%s” "
                              "out, or keep it in a model of the device alone",
                              e->name);
  if (e->class == TWIN_CLASS_INTERFACE && e->parent != NULL)
    twin_model_element_issue (self, e, NULL, -1, "adtInlineInterface",
                              "Azure Digital Twins wants Interfaces at the top "
                              "of a text only: define %s there and write its "
                              "DTMI here",
                              e->id);
}

void
twin_model_check_adt (TwinModelBuilder *self)
{
  for (TwinElement *e = self->elements; e != NULL; e = e->next)
    check_element (self, e);
}
