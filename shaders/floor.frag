// SPDX-License-Identifier: Apache-2.0
in vec2 v_floor;
in vec3 v_data;

uniform sampler2D u_shade_map; // r shadow, g occlusion
uniform vec4 u_area;           // x0, z0, 1 / width, 1 / depth
uniform vec3 u_floor;
uniform vec3 u_lane;
uniform vec4 u_grid; // colour, strength
uniform vec3 u_depths; // shadow, occlusion; [2] grid step, m

out vec4 o_colour;

void
main ()
{
  vec3 colour = mix (u_floor, u_lane, v_data.x);
  vec2 shade = texture (u_shade_map, (v_floor - u_area.xy) * u_area.zw).rg;
  vec2 cell = v_floor / u_depths.z;
  vec2 width = fwidth (cell);
  vec2 line = clamp (1.0 - abs (fract (cell - 0.5) - 0.5) / width, 0.0, 1.0)
              * clamp (0.25 / width - 0.5, 0.0, 1.0);

  colour = mix (colour, u_grid.rgb,
                max (line.x, line.y) * u_grid.a * (1.0 - v_data.x));
  colour *= (1.0 - u_depths.x * shade.r) * (1.0 - u_depths.y * shade.g);
  o_colour = vec4 (colour, 1.0);
}
