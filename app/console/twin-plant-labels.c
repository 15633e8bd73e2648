/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-plant-labels.h"

#include <math.h>

#include "twin-plant-glyph.h"

#define PILL_HEIGHT 26.0f
#define PILL_EDGE 6.0f /* kept free at the border of the widget */
#define GLYPH 16.0f
#define MANY 1500     /* machines in view: no short names any more */
#define FLAGS_MAX 40  /* the worst; more would hide the plant */
#define FLAGS_FULL 4  /* with more in view, flags say the name alone */
#define BODY 20.0f    /* px about an anchor that are the machine's own */
#define LEGIBLE 20.0f /* px from a machine's top to its name's place */

typedef struct
{
  char          *label;
  char          *name;
  char          *flag;
  TwinSceneState state;
  gboolean       acknowledged;
  PangoLayout   *layouts[3]; /* of the three strings, made when first drawn */
} Text;

/* A flag looking for its place. */
typedef struct
{
  guint            index;
  int              rank; /* higher first */
  float            depth;
  graphene_point_t anchor;
  graphene_rect_t  pill;
  gboolean         brief; /* its name alone */
} Flag;

struct _TwinPlantLabels
{
  GtkWidget  parent_instance;
  TwinScene *scene;
  Text      *texts;
  guint      n_texts;
  guint      selected;
  guint      hovered;
  gboolean   dark;
  void (*report) (gint64, gpointer);
  gpointer report_data;
};

G_DEFINE_FINAL_TYPE (TwinPlantLabels, twin_plant_labels, GTK_TYPE_WIDGET)

enum
{
  LAYOUT_LABEL,
  LAYOUT_NAME,
  LAYOUT_FLAG,
};

static void
text_clear (Text *text)
{
  g_clear_pointer (&text->label, g_free);
  g_clear_pointer (&text->name, g_free);
  g_clear_pointer (&text->flag, g_free);
  for (int i = 0; i < 3; i++)
    g_clear_object (&text->layouts[i]);
}

