/* SPDX-License-Identifier: Apache-2.0 */
#include "twin-theme.h"

#define RGB(hex)                                                               \
  {                                                                            \
    ((hex) >> 16) / 255.0f, ((hex) >> 8 & 0xff) / 255.0f,                      \
        ((hex) &0xff) / 255.0f                                                 \
  }
#define RGBA(hex, alpha)                                                       \
  {                                                                            \
    ((hex) >> 16) / 255.0f, ((hex) >> 8 & 0xff) / 255.0f,                      \
        ((hex) &0xff) / 255.0f, (alpha)                                        \
  }

static const TwinTheme light = {
  .background = RGB (0xfafafa),
  .floor = RGB (0xfbfbfc),
  .lane = RGB (0xf1f1f3),
  .grid = RGBA (0xdcdce0, 0.7f),
  .plate = RGB (0xa9a9ae),
  .body = {
    [TWIN_SCENE_STATE_NORMAL] = RGB (0xd8d9dc),
    [TWIN_SCENE_STATE_LOW] = RGB (0x1c71d8),
    [TWIN_SCENE_STATE_MEDIUM] = RGB (0xf6c915),
    [TWIN_SCENE_STATE_HIGH] = RGB (0xff7800),
    [TWIN_SCENE_STATE_CRITICAL] = RGB (0xe01b24),
    [TWIN_SCENE_STATE_STALE] = RGB (0xe2e3e5),
    [TWIN_SCENE_STATE_UNKNOWN] = RGB (0xf0f0f2),
    [TWIN_SCENE_STATE_STOPPED] = RGB (0xc6c7cb),
    [TWIN_THEME_SCENERY] = RGB (0xdedfe2),
  },
  .level_ink = RGB (0x0f6e78),
  .edge = RGBA (0x1a1a20, 0.50f),
  .text = RGBA (0x3a3a40, 0.62f),
  .hatch = RGBA (0x77777d, 0.95f),
  .outline_ink = RGBA (0x1e1e22, 1.0f),
  .outline_paper = RGBA (0xffffff, 0.9f),
  .shade = { 0.66f, 0.06f, 0.42f, 0.75f },
  .floor_depths = { 0.30f, 0.34f },
};

static const TwinTheme dark = {
  .background = RGB (0x1e1e1e),
  .floor = RGB (0x3c3c3f),
  .lane = RGB (0x454548),
  .grid = RGBA (0x55555a, 0.55f),
  .plate = RGB (0x48484c),
  .body = {
    [TWIN_SCENE_STATE_NORMAL] = RGB (0x707176),
    [TWIN_SCENE_STATE_LOW] = RGB (0x3584e4),
    [TWIN_SCENE_STATE_MEDIUM] = RGB (0xf6d32d),
    [TWIN_SCENE_STATE_HIGH] = RGB (0xff7800),
    [TWIN_SCENE_STATE_CRITICAL] = RGB (0xed333b),
    [TWIN_SCENE_STATE_STALE] = RGB (0x6a6b70),
    [TWIN_SCENE_STATE_UNKNOWN] = RGB (0x505055),
    [TWIN_SCENE_STATE_STOPPED] = RGB (0x606166),
    [TWIN_THEME_SCENERY] = RGB (0x5a5a5f),
  },
  .level_ink = RGB (0x62c6cf),
  .edge = RGBA (0x0c0c10, 0.62f),
  .text = RGBA (0xffffff, 0.52f),
  .hatch = RGBA (0x2c2c30, 0.95f),
  .outline_ink = RGBA (0xffffff, 1.0f),
  .outline_paper = RGBA (0x1a1a1a, 0.8f),
  .shade = { 0.62f, 0.08f, 0.46f, 0.75f },
  .floor_depths = { 0.36f, 0.42f },
};

const TwinTheme *
twin_theme_get (gboolean is_dark)
{
  return is_dark ? &dark : &light;
}
