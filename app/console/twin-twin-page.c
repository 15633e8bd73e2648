/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include "twin-twin-page.h"

#include "twin-twin-view.h"

struct _TwinTwinPage
{
  GtkWidget                 parent_instance;
  const TwinMachineContext *context;
  TwinTwinView             *view;
};

static void tab_init (TwinMachineTabInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TwinTwinPage,
                               twin_twin_page,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (TWIN_TYPE_MACHINE_TAB,
                                                      tab_init))

static void
refresh (TwinMachineTab *tab, TwinMachineChange changes)
{
  TwinTwinPage *self = TWIN_TWIN_PAGE (tab);
  TwinLiveItem *item = self->context->part != NULL ? self->context->part
                                                   : self->context->machine;

  if ((changes & (TWIN_MACHINE_CHANGE_MACHINE | TWIN_MACHINE_CHANGE_TICK)) &&
      self->context->session != NULL && item != NULL)
    twin_twin_view_set_twin (self->view, self->context->session,
                             twin_live_item_get_id (item));
}

static void
set_context (TwinMachineTab *tab, const TwinMachineContext *context)
{
  TWIN_TWIN_PAGE (tab)->context = context;
}

static void
tab_init (TwinMachineTabInterface *iface)
{
  iface->set_context = set_context;
  iface->refresh = refresh;
}

static void
dispose (GObject *object)
{
  TwinTwinPage *self = TWIN_TWIN_PAGE (object);

  if (self->view != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->view));
  self->view = NULL;
  G_OBJECT_CLASS (twin_twin_page_parent_class)->dispose (object);
}

static void
twin_twin_page_class_init (TwinTwinPageClass *class)
{
  G_OBJECT_CLASS (class)->dispose = dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class),
                                            GTK_TYPE_BIN_LAYOUT);
}

static void
twin_twin_page_init (TwinTwinPage *self)
{
  self->view = TWIN_TWIN_VIEW (twin_twin_view_new ());
  gtk_widget_set_parent (GTK_WIDGET (self->view), GTK_WIDGET (self));
}
