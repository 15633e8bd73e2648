// SPDX-License-Identifier: Apache-2.0
layout (location = 0) in vec3 a_position;
layout (location = 1) in vec4 a_normal;
layout (location = 2) in vec4 a_part; // plate, openness, brightness

uniform mat4 u_view_projection;
uniform mat4 u_shadow_matrix;
uniform vec3 u_body[9]; // by state; [8] is the scenery
uniform vec3 u_plate;
uniform vec3 u_level_ink;
uniform float u_by_level;

out vec3 v_normal;
out vec3 v_shadow;
out vec2 v_open;
flat out vec4 v_colour; // a: 1 where hatched

void
main ()
{
  vec3  world = instance_point (a_position);
  bool  plate = a_part.x > 0.002;
  uint  state = a_look.x;
  bool  silent = state == 5u || state == 6u;
  vec3  body = u_body[state];

  if (u_by_level > 0.5 && !silent && state < 8u)
    body = a_look.z == 255u
               ? u_body[0]
               : mix (u_body[0], u_level_ink, float (a_look.z) / 254.0);
  v_colour = vec4 (plate ? u_plate : body * a_part.z, 0.0);
  if (a_look.y > 0u)
    v_colour.rgb = mix (v_colour.rgb, vec3 (1.0), 0.16);
  if (state == 5u && !plate)
    v_colour.a = 1.0;
  v_normal = instance_direction (a_normal.xyz);
  v_open = vec2 (a_part.y, world.y);
  v_shadow = (u_shadow_matrix * vec4 (world + v_normal * 0.03, 1.0)).xyz;
  gl_Position = u_view_projection * vec4 (world, 1.0);
}
