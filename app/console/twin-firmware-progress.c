/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-firmware-progress.h"

#include <glib/gi18n.h>
#include <string.h>

#include "twin-ask.h"
#include "twin-dialog.h"
#include "twin-firmware-table.h"
#include "twin-hold-button.h"
#include "twin-live-firmware.h"

struct _TwinFirmwareProgress
{
  GtkWidget        parent_instance;
  TwinLiveSession *session;
  gint64           campaign;
  GtkWidget       *box;
  GtkWidget       *title, *why, *bar, *offline;
  GtkWidget       *table;
  GtkWidget       *note, *error;
  GtkWidget       *hold, *pause, *resume, *retry, *abort;
};

G_DEFINE_FINAL_TYPE (TwinFirmwareProgress,
                     twin_firmware_progress,
                     GTK_TYPE_WIDGET)

/* --- what is shown -------------------------------------------------------- */

static const char *
describe_state (const char *state)
{
  static const struct
  {
    const char *word, *text;
  } words[] = {
    { "waiting", N_ ("waiting") },       { "offline", N_ ("waiting, offline") },
    { "offered", N_ ("told") },          { "downloading", N_ ("downloading") },
    { "verified", N_ ("verified") },     { "trial", N_ ("on trial") },
    { "confirmed", N_ ("✓ confirmed") }, { "reverted", N_ ("went back") },
    { "refused", N_ ("refused") },       { "failed", N_ ("failed") },
    { "planned", N_ ("planned") },       { "running", N_ ("running") },
    { "paused", N_ ("paused") },         { "stopped", N_ ("stopped") },
    { "aborted", N_ ("aborted") },       { "done", N_ ("done") },
  };

  for (size_t i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].word, state) == 0)
      return _ (words[i].text);
  return state;
}

static gboolean
is_one_of (const char *word, const char *const *words)
{
  return word != NULL && g_strv_contains (words, word);
}

static TwinFirmwareKind
kind_of (const char *state)
{
  static const char *const waiting[] = { "waiting", "offline", NULL };
  static const char *const failed[] = { "reverted", "refused", "failed", NULL };

  if (is_one_of (state, waiting))
    return TWIN_FIRMWARE_OUT;
  if (is_one_of (state, failed))
    return TWIN_FIRMWARE_FAILED;
  return strcmp (state, "confirmed") == 0 ? TWIN_FIRMWARE_CONFIRMED
                                          : TWIN_FIRMWARE_UNDER_WAY;
}

static void
add_node (TwinFirmwareProgress *self, const TwinCampaignNodeItem *item)
{
  TwinLivePlant    *plant = twin_live_session_get_plant (self->session);
  TwinLiveItem     *twin = twin_live_plant_find (plant, item->twin);
  g_autofree char  *state = NULL;
  g_autofree char  *turn = item->wave == 0
                               ? g_strdup (_ ("canary"))
                               : g_strdup_printf (_ ("group %d"), item->wave);
  TwinFirmwareFacts facts = {
    .node = item->node,
    .machine = twin != NULL ? twin_live_item_get_name (twin) : item->twin,
    .has = item->before,
    .turn = turn,
    .why = item->why,
    .kind = kind_of (item->state),
    .share = item->share,
  };

  if (strcmp (item->state, "downloading") == 0)
    state = g_strdup_printf (_ ("downloading %.0f %%"), 100 * item->share);
  else
    state = g_strdup (describe_state (item->state));
  facts.state = state;
  twin_firmware_table_add (TWIN_FIRMWARE_TABLE (self->table), &facts);
}

/* Progress of all together: a confirmed node is whole, one that fetches as
 * much as it has, one that verified or tries it nine tenths. */
static double
share_of (const TwinCampaignNodeItem *item)
{
  switch (kind_of (item->state))
    {
    case TWIN_FIRMWARE_CONFIRMED:
    case TWIN_FIRMWARE_FAILED:
      return 1;
    case TWIN_FIRMWARE_UNDER_WAY:
      return 0.9 * item->share;
    default:
      return 0;
    }
}

static void
show_nodes (TwinFirmwareProgress *self, const TwinCampaignUpdate *campaign)
{
  double sum = 0;
  guint  n = 0;

  twin_firmware_table_begin (TWIN_FIRMWARE_TABLE (self->table));
  for (guint i = 0; i < campaign->nodes->len; i++)
    {
      const TwinCampaignNodeItem *item = campaign->nodes->pdata[i];

      if (item->state == NULL)
        continue; /* it was not in */
      add_node (self, item);
      sum += share_of (item);
      n++;
    }
  twin_firmware_table_end (TWIN_FIRMWARE_TABLE (self->table));
  gtk_level_bar_set_value (GTK_LEVEL_BAR (self->bar), n > 0 ? sum / n : 0);
}