void
twin_plant_labels_set_scene (TwinPlantLabels *self, TwinScene *scene)
{
  self->scene = scene;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
twin_plant_labels_resize (TwinPlantLabels *self, guint n_texts)
{
  for (guint i = n_texts; i < self->n_texts; i++)
    text_clear (&self->texts[i]);
  self->texts = g_renew (Text, self->texts, n_texts);
  for (guint i = self->n_texts; i < n_texts; i++)
    self->texts[i] = (Text){ 0 };
  self->n_texts = n_texts;
  self->selected = self->hovered = TWIN_SCENE_NONE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static gboolean
replace (char **old, const char *new, PangoLayout **layout)
{
  if (g_strcmp0 (*old, new) == 0)
    return FALSE;
  g_free (*old);
  *old = g_strdup (new);
  g_clear_object (layout);
  return TRUE;
}

void
twin_plant_labels_set (TwinPlantLabels *self,
                       guint            index,
                       const TwinPlantText *new)
{
  Text    *text;
  gboolean changed;

  g_return_if_fail (index < self->n_texts);
  text = &self->texts[index];
  changed =
      text->state != new->state || text->acknowledged != new->acknowledged;
  changed |= replace (&text->label, new->label, &text->layouts[LAYOUT_LABEL]);
  changed |= replace (&text->name, new->name, &text->layouts[LAYOUT_NAME]);
  changed |= replace (&text->flag, new->flag, &text->layouts[LAYOUT_FLAG]);
  text->state = new->state;
  text->acknowledged = new->acknowledged;
  if (changed)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
twin_plant_labels_set_selected (TwinPlantLabels *self, guint index)
{
  self->selected = index;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
twin_plant_labels_set_hovered (TwinPlantLabels *self, guint index)
{
  self->hovered = index;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
twin_plant_labels_set_dark (TwinPlantLabels *self, gboolean dark)
{
  self->dark = dark;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
twin_plant_labels_set_report (TwinPlantLabels *self,
                              void (*report) (gint64, gpointer),
                              gpointer user_data)
{
  self->report = report;
  self->report_data = user_data;
}

static PangoLayout *
layout_of (TwinPlantLabels *self, Text *text, int which)
{
  const char    *strings[3] = { text->label, text->name, text->flag };
  PangoAttrList *attributes;

  if (text->layouts[which] != NULL || strings[which] == NULL)
    return text->layouts[which];
  text->layouts[which] =
      gtk_widget_create_pango_layout (GTK_WIDGET (self), strings[which]);
  attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes,
                          pango_attr_size_new_absolute (
                              (which == LAYOUT_LABEL ? 12 : 13) * PANGO_SCALE));
  pango_attr_list_insert (attributes,
                          pango_attr_weight_new (which == LAYOUT_NAME
                                                     ? PANGO_WEIGHT_BOLD
                                                     : PANGO_WEIGHT_NORMAL));
  pango_layout_set_attributes (text->layouts[which], attributes);
  pango_attr_list_unref (attributes);
  return text->layouts[which];
}

static float
layout_size (PangoLayout *layout, float *height)
{
  int width = 0, tall = 0;

  if (layout != NULL)
    pango_layout_get_pixel_size (layout, &width, &tall);
  if (height != NULL)
    *height = tall;
  return width;
}

/* Device pixels of the area to pixels of the widget. */
static gboolean
anchor_of (TwinPlantLabels  *self,
           guint             index,
           TwinSceneAnchor   anchor,
           graphene_point_t *point,
           float            *depth)
{
  int      scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));
  gboolean in = twin_scene_project_anchor (self->scene, index, anchor,
                                           &point->x, &point->y, depth);

  point->x /= scale;
  point->y /= scale;
  return in;
}

static int
rank_of (const TwinPlantLabels *self, guint index)
{
  static const int by_state[TWIN_SCENE_N_STATES] = {
    [TWIN_SCENE_STATE_CRITICAL] = 7, [TWIN_SCENE_STATE_HIGH] = 6,
    [TWIN_SCENE_STATE_MEDIUM] = 5,   [TWIN_SCENE_STATE_LOW] = 4,
    [TWIN_SCENE_STATE_STALE] = 3,    [TWIN_SCENE_STATE_UNKNOWN] = 2,
    [TWIN_SCENE_STATE_STOPPED] = 1,  [TWIN_SCENE_STATE_NORMAL] = 0
  };

  return by_state[self->texts[index].state] + (index == self->selected) * 20 +
         (index == self->hovered) * 10;
}

static int
compare_flags (gconstpointer a, gconstpointer b)
{
  const Flag *one = a, *two = b;

  if (one->rank != two->rank)
    return two->rank - one->rank;
  if (one->depth != two->depth)
    return one->depth < two->depth ? -1 : 1;
  return one->index < two->index ? -1 : one->index > two->index;
}

static gboolean
is_free (const GArray *taken, const graphene_rect_t *rect)
{
  for (guint i = 0; i < taken->len; i++)
    if (graphene_rect_intersection (&g_array_index (taken, graphene_rect_t, i),
                                    rect, NULL))
      return FALSE;
  return TRUE;
}

/* The first place about the anchor where nothing is, flagged machines
 * (@bodies, NULL: never mind) included. */
static gboolean
find_place (TwinPlantLabels *self,
            Flag            *flag,
            float            width,
            GArray          *taken,
            const GArray    *bodies)
{
  static const float lifts[] = { 60, 40, 90, 26, 120, 150, 180 };
  static const float shifts[] = { 0, 0.35f, -0.35f, 0.7f, -0.7f };
  float              w = gtk_widget_get_width (GTK_WIDGET (self));
  float              h = gtk_widget_get_height (GTK_WIDGET (self));

  for (guint l = 0; l < G_N_ELEMENTS (lifts); l++)
    for (guint s = 0; s < G_N_ELEMENTS (shifts); s++)
      {
        float           x = flag->anchor.x - width / 2 + shifts[s] * width;
        float           y = flag->anchor.y - lifts[l] - PILL_HEIGHT / 2;
        graphene_rect_t room;

        x = CLAMP (x, PILL_EDGE, MAX (PILL_EDGE, w - width - PILL_EDGE));
        if (y < PILL_EDGE || y + PILL_HEIGHT > h - PILL_EDGE)
          continue;
        graphene_rect_init (&flag->pill, roundf (x), roundf (y), width,
                            PILL_HEIGHT);
        graphene_rect_inset_r (&flag->pill, -4, -4, &room);
        if (!is_free (taken, &room) ||
            (bodies != NULL && !is_free (bodies, &room)))
          continue;
        g_array_append_val (taken, flag->pill);
        return TRUE;
      }
  return FALSE;
}

static float
pill_width (TwinPlantLabels *self, const Flag *which)
{
  Text *text = &self->texts[which->index];
  float flag = which->brief
                   ? 0
                   : layout_size (layout_of (self, text, LAYOUT_FLAG), NULL);

  return 9 + GLYPH + 7 +
         layout_size (layout_of (self, text, LAYOUT_NAME), NULL) +
         (flag > 0 ? flag + 7 : 0) + 12;
}

static GArray *
place_flags (TwinPlantLabels *self, GArray *taken)
{
  g_autoptr (GArray) bodies =
      g_array_new (FALSE, FALSE, sizeof (graphene_rect_t));
  GArray *flags = g_array_new (FALSE, FALSE, sizeof (Flag));
  guint   kept = 0;

  for (guint i = 0; i < self->n_texts; i++)
    {
      Flag flag = { .index = i };

      if (self->texts[i].flag == NULL && i != self->selected &&
          i != self->hovered)
        continue;
      if (!anchor_of (self, i, TWIN_SCENE_ANCHOR_TOP, &flag.anchor,
                      &flag.depth))
        continue;
      flag.rank = rank_of (self, i);
      g_array_append_val (flags, flag);
    }
  g_array_sort (flags, compare_flags);
  for (guint i = 0; i < flags->len && i < FLAGS_MAX; i++)
    {
      Flag           *flag = &g_array_index (flags, Flag, i);
      graphene_rect_t body;

      graphene_rect_init (&body, flag->anchor.x - BODY, flag->anchor.y - BODY,
                          2 * BODY, 2 * BODY);
      g_array_append_val (bodies, body);
    }
  for (guint i = 0; i < flags->len && kept < FLAGS_MAX; i++)
    {
      Flag *flag = &g_array_index (flags, Flag, i);
      float width;

      flag->brief = flags->len > FLAGS_FULL && flag->index != self->selected &&
                    flag->index != self->hovered;
      width = pill_width (self, flag);
      if (find_place (self, flag, width, taken, bodies) ||
          find_place (self, flag, width, taken, NULL))
        g_array_index (flags, Flag, kept++) = *flag;
    }
  g_array_set_size (flags, kept);
  return flags;
}

static GdkRGBA
grey (float value, float alpha)
{
  return (GdkRGBA){ value, value, value, alpha };
}

static void
append_text (GtkSnapshot   *snapshot,
             PangoLayout   *layout,
             float          x,
             float          y,
             const GdkRGBA *colour)
{
  graphene_point_t at = { x, y };

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &at);
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

static void
draw_short_names (TwinPlantLabels *self, GtkSnapshot *snapshot, GArray *taken)
{
  static const float around[4][2] = {
    { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 }
  };
  GdkRGBA        ink = self->dark ? grey (1, 0.68f) : grey (0.12f, 0.66f);
  GdkRGBA        halo = self->dark ? grey (0.14f, 0.8f) : grey (0.98f, 0.8f);
  TwinSceneStats stats;

  twin_scene_get_stats (self->scene, &stats);
  if (stats.visible > MANY)
    return;
  for (guint i = 0; i < self->n_texts; i++)
    {
      graphene_point_t top, at;
      graphene_rect_t  rect;
      PangoLayout     *layout;
      float            width, height;

      if (!anchor_of (self, i, TWIN_SCENE_ANCHOR_LABEL, &at, NULL) ||
          !anchor_of (self, i, TWIN_SCENE_ANCHOR_TOP, &top, NULL) ||
          graphene_point_distance (&top, &at, NULL, NULL) < LEGIBLE)
        continue;
      layout = layout_of (self, &self->texts[i], LAYOUT_LABEL);
      width = layout_size (layout, &height);
      if (width == 0)
        continue;
      graphene_rect_init (&rect, roundf (at.x - width / 2),
                          roundf (at.y - height / 2), width, height);
      if (!is_free (taken, &rect))
        continue;
      g_array_append_val (taken, rect);
      for (int k = 0; k < 4; k++)
        append_text (snapshot, layout, rect.origin.x + around[k][0],
                     rect.origin.y + around[k][1], &halo);
      append_text (snapshot, layout, rect.origin.x, rect.origin.y, &ink);
    }
}

static void
draw_leaders (TwinPlantLabels *self, GtkSnapshot *snapshot, GArray *flags)
{
  graphene_rect_t all =
      GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (GTK_WIDGET (self)),
                          gtk_widget_get_height (GTK_WIDGET (self)));
  cairo_t *cr;
  double   ink = self->dark ? 1.0 : 0.12;

  if (flags->len == 0)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &all);
  cairo_set_line_width (cr, 1.4);
  for (guint i = 0; i < flags->len; i++)
    {
      const Flag *flag = &g_array_index (flags, Flag, i);
      float       left = flag->pill.origin.x + 13;
      float       right = flag->pill.origin.x + flag->pill.size.width - 13;

      cairo_move_to (cr, CLAMP (flag->anchor.x, left, right),
                     flag->pill.origin.y + PILL_HEIGHT);
      cairo_line_to (cr, flag->anchor.x, flag->anchor.y);
      cairo_set_source_rgba (cr, ink, ink, ink, 0.95);
      cairo_stroke (cr);
      cairo_arc (cr, flag->anchor.x, flag->anchor.y, 4, 0, 2 * G_PI);
      cairo_set_source_rgba (cr, 1 - ink, 1 - ink, 1 - ink, 0.7);
      cairo_fill (cr);
      cairo_arc (cr, flag->anchor.x, flag->anchor.y, 3, 0, 2 * G_PI);
      cairo_set_source_rgba (cr, ink, ink, ink, 1);
      cairo_fill (cr);
    }
  cairo_destroy (cr);
}

static void
draw_pill (TwinPlantLabels *self, GtkSnapshot *snapshot, const Flag *flag)
{
  Text    *text = &self->texts[flag->index];
  float    x = flag->pill.origin.x, y = flag->pill.origin.y, height, width;
  GdkRGBA  paper = self->dark ? grey (0.18f, 0.96f) : grey (1, 0.97f);
  GdkRGBA  line = self->dark ? grey (1, 0.11f) : grey (0, 0.10f);
  GdkRGBA  strong = self->dark ? grey (1, 0.92f) : grey (0, 0.82f);
  GdkRGBA  dim = self->dark ? grey (1, 0.62f) : grey (0, 0.56f);
  GdkRGBA  shadow = grey (0, self->dark ? 0.45f : 0.16f);
  GdkRGBA  lines[4] = { line, line, line, line };
  float    widths[4] = { 1, 1, 1, 1 };
  cairo_t *cr;
  GskRoundedRect outline;
  PangoLayout   *layout;

  gsk_rounded_rect_init_from_rect (&outline, &flag->pill, PILL_HEIGHT / 2);
  gtk_snapshot_append_outset_shadow (snapshot, &outline, &shadow, 0, 1, 0, 5);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &paper, &flag->pill);
  gtk_snapshot_pop (snapshot);
  gtk_snapshot_append_border (snapshot, &outline, widths, lines);
  cr = gtk_snapshot_append_cairo (snapshot, &flag->pill);
  twin_plant_glyph_draw (cr, text->state, x + 9 + GLYPH / 2, y + 13, GLYPH - 1,
                         FALSE, self->dark);
  cairo_destroy (cr);
  layout = layout_of (self, text, LAYOUT_NAME);
  width = layout_size (layout, &height);
  x += 9 + GLYPH + 7;
  append_text (snapshot, layout, x, y + (PILL_HEIGHT - height) / 2, &strong);
  layout = flag->brief ? NULL : layout_of (self, text, LAYOUT_FLAG);
  if (layout != NULL)
    append_text (snapshot, layout, x + width + 7,
                 y + (PILL_HEIGHT - height) / 2, &dim);
}

