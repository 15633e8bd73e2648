/* SPDX-License-Identifier: Apache-2.0 */
/* twin-schema-form.h - a form made from a DTDL schema, every kind of it
 *
 * Main thread only. The schema is borrowed and outlives the form: whoever
 * builds one holds a reference to its TwinModelSet.
 *
 * Signal "changed": something was edited.
 */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

#include "twin-schema.h"

G_BEGIN_DECLS

#define TWIN_TYPE_SCHEMA_FORM (twin_schema_form_get_type ())
G_DECLARE_FINAL_TYPE (TwinSchemaForm,
                      twin_schema_form,
                      TWIN,
                      SCHEMA_FORM,
                      GtkWidget)

/* @value: what it begins with, or NULL for the schema's defaults. */
GtkWidget *twin_schema_form_new (const TwinSchema *schema, JsonNode *value);

/* The value as it stands; NULL with an error that names the field when an
 * entry is no value of its kind. Caller unrefs. Empty texts of an object's
 * string, date and time fields are left out. */
JsonNode *twin_schema_form_get_value (TwinSchemaForm *self, GError **error);

/* Puts @text into the top-level field @name of an object; FALSE when there is
 * none. */
gboolean twin_schema_form_set_field (TwinSchemaForm *self,
                                     const char     *name,
                                     const char     *text);

G_END_DECLS