static gboolean
has_failures (const TwinCampaignUpdate *campaign)
{
  for (guint i = 0; i < campaign->nodes->len; i++)
    {
      const TwinCampaignNodeItem *item = campaign->nodes->pdata[i];

      if (item->state != NULL && kind_of (item->state) == TWIN_FIRMWARE_FAILED)
        return TRUE;
    }
  return FALSE;
}

static void
show_acts (TwinFirmwareProgress *self, const TwinCampaignUpdate *campaign)
{
  static const char *const halted[] = { "paused", "stopped", NULL };
  static const char *const over[] = { "aborted", "done", NULL };
  const char              *state = campaign->state;
  const gboolean           planned = strcmp (state, "planned") == 0;

  gtk_widget_set_visible (self->hold, planned);
  gtk_widget_set_visible (self->pause, strcmp (state, "running") == 0);
  gtk_widget_set_visible (self->resume, is_one_of (state, halted));
  gtk_widget_set_visible (self->abort, !planned && !is_one_of (state, over));
  gtk_widget_set_visible (self->retry, !planned && has_failures (campaign));
}

static void
refresh (TwinFirmwareProgress *self)
{
  TwinLivePlant            *plant = twin_live_session_get_plant (self->session);
  const TwinCampaignUpdate *campaign =
      twin_live_plant_find_campaign (plant, self->campaign);
  g_autofree char *title = NULL;
  g_autofree char *note = NULL;

  gtk_widget_set_visible (self->offline,
                          !twin_live_plant_is_live (plant,
                                                    twin_clock_utc_us ()));
  if (campaign == NULL)
    {
      gtk_label_set_text (GTK_LABEL (self->title), _ ("Looking for it…"));
      return;
    }

  title = g_strdup_printf (_ ("%s %s · class %s · %s"), campaign->vendor,
                           campaign->version, campaign->class_name,
                           describe_state (campaign->state));
  gtk_label_set_text (GTK_LABEL (self->title), title);
  gtk_label_set_text (GTK_LABEL (self->why), campaign->why != NULL
                                                 ? campaign->why
                                                 : _ ("Kept, not begun"));
  note = g_strdup_printf (_ ("Plan %.4s %.4s %.4s · by %s"), campaign->hash,
                          campaign->hash + 4, campaign->hash + 8,
                          campaign->who != NULL ? campaign->who : "–");
  gtk_label_set_text (GTK_LABEL (self->note), note);
  show_nodes (self, campaign);
  show_acts (self, campaign);
}

static void
on_campaigns (TwinLivePlant *plant, gpointer data)
{
  refresh (data);
}

static void
on_tick (TwinLivePlant *plant, gpointer data)
{
  TwinFirmwareProgress *self = data;

  gtk_widget_set_visible (self->offline,
                          !twin_live_plant_is_live (plant,
                                                    twin_clock_utc_us ()));
}

/* --- what is done --------------------------------------------------------- */

static void
on_finished (TwinLiveRequest *request, gpointer data)
{
  TwinFirmwareProgress *self = data;

  twin_dialog_error_set (self->error, twin_live_request_get_stage (request) ==
                                              TWIN_REQUEST_FAILED
                                          ? twin_live_request_get_text (request)
                                          : NULL);
}

static void
act (TwinFirmwareProgress *self, const char *what)
{
  g_autoptr (TwinLiveRequest) request =
      twin_live_session_firmware (self->session, what, self->campaign, NULL);

  g_signal_connect_object (request, "finished", G_CALLBACK (on_finished), self,
                           0);
}

static void
on_act (GtkButton *button, gpointer data)
{
  act (data, g_object_get_data (G_OBJECT (button), "twin-act"));
}

static void
on_hold (TwinHoldButton *hold, gpointer data)
{
  act (data, "start");
}

static void
on_abort_sure (const char *text, gpointer data)
{
  act (data, "abort");
}

static void
on_abort (GtkButton *button, gpointer data)
{
  static const TwinAsk question = {
    .title = N_ ("Abort the campaign?"),
    .body = N_ ("No further node gets the image. Nodes that have all of it go "
                "their way; what runs stays as it is."),
    .yes = N_ ("Abort"),
    .danger = TRUE,
  };
  TwinAsk said = question;

  said.title = _ (question.title);
  said.body = _ (question.body);
  said.yes = _ (question.yes);
  twin_ask (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (button))), &said,
            on_abort_sure, g_object_ref (data), g_object_unref);
}

/* --- building ------------------------------------------------------------- */

