/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-link.h"

#include "twin-link-line.h"

#include <string.h>
#include <unistd.h>

/* Everything a node publishes but waveforms; and `desired`, to know whether
 * the broker still holds our retained documents. */
static const TwinChannel record_channels[] = {
  TWIN_CHANNEL_BIRTH,  TWIN_CHANNEL_STATUS,   TWIN_CHANNEL_TELEMETRY,
  TWIN_CHANNEL_EVENT,  TWIN_CHANNEL_RING,     TWIN_CHANNEL_REPORTED,
  TWIN_CHANNEL_RESULT, TWIN_CHANNEL_ENROLLED, TWIN_CHANNEL_DESIRED,
};
static const TwinChannel waveform_channels[] = { TWIN_CHANNEL_WAVEFORM,
                                                 TWIN_CHANNEL_CHUNK_GET };

struct _TwinLink
{
  TwinLinkOptions *options;
  TwinLinkLine    *lines[2];
};

static gboolean
check_file (const char *what, const char *path, GError **error)
{
  if (path == NULL || access (path, R_OK) == 0)
    return TRUE;
  g_set_error (error, TWIN_LINK_ERROR, TWIN_LINK_ERROR_OPTION,
               "Cannot read the %s “%s”: no such file, or not readable", what,
               path);
  return FALSE;
}

static gboolean
is_install (const char *install)
{
  if (install == NULL || install[0] == '\0' || strlen (install) > 32)
    return FALSE;
  for (const char *at = install; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at))
      return FALSE;
  return TRUE;
}

static gboolean
check_options (const TwinLinkOptions *options, GError **error)
{
  if (options->plant == NULL || !twin_topic_is_name (options->plant))
    {
      g_set_error (error, TWIN_LINK_ERROR, TWIN_LINK_ERROR_OPTION,
                   "“%s” cannot be a plant’s name: letters, digits, “_”, “.” "
                   "and “-”, at most 64",
                   options->plant == NULL ? "" : options->plant);
      return FALSE;
    }
  if (!is_install (options->install))
    {
      g_set_error (error, TWIN_LINK_ERROR, TWIN_LINK_ERROR_OPTION,
                   "“%s” cannot name this installation: 1 to 32 letters and "
                   "digits",
                   options->install == NULL ? "" : options->install);
      return FALSE;
    }
  if ((options->cert_file == NULL) != (options->key_file == NULL))
    {
      g_set_error (error, TWIN_LINK_ERROR, TWIN_LINK_ERROR_OPTION,
                   "A client certificate and its key go together: give both "
                   "or none");
      return FALSE;
    }
  return check_file ("broker’s authority", options->ca_file, error) &&
         check_file ("client certificate", options->cert_file, error) &&
         check_file ("client key", options->key_file, error);
}

static char **
make_topics (const char *plant, const TwinChannel *channels, size_t n)
{
  char **topics = g_new0 (char *, n + 1);

  for (size_t i = 0; i < n; i++)
    topics[i] = twin_topic_format (plant, "+", channels[i]);
  return topics;
}

TwinLink *
twin_link_new (const TwinLinkOptions *options,
               TwinQueue             *records,
               TwinQueue             *waveforms,
               TwinLineStateFunc      state_func,
               void                  *user_data,
               GError               **error)
{
  TwinLink *self;

  if (!check_options (options, error))
    return NULL;

  self = g_new0 (TwinLink, 1);
  self->options = twin_link_options_copy (options);
  self->lines[TWIN_LINE_RECORDS] =
      twin_link_line_new (TWIN_LINE_RECORDS, self->options,
                          make_topics (options->plant, record_channels,
                                       G_N_ELEMENTS (record_channels)),
                          records, state_func, user_data);
  self->lines[TWIN_LINE_WAVEFORMS] =
      twin_link_line_new (TWIN_LINE_WAVEFORMS, self->options,
                          make_topics (options->plant, waveform_channels,
                                       G_N_ELEMENTS (waveform_channels)),
                          waveforms, state_func, user_data);
  return self;
}

void
twin_link_start (TwinLink *self)
{
  for (size_t i = 0; i < G_N_ELEMENTS (self->lines); i++)
    twin_link_line_start (self->lines[i]);
}

void
twin_link_stop (TwinLink *self)
{
  for (size_t i = 0; i < G_N_ELEMENTS (self->lines); i++)
    twin_link_line_stop (self->lines[i]);
  for (size_t i = 0; i < G_N_ELEMENTS (self->lines); i++)
    twin_link_line_join (self->lines[i]);
}

void
twin_link_free (TwinLink *self)
{
  if (self == NULL)
    return;

  twin_link_stop (self);
  for (size_t i = 0; i < G_N_ELEMENTS (self->lines); i++)
    twin_link_line_free (self->lines[i]);
  twin_link_options_free (self->options);
  g_free (self);
}

gboolean
twin_link_publish (TwinLink   *self,
                   const char *topic,
                   GBytes     *payload,
                   int         qos,
                   gboolean    retain,
                   GError    **error)
{
  return twin_link_line_publish (self->lines[TWIN_LINE_RECORDS], topic, payload,
                                 qos, retain, error);
}

gboolean
twin_link_publish_bulk (TwinLink   *self,
                        const char *topic,
                        GBytes     *payload,
                        int         qos,
                        GError    **error)
{
  return twin_link_line_publish (self->lines[TWIN_LINE_WAVEFORMS], topic,
                                 payload, qos, FALSE, error);
}

void
twin_link_get_stats (TwinLink *self, TwinLine line, TwinLineStats *out)
{
  g_return_if_fail (line < G_N_ELEMENTS (self->lines));

  twin_link_line_get_stats (self->lines[line], out);
}
