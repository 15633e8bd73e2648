/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-link.h"

#include <string.h>

enum
{
  PORT_MQTT = 1883,
  PORT_MQTTS = 8883,
};

GQuark
twin_link_error_quark (void)
{
  return g_quark_from_static_string ("twin-link-error-quark");
}

/* @url without its password: errors reach logs. */
static char *
dup_shown (const char *url)
{
  const char *scheme = strstr (url, "://");
  const char *user = scheme != NULL ? scheme + 3 : url;
  const char *at = strrchr (user, '@');
  const char *colon =
      at != NULL ? memchr (user, ':', (size_t) (at - user)) : NULL;

  return colon != NULL
             ? g_strdup_printf ("%.*s:…%s", (int) (colon - url), url, at)
             : g_strdup (url);
}

static gboolean
fail (GError **error, const char *url, const char *why)
{
  g_autofree char *shown = dup_shown (url);

  g_set_error (error, TWIN_LINK_ERROR, TWIN_LINK_ERROR_OPTION,
               "Cannot use “%s” as a broker’s address: %s. Write "
               "mqtt://host:port or mqtts://host:port",
               shown, why);
  return FALSE;
}

/* host, host:port, [v6], [v6]:port */
static gboolean
parse_host (TwinLinkOptions *options,
            const char      *text,
            const char      *url,
            GError         **error)
{
  const char *end, *port;
  uint64_t    number;

  if (text[0] == '[')
    {
      end = strchr (text, ']');
      if (end == NULL)
        return fail (error, url, "the address has no closing bracket");
      options->host = g_strndup (text + 1, end - text - 1);
      port = end + 1;
    }
  else
    {
      end = text + strcspn (text, ":");
      options->host = g_strndup (text, end - text);
      port = end;
    }

  if (options->host[0] == '\0' || strpbrk (options->host, " /?#@\t\n") != NULL)
    return fail (error, url, "it names no host");
  if (*port == '\0')
    return TRUE;
  if (*port != ':' ||
      !g_ascii_string_to_unsigned (port + 1, 10, 1, 65535, &number, NULL))
    return fail (error, url, "the port is not a number from 1 to 65535");
  options->port = number;
  return TRUE;
}

static gboolean
parse_user (TwinLinkOptions *options,
            const char      *text,
            const char      *url,
            GError         **error)
{
  const char      *colon = strchr (text, ':');
  g_autofree char *user =
      colon == NULL ? g_strdup (text) : g_strndup (text, colon - text);

  options->username = g_uri_unescape_string (user, NULL);
  if (colon != NULL)
    options->password = g_uri_unescape_string (colon + 1, NULL);
  if (options->username == NULL || (colon != NULL && options->password == NULL))
    return fail (error, url, "user or password have a bad %-escape");
  return TRUE;
}

TwinLinkOptions *
twin_link_options_parse (const char *url, const char *plant, GError **error)
{
  g_autoptr (TwinLinkOptions) options = g_new0 (TwinLinkOptions, 1);
  const char      *rest = url;
  g_autofree char *host = NULL;
  const char      *at;

  if (g_str_has_prefix (url, "mqtts://"))
    options->tls = TRUE;
  else if (strstr (url, "://") != NULL && !g_str_has_prefix (url, "mqtt://"))
    {
      fail (error, url, "only mqtt:// and mqtts:// are spoken");
      return NULL;
    }
  if (strstr (url, "://") != NULL)
    rest = strstr (url, "://") + 3;
  options->port = options->tls ? PORT_MQTTS : PORT_MQTT;
  options->plant = g_strdup (plant);

  at = strrchr (rest, '@');
  if (at != NULL)
    {
      g_autofree char *user = g_strndup (rest, at - rest);

      if (!parse_user (options, user, url, error))
        return NULL;
      rest = at + 1;
    }

  host = g_strdup (rest);
  if (g_str_has_suffix (host, "/"))
    host[strlen (host) - 1] = '\0';
  return parse_host (options, host, url, error) ? g_steal_pointer (&options)
                                                : NULL;
}

TwinLinkOptions *
twin_link_options_copy (const TwinLinkOptions *options)
{
  TwinLinkOptions *copy = g_memdup2 (options, sizeof *options);

  copy->plant = g_strdup (options->plant);
  copy->install = g_strdup (options->install);
  copy->host = g_strdup (options->host);
  copy->username = g_strdup (options->username);
  copy->password = g_strdup (options->password);
  copy->ca_file = g_strdup (options->ca_file);
  copy->cert_file = g_strdup (options->cert_file);
  copy->key_file = g_strdup (options->key_file);
  return copy;
}

void
twin_link_options_free (TwinLinkOptions *options)
{
  if (options == NULL)
    return;

  g_free (options->plant);
  g_free (options->install);
  g_free (options->host);
  g_free (options->username);
  g_free (options->password);
  g_free (options->ca_file);
  g_free (options->cert_file);
  g_free (options->key_file);
  g_free (options);
}

void
twin_message_free (void *data)
{
  TwinMessage *message = data;

  if (message == NULL)
    return;

  g_free (message->topic);
  g_bytes_unref (message->payload);
  g_free (message);
}