static void
twin_plant_labels_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  TwinPlantLabels *self = TWIN_PLANT_LABELS (widget);
  gint64           begin = g_get_monotonic_time ();

  if (self->scene != NULL &&
      twin_scene_get_n_instances (self->scene) == self->n_texts)
    {
      g_autoptr (GArray) taken =
          g_array_new (FALSE, FALSE, sizeof (graphene_rect_t));
      g_autoptr (GArray) flags = place_flags (self, taken);

      draw_short_names (self, snapshot, taken);
      draw_leaders (self, snapshot, flags);
      for (guint i = flags->len; i > 0; i--)
        draw_pill (self, snapshot, &g_array_index (flags, Flag, i - 1));
    }
  if (self->report != NULL)
    self->report (g_get_monotonic_time () - begin, self->report_data);
}

static void
twin_plant_labels_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  TwinPlantLabels *self = TWIN_PLANT_LABELS (widget);

  GTK_WIDGET_CLASS (twin_plant_labels_parent_class)
      ->css_changed (widget, change);
  for (guint i = 0; i < self->n_texts; i++)
    for (int k = 0; k < 3; k++)
      g_clear_object (&self->texts[i].layouts[k]);
}

static void
twin_plant_labels_finalize (GObject *object)
{
  TwinPlantLabels *self = TWIN_PLANT_LABELS (object);

  for (guint i = 0; i < self->n_texts; i++)
    text_clear (&self->texts[i]);
  g_free (self->texts);
  G_OBJECT_CLASS (twin_plant_labels_parent_class)->finalize (object);
}

static void
twin_plant_labels_class_init (TwinPlantLabelsClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = twin_plant_labels_finalize;
  widget_class->snapshot = twin_plant_labels_snapshot;
  widget_class->css_changed = twin_plant_labels_css_changed;
  gtk_widget_class_set_css_name (widget_class, "plantlabels");
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
twin_plant_labels_init (TwinPlantLabels *self)
{
  self->selected = self->hovered = TWIN_SCENE_NONE;
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}
