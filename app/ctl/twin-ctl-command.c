/* SPDX-License-Identifier: Apache-2.0 */
/* twin-ctl-command.c - command, desired, maintenance */
#include "twin-ctl-session.h"

#include <string.h>

#include "twin-engine-outbox.h"

/* What cannot be taken back asks for --yes. */
static const char *const dangerous[] = { "decommission", "reboot", "resetTrip",
                                         NULL };

static gboolean
is_json_object (const char *text)
{
  g_autoptr (JsonNode) root = json_from_string (text, NULL);

  return root != NULL && JSON_NODE_HOLDS_OBJECT (root);
}

static int
command (TwinCtl *ctl, int argc, char **argv)
{
  double             wait = 0;
  gboolean           yes = FALSE;
  const GOptionEntry entries[] = {
    { "wait", 0, 0, G_OPTION_ARG_DOUBLE, &wait, NULL, NULL },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &yes, NULL, NULL },
    { NULL }
  };
  TwinCtlAsk ask = { .kind = TWIN_OUTBOX_COMMAND, .number = -1 };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc < 3 || argc > 4)
    return twin_ctl_usage ("command needs TWIN, NAME and perhaps JSON");

  if (g_strv_contains (dangerous, argv[2]) && !yes)
    return twin_ctl_fail (TWIN_CTL_INPUT,
                          "%s cannot be taken back; add --yes when you mean it",
                          argv[2]);
  if (argc == 4 && !is_json_object (argv[3]))
    return twin_ctl_fail (TWIN_CTL_INPUT,
                          "The arguments “%s” are no JSON object", argv[3]);

  /* That one keeps an order, which is followed and closed. */
  if (strcmp (argv[2], "scheduleMaintenance") == 0)
    ask.kind = TWIN_OUTBOX_MAINTENANCE;
  ask.subject = argv[1];
  ask.name = argv[2];
  ask.text = argc == 4 ? argv[3] : "{}";
  ask.wait_s = wait;
  return twin_ctl_ask (ctl, &ask);
}

static int
decommission (TwinCtl *ctl, int argc, char **argv)
{
  double             wait = 0;
  gboolean           yes = FALSE;
  const GOptionEntry entries[] = {
    { "wait", 0, 0, G_OPTION_ARG_DOUBLE, &wait, NULL, NULL },
    { "yes", 0, 0, G_OPTION_ARG_NONE, &yes, NULL, NULL },
    { NULL }
  };
  TwinCtlAsk ask = { .kind = TWIN_OUTBOX_DECOMMISSION, .number = -1 };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 2)
    return twin_ctl_usage ("decommission needs one NODE");
  if (!yes)
    return twin_ctl_fail (TWIN_CTL_INPUT,
                          "The keys of %s would be wiped, which cannot be "
                          "taken back; add --yes when you mean it",
                          argv[1]);

  ask.subject = argv[1];
  ask.wait_s = wait;
  return twin_ctl_ask (ctl, &ask);
}

static int
desired (TwinCtl *ctl, int argc, char **argv)
{
  double             wait = 0;
  gint64             version = -1;
  const GOptionEntry entries[] = {
    { "wait", 0, 0, G_OPTION_ARG_DOUBLE, &wait, NULL, NULL },
    { "if-version", 0, 0, G_OPTION_ARG_INT64, &version, NULL, NULL },
    { NULL }
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) value = NULL;
  TwinCtlAsk ask = { .kind = TWIN_OUTBOX_DESIRED };

  if (!twin_ctl_parse (&argc, &argv, entries))
    return TWIN_CTL_USAGE;
  if (argc != 4)
    return twin_ctl_usage ("desired needs TWIN, POINTER and VALUE");

  value = json_from_string (argv[3], &error);
  if (value == NULL)
    return twin_ctl_fail (TWIN_CTL_INPUT, "The value “%s” is no JSON: %s",
                          argv[3],
                          error != NULL ? error->message : "it is empty");

  ask.subject = argv[1];
  ask.name = argv[2];
  ask.text = argv[3];
  ask.number = version;
  ask.wait_s = wait;
  return twin_ctl_ask (ctl, &ask);
}

const TwinCtlVerb twin_ctl_command_verbs[] = {
  { "command", NULL, command, "TWIN NAME [JSON] [--wait S] [--yes]",
    "Sends a signed command to the node that serves TWIN" },
  { "desired", NULL, desired, "TWIN POINTER VALUE [--if-version N] [--wait S]",
    "Sets a desired property of the node that serves TWIN" },
  { "decommission", NULL, decommission, "NODE [--wait S] [--yes]",
    "Wipes the node's keys and clears what the broker keeps of it" },
  { NULL },
};