static GtkWidget *
build_head (TwinFirmwareProgress *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->title = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->title), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->title, "heading");
  self->why = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->why), 0);
  gtk_label_set_wrap (GTK_LABEL (self->why), TRUE);
  self->bar = gtk_level_bar_new ();
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->bar), "low");
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->bar), "high");
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (self->bar), "full");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Progress of the campaign"), -1);
  self->offline = gtk_label_new (
      _ ("The broker cannot be reached: this is how it was. Nodes that have "
         "the image go on by themselves."));
  gtk_label_set_xalign (GTK_LABEL (self->offline), 0);
  gtk_label_set_wrap (GTK_LABEL (self->offline), TRUE);
  gtk_widget_add_css_class (self->offline, "twin-banner");
  gtk_widget_add_css_class (self->offline, "high");
  gtk_widget_set_visible (self->offline, FALSE);
  gtk_box_append (GTK_BOX (box), self->title);
  gtk_box_append (GTK_BOX (box), self->why);
  gtk_box_append (GTK_BOX (box), self->bar);
  gtk_box_append (GTK_BOX (box), self->offline);
  return box;
}

static GtkWidget *
add_act (TwinFirmwareProgress *self,
         GtkWidget            *box,
         const char           *label,
         const char           *what)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  g_object_set_data (G_OBJECT (button), "twin-act", (gpointer) what);
  g_signal_connect (button, "clicked",
                    strcmp (what, "abort") == 0 ? G_CALLBACK (on_abort)
                                                : G_CALLBACK (on_act),
                    self);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static GtkWidget *
build_foot (TwinFirmwareProgress *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

  self->note = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->note), 0);
  gtk_label_set_ellipsize (GTK_LABEL (self->note), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (self->note, "dim-label");
  gtk_widget_add_css_class (self->note, "twin-small");
  gtk_widget_set_hexpand (self->note, TRUE);
  gtk_box_append (GTK_BOX (box), self->note);
  self->abort = add_act (self, box, _ ("Abort…"), "abort");
  gtk_widget_add_css_class (self->abort, "destructive-action");
  self->retry = add_act (self, box, _ ("Retry failed"), "retry");
  self->pause = add_act (self, box, _ ("Pause"), "pause");
  self->resume = add_act (self, box, _ ("Resume"), "resume");
  gtk_widget_add_css_class (self->resume, "suggested-action");
  self->hold = twin_hold_button_new (_ ("Hold to start"));
  gtk_widget_set_size_request (self->hold, 198, 36);
  gtk_widget_set_valign (self->hold, GTK_ALIGN_CENTER);
  g_signal_connect (self->hold, "confirmed", G_CALLBACK (on_hold), self);
  gtk_box_append (GTK_BOX (box), self->hold);
  gtk_widget_add_css_class (box, "twin-result");
  return box;
}

static void
twin_firmware_progress_dispose (GObject *object)
{
  TwinFirmwareProgress *self = TWIN_FIRMWARE_PROGRESS (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (twin_firmware_progress_parent_class)->dispose (object);
}

static void
twin_firmware_progress_class_init (TwinFirmwareProgressClass *class)
{
  G_OBJECT_CLASS (class)->dispose = twin_firmware_progress_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_firmware_progress_init (TwinFirmwareProgress *self)
{
  static const char *const      names[] = { N_ ("Confirmed"), N_ ("Under way"),
                                            N_ ("Waiting"), N_ ("Failed"), NULL };
  static const TwinFirmwareKind kinds[] = { TWIN_FIRMWARE_CONFIRMED,
                                            TWIN_FIRMWARE_UNDER_WAY,
                                            TWIN_FIRMWARE_OUT,
                                            TWIN_FIRMWARE_FAILED };
  GtkWidget                    *body = twin_dialog_body_new ();

  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (body), build_head (self));
  self->error = twin_dialog_error_new ();
  gtk_box_append (GTK_BOX (body), self->error);
  self->table = twin_firmware_table_new (names, kinds, TRUE,
                                         _ ("Nobody is in this campaign."));
  gtk_widget_set_vexpand (self->table, TRUE);
  gtk_box_append (GTK_BOX (body), self->table);
  gtk_widget_set_vexpand (body, TRUE);
  gtk_box_append (GTK_BOX (self->box), body);
  gtk_box_append (GTK_BOX (self->box), build_foot (self));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

GtkWidget *
twin_firmware_progress_new (TwinLiveSession *session)
{
  TwinFirmwareProgress *self = g_object_new (TWIN_TYPE_FIRMWARE_PROGRESS, NULL);
  TwinLivePlant        *plant = twin_live_session_get_plant (session);

  self->session = g_object_ref (session);
  g_signal_connect_object (plant, "campaigns", G_CALLBACK (on_campaigns), self,
                           0);
  g_signal_connect_object (plant, "tick", G_CALLBACK (on_tick), self, 0);
  return GTK_WIDGET (self);
}

void
twin_firmware_progress_set_campaign (TwinFirmwareProgress *self,
                                     gint64                campaign)
{
  self->campaign = campaign;
  twin_dialog_error_set (self->error, NULL);
  refresh (self);
}
